"""Inference of objects: declared, computed and spread members."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

from casemap.analysis.causes import ALWAYS, Cause, Unmet, all_of, any_of
from casemap.analysis.environment import Environment, Inferred
from casemap.analysis.inference.base import NOTHING
from casemap.analysis.inference.choices import Choices
from casemap.mapping.core import (
    Array,
    Computed,
    Each,
    Member,
    Node,
    Object,
    Rest,
    Spread,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    Shape,
    below,
    item_of,
    joined,
    names_in,
    narrowed,
    other_members,
    required_at,
    types_of,
    without_null,
)

__all__ = ["Objects"]


@dataclass(slots=True)
class Objects(Choices):
    """Objects, and what is left of one."""

    def object(self, node: Object, env: Environment) -> Inferred:
        members: dict[str, Inferred] = {}
        open_parts: list[tuple[Shape, bool]] = []
        spread: list[tuple[Spread, Inferred]] = []
        for part in node.parts:
            if isinstance(part, Member):
                with self.at(part.key):
                    members[part.key] = self.member(part, env)
            elif isinstance(part, Computed):
                open_parts.append(self.computed(part, env))
            else:
                spread.append((part, self.spread(part, env)))
        shape = self.object_shape(node, members, spread, open_parts, env)
        missing = None
        parts = [*members.values(), *(Inferred(True, Unmet("without any of them")) for _ in open_parts)]
        if node.absent == "every":
            missing = all_of([*(each.missing for each in parts), *(_empty(each) for _, each in spread)])
        elif node.absent == "any":
            missing = any_of(each.missing for each in [*parts, *(each for _, each in spread)])
        if node.absent != "never" and missing == ALWAYS:
            return NOTHING
        return Inferred(shape, missing)

    def member(self, part: Member, env: Environment) -> Inferred:
        found = self.infer(part.value, env)
        if not self._aside:
            self.members.setdefault(self._at, []).append((part.value.span, found))
            self.observed.field(self._at, part, found.never)
        return found

    def object_shape(
        self, node: Object, members: Table[str, Inferred], spread: list[tuple[Spread, Inferred]],
        open_parts: list[tuple[Shape, bool]], env: Environment,
    ) -> Shape:  # fmt: skip
        there = {name: each for name, each in members.items() if not each.never}
        properties: dict[str, Shape] = {name: each.shape for name, each in there.items()}
        whole = node.absent == "any"
        required = [name for name, each in there.items() if whole or each.missing is None]
        others: list[Shape] = [shape for shape, _ in open_parts]
        declared = frozenset(members)
        self.collisions(node, declared, spread, open_parts, env)
        for _, value in spread:
            shape = self.spread_members(value.shape)
            names = names_in(shape)
            for name in names:
                if name in declared:
                    continue
                member = below(shape, name)
                if member is NEVER:
                    continue
                before = properties.get(name)
                properties[name] = member if before is None else joined((before, member))
                if value.missing is None and required_at(shape, name):
                    required.append(name)
            others.append(other_members(shape, declared.union(names)))
        more = joined(others) if others else False
        if more is not False:
            # a member that one part names can be another's as well
            properties = {
                name: shape if name in declared else joined((shape, more)) for name, shape in properties.items()
            }
            properties |= dict.fromkeys(declared - properties.keys(), False)
        result: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": more}
        if required:
            result["required"] = sorted(set(required))
        elif node.absent == "every" and all(isinstance(part, Member) for part in node.parts):
            result["minProperties"] = 1
        return result

    def spread_members(self, shape: Shape) -> Shape:
        """The shape of an object that is spread, or of all objects of an array that is."""
        kinds = types_of(shape)
        parts: list[Shape] = []
        if "object" in kinds:
            parts.append(narrowed(shape, {"type": "object"}) if kinds != {"object"} else shape)
        if "array" in kinds:
            item = without_null(item_of(shape))
            if "object" in types_of(item):
                loose = narrowed(item, {"type": "object"}) if types_of(item) != {"object"} else item
                # of several objects none need be there, and each member can be any one's
                parts.append(_without_required(loose))
        return joined(parts)

    def spread(self, part: Spread, env: Environment) -> Inferred:
        found = self.infer(part.value, env) if isinstance(part.value, Object) else self.aside(part.value, env)
        items = item_of(found.shape) if "array" in types_of(found.shape) else NEVER
        odd = types_of(found.shape) - {"object", "array"} or types_of(items) - {"object"}
        if odd and not found.never:
            text = self.text(part.value, env)
            why = f"whose `{text}` is not an object or an array of objects"
            self.refuse("CM302", why, part.span, rule=part.value.span)
        if not self._aside:
            self.members.setdefault((*self._at, "*"), []).append((part.value.span, found))
        return found

    def computed(self, part: Computed, env: Environment) -> tuple[Shape, bool]:
        key = self.aside(part.key, env)
        if not key.never and not types_of(key.shape) <= {"string"}:
            self.refuse("CM308", f"whose `{self.text(part.key, env)}` is not a text", part.span, rule=part.value.span)
        with self.at("*"):
            value = self.infer(part.value, env)
        return value.shape, key.missing is not None or value.missing is not None

    def collisions(
        self, node: Object, declared: frozenset[str], spread: list[tuple[Spread, Inferred]],
        open_parts: list[tuple[Shape, bool]], env: Environment,
    ) -> None:  # fmt: skip
        """Two members of one name reject, whichever parts they come from."""
        taken = set(declared)
        anything = False
        for computed in (each for each in node.parts if isinstance(each, Computed)):
            if declared or anything or len(open_parts) > 1 or spread:
                text = self.text(computed.key, env)
                self.refuse(
                    "CM305", f"in which `{text}` is the name of another member", computed.span, rule=computed.value.span
                )
            anything = True
        for part, value in spread:
            shape = self.spread_members(value.shape)
            names = frozenset(names_in(shape))
            more = other_members(shape, names)
            named = {name for name in names if below(shape, name) is not NEVER}
            possible = named & taken or (more is not NEVER and bool(taken - names)) or (anything and shape is not NEVER)
            again = "array" in types_of(value.shape) and not isinstance(part.value, Array)
            if (possible or again) and not part.drop_on_collision and not value.never:
                text = self.spread_text(part.value, env)
                own = "a member with the name of a field" if taken else "two members of one name"
                self.refuse("CM305", f"whose `{text}` has {own}", part.span, rule=part.value.span)
            taken |= named
            anything = anything or more is not NEVER

    def spread_text(self, node: Node, env: Environment) -> str:
        """What is spread; of a list the parts that are no list of fields."""
        parts = node.items if isinstance(node, Array) else (node,)
        texts = [
            self.text(part.source if isinstance(part, Each) else part, env)
            for part in parts
            if not isinstance(part, Object)
        ]
        return "` or `".join(texts) or "'*'"

    def rest(self, node: Rest, env: Environment) -> Inferred:
        value = self.aside(node.value, env)
        if value.never:
            return NOTHING
        shape = value.shape
        if not types_of(shape) <= {"object"}:
            never = "object" not in types_of(shape)
            self.refuse("CM302", f"whose `{self.text(node.value, env)}` is not an object", node.span, never)
            shape = NEVER if never else narrowed(shape, {"type": "object"})
        if shape is NEVER:
            return NOTHING
        known = [name for name in names_in(shape) if name not in node.declared]
        properties = {name: below(shape, name) for name in known} | dict.fromkeys(node.declared, False)
        more = other_members(shape, node.declared.union(known))
        if more is NEVER and all(each is NEVER for each in properties.values()):
            return NOTHING
        required = sorted(name for name in known if required_at(shape, name))
        result: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": more}
        if required:
            return Inferred(result | {"required": required}, value.missing)
        cause = Unmet("without any member that the schema does not name")
        return Inferred(result | {"minProperties": 1}, any_of((value.missing, cause)))


def _empty(spread: Inferred) -> Cause | None:
    """When a spread value gives no member."""
    required = isinstance(spread.shape, dict) and bool(spread.shape.get("required"))
    return spread.missing if required else any_of((spread.missing, Unmet("without any of its members")))


def _without_required(shape: Shape) -> Shape:
    """The shape of an object of which any members may be missing."""
    if not isinstance(shape, dict):
        return shape
    names = names_in(shape)
    return {
        "type": "object",
        "properties": {name: below(shape, name) for name in names},
        "additionalProperties": other_members(shape, names),
    }
