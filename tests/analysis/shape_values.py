"""Values of a shape, as a Hypothesis strategy: near to what the shape says, and then held to it by the validator."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

from casemap.schema.formats import strict
from casemap.schema.shapes import Shape, key_of, types_of

__all__ = ["says", "values_for"]

TIMES = (
    *("2021-08-25T13:18:25Z", "2021-08-25t13:18:25.123456789z", "1999-02-28T23:59:59+23:59", "2016-12-31T23:59:60Z"),
    *(
        "2017-01-01T05:29:60.5+05:30",
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59.999-23:59",
    ),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00-00:00", "1890-06-01T12:00:00Z", "2020-02-29T00:00:00.1-03:00"),
    *("9998-12-31T23:59:60Z", "9999-12-31T23:59:60Z"),
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
    *URIS,
    "",
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
)
_ODD = (
    "",
    "a",
    "A",
    " a ",
    "ß",
    "İ",
    "a b",
    "1",
    "-0",
    "1.5",
    "1e2",
    "true",
    "null",
    "%20",
    "%",
    "é\n",
    "<b>&lt;</b>",
    "[1]",
    "a,b,c",
    "0" * 40,
)
_LETTERS = st.characters(exclude_categories=["Cs"])


@cache
def _validator(key: bytes) -> Any:
    import orjson

    return jsonschema_rs.validator_for(strict(orjson.loads(key)), validate_formats=True, offline=True)


def says(shape: Shape, value: Any) -> bool:
    """Whether a validator takes the value for one of the shape."""
    try:
        return bool(_validator(key_of(shape)).is_valid(value))
    except ValueError:  # digits beyond what the key could be read back from
        return bool(jsonschema_rs.validator_for(strict(shape), validate_formats=True).is_valid(value))


def values_for(shape: Shape) -> st.SearchStrategy[Any]:
    """Values of a shape."""
    return _near(shape).filter(lambda value: says(shape, value))


def _near(shape: Shape) -> st.SearchStrategy[Any]:
    if shape is False:
        return st.nothing()
    if not isinstance(shape, dict) or not shape:
        return _anything()
    if "const" in shape:
        return st.sampled_from(_ways(shape["const"]))
    if "enum" in shape:
        return st.sampled_from([way for value in shape["enum"] for way in _ways(value)])
    if "anyOf" in shape:
        return st.one_of([_near(part) for part in shape["anyOf"]])
    if "allOf" in shape:
        merged = {keyword: value for part in shape["allOf"] for keyword, value in part.items()}
        return _near({**merged, **{keyword: value for keyword, value in shape.items() if keyword != "allOf"}})
    return st.one_of([_of_type(name, shape) for name in sorted(types_of(shape))])


def _ways(value: Any) -> list[Any]:
    """The Python values that a JSON value may come as: a whole number as a float, too."""
    if isinstance(value, list):
        return [value, [_ways(item)[-1] for item in value]]
    if isinstance(value, dict):
        return [value, {name: _ways(member)[-1] for name, member in reversed(value.items())}]
    if isinstance(value, float) and value.is_integer():
        return [value, int(value)]
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**1000
    return [value, float(value)] if whole and float(value) == value else [value]


def _anything() -> st.SearchStrategy[Any]:
    scalars = st.one_of(st.booleans(), _numbers({}, whole=True), _numbers({}, whole=False), st.sampled_from(_ODD))
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=5,
    )


def _of_type(name: str, shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    match name:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return _numbers(shape, whole=True)
        case "number":
            return _numbers(shape, whole=False)
        case "string":
            return _texts(shape)
        case "array":
            return _arrays(shape)
    return _objects(shape)


def _numbers(shape: dict[str, Any], whole: bool) -> st.SearchStrategy[Any]:
    low, high = shape.get("minimum"), shape.get("maximum")
    ends = [end for end in (low, high) if end is not None]
    odd: list[Any] = [
        0,
        1,
        -1,
        2**53 + 1,
        -(2**63),
        2**64,
        10**30,
        10**400,
        4.0,
        -0.0,
        1e308,
        -1.7976931348623157e308,
        1e22,
    ]
    if whole:
        least, most = (None if end is None else int(end) for end in (low, high))
        found: st.SearchStrategy[Any] = st.integers(
            least, most if most is None or least is None or most >= least else least
        )
        return st.one_of(found, st.sampled_from([*odd, *ends]), st.integers(-20, 20))
    odd += [0.5, -2.5, 5e-324, 1e-7, 123456.789, 1.5e-10, 0.1]
    return st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([*odd, *ends]))


def _texts(shape: dict[str, Any]) -> st.SearchStrategy[str]:
    form = shape.get("format")
    if form == "date-time":
        return st.sampled_from(TIMES) | st.datetimes().map(lambda at: at.isoformat() + "Z")
    if form in ("uri", "uri-reference"):
        return st.sampled_from(URIS if form == "uri" else REFERENCES)
    if "pattern" in shape:
        pattern = shape["pattern"]
        return st.from_regex(re.compile(pattern.replace("$", r"\Z") if pattern.endswith("$") else pattern))
    least, most = shape.get("minLength", 0), shape.get("maxLength")
    return st.one_of(
        st.sampled_from([*_ODD, *TIMES]),
        st.text(_LETTERS, min_size=least, max_size=least + 6 if most is None else most),
    )


def _arrays(shape: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    least, most = shape.get("minItems", 0), shape.get("maxItems")
    if "prefixItems" in shape:
        return st.tuples(*(_near(part) for part in shape["prefixItems"])).map(list)
    items = shape.get("items", True)
    if items is False:
        return st.just([])
    return st.lists(_near(items), min_size=least, max_size=least + 3 if most is None else most)


def _objects(shape: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = {name: part for name, part in shape.get("properties", {}).items() if part is not False}
    required = shape.get("required", [])
    own = {
        name: _near(properties.get(name, shape.get("additionalProperties", True))) for name in (*properties, *required)
    }
    fixed = st.fixed_dictionaries(
        {name: own[name] for name in required},
        optional={name: found for name, found in own.items() if name not in required},
    )
    others = shape.get("additionalProperties", True)
    if others is False:
        return fixed
    more = st.dictionaries(st.sampled_from(["a", "b", "key", "other", "x y"]), _near(others), max_size=2)
    return st.tuples(more, fixed).map(lambda pair: {**pair[0], **pair[1]})
