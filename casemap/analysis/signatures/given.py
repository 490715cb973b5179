"""What is known of a call's arguments, and what a signature says of its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from casemap.schema.shapes import Shape

__all__ = ["Given", "Signature"]


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call: `shapes` of all of them, and `constants`, the values of those after the first.

    A constant is `...` where the argument is computed, and None where an optional argument was left out.
    """

    shapes: Sequence[Shape]
    constants: Sequence[Any]

    @property
    def first(self) -> Shape:
        """The shape of the value before the `|`."""
        return self.shapes[0] if self.shapes else True

    def shape(self, position: int) -> Shape:
        """The shape of the argument at a position; `True` where nothing is known of it."""
        return self.shapes[position] if position < len(self.shapes) else True

    def there(self) -> list[tuple[int, Shape]]:
        """The positions and shapes of the arguments that were not left out."""
        left_out = {position for position, value in enumerate(self.constants, 1) if value is None}
        return [(position, shape) for position, shape in enumerate(self.shapes) if position not in left_out]

    def constant(self, position: int, default: Any = None) -> Any:
        """The value of the argument at a position after the first; the default where it was left out."""
        found = self.constants[position - 1] if 0 < position <= len(self.constants) else None
        return default if found is None else found

    def whole(self, position: int) -> int | None:
        """The constant at a position where it is a whole number, else None."""
        found = self.constant(position)
        if isinstance(found, float) and found.is_integer():
            return int(found)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def text(self, position: int, default: str | None = None) -> str | None:
        """The constant at a position where it is a text, else None."""
        found = self.constant(position, default)
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Signature:
    """What the table of functions does not say of one: it is asked where a part of this is None.

    `result` is the shape of results. `total` are first arguments on which the function never fails, and `accepts`
    the later ones, by position (None for what the parameter says): both together, so that it does not fail where all
    are such. `there` says whether the result is there.
    """

    result: Callable[[Given], Shape] | None = None
    total: Callable[[Given], Shape] | None = None
    accepts: Callable[[int, Given], Shape | None] | None = None
    there: Callable[[Given], bool] | None = None
