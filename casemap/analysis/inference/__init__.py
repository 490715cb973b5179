"""Inference: the JSON Schema of the values that each node of a tree can give, when there is none, what it refuses.

The parts build upon each other, a kind of node in each: `base`, `paths`, `calls`, `choices`, `objects`, `arrays`, and
`tree` with the whole.
"""

from __future__ import annotations

from casemap.analysis.inference.base import Refusal, Target
from casemap.analysis.inference.tree import Inference

__all__ = ["Inference", "Refusal", "Target"]
