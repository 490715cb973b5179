"""Source payloads at random, made to reach every branch of a mapping.

On top of `PayloadMaker`, which makes what a schema asks for with extremes of every kind, values are chosen that a
mapping is about: the keys of its value maps and others, the constants of its conditions and what is near them, names
that clash, fields that it reads and the schema merely tolerates.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import jsonschema_rs

from casemap.analysis.hints import hints_of
from casemap.analysis.outlines import ITEM, Hints, Steps
from casemap.analysis.patterns import texts_matching
from casemap.mapping.core import Node, Symbol
from casemap.schema.store import SchemaStore, schema_uri
from tests.generate.payloads import FORMATS, PayloadMaker

__all__ = ["MappingPayloads"]

RANGES = [
    "[2022-03-23T00:00:00Z,2022-04-28T10:00:00+02:00]", "[2022-03-23T08:39:16.000Z,2022-04-28T09:39:16.123456789Z]",
    "[2022-03-23,2022-04-28]", "[2022-03-23T00:00:00-0300,2022-04-28 10:00+01]", "[2022-02-30T00:00:00Z,9999-12-31x]",
]  # fmt: skip
STAMPS = [
    "2015-03-19T00:35:28-0300",
    "2015-06-31T00:35:28-0300",
    "0001-01-01T00:00:00+2359",
    "9999-12-31T23:59:59-2359",
]
TIMES = [
    "0000-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2016-12-31T20:59:60.25-03:00",
    "0000-02-29T00:00:00Z",
]
EPOCHS = [0, -1, 1583399564000, 253402300799999, 253402300800000, -62135596800000, -62167219200001]


class MappingPayloads:
    """Valid payloads for the source of a mapping or route; `seed` decides which."""

    def __init__(
        self, store: SchemaStore, type_name: str, tree: Node, root: Symbol, target: str, seed: int = 0
    ) -> None:
        self.validator = store.validator(type_name)
        self.maker = _Maker(store, type_name, hints_of(tree, root, sorted(store.declared(target, ()))), seed)

    def __iter__(self) -> Iterator[Any]:
        while True:
            payload = self.maker.make()
            if self.validator.is_valid(payload):
                yield payload


class _Maker(PayloadMaker):
    """A maker that knows where in the document it is, and what the mapping is about there."""

    def __init__(self, store: SchemaStore, type_name: str, hints: Hints, seed: int) -> None:
        self.store = store
        self.base = schema_uri(type_name)
        chance = random.Random(f"{type_name} {seed}")
        super().__init__(store.schemas[type_name], self._referred, chance, depth=10)
        self.hints = hints
        self.steps: Steps = ()
        self.often = 0.5
        self._hinted: dict[tuple[Steps, str], list[Any]] = {}
        self._reached: dict[str, Any] = {}
        self.read_below: dict[Steps, list[str]] = {steps[:-1]: [] for steps in hints.values if steps}
        for steps in hints.values:
            if steps:
                self.read_below[steps[:-1]].append(steps[-1])

    def make(self) -> Any:
        # how much is there differs from payload to payload: next to nothing, half, all
        self.often = self.chance.choice((0.05, 0.3, 0.6, 0.9, 1.0))
        self.steps = ()
        return super().make()

    def _referred(self, reference: str) -> Any:
        """What a reference leads to, with its own references made absolute."""
        if reference not in self._reached:
            document, fragment = urldefrag(urljoin(self.base, reference))
            found = self.store.schemas[self.store.by_uri[document]]
            for step in unquote(fragment).split("/")[1:]:
                found = found[step]
            self._reached[reference] = _absolute(found, document)
        return self._reached[reference]

    def _value(self, schema: Any, level: int) -> Any:
        if (
            self.hints.values.get(self.steps)
            and isinstance(schema, dict)
            and self._left > 0
            and self.chance.random() < 0.4
        ):
            values = self._fitting(schema)
            if values:
                self._left -= 1
                return copy.deepcopy(self.chance.choice(values))
        if not isinstance(schema, dict) or not schema:
            return self._free(level)
        if "allOf" in schema or "anyOf" in schema or "oneOf" in schema or "$ref" in schema:
            return super()._value(schema, level)
        if schema.get("examples") and schema.get("type") in ("object", "array"):
            # an example of a whole object would skip what is below it
            schema = {word: value for word, value in schema.items() if word != "examples"}
        return super()._value(schema, level)

    def _fitting(self, schema: Any) -> list[Any]:
        """The constants held against this field that its schema admits."""
        key = (self.steps, json.dumps(schema, sort_keys=True) if len(schema) < 3 else str(schema.get("type")))
        if key not in self._hinted:
            validator = jsonschema_rs.validator_for(
                _absolute(schema, self.base), registry=self.store.registry, offline=True, validate_formats=True
            )
            self._hinted[key] = [value for value in self.hints.values[self.steps] if validator.is_valid(value)]
        return self._hinted[key]

    def _free(self, level: int) -> Any:
        """Where anything goes; also an object, if the mapping reads members there."""
        if self.steps in self.read_below and self.chance.random() < 0.7:
            return self._object({}, level)
        return self.any_value(level)

    def _object(self, schema: Any, level: int) -> Any:
        steps = self.steps
        required = schema.get("required", [])
        declared = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        found: dict[str, Any] = {}
        for name in dict.fromkeys((*declared, *required, *self._extra_names(declared, others, steps))):
            inner = declared.get(name, others)
            if inner is not False and (name in required or self.chance.random() < self._share(name, declared, steps)):
                self.steps = (*steps, name)
                found[name] = self._value(inner, level + 1)
        self.steps = steps
        if len(found) < schema.get("minProperties", 0) and declared:
            name = self.chance.choice(sorted(declared))
            self.steps = (*steps, name)
            found[name] = self._value(declared[name], level + 1)
            self.steps = steps
        return self._shuffled(found)

    def _share(self, name: str, declared: Mapping[str, Any], steps: Steps) -> float:
        if name in declared:
            return self.often if (*steps, name) in self.hints.values or self.chance.random() < 0.8 else 0.5
        return 0.3 if name in self.read_below.get(steps, ()) else 0.8

    def _extra_names(self, declared: Mapping[str, Any], others: Any, steps: Steps) -> Sequence[str]:
        """Names of members without a declaration."""
        if others is False:
            return ()
        names = [name for name in self.read_below.get(steps, ()) if name != ITEM and name not in declared]
        if steps in self.hints.open:
            names += [self._name() for _ in range(self.chance.randrange(3))]
            if self.hints.names and self.chance.random() < 0.08:
                names.append(self.chance.choice(self.hints.names))
        elif self.chance.random() < 0.1:
            names.append(self._name())
        return [name for name in names if name not in declared]

    def _shuffled(self, found: dict[str, Any]) -> dict[str, Any]:
        if self.chance.random() >= 0.2:
            return found
        names = list(found)
        self.chance.shuffle(names)
        return {name: found[name] for name in names}

    def _array(self, schema: Any, level: int) -> list[Any]:
        steps = self.steps
        self.steps = (*steps, ITEM)
        found = super()._array(schema, level)
        self.steps = steps
        if found and self.chance.random() < 0.15:
            found.append(copy.deepcopy(self.chance.choice(found)))  # equal keys, equal items
        return found

    def _text(self, schema: Mapping[str, Any]) -> str:
        if "pattern" in schema:
            pool = [*RANGES, *STAMPS, *texts_matching(schema["pattern"]), *schema.get("examples", ())]
            return str(self.chance.choice([text for text in pool if re.search(schema["pattern"], text)]))
        if schema.get("format") == "date-time":
            if self.chance.random() < 0.5:
                return f"20{self.chance.randrange(10, 60)}-0{self.chance.randrange(1, 10)}-1{self.chance.randrange(10)}T08:48:05.25+02:00"
            return str(self.chance.choice([*FORMATS["date-time"], *TIMES]))
        return super()._text(schema)

    def _number(self, schema: Mapping[str, Any], pool: Sequence[float]) -> Any:
        return super()._number(schema, [*pool, *EPOCHS])


def _absolute(schema: Any, base: str) -> Any:
    """A schema whose references say the document that they are relative to."""
    if isinstance(schema, list):
        return [_absolute(each, base) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        word: urljoin(base, value) if word == "$ref" and isinstance(value, str) else _absolute(value, base)
        for word, value in schema.items()
    }
