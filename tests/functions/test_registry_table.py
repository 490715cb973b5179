"""What holds of every function: the table is whole, its examples are true, and nothing but `Failure` is raised."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest
from calls import PRESENT, deep, outcome, same
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from casemap.errors import Failure
from casemap.functions import BUNDLED
from casemap.functions.registry import Example, Function, Parameter

ALL = [BUNDLED.get(name) for name in BUNDLED.names()]
LANGUAGE = {
    "absence": "default coalesce required absent_if",
    "text": "trim lower upper capitalize title replace remove_prefix remove_suffix starts_with ends_with truncate pad "
    "split join strip_tags escape_html",
    "pattern": "regex_test regex_extract regex_replace regex_split",
    "url": "url_join url_encode url_decode query_param",
    "number": "int float number round abs min max sum",
    "convert": "string boolean to_json from_json",
    "time": "datetime",
    "array": "first last length reverse sort unique flatten compact slice map select contains as_list zip",
    "object": "entries from_entries keys values pick omit merge",
    "identity": "sha256 uuid5",
}
PARAMETERS = {
    "default": "value", "absent_if": "value", "replace": "old new count", "remove_prefix": "p", "remove_suffix": "s",
    "truncate": "n killwords end", "pad": "width fill side", "split": "sep", "join": "sep", "regex_test": "p",
    "regex_extract": "p", "regex_replace": "p to", "regex_split": "p", "url_join": "reference", "query_param": "name",
    "round": "digits", "datetime": "input output zone precision assume_zone", "slice": "start stop",
    "map": "attribute", "select": "attribute value", "contains": "value", "zip": "other", "merge": "other",
    "uuid5": "namespace", "starts_with": "p", "ends_with": "s", "trim": "chars",
}  # fmt: skip
DEFAULTS = {
    "truncate": {"killwords": False, "end": "..."},
    "pad": {"fill": " ", "side": "left"},
    "round": {"digits": 0},
    "datetime": {"input": "iso8601", "output": "rfc3339", "zone": "UTC", "precision": "ms", "assume_zone": None},
}


def test_the_table_is_the_language() -> None:
    by_kind: dict[str, set[str]] = {}
    for function in ALL:
        by_kind.setdefault(function.kind, set()).add(function.name)
    assert by_kind == {kind: set(names.split()) for kind, names in LANGUAGE.items()}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_have_the_names_of_the_language(name: str) -> None:
    parameters = BUNDLED.get(name).parameters[1:]
    assert [parameter.name for parameter in parameters] == PARAMETERS[name].split()
    defaults = {parameter.name: parameter.default for parameter in parameters if not parameter.required}
    for parameter, default in DEFAULTS.get(name, {}).items():
        assert defaults[parameter] == default


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
def test_every_function_is_documented(function: Function) -> None:
    assert function.doc.endswith(".")
    assert 2 <= len(function.examples) <= 5
    names = [parameter.name for parameter in function.parameters]
    assert len(set(names)) == len(names), "arguments are bound by name"
    for parameter in function.parameters:
        assert parameter.doc.endswith(".")
        jsonschema_rs.validator_for(dict(parameter.schema))
        if not parameter.required and parameter.default is not None:
            assert jsonschema_rs.is_valid(dict(parameter.schema), parameter.default)
    jsonschema_rs.validator_for(dict(function.result))
    required = [parameter.required for parameter in function.parameters]
    assert required == sorted(required, reverse=True), "optional ones come last"


def evaluate(node: Any, payload: Any) -> Any:
    """A small evaluator of the expressions in the examples; None is absent."""
    match node:
        case nodes.Const(value=value):
            return value
        case nodes.Name(name=name):
            return payload.get(name)
        case nodes.List(items=items):
            return [evaluate(item, payload) for item in items]
        case nodes.Dict(items=items):
            return {evaluate(pair.key, payload): evaluate(pair.value, payload) for pair in items}
        case nodes.Neg(node=inner):
            return -evaluate(inner, payload)
        case nodes.Concat(nodes=parts):
            string = BUNDLED.get("string").implementation
            return "".join(string(evaluate(part, payload)) for part in parts)
        case nodes.Call(node=nodes.Name(name=name), args=args):
            return BUNDLED.get(name).implementation(*(evaluate(arg, payload) for arg in args))
        case nodes.Filter(node=inner, name=name, args=args, kwargs=kwargs):
            named = {pair.key: evaluate(pair.value, payload) for pair in kwargs}
            return applied(BUNDLED.get(name), evaluate(inner, payload), [evaluate(arg, payload) for arg in args], named)
    raise AssertionError(f"the examples need no {type(node).__name__}")


def applied(function: Function, value: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    if value is None and not function.sees_absent:
        return None
    if function.variadic:
        return function.implementation(value, *arguments)
    parameters = function.parameters[1:]
    everything = {parameter.name: parameter.default for parameter in parameters if not parameter.required}
    everything.update(zip((parameter.name for parameter in parameters), arguments, strict=False))
    everything.update(named)
    ordered = [everything[parameter.name] for parameter in parameters]
    for parameter, argument in zip(parameters, ordered, strict=True):
        if argument is not None:
            assert jsonschema_rs.is_valid(dict(parameter.schema), argument), (function.name, parameter.name)
    result = function.implementation(value, *ordered)
    assert jsonschema_rs.is_valid(dict(function.parameters[0].schema), value), (function.name, value)
    assert result is None or jsonschema_rs.is_valid(dict(function.result), result), (function.name, result)
    if function.bind is not None:
        assert same(function.bind(everything)(value), result)
    return result


EXAMPLES = [(function, example) for function in ALL for example in function.examples]


@pytest.mark.parametrize(("function", "example"), EXAMPLES, ids=lambda it: getattr(it, "expression", None))
def test_examples_are_true(function: Function, example: Example) -> None:
    assert function.name in example.expression
    node = Environment().parse("{{ " + example.expression + " }}").body[0].nodes[0]  # noqa: S701 - nothing is rendered
    if example.fails:
        with pytest.raises(Failure) as caught:
            evaluate(node, example.payload)
        assert caught.value.code == example.fails
    else:
        result = evaluate(node, example.payload)
        assert (result is None) == example.absent
        assert same(result, example.result)


@settings(max_examples=80, deadline=None)
@given(
    values=st.lists(PRESENT, min_size=8, max_size=8),
    usual=st.fixed_dictionaries(
        {"string": st.text(max_size=3), "integer": st.integers(-3, 12), "boolean": st.booleans()}
    ),
    mask=st.integers(0, 127),
)
def test_no_value_makes_them_raise_anything_but_failure(values: list[Any], usual: dict[str, Any], mask: int) -> None:
    for function in ALL:
        count = len(function.parameters) + (mask % 3 if function.variadic else 0)
        arguments = values[:count]
        for at, parameter in enumerate(function.parameters[1:], 1):
            if mask >> at & 1:  # often a value of the right kind, so that more is reached than the first check
                arguments[at] = _fitting(parameter, usual, arguments[at])
        kind, result = outcome(function.implementation, *arguments)
        assert function.may_be_absent or result is not None, function.name
        if function.bind is not None:
            names = [parameter.name for parameter in function.parameters[1:]]
            bound = outcome(_bound_call, function, dict(zip(names, arguments[1:], strict=True)), arguments[0])
            assert bound[0] == kind, function.name
            assert kind == "failure" or same(bound[1], result), function.name


def _bound_call(function: Function, constants: dict[str, Any], value: Any) -> Any:
    return function.bind(constants)(value)


def _fitting(parameter: Parameter, usual: dict[str, Any], other: Any) -> Any:
    if not parameter.required and parameter.default is None:
        return None
    if "enum" in parameter.schema:
        return parameter.schema["enum"][0]
    return usual.get(str(parameter.schema.get("type")), other)


EXTREMES = {
    "deep array": deep(20_000),
    "deep object": deep(20_000, "object"),
    "huge integer": 10**5000,
    "infinity": float("inf"),
    "not a number": float("nan"),
    "half a pair": "\ud800",
}


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
@pytest.mark.parametrize("extreme", EXTREMES)
def test_extreme_values(function: Function, extreme: str) -> None:
    value = EXTREMES[extreme]
    usual = {"n": 5, "width": 5, "start": 0}
    arguments = [usual.get(one.name, "a") if one.required else one.default for one in function.parameters[1:]]
    outcome(function.implementation, value, *arguments)
    outcome(function.implementation, [value], *arguments)
    outcome(function.implementation, {"a": value}, *arguments)
    for at in range(len(arguments)):
        for first in ("text", [1], {"a": 1}, 5):
            outcome(function.implementation, first, *arguments[:at], value, *arguments[at + 1 :])


def test_importing_the_functions_loads_no_library() -> None:
    heavy = {"re2", "zoneinfo", "html", "urllib.parse", "whenever", "hashlib", "decimal", "uuid", "tzdata"}
    code = f"""
import sys, types
package = types.ModuleType("casemap")  # without what the package itself imports
package.__path__ = {[next(iter(__import__("casemap").__path__))]!r}
sys.modules["casemap"] = package
import casemap.functions
print(*sorted({heavy!r} & sys.modules.keys()))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
