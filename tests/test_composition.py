"""A route is its mappings in turn: the composed function gives what the chain of converters gives.

Where a mapping on the way rejects a value that the end of the route does not need, the composed function may go on; it
rejects nothing that the chain converts.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given, reject
from hypothesis import strategies as st

from casemap import Catalog
from casemap.analysis.compose import compose, in_turn
from casemap.analysis.presence import Facts
from casemap.catalog import Route
from casemap.compiler.function import CompiledTree
from casemap.conversion import Converter
from casemap.errors import ConversionError, MappingError
from casemap.mapping.file import Mapping
from casemap.schema.store import SchemaStore, SourceSchema
from tests.evaluator import Outcome, outcome_of, outcomes_of
from tests.trees import (
    DOCUMENT,
    PARAMS,
    Below,
    MappingText,
    examples,
    loaded,
    mapping_files,
    open_schema,
    payloads,
    schema_of,
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("error::SyntaxWarning")


# the bundled routes, on generated payloads that are valid for their source


@functools.cache
def catalog() -> Catalog:
    return Catalog()


@functools.cache
def schemas() -> dict[str, Any]:
    """The schemas of the document types by their `$id`."""
    root = Path(__file__).parent.parent / "schemas"
    read = (json.loads(file.read_text("utf-8")) for file in root.glob("*/*.schema.json"))
    return {schema["$id"]: schema for schema in read}


ROUTES = [route for route in catalog().routes() if len(route.mappings) > 1]
_PARAMS = {"base_url": "https://egain.example.com:9000/root/"}


@functools.cache
def _converter(source: str, target: str) -> Converter:
    params = {name: _PARAMS[name] for name in catalog().parameters(source, target)}
    return catalog().converter(source, target, params)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.source} to {route.target}")
def test_a_bundled_route_is_its_mappings_in_turn(route: Route) -> None:
    composed = _converter(route.source, route.target)
    steps = [(mapping.source, mapping.target) for mapping in map(catalog().mapping, route.mappings)]
    chain = [_converter(*step) for step in steps]
    assert [step.route for step in chain] == [(id,) for id in route.mappings]
    values = 0

    @examples(25, properties=len(ROUTES))
    @given(valid_payloads(route.source))
    def compare(payload: Any) -> None:
        nonlocal values
        assert catalog().validate(payload, route.source) == []
        expected = _in_turn(chain, payload)
        found = _converted(composed, payload)
        values += expected.rejected is None
        if expected.rejected is None or found.rejected is not None:
            assert found == expected

    compare()
    assert values > 0


def _converted(convert: Converter, payload: Any) -> Outcome:
    try:
        return Outcome(convert(payload))
    except ConversionError as error:
        return Outcome(rejected=error.problems[0].code, problems=error.problems)


def _in_turn(chain: list[Converter], payload: Any) -> Outcome:
    outcome = Outcome(payload)
    for convert in chain:
        if outcome.rejected is None:
            outcome = _converted(convert, outcome.value)
    return outcome


@st.composite
def valid_payloads(draw: Callable[..., Any], type: str) -> Any:
    """Payloads of a bundled document type."""
    schema = schemas()[f"https://casemap.example/schemas/{type}"]
    return _Payload(lambda limit: draw(st.integers(0, limit - 1))).of(schema, schema)


class _Payload:
    """Valid payloads from a JSON Schema, for the keywords that the bundled schemas use."""

    def __init__(self, below: Below) -> None:
        self.below = below
        self.fullness = (10, 9, 6, 2)[below(4)]
        """How many of ten optional members are there."""

    def pick(self, options: Any) -> Any:
        return options[self.below(len(options))]

    def of(self, schema: Any, document: Any, depth: int = 0) -> Any:
        """A value; `document` is the schema that references start from."""
        if schema is True:
            return copy.deepcopy(self.pick(_ANYTHING))
        while "$ref" in schema:
            base, _, fragment = schema["$ref"].partition("#")
            document = schemas()[base] if base else document
            schema = functools.reduce(lambda part, step: part[step], filter(None, fragment.split("/")), document)
        if "anyOf" in schema:
            schema = {**schema, **self.pick(schema["anyOf"])}
            schema.pop("anyOf")
            return self.of(schema, document, depth)
        if "enum" in schema:
            return self.pick(schema["enum"])
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type", "any")
        kind = self.pick(kind) if isinstance(kind, list) else kind
        match kind:
            case "object":
                return self.object(schema, document, depth)
            case "array":
                longest = 4 if depth < 5 else 2
                return [self.of(schema.get("items", {}), document, depth + 1) for _ in range(self.below(longest))]
            case "string":
                return self.text(schema)
            case "integer" | "number":
                return self.number(schema, whole=kind == "integer")
            case "boolean":
                return self.below(2) == 1
            case "null":
                return None
        return copy.deepcopy(self.pick(_ANYTHING))

    def object(self, schema: Any, document: Any, depth: int) -> Any:
        required = schema.get("required", ())
        properties = schema.get("properties", {})
        result = {
            name: self.of(member, document, depth + 1)
            for name, member in properties.items()
            if member is not False and (name in required or self.below(10) >= 10 - self.fullness)
        }
        others = schema.get("additionalProperties", True)
        if others is not False and self.below(3) == 2:
            free = [name for name in _ODD_NAMES if name not in properties]
            for _ in range(1 + self.below(3)):
                result[self.pick(free)] = self.of({} if others is True else others, document, depth + 1)
        if len(result) < schema.get("minProperties", 0):
            name = next(iter(properties))
            result[name] = self.of(properties[name], document, depth + 1)
        return result

    def text(self, schema: Any) -> str:
        known = [text for text in schema.get("examples", ()) if isinstance(text, str)]
        if "pattern" in schema:
            assert known, "examples are what is known of a pattern"
            more: tuple[str, ...] = ()
        else:
            more = _OF_FORMAT[schema["format"]] if "format" in schema else _TEXTS
        text: str = self.pick([*known, *more])
        return text if len(text) >= schema.get("minLength", 0) else "one"

    def number(self, schema: Any, whole: bool) -> Any:
        least, most = schema.get("minimum", -(10**6)), schema.get("maximum", 10**13)
        options = [number for number in (0, 1, 7, least, most, 1_426_725_328_000) if least <= number <= most]
        if not whole:
            options += [number for number in (0.5, 2.25) if least <= number <= most]
        return self.pick(options)


_TEXTS = (
    "12", "7", "301", "red", "open", "", "self", "Arrived", "HANDLING", "closed", "é <b>x</b> &amp;", "email",
    "note", "a,b", "0",
    "https://example.com/case/1", "2024-05-14T10:30:00Z", "https://example.com/customer?id=1&x=%20y", "/ws/v20/1",
    "COMMENT",
)  # fmt: skip
_ODD_NAMES = ("x", "a.b", "", "this", "first name", "red")
_ANYTHING: tuple[Any, ...] = (
    "red",
    1,
    None,
    True,
    [],
    {"a": None},
    ["red", "blue"],
    0.5,
    "",
    [1, None],
    {"": []},
    ["one"],
)
_OF_FORMAT = {
    "date-time": (
        "2024-05-14T10:30:00Z", "2024-05-14T10:30:00.123456+02:00", "1999-12-31t23:59:60z", "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59.999-10:00", "2024-02-29T00:00:00.1-03:00",
    ),
    "uri": ("https://example.com/a%20b?q=1#x", "mailto:ada@example.com", "urn:case:1", "https://example.com"),
    "uri-reference": ("/system/ws/v20/1", "", "../up?x", "#part", "//example.com/x", "https://example.com/self"),
}  # fmt: skip


# generated chains of two mappings


@examples(25)
@given(mapping_files("a", "b"), mapping_files("b", "c"), st.lists(payloads(), min_size=1, max_size=3))
def test_composed_mappings_are_the_mappings_in_turn(
    first: MappingText, second: MappingText, documents: list[Any]
) -> None:
    try:
        chain = [loaded(text, f"{number}.yaml") for number, text in enumerate((first, second))]
    except MappingError:
        reject()
    for outcome in check(chain, documents):
        event("rejected" if outcome.rejected else "value")


def check(chain: list[Mapping], documents: list[Any]) -> list[Outcome]:
    """Hold composed mappings equal to the evaluator of each in turn; gives the outcomes."""
    expected = [_evaluated(chain, document) for document in documents]
    for knowledge in ({}, schema_of(documents)):
        source = SourceSchema(SchemaStore({"a/document": knowledge}, {}), "a/document")
        tree, root = compose(chain, source)
        compiled = CompiledTree(tree, root, PARAMS, "test", Facts(tree, root, source))
        for document, outcome in zip(documents, expected, strict=True):
            for name, found in outcomes_of(compiled, document):
                if outcome.rejected is None or found.rejected is not None:
                    assert found == outcome, f"{name}: {found}, not {outcome}"
    return expected


FOUND: dict[str, tuple[str, str, Any]] = {
    "a null document between": ("{const: null, nulls: keep}", "{fields: {from: x}}", {}),
    "sorted items without a value": (
        "{fields: {name: x}}",
        "{fields: {tags: {each: items, sort_by: x, value: parent.title}}}",
        {},
    ),
}
"""What generated examples found once."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once(name: str) -> None:
    *bodies, document = FOUND[name]
    heads = (
        "{casemap: 1, source: a/document, target: b/document, ",
        "{casemap: 1, source: b/document, target: c/document, ",
    )
    texts = [MappingText(head + body[1:]) for head, body in zip(heads, bodies, strict=True)]
    check([loaded(text, f"{number}.yaml") for number, text in enumerate(texts)], [document])


def _evaluated(chain: list[Mapping], document: Any) -> Outcome:
    outcome = Outcome(document)
    for mapping in chain:
        if outcome.rejected is None:
            outcome = outcome_of(*in_turn(mapping), outcome.value, PARAMS)
    return outcome


@examples(6)
@given(mapping_files("a", "b"), mapping_files("b", "c"), payloads())
def test_a_route_of_a_project_is_its_mappings_in_turn(
    tmp_path_factory: pytest.TempPathFactory, first: MappingText, second: MappingText, document: Any
) -> None:
    assume(first.neighbour is None and second.neighbour is None)
    project = tmp_path_factory.mktemp("project")
    for format, text in (("a", first.text), ("b", second.text), ("c", None)):
        _write(project / "schemas" / format / "document.schema.json", json.dumps(open_schema(DOCUMENT)))
        if text is not None:
            _write(project / "mappings" / f"from-{format}" / "document.yaml", text)
    catalog = Catalog(project)
    try:
        chain = [catalog.converter(f"{a}/document", f"{b}/document", PARAMS) for a, b in ("ab", "bc")]
    except MappingError:
        reject()
    expected = _in_turn(chain, document)
    found = _converted(catalog.converter("a/document", "c/document", PARAMS), document)
    if expected.rejected is None or found.rejected is not None:
        assert found == expected


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
