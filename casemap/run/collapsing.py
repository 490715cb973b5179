"""Which fields of a record keep only a part of what they say: those of the fate *collapsed* that have a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from casemap.analysis.fates import Ledger, SourceField
from casemap.analysis.losses import Losses

__all__ = ["Collapsing", "collapsing", "fates"]

Collapsing = Callable[[Any], Mapping[str, str]]
"""The fields of a valid document that are collapsed and have a value, each with what may become of that."""


def collapsing(ledger: Ledger) -> Collapsing | None:
    """What finds them; None where nothing is collapsed."""
    if not any(each.fate == "collapsed" for each in ledger.sources):
        return None
    # what tells which fields are lost tells it of these, once they are the lost ones
    return Losses(Ledger(tuple(_as_lost(each) for each in ledger.sources), ())).of


def _as_lost(each: SourceField) -> SourceField:
    if each.fate != "collapsed":
        return replace(each, fate="copied")
    reasons = dict.fromkeys(loss for use in each.uses[:1] for loss in use.losses)
    return replace(each, fate="dropped", reason="; ".join(reasons), uses=())


def fates(type: str, ledger: Ledger) -> dict[tuple[str, str], str]:
    """The fate of each field of a source type, by type and field."""
    return {(type, each.path): each.fate for each in ledger.sources}
