"""The vendors' schemas and the hub's: each is correct, documented, and accepts what it should and nothing else.

A schema is `schemas/<format>/<document>.schema.json`. Its payloads lie in `tests/payloads/<format>/<document>/`,
folders `valid` and `invalid`; an invalid one has a single fault, which its file name says. Everything is judged by
two independent validators, jsonschema and jsonschema-rs, with formats asserted and nothing fetched.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
import re2
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema_specifications import REGISTRY as SPECIFICATIONS  # type: ignore[import-untyped]
from referencing import Registry, Resource
from rfc3987_syntax import is_valid_syntax  # type: ignore[import-untyped]

ROOT = Path(__file__).parent.parent
PAYLOADS = ROOT / "tests" / "payloads"
BASE = "https://casemap.example/schemas/"
DRAFT = "https://json-schema.org/draft/2020-12/"

DOCUMENT_TYPES = {
    "khoros": ["case", "case-list", "error"],
    "telecomx": ["case", "case-list", "case-query", "error"],
    "egain": ["case", "case-list", "case-query"],
    "socialgateway": ["case", "case-update"],
    "common": ["case", "case-list", "case-query", "case-update", "error"],
}
TYPES = [f"{family}/{document}" for family, documents in DOCUMENT_TYPES.items() for document in documents]


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read(path: Path) -> Any:
    """The JSON document of a file, its integers exact at any size."""
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse_constant)


FILES = sorted(path for path in (ROOT / "schemas").glob("*/*.schema.json") if path.parent.name != "casemap")
SCHEMAS = {f"{path.parent.name}/{path.name.removesuffix('.schema.json')}": read(path) for path in FILES}

each_schema = pytest.mark.parametrize("name", SCHEMAS)

# --- walking a schema ---------------------------------------------------------------------------------------------

SCHEMA_MAPS = ["properties", "patternProperties", "$defs", "dependentSchemas"]
SCHEMA_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"]
SCHEMA_SINGLES = [
    *["items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"],
    *["not", "if", "then", "else"],
]
FIELD_MAPS = {"properties", "patternProperties", "$defs"}
KEYWORDS = {
    keyword
    for vocabulary in ("core", "applicator", "validation", "meta-data", "format-annotation", "unevaluated")
    for keyword in SPECIFICATIONS.contents(f"{DRAFT}meta/{vocabulary}")["properties"]
}


@dataclass(frozen=True, slots=True)
class Place:
    """A schema somewhere within a file; `is_field` where it describes a member that has a name or a definition."""

    pointer: str
    schema: Any
    is_field: bool


def step(pointer: str, *names: str | int) -> str:
    """The pointer one or more steps further down, fit for a URI fragment."""
    tokens = (quote(str(name).replace("~", "~0").replace("/", "~1"), safe="~$") for name in names)
    return "/".join([pointer, *tokens])


def places(schema: Any, pointer: str = "", is_field: bool = False) -> Iterator[Place]:
    """The schema and every schema within it, outermost first."""
    yield Place(pointer, schema, is_field)
    if isinstance(schema, bool):
        return
    for keyword in SCHEMA_MAPS:
        for name, inner in schema.get(keyword, {}).items():
            yield from places(inner, step(pointer, keyword, name), keyword in FIELD_MAPS)
    for keyword in SCHEMA_LISTS:
        for index, inner in enumerate(schema.get(keyword, [])):
            yield from places(inner, step(pointer, keyword, index))
    for keyword in SCHEMA_SINGLES:
        if keyword in schema:
            yield from places(schema[keyword], step(pointer, keyword), keyword == "additionalProperties")


def objects(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pointer and schema of every place of a document type's schema that is an object, so not `true` or `false`."""
    return ((place.pointer, place.schema) for place in places(SCHEMAS[name]) if not isinstance(place.schema, bool))


# --- the two validators -------------------------------------------------------------------------------------------

REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
RUST_REGISTRY = jsonschema_rs.Registry([(schema["$id"], schema) for schema in SCHEMAS.values()])

FORMATS = FormatChecker()
matches = functools.cache(is_valid_syntax)  # a general parser, slow; the payloads repeat their addresses


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    """jsonschema itself knows `iri` alone with the packages at hand. A URI is an IRI in ASCII (RFC 3987, 3.1)."""
    return not isinstance(value, str) or (value.isascii() and matches("iri", value))


@FORMATS.checks("uri-reference")
def is_uri_reference(value: object) -> bool:
    return not isinstance(value, str) or (value.isascii() and matches("iri_reference", value))


@functools.cache
def python_validator(uri: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": uri}, registry=REGISTRY, format_checker=FORMATS)


@functools.cache
def rust_validator(uri: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": uri}, registry=RUST_REGISTRY, validate_formats=True, offline=True
    )


def valid_in_python(uri: str, value: Any) -> bool:
    return bool(python_validator(uri).is_valid(value))


def valid_in_rust(uri: str, value: Any) -> bool:
    return rust_validator(uri).is_valid(value)


each_validator = pytest.mark.parametrize("is_valid", [valid_in_python, valid_in_rust], ids=["jsonschema", "rust"])
Validity = Callable[[str, Any], bool]

# --- the schemas --------------------------------------------------------------------------------------------------


def test_every_document_type_has_a_schema_and_nothing_else_has() -> None:
    assert sorted(SCHEMAS) == sorted(TYPES)


@each_schema
def test_the_schema_is_valid_against_its_metaschema(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == DRAFT + "schema"
    Draft202012Validator.check_schema(SCHEMAS[name])
    jsonschema_rs.meta.validate(SCHEMAS[name])


@each_schema
def test_the_id_names_the_place_of_the_file(name: str) -> None:
    assert SCHEMAS[name]["$id"] == BASE + name


@each_schema
def test_the_schema_uses_only_keywords_of_the_draft(name: str) -> None:
    """A misspelt keyword is valid and means nothing, so no validator would notice it."""
    unknown = [(pointer, keyword) for pointer, schema in objects(name) for keyword in schema.keys() - KEYWORDS]
    assert unknown == []


@each_schema
def test_every_field_is_documented(name: str) -> None:
    schema = SCHEMAS[name]
    missing = [("", keyword) for keyword in ("title", "description") if not schema.get(keyword)]
    for place in places(schema):
        # `false` only says that a member may not be there; a lone reference has its target's documentation.
        if place.is_field and not isinstance(place.schema, bool) and place.schema.keys() != {"$ref"}:
            needed = ("title", "description", "$comment", "examples")
            missing += [(place.pointer, keyword) for keyword in needed if not place.schema.get(keyword)]
    assert missing == []


@each_schema
def test_definitions_have_titles_that_make_distinct_class_names(name: str) -> None:
    definitions = SCHEMAS[name].get("$defs", {})
    titles = {key: definition["title"] for key, definition in definitions.items()}
    assert [title for title in titles.values() if not re.fullmatch(r"[A-Z][A-Za-z0-9]*( [A-Za-z0-9]+)*", title)] == []
    class_names = {key: "".join(word[0].upper() + word[1:] for word in title.split()) for key, title in titles.items()}
    assert class_names == {key: key for key in definitions}


@each_schema
@each_validator
def test_every_example_is_valid_for_its_field(name: str, is_valid: Validity) -> None:
    wrong = [
        (pointer, example)
        for pointer, schema in objects(name)
        for example in schema.get("examples", [])
        if not is_valid(f"{BASE}{name}#{pointer}", example)
    ]
    assert wrong == []


@each_schema
def test_every_reference_resolves(name: str) -> None:
    resolver = REGISTRY.resolver(base_uri=SCHEMAS[name]["$id"])
    for _, schema in objects(name):
        if "$ref" in schema:
            assert resolver.lookup(schema["$ref"]).contents  # raises, naming the reference, if there is nothing


@each_schema
def test_patterns_mean_the_same_to_every_engine(name: str) -> None:
    r"""RE2 reads them, and they use no shorthand (`\d`, `\w`, …) whose characters differ between engines."""
    patterns = [schema["pattern"] for _, schema in objects(name) if "pattern" in schema]
    patterns += [pattern for _, schema in objects(name) for pattern in schema.get("patternProperties", {})]
    for pattern in patterns:
        re2.compile(pattern)
        assert not re.search(r"\\[bBdDsSwW]|\(\?", pattern), pattern


def test_jsonschema_checks_every_format_in_use() -> None:
    """It passes over a format whose optional package is not installed."""
    used = {schema["format"] for name in SCHEMAS for _, schema in objects(name) if "format" in schema}
    assert used
    assert used <= FORMATS.checkers.keys()


# --- payloads -----------------------------------------------------------------------------------------------------


def payloads(kind: str) -> list[Any]:
    """The payload files of a kind, `valid` or `invalid`, as parameters that are named by the file."""
    paths = sorted(PAYLOADS.glob(f"*/*/{kind}/*.json"))
    return [pytest.param(path, id=path.relative_to(PAYLOADS).as_posix()) for path in paths]


def type_uri(path: Path) -> str:
    """The `$id` of the schema that a payload file belongs to."""
    return BASE + path.relative_to(PAYLOADS).parent.parent.as_posix()


@pytest.mark.parametrize("path", payloads("valid"))
@each_validator
def test_a_valid_payload_passes(path: Path, is_valid: Validity) -> None:
    assert is_valid(type_uri(path), read(path))


@pytest.mark.parametrize("path", payloads("invalid"))
@each_validator
def test_an_invalid_payload_fails(path: Path, is_valid: Validity) -> None:
    assert not is_valid(type_uri(path), read(path))


@pytest.mark.parametrize("path", payloads("invalid"))
def test_an_invalid_payload_has_one_fault(path: Path) -> None:
    """At one place, that is: a null where one of some texts belongs breaks both `type` and `enum`."""
    errors = {error.json_path: error.message for error in python_validator(type_uri(path)).iter_errors(read(path))}
    assert len(errors) == 1, errors


@pytest.mark.parametrize("name", TYPES)
def test_every_document_type_has_payloads(name: str) -> None:
    counts = {kind: len(list((PAYLOADS / name / kind).glob("*.json"))) for kind in ("valid", "invalid")}
    assert counts["valid"] >= 2
    assert counts["invalid"] >= 8


def test_every_payload_belongs_to_a_document_type() -> None:
    """Nothing is left out of the tests above by a misspelt folder or ending."""
    files = [path.relative_to(PAYLOADS) for path in PAYLOADS.rglob("*") if path.is_file()]
    homes = {f"{name}/{kind}" for name in TYPES for kind in ("valid", "invalid")}
    assert [str(path) for path in files if path.parent.as_posix() not in homes or path.suffix != ".json"] == []


# --- examples -----------------------------------------------------------------------------------------------------


def example_type(path: Path) -> str | None:
    """The document type of a file in `examples/`, by its name; None if the name starts with no type.

    `egain-case.json` and `egain-case-closed.json` are eGain cases; `egain-case.common.json` is what becomes of one in
    another format, and `khoros-case.socialgateway-case-update.json` in another document type.
    """
    first, *further = path.name.removesuffix(".json").split(".")
    kinds = sorted(((name.replace("/", "-"), name) for name in TYPES), reverse=True)  # case-list before case
    source = next((name for prefix, name in kinds if f"{first}-".startswith(f"{prefix}-")), None)
    if source is None or not further:
        return source
    family, _, document = further[0].partition("-")
    return f"{family}/{document or source.partition('/')[2]}"


EXAMPLES = [(path, name) for path in sorted((ROOT / "examples").glob("*.json")) if (name := example_type(path))]


@pytest.mark.parametrize(("path", "name"), EXAMPLES, ids=[path.name for path, _ in EXAMPLES])
@each_validator
def test_an_example_is_valid_for_its_type(path: Path, name: str, is_valid: Validity) -> None:
    assert is_valid(BASE + name, read(path))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("egain-case.json", "egain/case"),
        ("egain-case-list.json", "egain/case-list"),
        ("socialgateway-case-update.json", "socialgateway/case-update"),
        ("egain-case-closed.json", "egain/case"),
        ("egain-case.common.json", "common/case"),
        ("khoros-case.socialgateway-case-update.json", "socialgateway/case-update"),
        ("unrelated.json", None),
    ],
)
def test_the_name_of_an_example_says_its_type(file: str, name: str | None) -> None:
    assert example_type(Path(file)) == name


@pytest.mark.parametrize("document", DOCUMENT_TYPES["socialgateway"])
def test_social_gateway_has_an_example_of_each_document_type(document: str) -> None:
    assert (ROOT / "examples" / f"socialgateway-{document}.json").is_file()
