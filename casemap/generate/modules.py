"""Which modules there are, what each defines, and under which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casemap.generate.names import ClassNames, class_name, module_name
from casemap.generate.options import Options
from casemap.generate.references import References
from casemap.generate.shapes import Definition, Shaper, sole_reference

__all__ = ["Module", "plan"]


@dataclass(slots=True)
class Module:
    """A module to be written: the document types that it is for, and its definitions in order.

    `classes` has the class of each document type; `aliases` further names, with the definitions that they stand for;
    `notes`, by class, where a model differs from its schema. A module that hands on has no definitions but
    `handed_on`, which has its names with those in the module `source`.
    """

    name: str
    types: list[str]
    classes: Mapping[str, str]
    definitions: list[Definition] = field(default_factory=list)
    aliases: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    source: str = ""
    handed_on: Mapping[str, str] = field(default_factory=dict)


def plan(references: References, types: Sequence[str], options: Options, single: str | None = None) -> list[Module]:
    """The modules for some document types: one a format, or one of the name `single` for all.

    What the types refer to in other documents is defined as well. The names are the same whichever types are asked.
    Formats that refer to each other are defined in one module, since modules cannot; each has a module that hands on.
    """
    wanted = references.closure(types)
    groups = _groups(references, wanted)
    if single is not None:
        groups = [sorted(format for group in groups for format in group)]
    plans: dict[str, _Plan] = {}
    for group in groups:
        name = module_name(single or ("_".join(["", *group]) if len(group) > 1 else group[0]))
        while name in [each.module for each in plans.values()]:
            name += "_"
        plans.update(dict.fromkeys(group, _Plan(references, name, group, options)))
    distinct = list({id(each): each for each in plans.values()}.values())
    for each in distinct:
        each.define(plans)
    needed = _reachable(plans, types)
    modules: list[Module] = []
    for each in distinct:
        mine = [name for name in wanted if plans[_format(name)] is each]
        kept = [found for name, found in each.shaper.definitions.items() if (each.module, name) in needed]
        aliases = {name: target for name, target in each.aliases.items() if (each.module, target) in needed}
        modules.append(Module(each.module, mine, each.classes(mine), kept, aliases, each.shaper.notes))
        if single is None and len(each.formats) > 1:
            alone = [_Plan(references, module_name(format), [format], options) for format in each.formats]
            modules += [_handing_on(one, each, mine, needed) for one in alone]
    return modules


def _handing_on(alone: _Plan, whole: _Plan, types: Sequence[str], needed: set[tuple[str, str]]) -> Module:
    """The module of a format whose definitions are in a module shared with others."""
    names = {name: whole.names[key] for key, name in alone.names.items() if (whole.module, whole.names[key]) in needed}
    names |= {name: names[target] for name, target in alone.aliases.items() if target in names}
    mine = [name for name in types if _format(name) in alone.formats]
    return Module(alone.module, mine, alone.classes(mine), source=whole.module, handed_on=names)


def _format(name: str) -> str:
    return name.partition("/")[0]


def _groups(references: References, types: Sequence[str]) -> list[list[str]]:
    """The formats, those together that refer to each other, sorted."""
    reached: dict[str, set[str]] = {}
    for name in types:
        reached.setdefault(_format(name), set()).update(_format(each) for each in references.closure([name]))
    for middle, further in reached.items():
        for formats in reached.values():
            if middle in formats:
                formats.update(further)
    groups = {tuple(sorted(other for other in reached[each] if each in reached[other])) for each in reached}
    return sorted(list(group) for group in groups)


class _Plan:
    """The names and definitions of one module."""

    def __init__(self, references: References, module: str, formats: Sequence[str], options: Options) -> None:
        self.references = references
        self.module = module
        self.formats = formats
        self.names: dict[str, str] = {}  # by key
        self.aliases: dict[str, str] = {}  # names of definitions by further names for them
        self._further: set[str] = set()  # keys of what only refers
        self.documents = [name for name in references.types if _format(name) in formats]
        several = len(self.formats) > 1
        self._free = ClassNames(options.class_prefix)
        for name in self.documents:
            self._name_document(name, f"{_format(name)} " if several else "")
        for name in self.documents:
            self._name_definitions(name, f"{_format(name)} " if several else "")
        self._name_aliases()
        self.shaper = Shaper(references, self._reference, self._free.take, enum_classes=options.enums == "enum")
        self._others: Mapping[str, _Plan] = {}

    def _name_document(self, name: str, prefix: str) -> None:
        words = (_title(self.references.schema(f"{name}#")), name.partition("/")[2])
        self.names[f"{name}#"] = self._free.take(prefix + each for each in words if each)

    def _name_definitions(self, name: str, prefix: str) -> None:
        owner = self.names[f"{name}#"]
        for key in self.references.definitions(name):
            if key in self.names:
                continue
            last = key.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            words = [each for each in (_title(self.references.schema(key)), last) if each]
            self.names[key] = self._free.take([prefix + words[0], *(f"{owner} {each}" for each in words)])

    def _name_aliases(self) -> None:
        """Let what only refers to another definition of the module be that one; `aliases` has it under its own name."""
        for key in [key for key in self.names if not key.endswith("#")]:
            target, seen = key, {key}
            while (found := sole_reference(self.references.schema(target))) in self.names and found not in seen:
                target = str(found)
                seen.add(target)
            if target != key:
                self.aliases[self.names[key]] = self.names[target]
                self._further.add(key)
        for key in self._further:
            self.names[key] = self.aliases[self.names[key]]

    def classes(self, types: Sequence[str]) -> dict[str, str]:
        """The classes of some document types."""
        return {name: self.names[f"{name}#"] for name in types}

    def define(self, plans: Mapping[str, _Plan]) -> None:
        """Shape the documents and definitions of the module."""
        self._others = plans
        for name in self.documents:
            self.shaper.define(self.names[f"{name}#"], f"{name}#", is_document=True)
        for key, name in self.names.items():
            if key not in self._further and name not in self.shaper.definitions:
                self.shaper.define(name, key, is_document=False)

    def _reference(self, key: str) -> str:
        other = self._others[_format(key)]
        place = "" if other is self else f"{other.module}.json"
        return f"{place}#/$defs/{other.names[key]}"


def _title(schema: Any) -> str:
    title = schema.get("title") if isinstance(schema, dict) else None
    return title if isinstance(title, str) and class_name(title) else ""


def _reachable(plans: Mapping[str, _Plan], types: Sequence[str]) -> set[tuple[str, str]]:
    """Module and name of the definitions of some document types, and of all that these refer to."""
    by_module = {each.module: each for each in plans.values()}
    pending: list[tuple[str, str]] = []
    for name in types:
        each = plans[_format(name)]
        pending += [(each.module, found) for key, found in each.names.items() if key.partition("#")[0] == name]
    found: set[tuple[str, str]] = set()
    while pending:
        module, name = pending.pop()
        if (module, name) in found:
            continue
        found.add((module, name))
        for reference in _references(by_module[module].shaper.definitions[name].schema):
            file, _, target = reference.partition("#/$defs/")
            pending.append((file.removesuffix(".json") or module, target))
    return found


def _references(shape: Any) -> Iterator[str]:
    if isinstance(shape, dict):
        if isinstance(shape.get("$ref"), str):
            yield shape["$ref"]
        for value in shape.values():
            yield from _references(value)
    elif isinstance(shape, list):
        for value in shape:
            yield from _references(value)
