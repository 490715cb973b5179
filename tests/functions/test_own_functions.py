"""Functions of a user's own are held to what they say of themselves, for proofs stand on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import casemap
from casemap import Catalog, ConversionError, Function, Parameter
from tests.check.projects import write_project
from tests.standalone import standalone

TEXT = {"type": "string"}
VALUE = Parameter("value", TEXT, "A text.")


def own(implementation: Any, *more: Parameter, **says: Any) -> Function:
    """A function of texts by that implementation."""
    return Function("own", "text", "Ours.", (VALUE, *more), TEXT, implementation, **says)


def knowing(folder: Path, function: Function, rule: str, order: Any = True) -> Catalog:
    """A catalog that knows the function, with a mapping of one rule."""
    write_project(folder, f"fields: {{x: {rule}}}", order, {})
    catalog = standalone(folder)
    catalog.register(function)
    return catalog


def problem(catalog: Catalog, payload: Any) -> casemap.Problem:
    """The only problem of a payload that is rejected; the reading of lines says the same."""
    with pytest.raises(ConversionError) as caught:
        catalog.convert(payload, "shop/order", "desk/ticket")
    [found] = caught.value.problems
    [line] = catalog.convert_lines("shop/order", "desk/ticket", [b'{"a": %s}\n' % str(payload["a"]).encode()])
    assert [each.code for each in line.problems] == [found.code]
    assert found.rule is not None
    return found


@pytest.mark.parametrize("rule", ["a | own", "a | own('!')"])
def test_arguments_are_guarded(rule: str, tmp_path: Path) -> None:
    def bind(constants: Any) -> Any:
        return lambda text: text + constants["end"]

    more = (Parameter("end", TEXT, required=False, default="?"),)
    catalog = knowing(tmp_path, own(lambda text, end: text * 2 + end, *more, bind=bind), f'"{rule}"')
    assert catalog.convert({"a": "x"}, "shop/order", "desk/ticket") == {"x": "x!" if "!" in rule else "x?"}
    assert catalog.convert({}, "shop/order", "desk/ticket") == {}
    found = problem(catalog, {"a": 5})
    assert (found.code, found.message, found.help) == ("CM302", "own does not take 5 as value", "A text.")


def test_arguments_after_the_first_are_guarded(tmp_path: Path) -> None:
    function = own(lambda text, *ends: text + "".join(ends), Parameter("end", TEXT), variadic=True)
    catalog = knowing(tmp_path, function, "\"'x' | own('y', a)\"")
    assert problem(catalog, {"a": 5}).message == "own does not take 5 as end"


@pytest.mark.parametrize(
    ("implementation", "message"),
    [
        (lambda _: 5, "own gave 5, which its schema of the result does not admit"),
        (lambda _: {"x"}, "own gave 'set', which its schema of the result does not admit"),
        (lambda _: None, "own gave no value, and says that it always gives one"),
        (lambda _: {}["a"], "own failed: KeyError: 'a'"),
    ],
)
def test_what_does_not_keep_its_word_rejects(implementation: Any, message: str, tmp_path: Path) -> None:
    catalog = knowing(tmp_path, own(implementation), '"a | string | own"', {"properties": {"a": {"enum": [1, 2]}}})
    found = problem(catalog, {"a": 1})
    assert (found.code, found.message) == ("CM303", message)
    catalog.converter("shop/order", "desk/ticket").check()  # runs the function on the values of the enum


def test_a_function_may_be_absent_if_it_says_so(tmp_path: Path) -> None:
    catalog = knowing(tmp_path, own(lambda _: None, may_be_absent=True), "a | own")
    assert catalog.convert({"a": "x"}, "shop/order", "desk/ticket") == {}


def test_a_schema_that_is_none_is_not_registered(tmp_path: Path) -> None:
    function = Function("own", "text", "Ours.", (Parameter("value", {"type": "strin"}),), TEXT, str)
    with pytest.raises(ValueError, match="own: value has no JSON Schema"):
        knowing(tmp_path, function, "a")
