"""Inference of arrays, and of what is made of their items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis.assuming import assuming
from casemap.analysis.causes import ALWAYS, Missing, Unmet, all_of, any_of
from casemap.analysis.environment import Bound, Environment, Inferred, target_of
from casemap.analysis.inference.base import NOTHING, Target
from casemap.analysis.inference.objects import Objects
from casemap.mapping.core import (
    Array,
    Call,
    Concat,
    Each,
    Node,
    Path,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    Shape,
    item_of,
    joined,
    max_items,
    may_be_null,
    min_items,
    narrowed,
    types_of,
    values_of,
    without_null,
)

__all__ = ["Arrays"]

_TEXT: Shape = {"type": "string"}


@dataclass(slots=True)
class Arrays(Objects):
    """Arrays, and what is made of their items."""

    def each(self, node: Each, env: Environment) -> Inferred:
        source = self.aside(node.source, env)
        if source.never:
            return NOTHING
        shape = source.shape
        if not types_of(shape) <= {"array"}:
            never = "array" not in types_of(shape)
            self.refuse("CM302", f"whose `{self.text(node.source, env)}` is not an array", node.span, never)
            shape = NEVER if never else narrowed(shape, {"type": "array"})
        item = item_of(shape)
        nulls = may_be_null(item) and not node.keep_null
        inside = self.item_environment(node, without_null(item) if not node.keep_null else item, env)
        where = self.where(node, inside)
        if where is None:
            return self.of_nothing(node, source)
        body = self.body(node, where)
        if node.key is not None:
            return self.keyed(node, source, body, where)
        if node.take is not None:
            every = min_items(shape) > 0 and node.where is None and body.missing is None and not nulls
            none = Unmet(f"whose `{self.text(node.source, env)}` has no such item")
            return Inferred(body.shape, ALWAYS if body.never else any_of((source.missing, None if every else none)))
        lacking = Unmet("with any item") if body.never else body.missing
        missing = any_of((source.missing, lacking if node.strict else None))
        all_stay = node.where is None and node.unique is None and body.missing is None and not nulls
        return Inferred(_array(body.shape, min_items(shape) if all_stay else 0, max_items(shape)), missing)

    def of_nothing(self, node: Each, source: Inferred) -> Inferred:
        """An `each` of which no item remains."""
        if node.take is not None:
            return NOTHING
        kind = {"type": "array", "maxItems": 0} if node.key is None else {"type": "object", "maxProperties": 0}
        return Inferred(kind, source.missing)

    def item_environment(self, node: Each, item: Shape, env: Environment) -> Environment:
        origin: Target | None = None
        if isinstance(node.source, Path):
            symbol, steps, _ = target_of(node.source, env)
            binding = env.get(symbol)
            if isinstance(binding, Bound) and binding.origin is not None:
                named = (step if isinstance(step, str) else "*" for step in steps)
                origin = (*binding.origin, *named, "*")
        elif isinstance(node.source, Call) and node.source.function.name == "as_list":
            argument = node.source.arguments[0]
            if isinstance(argument, Path):
                symbol, steps, _ = target_of(argument, env)
                binding = env.get(symbol)
                if isinstance(binding, Bound) and binding.origin is not None:
                    origin = (*binding.origin, *(step if isinstance(step, str) else "*" for step in steps), "*")
        index = Bound({"type": "integer", "minimum": 0}, None)
        missing = Missing("this") if may_be_null(item) else None
        return {**env, node.item: Bound(item, origin, missing), node.index: index}

    def where(self, node: Each, env: Environment) -> Environment | None:
        if node.where is None:
            return env
        test = self.aside(node.where, env)
        if not test.never and not types_of(test.shape) <= {"boolean"}:
            self.refuse("CM302", f"for which `{self.text(node.where, env)}` is neither true nor false", node.span)
        found = None if test.never else assuming(env, node.where, True)
        self.observed.filtered(node, found is not None, self.text(node.where, env))
        return found

    def body(self, node: Each, env: Environment) -> Inferred:
        if node.sort is not None:
            self.sortable(node, node.sort, env)
        if node.unique is not None:
            self.aside(node.unique, env)
        step = () if node.take is not None else ("*",)
        with self.at(*step):
            return self.infer(node.body, env)

    def sortable(self, node: Each, key: Node, env: Environment) -> None:
        kinds = types_of(self.aside(key, env).shape)
        if not (kinds <= {"string"} or kinds <= {"number", "integer"}):
            text = self.text(key, env)
            self.refuse("CM307", f"in which the keys `{text}` are neither all numbers nor all texts", node.span)

    def keyed(self, node: Each, source: Inferred, body: Inferred, env: Environment) -> Inferred:
        assert node.key is not None  # noqa: S101 - the caller asked
        key = self.aside(node.key, env)
        text = self.text(node.key, env)
        if key.never or body.never:
            return Inferred({"type": "object", "maxProperties": 0}, source.missing)
        if not types_of(key.shape) <= {"string"}:
            self.refuse("CM308", f"whose `{text}` is not a text", node.key.span, "string" not in types_of(key.shape))
        if node.repeated == "error" and not _keys_differ(node):
            self.refuse("CM308", f"with two items of one `{text}`", node.key.span)
        value = body.shape if node.repeated != "collect" else {"type": "array", "items": body.shape, "minItems": 1}
        shape: dict[str, Any] = {"type": "object", "additionalProperties": value}
        names = values_of(key.shape)
        if names is not None:
            shape["propertyNames"] = {"enum": [name for name in names if isinstance(name, str)]}
        elif isinstance(key.shape, dict) and types_of(key.shape) <= {"string"} and key.shape != _TEXT:
            shape["propertyNames"] = key.shape
        return Inferred(shape, source.missing)

    def array(self, node: Array, env: Environment) -> Inferred:
        found: list[Inferred] = []
        for item in node.items:
            with self.at("*"):
                found.append(self.infer(item, env))
        there = [each for each in found if not each.never]
        least = sum(each.missing is None for each in there)
        return Inferred(_array(joined(each.shape for each in there), least, len(there)))

    def concat(self, node: Concat, env: Environment) -> Inferred:
        found: list[Inferred] = []
        for part in node.parts:
            each = self.infer(part, env)
            if not each.never and not types_of(each.shape) <= {"array"}:
                never = "array" not in types_of(each.shape)
                self.refuse("CM302", f"whose `{self.text(part, env)}` is not an array", part.span, never)
                each = NOTHING if never else replace(each, shape=narrowed(each.shape, {"type": "array"}))
            if not each.never:
                found.append(each)
        if not found:
            return NOTHING
        least = sum(min_items(each.shape) for each in found if each.missing is None)
        most: int | None = 0
        for each in found:
            upper = max_items(each.shape)
            most = None if most is None or upper is None else most + upper
        items = joined(without for each in found if (without := item_of(each.shape)) is not NEVER)
        return Inferred(_array(items, least, most), all_of(each.missing for each in found))


def _keys_differ(node: Each) -> bool:
    """Whether no two items can have one key: they are an object's entries by their own keys, or were told apart."""
    key, unique = node.key, node.unique
    if not isinstance(key, Path):
        return False
    if isinstance(unique, Path) and (unique.scope, unique.steps) == (key.scope, key.steps):
        return True
    entries = isinstance(node.source, Call) and node.source.function.name == "entries"
    return entries and key.scope is node.item and key.steps == ("key",)


def _array(items: Shape, least: int, most: int | None) -> Shape:
    if items is NEVER:
        return {"type": "array", "maxItems": 0}
    shape: dict[str, Any] = {"type": "array", "items": items}
    if least:
        shape["minItems"] = least
    if most is not None:
        shape["maxItems"] = most
    return shape
