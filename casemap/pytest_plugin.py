"""A pytest plugin: the examples of mapping files are tests.

Each file below `mappings/<folder>/` that pytest comes by is collected, with a test for each of its examples. The
project is the folder that `mappings/` stands in. `casemap_examples = false` in pytest's configuration turns it off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casemap.errors import CasemapError

if TYPE_CHECKING:
    from casemap.api import Catalog
    from casemap.mapping.file import Mapping
    from casemap.run.examples import ExampleRun

__all__ = ["ExampleFailure", "MappingExample", "MappingFile", "pytest_addoption", "pytest_collect_file"]

_OPTION = "casemap_examples"
_HEAD = re.compile(r"^casemap:[ \t]*\d", re.MULTILINE)
_EXAMPLES = re.compile(r"^examples:", re.MULTILINE)


_CATALOGS = pytest.StashKey[dict[Path, "Catalog"]]()
"""The catalogs of the projects that files were collected from."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option to pytest's configuration."""
    parser.addini(_OPTION, "Collect the examples of casemap's mapping files as tests.", type="bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> MappingFile | None:
    """A mapping file with examples; None for any other file."""
    if not parent.config.getini(_OPTION) or not _is_mapping(file_path):
        return None
    return MappingFile.from_parent(parent, path=file_path)


def _is_mapping(path: Path) -> bool:
    if path.suffix not in (".yaml", ".yml") or path.parent.parent.name != "mappings":
        return False
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    return _HEAD.search(text) is not None and _EXAMPLES.search(text) is not None


class ExampleFailure(Exception):
    """An example that does not hold."""

    def __init__(self, run: ExampleRun) -> None:
        super().__init__(run)
        self.run = run


class MappingFile(pytest.File):
    """A mapping file; its examples are its tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each example. A mapping that is wrong is an error of the collection."""
        from casemap.api import Catalog

        try:
            catalogs = self.config.stash.setdefault(_CATALOGS, {})
            project = self.path.parents[2]
            if project not in catalogs:
                catalogs[project] = Catalog(project)
            catalog = catalogs[project]
            meant = [entry for entry in catalog.mappings if Path(entry.file).resolve() == self.path.resolve()]
            for entry in meant:
                mapping = catalog.mapping(entry.id)
                for number in range(1, len(mapping.examples) + 1):
                    yield MappingExample.from_parent(
                        self, name=f"example {number}", catalog=catalog, mapping=mapping, number=number
                    )
        except CasemapError as error:
            raise self.CollectError(str(error)) from None


class MappingExample(pytest.Item):
    """One example of a mapping."""

    def __init__(self, *, catalog: Catalog, mapping: Mapping, number: int, **given: Any) -> None:
        super().__init__(**given)
        self._catalog = catalog
        self._mapping = mapping
        self._number = number

    def runtest(self) -> None:
        """Run the example."""
        from casemap.run.examples import run_example

        run = run_example(self._catalog, self._mapping, self._number)
        if not run.holds:
            raise ExampleFailure(run)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What differs, with both places."""
        if isinstance(excinfo.value, ExampleFailure):
            from casemap.report.examples import failure_text

            return failure_text(excinfo.value.run, str(self.config.rootpath))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the example stands."""
        span = self._mapping.examples[self._number - 1].span
        return self.path, span.line - 1, f"{self._mapping.id}, {self.name}"
