"""Bad input of every kind of the table in docs/validation.md, made anew for each test."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Callable
from pathlib import Path

__all__ = ["INPUTS", "NOBODY", "Made"]

NOBODY = 65534
Made = tuple[str, tuple[str, ...]]
"""The name of a file, and further arguments."""


def _text(data: bytes | str, name: str = "a.json", *arguments: str) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return name, arguments

    return make


def _nothing(_folder: Path) -> Made:
    return "missing.json", ()


def _directory(folder: Path) -> Made:
    (folder / "a.json").mkdir()
    return "a.json", ()


def _locked(folder: Path) -> Made:
    (folder / "a.json").write_text("{}")
    (folder / "a.json").chmod(0)
    return "a.json", ()


def _device(_folder: Path) -> Made:
    return "/proc/self/mem", ()


def _loop(folder: Path) -> Made:
    (folder / "a.json").symlink_to("a.json")
    return "a.json", ()


def _pipe(data: bytes) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        path = folder / "a.json"
        os.mkfifo(path)
        threading.Thread(target=lambda: path.write_bytes(data), daemon=True).start()
        return "a.json", ()

    return make


_BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 20)}]\n" for level in range(1, 12)
)

INPUTS: dict[str, Callable[[Path], Made]] = {
    "a file that is not there": _nothing,
    "a directory": _directory,
    "a file that may not be read": _locked,
    "a device that gives an error": _device,
    "a link that leads to itself": _loop,
    "a pipe closed before anything was written": _pipe(b""),
    "a pipe closed in the middle of the text": _pipe(b'{"a": 1,'),
    "compressed data cut off": _text(gzip.compress(b'{"a": 1}' * 100)[:-20], "a.json.gz"),
    "a name that ends in .gz and no compressed data": _text("{}", "a.json.gz"),
    "a name that ends in .zst and no compressed data": _text("{}", "a.json.zst"),
    "an empty file": _text(""),
    "white space alone": _text(" \n\n"),
    "a byte-order mark before a text": _text(b"\xef\xbb\xbf{}"),
    "a byte-order mark alone": _text(b"\xef\xbb\xbf"),
    "zero bytes": _text(b"\0" * 1000),
    "UTF-16": _text('{"a": 1}'.encode("utf-16")),
    "a byte that is not UTF-8": _text(b'{"a": 1,\n "b": \xff}'),
    "a text cut off": _text('{"a": 1,\n "b": {'),
    "a comma too many": _text('{"a":1,}'),
    "a comment": _text("{// no\n}"),
    "two documents": _text("{}\n{}"),
    "NaN": _text('{"a": NaN}'),
    "Infinity": _text("[-Infinity]"),
    "a member twice": _text('{"a": 1, "a": 2}'),
    "a member twice, with --allow-duplicate-keys": _text('{"a": 1, "a": 2}', "a.json", "--allow-duplicate-keys"),
    "half of a surrogate pair": _text('{"a": "\\ud83d"}'),
    "an integer of 400 digits": _text("[" + "9" * 400 + "]"),
    "an integer of 4,301 digits": _text("[" + "9" * 4301 + "]"),
    "a number of too many digits": _text("[0.1234567890123456789012]"),
    "a number that is too great": _text("[1e400]"),
    "nested 254 deep": _text("[" * 254 + "]" * 254),
    "nested 255 deep": _text("[" * 255 + "]" * 255),
    "100,000 brackets": _text("[" * 100_000),
    "NDJSON with a line that is no JSON": _text('{}\n{"a": 1,}\n{}\n', "a.ndjson"),
    "NDJSON with a member twice": _text('{}\n\n{"a": 1, "a": 2}\n', "a.ndjson"),
    "NDJSON with nothing but blank lines": _text("\n  \n\r\n", "a.ndjson"),
    "YAML that is none": _text("a: b: c", "a.yaml"),
    "YAML with a tab before a key": _text("a: 1\n\tb: 2", "a.yaml"),
    "YAML with a key twice": _text("a: 1\na: 2", "a.yaml"),
    "YAML with a key that is no text": _text("5: x", "a.yaml"),
    "YAML with a tag": _text("a: !!python/object:os.system x", "a.yaml"),
    "YAML with .nan": _text("a: .nan", "a.yaml"),
    "YAML with a number of too many digits": _text("a: 0.1234567890123456789012", "a.yaml"),
    "YAML whose aliases expand without end": _text(_BOMB, "a.yaml"),
    "YAML with nothing but a comment": _text("# nothing\n", "a.yaml"),
    "YAML nested 255 deep": _text("[" * 255 + "]" * 255, "a.yaml"),
    "a value that the schema does not allow": _text('{"wrong":\n   "x"}'),
}
