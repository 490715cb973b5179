"""The catalog that a command works with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casemap.errors import MappingError
from casemap.problem import Problem

if TYPE_CHECKING:
    from casemap.api import Catalog

__all__ = ["open_catalog", "project_folder"]


def open_catalog(project: str | None) -> Catalog:
    """The catalog of the project that `--project` names, else of the one that the current directory is in."""
    from casemap.api import Catalog

    return Catalog(project_folder(project))


def project_folder(project: str | None) -> Path:
    """The project's folder. Raises `MappingError` (CM508) where there is no current directory."""
    from casemap.catalog import find_project

    if project is not None:
        return Path(project)
    try:
        return find_project(Path.cwd())
    except OSError as error:
        message = f"the current directory cannot be read: {error.strerror}"
        raise MappingError([Problem("CM508", message, "Go to another directory, or give --project.")]) from None
