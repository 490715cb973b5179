"""Holds what inference says of a generated mapping against what the plain evaluator makes of its documents."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from typing import Any, Literal

from casemap.analysis.compose import compose, in_turn
from casemap.analysis.inference import Inference
from casemap.errors import MappingError
from casemap.mapping.core import Node, Symbol
from casemap.mapping.file import Mapping
from casemap.schema.store import SchemaStore, SourceSchema, validator_of
from tests.evaluator import outcome_of
from tests.trees import PARAMS, MappingText, loaded, schema_of, write_mapping, write_payload

__all__ = ["KNOWLEDGE", "check_inference", "exact_schema_of"]

Knowledge = Literal["nothing", "types", "values"]
KNOWLEDGE: tuple[Knowledge, ...] = ("nothing", "types", "values")


def exact_schema_of(values: Sequence[Any]) -> dict[str, Any]:
    """A JSON Schema that says of values which scalars stand where, and how many items arrays have."""
    if not values:
        return {}
    if all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(name for value in values for name in value)
        return {
            "type": "object",
            "required": [name for name in names if all(name in value for value in values)],
            "properties": {name: exact_schema_of([value[name] for value in values if name in value]) for name in names},
            "additionalProperties": False,
        }
    if all(isinstance(value, list) for value in values):
        lengths = [len(value) for value in values]
        items = exact_schema_of([item for value in values for item in value])
        return {"type": "array", "items": items, "minItems": min(lengths), "maxItems": max(lengths)}
    return {"enum": list(values)}


def schema_for(documents: Sequence[Any], known: Knowledge) -> dict[str, Any]:
    """A schema that all documents are valid for, of little or much detail."""
    return {} if known == "nothing" else schema_of(list(documents)) if known == "types" else exact_schema_of(documents)


def check_inference(mapping: Mapping, documents: Sequence[Any], known: Knowledge, simplified: bool) -> None:
    """Each result is of the inferred shape, each rejection was foreseen."""
    schema = schema_for(documents, known)
    source = SourceSchema(SchemaStore({"a/document": schema}, {}), "a/document")
    tree, root = compose([mapping], source) if simplified else in_turn(mapping)
    check_tree(tree, root, schema, documents)


def check_tree(tree: Node, root: Symbol, schema: dict[str, Any], documents: Sequence[Any]) -> None:
    inference = Inference(root, schema, {name: {"const": value} for name, value in PARAMS.items()})
    inferred = inference.run(tree)
    validator = validator_of(inferred.shape)
    foreseen = {_kind(refusal.code) for refusal in inference.refusals}
    if inferred.missing is not None:
        foreseen.add("CM311")
    for document in documents:
        outcome = outcome_of(tree, root, document, PARAMS)
        if outcome.rejected:
            assert _kind(outcome.rejected) in foreseen, (
                f"{document} is rejected with {outcome.rejected}, foreseen: {foreseen}"
            )
        else:
            assert validator.is_valid(outcome.value), f"{document} gives {outcome.value}, not of {inferred.shape}"


def _kind(code: str) -> str:
    """Functions refuse the wrong type and the wrong value with different codes; what is foreseen is that they refuse."""
    return "a function" if code in ("CM302", "CM303", "CM307", "CM308", "CM309", "CM312") else code


def hunt(first: int, count: int) -> None:
    """Try many seeds: `python -m tests.check.inferring FIRST COUNT`."""
    for seed in range(first, first + count):
        chance = random.Random(seed)
        files: MappingText = write_mapping(chance.randrange)
        documents = [write_payload(chance.randrange) for _ in range(3)]
        try:
            mapping = loaded(files)
        except MappingError:
            continue
        for known in KNOWLEDGE:
            for simplified in (False, True):
                try:
                    check_inference(mapping, documents, known, simplified)
                except AssertionError as error:
                    sys.exit(f"seed {seed} {known} {simplified}: …{str(error)[-500:]}\n{files.text}")


if __name__ == "__main__":
    hunt(int(sys.argv[1]), int(sys.argv[2]))
