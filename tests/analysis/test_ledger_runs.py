"""What runs on generated payloads show of the ledger: of the bundled routes, and of generated mappings."""

from __future__ import annotations

import copy
import functools
import json
import random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, reject

from casemap import ConversionError, MappingError
from casemap.analysis.compose import compose, in_turn
from casemap.analysis.fates import Ledger, SourceField
from casemap.analysis.ledger import ledger
from casemap.analysis.losses import NOT_DESCRIBED, Losses
from casemap.analysis.presence import Facts
from casemap.catalog import Route
from casemap.compiler.function import CompiledTree
from casemap.mapping.file import Mapping
from casemap.schema.fields import OTHERS, Steps, path_text
from casemap.schema.store import SchemaStore, SourceSchema
from tests import trees
from tests.analysis.bundled import ROUTES, catalog, route_ledger
from tests.analysis.generated import Payloads, words_of
from tests.analysis.places import Place, json_key, parts_of, places
from tests.evaluator import outcome_of

PARAMS = {"base_url": "https://egain.example.com:9000/root/"}
COUNT = 40


class Run(NamedTuple):
    """A route, compiled, with its ledger and payloads."""

    convert: CompiledTree
    found: Ledger
    payloads: list[Any]

    def result(self, payload: Any) -> Any:
        """The converted payload, or why it is rejected."""
        try:
            return self.convert.convert(payload)
        except ConversionError as error:
            return error

    def converts(self, payload: Any) -> bool:
        """Whether a payload is not rejected."""
        return not isinstance(self.result(payload), ConversionError)


@functools.cache
def _run(source: str, target: str) -> Run:
    chain = catalog().chain(source, target)
    known = SourceSchema(catalog().store, source)
    tree, root = compose(chain, known)
    params = {name: PARAMS[name] for name in catalog().parameters(source, target)}
    convert = CompiledTree(tree, root, params, "test", Facts(tree, root, known))
    # some texts have to be numbers to be converted
    words = [word for each in words_of(tree) or ["8"] for word in (each, "7")]
    return Run(convert, route_ledger(source, target), Payloads(catalog().store, source, words).take(COUNT))


def _changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return f"{value} changed"
        case int() | float():
            return value + 1
    return "changed"


def _left_behind(place: Place, fields: dict[Steps, SourceField]) -> bool:
    return place.field is None or fields[place.field].fate in ("dropped", "unmapped")


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_dropped_does_not_matter(route: Route) -> None:
    run = _run(route.source, route.target)
    fields = {field.steps: field for field in run.found.sources}
    changes = 0
    for payload in run.payloads:
        changed = copy.deepcopy(payload)
        for place in places(changed, fields):
            if _left_behind(place, fields):
                place.put(_changed(place.value))
                changes += 1
        before, after = run.result(payload), run.result(changed)
        assert isinstance(before, ConversionError) == isinstance(after, ConversionError)
        assert isinstance(before, ConversionError) or json_key(before) == json_key(after)
    assert changes or all(field.fate not in ("dropped", "unmapped") for field in run.found.sources)


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_copied_arrives_unchanged(route: Route) -> None:
    """At a target field that is only ever copied to stand values of its sources, and constants."""
    run = _run(route.source, route.target)
    sources = [field.steps for field in run.found.sources]
    exact = _only_copied(run.found)
    arrived = 0
    for payload in run.payloads:
        result = run.result(payload)
        if isinstance(result, ConversionError):
            continue
        given: dict[Steps, set[str]] = {}
        for place in places(payload, sources):
            if place.field is not None:
                given.setdefault(place.field, set()).update(parts_of(place.value))
        for place in places(result, exact):
            if place.field is not None:
                made_of, constants = exact[place.field]
                allowed = constants.union(*(given.get(steps, set()) for steps in made_of))
                items = place.value if isinstance(place.value, list) else [place.value]
                assert json_key(place.value) in allowed or {json_key(item) for item in items} <= allowed, place
                arrived += 1
    assert arrived or not exact or route.target == "socialgateway/case" or "query" in route.source


def _only_copied(found: Ledger) -> dict[Steps, tuple[tuple[Steps, ...], set[str]]]:
    """The target fields with a name that only copies and known constants reach, with their sources and constants."""
    changed: set[Steps] = set()
    for field in found.sources:
        for use in field.uses:
            if use.fate in ("transformed", "collapsed"):
                changed |= {each.steps for each in found.targets if _same_place(each.steps, use.steps)}
    return {
        field.steps: (field.made_of, {json_key(_constant(text)) for text in field.constants})
        for field in found.targets
        if field.made_of and field.steps not in changed and OTHERS not in field.steps
        if all(text.startswith("`") and "params" not in text for text in field.constants)
    }


def _same_place(one: Steps, other: Steps) -> bool:
    return one[: len(other)] == other[: len(one)]


def _constant(text: str) -> Any:
    text = text.strip("`")
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_unset_stays_out(route: Route) -> None:
    run = _run(route.source, route.target)
    fillings = {field.steps: field.filling for field in run.found.targets}
    for payload in run.payloads:
        result = run.result(payload)
        if not isinstance(result, ConversionError):
            for place in places(result, fillings):
                assert place.field is not None, place
                assert fillings[place.field] in ("filled", "approximate", "constant"), place


@pytest.mark.parametrize("route", ROUTES)
def test_losses_are_the_fields_that_the_ledger_leaves_behind(route: Route) -> None:
    run = _run(route.source, route.target)
    fields = {field.steps: field for field in run.found.sources}
    losses = Losses(run.found)
    for payload in run.payloads:
        expected: dict[str, str] = {}
        for place in places(payload, fields):
            if place.field is None:
                expected[path_text((*place.steps[:-1], OTHERS))] = NOT_DESCRIBED
            elif fields[place.field].lost:
                field = fields[place.field]
                told = field.reason or f"It decides about {field.uses[0].target}"
                expected[field.path] = told
        found = losses.of(payload)
        assert found.keys() == expected.keys()
        assert all(found[path].startswith(reason) for path, reason in expected.items())


def test_what_is_carried_matters() -> None:
    """Nearly every field that the ledger says is carried changes a result, for one of a few payloads that have it."""
    carried: list[str] = []
    silent: list[str] = []
    for route in catalog().routes():
        if len(route.mappings) == 1:
            run = _run(route.source, route.target)
            fields = {field.steps: field for field in run.found.sources}
            there, shown = _shown(run, fields)
            wanted = {steps for steps in there if fields[steps].fate in ("copied", "transformed", "collapsed")}
            carried += [f"{route.source} to {route.target}: {path_text(steps)}" for steps in wanted]
            silent += [f"{route.source} to {route.target}: {path_text(steps)}" for steps in wanted - shown]
    assert len(carried) > 400
    assert len(silent) < 0.03 * len(carried), sorted(silent)


def _by_field(payload: Any, fields: dict[Steps, SourceField]) -> dict[Steps, list[Place]]:
    """The places of a payload that belong to fields."""
    found: dict[Steps, list[Place]] = {}
    for place in places(payload, fields):
        if place.field is not None:
            found.setdefault(place.field, []).append(place)
    return found


def _shown(run: Run, fields: dict[Steps, SourceField]) -> tuple[set[Steps], set[Steps]]:
    """The fields with several values in payloads that are converted; those of which another gives another result."""
    converted = [(payload, json_key(run.result(payload))) for payload in run.payloads if run.converts(payload)]
    found = [_by_field(payload, fields) for payload, _ in converted]
    others: dict[Steps, dict[str, Any]] = {}
    for by_field in found:
        for steps, at in by_field.items():
            others.setdefault(steps, {}).update((json_key(place.value), place.value) for place in at)
    shown: set[Steps] = set()
    for (payload, before), by_field in zip(converted, found, strict=True):
        for steps in by_field.keys() - shown:
            for place in by_field[steps]:
                place.put(next((v for k, v in others[steps].items() if k != json_key(place.value)), place.value))
            if not run.converts(payload) or json_key(run.result(payload)) != before:
                shown.add(steps)
            for place in by_field[steps]:
                place.put(place.value)
        assert json_key(run.result(payload)) == before
    return {steps for steps, values in others.items() if len(values) > 1}, shown


# --- generated mappings -------------------------------------------------------------------------------------------


@trees.examples(60)
@given(trees.mapping_files())
def test_what_a_generated_mapping_leaves_behind_does_not_matter(files: trees.MappingText) -> None:
    _check_generated([files], seed=len(files.text))


@trees.examples(30)
@given(trees.mapping_files("a", "b"), trees.mapping_files("b", "c"))
def test_what_a_generated_route_leaves_behind_does_not_matter(
    first: trees.MappingText, second: trees.MappingText
) -> None:
    _check_generated([first, second], seed=len(first.text))


def _check_generated(files: list[trees.MappingText], seed: int) -> None:
    """Documents that differ only in what the ledger calls left behind become the same, where they become anything."""
    chain = _loaded(files)
    choose = random.Random(seed).randrange
    # through JSON, so that no object stands in two places of a document
    documents = [json.loads(json.dumps(trees.write_payload(choose))) for _ in range(4)]
    store = SchemaStore({"a/document": trees.schema_of(documents), "b/document": {}, "c/document": {}}, {})
    tree, root = in_turn(chain[0]) if len(chain) == 1 else compose(chain, SourceSchema(store, "a/document"))
    # of a generated mapping's neighbour no words are asked
    known = {mapping.id: mapping for mapping in chain}
    found = ledger(tree, root, chain, store, lambda name: known.get(name, chain[0]))
    fields = {field.steps: field for field in found.sources}
    for document in documents:
        changed = copy.deepcopy(document)
        for place in places(changed, fields):
            if _left_behind(place, fields) and not isinstance(place.value, (dict, list)):
                place.put(_changed(place.value))
        before, after = (outcome_of(tree, root, each, trees.PARAMS) for each in (document, changed))
        # a value that cannot be converted rejects, also where nothing of it is in the result
        assert before.rejected or after.rejected or before == after


def _loaded(files: list[trees.MappingText]) -> list[Mapping]:
    try:
        return [trees.loaded(text, f"{number}.yaml") for number, text in enumerate(files)]
    except MappingError:
        reject()
