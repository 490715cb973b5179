"""The ledger: what becomes of each field of a source, and what fills each field of a target.

A field is a leaf of the schema (see `casemap.schema.fields`). Members that the schema does not describe are no field
until a rule carries or asks for them; a member that the schema describes without its name (`custom.*`) is a field of
its own as soon as a rule names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from casemap.analysis.arriving import Arriving, at_sources, at_targets
from casemap.analysis.compose import compose, in_turn
from casemap.analysis.fates import FATES, Fate, Filling, Ledger, SourceField, TargetField, Use
from casemap.analysis.flows import Constant, Flow
from casemap.analysis.following import arrivals
from casemap.analysis.presence import Facts
from casemap.analysis.reasons import Reasons, Told, unset_reasons
from casemap.mapping.core import Node, Symbol
from casemap.mapping.file import Mapping
from casemap.schema.fields import Field, Steps
from casemap.schema.leaves import field_tree
from casemap.schema.store import SchemaStore, SourceSchema

__all__ = ["Ledgers", "ledger"]


def ledger(
    tree: Node, root: Symbol, chain: Sequence[Mapping], store: SchemaStore, used: Callable[[str], Mapping]
) -> Ledger:
    """The ledger of a tree over `root` that was made of a chain of mappings.

    `used` gives the mappings that these use, by their ids. `Ledgers` is faster for several.
    """
    return Ledgers(store, used).of(tree, root, chain)


class Ledgers:
    """The ledgers of a catalog's mappings and routes. What they share is worked out once."""

    def __init__(self, store: SchemaStore, used: Callable[[str], Mapping]) -> None:
        self._store = store
        self._used = used
        self._fields: dict[str, Field] = {}
        self._schemas: dict[str, SourceSchema] = {}
        self._ledgers: dict[str, tuple[Ledger, Node, Symbol]] = {}
        self._told: dict[str, Told] = {}

    def route(self, chain: Sequence[Mapping]) -> Ledger:
        """The ledger of a chain of mappings, composed."""
        if len(chain) == 1:
            return self.mapping(chain[0])
        tree, root = compose(chain, self._schema(chain[0].source))
        return self.of(tree, root, chain)

    def mapping(self, mapping: Mapping) -> Ledger:
        """The ledger of one mapping."""
        return self.mapping_with_tree(mapping)[0]

    def mapping_with_tree(self, mapping: Mapping) -> tuple[Ledger, Node, Symbol]:
        """The ledger of one mapping, with the tree as it was written and the symbol of its document."""
        found = self._ledgers.get(mapping.id)
        if found is None:
            tree, root = in_turn(mapping)
            found = self._ledgers[mapping.id] = self.of(tree, root, [mapping]), tree, root
        return found

    def fields(self, type_name: str) -> Field:
        """The fields of a document type."""
        if type_name not in self._fields:
            self._fields[type_name] = field_tree(self._store, type_name)
        return self._fields[type_name]

    def of(self, tree: Node, root: Symbol, chain: Sequence[Mapping]) -> Ledger:
        """The ledger of a tree that was made of a chain of mappings."""
        source, target = self.fields(chain[0].source), self.fields(chain[-1].target)
        facts = Facts(tree, root, self._schema(chain[0].source))
        found = arrivals(tree, root, facts, source)
        unset = unset_reasons(chain[0], tree, self._used) if len(chain) == 1 else ()
        reasons = Reasons(chain, unset, self._said)
        return Ledger(
            tuple(_source_field(steps, here, reasons) for steps, here in at_sources(source, found)),
            tuple(_target_field(steps, here, reasons) for steps, here in at_targets(target, source, found)),
        )

    def _schema(self, type_name: str) -> SourceSchema:
        if type_name not in self._schemas:
            self._schemas[type_name] = SourceSchema(self._store, type_name)
        return self._schemas[type_name]

    def _said(self, mapping: Mapping) -> Told:
        if mapping.id not in self._told:
            unset = unset_reasons(mapping, mapping.body, self._used)
            self._told[mapping.id] = Told.of(mapping, self.mapping(mapping), unset)
        return self._told[mapping.id]


# --- entries ------------------------------------------------------------------------------------------------------


def _source_field(steps: Steps, here: Sequence[Arriving], reasons: Reasons) -> SourceField:
    uses = _uses(here)
    reason = reasons.dropped(steps) if not uses or uses[0].fate == "consulted" else None
    word = reason.why if reason is not None else ""
    if uses:
        span = uses[0].span if not reasons.last else reasons.reader(steps)
        return SourceField(steps, uses[0].fate, word, span, tuple(uses))
    if reason is None:
        return SourceField(steps, "unmapped", "", reasons.reader(steps))
    return SourceField(steps, "dropped", word, reason.span)


def _uses(here: Sequence[Arriving]) -> list[Use]:
    """The uses of a field, the best first. That it decides about a target field which holds it goes without saying."""
    uses = [_use(each) for each in here]
    carried = dict.fromkeys(use for use in uses if use.fate != "consulted")
    into = {use.steps for use in carried}
    asked = {(use.steps, use.names): use for use in reversed(uses) if use.fate == "consulted"}
    found = [*carried, *(use for use in reversed(asked.values()) if use.names or use.steps not in into)]
    return sorted(found, key=lambda use: (FATES.index(use.fate), not use.undoable, bool(use.approximate)))


def _use(arriving: Arriving) -> Use:
    flow = arriving.value
    assert isinstance(flow, Flow)  # noqa: S101 - constants come from no field
    if flow.asked:
        return Use(arriving.target, "consulted", flow.span, undoable=False, names=flow.naming)
    fate: Fate = "collapsed" if flow.losses else "transformed" if flow.effects else "copied"
    undoable = not flow.losses and all(effect.undoable for effect in flow.effects)
    functions = tuple(effect.name for effect in flow.effects)
    return Use(arriving.target, fate, flow.span, functions, undoable, flow.losses, flow.approximate)


def _target_field(steps: Steps, here: Sequence[Arriving], reasons: Reasons) -> TargetField:
    carried = [each for each in here if not (isinstance(each.value, Flow) and each.value.asked)]
    asked = [each for each in here if isinstance(each.value, Flow) and each.value.asked]
    approximations = tuple(dict.fromkeys(why for each in carried for why in each.value.approximate))
    if not carried:
        reason = reasons.unset(steps, reasons.last)
        if reason is None:
            return TargetField(steps, "unfilled", "", reasons.writer(steps), decided_by=_sources(asked))
        return TargetField(steps, "unset", reason.why, reason.span, decided_by=_sources(asked))
    constants = tuple(dict.fromkeys(each.value.text for each in carried if isinstance(each.value, Constant)))
    span = carried[0].rule if not reasons.last else reasons.writer(steps)
    return TargetField(
        steps, _filling(carried), "", span, _sources(carried), _sources(asked), constants, approximations
    )


def _filling(carried: Sequence[Arriving]) -> Filling:
    flows = [each for each in carried if isinstance(each.value, Flow)]
    exact = [each for each in flows or carried if not each.value.approximate]
    return "approximate" if not exact else "filled" if flows else "constant"


def _sources(here: Sequence[Arriving]) -> tuple[Steps, ...]:
    return tuple(dict.fromkeys(each.source for each in here if each.source is not None))
