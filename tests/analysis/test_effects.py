"""What the ledger says of functions and value maps, against what they do."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from casemap.analysis.effects import effect_of, map_effect, words
from casemap.functions import BUNDLED
from casemap.functions.operators import OPERATORS
from casemap.mapping.core import Const, Lookup, Path, Symbol, ValueMap
from casemap.span import Span
from tests.analysis.places import json_key
from tests.evaluator import ABSENT, Environment, evaluate

HERE = Span("test.yaml", 1, 1)
VALUES: dict[str, list[Any]] = {
    "string": [
        "",
        " ",
        "a",
        "A",
        "a b",
        "a,b",
        ",",
        "<b>",
        "&lt;",
        "é",
        "e\u0301",
        "1",
        "1.0",
        "true",
        "%20",
        "aa",
        "[1]",
    ],
    "integer": [0, 1, -1, 10, 2**70],
    "number": [0, 1, -1, 0.5, 1e300, 2.25],
    "boolean": [True, False],
    "array": [[], [1], [1, 2], [2, 1], ["a", "b"], ["a,b"], [[1], 2], [None]],
    "object": [{}, {"a": 1}, {"a": None}, {"b": 1}],
}
NAMES = sorted({*BUNDLED.names(), *OPERATORS} - {"datetime"})


def arguments_of(name: str) -> tuple[list[Any], ...]:
    """Constants for the arguments after the first, those that a rule can give."""
    given: dict[str, tuple[list[Any], ...]] = {
        "split": ([","], ["a"]),
        "truncate": ([5, False, "..."],),
        "pad": ([4, " ", "left"],),
        "replace": (["a", "b", None],),
        "trim": ([None],),
        "join": ([","],),
        "round": ([0],),
    }
    return given.get(name, ([],))


def results(name: str, kind: str, constants: list[Any]) -> list[tuple[Any, Any]]:
    """Values of a type with what a function makes of them, those that it rejects left out."""
    function = BUNDLED.get(name) or OPERATORS[name]
    found = []
    for value in VALUES[kind]:
        try:
            if function.bind:
                names = [parameter.name for parameter in function.parameters[1:]]
                result = function.bind(dict(zip(names, constants, strict=False)))(value)
            else:
                result = function.implementation(value, *constants)
        except Exception:  # noqa: BLE001, S112 - the value is none that it takes, or the arguments are too few
            continue
        found.append((value, result))
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", VALUES)
def test_what_can_be_undone_tells_values_apart(name: str, kind: str) -> None:
    types = frozenset(["integer", "number"] if kind == "number" else [kind])
    for constants in arguments_of(name):
        effect = effect_of(name, types, constants, settled=True)
        found = results(name, kind, constants)
        if not effect.name:
            assert all(json_key(value) == json_key(result) for value, result in found)
        if effect.undoable:
            assert len({json_key(result) for _, result in found}) == len({json_key(value) for value, _ in found})


def test_something_can_be_undone_and_something_not() -> None:
    undoable = {
        name for name in NAMES for kind in VALUES
        if effect_of(name, frozenset([kind]), arguments_of(name)[0] or [1, 2, 3, 4], settled=True).undoable
    } - {"datetime"}  # fmt: skip
    assert undoable == {"escape_html", "negate", "reverse", "split", "string", "to_json", "url_encode"}
    assert not effect_of("lower", frozenset(["string"]), [], settled=True).undoable
    assert not effect_of("unheard_of", None, [], settled=True).undoable
    assert not effect_of("split", frozenset(["string"]), [], settled=False).undoable


@pytest.mark.parametrize(
    ("constants", "losses"),
    [
        (["iso8601", "rfc3339", "UTC", "us", None], 2),
        (["iso8601", "rfc3339", "+02:00", "ms", None], 2),
        (["%Y-%m-%dT%H:%M:%S", "rfc3339", "UTC", "ms", "UTC"], 1),
        (["%Y-%m-%dT%H:%M:%S%z", "rfc3339", "UTC", "ms", None], 2),
        (["epoch_ms", "rfc3339", "UTC", "ms", None], 0),
        (["epoch_ms", "epoch_s", "UTC", "ms", None], 1),
        (["epoch_s", "epoch_ms", "UTC", "ms", None], 0),
        (["epoch_s", "%Y", "UTC", "ms", None], 1),
    ],
)
def test_times_lose_offsets_and_fractions(constants: list[Any], losses: int) -> None:
    effect = effect_of("datetime", frozenset(["string"]), constants, settled=True)
    assert (len(effect.losses), effect.undoable) == (losses, losses == 0)


def test_value_maps_tell_values_apart_or_say_what_they_lose() -> None:
    """A map that can be undone gives another value for each that it can be asked for; one that cannot says why."""
    pick = random.Random(1)
    keys, symbol = ["a", "A", "b", "c", 1, "1", True], Symbol("value")
    outcomes = set()
    for _ in range(3000):
        listed = pick.sample(keys, pick.randrange(1, 4))
        ignore_case = pick.random() < 0.2
        folded = [key.casefold() if ignore_case and isinstance(key, str) else key for key in listed]
        if len({json_key(key) for key in folded}) < len(folded):
            continue
        entries = tuple((key, pick.choice([*keys, None])) for key in folded)
        policy: Any = pick.choice(["error", "drop", "keep", Const(pick.choice([*keys, None]), HERE, keep_null=True)])
        possible = pick.sample(keys, pick.randrange(1, 6))
        node = Lookup(Path(symbol, (), HERE), ValueMap("m", entries, ignore_case, HERE), policy, HERE)
        given: dict[str, list[Any]] = {}
        lost = False
        for value in possible:
            try:
                result = evaluate(node, Environment({symbol: value}, {}))
            except Exception:  # noqa: BLE001, S112 - rejected
                continue
            if result is ABSENT or result is None:
                lost = True
            given.setdefault(json_key(None if result is ABSENT else result), []).append(value)
        lost = lost or any(len(values) > 1 for values in given.values())
        for known in (possible, None):
            effect = map_effect(node, known)
            if known is not None:
                assert bool(effect.losses) == lost, (node.table, policy, possible, effect)
            elif lost:
                assert effect.losses
            assert effect.undoable == (not effect.losses and bool(effect.name))
            if not effect.name:
                assert all([json_key(value) for value in values] == [key] for key, values in given.items())
            outcomes.add((known is None, bool(effect.losses), bool(effect.name)))
    assert outcomes == set(itertools.product((True, False), (True, False), (True, False))) - {
        (True, True, False), (False, True, False),
    }  # fmt: skip


def test_values_in_a_sentence() -> None:
    assert words([]) == "none"
    assert words(["a"]) == "`a`"
    assert words(["a", 1, None]) == "`a`, `1` and `null`"
    assert words(list("abcdefg")) == "`a`, `b`, `c`, `d`, `e` and 2 more"
    assert words([""]) == '`""`'
