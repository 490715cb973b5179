"""Payloads made from a JSON Schema: valid ones, and the same with something changed.

`PayloadMaker` makes what a schema asks for, at random and from its `examples`; whether it came out valid is for a
validator to say. `mutated` changes a payload at one to three places in ways that people and programs get things
wrong. Both take all their chance from the `random.Random` that they are given.
"""

from __future__ import annotations

import copy
import random
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["PayloadMaker", "mutated"]

TEXTS = [
    "", " ", "a", "x y", "203", "4.0", "true", "null", "None", "open", "OPEN", "Ünï", "日本語", "😀", "e\u0301", "a\nb",
    "tab\t", '"quoted"', "back\\slash", "\u2028", "\x7f", "https://example.com/a?b=c#d", "2024-05-14T08:48:05.000Z",
    "x" * 1024, "x" * 1025, "😀" * 1024,
]  # fmt: skip
NAMES = [
    "", "a.b", "this", "class", "class_", "from", "model_config", "model_extra", "__class__", "__dict__", "self",
    "root", "id", "_id", "data", "ÄÖ", "日", "1", "MISSING", "copy", "json", "plan", "title", "x-y",
]  # fmt: skip
INTEGERS = [0, 1, -1, 2, 25, 100, 499, 500, 501, 2**31, -(2**53) - 1, 2**63, 2**64, -(2**70), 10**30]
FRACTIONS = [0.5, -0.25, 1.5, 19.99, 0.1, 1e-7, -1.5e300, 2.2250738585072014e-308]
WHOLE = [0.0, 1.0, 4.0, -2.0, 100.0, 1e15]
FORMATS = {
    "date-time": [
        "2024-05-14T08:48:05.000Z", "2024-05-14T08:48:05Z", "2024-05-14T08:48:05+02:00", "2024-05-14t08:48:05z",
        "1985-04-12T23:20:50.52Z", "1990-12-31T23:59:60Z", "2024-02-29T00:00:00.123456789-00:00",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
    ],
    "date": ["2024-02-29", "1999-12-31"],
    "time": ["08:48:05Z", "23:59:59.5+01:00"],
    "duration": ["P1D", "PT5M", "P2W"],
    "email": ["a@example.com", "first.last@sub.example.org"],
    "hostname": ["example.com", "localhost"],
    "ipv4": ["127.0.0.1", "255.255.255.255"],
    "ipv6": ["::1", "2001:db8::8a2e:370:7334"],
    "uri": ["https://example.com/a?b=c#d", "mailto:a@example.com", "urn:isbn:0451450523", "http://[::1]:8080/"],
    "uri-reference": ["/a/b?c=d", "", "#top", "a", "//example.com/x", "https://example.com/%20"],
    "iri": ["https://example.com/größe"],
    "iri-reference": ["/größe"],
    "uuid": ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
    "json-pointer": ["", "/a/0"],
    "regex": ["^a+$"],
}  # fmt: skip
NEAR_FORMATS = [
    "2024-05-14T08:48:05", "2024-05-14 08:48:05Z", "2024-02-30T00:00:00Z", "2024-05-14T24:00:00Z", "2024-05-14",
    "2024-05-14T08:48:60Z", "2024-05-14T08:48:05.Z", "2015-03-19T00:35:28-0300", "2024-05-14T08:48:05+2:00",
    "not a uri", "example.com", "http://exa mple.com", "http://example.com/\u00fc", "://x", "http:", "%zz", "a@",
    "1.2.3", "256.1.1.1", "[2022-03-23,2022-04-28]", "2015-03-19T00:35:28-0300\n", "2024-05-14T08:48:05Z\n",
]  # fmt: skip


class PayloadMaker:
    """Makes payloads for one schema.

    `resolve` gives the schema that a `$ref` within another leads to. `depth` bounds nesting.
    """

    def __init__(self, schema: Any, resolve: Callable[[str], Any], chance: random.Random, depth: int = 6) -> None:
        self.schema = schema
        self.resolve = resolve
        self.chance = chance
        self.depth = depth
        self._left = 0  # values to be made yet, against schemas that nothing finite meets

    def make(self) -> Any:
        """A payload that is meant to be valid; mostly it is."""
        self._left = 2000
        return self._value(self.schema, 0)

    def any_value(self, level: int = 0) -> Any:
        """Any JSON value."""
        kind = self.chance.randrange(8 if level < 3 else 6)
        match kind:
            case 0:
                return None
            case 1:
                return self.chance.random() < 0.5
            case 2:
                return self.chance.choice(INTEGERS)
            case 3:
                return self.chance.choice(FRACTIONS + WHOLE)
            case 4 | 5:
                return self._any_text()
            case 6:
                return [self.any_value(level + 1) for _ in range(self.chance.randrange(3))]
            case _:
                return {self._name(): self.any_value(level + 1) for _ in range(self.chance.randrange(3))}

    def _any_text(self) -> str:
        if self.chance.random() < 0.6:
            return self.chance.choice(TEXTS)
        return "".join(self.chance.choices("abcXYZ 09-_.:/üß日😀", k=self.chance.randrange(1, 12)))

    def _name(self) -> str:
        if self.chance.random() < 0.7:
            return self.chance.choice(NAMES)
        return "".join(self.chance.choices(string.ascii_letters + "_- ", k=self.chance.randrange(1, 9)))

    def _value(self, schema: Any, level: int) -> Any:
        self._left -= 1
        if not isinstance(schema, dict) or level > 4 * self.depth or self._left < 0:
            return self.any_value(level)
        if schema.get("examples") and self.chance.random() < 0.15:
            return copy.deepcopy(self.chance.choice(schema["examples"]))
        for key in ("$ref", "allOf"):
            if key in schema:
                return self._value(self._joined(schema), level)
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema:
            return copy.deepcopy(self.chance.choice(schema["enum"]))
        for key in ("anyOf", "oneOf"):
            if key in schema:
                branch = self.chance.choice(schema[key])
                rest = {word: value for word, value in schema.items() if word not in (key, "examples")}
                return self._value(self._joined({**rest, "allOf": [branch]}), level)
        return self._typed(schema, level)

    def _joined(self, schema: Mapping[str, Any], level: int = 0) -> dict[str, Any]:
        """A schema with what it refers to written into it; good enough to make payloads from."""
        found = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = list(schema.get("allOf", []))
        if "$ref" in schema:
            parts.insert(0, self.resolve(schema["$ref"]))
        for part in parts:
            if not isinstance(part, dict) or level > 20:
                continue
            inner = self._joined(part, level + 1)
            for key, value in inner.items():
                if key == "properties":
                    found[key] = {**found.get(key, {}), **value}
                elif key == "required":
                    found[key] = [*found.get(key, []), *value]
                else:
                    found.setdefault(key, value)
        return found

    def _typed(self, schema: Mapping[str, Any], level: int) -> Any:
        kinds = schema.get("type")
        if kinds is None:
            kinds = "object" if "properties" in schema else "array" if "items" in schema else None
        if kinds is None:
            return self.any_value()
        match kinds if isinstance(kinds, str) else self.chance.choice(kinds):
            case "object":
                return self._object(schema, level)
            case "array":
                return self._array(schema, level)
            case "string":
                return self._text(schema)
            case "integer":
                return self._number(schema, [*INTEGERS, *WHOLE])
            case "number":
                return self._number(schema, [*INTEGERS, *WHOLE, *FRACTIONS])
            case "boolean":
                return self.chance.random() < 0.5
            case _:
                return None

    def _object(self, schema: Mapping[str, Any], level: int) -> Any:
        required = schema.get("required", [])
        share = self.chance.choice((0.0, 0.2, 0.5, 1.0)) if level < self.depth else 0.0
        found: dict[str, Any] = {}
        for name, inner in schema.get("properties", {}).items():
            if inner is not False and (name in required or self.chance.random() < share):
                found[name] = self._value(inner, level + 1)
        others = schema.get("additionalProperties", True)
        for name in required:
            if name not in found:
                found[name] = self._value(others, level + 1)
        if others is not False and level < self.depth and self.chance.random() < 0.4:
            for name in (self._name() for _ in range(self.chance.randrange(1, 4))):
                if name not in schema.get("properties", {}):
                    found[name] = self._value(others, level + 1)
        if self.chance.random() < 0.2:
            names = list(found)
            self.chance.shuffle(names)
            found = {name: found[name] for name in names}
        return found

    def _array(self, schema: Mapping[str, Any], level: int) -> list[Any]:
        first = [self._value(inner, level + 1) for inner in schema.get("prefixItems", [])]
        count = self.chance.choice((0, 1, 1, 2, 3)) if level < self.depth else 0
        count = min(max(count, schema.get("minItems", 0) - len(first)), max(schema.get("maxItems", 9) - len(first), 0))
        items = schema.get("items", True)
        return first + [self._value(items, level + 1) for _ in range(count if items is not False else 0)]

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("pattern") and schema.get("examples"):
            return str(self.chance.choice(schema["examples"]))
        pool = FORMATS.get(schema.get("format", ""), [*TEXTS, self._any_text(), self._any_text(), self._any_text()])
        fitting = [text for text in pool if schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 10**6)]
        return self.chance.choice(fitting or pool)

    def _number(self, schema: Mapping[str, Any], pool: Sequence[float]) -> Any:
        pool = [*pool, self.chance.randrange(-(10**6), 10**6)]
        low, high = schema.get("minimum"), schema.get("maximum")
        edges = [edge for edge in (low, high) if edge is not None]
        fitting = [each for each in [*pool, *edges] if (low is None or each >= low) and (high is None or each <= high)]
        return self.chance.choice(fitting or pool)


def mutated(payload: Any, chance: random.Random, anything: Callable[[], Any]) -> Any:
    """A copy of a payload with one to three changes; `anything` gives values to put in."""
    holder = [copy.deepcopy(payload)]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        places = list(_places(holder))
        parent, step = chance.choice(places)
        _CHANGES[chance.randrange(len(_CHANGES))](parent, step, chance, anything)
    return holder[0] if holder else None


def _places(holder: list[Any]) -> Iterator[tuple[Any, Any]]:
    pending: list[tuple[Any, Any]] = [(holder, 0)] if holder else []
    while pending:
        parent, step = pending.pop()
        yield parent, step
        value = parent[step]
        if isinstance(value, dict):
            pending += [(value, name) for name in value]
        elif isinstance(value, list):
            pending += [(value, index) for index in range(len(value))]


Change = Callable[[Any, Any, random.Random, Callable[[], Any]], None]


def _replace(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    parent[step] = anything()


def _null(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    parent[step] = None


def _remove(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    if isinstance(parent, dict) or len(parent) > 1:
        del parent[step]
    elif isinstance(parent[step], dict) and parent[step]:
        del parent[step][chance.choice(list(parent[step]))]


def _retype(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    """The same, as another type writes it: what lax validators let pass."""
    value = parent[step]
    match value:
        case bool():
            parent[step] = chance.choice((str(value).lower(), int(value), float(value)))
        case int():
            parent[step] = chance.choice((str(value), value + 0.5 if abs(value) < 2**50 else None, value == 1, [value]))
            if chance.random() < 0.3 and abs(value) < 2**53:
                parent[step] = float(value)
        case float():
            parent[step] = chance.choice((str(value), int(value), value + 0.5))
        case str():
            options: list[Any] = [value.encode().hex(), [value], {"value": value}, len(value)]
            parent[step] = int(value) if value.isdecimal() and value.isascii() else chance.choice(options)
        case list():
            numbered = {str(index): each for index, each in enumerate(value)}
            parent[step] = chance.choice((value[0] if value else {}, numbered))
        case dict():
            parent[step] = chance.choice(([value], list(value), list(value.values())))
        case _:
            parent[step] = chance.choice(("", "null", 0, False, [], {}))


def _reword(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    value = parent[step]
    if isinstance(value, str) and value and chance.random() < 0.3:
        place = chance.randrange(len(value))
        parent[step] = value[:place] + chance.choice("*+,-./:0a ") + value[place + 1 :]
    elif isinstance(value, str):
        near = [value + "\n", value + " ", " " + value, value.upper(), value.lower(), value[:-1], value * 2, ""]
        parent[step] = chance.choice([*near, *chance.sample(NEAR_FORMATS, 6)])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        parent[step] = chance.choice((-value, value + 1, value - 1, value * 1000 if abs(value) < 1e300 else 0, 0))
    elif isinstance(value, list):
        parent[step] = chance.choice((value + value, value[:1], [*value, None], []))
    else:
        parent[step] = anything()


def _add(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    value = parent[step]
    if isinstance(value, dict):
        value[chance.choice(NAMES)] = anything()
    elif isinstance(value, list):
        value.insert(chance.randrange(len(value) + 1), anything())
    else:
        parent[step] = anything()


def _rename(parent: Any, step: Any, chance: random.Random, anything: Callable[[], Any]) -> None:
    if isinstance(parent, dict):
        value = parent.pop(step)
        near = (step + "_", step.upper(), step.lower(), "_" + step, step.strip("_"), chance.choice(NAMES))
        parent[chance.choice(near)] = value


_CHANGES: list[Change] = [_replace, _null, _remove, _retype, _retype, _reword, _reword, _add, _rename]
