"""Signatures against the functions themselves: what is said of results, of absence and of failures holds for every call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemap.analysis import signatures
from casemap.errors import Failure
from casemap.functions import BUNDLED
from casemap.functions.operators import OPERATORS, TESTS
from casemap.functions.registry import Function, Parameter
from casemap.schema.shapes import NEVER, Shape, covers, narrowed
from tests.analysis.shape_values import says, values_of_shape

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
INTEGER: Shape = {"type": "integer"}
DATE_TIME: Shape = {**TEXT, "format": "date-time"}
URI: Shape = {**TEXT, "format": "uri"}
REFERENCE: Shape = {**TEXT, "format": "uri-reference"}
ARRAY: Shape = {"type": "array"}
OBJECT: Shape = {"type": "object"}


def arrays_of(items: Shape, **keywords: Any) -> Shape:
    return {"type": "array", "items": items, **keywords}


def closed(properties: dict[str, Shape], *required: str) -> Shape:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


TEXTS: tuple[Shape, ...] = (
    TEXT, {"enum": ["Open", "closed", "İß"]}, {**TEXT, "minLength": 1, "maxLength": 5}, DATE_TIME, URI, {"const": "a-b [1]"},
    {**TEXT, "pattern": "^-?(0|[1-9][0-9]{0,9})$"}, {**TEXT, "pattern": r"^[0-9]{1,3}\.[0-9]{2}$"}, {"enum": ["12", "1e2", "x", "%41%"]},
    {**TEXT, "pattern": "^[^%]*$"}, {**TEXT, "minLength": 3}, {**TEXT, "maxLength": 1},
)  # fmt: skip
NUMBERS: tuple[Shape, ...] = (
    NUMBER, INTEGER, {**INTEGER, "minimum": 0, "maximum": 100}, {**NUMBER, "minimum": -5.5, "maximum": 7.5}, {"enum": [0, 1]},
    {**INTEGER, "minimum": 0}, {**NUMBER, "maximum": -1}, {**NUMBER, "minimum": 1}, {"const": 4.5},
)  # fmt: skip
ITEM = closed(
    {"rel": {"enum": ["self", "next"]}, "a": closed({"b": {"type": ["string", "null"]}}, "b"), "n": INTEGER}, "rel", "a"
)
ARRAYS: tuple[Shape, ...] = (
    ARRAY, arrays_of(TEXT), arrays_of(NUMBER), arrays_of(INTEGER, minItems=1), arrays_of({"enum": ["x", "y"]}, minItems=2, maxItems=3),
    arrays_of({"type": ["string", "null"]}, minItems=1), arrays_of({**NUMBER, "minimum": 0, "maximum": 9}, maxItems=3),
    arrays_of(ITEM, minItems=1), arrays_of(arrays_of(TEXT, minItems=1), maxItems=2), arrays_of({"anyOf": [TEXT, arrays_of(INTEGER)]}, minItems=1),
    {"type": "array", "prefixItems": [TEXT, INTEGER], "items": False, "minItems": 2, "maxItems": 2}, arrays_of({"type": "boolean"}),
    {"const": [1, None, "a"]}, arrays_of(closed({"key": TEXT, "value": True}, "key", "value"), maxItems=1), {"const": []},
    arrays_of(closed({"key": {"enum": ["p", "q"]}, "value": INTEGER}, "key", "value"), maxItems=2), arrays_of({**TEXT, "maxLength": 3}, minItems=2),
)  # fmt: skip
OBJECTS: tuple[Shape, ...] = (
    OBJECT, ITEM, closed({"a": TEXT, "b": {"type": ["integer", "null"]}}, "a"), {"type": "object", "additionalProperties": INTEGER},
    {"type": "object", "properties": {"a": TEXT}}, closed({}), {"const": {"a": 1, "b": [2]}}, {"anyOf": [closed({"a": TEXT}, "a"), closed({"b": INTEGER}, "b")]},
)  # fmt: skip
MIXED: tuple[Shape, ...] = (
    True, {"type": "boolean"}, {"type": ["string", "number", "boolean"]}, {"type": ["string", "array"]}, {"enum": [True, "true", 1, "yes"]},
    {"anyOf": [TEXT, arrays_of(TEXT, minItems=1)]}, {"type": ["integer", "string"]},
)  # fmt: skip
ALL = (*TEXTS, *NUMBERS, *ARRAYS, *OBJECTS, *MIXED)


@dataclass(frozen=True)
class Computed:
    """A later argument that is not a constant."""

    shape: Shape


def times(*forms: tuple[Any, ...]) -> list[list[Any]]:
    defaults = ["iso8601", "rfc3339", "UTC", "ms", None]
    return [[*form, *defaults[len(form) :]] for form in forms]


LATER: dict[str, list[list[Any]]] = {
    "absent_if": [[""], ["a"], [0], [Computed(TEXT)]],
    "trim": [[None], ["[]"], [Computed(TEXT)]],
    "replace": [["a", "", None], ["", "x", None], ["ab", "xyz", 1], [Computed(TEXT), "y", None], ["b", "c", Computed({**INTEGER, "minimum": -1})]],
    "remove_prefix": [["a"], [Computed(TEXT)]],
    "remove_suffix": [["]"], [Computed(TEXT)]],
    "starts_with": [["a"], ["https:"], [Computed(TEXT)]],
    "ends_with": [["a"], ["."], [Computed({**TEXT, "maxLength": 1})]],
    "truncate": [[5, False, "..."], [3, True, ""], [4, False, "…"], [Computed(INTEGER), False, "..."], [5, True, Computed(TEXT)], [1, Computed({"type": "boolean"}), ""]],
    "pad": [[4, " ", "left"], [3, "0", "right"], [Computed({**INTEGER, "maximum": 20}), " ", "left"], [3, Computed({**TEXT, "maxLength": 1}), "left"]],
    "split": [[","], ["ab"], [Computed({**TEXT, "maxLength": 1})]],
    "join": [[""], [", "], [Computed(TEXT)]],
    "regex_test": [["^a"], ["(?i)^A\\d"], [Computed({"enum": ["a", "("]})]],
    "regex_extract": [["^\\[(.*),"], ["[0-9]+"], ["^(\\w+)(\\s|$)"], ["(a)|b"], ["a|b$"], ["(?:x|y)(.)?"], ["^.*$"], ["(?i)a"], ["[^\\s,]+"], ["\\S+"], ["((a)|b)+"]],
    "regex_replace": [["[^0-9+]", ""], ["(a)", "\\1\\1"], ["x*", "-"], ["a", Computed({"enum": ["b", "\\9"]})]],
    "regex_split": [["[,;]\\s*"], ["-"]],
    "url_join": [["/ws/1"], ["../x?y=1"], ["é"], [Computed(REFERENCE)], [Computed(TEXT)], [""]],
    "query_param": [["q"], [Computed(TEXT)]],
    "round": [[0], [2], [-2], [Computed(INTEGER)], [400]],
    "datetime": times(
        (), ("iso8601", "rfc3339", "Europe/Copenhagen"), ("iso8601", "rfc3339", "+05:30", "us"), ("rfc3339", "iso8601", "UTC", "s"),
        ("iso8601", "%Y-%m-%dT%H:%M:%S%z"), ("iso8601", "%A %d %B %y, %I:%M %p %% %f %j %a %b.", "America/New_York"),
        ("iso8601", "epoch_s"), ("iso8601", "epoch_ms"), ("epoch_s",), ("epoch_ms", "rfc3339", "-23:59"), ("epoch_ms", "epoch_s"),
        ("epoch_s", "%Y%m%d"), ("iso8601", "rfc3339", "UTC", "ms", "Europe/Copenhagen"), ("%d/%m/%Y %H:%M", "rfc3339", "UTC", "ms", "UTC"),
    ),
    "slice": [[1, None], [0, 2], [-2, None], [-3, -1], [2, 1], [1, -1], [Computed(INTEGER), None]],
    "map": [["rel"], ["a.b"], ["0"], ["missing"], ["a"], [Computed(TEXT)]],
    "select": [["rel", "self"], ["a.b", "x"], ["n", 1], [Computed(TEXT), "self"], ["rel", Computed(TEXT)]],
    "contains": [["x"], [1], [Computed(True)]],
    "zip": [[Computed(arrays_of(INTEGER, minItems=1))], [["a", "b"]], [Computed(ARRAY)]],
    "pick": [["a"], ["a", "rel"], [Computed(TEXT)], ["missing", "b"]],
    "omit": [["a"], ["rel", "a"], [Computed(TEXT)]],
    "merge": [[Computed(OBJECT)], [Computed(closed({"a": INTEGER, "c": TEXT}, "a"))], [{"b": 1}], [Computed(closed({"a": INTEGER}))]],
    "uuid5": [["dns"], ["6ba7b811-9dad-11d1-80b4-00c04fd430c8"], [Computed({"enum": ["url", "x"]})]],
    **{sign: [[1], [-2], [0], [2.5], [10**18], [Computed(NUMBER)], [Computed(INTEGER)], [Computed({**INTEGER, "minimum": 1, "maximum": 9})]] for sign in ("+", "-", "*", "/", "//", "%")},
    **{sign: [["a"], [1], [Computed(NUMBER)], [Computed(TEXT)]] for sign in ("==", "!=", "<", "<=", ">", ">=")},
    **{sign: [[["a", 1]], ["abc"], [Computed(ARRAY)], [Computed(True)], [Computed(OBJECT)], [Computed(TEXT)]] for sign in ("in", "not in")},
    "~": [["x"], [" [#", Computed(INTEGER), "]"], [Computed({"enum": ["a|b", "."]}), Computed({"type": "boolean"})], [Computed(NUMBER)], [Computed(DATE_TIME), "$"]],
}  # fmt: skip
"""Later arguments by function, several for each; what is not here has none."""

FUNCTIONS: dict[str, Function] = {
    name: function for name in BUNDLED.names() if not (function := BUNDLED.get(name)).special
}  # type: ignore[union-attr,misc]
FUNCTIONS |= dict(OPERATORS) | {f"is {name}": test for name, test in TESTS.items()}
each_function = pytest.mark.parametrize("name", sorted(FUNCTIONS))


def test_each_function_is_called_with_later_arguments_where_it_has_any() -> None:
    with_more = {name for name, function in FUNCTIONS.items() if len(function.parameters) > 1 or function.variadic}
    assert with_more == LATER.keys()


@dataclass(frozen=True)
class Call:
    """A call as it is seen before any value is known, and one set of values."""

    function: Function
    shapes: tuple[Shape, ...]
    constants: tuple[Any, ...]
    arguments: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"{self.function.name}: {self.shapes} {self.constants} {self.arguments}"

    def outcome(self) -> tuple[str, Any]:
        try:
            return "value", self.function.implementation(*self.arguments)
        except Failure as failure:
            return failure.code, None


def constant(value: Any) -> Shape:
    return NEVER if value is None else {"const": value}


def signatures_of(name: str, r: Random, count: int) -> Iterator[tuple[tuple[Shape, ...], tuple[Any, ...]]]:
    """The shapes and constants of calls of a function."""
    likely = _likely(FUNCTIONS[name])
    for _ in range(count):
        later = r.choice(LATER.get(name, [[]]))
        constants = tuple(... if isinstance(argument, Computed) else argument for argument in later)
        more = (argument.shape if isinstance(argument, Computed) else constant(argument) for argument in later)
        yield (r.choice(likely), *more), constants


def calls(name: str, shapes: tuple[Shape, ...], constants: tuple[Any, ...], r: Random) -> Iterator[Call]:
    """Calls with values of these shapes."""
    pools = [[None] if shape is NEVER and at else values_of_shape(shape) for at, shape in enumerate(shapes)]
    if all(pools):
        for _ in range(10):
            arguments = (r.choice(pool) for pool in pools)
            given = (
                value if known is ... else known for value, known in zip(arguments, (..., *constants), strict=True)
            )
            yield Call(FUNCTIONS[name], shapes, constants, tuple(given))


def _likely(function: Function) -> list[Shape]:
    """Shapes of first arguments: half of them of the type that the function takes."""
    wanted = signatures.possible(function, 0)
    fitting = [shape for shape in ALL if narrowed(shape, wanted) is not NEVER]
    return [*fitting, *fitting, *ALL] if len(fitting) < len(ALL) / 2 else list(ALL)


def check_code(call: Call, code: str) -> None:
    """Of the values themselves it is known which of them is refused, and how."""
    function, constants = call.function, call.constants
    shapes = tuple(map(constant, call.arguments))
    unmet = [position for position, shape in enumerate(shapes) if not covers(accepted(call, shapes, position), shape)]
    codes = {signatures.refusal_code(function, position, shapes, constants) for position in unmet}
    assert code in codes or function.name == "from_entries", (call, code, codes)  # it stops at the first of its faults


def accepted(call: Call, shapes: tuple[Shape, ...], position: int) -> Shape:
    if position and shapes[position] is NEVER:
        return True
    if position == 0:
        return signatures.total_shape(call.function, call.constants, shapes)
    return signatures.accepts(call.function, position, call.constants, shapes)


def check(name: str, shapes: tuple[Shape, ...], constants: tuple[Any, ...], r: Random) -> None:
    """Everything that is said of a call holds for its values."""
    function = FUNCTIONS[name]
    never_fails = signatures.never_fails(function, shapes, constants)
    never_absent = signatures.never_absent(function, shapes, constants)
    shape = signatures.result_shape(function, shapes, constants)
    failures: list[tuple[Call, str]] = []
    for call in calls(name, shapes, constants, r):
        code, result = call.outcome()
        if code != "value":
            assert not never_fails, call
            failures.append((call, code))
            continue
        if result is None:
            assert not never_absent, call
        else:
            assert says(shape, result), (call, shape, result)
    for call, code in failures[:1]:
        check_code(call, code)


@each_function
@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32).map(Random))
def test_what_is_said_of_a_call_holds(name: str, r: Random) -> None:
    for shapes, constants in signatures_of(name, r, 30):
        check(name, shapes, constants, r)


@each_function
@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32).map(Random))
def test_a_function_never_fails_on_what_it_is_total_on(name: str, r: Random) -> None:
    function = FUNCTIONS[name]
    if name == "from_json":
        assert signatures.total_shape(function, ()) is NEVER
        return
    made = 0
    for (first, *more), constants in signatures_of(name, r, 400):
        if made > 150:
            break
        known = (first, *more)
        later = [
            shape if shape is NEVER else narrowed(shape, signatures.accepts(function, position, constants, known))
            for position, shape in enumerate(more, 1)
        ]
        if any(shape is NEVER and value is not None for shape, value in zip(later, constants, strict=True)):
            continue
        total = signatures.total_shape(function, constants, (first, *later))
        shapes = (narrowed(r.choice((first, True)), total), *later)
        for call in calls(name, shapes, constants, r):
            made += 1
            assert call.outcome()[0] == "value", call
        check(name, shapes, constants, r)
    assert made


_ISO = ("iso8601", "rfc3339", "UTC", "ms", None)
_DOMAIN = ("iso8601", "%Y-%m-%dT%H:%M:%S%z", "UTC", "ms", None)
_DOMAIN_TIME = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-]([01][0-9]|2[0-3])[0-5][0-9]$"


@pytest.mark.parametrize(
    ("name", "shapes", "constants", "expected"),
    [
        ("lower", [{"enum": ["OPEN", "Closed"]}], (), {"enum": ["open", "closed"]}),
        ("upper", [{"const": "straße"}], (), {"const": "STRASSE"}),
        ("truncate", [TEXT], (80, False, "..."), {**TEXT, "maxLength": 80}),
        ("truncate", [{**TEXT, "maxLength": 60, "minLength": 1}], (80, False, "..."), {**TEXT, "maxLength": 60, "minLength": 1}),
        ("datetime", [TEXT], _ISO, DATE_TIME),
        ("datetime", [DATE_TIME], _DOMAIN, {**TEXT, "pattern": _DOMAIN_TIME}),
        ("datetime", [INTEGER], ("epoch_ms", "epoch_s", "UTC", "ms", None), INTEGER),
        ("url_join", [URI, REFERENCE], (...,), URI),
        ("url_join", [URI, TEXT], (...,), {**TEXT, "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:"}),
        ("url_join", [URI], ("/ws/12",), URI),
        ("string", [{**INTEGER, "minimum": 0}], (), {**TEXT, "pattern": "^(0|[1-9][0-9]*)$"}),
        ("string", [{"type": "boolean"}], (), {"enum": ["false", "true"]}),
        ("string", [DATE_TIME], (), DATE_TIME),
        ("int", [{"type": ["string", "integer"]}], (), INTEGER),
        ("round", [NUMBER], (0,), INTEGER),
        ("+", [{**INTEGER, "minimum": 0}], (1,), {**INTEGER, "minimum": 1}),
        ("//", [{**INTEGER, "minimum": 0, "maximum": 9000}], (1000,), {**INTEGER, "minimum": 0, "maximum": 9}),
        ("/", [INTEGER], (2,), NUMBER),
        ("length", [arrays_of(TEXT, minItems=1, maxItems=3)], (), {**INTEGER, "minimum": 1, "maximum": 3}),
        ("first", [arrays_of({"type": ["string", "null"]})], (), TEXT),
        ("max", [arrays_of(DATE_TIME)], (), DATE_TIME),
        ("unique", [arrays_of({"enum": ["a", "b"]}, minItems=1)], (), arrays_of({"enum": ["a", "b"]}, minItems=1, uniqueItems=True)),
        ("compact", [arrays_of({"type": ["string", "null"]}, minItems=1)], (), arrays_of(TEXT)),
        ("flatten", [arrays_of(arrays_of(TEXT, minItems=2), minItems=2)], (), arrays_of(TEXT, minItems=4)),
        ("map", [arrays_of(ITEM, minItems=1)], ("rel",), arrays_of({"enum": ["self", "next"]}, minItems=1)),
        ("map", [arrays_of(ITEM, minItems=1)], ("a.b",), arrays_of(TEXT)),
        ("as_list", [{"anyOf": [TEXT, arrays_of(TEXT)]}], (), {"anyOf": [arrays_of(TEXT), arrays_of(TEXT, minItems=1, maxItems=1)]}),
        ("keys", [closed({"a": TEXT, "b": TEXT}, "a")], (), arrays_of({"enum": ["a", "b"]}, minItems=1, maxItems=2, uniqueItems=True)),
        ("pick", [closed({"a": TEXT, "b": TEXT}, "a")], ("a", "c"), {"type": "object", "properties": {"a": TEXT, "c": False}, "required": ["a"], "additionalProperties": False}),
        ("merge", [closed({"a": TEXT}, "a"), closed({"a": INTEGER}, "a")], (...,), closed({"a": INTEGER}, "a")),
        ("absent_if", [{"enum": ["", "a"]}], ("",), {"const": "a"}),
        ("absent_if", [TEXT], ("",), {**TEXT, "minLength": 1}),
        ("starts_with", [{"enum": ["ab", "ac"]}], ("a",), {"const": True}),
        ("~", [{"enum": ["a", "b"]}], ("-1",), {"enum": ["a-1", "b-1"]}),
        ("~", [{"const": "CS-"}, INTEGER], (...,), {**TEXT, "pattern": "^CS--?(?:0|[1-9][0-9]*)$", "minLength": 3}),
        ("regex_extract", [TEXT], ("#([0-9]+)$",), {**TEXT, "pattern": "^(?:[0-9]+)$"}),
        ("first", [NEVER], (), NEVER),
        ("int", [{"enum": ["x", "y"]}], (), NEVER),
    ],
)  # fmt: skip
def test_results_are_as_narrow_as_the_function_allows(
    name: str, shapes: list[Shape], constants: tuple[Any, ...], expected: Shape
) -> None:
    more = [constant(value) for value in constants if value is not ...]
    found = signatures.result_shape(FUNCTIONS[name], (*shapes, *more), constants)
    assert found == expected or (covers(found, expected) and covers(expected, found)), found


@pytest.mark.parametrize(
    ("name", "shape", "constants", "total", "words", "code"),
    [
        ("datetime", DATE_TIME, _ISO, True, "", ""),
        ("datetime", TEXT, _ISO, False, "is no time with an offset", "CM303"),
        ("datetime", TEXT, ("iso8601", "rfc3339", "UTC", "ms", "UTC"), False, "is no time", "CM303"),
        ("datetime", DATE_TIME, _DOMAIN, False, "is beyond the years 0000 to 9999", "CM303"),
        ("datetime", {**TEXT, "pattern": _DOMAIN_TIME}, _ISO, False, "names a day that its month does not have", "CM303"),
        ("datetime", {"anyOf": [DATE_TIME, {**TEXT, "pattern": _DOMAIN_TIME}]}, _ISO, False, "names a day that its month does not have", "CM303"),
        ("datetime", INTEGER, _ISO, False, "is no text", "CM302"),
        ("datetime", {**INTEGER, "minimum": 0, "maximum": 2**31}, ("epoch_s", "rfc3339", "UTC", "ms", None), True, "", ""),
        ("datetime", INTEGER, ("epoch_ms", "rfc3339", "UTC", "ms", None), False, "is beyond the years 0000 to 9999", "CM303"),
        ("datetime", TEXT, ("%d/%m/%Y", "rfc3339", "UTC", "ms", "UTC"), False, "is no time written as %d/%m/%Y", "CM303"),
        ("int", TEXT, (), False, "is no whole number", "CM303"),
        ("int", {"type": ["string", "null"]}, (), False, "is no number or text", "CM302"),
        ("int", {**TEXT, "pattern": "^(0|-?[1-9][0-9]{0,999})$"}, (), True, "", ""),
        ("int", {"enum": ["1", "2.0"]}, (), True, "", ""),
        ("number", TEXT, (), False, "is no number", "CM303"),
        ("boolean", {"type": "boolean"}, (), True, "", ""),
        ("boolean", TEXT, (), False, "stands for neither true nor false", "CM303"),
        ("url_join", URI, ("/x",), True, "", ""),
        ("url_join", TEXT, ("/x",), False, "is no absolute URL", "CM303"),
        ("lower", INTEGER, (), False, "is no text", "CM302"),
        ("join", arrays_of({"type": ["string", "null"]}), ("",), False, "is no array of texts, numbers and booleans", "CM302"),
        ("sort", arrays_of({"type": ["string", "number"]}), (), False, "is no array of numbers alone or texts alone", "CM307"),
        ("first", TEXT, (), False, "is no array", "CM302"),
        ("from_json", TEXT, (), False, "is no JSON text", "CM303"),
        ("+", INTEGER, (1,), True, "", ""),
        ("*", INTEGER, (2,), False, "may be too large a number", "CM303"),
        ("required", TEXT, (), True, "", ""),
    ],
)  # fmt: skip
def test_what_a_function_refuses(
    name: str, shape: Shape, constants: tuple[Any, ...], total: bool, words: str, code: str
) -> None:
    function, shapes = FUNCTIONS[name], (shape, *map(constant, constants))
    assert signatures.never_fails(function, shapes, constants) is total
    if not total:
        assert signatures.refusal(function, constants, 0, shapes) == words
        assert signatures.refusal_code(function, 0, shapes, constants) == code


@pytest.mark.parametrize(
    ("name", "divisor", "words", "code"),
    [
        ("/", NUMBER, "may be zero", "CM309"),
        ("%", {**NUMBER, "minimum": 1}, "may be too large a number", "CM303"),
        ("+", TEXT, "is no number", "CM302"),
    ],
)
def test_what_a_later_argument_may_not_be(name: str, divisor: Shape, words: str, code: str) -> None:
    shapes = ({"const": 1}, divisor)
    assert not signatures.never_fails(FUNCTIONS[name], shapes, (...,))
    assert signatures.refusal(FUNCTIONS[name], (...,), 1, shapes) == words
    assert signatures.refusal_code(FUNCTIONS[name], 1, shapes, (...,)) == code


@pytest.mark.parametrize(
    ("name", "shape", "constants", "there"),
    [
        ("first", arrays_of(TEXT, minItems=1), (), True),
        ("first", arrays_of({"type": ["string", "null"]}, minItems=1), (), False),
        ("last", arrays_of(TEXT), (), False),
        ("max", arrays_of(NUMBER, minItems=1), (), True),
        ("absent_if", {**TEXT, "minLength": 1}, ("",), True),
        ("absent_if", TEXT, ("",), False),
        ("regex_extract", {"enum": ["a1", "b2"]}, ("[0-9]",), True),
        ("regex_extract", {"enum": ["a1", "b"]}, ("[0-9]",), False),
        ("query_param", TEXT, ("q",), False),
        ("from_json", TEXT, (), False),
        ("lower", TEXT, (), True),
    ],
)
def test_whether_there_is_a_result(name: str, shape: Shape, constants: tuple[Any, ...], there: bool) -> None:
    assert signatures.never_absent(FUNCTIONS[name], (shape, *map(constant, constants)), constants) is there


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [
            *(
                ("regex_test", pattern)
                for pattern in (
                    "^a",
                    "a$",
                    "^(0|-?[1-9][0-9]*)$",
                    ".",
                    "^.$",
                    "\\s",
                    "^\\S+$",
                    "[^\\s,]",
                    "a|^b",
                    "x{2,3}?",
                    "/",
                    "^$",
                )
            ),
            *(("starts_with", text) for text in ("a", "a.b", "[", "")),
            *(("ends_with", text) for text in ("a", "$", "\\")),
        ]
    ),
    st.text("ab1,-0.[$\\/ x\n\r\u2028\u00a0\u0085\ufeff", max_size=4),
)
def test_when_a_test_of_texts_is_true(test: tuple[str, str], text: str) -> None:
    function = FUNCTIONS[test[0]]
    shape = signatures.when_true(function, (test[1],))
    assert shape is not None
    assert says(shape, text) == function.implementation(text, test[1])


@pytest.mark.parametrize("pattern", ["(?i)a", "\\bA", "\\pN", "\\Qa\\E", "(?P<n>a)", "[[:alpha:]]", "\\x{41}", "a**"])
def test_patterns_that_only_one_dialect_has_say_nothing(pattern: str) -> None:
    assert signatures.when_true(FUNCTIONS["regex_test"], (pattern,)) is None
    assert covers(signatures.result_shape(FUNCTIONS["regex_extract"], (TEXT, {"const": pattern}), (pattern,)), TEXT)


def test_of_a_teams_own_function_the_registry_alone_speaks() -> None:
    def give(value: Any) -> Any:
        raise AssertionError("it is not run to find out what it gives")

    for name in ("first", "plus", "own"):
        own = Function(
            name,
            "own",
            "Own.",
            (Parameter("value", TEXT),),
            INTEGER,
            give,
            fails="a text that is odd",
            may_be_absent=True,
        )
        assert signatures.result_shape(own, ({"enum": ["a"]},), ()) == INTEGER
        assert signatures.total_shape(own, ()) is NEVER
        assert not signatures.never_absent(own, ({"const": "a"},), ())
        assert not signatures.never_fails(own, ({"const": "a"},), ())
        assert signatures.refusal(own, (), 0, (TEXT,)) == "may be a text that is odd"
        assert signatures.refusal(own, (), 0, (INTEGER,)) == "is no text"
        more = Function(
            name, "own", "Own.", (Parameter("value", TEXT), Parameter("n", INTEGER, fails="zero")), INTEGER, give
        )
        assert signatures.refusal(more, (...,), 1, (TEXT, INTEGER)) == "may be zero"
        assert signatures.accepts(more, 1, (...,)) is NEVER
        total = Function(name, "own", "Own.", (Parameter("value", TEXT),), INTEGER, give)
        assert signatures.never_fails(total, (TEXT,), ())


def test_constants_nested_deeply_are_no_trouble() -> None:
    value: Any = 1
    for _ in range(3_000):
        value = [value]
    for name in ("flatten", "to_json", "length", "first", "int"):
        assert signatures.result_shape(FUNCTIONS[name], ({"const": value},), ()) is not None
        assert signatures.never_fails(FUNCTIONS[name], ({"const": value},), ()) in (True, False)
