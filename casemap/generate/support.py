"""What generated models share: base classes, JSON's own types, and rules for what types cannot say.

This module is copied beside the generated ones, so that they need pydantic and jsonschema-rs and nothing of casemap.

A model takes exactly what its schema takes, and writes what it read: `M.model_validate_json(text).model_dump_json()`
is the same JSON. No flags are needed: keys are written as the schema spells them, a member that was absent stays
absent (its attribute is `pydantic.MISSING`), null stays null, times keep their text.

Keywords of JSON Schema that pydantic has no exact word for are checked by jsonschema-rs; see `SchemaRule`.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Never, Self, TypeVar

from pydantic import (
    MISSING,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    GetPydanticSchema,
    RootModel,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema, to_jsonable_python

__all__ = [
    "DateText",
    "DateTimeText",
    "DurationText",
    "EmailText",
    "HostnameText",
    "IdnEmailText",
    "IdnHostnameText",
    "Ipv4Text",
    "Ipv6Text",
    "IriReferenceText",
    "IriText",
    "JsonInteger",
    "JsonNumber",
    "JsonPointerText",
    "JsonValue",
    "NoValue",
    "ObjectModel",
    "RegexText",
    "RelativeJsonPointerText",
    "RuledModel",
    "SchemaRule",
    "TimeText",
    "UriReferenceText",
    "UriTemplateText",
    "UriText",
    "UuidText",
    "ValueModel",
]

_MAX_DEPTH = 200
"""As deep as pydantic reads JSON texts."""


@functools.cache
def _validator(schema: str) -> Any:
    import jsonschema_rs  # only once a rule is asked

    return jsonschema_rs.Draft202012Validator(json.loads(schema), offline=True, validate_formats=True)


def _plain(value: Any) -> Any:
    """A value of Python as JSON: models by the names of their schema."""
    return to_jsonable_python(value, by_alias=True, inf_nan_mode="constants")


class SchemaRule:
    """A JSON Schema that a value must obey beside its type: `Annotated[str, SchemaRule({"format": "date-time"})]`.

    `definitions` are the schemas that it refers to as `#/$defs/...`. jsonschema-rs decides (draft 2020-12, formats
    asserted), so a pattern, a format or a condition means here what it means to `casemap validate`. A value that is
    not valid raises `pydantic.ValidationError` of type `schema`.
    """

    __slots__ = ("_text", "schema")

    def __init__(self, schema: Mapping[str, Any], definitions: Mapping[str, Any] | None = None) -> None:
        self.schema = schema if definitions is None else {**schema, "$defs": definitions}
        self._text = json.dumps(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaRule) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"SchemaRule({self.schema!r})"

    def check(self, value: Any) -> Any:
        """The value itself, if it is valid; an absent one is."""
        if value is MISSING:
            return value
        validator = _validator(self._text)
        try:
            if validator.is_valid(value):
                return value
        except ValueError:  # models within, or what is no JSON value
            return self._check_plain(value, validator)
        raise _violation(validator, value)

    def _check_plain(self, value: Any, validator: Any) -> Any:
        try:
            plain = _plain(value)
            if validator.is_valid(plain):
                return value
        except ValueError:
            raise PydanticCustomError("schema", "not a JSON value") from None
        raise _violation(validator, plain)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        if "$defs" in self.schema or "$ref" in found:
            return found
        return {**found, **self.schema}


def _violation(validator: Any, value: Any) -> PydanticCustomError:
    """What is wrong first; the place is the JSON Pointer within the value, RFC 6901."""
    error = next(validator.iter_errors(value))
    place = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.instance_path)
    message = error.message if len(error.message) <= 300 else f"{error.message[:297]}..."
    # pydantic fills in fields in braces, of which the message is one
    return PydanticCustomError(
        "schema", "{where}{message}", {"where": f"{place}: " if place else "", "message": message}
    )


def _is_json(value: Any) -> bool:
    """Whether a value is JSON, nested at most `_MAX_DEPTH` deep; NaN and the infinities are not."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if item is None or isinstance(item, str | int):
                continue
            if isinstance(item, float):
                if not math.isfinite(item):
                    return False
            elif isinstance(item, dict):
                if not all(isinstance(key, str) for key in item):
                    return False
                below += item.values()
            elif isinstance(item, list | tuple):
                below += item
            elif not isinstance(item, BaseModel):
                return False
        if not below:
            return True
        level = below
    return False


def _json_value(value: Any) -> Any:
    if value is MISSING or _is_json(value):
        return value
    raise PydanticCustomError("json_value", "Input should be a JSON value, with finite numbers and little nesting")


def _whole(value: float) -> int:
    if value.is_integer():
        return int(value)
    raise PydanticCustomError("integer", "Input should be an integer")


def _never(value: Any) -> Never:
    raise PydanticCustomError("nothing", "This member is not allowed")


def _integer(_source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
    # made anew each time, for pydantic writes into it
    return core_schema.union_schema(
        [
            core_schema.int_schema(strict=True),
            core_schema.no_info_after_validator_function(_whole, _float()),
        ],
        mode="left_to_right",
        custom_error_type="integer",
        custom_error_message="Input should be an integer",
    )


def _number(_source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
    return core_schema.union_schema(
        [core_schema.int_schema(strict=True), _float()],
        mode="left_to_right",
        custom_error_type="number",
        custom_error_message="Input should be a number",
    )


def _float() -> core_schema.CoreSchema:
    return core_schema.float_schema(strict=True, allow_inf_nan=False)


def _json(source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
    return core_schema.no_info_after_validator_function(_json_value, handler(source))


def _nothing(_source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
    return core_schema.no_info_plain_validator_function(_never)


JsonInteger = Annotated[int, GetPydanticSchema(_integer, lambda _schema, _handler: {"type": "integer"})]
"""An integer of any size. JSON Schema counts 4.0 as one: it is read as 4. True is none, nor is "4"."""

JsonNumber = Annotated[int | float, GetPydanticSchema(_number, lambda _schema, _handler: {"type": "number"})]
"""A finite number. An integer stays one, at any size."""

JsonValue = Annotated[Any, GetPydanticSchema(_json)]
"""Any JSON value."""

NoValue = Annotated[Never, GetPydanticSchema(_nothing, lambda _schema, _handler: {"not": {}})]
"""No value: a member of this type must be absent."""


# RFC 3339, section 5.6. The patterns are beside the formats since jsonschema-rs takes some signs for digits there
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})"

DateTimeText = Annotated[StrictStr, SchemaRule({"format": "date-time", "pattern": f"^{_DATE}[Tt]{_TIME}$"})]
DateText = Annotated[StrictStr, SchemaRule({"format": "date", "pattern": f"^{_DATE}$"})]
TimeText = Annotated[StrictStr, SchemaRule({"format": "time", "pattern": f"^{_TIME}$"})]
DurationText = Annotated[StrictStr, SchemaRule({"format": "duration"})]
EmailText = Annotated[StrictStr, SchemaRule({"format": "email"})]
IdnEmailText = Annotated[StrictStr, SchemaRule({"format": "idn-email"})]
HostnameText = Annotated[StrictStr, SchemaRule({"format": "hostname"})]
IdnHostnameText = Annotated[StrictStr, SchemaRule({"format": "idn-hostname"})]
Ipv4Text = Annotated[StrictStr, SchemaRule({"format": "ipv4"})]
Ipv6Text = Annotated[StrictStr, SchemaRule({"format": "ipv6"})]
UriText = Annotated[StrictStr, SchemaRule({"format": "uri"})]
UriReferenceText = Annotated[StrictStr, SchemaRule({"format": "uri-reference"})]
IriText = Annotated[StrictStr, SchemaRule({"format": "iri"})]
IriReferenceText = Annotated[StrictStr, SchemaRule({"format": "iri-reference"})]
UriTemplateText = Annotated[StrictStr, SchemaRule({"format": "uri-template"})]
UuidText = Annotated[StrictStr, SchemaRule({"format": "uuid"})]
JsonPointerText = Annotated[StrictStr, SchemaRule({"format": "json-pointer"})]
RelativeJsonPointerText = Annotated[StrictStr, SchemaRule({"format": "relative-json-pointer"})]
RegexText = Annotated[StrictStr, SchemaRule({"format": "regex"})]


class ObjectModel(BaseModel):
    """A JSON object. Members that the schema does not name are in `model_extra`, unless the schema forbids them.

    An attribute that is absent is `MISSING`; set it to `MISSING` to take it away. Assignments are validated.
    """

    model_config = ConfigDict(
        extra="allow",
        serialize_by_alias=True,
        validate_assignment=True,
        protected_namespaces=(),
        arbitrary_types_allowed=True,
    )
    if not TYPE_CHECKING:  # pydantic reads it, type checkers would take it for an argument
        __pydantic_extra__: dict[str, JsonValue]

    def __init__(self, /, **data: Any) -> None:
        """Takes the attributes by their names in Python or in JSON. Raises `pydantic.ValidationError`."""
        self.__pydantic_validator__.validate_python(data, self_instance=self, by_alias=True, by_name=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        return ((name, value) for name, value in super().__repr_args__() if value is not MISSING)

    # pydantic would call an `__init__` that it takes for a user's once for each object that it reads
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]


class RuledModel(ObjectModel):
    """A JSON object of which a schema says more than types can: it must obey `__rule__`."""

    __rule__: ClassVar[SchemaRule]

    @model_validator(mode="after")
    def _obey(self) -> Self:
        self.__rule__.check(_plain(self))
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        """Assign to an attribute; raises `pydantic.ValidationError` and changes nothing where that is not valid."""
        extra = None if self.__pydantic_extra__ is None else self.__pydantic_extra__.copy()
        before, known = self.__dict__.copy(), self.__pydantic_fields_set__.copy()
        try:
            super().__setattr__(name, value)
        except ValueError:  # pydantic asks the rule once the value is in its place, and leaves it there
            object.__setattr__(self, "__dict__", before)
            object.__setattr__(self, "__pydantic_extra__", extra)
            object.__setattr__(self, "__pydantic_fields_set__", known)
            raise


Root = TypeVar("Root")


class ValueModel(RootModel[Root]):
    """A JSON value that is no object, or not always: `root` holds it."""

    model_config = ConfigDict(serialize_by_alias=True, validate_assignment=True, arbitrary_types_allowed=True)
