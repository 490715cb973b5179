"""Catalogs of test projects without the bundled files.

Reading those takes ten times as long as a small project of a test's own, of which they say nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import casemap
import casemap.catalog
from casemap.cache.folder import VARIABLE

__all__ = ["standalone"]

_NOWHERE = Path(__file__).parent / "no bundled files"


def standalone(folder: Path) -> casemap.Catalog:
    """The catalog of a project alone; what it compiles is not kept in the cache, for no other test makes the same."""
    with patch.object(casemap.catalog, "bundled_folder", lambda: _NOWHERE), patch.dict(os.environ, {VARIABLE: ""}):
        return casemap.Catalog(folder)
