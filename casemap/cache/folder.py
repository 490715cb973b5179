"""Where the cache is: the user's own folder for such things, another that they name, or nowhere."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

__all__ = ["VARIABLE", "cache_folder", "is_ours", "made_ours"]

VARIABLE = "CASEMAP_CACHE_DIR"
"""The environment variable that names another folder; an empty one turns the cache off."""

_NAME = "casemap"


def cache_folder() -> Path | None:
    """The folder of the cache, which need not be there; None where there is none.

    It is named by `CASEMAP_CACHE_DIR`, else it is `casemap` in the system's folder for caches: on Linux that of the
    XDG Base Directory Specification, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
    """
    named = os.environ.get(VARIABLE)
    if named is None:
        folder = _system_folder()
        return None if folder is None else folder / _NAME
    try:
        return Path(named).absolute() if named else None
    except OSError:
        return None  # there is no current folder


def _system_folder() -> Path | None:
    """The user's folder for caches; None for a user without a home."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - `Path.home` raises where there is none
    if sys.platform == "win32":
        found = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        found = home / "Library" / "Caches"
    else:
        named = Path(os.environ.get("XDG_CACHE_HOME") or "")
        found = named if named.is_absolute() else home / ".cache"
    return found if found.is_absolute() else None


def made_ours(folder: Path) -> bool:
    """Make a folder that only this user can look into, unless it is there; whether it is one to write to."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return False
    return is_ours(folder)


def is_ours(folder: Path) -> bool:
    """Whether a folder is there, belongs to this user, and can be written to by nobody else.

    What is in it is run: in another's folder, or one that others can write to, it may be theirs.
    """
    try:
        link, found = folder.lstat(), folder.stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    if sys.platform == "win32":
        return True  # permissions are not told by the mode there; the user's folders are their own
    user = os.geteuid()
    return link.st_uid == user and found.st_uid == user and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
