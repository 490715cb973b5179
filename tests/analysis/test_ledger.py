"""The ledger: fates of single rules, sums over everything bundled, losses of single payloads, and the page about it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from casemap import Catalog
from casemap.analysis.compose import compose
from casemap.analysis.fates import FATES, FILLINGS, Ledger, SourceField
from casemap.analysis.ledger import Ledgers, ledger
from casemap.analysis.losses import NOT_DESCRIBED, Losses
from casemap.analysis.reasons import idle_reasons
from casemap.catalog import Route
from casemap.schema.fields import leaves, path_text
from casemap.schema.store import SourceSchema
from tests.analysis.bundled import ROUTES, catalog, ledgers, route_ledger
from tests.standalone import standalone

ITEM = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "kind": {"type": "string"}, "size": {"type": "integer"}},
    "additionalProperties": False,
}
SOURCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": ["string", "integer"]},
        "text": {"type": "string"},
        "number": {"type": "integer"},
        "flag": {"type": "boolean"},
        "when": {"type": "string", "format": "date-time"},
        "stamp": {"type": "integer"},
        "word": {"enum": ["a", "b", "c"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "items": {"type": "array", "items": ITEM},
        "one": {"anyOf": [ITEM, {"type": "array", "items": ITEM}]},
        "free": {"type": "object", "additionalProperties": {"type": "string"}},
        "open": {"type": "object", "properties": {"name": {"type": "string"}}},
        "any": {},
    },
    "additionalProperties": False,
}


def project(folder: Path, text: str, source: Any = None, target: Any = None) -> Catalog:
    """A project with one mapping from a/doc to b/doc, added to what is in the folder."""
    write(folder, "schemas/a/doc.schema.json", json.dumps(SOURCE if source is None else source))
    write(folder, "schemas/b/doc.schema.json", json.dumps({} if target is None else target))
    write(folder, "mappings/a-to-b/doc.yaml", f"casemap: 1\nsource: a/doc\ntarget: b/doc\n{text}")
    return standalone(folder)


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def ledger_of(catalog: Catalog) -> Ledger:
    return Ledgers(catalog.store, catalog.mapping).route(catalog.chain("a/doc", "b/doc"))


def at(found: Ledger, path: str) -> SourceField:
    return {field.path: field for field in found.sources}[path]


# --- single rules -------------------------------------------------------------------------------------------------


class Expected(NamedTuple):
    """The best use of a field."""

    fate: str
    functions: tuple[str, ...] = ()
    undoable: bool = False
    losses: tuple[str, ...] = ()


def copied() -> Expected:
    return Expected("copied", undoable=True)


def made_by(*functions: str, undoable: bool = False) -> Expected:
    return Expected("transformed", functions, undoable)


def losing(*losses: str, by: tuple[str, ...] = ()) -> Expected:
    return Expected("collapsed", by, losses=losses)


IN_UTC = "the offset from UTC is not kept: times are written in UTC"
CUT = "a fraction finer than a millisecond is cut"
RULES: tuple[tuple[str, str, Expected], ...] = (
    ("x: text", "text", copied()),
    ("deep.er: text", "text", copied()),
    ("x: {from: text, default: \"'none'\"}", "text", copied()),
    ("x: text | required", "text", copied()),
    ("x: {from: text, when: flag}", "text", copied()),
    ("x: {first_of: [text, word]}", "word", copied()),
    ("x: items", "items.name", copied()),
    ("x: {each: items, value: name}", "items.name", copied()),
    ("x: {each: one | as_list, value: name}", "one.name", copied()),
    ("x: items | map('name')", "items.name", copied()),
    ("x: free", "free.*", copied()),
    ("x: free.plan", "free.plan", copied()),
    ("x: open", "open.*", copied()),
    ("x: {rest: open}", "open.*", copied()),
    ("x: free | entries", "free.*", copied()),
    ("x: open | pick('name')", "open.name", copied()),
    ("x: number | int", "number", copied()),
    ("x: tags | as_list", "tags", copied()),
    ("x: any.one.two", "any.one.two", copied()),
    ("x: text | lower", "text", made_by("lower")),
    ("x: (text | trim) | upper", "text", made_by("trim", "upper")),
    ("x: number | string", "number", made_by("string", undoable=True)),
    ("x: flag | string", "flag", made_by("string", undoable=True)),
    ("x: id | string", "id", made_by("string")),
    ("x: text | int", "text", made_by("int")),
    ("x: text | url_encode", "text", made_by("url_encode", undoable=True)),
    ("x: text | split(',')", "text", made_by("split", undoable=True)),
    ("x: text | regex_extract('a+')", "text", made_by("regex_extract")),
    ("x: text | absent_if('')", "text", made_by("absent_if")),
    ("x: \"text ~ '!'\"", "text", made_by("~", undoable=True)),
    ("x: text ~ word", "text", made_by("~")),
    ("x: number + 1", "number", made_by("+")),
    ("x: word == 'a'", "word", made_by("==")),
    ("x: tags | reverse", "tags", made_by("reverse", undoable=True)),
    ("x: tags | sort", "tags", made_by("sort")),
    ("x: id | as_list", "id", made_by("as_list")),
    ("x: items | to_json", "items.size", made_by("to_json", undoable=True)),
    ("x: stamp | datetime(input='epoch_ms')", "stamp", made_by("datetime", undoable=True)),
    ("x: {from: word, map: {a: 1, b: 2, c: 3}}", "word", made_by("map", undoable=True)),
    ("x: {from: word, map: {a: 1, b: 2, c: 3}, else: drop}", "word", made_by("map", undoable=True)),
    ("x: {from: word, map: {a: a, b: b, c: c}}", "word", copied()),
    ("x: when | datetime", "when", losing(IN_UTC, CUT, by=("datetime",))),
    (
        "x: stamp | datetime(input='epoch_ms', precision='s')",
        "stamp",
        losing("a fraction finer than a second is cut", by=("datetime",)),
    ),
    (
        "x: \"when | datetime(output='%Y-%m-%d')\"",
        "when",
        losing(IN_UTC, "only what `%Y-%m-%d` writes is kept", by=("datetime",)),
    ),
    (
        "x: when | datetime(output='epoch_s')",
        "when",
        losing(
            "the offset from UTC is not kept: a number has none",
            "a fraction finer than a second is cut",
            by=("datetime",),
        ),
    ),
    ("x: text | truncate(9)", "text", losing("a text of more than 9 characters is cut", by=("truncate",))),
    ("x: {from: word, map: {a: 1, b: 1, c: 2}}", "word", losing("`a` and `b` become `1`", by=("map",))),
    (
        "x: {from: text, map: {a: 1, b: 2}, else: drop}",
        "text",
        losing("other values than `a` and `b` are left out", by=("map",)),
    ),
    ("x: {from: word, map: {a: 1}, else: drop}", "word", losing("`b` and `c` are left out", by=("map",))),
    ("x: {from: word, map: {a: 1}, else: {const: 2}}", "word", losing("`b` and `c` become `2`", by=("map",))),
    ("x: {from: text, map: {a: b}, else: keep}", "text", losing("`b` stands for itself and for `a`", by=("map",))),
    ("x: {from: word, map: {a: d}, else: keep}", "word", made_by("map", undoable=True)),
    ("x: {from: word, map: {a: null, b: 1, c: 2}}", "word", losing("`a` is left out", by=("map",))),
    (
        "x: {from: text, map: {a: 1}, ignore_case: true}",
        "text",
        losing("upper and lower case are not told apart", by=("map",)),
    ),
    (
        "x: {each: items, where: kind == 'k', value: name}",
        "items.name",
        losing("only items where `kind == 'k'` are kept"),
    ),
    (
        "x: {each: items, where: not (kind == 'k' or size > 2) and name is defined, value: name}",
        "items.name",
        losing("only items where `not (kind == 'k' or size > 2) and name is defined` are kept"),
    ),
    ("x: {each: items, take: first, value: name}", "items.name", losing("only the first item is kept")),
    (
        "x: {each: items, where: size > root.number, take: last, value: name}",
        "items.name",
        losing("only the last item where `size > root.number` is kept"),
    ),
    (
        "x: {each: items, unique_by: kind, value: name}",
        "items.name",
        losing("of items with the same `kind` only the first is kept"),
    ),
    (
        "x: {each: items, key: kind, value: name, repeated: first}",
        "items.name",
        losing("of items with the same `kind` only the first is kept"),
    ),
    ("x: items[0].name", "items.name", losing("only the first item is kept")),
    ("x: tags[-1]", "tags", losing("only the last item is kept")),
    ("x: tags[2]", "tags", losing("only the item with the index 2 is kept")),
    ("x: tags | first", "tags", losing("only the first item is kept")),
    ("x: tags | max", "tags", losing("only the greatest item is kept")),
    ("x: tags | unique", "tags", losing("of equal items only the first is kept")),
    ("x: tags | slice(1)", "tags", losing("only the items of `tags | slice(1)` are kept")),
    ("x: items | select('kind', 'k')", "items.name", losing("only items where `kind == 'k'` are kept")),
    ("x: free[text]", "free.*", losing("only what `text` names is kept")),
    ("x: free | keys", "free.*", losing("only the name is kept")),
    ("x: (text | from_json).name", "text", losing("only the member `name` is kept", by=("from_json",))),
    ("'*': {from: free, on_collision: drop}", "free.*", losing("a member is left out where its name is taken")),
    ("x: {from: text, when: flag}", "flag", Expected("consulted")),
    ("x: {from: text, when: number is defined}", "number", Expected("consulted")),
    ("x: {each: items, where: size > 1, value: name}", "items.size", Expected("consulted")),
    ("x: {each: items, sort_by: size, value: name}", "items.size", Expected("consulted")),
    ("x: {each: items, unique_by: kind, value: name}", "items.kind", Expected("consulted")),
    ("x: {each: items, key: kind, value: name}", "items.kind", Expected("consulted")),
    ("'[text]': number", "text", Expected("consulted")),
    ("x: tags | length", "tags", Expected("consulted")),
    ("x: {const: 1, when: \"flag and word in ['a']\"}", "word", Expected("consulted")),
)


@pytest.mark.parametrize(("rule", "path", "expected"), RULES, ids=[f"{rule} - {path}" for rule, path, _ in RULES])
def test_the_fate_of_a_field(rule: str, path: str, expected: Expected, tmp_path: Path) -> None:
    found = ledger_of(project(tmp_path, f"fields:\n  {rule}\n"))
    field = at(found, path)
    best = field.uses[0]
    assert (field.fate, best.functions, best.undoable, best.losses) == expected
    assert best.fate == field.fate
    assert path_text(best.steps) in ("x", "deep.er", "*", f"x.{path.rsplit('.', maxsplit=1)[-1]}", "x.value", "x.*")
    assert (field.span.line, Path(field.span.file).name) == (5, "doc.yaml")


def test_what_is_bound_and_not_used_is_not_read(tmp_path: Path) -> None:
    found = ledger_of(project(tmp_path, "let: {n: text, m: number}\nfields: {x: n}\n"))
    assert (at(found, "text").fate, at(found, "number").fate) == ("copied", "unmapped")


def test_the_best_use_counts_and_all_are_listed(tmp_path: Path) -> None:
    rules = "a: text | lower, b: text | truncate(5), c: {from: id, when: text == 'x'}, d: text, e: text | url_encode"
    field = at(ledger_of(project(tmp_path, f"fields: {{{rules}}}\n")), "text")
    assert [(use.target, use.fate) for use in field.uses] == [
        ("d", "copied"), ("e", "transformed"), ("a", "transformed"), ("b", "collapsed"), ("c", "consulted"),
    ]  # fmt: skip


def test_a_field_without_a_use_is_dropped_with_a_reason_or_a_finding(tmp_path: Path) -> None:
    reasons = "unmapped:\n  items: Too many.\n  items.size: Nobody asks.\n  id: A number.\n"
    catalog = project(tmp_path, f"fields: {{x: items | map('name')}}\n{reasons}")
    found = ledger_of(catalog)
    kept, size, id, word = (at(found, path) for path in ("items.name", "items.size", "id", "word"))
    assert (kept.fate, kept.reason) == ("copied", "")
    assert (size.fate, size.reason, size.span.line) == ("dropped", "Nobody asks.", 7)
    assert (at(found, "items.kind").reason, id.reason) == ("Too many.", "A number.")
    assert (word.fate, word.reason, word.span.line) == ("unmapped", "", 1)
    assert word in found.unmapped
    assert idle_reasons(catalog.mapping("a-to-b/doc"), found) == ()


def test_a_key_names_a_member_and_is_not_lost(tmp_path: Path) -> None:
    found = ledger_of(project(tmp_path, "fields: {x: {each: items, key: kind, where: size > 1, value: name}}\n"))
    kind, size = at(found, "items.kind"), at(found, "items.size")
    assert (kind.fate, kind.lost, size.fate, size.lost) == ("consulted", False, "consulted", True)
    assert [use.names for use in kind.uses] == [True]


def test_members_without_a_name(tmp_path: Path) -> None:
    """A member that a rule names is a field of its own; one that no schema describes is one once it is carried."""
    found = ledger_of(project(tmp_path, "fields: {x: free.plan, y: open.odd}\n"))
    fates = {field.path: field.fate for field in found.sources}
    assert (fates["free.plan"], fates["free.*"]) == ("copied", "unmapped")
    assert (fates["open.odd"], fates["open.name"], "open.*" in fates) == ("copied", "unmapped", False)


def test_what_never_happens_is_told_by_the_enum(tmp_path: Path) -> None:
    """A second value map is asked only for what the first gives."""
    rules = "let: {w: {from: word, map: {a: 1, b: 2, c: 3}}}\nfields: {x: {from: w, map: {1: x, 2: y, 3: z, 4: z}}}\n"
    use = at(ledger_of(project(tmp_path, rules)), "word").uses[0]
    assert (use.fate, use.undoable) == ("transformed", True)


def test_whoever_decides_that_an_object_is_whole_is_consulted(tmp_path: Path) -> None:
    rules = "let: {w: {whole: true, fields: {a: text, b: number}}}\nfields: {x: w.a}\n"
    found = ledger_of(project(tmp_path, rules))
    assert (at(found, "text").fate, at(found, "number").fate) == ("copied", "consulted")


# --- target fields ------------------------------------------------------------------------------------------------

TARGET: dict[str, Any] = {
    "type": "object",
    "properties": {
        "a": {"type": "string"},
        "b": {"type": "object", "properties": {"c": {}, "d": {}}, "additionalProperties": False},
        "list": {"type": "array", "items": {"type": "object", "properties": {"n": {}}}},
    },
    "additionalProperties": {"type": "string"},
}
FILLINGS_OF: tuple[tuple[str, str, str, list[str], list[str]], ...] = (
    ("a: text", "a", "filled", ["text"], []),
    ("a: {from: text, when: flag}", "a", "filled", ["text"], ["flag"]),
    ("a: {first_of: [text, {from: word, approximate: Nearly.}]}", "a", "filled", ["text", "word"], []),
    ("a: {from: text, approximate: Nearly.}", "a", "approximate", ["text"], []),
    ("a: {const: y}", "a", "constant", [], []),
    ("a: {first_of: [{from: text, approximate: Nearly.}, {const: y}]}", "a", "approximate", ["text"], []),
    ("a: {const: y, when: flag}", "a", "constant", [], ["flag"]),
    ("a: number", "b.c", "unset", [], []),
    ("a: number", "b.d", "unfilled", [], []),
    ("b: open", "b.d", "unfilled", [], []),
    ("b: {const: {d: 1}}", "b.d", "constant", [], []),
    ("b.d: any", "b.d", "filled", ["any"], []),
    ("b: any", "b.d", "filled", ["any.d"], []),
    ("list: {each: items, fields: {n: name}}", "list.n", "filled", ["items.name"], ["items"]),
    ("list: {each: tags, fields: {n: {const: 1}}}", "list.n", "constant", [], ["tags"]),
    ("a: number", "*", "unfilled", [], []),
    ("other: text", "*", "filled", ["text"], []),
    ("'*': free", "*", "filled", ["free.*"], []),
    ("'*': free", "a", "unfilled", [], []),
    ("'[word]': text", "*", "filled", ["text"], ["word"]),
    ("'*': {each: items, key: kind, value: name}", "*", "filled", ["items.name"], ["items", "items.kind"]),
    ("a: {each: items, take: first, value: index}", "a", "constant", [], ["items"]),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "filling", "made_of", "decided_by"), FILLINGS_OF)
def test_what_fills_a_target_field(
    rule: str, path: str, filling: str, made_of: list[str], decided_by: list[str], tmp_path: Path
) -> None:
    found = ledger_of(project(tmp_path, f"fields:\n  {rule}\nunset: {{b.c: No such thing.}}\n", target=TARGET))
    field = {each.path: each for each in found.targets}[path]
    assert field.filling == filling
    assert [path_text(steps) for steps in field.made_of] == made_of
    assert [path_text(steps) for steps in field.decided_by] == decided_by
    assert field.reason == ("No such thing." if filling == "unset" else "")
    assert field.approximations == (("Nearly.",) if "Nearly" in rule else ())
    assert field.span.line == {"unset": 6, "unfilled": 1}.get(filling, 5)
    assert (field in found.unfilled) == (filling == "unfilled")


def test_constants_are_shown(tmp_path: Path) -> None:
    rules = "params: {p: {type: string}}\nfields: {a: {first_of: [params.p, {const: y}]}, b: {const: {c: [1]}}}\n"
    found = {each.path: each.constants for each in ledger_of(project(tmp_path, rules, target=TARGET)).targets}
    assert (found["a"], found["b.c"]) == (("`params.p`", "`y`"), ("`[1]`",))


# --- used mappings and routes -------------------------------------------------------------------------------------


def test_the_words_of_a_used_mapping_count_where_it_is_used(tmp_path: Path) -> None:
    write(tmp_path, "schemas/a/part.schema.json", json.dumps(SOURCE))
    write(tmp_path, "schemas/b/part.schema.json", json.dumps(TARGET))
    rules = "fields: {a: text}\nunmapped: {number: Odd.}\nunset: {b: None such.}\n"
    write(tmp_path, "mappings/a-to-b/part.yaml", f"casemap: 1\nsource: a/part\ntarget: b/part\n{rules}")
    target = {"type": "object", "properties": {"in": {"type": "array", "items": TARGET}}}
    source = {"type": "object", "properties": {"all": {"type": "array", "items": SOURCE}}}
    found = ledger_of(project(tmp_path, "fields: {in: {each: all, use: part}}\n", source, target))
    assert (at(found, "all.number").fate, at(found, "all.number").reason) == ("dropped", "Odd.")
    unset = {each.path: (each.filling, each.reason) for each in found.targets}
    assert unset["in.b.c"] == unset["in.b.d"] == ("unset", "None such.")
    assert unset["in.list.n"] == ("unfilled", "")


def test_reasons_are_found_along_a_route() -> None:
    found = route_ledger("egain/case", "telecomx/case")
    fields = {field.path: field for field in found.sources}
    targets = {field.path: field for field in found.targets}
    assert fields["severity.value"].reason == "TelecomX has no severity."
    assert Path(fields["severity.value"].span.file).parent.name == "common-to-telecomx"
    assert fields["subject"].span.file.endswith("egain-to-common/case.yaml")
    assert targets["messages.content"].reason == "They take a second call, to the address in activity_links."
    assert targets["subject"].span.file.endswith("common-to-telecomx/case.yaml")


# --- everything bundled -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES)
def test_the_ledger_adds_up(route: Route) -> None:
    found = route_ledger(route.source, route.target)
    described = [steps for steps, _ in leaves(ledgers().fields(route.source))]
    entries = Counter(field.steps for field in found.sources)
    assert set(entries.values()) == {1}
    assert set(described) <= set(entries)
    # beyond what the schema describes there are only fields that a rule names or carries
    assert all(field.uses for field in found.sources if field.steps not in described)
    assert sum(Counter(field.fate for field in found.sources).values()) == len(entries)
    assert {field.fate for field in found.sources} <= set(FATES)
    targets = [steps for steps, _ in leaves(ledgers().fields(route.target))]
    assert [field.steps for field in found.targets if field.steps in targets] == targets
    assert {field.filling for field in found.targets} <= set(FILLINGS)


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_bundled_is_a_finding(route: Route) -> None:
    found = route_ledger(route.source, route.target)
    assert [field.path for field in found.unmapped] == []
    assert [field.path for field in found.unfilled] == []


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in catalog().mappings])
def test_every_bundled_reason_is_needed(entry: Any) -> None:
    mapping = catalog().mapping(entry.id)
    assert [reason.path for reason in idle_reasons(mapping, ledgers().mapping(mapping))] == []


@pytest.mark.parametrize("route", ROUTES)
def test_both_sides_tell_the_same(route: Route) -> None:
    """What a source field fills is made of it, and the other way round."""
    found = route_ledger(route.source, route.target)
    carried = {field.steps for field in found.sources for use in field.uses if use.fate != "consulted"}
    made_of = {steps for field in found.targets for steps in field.made_of}
    assert carried <= made_of
    for field in found.sources:
        assert all(use.span.line > 0 and use.span.file.endswith(".yaml") for use in field.uses)
        assert field.span.file.endswith(".yaml")
        assert (field.fate in ("dropped", "unmapped")) == (not field.uses)


@pytest.mark.parametrize("route", ROUTES)
def test_the_ledger_is_json(route: Route) -> None:
    found = route_ledger(route.source, route.target)
    sources = json.loads(json.dumps(found.as_json()))
    assert [entry["path"] for entry in sources] == [field.path for field in found.sources]
    for entry, field in zip(sources, found.sources, strict=True):
        assert entry.keys() == {"path", "fate", "reason", "rule", "uses"}
        assert entry["rule"].keys() == {"file", "line", "column"}
        assert [use["target"] for use in entry["uses"]] == [use.target for use in field.uses]
    targets = json.loads(json.dumps(found.targets_as_json()))
    assert [(entry["path"], entry["filling"]) for entry in targets] == [(f.path, f.filling) for f in found.targets]


def test_one_ledger_is_as_good_as_another() -> None:
    """`ledger` on a tree gives what `Ledgers` gives for the chain; nothing depends on what was worked out before."""
    chain = catalog().chain("khoros/case", "egain/case")
    tree, root = compose(chain, SourceSchema(catalog().store, "khoros/case"))
    assert ledger(tree, root, chain, catalog().store, catalog().mapping) == route_ledger("khoros/case", "egain/case")


# --- losses of a payload ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["v40 | to_json", "v40 == v40", "v40 is defined"])
def test_names_that_are_used_twice_are_followed_once(tmp_path: Path, rule: str) -> None:
    """Written out, the last of forty names would have a million million values."""
    names = "".join(f"  v{n}: {{fields: {{a: v{n - 1}, b: v{n - 1}}}}}\n" for n in range(1, 41))
    found = ledger_of(project(tmp_path, f"let:\n  v0: text\n{names}fields: {{x: {rule}}}\n"))
    assert at(found, "text").fate == ("consulted" if "defined" in rule else "transformed")


def test_losses_of_a_payload(tmp_path: Path) -> None:
    rules = "fields: {x: {from: text, when: flag}, y: free.plan, z: {each: items, key: kind, value: size}}\n"
    catalog = project(tmp_path, f"{rules}unmapped: {{items: Later.}}\n")
    losses = Losses(ledger_of(catalog))
    payload = {
        "id": 7, "text": "a", "flag": True, "word": None, "tags": [], "free": {"plan": "b", "seat": "c"},
        "items": [{"name": "n", "kind": "k", "size": 1}, {"kind": "l"}], "open": {"odd": [1]}, "any": {"a": 1},
    }  # fmt: skip
    assert losses.of(payload) == {
        "id": "",
        "flag": "It decides about x, and is not carried itself.",
        "tags": "",
        "free.*": "",
        "items.name": "Later.",
        "open.*": NOT_DESCRIBED,
        "any": "",
    }
    assert losses.of({"items": [], "open": {}, "free": {"plan": "b"}}) == {}


def test_a_whole_copy_loses_nothing(tmp_path: Path) -> None:
    losses = Losses(ledger_of(project(tmp_path, "value_maps: {}\nfrom: this\n")))
    assert losses.of({"id": 7, "open": {"odd": 1}, "any": [{}]}) == {}


def test_nesting_without_end_is_no_problem(tmp_path: Path) -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    source = {"type": "object", "properties": {"list": {"$ref": "#/$defs/list"}, "id": {}},
              "$defs": {"list": {"type": "array", "items": {"$ref": "#/$defs/list"}}}}  # fmt: skip
    losses = Losses(ledger_of(project(tmp_path, "fields: {x: id}\n", source)))
    assert losses.of({"list": nested, "id": 1}) == {"list": ""}


# --- the page -----------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
PARTS = re.compile(r"(?ms)(?:^`(?P<file>schemas/[\w./-]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$")
CELLS = re.compile(r"^\| `([\w.]+)` \| (\w+) \| (.*?) ?\|$", re.MULTILINE)


@pytest.fixture
def shown(tmp_path: Path) -> Ledger:
    """The ledger of the page's example."""
    for part in PARTS.finditer(PAGE.read_text("utf-8")):
        if part["language"] == "yaml":
            head = "casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\n"
            write(tmp_path, "mappings/desk-to-shop/ticket.yaml", head + part["text"])
        elif part["file"]:
            write(tmp_path, part["file"], part["text"])
    catalog = standalone(tmp_path)
    return Ledgers(catalog.store, catalog.mapping).route(catalog.chain("desk/ticket", "shop/ticket"))


def test_the_page_tells_the_fates_of_its_example(shown: Ledger) -> None:
    rows = CELLS.findall(PAGE.read_text("utf-8"))
    expected = []
    for field in shown.sources:
        use = field.uses[0] if field.uses else None
        told = field.reason
        if use is not None and use.fate in ("transformed", "collapsed"):
            told = ": ".join(text for text in (", ".join(use.functions), "; ".join(use.losses)) if text)
            told += ", can be undone" if use.undoable else ""
        expected.append((field.path, str(field.fate), told))
    for filled in shown.targets:
        told = ", ".join(path_text(steps) for steps in filled.made_of) or ", ".join(filled.constants) or filled.reason
        expected.append((filled.path, filled.filling, ": ".join([told, *filled.approximations])))
    assert rows == expected


def test_the_page_shows_an_entry_for_programs(shown: Ledger) -> None:
    text = next(part["text"] for part in PARTS.finditer(PAGE.read_text("utf-8").split("## For programs")[1]))
    entry = json.loads(text)
    (found,) = [each for each in shown.as_json() if each["path"] == entry["path"]]
    for place in (found["rule"], *(use["rule"] for use in found["uses"])):
        place["file"] = Path(place["file"]).name
    assert found == entry
