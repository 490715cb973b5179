"""Crosswalks of generated mappings and routes: they can be made and written in each form, and their claims hold."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given, reject

from casemap import MappingError
from casemap.analysis.compose import compose
from casemap.analysis.crosswalk import Crosswalk, crosswalk_of
from casemap.mapping.file import Mapping
from casemap.report.crosswalk import crosswalk_markdown, crosswalk_text, page
from casemap.schema.fields import OTHERS, Steps
from casemap.schema.store import SchemaStore, SourceSchema
from tests import trees
from tests.analysis.places import json_key, parts_of
from tests.evaluator import outcome_of


@trees.examples(60)
@given(trees.mapping_files())
def test_the_crosswalk_of_a_generated_mapping(files: trees.MappingText) -> None:
    _check([files], seed=len(files.text))


@trees.examples(40)
@given(trees.mapping_files("a", "b"), trees.mapping_files("b", "c"))
def test_the_crosswalk_of_a_generated_route(first: trees.MappingText, second: trees.MappingText) -> None:
    _check([first, second], seed=len(first.text))


def _check(files: list[trees.MappingText], seed: int) -> None:
    chain = _loaded(files)
    choose = random.Random(seed).randrange
    documents = [json.loads(json.dumps(trees.write_payload(choose))) for _ in range(6)]
    schemas = {"a/document": trees.schema_of(documents), "b/document": {}, "c/document": {}}
    store = SchemaStore(schemas, {})
    known = {mapping.id: mapping for mapping in chain}
    found = crosswalk_of(chain, store, lambda name: known.get(name, chain[0]))
    assert max(map(len, crosswalk_text(found, 80).split("\n"))) <= 160  # in characters of any width
    assert crosswalk_markdown(found).startswith("# ")
    assert page(found).endswith("</html>")
    tree, root = compose(chain, SourceSchema(store, "a/document"))
    for document in documents:
        outcome = outcome_of(tree, root, document, trees.PARAMS)
        if not outcome.rejected:
            _check_claims(found, document, outcome.value)


def _check_claims(found: Crosswalk, document: Any, result: Any) -> None:
    """Each value at a field of which all ways claim something is one of those."""
    named = {row.steps for row in found.fields}
    for row in found.fields:
        built = any(other[: len(row.steps)] == row.steps != other for other in named)
        if built or not all(way.claim for way in row.ways):
            continue  # of an object that the mapping may build tell the rows of its members
        allowed: set[str] = set()
        for way in row.ways:
            if way.claim == "copied":
                given = (value for steps in way.sources for value in _at(document, steps, set()))
                allowed |= {key for value in given for key in parts_of(value)}
            else:
                allowed |= {json_key(value) for value in way.values}
        for value in _at(result, row.steps, named):
            items = value if isinstance(value, list) else [value]
            assert json_key(value) in allowed or {json_key(item) for item in items} <= allowed, (row, value)


def _at(value: Any, steps: Steps, named: set[Steps], above: Steps = ()) -> Iterator[Any]:
    """The values that steps lead to, in each item of an array; a name that stands elsewhere is none of the others."""
    if not steps:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _at(item, steps, named, above)
    elif isinstance(value, dict):
        for name, member in value.items():
            own = any(other[: len(above) + 1] == (*above, name) for other in named)
            if steps[0] == name or (steps[0] is OTHERS and not own):
                yield from _at(member, steps[1:], named, (*above, steps[0]))


def _loaded(files: list[trees.MappingText]) -> list[Mapping]:
    try:
        return [trees.loaded(text, f"{number}.yaml") for number, text in enumerate(files)]
    except MappingError:
        reject()
