"""What is made of the files of one catalog, by what it is: the same files give the same, in every process."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Any, TypeVar

from casemap.cache.digest import sha256
from casemap.cache.entries import Entries
from casemap.cache.folder import cache_folder
from casemap.cache.program import program

__all__ = ["Cache"]

Found = TypeVar("Found")


class Cache:
    """Plain values, and code: what `marshal` writes. `digest` gives that of the catalog's files, or raises `OSError`.

    An entry is named by a digest of all that decides over it: Python, casemap and what is installed, the files, and
    what the entry is. Nothing here raises: without a place for a cache, or with one that fails, nothing is found.
    """

    def __init__(self, digest: Callable[[], str]) -> None:
        self._digest = digest
        folder = cache_folder()
        self._entries = None if folder is None else Entries(folder)

    def find(self, read: Callable[[Any], Found], *what: object) -> Found | None:
        """What `read` makes of the value that was put here as `what`; None where there is none."""
        key = self._key(what)
        data = None if self._entries is None or key is None else self._entries.read(key)
        try:
            return None if data is None else read(marshal.loads(data))  # noqa: S302 - it is what we have written
        except Exception:  # noqa: BLE001 - whatever is wrong with an entry, it is as if it were not there
            return None

    def put(self, value: Any, *what: object) -> None:
        """Keep a value as `what`, which is to have a `repr` of its content, where that can be done."""
        key = self._key(what)
        if self._entries is None or key is None:
            return
        try:
            data = marshal.dumps(value)
        except ValueError:
            return  # it holds what is in this process alone
        self._entries.write(key, data)

    def _key(self, what: tuple[object, ...]) -> str | None:
        """The name of an entry; None where not all that decides over it is known."""
        if self._entries is None:
            return None
        try:
            decides = program(), self._digest(), what
        except OSError:
            return None
        return sha256(repr(decides).encode(errors="backslashreplace")).hexdigest()
