"""How well models agree with their schemas: `python -m tests.generate.agreement [TYPES] [--count N] [--project DIR]`.

For each document type N valid payloads and N mutated ones, no two of them the same, are shown to both: to jsonschema-rs
with the schema, and to the model, as JSON text (`model_validate_json`) and as a value (`model_validate`). The verdicts
must be the same. Each valid payload is written again with `model_dump_json()` and must be the same JSON.

A disagreement that docs/models.md lists is counted as an exception of its class; any other is shown, and the exit
code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic

from casemap import Catalog
from casemap.generate.files import generated
from casemap.generate.modules import plan
from casemap.generate.options import Options
from casemap.generate.references import References
from casemap.schema.store import SchemaStore
from tests.generate.payloads import PayloadMaker, mutated

__all__ = ["Agreement", "Subjects", "differences", "measure", "own_types", "same_json"]

UNTYPED = "no `type`"
"""The exception of a schema that names members or items and no type: the model takes that type alone."""


@dataclass(slots=True)
class Agreement:
    """What was counted for one document type. `differences` has what differs, each with its payload."""

    type: str
    valid: int = 0
    mutated: int = 0
    mutated_invalid: int = 0
    exceptions: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    @property
    def payloads(self) -> int:
        """How many were shown."""
        return self.valid + self.mutated

    def __str__(self) -> str:
        agree = self.payloads - len(self.differences) - self.exceptions.total()
        listed = "".join(f"; {count} exceptions: {name}" for name, count in self.exceptions.items())
        return (
            f"{self.type:26} {self.valid:,} valid, {self.mutated:,} mutated ({self.mutated_invalid:,} invalid):"
            f" {agree:,} of {self.payloads:,} agree{listed}"
        )


def own_types(store: SchemaStore, project: Path | None) -> list[str]:
    """The document types of a project; without one, all types."""
    return sorted(name for name, file in store.files.items() if project is None or Path(file).is_relative_to(project))


class Subjects:
    """The document types of a project, or the bundled ones, with schemas, validators and freshly generated models."""

    def __init__(self, project: Path | None = None, options: Options | None = None) -> None:
        self.store = Catalog(project).store
        self.references = References(self.store.schemas, self.store.files)
        self.types = own_types(self.store, project)
        options = options or Options()
        self._modules = plan(self.references, self.types, options)
        self._models = self._import(options)

    def _import(self, options: Options) -> dict[str, Any]:
        folder = Path(tempfile.mkdtemp())
        package = folder / f"models_{uuid.uuid4().hex}"
        package.mkdir()
        for name, text in generated(self.store, self.types, options, package, whole=True).files.items():
            (package / name).write_text(text, "utf-8")
        sys.path.insert(0, str(folder))
        try:
            loaded = {each.name: importlib.import_module(f"{package.name}.{each.name}") for each in self._modules}
        finally:
            sys.path.remove(str(folder))
        found = ((each, name, class_name) for each in self._modules for name, class_name in each.classes.items())
        return {name: getattr(loaded[each.name], class_name) for each, name, class_name in found}

    def model(self, name: str) -> Any:
        """The class of a document type."""
        return self._models[name]

    def is_narrower(self, name: str) -> bool:
        """Whether the model of a document type, or one that it may refer to, says that it is narrower than its schema."""
        types = set(self.references.closure([name]))
        return any(any(each.notes.values()) for each in self._modules if types & each.classes.keys())


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: true is not 1, and 4.0 is 4 (JSON Schema, section 4.2.2)."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)


def measure(subjects: Subjects, name: str, count: int, seed: int = 0) -> Agreement:
    """Show `count` valid and `count` mutated payloads to a model and to its schema."""
    chance = random.Random(f"{name} {seed}")
    found = Agreement(name)
    validator = subjects.store.validator(name)
    maker = PayloadMaker(subjects.references.schema(f"{name}#"), subjects.references.schema, chance)
    pool = list(_valid(maker, validator, count))
    for payload in pool:
        found.valid += 1
        _judge(found, payload, subjects, valid=True)
    for payload in _mutated(pool, maker, count):
        valid = validator.is_valid(payload)
        found.mutated += 1
        found.mutated_invalid += not valid
        _judge(found, payload, subjects, valid=valid)
    return found


def _valid(maker: PayloadMaker, validator: Any, count: int) -> Iterator[Any]:
    seen: set[str] = set()
    for _ in range(count * 50):
        if len(seen) == count:
            return
        payload = maker.make()
        text = json.dumps(payload)
        if text not in seen and validator.is_valid(payload):
            seen.add(text)
            yield payload


def _mutated(pool: list[Any], maker: PayloadMaker, count: int) -> Iterator[Any]:
    seen: set[str] = set()
    for _ in range(count * 50 if pool else 0):
        if len(seen) == count:
            return
        payload = mutated(maker.chance.choice(pool), maker.chance, maker.any_value)
        text = json.dumps(payload)
        if text not in seen:
            seen.add(text)
            yield payload


def _judge(found: Agreement, payload: Any, subjects: Subjects, *, valid: bool) -> None:
    for difference in differences(payload, subjects.model(found.type), valid=valid):
        if difference.startswith("refused for its type") and subjects.is_narrower(found.type):
            found.exceptions[UNTYPED] += 1
        else:
            found.differences.append(difference)


def differences(payload: Any, model: Any, *, valid: bool) -> list[str]:
    """In what a model differs from the verdict on a payload: nothing, or one text."""
    text = json.dumps(payload, ensure_ascii=False)
    shown = text if len(text) <= 400 else f"{text[:400]}..."
    doors = (("text", model.model_validate_json, text), ("value", model.model_validate, payload))
    for door, read, given in doors:
        try:
            read_model = read(given)
        except pydantic.ValidationError as error:
            if valid:
                kinds = {each["type"] for each in error.errors()}
                why = "refused for its type" if kinds <= {"model_type", "list_type", "dict_type"} else "refused"
                return [f"{why} as {door}, yet valid: {shown}\n    {str(error).splitlines()[1:3]}"]
            continue
        if not valid:
            return [f"taken as {door}, yet not valid: {shown}"]
        written = read_model.model_dump_json()
        if not same_json(json.loads(written), payload):
            return [f"read as {door} and written otherwise: {shown}\n    {written}"]
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure how well models agree with their schemas.")
    parser.add_argument("types", nargs="*", help="document types; all without any")
    parser.add_argument("--count", type=int, default=5000, help="payloads of each kind a type")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--project", type=Path, help="a folder with schemas of its own")
    parser.add_argument("--enums", choices=("literal", "enum"), default="literal")
    options = parser.parse_args(arguments)
    subjects = Subjects(options.project, Options(enums=options.enums))
    shown = wrong = 0
    for name in options.types or subjects.types:
        found = measure(subjects, name, options.count, options.seed)
        few = ["fewer than asked: no more were found"] if found.payloads < 2 * options.count else []
        print("\n  ".join([str(found), *few, *found.differences[:5]]), flush=True)  # noqa: T201
        shown += found.payloads
        wrong += len(found.differences)
    print(f"{shown - wrong:,} of {shown:,} payloads agree and are written as read, or are exceptions")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
