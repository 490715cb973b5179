"""Functions of trees as data for the cache, and trees of which only the functions are there.

A conversion that comes from the cache loads neither the mappings nor the compiler, unless a document cannot be
converted: what is wrong with it, the whole tree says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from casemap.compiler.execution import Approximation, FunctionCode, calling, noted_as_data, noted_of_data, observed

if TYPE_CHECKING:
    from casemap.compiler.function import CompiledTree

__all__ = ["ObservingCode", "StoredTree"]


class ObservingCode(NamedTuple):
    """An observing function, and what it notes by number; None for what is noted of a name."""

    function: FunctionCode
    noted: tuple[Approximation | None, ...]

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code."""
        return tuple(self.function), noted_as_data(self.noted)

    @classmethod
    def of_data(cls, data: Any) -> ObservingCode:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        function, noted = data
        return cls(FunctionCode(*function), noted_of_data(noted))


class StoredTree:
    """The functions of a tree that is not there: `tree` makes it as soon as it is asked for.

    `observing` gives the function that observes, where it is known. Raises `LookupError`, `TypeError`, `ValueError` or
    `Failure` for code that is not of this casemap.
    """

    def __init__(
        self,
        fast: FunctionCode,
        observing: Callable[[], ObservingCode | None],
        params: Mapping[str, Any],
        tree: Callable[[], CompiledTree],
    ) -> None:
        self.fast_code = fast
        """The code of the fast function."""
        self._find_observing = observing
        self._params = params
        self._tree = tree
        self._observing: tuple[Callable[..., Any], tuple[Approximation | None, ...]] | None = None
        self.convert = calling(fast.made(params), self._explained)
        """The function: a document in, the converted one out. Raises `ConversionError` with every problem of it."""

    @property
    def source_code(self) -> str:
        """The Python code of the fast function."""
        return self.fast_code.text

    @property
    def observing_code(self) -> ObservingCode | None:
        """The code of the observing function, where the tree had to be made for it."""
        return None if self._observing is not None else self._tree().observing_code

    def observe(self, document: Any) -> tuple[Any, list[Approximation]]:
        """The converted document, and the approximations and fallbacks that it holds. Raises `ConversionError`."""
        if self._observing is None:
            stored = self._find_observing()
            if stored is None:
                return self._tree().observe(document)
            self._observing = stored.function.made(self._params), stored.noted
        return observed(*self._observing, self._explained, document)

    def _explained(self, document: Any) -> Any:
        return self._tree().explained(document)
