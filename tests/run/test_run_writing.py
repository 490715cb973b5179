"""Output files: complete, or not there."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from casemap.errors import CasemapError
from casemap.run.writing import Output


def write(target: Path) -> None:
    with Output(str(target)) as output:
        output.write(b"x")
        output.commit()


def test_nothing_is_there_before_the_end(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    with Output(str(target)) as output:
        output.write(b"half")
        assert not target.exists()
        assert len(list(tmp_path.iterdir())) == 1
        output.write(b" and half")
        output.commit()
        assert target.read_bytes() == b"half and half"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("name", ["out.json", "out.json.gz", "out.json.zst"])
def test_what_is_not_finished_leaves_the_older_file(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_bytes(b"older")
    with Output(str(target)) as output:
        output.write(b"newer" * 100_000)
    assert target.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_was_not_written_is_not_created(tmp_path: Path) -> None:
    with Output(str(tmp_path / "out.json")):
        pass
    assert list(tmp_path.iterdir()) == []
    with Output(str(tmp_path / "out.json")) as output:
        output.commit()
    assert (tmp_path / "out.json").read_bytes() == b""


def test_modes_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    real.write_bytes(b"older")
    real.chmod(0o640)
    (tmp_path / "link.json").symlink_to(real)
    with Output(str(tmp_path / "link.json")) as output:
        output.write(b"newer")
        output.commit()
    assert (tmp_path / "link.json").is_symlink()
    assert real.read_bytes() == b"newer"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    mask = os.umask(0)
    os.umask(mask)
    with Output(str(tmp_path / "new.json")) as output:
        output.commit()
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o666 & ~mask


def test_the_same_bytes_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        with Output(str(tmp_path / name)) as output:
            output.write(b"x" * 1000)
            output.commit()
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"x" * 1000


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("nowhere/out.json", "Make the folder first, or write to another place."),
        ("file/out.json", "A file is in the place of the folder"),
        (".", "A folder is in the place of the file"),
        ("n" * 300, "Write to another place."),
    ],
)
def test_what_the_system_refuses_is_a_problem(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CasemapError) as caught:
        write(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.code == "CM509"
    assert str(problem.help).startswith(advice)


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_a_full_disk_is_a_problem(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"full{ending}").symlink_to("/dev/full")
    with pytest.raises(CasemapError) as caught:
        write(tmp_path / f"full{ending}")
    assert caught.value.problems[0].code == "CM509"
    assert "No space left" in caught.value.problems[0].message
    assert "Free some space" in str(caught.value.problems[0].help)
