"""Memory that a run shares with its workers: they put results there, the run writes them out from there.

Anything that goes through a pipe is copied twice, into memory that the system finds for it each time.
"""

from __future__ import annotations

import mmap

__all__ = ["SharedResults"]

_SLOT = 1 << 21
"""Bytes for one result: twice those of a chunk. Memory is taken only for what is written there."""


class SharedResults:
    """Slots for so many results. To be made before the processes that are to share it.

    The run takes a free slot, a worker puts a result there, the run looks at it and gives the slot back. Raises
    `OSError` where there is no memory for it.
    """

    def __init__(self, count: int, size: int = _SLOT) -> None:
        self._size = size
        self._memory = mmap.mmap(-1, count * size)
        # the one that was used last is taken first: it is in the processor's cache, and the others may never be needed
        self._free = list(reversed(range(count)))

    def take(self) -> int:
        """A free slot."""
        return self._free.pop()

    def put(self, slot: int, data: bytes | memoryview) -> bool:
        """Put a result into a slot; false where it is too large for it."""
        if len(data) > self._size:
            return False
        start = slot * self._size
        self._memory[start : start + len(data)] = data
        return True

    def look(self, slot: int, size: int) -> memoryview:
        """The result in a slot, of so many bytes."""
        start = slot * self._size
        return memoryview(self._memory)[start : start + size]

    def give_back(self, slot: int) -> None:
        """The slot is free again."""
        self._free.append(slot)
