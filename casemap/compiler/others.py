"""The members of a document that its schema does not name, in the typed door.

A decoded object has attributes for what its type names, so members that nobody has named before are learnt from the
documents that have them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from casemap.compiler.python_ast import is_mark, name

__all__ = ["Others", "is_nameable"]

_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')


def is_nameable(name: str) -> bool:
    """Whether a type of the decoder can have a member of that name."""
    return _UNNAMEABLE.search(name) is None


class Others:
    """Such members by name, each with an attribute of its own in the documents that are decoded from then on.

    `line` is what the document at work was decoded from: it alone knows the order of several.
    """

    def __init__(self) -> None:
        self.line = b""
        self.names: tuple[str, ...] = ()
        self.fields: tuple[tuple[str, str], ...] = ()
        """Attributes, each with its member's name."""
        self._has: Callable[[Any], bool] = _has_none
        self._unset: Any = None

    def learn(self, names: Iterable[str]) -> None:
        """Add names that can be ones; documents that were decoded before are of no use any more."""
        from msgspec import UNSET

        from casemap.compiler.execution import made

        self.names = tuple(dict.fromkeys((*self.names, *names)))
        self.fields = tuple((f"other__{number}", known) for number, known in enumerate(self.names))
        self._unset = UNSET
        held = [ast.Attribute(name("document"), attribute, ast.Load()) for attribute, _ in self.fields]
        tests: list[ast.expr] = [ast.UnaryOp(ast.Not(), is_mark(each, name("UNSET"))) for each in held]
        arguments = ast.arguments([], [ast.arg("document")], None, [], [], None, [])
        result = ast.Return(ast.BoolOp(ast.Or(), [*tests, ast.Constant(False)]))
        function = ast.FunctionDef(name="has", args=arguments, body=[result], decorator_list=[])
        module = ast.fix_missing_locations(ast.Module([function], []))
        self._has = made(module, "has", {"UNSET": UNSET}, "<casemap others>")

    def of(self, document: Any) -> dict[str, Any] | None:
        """Those that a document has, in no known order; None where it has none."""
        if not self._has(document):
            return None
        found = {}
        for attribute, known in self.fields:
            value = getattr(document, attribute)
            if value is not self._unset:
                found[known] = value
        return found

    def rest_of(self, document: Any) -> dict[str, Any] | None:
        """The rest of the document that `line` was decoded to, in its order; absent where there is none."""
        found = self.of(document)
        if found is not None and len(found) > 1:
            return {known: found[known] for known in _members()(self.line) if known in found}
        return found


@cache
def _members() -> Callable[[bytes], dict[str, Any]]:
    """What gives the members of a line in their order, their values not looked at."""
    import msgspec

    return msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _has_none(_: Any) -> bool:
    return False
