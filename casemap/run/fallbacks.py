"""Which fields of a converted record have the value of a fallback, an option other than a rule's first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casemap.analysis.fallbacks import MARK, with_fallbacks
from casemap.analysis.presence import Facts
from casemap.compiler.function import CompiledTree
from casemap.schema.store import SourceSchema

__all__ = ["FallingBack", "falling_back"]

FallingBack = Callable[[Any], Mapping[str, str]]
"""The target fields of a valid document that is converted in which a fallback stands, each with the option taken."""


def falling_back(converter: Any) -> FallingBack | None:
    """What finds them for the documents of a converter; None where nothing can fall back."""
    tree = with_fallbacks(converter.tree, converter.root)
    if tree == converter.tree:
        return None
    facts = Facts(tree, converter.root, SourceSchema(converter.store, converter.source))
    compiled = CompiledTree(tree, converter.root, dict(converter.params), "fallbacks", facts)

    def find(document: Any) -> dict[str, str]:
        _, found = compiled.observe(document)
        return {each.target: each.why.removeprefix(MARK) for each in found if each.why.startswith(MARK)}

    return find
