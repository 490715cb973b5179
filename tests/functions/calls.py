"""How the tests of functions call them: through the implementation and through `bind`, which must agree."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from casemap.errors import Failure
from casemap.functions import BUNDLED

some = settings(max_examples=50, deadline=None)
"""For most properties: enough examples, and none fails because the machine is busy."""

_TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=st.characters(), max_size=6),  # half surrogate pairs too
    st.sampled_from(
        ["", " ", "\0", "é", "e\u0301", "שלום", "👩‍👩‍👧", "1", "-0", "1e2", "true", "null", "%41", "%", "<p>", "\ud800"]
    ),
)
_NUMBERS = st.one_of(
    st.integers(),
    st.floats(),  # infinite ones and NaN too: no JSON, yet a Python caller may hand them in
    st.sampled_from([0, 1, -1, 10**30, 1e308, -0.0, 5e-324, 2**63, 2**64]),
    st.integers(4990, 5000).map(lambda size: -(10**size)),  # more digits than Python writes without a word
)
SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4), max_leaves=8
)
PRESENT = JSON.filter(lambda value: value is not None)


def deep(levels: int, of: str = "array") -> Any:
    """A value nested deeper than Python recurses."""
    value: Any = 1
    for _ in range(levels):
        value = [value] if of == "array" else {"a": value}
    return value


def settled(name: str, *arguments: Any, **named: Any) -> dict[str, Any]:
    """All arguments but the first by name, defaults filled in."""
    function = BUNDLED.get(name)
    assert function is not None
    names = [parameter.name for parameter in function.parameters[1:]]
    given = {**dict(zip(names, arguments, strict=False)), **named}
    assert given.keys() <= set(names), given.keys()
    return {one.name: given.get(one.name, one.default) for one in function.parameters[1:]}


def outcome(run: Any, *arguments: Any) -> Any:
    """A value, or the code of a failure; any other exception goes on."""
    try:
        return ("value", run(*arguments))
    except Failure as failure:
        return ("failure", failure.code if failure.message else "without a message")


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from 1.0 and from True, and takes NaN for NaN."""
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return bool(one == other)


def call(name: str, value: Any, *arguments: Any, **named: Any) -> Any:
    """The function's value for these arguments; `Failure` as it raises it."""
    function = BUNDLED.get(name)
    assert function is not None
    if function.variadic:
        return function.implementation(value, *arguments)
    given = settled(name, *arguments, **named)
    plain = outcome(function.implementation, value, *given.values())
    if function.bind is not None:
        bound = outcome(lambda: function.bind(given)(value))
        if bound[1] == "CM205" and bound[0] == "failure":
            assert plain[0] == "failure"
        else:
            assert same(plain, bound), (plain, bound)
    return function.implementation(value, *given.values())


def fails(code: str, name: str, value: Any, *arguments: Any, **named: Any) -> Failure:
    """Asserts that the function rejects the value, and gives the failure."""
    with pytest.raises(Failure) as caught:
        call(name, value, *arguments, **named)
    assert caught.value.code == code, caught.value
    return caught.value


def wrong_constant(name: str, *arguments: Any, **named: Any) -> Failure:
    """Asserts that the function does not take these constants, and gives the failure."""
    function = BUNDLED.get(name)
    assert function is not None
    assert function.bind is not None
    with pytest.raises(Failure) as caught:
        function.bind(settled(name, *arguments, **named))
    assert caught.value.code == "CM205"
    return caught.value
