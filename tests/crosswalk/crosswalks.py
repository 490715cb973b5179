"""The crosswalks of the bundled routes, worked out once for all tests."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from casemap import Catalog
from casemap.analysis.crosswalk import Crosswalk, crosswalk_of
from tests.analysis.bundled import catalog
from tests.standalone import standalone

__all__ = ["BAD", "COUNT", "bad", "crosswalk_in", "large", "long_names", "project", "route_crosswalk"]


@functools.cache
def route_crosswalk(source: str, target: str, via: bool = False) -> Crosswalk:
    """The crosswalk of a bundled mapping or route."""
    return crosswalk_of(catalog().chain(source, target), catalog().store, catalog().mapping, via=via)


BAD = "<script>alert(1)</script>\u001b[31m\u202e & \"'` | *x*"
"""A text that a terminal, a browser or Markdown would obey."""


def project(folder: Path, source: Any, target: Any, rules: str) -> Catalog:
    """A project with a mapping from one/document to other/document."""
    for name, schema in (("one", source), ("other", target)):
        file = folder / "schemas" / name / "document.schema.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"$id": f"https://casemap.example/schemas/{name}/document", **schema}), "utf-8")
    mapping = folder / "mappings" / "one-to-other" / "document.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(f"casemap: 1\nsource: one/document\ntarget: other/document\n{rules}", "utf-8")
    return standalone(folder)


def crosswalk_in(folder: Path, source: Any, target: Any, rules: str) -> Crosswalk:
    """The crosswalk of such a mapping."""
    found = project(folder, source, target, rules)
    return crosswalk_of(found.chain("one/document", "other/document"), found.store, found.mapping)


def bad(folder: Path) -> Crosswalk:
    """A crosswalk in which names, titles, values, notes and reasons are texts that something would obey."""
    name = json.dumps(BAD)
    text = {"type": "string", "title": BAD, "description": BAD}
    source = {"type": "object", "properties": {BAD: text, "left": text, "kind": text, "plain": text}}
    target = {"type": "object", "properties": {"copied": text, BAD: text, "mapped": text, "unset": text, "when": text}}
    quoted = BAD.replace("'", "\\'")
    path, key = json.dumps(f"this['{quoted}']"), json.dumps(f"['{quoted}']")
    rules = "\n".join([
        f"summary: {name}",
        "params:",
        f"  p: {{type: string, description: {name}}}",
        "fields:",
        f"  copied: {{from: {path}, note: {name}}}",
        f"  {key}: {{const: {name}}}",
        f"  mapped: {{from: kind, map: {{{name}: {name}}}, else: {{const: {name}}}, approximate: {name}}}",
        f"  when: {{from: plain, when: {json.dumps('kind != ' + repr(BAD))}}}",
        f"unmapped: {{left: {name}}}",
        f"unset: {{unset: {name}}}",
        "",
    ])  # fmt: skip
    return crosswalk_in(folder, source, target, rules)


COUNT = 300


def long_names() -> list[str]:
    """Names of 80 characters."""
    return [f"field_{number:03}_".ljust(80, "x") for number in range(COUNT)]


def large(folder: Path) -> Crosswalk:
    """A crosswalk of 300 fields with names of 80 characters."""
    names = long_names()
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    rules = "fields:\n" + "".join(f"  {name}: {name} | trim\n" for name in names)
    return crosswalk_in(folder, schema, schema, rules)
