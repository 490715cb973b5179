"""Ways to convert an archive, one case a line: each a function from one open file to another."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson

from benchmarks import handwritten, with_glom, with_jsonata
from benchmarks.cases import Json
from casemap import Catalog
from casemap.run.blocks import Block, BlockConverter, ExactBlocks
from casemap.run.chunks import ChunkConverter
from casemap.run.conversion import Conversion
from casemap.run.source import CHUNK_SIZE
from casemap.run.tally import Tally
from casemap.run.typed import TypedBlocks, typed_block_converter

__all__ = ["BASE_URL", "FLOOR", "ROUTES", "WAYS", "Archive", "Route", "Way", "floor", "ways"]

Archive = Callable[[BinaryIO, BinaryIO], None]
"""Reads an archive and writes what it becomes."""

BASE_URL = "https://egain.example.com"
FLOOR = "orjson reads and writes"


@dataclass(frozen=True, slots=True)
class Route:
    """A conversion with its params."""

    source: str
    target: str
    params: dict[str, Any]


ROUTES = (
    Route("egain/case", "khoros/case", {"base_url": BASE_URL}),
    Route("socialgateway/case", "khoros/case", {}),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way by its name; a slow one converts one in `of` cases."""

    name: str
    validates: bool
    of: int = 1


WAYS = (
    Way("casemap", True),
    Way("casemap, losses counted", True),
    Way("casemap, plain values", True),
    Way("casemap, exact path", True),
    Way("hand-written", False),
    Way("jsonatapy", False, 10),
    Way("jsonata-python", False, 100),
    Way("glom", False, 100),
)
"""All but the floor. `validates` says that the source is validated and that each result is valid."""


def floor(source: Iterable[bytes], target: BinaryIO) -> None:
    """What reading and writing the same JSON costs."""
    loads, dumps, write = orjson.loads, orjson.dumps, target.write
    for line in source:
        write(dumps(loads(line)))
        write(b"\n")


def ways(route: Route, catalog: Catalog) -> dict[str, Archive]:
    """The ways of a route, by the names of `WAYS`; jsonatapy only where it is installed."""
    converter = catalog.converter(route.source, route.target, route.params)
    left = converter.left
    typed = typed_block_converter(converter, left=left)
    counting = typed_block_converter(converter, left=left, observing=True)
    assert typed is not None
    assert counting is not None
    found = {
        "casemap": _chunks(converter, typed, observing=False),
        "casemap, losses counted": _chunks(converter, counting, observing=True),
        "casemap, plain values": _chunks(converter, TypedBlocks(typed._doors[-1:], typed._left), observing=False),
        "casemap, exact path": _chunks(converter, ExactBlocks(converter), observing=False),
    }
    return found | {name: _line_by_line(function) for name, function in _functions(route).items()}


def _functions(route: Route) -> dict[str, Callable[[Json], Any]]:
    is_egain = route.source == "egain/case"
    found: dict[str, Callable[[Json], Any]] = {
        "hand-written": handwritten.egain_to_khoros(BASE_URL) if is_egain else handwritten.socialgateway_to_khoros,
        "jsonata-python": with_jsonata.egain_to_khoros(BASE_URL) if is_egain else with_jsonata.socialgateway_to_khoros,
        "glom": with_glom.egain_to_khoros(BASE_URL) if is_egain else with_glom.socialgateway_to_khoros,
    }
    if importlib.util.find_spec("jsonatapy") is not None:
        from benchmarks import with_jsonatapy as rust

        found["jsonatapy"] = rust.egain_to_khoros(BASE_URL) if is_egain else rust.socialgateway_to_khoros()
    return found


def _line_by_line(convert: Callable[[Json], Any]) -> Archive:
    """What a program does with a function that converts one case."""

    def archive(source: BinaryIO, target: BinaryIO) -> None:
        loads, dumps, write = orjson.loads, orjson.dumps, target.write
        for line in source:
            write(dumps(convert(loads(line))))
            write(b"\n")

    return archive


def _chunks(converter: Any, blocks: BlockConverter, *, observing: bool) -> Archive:
    """What `casemap convert` does in each of its processes."""
    chunks = ChunkConverter("archive.ndjson", Conversion(converter, Tally(), observing=observing), blocks)

    def archive(source: BinaryIO, target: BinaryIO) -> None:
        for chunk in _read(source):
            output = chunks.convert(Block(chunk))
            if output.rejects:
                raise SystemExit(f"rejected: {output.rejects[0]}")
            target.write(output.data)

    return archive


def _read(source: BinaryIO) -> Iterator[bytes]:
    """Chunks of whole lines."""
    rest = b""
    while data := source.read(CHUNK_SIZE):
        end = data.rfind(b"\n") + 1
        yield rest + data[:end]
        rest = data[end:]
    if rest:
        yield rest
