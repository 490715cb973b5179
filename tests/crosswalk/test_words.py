"""What crosswalks say of each construct of the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemap.analysis.crosswalk import Crosswalk, Group
from casemap.analysis.crosswalk.functions import Applied, phrase_of
from casemap.analysis.crosswalk.spans import code, parts, value_code
from casemap.functions import BUNDLED
from casemap.report.crosswalk.sentences import lines
from tests.crosswalk.crosswalks import crosswalk_in

TEXT = {"type": "string"}
SOURCE = {
    "type": "object",
    "properties": {
        "a": TEXT, "b": TEXT, "c": TEXT, "n": {"type": "number"}, "flag": {"type": "boolean"},
        "kind": {"enum": ["x", "y", "z"]}, "word": TEXT, "tags": {"type": "array", "items": TEXT},
        "items": {"type": "array", "items": {"type": "object", "properties": {"k": TEXT, "v": TEXT, "on": {"type": "boolean"}}}},
        "one": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}, "free": {"type": "object", "additionalProperties": TEXT},
    },
}  # fmt: skip
TARGET = {"type": "object", "properties": {"t": {}}}


def told(folder: Path, rule: str, head: str = "") -> list[str]:
    """The lines of the target field `t`, with what stands above it."""
    found = crosswalk_in(folder, SOURCE, TARGET, f"{head}fields:\n  t:\n    {rule}\n")
    return list(_told(found))


def _told(found: Crosswalk) -> list[str]:
    said: list[str] = []
    for row in found.rows:
        if isinstance(row, Group):
            said += [f"{row.path}: {words}" for words in row.words]
            continue
        for line in lines(row):
            sources = ", ".join(line.sources)
            named = "" if row.path == "t" else f"{row.path} "
            part = f"({line.part}) " if line.part else ""
            approximate = "".join(f" ≈ {why}" for why in line.approximate)
            said.append(f"{named}{part}{sources}: {line.words}{approximate}")
    return said


ONE = [
    ("from: a", "a: copied"),
    ("const: 5", ": always `5`"),
    ("const: '5'", ': always `"5"`'),
    ("from: a | lower | truncate(20)", "a: lower-cased; cut to 20 characters"),
    ("from: a | replace('-', ' ') | trim", "a: every `-` replaced by `\" \"`; without spaces around it"),
    ("from: a | remove_prefix('#' ~ b)", "a, b: without `#{b}` at its start"),
    ("from: a ~ ' (' ~ b ~ ')'", "a, b: the text `{a} ({b})`"),
    ("from: (a | upper) ~ '!'", "a: upper-cased; in the text `…!`"),
    ("from: n | int | string", "n: as text"),
    ("from: n + 1", "n: `n` + `1`"),
    ("from: tags | first", "tags: only the first item"),
    ("from: tags | join(', ')", 'tags: joined with `", "`'),
    ("from: tags | length", ": the number of items of `tags`"),
    ("from: items | map('k') | unique", "items.k: each value once"),
    ("from: items[0].v", "items.v: of several `items` only the first"),
    ("from: one | as_list", "one: as a list"),
    ("from: word | datetime", "word: as a time in UTC, to milliseconds"),
    ("from: n | datetime(input='epoch_s', output='%Y')", "n: read as seconds since 1970, as a time written `%Y` in UTC"),
    ("from: n | datetime(input='epoch_ms') | datetime(output='epoch_s')",
     "n: read as milliseconds since 1970, as seconds since 1970"),
    ("from: flag and a is defined", ": whether `flag` is true and `a` is there"),
    ("from: kind in ['x', 'y']", "kind: whether `kind` is one of `x` or `y`"),
    ("from: coalesce(a, b) | lower", "a: lower-cased|b: lower-cased, if `a` is missing"),
    ("{from: a, approximate: Nearly.}", "a: copied ≈ Nearly."),
    ("{from: a, default: \"'none'\"}", "a: copied|: otherwise `none`"),
    ("{from: a, when: b == 'yes'}", "a: copied, if `b` is `yes`"),
    ("{from: a, when: not (b == 'yes' or c is defined)}", "a: copied, if `b` is not `yes` and `c` is missing"),
    ("{from: a, when: (tags | length) > 0}", "a: copied, if there is an item of `tags`"),
    ("{first_of: [a, b, {const: z}]}", "a: copied|b: otherwise copied|: otherwise `z`"),
    ("{choose: [{when: kind == 'x', from: a}, {when: kind == 'y', from: b}, {otherwise: c}]}",
     ("a: copied, if `kind` is `x`"
     "|b: copied, if `kind` is not `x` and `kind` is `y`"
     "|c: copied, if `kind` is not `x` and `kind` is not `y`")),
    ("{from: kind, map: {x: 1, y: 1, z: 2}}", "kind: `x`, `y` → `1`; `z` → `2`"),
    ("{from: kind, map: {x: x, y: z}, else: drop}", "kind: `y` → `z`; `x` stays; `z` left out"),
    ("{from: kind, map: {x: x}}", "kind: `x` stays; `y` and `z` rejected"),
    ("{from: word, map: {p: q}, else: {const: r}}", "word: `p` → `q`; any other → `r`"),
    ("{from: word, map: {p: q}, else: keep, ignore_case: true}",
     "word: `p` → `q`; any other stays; upper and lower case alike"),
    ("{each: items, value: v}", "items.v: copied"),
    ("{each: items, where: on, value: v}", "items.v: copied, if `items.on` is true"),
    ("{each: items, where: on, take: last, value: v}", "items.v: only the last item of `items` where `on` is true"),
    ("{each: items, sort_by: k, unique_by: v, value: k}",
     "items.k: copied; sorted by `k`; of items with the same `v` only the first"),
    ("{template: 'A {{ a }}'}", "a: in the text `A …`"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), ONE, ids=[rule for rule, _ in ONE])
def test_a_rule_in_words(tmp_path: Path, rule: str, expected: str) -> None:
    assert told(tmp_path, rule) == expected.split("|")


MANY = [
    ("{each: items, where: on, fields: {k: k, w: {const: 1}}}",
     ["t: one item for each item of `items` where `on` is true", "t.k items.k: copied", "t.w : always `1`"]),
    ("{each: items, key: k, value: v}", ["t.* items.v: copied; named by `k`"]),
    ("{concat: [{each: items, fields: {x: k}}, {each: tags, fields: {x: this}}]}",
     ["t: one item for each item of `items`", "t: one item for each item of `tags`",
      "t.x (from each item of `items`) items.k: copied", "t.x (from each item of `tags`) tags: copied"]),
    ("{fields: {x: a, y: b}, whole: true}",
     ["t: left out unless all its fields are there", "t.x a: copied", "t.y b: copied"]),
    ("{fields: {'*': free, x: a}}", ["t.* free.*: copied", "t.x a: copied"]),
    ("{each: free | entries, fields: {name: key, of: value}}",
     ["t: one item for each member of `free`", "t.name free: the name of the member", "t.of free.*: copied"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), MANY, ids=[rule for rule, _ in MANY])
def test_objects_and_arrays_in_words(tmp_path: Path, rule: str, expected: list[str]) -> None:
    assert told(tmp_path, rule) == expected


def test_names_are_followed(tmp_path: Path) -> None:
    head = "let:\n  found: {each: items, where: on, take: first, value: k}\n  name: found | lower\n"
    (line,) = told(tmp_path, "from: name", head)
    assert line == "items.k: only the first item of `items` where `on` is true; lower-cased"


LOOPS = [
    ("{each: inner, value: k}", ["items.k: copied, if `items.on` is true"]),
    ("{each: made, where: x == 'a', value: y}", ["items.v: lower-cased, if `items.k` is `a` and `items.on` is true"]),
    ("{each: made, where: x == 'a', fields: {z: y}}",
     ["t: one item for each item of `items` where `k` is `a` and `on` is true", "t.z items.v: lower-cased"]),
    ("{from: \"inner | map('k') | first\"}", ["items.k: only items of `items` where `on` is true; only the first item"]),
    ("{from: 'inner[0].k'}", ["items.k: only the first item of `items` where `on` is true"]),
    ("{from: 'made[-1].y'}", ["items.v: lower-cased; only the last item of `items` where `on` is true"]),
    ("{each: inner, where: k == 'q', take: first, value: v}",
     ["items.v: only the first item of `items` where `k` is `q` and `on` is true"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), LOOPS, ids=[rule for rule, _ in LOOPS])
def test_loops_over_what_a_loop_gives(tmp_path: Path, rule: str, expected: list[str]) -> None:
    head = (
        "let:\n  inner: {each: items, where: on, value: this}\n"
        "  made: {each: items, where: on, fields: {x: k, y: v | lower}}\n"
    )
    assert told(tmp_path, rule, head) == expected


def test_members_of_names_are_followed(tmp_path: Path) -> None:
    head = (
        "let:\n  one: items[0]\n  made: {fields: {x: a | trim, y: b}}\n"
        "  chosen: {choose: [{when: flag, fields: {x: a}}, {otherwise: {fields: {x: c}}}]}\n"
    )
    assert told(tmp_path, "from: one.k", head) == ["items.k: of several `items` only the first"]
    assert told(tmp_path, "from: made.x", head) == ["a: without spaces around it"]
    chosen = ["a: copied, if `flag` is true", "c: copied, if `flag` is not true"]
    assert told(tmp_path, "from: chosen.x", head) == chosen


# --- functions ----------------------------------------------------------------------------------------------------

TOLD_OTHERWISE = {"coalesce", "default", "length", "map", "url_join"}
"""Functions of which the speaker says more than a phrase."""


@pytest.mark.parametrize("name", [name for name in BUNDLED.names() if name not in TOLD_OTHERWISE])
def test_each_function_has_a_phrase(name: str) -> None:
    found = BUNDLED.get(name)
    assert found is not None
    given = [parameter.default if not parameter.required else "5" for parameter in found.parameters[1:]]
    phrase = phrase_of(Applied(name, [value_code(value) for value in given], given, f"{name}()"))
    assert "through" not in phrase
    assert "{" not in phrase
    assert phrase or name == "required"


def test_a_function_of_a_team_is_named() -> None:
    assert phrase_of(Applied("slug", ["`-`"], ["-"], "slug('-')")) == "through `slug('-')`"


# --- code spans ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a", " a ", "`", "``", "a`b", "`a`", "a``b`", " ", "x" * 80])
def test_a_code_span_is_read_back(text: str) -> None:
    assert list(parts(f"See {code(text)}, please.")) == [(False, "See "), (True, text), (False, ", please.")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("open", "`open`"), ("5", '`"5"`'), ("true", '`"true"`'), ("", '`""`'), (" x", '`" x"`'), (5, "`5`"), (None, "`null`"), ({"a": [1]}, '`{"a": [1]}`')],
)  # fmt: skip
def test_values_are_told_apart(value: object, expected: str) -> None:
    assert value_code(value) == expected


# --- limits -------------------------------------------------------------------------------------------------------

CHAINS = {
    "texts": ("a", "v{0} ~ v{0} | trim"),
    "conditions": ("a == 'x'", "v{0} and b == '{0}' or not v{0}"),
    "options": ("a", "coalesce(v{0} | lower, v{0} | upper)"),
    "branches": ("a", "{{choose: [{{when: v{0} == 'y{0}', from: v{0} | lower}}, {{otherwise: v{0} | upper}}]}}"),
}


@pytest.mark.parametrize("kind", CHAINS)
def test_names_in_names_are_not_told_without_end(tmp_path: Path, kind: str) -> None:
    """Each name doubles what could be said of the last one."""
    first, following = CHAINS[kind]
    head = f"let:\n  v0: {first}\n" + "".join(f"  v{n + 1}: {following.format(n)}\n" for n in range(9))
    said = told(tmp_path, "from: v9", head)
    assert said
    assert sum(map(len, said)) < 200_000
