"""A run that ends early leaves no half-written result; resumed, it gives the files of a run that was not disturbed.

Each run here is stopped behind one of its chunks; `test_killed.py` stops real processes at any moment.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faulty import archive
from running import leftovers, new_run

from casemap.errors import CasemapError
from casemap.run.convert_files import FileConversion
from casemap.run.journal import Journal
from casemap.run.signals import InterruptedRunError
from casemap.run.source import Source
from casemap.run.streams import StreamOptions
from casemap.run.tally import Tally
from casemap.run.writing import Output

CHUNK = 5399
INPUTS = {"in.ndjson", "more.ndjson", "one.json", "some.json", "one.yaml"}
NAMES = ["out.ndjson", "out.json", "out.ndjson.gz", "out.json.zst", "out.json.gz"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Journal, "due", property(lambda journal: True))
    Path("in.ndjson").write_bytes(archive(900)[0])
    Path("more.ndjson").write_bytes(archive(420, seed=2)[0])
    return tmp_path


class Stops:
    """Interrupts a run behind its chunk of a number, as a signal does."""

    def __init__(self, chunk: int, error: BaseException | None = None) -> None:
        self.left = chunk
        self.error = error or InterruptedRunError(2)

    def begin(self, source: Source) -> None:
        """Another input."""

    def advance(self, tally: Tally) -> None:
        """Another chunk."""
        self.left -= 1
        if self.left == 0:
            raise self.error


def files(folder: Path) -> dict[str, bytes]:
    """What a run has written."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if name not in INPUTS}


Start = Callable[..., tuple[FileConversion, Tally]]


def starts(output: str, *inputs: str, jobs: int = 1) -> Start:
    """Gives new runs of the same kind."""
    stream = StreamOptions(jobs, chunk=CHUNK, observing=True)

    def start(**options: Any) -> tuple[FileConversion, Tally]:
        return new_run(inputs or ["in.ndjson"], output, rejects="bad.ndjson", stream=stream, **options)

    return start


def undisturbed(start: Start, folder: Path) -> tuple[dict[str, bytes], Any]:
    run, tally = start()
    run.run()
    written = files(folder)
    remove(folder, written)
    return written, tally.as_json()


def remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink()


def interrupted_then_resumed(start: Start, folder: Path, *chunks: int) -> Any:
    """Stop runs behind these chunks, counted in each run, and let the last one finish. Gives its tally."""
    for number, chunk in enumerate(chunks):
        run, _ = start(resume=number > 0)
        run.watch = Stops(chunk)
        with pytest.raises(InterruptedRunError):
            run.run()
        assert run.resumable
        assert not any(path.name.startswith("out") and path.is_file() for path in folder.iterdir())
    run, tally = start(resume=True)
    run.run()
    return tally.as_json()


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_an_archive(folder: Path, name: str, jobs: int) -> None:
    start = starts(name, jobs=jobs)
    wanted = undisturbed(start, folder)
    for chunks in ((1,), (2, 1, 1), (5,), (6, 2)):
        counts = interrupted_then_resumed(start, folder, *chunks)
        assert (files(folder), counts) == wanted
        assert leftovers(folder) == []
        remove(folder, wanted[0])


@pytest.mark.parametrize("name", ["out.ndjson", "out.json"])
def test_several_archives_into_one(folder: Path, name: str) -> None:
    start = starts(name, "in.ndjson", "more.ndjson")
    wanted = undisturbed(start, folder)
    run, _ = start()
    run.watch = counting = Stops(10**9)
    run.run()
    assert files(folder) == wanted[0]
    remove(folder, wanted[0])
    for chunk in range(1, 10**9 - counting.left):
        counts = interrupted_then_resumed(start, folder, chunk)
        assert (files(folder), counts) == wanted
        remove(folder, wanted[0])


def test_archives_and_documents_into_one(folder: Path) -> None:
    Path("some.json").write_bytes(b'[{"no": 1, "subject": "1"}, {"no": 2, "subject": 2}, {"no": 3, "subject": "3"}]')
    Path("one.yaml").write_bytes(b"{no: 4, subject: yaml}")
    start = starts("out.ndjson", "some.json", "in.ndjson", "one.yaml", "more.ndjson")
    wanted = undisturbed(start, folder)
    assert wanted[0]["out.ndjson"].startswith(b'{"id":"1"')
    for chunk in (1, 3, 6, 8):
        assert interrupted_then_resumed(start, folder, chunk) == wanted[1]
        assert files(folder) == wanted[0]
        remove(folder, wanted[0])


def test_each_archive_into_its_own(folder: Path) -> None:
    Path("one.json").write_bytes(b'{"no": 1, "subject": "1"}')
    start = starts("out/", "more.ndjson", "one.json", "in.ndjson")
    wanted = undisturbed(start, folder)
    assert len(wanted[0]) == 3 + 2
    for chunk in (1, 5, 8, 12):
        assert interrupted_then_resumed(start, folder, chunk) == wanted[1]
        assert files(folder) == wanted[0]
        remove(folder, wanted[0])


def test_a_run_of_its_own_begins_anew(folder: Path) -> None:
    start = starts("out.ndjson")
    wanted = undisturbed(start, folder)
    run, _ = start()
    run.watch = Stops(4)
    with pytest.raises(InterruptedRunError):
        run.run()
    assert len(leftovers(folder)) == 4
    run, tally = start()
    run.run()
    assert (files(folder), tally.as_json()) == wanted
    assert leftovers(folder) == []


def test_nothing_to_go_on_with_is_no_problem(folder: Path) -> None:
    start = starts("out.ndjson")
    wanted = undisturbed(start, folder)
    run, tally = start(resume=True)
    run.run()
    assert (files(folder), tally.as_json()) == wanted


def refusal(start: Start) -> str:
    run, _ = start(resume=True)
    with pytest.raises(CasemapError) as caught:
        run.run()
    assert [problem.code for problem in caught.value.problems] == ["CM510"]
    return caught.value.problems[0].message


def test_another_run_is_not_gone_on_with(folder: Path) -> None:
    start = starts("out.ndjson")
    run, _ = start(identity="a")
    run.watch = Stops(4)
    with pytest.raises(InterruptedRunError):
        run.run()
    left = files(folder)
    assert "was another one" in refusal(lambda **options: start(identity="b", **options))
    with Path("in.ndjson").open("ab") as file:
        file.write(b"\n")
    assert "was another one" in refusal(lambda **options: start(identity="a", **options))
    assert {name: data for name, data in files(folder).items() if "journal" not in name} == {
        name: data for name, data in left.items() if "journal" not in name
    }


def test_a_route_that_has_changed_is_not_gone_on_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = starts("out.ndjson")
    run, _ = start()
    run.watch = Stops(4)
    with pytest.raises(InterruptedRunError):
        run.run()
    monkeypatch.setattr("casemap.run.choice.Choice.code", lambda choice, conversion: "other")
    assert "has changed" in refusal(start)


@pytest.mark.parametrize("output", ["/dev/null", "-"])
def test_what_is_no_file_cannot_be_resumed(folder: Path, output: str) -> None:
    run, _ = new_run(["in.ndjson"], output, resume=True)
    with pytest.raises(CasemapError, match="no file that could be gone on with"):
        run.run()


def test_standard_input_cannot_be_resumed(folder: Path) -> None:
    run, _ = new_run(["-"], "out.ndjson", resume=True)
    with pytest.raises(CasemapError, match="cannot be read a second time"):
        run.run()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_read_error_midway(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    start = starts("out.ndjson", jobs=jobs)
    wanted = undisturbed(start, folder)
    run, _ = start()
    with monkeypatch.context() as patch:
        patch.setattr("casemap.run.source.opened", _failing(30_000))
        with pytest.raises(CasemapError, match=r"in\.ndjson: CM101 cannot be read: Input/output error"):
            run.run()
    assert not Path("out.ndjson").exists()
    assert Path(".out.ndjson.casemap.tmp").stat().st_size > 15_000
    run, tally = start(resume=True)
    run.run()
    assert (files(folder), tally.as_json()) == wanted


def _failing(size: int) -> Any:
    from contextlib import contextmanager

    class Disk(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            if self.tell() >= size:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(count)

        def fileno(self) -> int:
            raise OSError

    @contextmanager
    def opened(path: str) -> Iterator[tuple[Any, Any]]:
        disk = Disk(Path(path).read_bytes())
        yield disk, disk

    return opened


@pytest.mark.parametrize("after", [0, 1, 7, 20])
def test_a_disk_that_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    start = starts("out.ndjson")
    wanted = undisturbed(start, folder)
    run, _ = start()
    left = after

    def write(output: Output, data: bytes, write: Any = Output.write) -> None:
        nonlocal left
        if left == 0:
            write(output, data[: len(data) // 2])
            raise output._refused(OSError(errno.ENOSPC, "No space left on device"))
        left -= 1
        write(output, data)

    with monkeypatch.context() as patch:
        patch.setattr(Output, "write", write)
        with pytest.raises(CasemapError, match="CM509 cannot be written: No space left on device"):
            run.run()
    assert not Path("out.ndjson").exists()
    assert bool(leftovers(folder)) == run.resumable
    run, tally = start(resume=True)
    run.run()
    assert (files(folder), tally.as_json()) == wanted
    assert leftovers(folder) == []


@pytest.mark.parametrize("error", [CasemapError([]), InterruptedRunError(2)], ids=["full", "interrupted"])
@pytest.mark.parametrize("name", ["out.ndjson", "out.json.gz"])
def test_stopped_at_any_write(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException) -> None:
    """Also at those behind the last record, where there is nothing to go on with."""
    start = starts(name)
    wanted = undisturbed(start, folder)
    left = 10**9

    def write(output: Output, data: bytes, write: Any = Output.write) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            write(output, data[: len(data) // 2])
            raise error
        write(output, data)

    monkeypatch.setattr(Output, "write", write)
    start()[0].run()
    writes = 10**9 - left
    remove(folder, wanted[0])
    for number in {1, 2, 3, writes // 2, *range(writes - 6, writes + 1)}:
        left = number
        run, _ = start()
        with pytest.raises(type(error)):
            run.run()
        assert not Path(name).exists()
        run, tally = start(resume=True)
        run.run()
        assert (files(folder), tally.as_json()) == wanted
        assert leftovers(folder) == []
        remove(folder, wanted[0])


def commit_fails(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """The run dies as it puts a file in its place."""
    left = at

    def commit(output: Output, commit: Any = Output.commit) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise InterruptedRunError(9)
        commit(output)

    monkeypatch.setattr(Output, "commit", commit)


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("inputs", [("in.ndjson",), ("in.ndjson", "more.ndjson")])
def test_stopped_while_files_are_put_in_their_places(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: int, inputs: tuple[str, ...]
) -> None:
    for output in ("out.ndjson", "out/"):
        start = starts(output, *inputs)
        wanted = undisturbed(start, folder)
        run, _ = start()
        with monkeypatch.context() as patch:
            commit_fails(patch, at)
            with pytest.raises(InterruptedRunError):
                run.run()
        run, tally = start(resume=True)
        run.run()
        assert (files(folder), tally.as_json()) == wanted
        assert leftovers(folder) == []
        remove(folder, wanted[0])


def test_two_runs_do_not_write_to_one_file(folder: Path) -> None:
    first = Output("out.ndjson")
    first.write(b"x")
    code = (
        "from casemap.run.writing import Output\nfrom casemap.errors import CasemapError\n"
        "try:\n    Output('out.ndjson').write(b'y')\nexcept CasemapError as error:\n    raise SystemExit(str(error))"
    )
    import subprocess
    import sys

    from running import ROOT

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.stderr.strip() == "out.ndjson: CM509 cannot be written: another run is writing it"
    first.commit()
    assert Path("out.ndjson").read_bytes() == b"x"


def test_a_journal_that_was_cut_off_counts_up_to_there(folder: Path) -> None:
    start = starts("out.ndjson")
    wanted = undisturbed(start, folder)
    run, _ = start()
    run.watch = Stops(6)
    with pytest.raises(InterruptedRunError):
        run.run()
    journal = Path(".out.ndjson.casemap.journal")
    text = journal.read_bytes()
    for end in (len(text), len(text) - 5, len(text) // 2, text.index(b"\n") + 1, 10, 0):
        journal.write_bytes(text[:end])
        saved = files(folder)
        run, tally = start(resume=True)
        run.run()
        assert (files(folder), tally.as_json()) == wanted
        remove(folder, wanted[0])
        for name, data in saved.items():
            (folder / name).write_bytes(data)


def test_after_a_crash_of_the_machine_only_what_was_on_the_disk_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = starts("out.ndjson")
    wanted = undisturbed(start, folder)
    run, _ = start()
    run.watch = Stops(6)
    with pytest.raises(InterruptedRunError):
        run.run()
    part = Path(".out.ndjson.casemap.tmp")
    part.write_bytes(b"\0" * part.stat().st_size)
    monkeypatch.setattr("casemap.run.journal._boot", lambda: "another start")
    run, tally = start(resume=True)
    run.run()
    assert (files(folder), tally.as_json()) == wanted
