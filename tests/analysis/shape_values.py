"""Values of a shape to try functions on: odd ones of each kind, held to the shape by the validator."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import jsonschema_rs

from casemap.schema.formats import strict
from casemap.schema.shapes import Shape, key_of, types_of

__all__ = ["says", "values_of_shape"]

TIMES = (
    *("2021-08-25T13:18:25Z", "2021-08-25t13:18:25.123456789z", "1999-02-28T23:59:59+23:59", "2016-12-31T23:59:60Z"),
    *(
        "2017-01-01T05:29:60.5+05:30",
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59.999-23:59",
    ),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00-00:00", "1890-06-01T12:00:00Z", "2020-02-29T00:00:00.1-03:00"),
    *(
        "9998-12-31T23:59:59Z",
        "9999-12-31T23:59:60Z",
        "2021-03-28T02:30:00",
        "25/08/2021 13:18",
        "0001-01-01T00:00:00+23:59",
    ),
)
URIS = (
    *(
        "https://example.com",
        "https://example.com/a/b?c=1#d",
        "urn:isbn:1",
        "mailto:a@b.c",
        "a:",
        "a:b",
        "http://h",
        "x://",
    ),
    *(
        "file:///a/../b",
        "http://[::1]/",
        "a:/b",
        "a:/./b",
        "http://h?q",
        "http://u:p@h:80/%41",
        "a:b/c/d",
        "A+-.1:..",
        "a:///b",
    ),
)
REFERENCES = (
    *(
        "/",
        "//h",
        "//",
        "///x",
        "?q",
        "#f",
        "a",
        "../a",
        "./a:b",
        "/a//b",
        "..//b",
        "./",
        "..",
        "%41",
        ".//a",
        "/..//a",
        "?",
        "#",
    ),
    *("https://h/?q=1", "/x?q=%41+b&q=2", "?q=%", "?%71=x"),
)
_ODD = (
    *(
        "",
        "a",
        "A",
        "b",
        " a ",
        "ß",
        "İ",
        "a b",
        "a-b [1]",
        "true",
        "false",
        "null",
        "%20",
        "%",
        "%41%",
        "é\n",
        "<b>&lt;</b>",
        "[1]",
        "\u00a0x",
    ),
    *(
        "a,b,c",
        "x;y",
        "[2021,b]",
        "aaa",
        "a\rb",
        "x\u2028y",
        "a1",
        "self",
        "key",
        "d\u0301",
        "👩‍👩‍👧",
        "x" * 300,
        "a b c d e",
        '{"a":1}',
        "dns",
        "left",
        "ab",
        "xyz",
        ".....",
    ),
)
_DIGITS = (
    *(
        "1",
        "12",
        "-0",
        "0",
        "007",
        "1.50",
        "-1.5",
        "99.99",
        "1e2",
        "1E+9",
        "1e-99",
        " 12 ",
        "12345678901234567890",
        "0.1",
        "-7",
        "4.0",
        "1e400",
    ),
    *(
        "9" * 4300,
        "-" + "9" * 4299,
        "9" * 4301,
        "9" * 200 + "." + "9" * 200 + "e99",
        "0." + "0" * 199 + "1e-99",
        "9" * 15 + ".5",
        "0" * 40,
    ),
)
TEXTS = (*_ODD, *_DIGITS, *TIMES, *URIS, *REFERENCES)
NUMBERS: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2,
        3,
        7,
        9,
        10,
        100,
        -3,
        4.0,
        -0.0,
        0.0,
        0.5,
        1.5,
        -2.5,
        2.5,
        -5.5,
        7.5,
        0.1,
        1e-7,
        5e-324,
        123456.789,
        1.5e-10,
    ),
    *(
        2**53,
        2**53 + 1,
        -(2**63),
        2**64,
        10**30,
        10**150,
        -(10**150),
        10**400,
        1e22,
        1e150,
        1e308,
        1.7976931348623157e308,
    ),
    *(
        -1.7976931348623157e308,
        253402300799,
        253402300800,
        -62167219200,
        -62167219201,
        1431371012000,
        253402300799000,
        -62167219200000,
    ),
)


def says(shape: Shape, value: Any) -> bool:
    """Whether a validator takes the value for one of the shape."""
    return bool(_validator(shape).is_valid(value))


_validators: dict[bytes, Any] = {}
_pools: dict[bytes, list[Any]] = {}


def _validator(shape: Shape) -> Any:
    key = key_of(shape)
    if key not in _validators:
        _validators[key] = jsonschema_rs.validator_for(strict(shape), validate_formats=True, offline=True)
    return _validators[key]


def values_of_shape(shape: Shape) -> list[Any]:
    """Values of a shape, but null: the same ones each time, and none where the pool has none."""
    key = key_of(shape)
    if key not in _pools:
        r, valid = Random(0), _validator(shape).is_valid
        texts = [text for text in TEXTS if "string" in types_of(shape) and valid(text)]
        numbers = [number for number in NUMBERS if types_of(shape) & {"number", "integer"} and valid(number)]
        made = [value for _ in range(60) if (value := _near(r, shape)) is not None and valid(value)]
        _pools[key] = [*texts, *numbers, *made, *(way for value in made for way in _ways(value) if valid(way))]
    return _pools[key]


def _ways(value: Any) -> Iterator[Any]:
    """Other Python values for the same JSON value: whole numbers as floats, members in another order."""
    if isinstance(value, list):
        yield [next(_ways(item), item) for item in value]
    elif isinstance(value, dict):
        yield {name: next(_ways(member), member) for name, member in reversed(value.items())}
    elif type(value) is int and abs(value) <= 2**1000 and float(value) == value:
        yield float(value)


def _near(r: Random, shape: Shape, depth: int = 2) -> Any:
    """A value that is meant for a shape, though it need not be one."""
    if shape is True or shape == {} or not isinstance(shape, dict):
        return _any(r, depth)
    if "const" in shape:
        return shape["const"]
    if "enum" in shape:
        return r.choice(shape["enum"])
    if "anyOf" in shape:
        return _near(r, r.choice(shape["anyOf"]), depth)
    if "allOf" in shape:
        return _near(
            r,
            {
                keyword: value
                for part in (*shape["allOf"], shape)
                for keyword, value in part.items()
                if keyword != "allOf"
            },
            depth,
        )
    match r.choice(sorted(types_of(shape)) or ["null"]):
        case "array":
            return _near_array(r, shape, depth)
        case "object":
            return _near_object(r, shape, depth)
        case "string":
            return r.choice([text for text in TEXTS if says(shape, text)] or [""]) if depth else r.choice(TEXTS)
        case "integer" | "number":
            return r.choice(NUMBERS)
        case "boolean":
            return r.random() < 0.5
    return None


def _any(r: Random, depth: int) -> Any:
    form = r.randrange(6) if depth else 0
    if form == 4:
        return [_any(r, depth - 1) for _ in range(r.randrange(4))]
    if form == 5:
        return {name: _any(r, depth - 1) for name in r.sample(("a", "b", "key", "value", "rel"), r.randrange(4))}
    return r.choice([True, False, r.choice(NUMBERS), r.choice(TEXTS), r.choice(_ODD), r.choice([None, 1])])


def _near_array(r: Random, shape: dict[str, Any], depth: int) -> list[Any]:
    first, items = shape.get("prefixItems", []), shape.get("items", True)
    least = shape.get("minItems", 0)
    count = r.randint(least, min(shape.get("maxItems", least + 3), least + 3))
    return [_near(r, first[index] if index < len(first) else items, depth - 1) for index in range(count)]


def _near_object(r: Random, shape: dict[str, Any], depth: int) -> dict[str, Any]:
    properties, others = shape.get("properties", {}), shape.get("additionalProperties", True)
    names = [*shape.get("required", ()), *(name for name in properties if r.random() < 0.6)]
    if others is not False and r.random() < 0.7:
        names.append(r.choice(("a", "b", "c", "x y", "key")))
    return {name: _near(r, properties.get(name, others), depth - 1) for name in names}
