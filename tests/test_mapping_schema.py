"""The schema of mapping files says the same as the loader, as far as a schema can.

Editors know it by the comment `# yaml-language-server: $schema=…`, and mostly read it by draft 7, so it is judged by
that draft as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from casemap.errors import MappingError
from casemap.functions import BUNDLED
from casemap.functions.operators import TESTS
from casemap.mapping.file import Mapping
from casemap.mapping.load import FILE_KEYS, load_mapping
from casemap.mapping.rules import HEADS, MODIFIERS, OWN_KEYS
from casemap.syntax.yaml_text import YamlMapping, YamlNode, YamlScalar, YamlSequence, parse_yaml
from tests.doc_examples import HEAD, Example, Problems, mapping_text, read_page

ROOT = Path(__file__).parent.parent
FILE = ROOT / "schemas" / "casemap" / "mapping.schema.json"
SCHEMA: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
DEFS: dict[str, Any] = SCHEMA["$defs"]
RULE_KEYS = {*HEADS, *MODIFIERS, *(key for keys in OWN_KEYS.values() for key in keys)}

VALIDATORS = {
    "jsonschema-rs": jsonschema_rs.Draft202012Validator(SCHEMA, offline=True).is_valid,
    "jsonschema": jsonschema.Draft202012Validator(SCHEMA).is_valid,
    "draft 7": jsonschema.Draft7Validator(SCHEMA).is_valid,
}


def as_json(node: YamlNode) -> Any:
    """A file as an editor sees it: keys that are no texts are their text."""
    match node:
        case YamlMapping():
            return {key.text: as_json(value) for key, value in node.entries}
        case YamlSequence():
            return [as_json(item) for item in node.items]
        case YamlScalar():
            return node.value


def parse(text: str) -> Any:
    (document,) = parse_yaml(text, "case.yaml")
    return as_json(document)


class Anywhere:
    """Surroundings in which every document type exists, and a mapping `neighbour`."""

    def types(self) -> tuple[str, ...]:
        return ("desk/ticket", "shop/ticket")

    def enter(self, source: str) -> None:
        pass

    def used(self, name: str) -> Mapping | None:
        text = "casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\nfields: {id: id}\n"
        return load_mapping(text, "neighbour.yaml", "a/neighbour", self, BUNDLED) if name == "neighbour" else None

    def known(self) -> list[str]:
        return ["neighbour"]

    def beside(self) -> list[str]:
        return ["neighbour"]

    def declared(self, origin: tuple[str, ...]) -> frozenset[str]:
        return frozenset({"id"})


def loads(text: str) -> bool:
    """Whether the loader accepts a file."""
    try:
        load_mapping(text, "case.yaml", "desk-to-shop/ticket", Anywhere(), BUNDLED)
    except MappingError:
        return False
    return True


def verdicts(text: str) -> dict[str, bool]:
    value = parse(text)
    return {name: is_valid(value) for name, is_valid in VALIDATORS.items()}


def agree(text: str, verdict: bool) -> None:
    assert verdicts(text) == dict.fromkeys(VALIDATORS, verdict)


# --- the schema itself --------------------------------------------------------------------------------------------


def test_it_is_a_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == "https://casemap.example/schemas/casemap/mapping"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and every schema within it."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("properties", "$defs"):
        for inner in schema.get(keyword, {}).values():
            yield from subschemas(inner)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(keyword, []):
            yield from subschemas(inner)
    for keyword in ("items", "additionalProperties", "propertyNames", "not", "if", "then"):
        yield from subschemas(schema.get(keyword))


def test_it_uses_what_editors_know() -> None:
    draft_7 = set(jsonschema.Draft7Validator.META_SCHEMA["properties"])
    used = {keyword for schema in subschemas(SCHEMA) for keyword in schema}
    assert used - draft_7 == {"$defs", "markdownDescription"}
    for schema in subschemas(SCHEMA):
        assert "$ref" not in schema or len(schema) == 1, "draft 7 ignores what stands beside a $ref"


def test_every_key_is_explained() -> None:
    for schema in subschemas(SCHEMA):
        for name, inner in schema.get("properties", {}).items():
            place = DEFS[inner["$ref"].removeprefix("#/$defs/")] if "$ref" in inner else inner
            assert place["title"], name
            assert place["description"].endswith("."), name


@pytest.mark.parametrize("name", [name for name in DEFS if "examples" in DEFS[name]])
def test_its_own_examples_hold(name: str) -> None:
    validator = jsonschema_rs.Draft202012Validator({"$defs": DEFS, "$ref": f"#/$defs/{name}"}, offline=True)
    for example in DEFS[name]["examples"]:
        assert validator.is_valid(example), example


def test_it_has_the_keys_of_the_language() -> None:
    (spread,) = [option for option in DEFS["spread"]["anyOf"] if "properties" in option]
    assert set(DEFS["rule_object"]["properties"]) == RULE_KEYS
    assert set(spread["properties"]) == RULE_KEYS | {"on_collision"}
    assert set(SCHEMA["properties"]) == RULE_KEYS | set(FILE_KEYS)


def test_an_expression_lists_the_functions_and_tests() -> None:
    functions = ", ".join(BUNDLED.names())
    tests = ", ".join(f"is {name}" for name in TESTS)
    assert DEFS["expression"]["description"].endswith(f"Functions: {functions}. Tests: {tests}.")
    for name in [*BUNDLED.names(), *(f"is {name}" for name in TESTS)]:
        assert f"`{name}`" in DEFS["expression"]["markdownDescription"], name


# --- files --------------------------------------------------------------------------------------------------------

BUNDLED_FILES = sorted((ROOT / "mappings").glob("*/*.yaml"))


@pytest.mark.parametrize("file", BUNDLED_FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_bundled_mappings_are_valid(file: Path) -> None:
    text = file.read_text("utf-8")
    agree(text, True)
    assert text.startswith("# yaml-language-server: $schema=../../schemas/casemap/mapping.schema.json\n")


def documented() -> list[Example]:
    examples: list[Example] = []
    for page in ("mapping-language", "functions"):
        examples += read_page((ROOT / "docs" / f"{page}.md").read_text("utf-8")).examples
    return [example for example in examples if example.expected is not None and example.payload]


def test_the_mappings_of_the_documentation_are_valid() -> None:
    texts = {
        mapping_text(example)
        for example in documented()
        if not (isinstance(example.expected, Problems) and example.expected.texts[0].startswith("CM2"))
    }
    assert len(texts) > 200
    for text in texts:
        agree(text, True)


def lines(text: str) -> list[str]:
    """The cases of a text, one a line."""
    return [line for line in text.split("\n") if line]


def rules(text: str) -> list[str]:
    """Files that have one of these rules each."""
    return [f"fields:\n  x: {rule}\n" for rule in lines(text)]


def keys(text: str) -> list[str]:
    """Files that have one of these names of a field each."""
    return [f"fields:\n  {key}: a\n" for key in lines(text)]


def beside(text: str) -> list[str]:
    """Files that have one of these keys each beside their fields."""
    return [f"fields: {{a: a}}\n{key}\n" for key in lines(text)]


ACCEPTED = [
    *lines("""
fields: {}
from: a
concat: [a, b]
use: neighbour
rest: this
"""),
    *beside("""
summary: ''
when: b == 1
let: {b: c}
nulls: keep
params: {p: {type: [string, 'null'], minLength: 1, x-own: true}, q: {}}
value_maps: {m: {1: a, '1': [b], true: {c: d}}}
definitions: {d: {use: e}, e: 5, f: {each: t, use: e}}
unmapped: {b: why, b.c: why, "['x.y'].z": why, first-name: why}
unset: {}
examples: [{source: {value: null}, target: {file: a.json}, note: n, params: {p: 1}}]
examples: [{source: {file: a.json}, reject: CM301}]
"""),
    *rules(r"""
a
5
-1.5
true
null
~
"' x '"
"'x'"
{from: 5}
{from: null}
{const: null}
{const: [a, {b: null}]}
{const: {from: a}}
{template: ''}
{template: '{{ a }}'}
{fields: {a: a, b.c: b}}
{fields: {a: a}, within: b}
{fields: {a: a}, within: b | from_json, whole: false, default: c}
{fields: {a: {fields: {b: c}}}, whole: true}
{fields: {'*': {from: a, on_collision: drop}}}
{fields: {'*': {list: [a, {fields: {b: b}}], on_collision: error, when: c}}}
{each: a, value: this}
{each: a, value: null}
{each: a, fields: {}}
{each: a, fields: {'*': {from: c, on_collision: drop}}}
{each: a, use: neighbour}
{each: a, value: b, records: true}
{each: a, fields: {b: b}, whole: true, where: b, sort_by: c, descending: true, unique_by: d, take: last}
{each: a, value: b, key: c}
{each: a, value: b, key: c, repeated: collect, where: d}
{each: a, value: b, let: {c: d}, when: e, default: f, nulls: keep, note: n}
{list: []}
{list: [a, 1, {const: b}]}
{first_of: [a]}
{concat: [a, {each: b, value: this}]}
{choose: [{when: a, from: b}]}
{choose: [{when: a, from: b, default: c}, {otherwise: d}]}
{choose: [{otherwise: {const: 1}}]}
{choose: [{when: a, choose: [{when: b, const: c}]}]}
{use: neighbour}
{use: neighbour, of: a}
{use: neighbour, default: b, when: c}
{rest: a}
{from: a, map: {b: c}}
{from: a, map: {}}
{from: a, map: {b: c}, else: drop, ignore_case: true}
{from: a, map: {b: c}, else: {const: [1]}, default: d, nulls: keep}
{from: a, let: {b: c, _d1: {const: e}, größe: f}}
{from: a, approximate: why, may_reject: why, note: why}
{from: a, when: true}
{const: a, when: b == 'c'}
{from: a, default: 0}
"""),
    *keys(r"""
a
a-b
a.b.c
é
'1'
'5.x'
$ref
"['odd.key']"
'["odd key"]'
"a['b c'].d"
"a.['b']"
"['a']['b']"
'[a]'
'[''x'' ~ a]'
"['it\\'s']"
'*'
"""),
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_the_loader_accepts_is_valid(text: str) -> None:
    text = f"{text}\n{HEAD}"
    assert loads(text)
    agree(text, True)


REFUSED = [
    *lines("""
value_maps: {}
fields: []
fields:
feilds: {}
"""),
    *beside("""
extra: 1
from: a
on_collision: drop
summary: 5
params: [p]
params: {p: 5}
params: {p: true}
params: {p: {type: strng}}
params: {p: {type: []}}
params: {p: {minLength: -1}}
value_maps: [m]
value_maps: {m: text}
definitions: [d]
definitions: {d: [a]}
definitions: {d: {frm: a}}
unmapped: [a]
unmapped: {a: ''}
unmapped: {a: 5}
unmapped: {'a[0]': why}
unset: {'*.x': why}
unset: {'[a]': why}
unset: {a..b: why}
nulls: maybe
let: [a]
let: {this: a}
examples: {}
examples: [5]
examples: [{source: {value: 1}}]
examples: [{target: {value: 1}}]
examples: [{source: {value: 1}, target: {value: 1}, reject: CM301}]
examples: [{source: {value: 1}, target: {value: 1}, more: 1}]
examples: [{source: {value: 1}, target: {value: 1}, params: 5}]
examples: [{source: {value: 1}, target: {vlaue: 1}}]
examples: [{source: {value: 1}, reject: [CM301]}]
examples: [{source: {value: 1, file: a}, target: {value: 1}}]
examples: [{source: {file: 5}, target: {value: 1}}]
examples: [{source: {}, target: {value: 1}}]
examples: [{source: 1, target: {value: 1}}]
"""),
    *rules(r"""
[a]
{}
''
'  '
{frm: a}
{from: a, frm: b}
{from: a, const: b}
{when: a}
{from: [a]}
{from: {a: b}}
{template: 5}
{template: [a]}
{fields: [a]}
{fields: a}
{fields: {'*': {from: a, on_collision: keep}}}
{fields: {b: {from: c, on_collision: drop}}}
{each: a}
{each: [a], value: b}
{each: a, from: b}
{each: a, value: [b]}
{each: a, value: b, use: c}
{each: a, value: b, fields: {}}
{each: a, value: b, within: c}
{each: a, value: b, whole: true}
{each: a, fields: {}, whole: 1}
{each: a, use: neighbour, of: b}
{each: a, value: b, take: any}
{each: a, value: b, take: first, key: c}
{each: a, value: b, repeated: last}
{each: a, value: b, key: c, repeated: all}
{each: a, value: b, descending: true}
{each: a, value: b, sort_by: c, descending: 1}
{each: a, value: b, records: maybe}
{list: a}
{first_of: []}
{concat: []}
{concat: a}
{choose: []}
{choose: a}
{choose: [a]}
{choose: [{from: a}]}
{choose: [{when: a}]}
{choose: [{otherwise: a, from: b}]}
{choose: [{when: a, otherwise: b}]}
{use: 5}
{use: [a]}
{rest: [a]}
{from: a, whole: true}
{from: a, within: b}
{from: a, of: b}
{from: a, value: b}
{from: a, where: b}
{from: a, key: b}
{from: a, take: first}
{from: a, sort_by: b}
{from: a, unique_by: b}
{from: a, records: true}
{from: a, otherwise: b}
{from: a, on_collision: drop}
{from: a, else: drop}
{from: a, ignore_case: true}
{from: a, map: 5}
{from: a, map: [b]}
{from: a, map: {b: c}, else: maybe}
{from: a, map: {b: c}, else: {from: b}}
{from: a, map: {b: c}, else: {const: 1, more: 2}}
{from: a, map: {b: c}, ignore_case: maybe}
{from: a, default: [b]}
{from: a, default: {const: b}}
{from: a, when: [b]}
{from: a, nulls: false}
{from: a, let: b}
{from: a, let: {index: b}}
{from: a, let: {none: c}}
{from: a, let: {a-b: b}}
{from: a, let: {1a: b}}
{from: a, let: {b: [c]}}
{from: a, let: {b: {frm: c}}}
{from: a, note: ''}
{from: a, note: 5}
{from: a, note: one, two}
{from: a, approximate: true}
{from: a, may_reject: [why]}
"""),
    *keys(r"""
a..b
'a b'
a.
'a[0]'
'a*'
''
"['a'"
"['a']b"
a'b
"""),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_loader_refuses_for_its_structure_is_invalid(text: str) -> None:
    text = f"{text}\n{HEAD}"
    assert not loads(text)
    agree(text, False)


@pytest.mark.parametrize(
    "head",
    [
        "",
        "casemap: 1\nsource: desk/ticket\n",
        "source: desk/ticket\ntarget: shop/ticket\n",
        *(HEAD.replace("1", version) for version in ("2", "'1'", "true", "null")),
        *(HEAD.replace("desk/ticket", source) for source in ("desk", "5", "[desk/ticket]", "desk/")),
    ],
)
def test_the_first_keys_are_required(head: str) -> None:
    text = f"fields: {{a: a}}\n{head}"
    assert not loads(text)
    agree(text, False)


BEYOND = [
    *beside("""
params: {p: {pattern: '('}}
"""),
    *rules("""
a |
a | lowr
a == null
first-name
'note'
{template: '{% set a = 1 %}'}
{from: a, map: nowhere}
{from: a, map: {null: b}}
{from: a, map: {b: 1, B: 2}, ignore_case: true}
{from: params.nothing}
{fields: {a: a, a.b: b}}
{fields: {1: a}}
{fields: {'[a b]': c}}
{choose: [{otherwise: a}, {when: b, from: c}]}
{use: nowhere}
"""),
]
"""What a schema cannot say: the loader is stricter."""


@pytest.mark.parametrize("text", BEYOND)
def test_the_loader_knows_more(text: str) -> None:
    text = f"{text}\n{HEAD}"
    assert not loads(text)
    agree(text, True)
