"""The catalog: the document types, mappings and routes of a project together with the bundled ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from casemap.cache.cache import Cache
from casemap.cache.snapshot import Snapshot
from casemap.errors import CasemapError, MappingError
from casemap.problem import Problem, nearest
from casemap.recursion import deep_trees
from casemap.schema.store import SchemaStore

if TYPE_CHECKING:
    from casemap.functions.registry import Registry
    from casemap.mapping.file import Mapping

__all__ = ["Library", "MappingEntry", "Route", "bundled_folder", "find_project"]

_SCHEMA_SUFFIX = ".schema.json"
_HEAD = {
    name: re.compile(rf"^{name}:[ \t]+['\"]?([\w./-]+)['\"]?[ \t]*(?:#.*)?$", re.MULTILINE)
    for name in ("source", "target")
}


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """A mapping file of the catalog: `id` is its folder and name, `egain-to-common/case`."""

    id: str
    source: str
    target: str
    file: str
    bundled: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The chain of mappings from a source type to a target type, by their ids."""

    source: str
    target: str
    mappings: tuple[str, ...]


def bundled_folder() -> Path:
    """The folder that holds the bundled `schemas/` and `mappings/`: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "bundled"
    return installed if installed.is_dir() else package.parent


def find_project(start: Path) -> Path:
    """The nearest folder upwards with a `casemap.toml` or a `[tool.casemap]` table, else `start` itself."""
    for folder in (start, *start.parents):
        if (folder / "casemap.toml").is_file():
            return folder
        configuration = folder / "pyproject.toml"
        try:
            text = configuration.read_text("utf-8")
            if "casemap" in text and "casemap" in _read_toml(text).get("tool", {}):
                return folder
        except (OSError, ValueError):
            continue
    return start


def _read_toml(text: str) -> dict[str, Any]:
    import tomllib  # only for projects that speak of casemap

    return tomllib.loads(text)


class Library:
    """The files of a catalog: finds schemas and mappings, loads a mapping on first use, and finds routes.

    `project` is a folder with `schemas/` and `mappings/` of its own, which stand before the bundled ones.
    `functions` gives the functions that mappings are loaded with, once one is.
    Raises `MappingError` for files that cannot be read or are wrong.
    """

    def __init__(self, project: Path | None, functions: Callable[[], Registry]) -> None:
        self.project = project
        self.functions = functions
        if project is not None and not project.is_dir():
            message = (
                f"the project folder {project} does not exist" if not project.exists() else f"{project} is no folder"
            )
            raise MappingError([Problem("CM508", message, "Give a folder with `schemas/` and `mappings/`.")])
        own = [] if project is None or _same(project, bundled_folder()) else [project]
        self.folders: tuple[Path, ...] = (*own, bundled_folder())
        self._files = Snapshot()
        self._schema_cache = Cache(lambda: self._files.digest(self._schema_files.values()))
        self.cache = Cache(lambda: self._digest)
        """What is made of these files, where an earlier process has made it."""
        self._loaded: dict[str, Mapping] = {}
        self._loading: list[str] = []
        self._one_loads = RLock()  # a converter from the cache loads its mappings late, perhaps in several threads

    @cached_property
    def _schema_files(self) -> Table[str, Path]:
        """The files of the document types; the project's stand before bundled ones of the same type."""
        found: dict[str, Path] = {}
        for folder in self.folders:
            for file in sorted((folder / "schemas").glob(f"*/*{_SCHEMA_SUFFIX}")):
                name = f"{file.parent.name}/{file.name.removesuffix(_SCHEMA_SUFFIX)}"
                if not name.startswith("casemap/"):
                    found.setdefault(name, file)
        return found

    @cached_property
    def _mapping_files(self) -> tuple[tuple[Path, Path], ...]:
        """All mapping files in order, each behind the folder of the catalog that it is in."""
        return tuple(
            (folder, file)
            for folder in self.folders
            for file in sorted(f for ending in ("yaml", "yml") for f in (folder / "mappings").glob(f"*/*.{ending}"))
        )

    @cached_property
    def _digest(self) -> str:
        """A text that changes with any schema or mapping of the catalog. Raises `OSError` where one cannot be read."""
        return self._files.digest([*self._schema_files.values(), *(file for _, file in self._mapping_files)])

    @cached_property
    def store(self) -> SchemaStore:
        """The schemas by document type."""
        files = {name: str(file) for name, file in self._schema_files.items()}
        known = self._schema_cache.find(lambda data: SchemaStore.of_data(data, files), "schemas")
        if known is not None:
            return known
        schemas = {name: self._read_schema(file) for name, file in self._schema_files.items()}
        found = SchemaStore(schemas, files)
        self._schema_cache.put(found.as_data(), "schemas")
        return found

    @cached_property
    def entries(self) -> Table[str, MappingEntry]:
        """The mapping files by id. One of the project hides a bundled one of its id, or of its source and target."""
        found: dict[str, MappingEntry] = {}
        taken: dict[Path, set[tuple[str, str]]] = {}
        for folder, file in self._mapping_files:
            # of what the folders before have
            before = taken.setdefault(folder, {(entry.source, entry.target) for entry in found.values()})
            id = f"{file.parent.name}/{file.stem}"
            source, target = self._ends(file)
            if id not in found and ((source, target) not in before or not (source and target)):
                found[id] = MappingEntry(id, source, target, str(file), folder == bundled_folder())
        return found

    def types(self) -> tuple[str, ...]:
        """The document types, sorted."""
        return tuple(sorted(self.store.schemas))

    def mapping(self, id: str) -> Mapping:
        """A mapping, loaded. Raises `MappingError`."""
        if id not in self._loaded:
            with self._one_loads:
                self._load(id)
        return self._loaded[id]

    def _load(self, id: str) -> None:
        """Load a mapping, unless another thread has done it meanwhile. Raises `MappingError`."""
        from casemap.mapping.load import load_mapping

        if id not in self._loaded:
            entry = self.entries[id]
            if id in self._loading:
                chain = " → ".join([*self._loading, id])
                help = "Write one of them out, or move what they share into a third mapping."
                raise MappingError([Problem("CM216", f"mappings use each other: {chain}", help, file=entry.file)])
            self._loading.append(id)
            try:
                text = self._read_text(Path(entry.file))
                with deep_trees(entry.file, 1):
                    self._loaded[id] = load_mapping(text, entry.file, id, _Surroundings(self, id), self.functions())
            finally:
                self._loading.pop()

    def _read_text(self, file: Path) -> str:
        try:
            return self._files.text(file)
        except OSError as error:
            message, help = f"the file cannot be read: {error.strerror or error}", "Check the path and its permissions."
            raise MappingError([Problem("CM101", message, help, file=str(file))]) from None
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
            message = f"the file is not UTF-8 (byte {error.start})"
            problem = Problem("CM102", message, "Save it as UTF-8.", file=str(file), line=line, column=column)
            raise MappingError([problem]) from None

    def _read_schema(self, file: Path) -> Any:
        from casemap.syntax.json_text import read_json

        text = self._read_text(file)
        try:
            return read_json(text.encode(), str(file))
        except CasemapError as error:
            raise MappingError(error.problems) from None

    def _ends(self, file: Path) -> tuple[str, str]:
        """The source and target types of a mapping file, without loading it; empty where it does not say."""
        try:
            text = self._files.text(file)
        except (OSError, UnicodeDecodeError):
            return "", ""
        found = [match.group(1) if (match := _HEAD[name].search(text)) else "" for name in ("source", "target")]
        return (found[0], found[1]) if all(found) else _ends_by_reading(text, str(file))

    # routes

    def resolve_type(self, text: str, like: str | None = None) -> str:
        """A document type by its name, or by its format alone where `like` names a type of the same document.

        Raises `MappingError` with the types that there are.
        """
        types = self.types()
        if text in types:
            return text
        of_format = [name for name in types if name.split("/")[0] == text]
        if of_format and like is not None:
            wanted = f"{text}/{like.split('/')[1]}"
            if wanted in types:
                return wanted
        if of_format:
            message = f"`{text}` is a format; which of its document types is meant?"
            if like is not None:
                message = f"{text} has no document type `{like.split('/')[1]}`"
            raise MappingError([Problem("CM501", message, f"There are {', '.join(of_format)}.")])
        near = nearest(text, [*types, *{name.split("/")[0] for name in types}])
        hint = f"; did you mean `{near}`?" if near else ""
        help = f"There are {', '.join(types)}." if types else "There are no schemas."
        raise MappingError([Problem("CM501", f"there is no document type `{text}`{hint}", help)])

    def route(self, source: str, target: str, via: str | None = None) -> Route:
        """The shortest chain of mappings, through the format `via` where one is given. Raises `MappingError`."""
        found = self._shortest(source, target, via)
        if not found:
            raise MappingError([self._no_route(source, target, via), *self._headless()])
        if len(found) > 1:
            names = "; ".join(" → ".join(route.mappings) for route in found)
            message = f"there are {len(found)} routes of equal length from {source} to {target}: {names}"
            raise MappingError([Problem("CM503", message, "Choose one with `--via FORMAT`.")])
        return found[0]

    def routes(self) -> tuple[Route, ...]:
        """Every pair of types with a route, sorted; where there are several of one length, each of them."""
        types = self.types()
        return tuple(
            route
            for source in types
            for target in types
            if source != target
            for route in self._shortest(source, target, None)
        )

    def _shortest(self, source: str, target: str, via: str | None) -> list[Route]:
        """Breadth first over the mappings; all routes of the least length."""
        if source == target:
            return []
        by_source: dict[str, list[MappingEntry]] = {}
        for entry in self.entries.values():
            by_source.setdefault(entry.source, []).append(entry)
        paths: list[tuple[MappingEntry, ...]] = [(entry,) for entry in by_source.get(source, [])]
        for _ in range(len(self.types())):
            found = [path for path in paths if path[-1].target == target and _passes(path, via)]
            if found:
                return [Route(source, target, tuple(entry.id for entry in path)) for path in found]
            paths = [
                (*path, entry)
                for path in paths
                for entry in by_source.get(path[-1].target, [])
                if entry.target != source and all(entry.target != step.target for step in path)
            ]
        return []

    def _headless(self) -> list[Problem]:
        """The problems of mapping files that do not say what they convert: one may be what was asked for."""
        problems: list[Problem] = []
        for entry in self.entries.values():
            if not (entry.source and entry.target):
                try:
                    self.mapping(entry.id)
                except MappingError as error:
                    problems += error.problems
        return problems

    def _no_route(self, source: str, target: str, via: str | None) -> Problem:
        through = f" through {via}" if via else ""
        if source == target:
            help = "Give another target type with `--to`."
            return Problem("CM502", f"the payload is of type {source} already", help)
        reached = sorted({name for name in self.types() if name != source and self._shortest(source, name, None)})
        help = f"From {source} there are routes to {', '.join(reached)}." if reached else f"No mapping reads {source}."
        return Problem("CM502", f"there is no route from {source} to {target}{through}", help)


def _passes(path: tuple[MappingEntry, ...], via: str | None) -> bool:
    return via is None or any(entry.target.split("/")[0] == via for entry in path[:-1])


@dataclass(slots=True, repr=False, eq=False)
class _Surroundings:
    """What a mapping file sees of the catalog while it is loaded."""

    library: Library
    id: str
    source: str = ""

    def types(self) -> tuple[str, ...]:
        return self.library.types()

    def enter(self, source: str) -> None:
        self.source = source

    def used(self, name: str) -> Mapping | None:
        for id in (f"{self.id.split('/')[0]}/{name}", name):
            if id in self.library.entries and id != self.id:
                return self.library.mapping(id)
        return None

    def beside(self) -> list[str]:
        folder = self.id.split("/")[0]
        return [id.split("/")[1] for id in self.library.entries if id.split("/")[0] == folder and id != self.id]

    def known(self) -> list[str]:
        return [*self.beside(), *self.library.entries]

    def declared(self, origin: tuple[str, ...]) -> frozenset[str]:
        return self.library.store.declared(self.source, origin)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _ends_by_reading(text: str, file: str) -> tuple[str, str]:
    from casemap.syntax.yaml_text import YamlMapping, YamlScalar, parse_yaml

    def texts(names: tuple[str, ...]) -> Iterator[str]:
        try:
            documents = parse_yaml(text, file)
        except CasemapError:
            documents = []
        for name in names:
            node = documents[0].get(name) if documents and isinstance(documents[0], YamlMapping) else None
            yield node.text if isinstance(node, YamlScalar) else ""

    source, target = texts(("source", "target"))
    return source, target
