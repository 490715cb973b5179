"""Entries on disk: whole or not there, safe among processes, bounded, and in nobody else's hands."""

from __future__ import annotations

import errno
import hashlib
import marshal
import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from casemap.cache import folder as folders
from casemap.cache.entries import Entries
from tests.cache.running import PARAMS, ROOT, catalog, entries, environment, own_project, run

TICKET = {"no": 7, "subject": "Broken"}
VALUES = {"site": "https://shop.example", "rank": 3}
MAGIC = b"casemap cache 1\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")


def observed(cache: Path, project: Path) -> Any:
    found = catalog(cache, project).converter("shop/ticket", "desk/ticket", VALUES).observe(TICKET)
    return found.result, dict(found.lost), dict(found.approximations), dict(found.fallbacks)


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Path, Path, Any]:
    """A cache, the project that it is of, and what the project gives."""
    project, cache = own_project(tmp_path), tmp_path / "cache"
    found = observed(cache, project)
    assert len(entries(cache)) == 3  # the schemas, the route, and what observes
    return cache, project, found


# --- damage ---------------------------------------------------------------------------------------------------------


def damaged(data: bytes, chance: random.Random) -> bytes:
    """An entry that is cut, longer, or has other bits."""
    place = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            return data[:place]
        case 1:
            return data + chance.randbytes(place % 50 + 1)
        case 2:
            return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
    return chance.randbytes(place)


def test_no_damaged_entry_is_read(filled: tuple[Path, Path, Any]) -> None:
    cache, _, _ = filled
    chance = random.Random(1)
    for name, data in entries(cache).items():
        key = name.removesuffix(".entry")
        assert Entries(cache).read(key) == data[len(MAGIC) + 32 :]
        for _ in range(500):
            (cache / name).write_bytes(damaged(data, chance))
            assert Entries(cache).read(key) is None
        (cache / name).write_bytes(data)


def test_a_damaged_entry_is_made_again(filled: tuple[Path, Path, Any]) -> None:
    cache, project, expected = filled
    whole, chance = entries(cache), random.Random(2)
    for name, data in whole.items():
        for _ in range(20):
            (cache / name).write_bytes(damaged(data, chance))
            assert observed(cache, project) == expected
            assert entries(cache).keys() == whole.keys()
            assert Entries(cache).read(name.removesuffix(".entry")) is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xff", b"not marshal", *(marshal.dumps(value) for value in (None, 5, (), [1, 2], ("a",) * 6, {}))],
    ids=repr,
)
def test_what_is_sound_and_no_route_is_made_again(content: bytes, filled: tuple[Path, Path, Any]) -> None:
    cache, project, expected = filled
    for name in entries(cache):
        (cache / name).write_bytes(MAGIC + hashlib.sha256(content).digest() + content)
        assert observed(cache, project) == expected


@posix
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_no_entry_and_is_not_waited_for(kind: str, filled: tuple[Path, Path, Any]) -> None:
    cache, project, found = filled
    for path in [cache / name for name in entries(cache)]:
        path.unlink()
        match kind:
            case "pipe":
                os.mkfifo(path)
            case "device":
                path.symlink_to("/dev/zero")
            case _:
                path.mkdir()
    reading = "from pathlib import Path; from casemap.cache.entries import Entries"
    reading += f"; print(Entries(Path({str(cache)!r})).read({path.stem!r}))"
    shown = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, timeout=30, check=True)
    assert shown.stdout == "None\n"
    assert observed(cache, project) == found
    assert path.is_file() == (kind != "folder")  # an entry takes the place of all but a folder


def test_a_process_says_the_same_with_damaged_entries(tmp_path: Path) -> None:
    cache, arguments = tmp_path / "cache", ("convert", "examples/egain-case.json", "--to", "khoros/case", *PARAMS)
    expected = run(cache, *arguments)
    for damage in (lambda data: data[:-1], lambda data: data[:60] + b"\0" * (len(data) - 60), lambda _: b""):
        for name, data in entries(cache).items():
            (cache / name).write_bytes(damage(data))
        assert run(cache, *arguments) == expected


# --- other processes ------------------------------------------------------------------------------------------------


def test_processes_share_an_empty_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "casemap", "convert", "examples/egain-case.json", "--to", "khoros/case", *PARAMS]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, cwd=ROOT, env=environment(cache), **pipes) for _ in range(8)]
    done = [(*process.communicate(timeout=120), process.returncode) for process in started]
    assert len(set(done)) == 1
    assert done[0][2] == 0
    assert {Path(name).suffix for name in entries(cache)} == {".entry"}
    for name in entries(cache):
        assert Entries(cache).read(name.removesuffix(".entry")) is not None


def test_an_entry_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """Whoever reads while others write has one of what they have written."""
    cache = tmp_path / "cache"
    code = (
        "import sys\nfrom pathlib import Path\nfrom casemap.cache.entries import Entries\n"
        "for number in range(200):\n    Entries(Path(sys.argv[1])).write('key', bytes([int(sys.argv[2])]) * 100_000)"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(cache), str(number)], env=environment(cache))
        for number in range(3)
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        data = Entries(cache).read("key")
        seen.add(None if data is None else (len(data), *set(data)))
    assert seen <= {None, *((100_000, number) for number in range(3))}
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert [*entries(cache)] == ["key.entry"]


# --- places ---------------------------------------------------------------------------------------------------------


@posix
def test_the_folder_and_its_entries_are_for_the_user_alone(filled: tuple[Path, Path, Any]) -> None:
    cache, _, _ = filled
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in cache.iterdir()} == {0o600}


@posix
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777], ids=oct)
def test_a_folder_that_others_can_write_to_is_not_used(mode: int, filled: tuple[Path, Path, Any]) -> None:
    cache, project, expected = filled
    before = entries(cache)
    cache.chmod(mode)
    assert [Entries(cache).read(name.removesuffix(".entry")) for name in before] == [None] * 3
    Entries(cache).write("key", b"data")
    assert observed(cache, project) == expected
    assert entries(cache) == before


@posix
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("link", [False, True], ids=["folder", "link"])
def test_a_folder_of_another_user_is_not_used(link: bool, filled: tuple[Path, Path, Any], tmp_path: Path) -> None:
    cache, project, expected = filled
    place = cache
    if link:
        place = tmp_path / "link"
        place.symlink_to(cache)
        assert Entries(place).read(next(iter(entries(cache))).removesuffix(".entry")) is not None
    os.lchown(place, 12345, 12345)
    before = entries(cache)
    assert [Entries(place).read(name.removesuffix(".entry")) for name in before] == [None] * 3
    assert observed(place, project) == expected
    assert entries(cache) == before


@pytest.mark.parametrize(
    "place",
    ["file", "file/below", "/proc/nowhere", "\N{SNOWMAN}" * 300],
    ids=["a file", "below one", "no place", "too long"],
)
def test_without_a_place_there_is_no_cache(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    found = observed(tmp_path / place, own_project(tmp_path))
    assert found[0]["title"] == "Broken"
    assert (tmp_path / "file").read_text() == "here"


@posix
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_to_is_read(filled: tuple[Path, Path, Any]) -> None:
    cache, project, expected = filled
    before = entries(cache)
    cache.chmod(0o500)
    assert observed(cache, project) == expected
    assert entries(cache) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("function", ["replace", "open", "mkdir"])
def test_where_the_system_refuses_nothing_is_kept(
    function: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    project, cache = own_project(tmp_path), tmp_path / "cache"
    if function != "mkdir":
        cache.mkdir(mode=0o700)
    with monkeypatch.context() as patch:
        patch.setattr(f"os.{function}", refuse)
        Entries(cache).write("key", b"data")
    assert entries(cache) == {}
    assert observed(cache, project)[0]["title"] == "Broken"


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"HOME": "/home/ann"}, "/home/ann/.cache/casemap"),
        ("linux", {"HOME": "/home/ann", "XDG_CACHE_HOME": "/var/ann"}, "/var/ann/casemap"),
        ("linux", {"HOME": "/home/ann", "XDG_CACHE_HOME": "relative"}, "/home/ann/.cache/casemap"),
        ("linux", {"HOME": "/home/ann", "XDG_CACHE_HOME": ""}, "/home/ann/.cache/casemap"),
        ("darwin", {"HOME": "/Users/ann"}, "/Users/ann/Library/Caches/casemap"),
        ("win32", {"HOME": "/ann", "LOCALAPPDATA": "/ann/local"}, "/ann/local/casemap"),
        ("linux", {"HOME": "nowhere"}, None),
        ("linux", {"HOME": "/home/ann", "CASEMAP_CACHE_DIR": "/elsewhere"}, "/elsewhere"),
        ("linux", {"HOME": "/home/ann", "CASEMAP_CACHE_DIR": ""}, None),
    ],
)
@posix
def test_where_the_cache_is(
    platform: str, environ: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "CASEMAP_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(folders.sys, "platform", platform)
    assert folders.cache_folder() == (None if expected is None else Path(expected))


def test_a_relative_folder_is_one_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEMAP_CACHE_DIR", "here")
    assert folders.cache_folder() == tmp_path / "here"


# --- bounds ---------------------------------------------------------------------------------------------------------


def age(folder: Path, key: str, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(folder / f"{key}.entry", (at, at))


def keys(folder: Path) -> set[str]:
    return {Path(name).stem for name in entries(folder)}


def test_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    cache = Entries(tmp_path / "cache", most_entries=3)
    for number, key in enumerate("abc"):
        cache.write(key, b"data")
        age(cache.folder, key, 100 - number)
    assert cache.read("a") == b"data"  # used just now
    cache.write("d", b"data")
    assert len(keys(cache.folder)) == 4  # one write in sixteen looks
    age(cache.folder, "d", 97)
    cache.write("0", b"data")
    assert keys(cache.folder) == {"a", "d", "0"}


def test_entries_take_no_more_than_so_many_bytes(tmp_path: Path) -> None:
    cache = Entries(tmp_path / "cache", most_bytes=10_000)
    for number, key in enumerate("abc"):
        cache.write(key, b"." * 4_000)
        age(cache.folder, key, 100 - number)
    cache.write("0", b"data")
    assert keys(cache.folder) == {"b", "c", "0"}
    age(cache.folder, "0", 1)
    cache.write("0e", b"." * 9_000)
    assert keys(cache.folder) == {"0", "0e"}


def test_what_a_process_has_begun_and_left_goes_in_time(tmp_path: Path) -> None:
    cache = Entries(tmp_path / "cache")
    cache.write("a", b"data")
    for name, seconds in (("old.tmp", 4000), ("new.tmp", 10)):
        (cache.folder / name).write_bytes(b"half")
        os.utime(cache.folder / name, (time.time() - seconds,) * 2)
    (cache.folder / "of somebody else").write_bytes(b"mine")
    cache.write("0", b"data")
    assert set(entries(cache.folder)) == {"a.entry", "0.entry", "new.tmp", "of somebody else"}
