"""The crosswalk: what fills each field of a target, in words, from the core tree and the ledger."""

from casemap.analysis.crosswalk.routes import crosswalk_of
from casemap.analysis.crosswalk.rows import Crosswalk, Group, Left, Link, ParamRow, Row, Unset, Way

__all__ = ["Crosswalk", "Group", "Left", "Link", "ParamRow", "Row", "Unset", "Way", "crosswalk_of"]
