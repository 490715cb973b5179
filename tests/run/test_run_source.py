"""Chunks of whole lines, cut in the same places however one comes to them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemap.errors import CasemapError
from casemap.run.blocks import START, Block, Place
from casemap.run.chunks import ChunkOutput
from casemap.run.extents import extents
from casemap.run.source import behind_mark, open_source, read_chunks

TEXTS = st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=20)


def read(path: Path, size: int, here: Place = START) -> list[Block]:
    with open_source(str(path)) as source:
        source.skip(here.offset)
        return list(read_chunks(source, here, size))


@given(lines=TEXTS, last=st.sampled_from([b"", b"\n", b"\r\n"]), size=st.integers(3, 50), packed=st.booleans())
def test_chunks_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], last: bytes, size: int, packed: bool
) -> None:
    data = b"\n".join(lines) + last
    file = tmp_path_factory.mktemp("in") / ("in.ndjson.gz" if packed else "in.ndjson")
    file.write_bytes(gzip.compress(data) if packed else data)
    chunks = read(file, size)
    marked = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    assert b"".join(chunk.data for chunk in chunks) == data[marked:]
    for number, chunk in enumerate(chunks):
        assert data[chunk.offset : chunk.offset + len(chunk.data)] == chunk.data
        assert chunk.behind == Block(chunk.data, chunk.first_line, chunk.offset).behind
        assert chunk.first_line == data.count(b"\n", 0, chunk.offset) + 1
        assert chunk.data.endswith(b"\n") or number == len(chunks) - 1
        assert len(chunk.data) <= size or len(chunk.data.partition(b"\n")[0]) >= size
        # one who goes on here finds the same
        assert read(file, size, Place(chunk.offset, chunk.first_line)) == chunks[number:]


@given(
    lines=TEXTS,
    last=st.sampled_from([b"", b"\n", b"\r\n"]),
    size=st.integers(3, 50),
    looked_at=st.integers(1, 10),
)
def test_extents_are_the_chunks(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], last: bytes, size: int, looked_at: int
) -> None:
    file = tmp_path_factory.mktemp("in") / "in.ndjson"
    file.write_bytes(b"\n".join(lines) + last)
    with pytest.MonkeyPatch.context() as patch, open_source(str(file)) as source:
        patch.setattr("casemap.run.extents._LOOKED_AT", looked_at)
        found = list(extents(source, behind_mark(source, START).offset, size))
        outputs = [extent.converted(lambda block: ChunkOutput(block.data, len(block.data))) for extent in found]
        assert source.consumed == source.total
    chunks = read(file, size)
    assert [(extent.offset, extent.size) for extent in found] == [(chunk.offset, len(chunk.data)) for chunk in chunks]
    assert [output.data for output in outputs] == [chunk.data for chunk in chunks]
    assert [chunk.first_line + output.lines for chunk, output in zip(chunks, outputs, strict=True)] == [
        chunk.behind.line for chunk in chunks
    ]


def test_a_byte_order_mark_belongs_to_no_chunk(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(b"\xef\xbb\xbf1\n2")
    assert read(file, 100) == [Block(b"1\n2", 1, 3, Place(6, 2))]


def test_what_is_put_back_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(b"one\ntwo\nthree")
    with open_source(str(file)) as source:
        first = source.read_line()
        source.put_back(first)
        assert (first, source.read(2), source.read(5), source.rest()) == (b"one\n", b"on", b"e\ntwo", b"\nthree")


def test_how_much_has_been_read_of_the_file_as_it_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "in.gz"
    file.write_bytes(gzip.compress(b"x" * 5_000_000))
    with open_source(str(file)) as source:
        assert (source.total, source.descriptor) == (file.stat().st_size, None)
        source.read(100)
        assert 0 < (source.consumed or 0) <= (source.total or 0)


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(CasemapError, match="CM101"), open_source(str(tmp_path / name)) as source:
        source.read(1)
