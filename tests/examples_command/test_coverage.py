"""Coverage of mappings: which parts there are, and which an example reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casemap.analysis.coverage import KINDS, Coverage
from tests.language.projects import Project


def coverage(folder: Path, rules: str) -> Coverage:
    return Coverage(Project(folder).mapping("a-to-b/doc", rules).catalog().mapping("a-to-b/doc"))


def lines(covered: Coverage) -> list[tuple[str, int, str]]:
    return [(part.kind, part.rule.line, part.words) for part in covered.missed]


RULES: tuple[tuple[str, list[tuple[str, int, str]], Any, list[tuple[str, int, str]]], ...] = (
    ("fields:\n  a.b: x\n  a.c: y\n", [("rule", 5, "a.b"), ("rule", 6, "a.c")], {"x": 1}, [("rule", 6, "a.c")]),
    (
        "value_maps:\n  m: {on: 1, off: 0}\nfields:\n  a: {from: x, map: m, else: drop}\n",
        [("entry", 5, 'value map m: "on" → 1'), ("entry", 5, 'value map m: "off" → 0'), ("rule", 7, "a"),
         ("else", 7, "a, a value that the map does not list: drop")],
        {"x": "on"},
        [("entry", 5, 'value map m: "off" → 0'), ("else", 7, "a, a value that the map does not list: drop")],
    ),
    (
        "fields:\n  a:\n    first_of:\n      - x\n      - y\n",
        [("rule", 5, "a"), ("rule", 7, "a: x"), ("fallback", 8, "a: y")], {"x": 1}, [("fallback", 8, "a: y")],
    ),
    (
        "fields:\n  a: {from: x, default: y}\n",
        [("rule", 5, "a"), ("rule", 5, "a: x"), ("fallback", 5, "a: y")], {"y": 1}, [("rule", 5, "a: x")],
    ),
    (
        "fields:\n  a:\n    choose:\n      - when: x == 1\n        const: 1\n      - when: x == 2\n        const: 2\n      - otherwise: y\n",
        [("rule", 5, "a"), ("branch", 7, "when x == 1"), ("branch", 9, "when x == 2"), ("branch", 11, "otherwise, not x == 2")],
        {"x": 2}, [("branch", 7, "when x == 1"), ("branch", 11, "otherwise, not x == 2")],
    ),
    ("fields:\n  a: {from: x, when: y and z}\n", [("rule", 5, "a")], {"x": 1, "y": True, "z": True}, []),
    (
        "fields:\n  a: x if y else z\n",
        [("rule", 5, "a"), ("branch", 5, "when y"), ("branch", 5, "otherwise, not y")], {"x": 1, "y": True},
        [("branch", 5, "otherwise, not y")],
    ),
    (
        "let:\n  n: x\nfields:\n  a: {each: y, value: n ~ this}\n",
        [("rule", 5, "let n"), ("rule", 7, "a"), ("rule", 7, "items of a")], {"x": "1", "y": []},
        [("rule", 5, "let n"), ("rule", 7, "items of a")],
    ),
    (
        "fields:\n  a: {concat: [x, y]}\n  b: {list: [x, z]}\n",
        [("rule", 5, "a"), ("rule", 5, "a, part 1"), ("rule", 5, "a, part 2"), ("rule", 6, "b"), ("rule", 6, "b, part 1"),
         ("rule", 6, "b, part 2")],
        {"y": [1], "z": 1}, [("rule", 5, "a, part 1"), ("rule", 6, "b, part 1")],
    ),
    (
        "fields:\n  a: {template: '{% if x %}{{ y }}{% endif %}{% for i in z %}{{ i }}{% endfor %}'}\n",
        [("rule", 5, "a"), ("branch", 5, "when x"), ("rule", 5, "items of a")], {"x": True, "y": "1"},
        [("rule", 5, "items of a")],
    ),
    (
        'fields:\n  "[x]": y\n  \'*\': {from: z, on_collision: drop}\n',
        [("rule", 5, "the result[x]"), ("rule", 6, "'*' of the result")], {"x": "k", "y": 1},
        [("rule", 6, "'*' of the result")],
    ),
    (
        "definitions:\n  d: {from: this | lower}\nfields:\n  a: {use: d, of: x}\n  b: {use: d, of: y}\n  c: {within: z, fields: {d: e}}\n",
        [("rule", 7, "a"), ("rule", 8, "b"), ("rule", 9, "c"), ("rule", 9, "c.d")], {"x": "A", "z": {"e": 1}},
        [("rule", 8, "b")],
    ),
    ("fields:\n  a: x\n  b: {const: null}\n", [("rule", 5, "a")], {"x": 1}, []),
)  # fmt: skip


@pytest.mark.parametrize(("rules", "parts", "payload", "missed"), RULES)
def test_parts_and_what_reaches_them(
    tmp_path: Path, rules: str, parts: list[Any], payload: Any, missed: list[Any]
) -> None:
    covered = coverage(tmp_path, rules)
    assert sorted(lines(covered)) == sorted(parts)
    assert covered.count() == (0, len(parts))
    covered.add(payload, {})
    assert sorted(lines(covered)) == sorted(missed)
    assert covered.count() == (len(parts) - len(missed), len(parts))
    assert sum(covered.count(kind)[1] for kind in KINDS) == len(parts)


def test_what_is_rejected_reaches_nothing(tmp_path: Path) -> None:
    covered = coverage(tmp_path, "fields:\n  a: x\n  b: y | int\n")
    covered.add({"x": 1, "y": "z"}, {})
    assert covered.count() == (0, 2)


def test_a_used_mapping_is_its_own_to_cover(tmp_path: Path) -> None:
    project = Project(tmp_path).mapping("a-to-b/item", "fields: {k: v}\n")
    project.mapping("a-to-b/doc", "fields:\n  a: {each: x, use: item}\n")
    covered = Coverage(project.catalog().mapping("a-to-b/doc"))
    assert lines(covered) == [("rule", 5, "a"), ("rule", 5, "items of a")]
