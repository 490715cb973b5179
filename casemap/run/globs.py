"""Patterns of file names: which files of a folder they mean, and whether they mean a given one.

As in a shell with `globstar`: `*` and `?` stay within a name, `[ab]` is one of some characters, `**` is any number of
folders. No wildcard matches the dot that a hidden name starts with. Paths have slashes on every system.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["compiled", "files_below"]

_HIDDEN = r"(?!\.)"


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for whole relative paths. Raises `ValueError` for one that means nothing."""
    names = pattern.split("/")
    if not pattern or "" in names or {".", ".."} & set(names):
        raise ValueError("write a path below the project's folder, with names between single slashes")
    parts = [
        _folders(last=index == len(names) - 1) if name == "**" else _name(name) for index, name in enumerate(names)
    ]
    joined = "".join(part if name == "**" else part + "/" for name, part in zip(names, parts, strict=True))
    return re.compile(joined.removesuffix("/"), re.DOTALL)


def _folders(*, last: bool) -> str:
    """Any number of folders, each with a slash behind it; at the end of a pattern, any file in them."""
    folders = f"(?:{_HIDDEN}[^/]+/)*"
    return f"{folders}{_HIDDEN}[^/]+" if last else folders


def _name(pattern: str) -> str:
    found = _HIDDEN if pattern[0] in "*?[" else ""
    for part in re.findall(r"\[!?\]?[^]]*\]|.", pattern, re.DOTALL):
        if part == "*":
            found += "[^/]*"
        elif part == "?":
            found += "[^/]"
        elif len(part) > 1:
            inside = part[1:-1].replace("\\", "\\\\")
            found += f"[^/{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
        else:
            found += re.escape(part)
    return found


def files_below(folder: Path, patterns: list[re.Pattern[str]], hidden: bool = False) -> Iterator[str]:
    """The files below a folder that any pattern means, by their paths from there, sorted.

    Links to folders are not followed. Folders with hidden names are looked into only if `hidden`, as a pattern may ask.
    """
    found: list[str] = []
    for current, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if hidden or not name.startswith(".")]
        below = Path(current).relative_to(folder).as_posix()
        before = "" if below == "." else f"{below}/"
        found += [before + name for name in names if any(pattern.fullmatch(before + name) for pattern in patterns)]
    yield from sorted(found)
