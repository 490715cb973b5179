"""The fixture that the tests of the mapping language share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .projects import Language


@pytest.fixture
def language(tmp_path: Path) -> Language:
    """Projects in a folder of the test's own."""
    return Language(tmp_path)
