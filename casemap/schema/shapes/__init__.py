"""JSON Schemas as the types of values: what may lie below, joined, narrowed, compared.

A shape is a JSON Schema (draft 2020-12) without references and annotations, in which formats are asserted. Whatever a
shape says is true of the values that it stands for; it may say less than the schema that it came from, never more.
Shapes are plain data and never changed in place.

| module | holds |
|---|---|
| `plain` | shapes put together, and their types |
| `references` | a document's schema as a shape |
| `values` | the values of a shape that has few |
| `inside` | members and items |
| `narrowing` | what a condition leaves of a shape |
| `containment` | whether one shape admits all of another |
| `algebra` | the algebra of jsonschema-rs, which the last two build upon |
| `languages`, `patterns`, `lengths` | regular languages, where the algebra does not know |

Other packages import from this one, not from its modules.
"""

from __future__ import annotations

from casemap.schema.shapes.algebra import admits, canonical, is_empty, simplified
from casemap.schema.shapes.containment import covers
from casemap.schema.shapes.inside import (
    always_at,
    below,
    item_of,
    max_items,
    min_items,
    names_in,
    other_members,
    required_at,
)
from casemap.schema.shapes.languages import text_lengths
from casemap.schema.shapes.narrowing import narrowed, without, without_null
from casemap.schema.shapes.plain import NEVER, Shape, joined, key_of, met, type_name, types_of
from casemap.schema.shapes.references import written_out
from casemap.schema.shapes.values import few, may_be_null, values_of

__all__ = [
    "NEVER", "Shape", "admits", "always_at", "below", "canonical", "covers", "few", "is_empty", "item_of", "joined",
    "key_of", "max_items", "may_be_null", "met", "min_items", "names_in", "narrowed", "other_members", "required_at",
    "satisfiable", "simplified", "text_lengths", "type_name", "types_of", "values_of", "without", "without_null",
    "written_out",
]  # fmt: skip


def satisfiable(shape: Shape) -> bool:
    """Whether a value of the shape may exist; `False` is certain."""
    return not is_empty(shape)
