"""What generated models share: JSON's types in Python, absence, extra members, assignments, rules."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import MISSING, Field, StrictStr, TypeAdapter, ValidationError

from casemap.generate import support
from casemap.generate.keywords import FORMATS
from casemap.generate.names import SUPPORT_CLASSES, format_class
from casemap.generate.support import (
    DateTimeText,
    JsonInteger,
    JsonNumber,
    JsonValue,
    NoValue,
    ObjectModel,
    RuledModel,
    SchemaRule,
    ValueModel,
)
from casemap.schema.formats import PATTERNS


class Item(ObjectModel):
    """Two members, one of which has another name in JSON."""

    name: StrictStr
    class_: Annotated[JsonInteger | MISSING | None, Field(alias="class", ge=0)] = MISSING


class Box(RuledModel):
    """Items, of which no two are the same, and more than nothing."""

    __rule__ = SchemaRule({"minProperties": 1, "properties": {"note": {"maxLength": 3}}})

    items: Annotated[list[Item] | MISSING, SchemaRule({"uniqueItems": True})] = MISSING
    size: JsonNumber | MISSING = MISSING


class Boxes(ValueModel[list[Box]]):
    """Several."""


def test_the_names_that_class_names_avoid_are_those_of_the_module() -> None:
    assert sorted((*SUPPORT_CLASSES, *map(format_class, FORMATS))) == support.__all__


def test_times_are_as_strict_as_in_schemas() -> None:
    for format, pattern in PATTERNS.items():
        rule = getattr(support, format_class(format)).__metadata__[-1]
        assert rule == SchemaRule({"format": format, "pattern": pattern})


def adapted(type_: Any) -> Callable[[Any], Any]:
    return TypeAdapter(type_).validate_python


@pytest.mark.parametrize(
    ("type_", "given", "read"),
    [
        (JsonInteger, 4, 4),
        (JsonInteger, 4.0, 4),
        (JsonInteger, 10**400, 10**400),
        (JsonNumber, 4, 4),
        (JsonNumber, 4.0, 4.0),
        (JsonNumber, 2**70, 2**70),
        (JsonValue, {"a": [None, True, 1.5, ""]}, {"a": [None, True, 1.5, ""]}),
        (DateTimeText, "2024-05-14T08:48:05.000Z", "2024-05-14T08:48:05.000Z"),
        (DateTimeText, "1990-12-31T23:59:60Z", "1990-12-31T23:59:60Z"),
    ],
)
def test_a_json_value_is_taken(type_: Any, given: Any, read: Any) -> None:
    found = adapted(type_)(given)
    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        (JsonInteger, 4.5),
        (JsonInteger, True),
        (JsonInteger, "4"),
        (JsonInteger, math.inf),
        (JsonNumber, False),
        (JsonNumber, "1"),
        (JsonNumber, math.nan),
        (JsonValue, math.inf),
        (JsonValue, [[-math.inf]]),
        (JsonValue, {1: "a"}),
        (JsonValue, {"a": {1, 2}}),
        (NoValue, None),
        (DateTimeText, "2024-05-14"),
        (DateTimeText, "2021-08-25T1+:18:25Z"),
        (DateTimeText, 5),
    ],
)
def test_what_is_no_such_value_is_refused(type_: Any, given: Any) -> None:
    with pytest.raises(ValidationError):
        adapted(type_)(given)


@pytest.mark.parametrize("text", ['{"name": "a", "x": NaN}', '{"name": "a", "x": 1e400}', '{"name": "\\ud800"}'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Item.model_validate_json(text)


@pytest.mark.parametrize("depth", [201, 1_000, 100_000])
def test_deep_nesting_is_refused_and_does_no_harm(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    with pytest.raises(ValidationError):
        Item.model_validate({"name": "a", "x": value})
    with pytest.raises(ValidationError):
        Item.model_validate_json('{"name": "a", "x": ' + "[" * depth + "]" * depth + "}")


def test_absent_is_not_null() -> None:
    absent, null = Item(name="a"), Item(name="a", class_=None)
    assert absent.class_ is MISSING
    assert null.class_ is None
    assert absent.model_dump_json() == '{"name":"a"}'
    assert null.model_dump_json() == '{"name":"a","class":null}'
    null.class_ = MISSING
    assert null == absent
    with pytest.raises(ValidationError):
        absent.name = None  # type: ignore[assignment]


def test_attributes_are_given_by_either_name_and_payloads_by_one() -> None:
    by_name: dict[str, Any] = {"name": "a", "class": 1}
    assert Item(name="a", class_=1) == Item(**by_name)
    read = Item.model_validate({"name": "a", "class_": 1})
    assert read.class_ is MISSING
    assert read.model_extra == {"class_": 1}
    assert json.loads(read.model_dump_json()) == {"name": "a", "class_": 1}


def test_members_within_a_list_are_written_by_the_names_of_json() -> None:
    item = Item(name="a", class_=1)
    assert TypeAdapter(list[Item]).dump_json([item]) == b'[{"name":"a","class":1}]'
    assert Boxes([Box(items=[item])]).model_dump() == [{"items": [{"name": "a", "class": 1}]}]


def test_the_representation_leaves_out_what_is_absent() -> None:
    assert repr(Item(name="a")) == "Item(name='a')"


def test_models_can_be_copied_and_pickled() -> None:
    box = Box.model_validate({"items": [{"name": "a"}], "note": "x"})
    assert pickle.loads(pickle.dumps(box)) == box  # noqa: S301 - our own
    assert copy.deepcopy(box) == box
    assert box.model_copy(update={"size": 2}).model_dump() == {"items": [{"name": "a"}], "size": 2, "note": "x"}


# --- rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "less than 1 property"),
        ({"note": "long"}, '/note: "long" is longer than 3 characters'),
        ({"items": [{"name": "a"}, {"name": "a"}]}, "non-unique"),
    ],
)
def test_a_rule_refuses_and_says_why(payload: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message) as raised:
        Box.model_validate(payload)
    assert [each["type"] for each in raised.value.errors()] == ["schema"]


def test_a_rule_sees_models_as_their_json() -> None:
    with pytest.raises(ValidationError, match="non-unique"):
        Box(items=[Item(name="a", class_=1), Item(name="a", class_=1)])
    assert Box(items=[Item(name="a", class_=1), Item(name="a")]).model_dump() == {
        "items": [{"name": "a", "class": 1}, {"name": "a"}]
    }


def test_a_rule_holds_for_models_within_others_and_for_subclasses() -> None:
    class Sub(Box):
        """Adds nothing."""

    with pytest.raises(ValidationError, match="less than 1 property"):
        Boxes.model_validate([{}])
    with pytest.raises(ValidationError, match="less than 1 property"):
        Sub.model_validate({})


def test_a_refused_assignment_changes_nothing() -> None:
    box = Box.model_validate({"size": 1, "note": "x"})
    before = box.model_copy(deep=True)
    for name, value in (("size", "1"), ("note", "long"), ("other", math.nan)):
        with pytest.raises(ValidationError):
            setattr(box, name, value)
        assert box == before
        assert box.model_fields_set == before.model_fields_set
    alone = Box(size=1)
    with pytest.raises(ValidationError, match="less than 1 property"):
        alone.size = MISSING
    assert alone == Box(size=1)
    alone.size = 2
    assert alone.model_dump() == {"size": 2}


def test_a_value_that_is_no_json_breaks_a_rule() -> None:
    with pytest.raises(ValidationError, match="not a JSON value"):
        TypeAdapter(Annotated[Any, SchemaRule({"minLength": 1})]).validate_python("\ud800")


def test_rules_are_equal_where_their_schemas_are() -> None:
    assert SchemaRule({"minLength": 1}) == SchemaRule({"minLength": 1})
    assert len({SchemaRule({"minLength": 1}), SchemaRule({"minLength": 1}), SchemaRule({"minLength": 2})}) == 2
    assert repr(SchemaRule({"minLength": 1})) == "SchemaRule({'minLength': 1})"


def test_the_json_schema_of_a_model_has_its_rules() -> None:
    schema = Box.model_json_schema()
    assert schema["properties"]["items"]["uniqueItems"] is True
    assert schema["additionalProperties"] == {}


def test_the_module_needs_nothing_of_casemap() -> None:
    """It is copied beside generated models, which may go where casemap is not."""
    assert "casemap" not in [line.split()[1].partition(".")[0] for line in import_lines(Path(support.__file__))]


def import_lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line.lstrip().startswith(("import ", "from "))]
