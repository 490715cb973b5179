"""Random JSON Schemas with all keywords in odd company, to find what a generator of models cannot do."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

__all__ = ["random_schema"]

NAMES = ["id", "name", "class", "a-b", "kind", "größe", "model_config", "items", "1"]
TITLES = ["Thing", "Case", "Field", "A thing", "Status"]
TEXTS = ["a", "b", "open", "x-1", ""]


def random_schema(chance: random.Random, others: list[str]) -> dict[str, Any]:
    """The schema of a document type, which may refer to its own definitions and to `others`."""
    names = [f"D{index}" for index in range(chance.randrange(4))]
    maker = _Maker(chance, [*(f"#/$defs/{name}" for name in names), *others, "#"])
    schema = chance.choice((maker.object, maker.object, maker.array, maker.mixed))(0)
    kinds = (maker.object, maker.array, maker.scalar, maker.listed)  # whatever loops, loops through members or items
    definitions = {name: chance.choice(kinds)(1) for name in names}
    return {**schema, "$defs": definitions} if definitions else schema


class _Maker:
    def __init__(self, chance: random.Random, references: list[str]) -> None:
        self.chance = chance
        self.references = references

    def schema(self, level: int) -> Any:
        """Any schema; flatter the deeper it stands."""
        chance = self.chance
        makers: list[Callable[[int], Any]] = [self.scalar, self.scalar, self.listed, self.reference]
        if level < 3:
            makers += [self.object, self.object, self.object, self.array, self.choice, self.all, self.mixed]
        if chance.random() < 0.05:
            return chance.choice([True, False, {}])
        found = chance.choice(makers)(level)
        if isinstance(found, dict) and chance.random() < 0.1:
            found["title"] = chance.choice(TITLES)
        if isinstance(found, dict) and chance.random() < 0.05:
            found["default"] = None
        return found

    def scalar(self, level: int) -> dict[str, Any]:
        chance = self.chance
        kinds = ["string", "integer", "number", "boolean", "null", ["string", "null"], ["integer", "string"]]
        kind = chance.choice(kinds)
        found: dict[str, Any] = {"type": kind}
        options: dict[str, Any] = {
            "minLength": chance.randrange(3), "maxLength": chance.randrange(1, 5),
            "pattern": chance.choice(["^a", "\\d", "^$"]),
            "format": chance.choice(["date-time", "uri", "date", "email", "unknown"]),
            "minimum": chance.choice([0, -1.5, 3]), "maximum": chance.choice([5, 100.5]),
            "exclusiveMinimum": 0, "exclusiveMaximum": 10, "multipleOf": chance.choice([2, 0.5, 0.01]),
        }  # fmt: skip
        for keyword in chance.sample(sorted(options), chance.choice([0, 0, 1, 2])):
            found[keyword] = options[keyword]
        if chance.random() < 0.1:
            del found["type"]
        return found

    def listed(self, level: int) -> dict[str, Any]:
        chance = self.chance
        mixed: list[list[Any]] = [[1, 2, 3], [True], [None, "a", "b"], [1, "1", True, 2.5, None], [[], {}, [1]]]
        pools = [TEXTS, TEXTS, *mixed]
        pool = chance.choice(pools)
        found: dict[str, Any] = {"enum": chance.sample(pool, chance.randrange(1, len(pool) + 1))}
        if chance.random() < 0.4:
            found = {"const": chance.choice(pool)}
        if chance.random() < 0.3:
            found["type"] = chance.choice(["string", "integer", ["string", "null"]])
        if chance.random() < 0.1:
            found["minLength"] = 2
        return found

    def reference(self, level: int) -> dict[str, Any]:
        chance = self.chance
        found: dict[str, Any] = {"$ref": chance.choice(self.references)}
        if level == 0:
            return self.object(level)
        if chance.random() < 0.2:
            found.update(self.schema_object(level + 1))
        return found

    def schema_object(self, level: int) -> dict[str, Any]:
        found = self.schema(max(level, 3))
        return found if isinstance(found, dict) and "$ref" not in found else {}

    def object(self, level: int) -> dict[str, Any]:
        chance = self.chance
        found: dict[str, Any] = {"type": "object"}
        names = chance.sample(NAMES, chance.randrange(5))
        if names:
            found["properties"] = {name: self.schema(level + 1) for name in names}
        if chance.random() < 0.5:
            found["required"] = chance.sample([*names, "extra"], chance.randrange(len(names) + 1))
        options: dict[str, Callable[[], Any]] = {
            "additionalProperties": lambda: chance.choice([False, True, self.schema(level + 1)]),
            "patternProperties": lambda: {chance.choice(["^a", "\\d", "^x-"]): self.schema(level + 1)},
            "propertyNames": lambda: {"maxLength": chance.randrange(1, 6)},
            "minProperties": lambda: chance.randrange(3),
            "maxProperties": lambda: chance.randrange(1, 4),
            "dependentRequired": lambda: {"id": ["name"]},
            "dependentSchemas": lambda: {"name": self.schema(level + 2)},
            "unevaluatedProperties": lambda: chance.choice([False, {"type": "string"}]),
            "anyOf": lambda: [{"required": [chance.choice(NAMES)]}, {"required": [chance.choice(NAMES)]}],
            "oneOf": lambda: [{"required": [chance.choice(NAMES)]}, {"properties": {"id": {"type": "string"}}}],
            "not": lambda: {"required": [chance.choice(NAMES)]},
            "if": lambda: {"required": [chance.choice(NAMES)]},
            "then": lambda: {"required": [chance.choice(NAMES)]},
            "else": lambda: {"properties": {"id": self.schema(level + 2)}},
        }
        for keyword in chance.sample(sorted(options), chance.choice([0, 0, 1, 1, 2, 3])):
            found[keyword] = options[keyword]()
        return found

    def array(self, level: int) -> dict[str, Any]:
        chance = self.chance
        found: dict[str, Any] = {"type": "array"}
        options: dict[str, Callable[[], Any]] = {
            "prefixItems": lambda: [self.schema(level + 1), self.schema(level + 1)],
            "contains": lambda: self.schema(level + 2),
            "minContains": lambda: chance.randrange(2),
            "maxContains": lambda: chance.randrange(1, 3),
            "minItems": lambda: chance.randrange(2),
            "maxItems": lambda: chance.randrange(1, 4),
            "uniqueItems": lambda: True,
            "unevaluatedItems": lambda: False,
        }
        if chance.random() < 0.8:
            found["items"] = self.schema(level + 1)
        for keyword in chance.sample(sorted(options), chance.choice([0, 0, 1, 2])):
            found[keyword] = options[keyword]()
        return found

    def choice(self, level: int) -> dict[str, Any]:
        chance = self.chance
        keyword = chance.choice(["anyOf", "oneOf"])
        if chance.random() < 0.3:
            return {keyword: [self.tagged(level, tag) for tag in chance.sample(["a", "b", "c"], 2)]}
        found: dict[str, Any] = {keyword: [self.schema(level + 1) for _ in range(chance.randrange(1, 4))]}
        if chance.random() < 0.2:
            found["type"] = chance.choice(["object", "string", ["array", "null"]])
        return found

    def tagged(self, level: int, tag: str) -> dict[str, Any]:
        found = self.object(level + 1)
        kind = self.chance.choice([{"const": tag}, {"enum": [tag, tag * 2]}])
        found["properties"] = {**found.get("properties", {}), "kind": kind}
        found["required"] = sorted({*found.get("required", []), "kind"})
        return found

    def all(self, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {"allOf": [self.schema(level + 1) for _ in range(self.chance.randrange(1, 4))]}
        if self.chance.random() < 0.4:
            found.update(self.object(level + 1))
        return found

    def mixed(self, level: int) -> dict[str, Any]:
        """Several types at once, with keywords for each; or none."""
        found = {**self.object(level + 1), **self.array(level + 1), **self.scalar(level + 1)}
        kinds = ["object", "array", "string", "integer", "null"]
        found["type"] = self.chance.sample(kinds, self.chance.randrange(2, 5))
        return found
