"""The code of both doors: what is computed once, what is never shared, how members are reached."""

from __future__ import annotations

from typing import Any

import pytest

from casemap import Catalog
from casemap.analysis.presence import Facts
from casemap.compiler.function import CompiledTree
from casemap.compiler.typed import TypedSource, typed_trees
from casemap.functions import BUNDLED
from casemap.mapping.core import Call, Const, Member, Object, Path, Rest, Symbol
from casemap.schema.store import SchemaStore, SourceSchema
from casemap.span import Span

SPAN = Span("test.yaml", 1, 1)
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "in": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "seen": {"type": "string", "format": "date-time"},
        "note": {"type": ["string", "null"]},
        "customer": {"type": "object", "properties": {"id": {"type": "string"}}},
    },
}
ROOT = Symbol("document")
STORE = SchemaStore({"test/case": SCHEMA}, {})


def path(*steps: str | int, keep_null: bool = False) -> Path:
    return Path(ROOT, steps, SPAN, keep_null)


def call(name: str, *arguments: Any) -> Call:
    function = BUNDLED.get(name)
    assert function is not None
    given = [argument if isinstance(argument, Path | Call) else Const(argument, SPAN) for argument in arguments]
    given += [Const(parameter.default, SPAN) for parameter in function.parameters[len(given) :]]
    return Call(function, tuple(given), SPAN)


def tree(**members: Any) -> Object:
    return Object(tuple(Member(key, value, SPAN) for key, value in members.items()), "never", SPAN)


def compiled(**members: Any) -> CompiledTree:
    node = tree(**members)
    return CompiledTree(node, ROOT, {}, "test", Facts(node, ROOT, SourceSchema(STORE, "test/case")))


def typed_code(**members: Any) -> str:
    (found,) = typed_trees(tree(**members), ROOT, {}, TypedSource(STORE, "test/case"), title="test")
    return found.source_code


def test_the_same_text_is_computed_once() -> None:
    code = compiled(a=call("upper", path("id")), b=call("upper", path("id"))).source_code

    assert code.count("upper(") == 1


def test_a_result_holds_no_array_twice() -> None:
    convert = compiled(a=call("unique", path("tags")), b=call("unique", path("tags"))).convert
    result = convert({"id": "1", "tags": ["x", "x"]})

    assert result == {"a": ["x"], "b": ["x"]}
    assert result["a"] is not result["b"]


def test_what_only_one_branch_computes_is_not_taken_for_granted_after_it() -> None:
    convert = compiled(
        a=call("replace", path("customer", "id"), "x", call("upper", path("in")), None),
        b=call("upper", path("in")),
    ).convert

    assert convert({"id": "1"}) == {}
    assert convert({"id": "1", "in": "y"}) == {"b": "Y"}
    assert convert({"id": "1", "in": "y", "customer": {"id": "axa"}}) == {"a": "aYa", "b": "Y"}


def test_members_are_attributes_of_decoded_documents() -> None:
    code = typed_code(a=path("customer", "id"), b=path("in"), c=path("unknown"))

    assert "document.customer" in code
    assert "document.unknown" in code
    assert "document.member_1" in code  # `in` is no name of Python's
    assert ".get(" not in code


def test_a_null_is_told_from_a_member_that_is_not_there() -> None:
    code = typed_code(a=path("note", keep_null=True))

    assert "NULL if note_2 is None else None if note_2 is not_there else note_2" in code


@pytest.mark.parametrize("output", ["rfc3339", "epoch_ms"])
def test_a_time_as_most_write_it_is_its_own_result(output: str) -> None:
    code = typed_code(a=call("datetime", path("seen"), "iso8601", output))

    assert ("seen if len(seen) == 24" in code) == (output == "rfc3339")


def test_a_time_just_written_in_utc_is_not_written_again() -> None:
    once = call("datetime", path("in"), "%Y-%m-%dT%H:%M:%S%z")

    assert "datetime_2" not in typed_code(a=call("datetime", once))
    assert "datetime_2" in typed_code(a=call("datetime", once, "iso8601", "epoch_ms"))


def test_the_rest_of_an_object_inside_is_no_part_of_the_code() -> None:
    code = typed_code(
        a=Rest(path("customer"), frozenset(["id"]), SPAN), b=Rest(path(), frozenset(SCHEMA["properties"]), SPAN)
    )

    assert "document.customer" in code.partition("_value")[2] or "customer" not in code
    assert code.count("rest_of(") == 1


def test_the_code_of_the_first_door_is_for_plain_documents() -> None:
    code = Catalog().converter("telecomx/case", "khoros/case").source_code

    assert "document['_id']" in code
    assert "document._id" not in code
