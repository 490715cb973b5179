"""Inference: the JSON Schema of the values that each node of a tree can give, when there is none, and what it refuses.

It goes through the tree as the compiled function does, with the source's schema in place of a document. Conditions
narrow what is known inside of them. It may say less than what holds, never more: what it says is true of every
document that is valid for the source's schema.
"""

from __future__ import annotations

from dataclasses import dataclass

from casemap.analysis.environment import Bound, Environment, Inferred, Named
from casemap.analysis.inference.arrays import Arrays
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Node,
    Object,
    Param,
    Path,
    Rest,
)  # fmt: skip

__all__ = ["Inference"]


@dataclass(slots=True)
class Inference(Arrays):
    """What is inferred of a tree over `root`; after `run` it has what was collected on the way."""

    def run(self, tree: Node) -> Inferred:
        """The shape of the results."""
        return self.infer(tree, {self.root: Bound(self.source, ())})

    def infer(self, node: Node, env: Environment) -> Inferred:
        """The shape of a node's values where the environment holds."""
        match node:
            case Const():
                return self.const(node)
            case Param():
                return self.param(node, env)
            case Path():
                return self.path(node, env)
            case Let():
                self._names[node.symbol] = node.value
                return self.infer(node.body, {**env, node.symbol: Named(node.value)})
            case Call():
                return self.call(node, env)
            case Lookup():
                return self.lookup(node, env)
            case If():
                return self.conditional(node, env)
            case Coalesce():
                return self.coalesce(node, env)
            case Object():
                return self.object(node, env)
            case Each():
                return self.each(node, env)
            case Array():
                return self.array(node, env)
            case Concat():
                return self.concat(node, env)
            case Rest():
                return self.rest(node, env)
            case Approximate():
                return self.infer(node.value, env)
