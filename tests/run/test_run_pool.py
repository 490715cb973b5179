"""Worker processes: order, back-pressure, and what happens when one is no more."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.blocks import Block
from casemap.run.chunks import ChunkOutput
from casemap.run.extents import Extent
from casemap.run.pool import Pool, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="the system cannot split a process in two")


@pytest.fixture(scope="module", autouse=True)
def _light() -> Iterator[None]:
    """The processes are copies of this one; looking for garbage among all that other tests left would copy it all."""
    gc.freeze()
    yield
    gc.unfreeze()


def chunks(count: int, size: int = 10) -> Iterator[Block]:
    for number in range(count):
        yield Block(b"%d" % number * size, first_line=number + 1, offset=number)


def doubled(chunk: Block) -> ChunkOutput:
    return ChunkOutput(chunk.data * 2, results=chunk.first_line)


def of_chunk(
    number: int, then: Callable[[], object], convert: Callable[[Block], ChunkOutput] = doubled
) -> Callable[[Block], ChunkOutput]:
    """A conversion that does something else first, at one chunk."""

    def converting(chunk: Block) -> ChunkOutput:
        if chunk.offset == number:
            then()
        return convert(chunk)

    return converting


def until_it_fails(pool: Pool, blocks: Iterator[Block]) -> tuple[list[int], CasemapError]:
    """The offsets of the chunks that are converted, and the error behind them."""
    found: list[int] = []
    try:
        for block, _ in pool.outputs(blocks):
            found.append(block.offset)
    except CasemapError as error:
        return found, error
    raise AssertionError("it did not fail")


def test_results_come_in_order() -> None:
    def unsteady(chunk: Block) -> ChunkOutput:
        time.sleep(0.02 if chunk.offset % 5 == 0 else 0)
        return doubled(chunk)

    with Pool(unsteady, 3) as pool:
        found = [(block.offset, bytes(output.data), output.results) for block, output in pool.outputs(chunks(40))]
        assert len(pool.processes) == 3
    assert found == [(number, b"%d" % number * 20, number + 1) for number in range(40)]


@pytest.mark.parametrize("size", [1, 1 << 12, 1 << 21])
def test_chunks_of_any_size(size: int) -> None:
    with Pool(doubled, 2) as pool:
        lengths = [len(output.data) for _, output in pool.outputs(chunks(9, size))]
    assert lengths == [size * 2] * 9


def test_no_chunks() -> None:
    with Pool(doubled, 2) as pool:
        assert list(pool.outputs(chunks(0))) == []


def test_chunks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def counted() -> Iterator[Block]:
        nonlocal taken
        for chunk in chunks(1000):
            taken += 1
            yield chunk

    with Pool(doubled, 2) as pool:
        outputs = pool.outputs(counted())
        for _ in range(10):
            next(outputs)
        assert taken <= 10 + 2 * 4 + 1
        outputs.close()  # type: ignore[attr-defined]


def test_results_are_there_until_the_next_one_is_asked_for() -> None:
    with Pool(doubled, 2) as pool:
        kept = [output for _, output in pool.outputs(chunks(3))]
    for output in kept:
        with pytest.raises(ValueError, match="released"):
            bytes(output.data)


def test_a_plain_file_is_read_by_the_workers(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(b"012345678\n" * 100)
    with file.open("rb") as opened, Pool(doubled, 2) as pool:
        parts = (Extent(opened.fileno(), offset, 100) for offset in range(0, 1000, 100))
        found = [(bytes(output.data), output.lines) for _, output in pool.outputs(parts)]
    assert found == [(b"012345678\n" * 20, 10)] * 10


def test_a_file_that_becomes_shorter_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(b"0123456789")
    with file.open("rb") as opened, Pool(doubled, 2) as pool, pytest.raises(CasemapError) as caught:
        list(pool.outputs(iter([Extent(opened.fileno(), 0, 10), Extent(opened.fileno(), 5, 10)])))
    assert caught.value.problems[0].code == "CM101"


def test_the_workers_end_with_the_pool() -> None:
    with Pool(doubled, 3) as pool:
        processes = pool.processes
        next(pool.outputs(chunks(5)))
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "by the signal SIGKILL"),
        (lambda: os._exit(7), "with the code 7"),
        (lambda: 1 // 0, "with the code 1"),
    ],
    ids=["killed", "ended", "failed"],
)
@pytest.mark.parametrize("number", [0, 6, 19])
def test_a_worker_that_dies(
    number: int, then: Callable[[], object], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with Pool(of_chunk(number, then), 3) as pool:
        found, error = until_it_fails(pool, chunks(20))
    assert found == list(range(number))
    (problem,) = error.problems
    assert (problem.code, problem.file, problem.line) == ("CM514", None, 1)
    assert f"a process was ended {said}, so the chunk that starts at this line" in problem.message
    assert ("ZeroDivisionError" in capfd.readouterr().err) == ("code 1" in said)


def test_a_worker_that_dies_while_it_waits_ends_the_run() -> None:
    """The other one takes long for a chunk, so that no more are given out."""

    def convert(chunk: Block) -> ChunkOutput:
        if chunk.offset == 3:
            time.sleep(1)
        if chunk.offset == 9:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
        return doubled(chunk)

    with Pool(convert, 2) as pool:
        found, error = until_it_fails(pool, chunks(20))
    assert found == list(range(len(found)))
    assert len(found) < 20
    assert "by the signal SIGALRM" in error.problems[0].message


@pytest.mark.parametrize("number", [0, 7])
def test_problems_of_a_chunk_are_raised_in_its_turn(number: int) -> None:
    def fails() -> None:
        raise CasemapError([Problem("CM101", "gone")])

    with Pool(of_chunk(number, fails), 2) as pool:
        found, error = until_it_fails(pool, chunks(20))
    assert (found, str(error)) == (list(range(number)), "CM101 gone")


def test_problems_of_reading_come_after_what_was_read() -> None:
    def failing() -> Iterator[Block]:
        yield from chunks(13)
        raise CasemapError([Problem("CM101", "gone")])

    with Pool(doubled, 3) as pool:
        found, error = until_it_fails(pool, failing())
    assert (found, str(error)) == (list(range(13)), "CM101 gone")


def test_workers_end_when_the_run_dies() -> None:
    """No signal tells them: the system closes the pipe."""
    reading, writing = os.pipe()
    run = os.fork()
    if run == 0:
        os.close(reading)
        pool = Pool(doubled, 3)
        next(pool.outputs(chunks(9)))
        os.write(writing, repr(pool.processes).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing)
    processes = [int(number) for number in os.read(reading, 1000).decode().strip("[]").split(",")]
    os.waitpid(run, 0)
    # the last one that has the pipe open is gone
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert len(processes) == 3
