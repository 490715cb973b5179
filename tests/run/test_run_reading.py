"""Reading files, and what their names say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import zstandard

from casemap.errors import CasemapError
from casemap.run.names import FileName
from casemap.run.reading import read_bytes, read_lines
from casemap.run.source_lines import SourceLines


@pytest.mark.parametrize(
    ("path", "stem", "file_format", "compression"),
    [
        ("a/b.json", "b", "json", None),
        ("b.NDJSON.GZ", "b", "ndjson", "gzip"),
        ("b.v1.jsonl.zst", "b.v1", "ndjson", "zstd"),
        ("b.yml", "b", "yaml", None),
        ("b.txt.gz", "b.txt", None, "gzip"),
        ("b", "b", None, None),
        (".json", ".json", None, None),
        ("-", "-", None, None),
    ],
)
def test_names(path: str, stem: str, file_format: str | None, compression: str | None) -> None:
    name = FileName.of(path)
    assert (name.stem, name.format, name.compression) == (stem, file_format, compression)


def test_zstd_frames_are_read_whole(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(300_000) + b"\0" * 3_000_000 + b"\nend"
    compressed = zstandard.ZstdCompressor().compress(data)
    file = tmp_path / "a.zst"
    file.write_bytes(compressed + zstandard.ZstdCompressor().compress(b"") + compressed)
    assert read_bytes(str(file)) == data + data
    assert b"".join(read_lines(str(file))) == data + data


@pytest.mark.parametrize("cut", [1, 10, 100_000, 299_990])
def test_zstd_data_that_is_cut_off_is_noticed(tmp_path: Path, cut: int) -> None:
    compressed = zstandard.ZstdCompressor().compress(random.Random(1).randbytes(300_000))
    file = tmp_path / "a.zst"
    file.write_bytes(compressed[:-cut])
    with pytest.raises(CasemapError) as caught:
        read_bytes(str(file))
    assert caught.value.problems[0].code == "CM101"


def test_lines_of_files(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeffone\r\ntw\u00f6\n\nfour".encode())
    lines = SourceLines()
    assert [lines(str(file), number) for number in (2, 2, 4, 1, 3, 5, 1)] == [
        "twö",
        "twö",
        "four",
        "one",
        "",
        None,
        "one",
    ]
    assert lines(str(tmp_path / "missing"), 1) is None
    assert lines("<stdin>", 1) is None
