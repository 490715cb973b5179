"""Bad input ends in a problem with a place and an exit code: never in a traceback, a hang or without end in memory."""

from __future__ import annotations

import os
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import INPUTS, NOBODY

from casemap.problem import Problem
from casemap.run.validation import FileValidation, Options

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
SCHEMA = '{"properties": {"wrong": {"type": "integer"}}}'
GOOD = '{"wrong": 1, "text": "\u00e6\u4e2d\U0001f600\\u00e6\\ud83d\\ude00", "list": [1.5e3, true, null, {"a": []}]}'


def table() -> dict[str, tuple[str, str, int]]:
    """The rows of the page: the code, the place and the exit code of each kind of bad input."""
    section = PAGE.read_text("utf-8").split("## Bad input")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (?!input|---)(.+?) \| (.*?) ?\| (.*?) ?\| (\d) \|$", section, re.MULTILINE)
    return {name: (code, place, int(exit)) for name, code, place, exit in rows}


def test_the_table_and_the_tests_have_the_same_inputs() -> None:
    assert list(table()) == list(INPUTS)


@pytest.mark.parametrize("name", INPUTS)
def test_the_table_is_right(name: str, validate: Callable[..., Any], tmp_path: Path) -> None:
    code, place, exit = table()[name]
    (tmp_path / "any.schema.json").write_text(SCHEMA)
    file, arguments = INPUTS[name](tmp_path)
    if name == "a file that may not be read" and os.getuid() == 0:
        pytest.skip("root reads every file; see the next test")
    if file.startswith("/proc") and not Path(file).exists():
        pytest.skip("there is no such device")
    done = validate(file, "--schema", "any.schema.json", *arguments)
    assert done.code == exit, done
    lines = done.out.splitlines()
    if not code:
        assert lines == []
        return
    before = f"{file}: " if place == "file" else f"{file}:{place}: "
    assert lines[0].startswith(f"{before}{code} "), done.out


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_a_file_that_may_not_be_read_by_somebody_else(validate: Callable[..., Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "any.schema.json").write_text(SCHEMA)
        file, _ = INPUTS["a file that may not be read"](folder)
        if not can_run_as_nobody(folder):
            pytest.skip("Python cannot be run as anybody else here")
        done = validate(file, "--schema", "any.schema.json", user=NOBODY, cwd=folder)
        code, _, exit = table()["a file that may not be read"]
        assert (done.code, done.out) == (exit, f"{file}: {code} cannot be read: Permission denied\n")


def can_run_as_nobody(folder: Path) -> bool:
    """Whether another user can go where the test's files, the package and the interpreter are."""
    paths = (folder, Path(sys.executable).resolve(), Path(sys.executable), Path(__file__))
    return all(parent.stat().st_mode & 0o001 for path in paths for parent in path.parents)


# --- a directory of hostile texts ---------------------------------------------------------------------------------


def hostile_texts() -> Iterator[tuple[str, bytes]]:
    """Texts, by their names, that are broken at every place."""
    data = GOOD.encode()
    for position in range(len(data)):
        yield f"cut-{position}", data[:position]
        yield f"utf8-{position}", data[:position] + b"\xff" + data[position + 1 :]
        yield f"inserted-{position}", data[:position] + b"\xc3" + data[position:]
        yield f"zero-{position}", data[:position] + b"\0" + data[position:]
    for opening in ("[", '{"a":', '[{"a":'):
        yield f"open-{len(opening)}", opening.encode() * 100_000
        yield f"closed-{len(opening)}", opening.encode() * 100_000 + b"]" * 100_000
    for sign in ("", "-"):
        yield f"digits{sign}", f"[{sign}{'7' * 400}]".encode()
        yield f"digits-and-point{sign}", f"[{sign}{'7' * 400}.5]".encode()
        yield f"exponent{sign}", f"[1e{sign}{'7' * 400}]".encode()
    yield "good", data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in hostile_texts():
        for ending in ("json", "ndjson", "yaml"):
            if ending != "yaml" or len(data) < 1000:
                (folder / f"{name}.{ending}").write_bytes(data)
    return folder


@pytest.mark.parametrize("allow", [False, True])
def test_every_text_has_an_answer(folder: Path, allow: bool) -> None:
    from casemap.run.schema_files import check_of_file
    from casemap.schema.store import SchemaStore

    schema = folder / "any.schema.json"
    schema.write_text(SCHEMA)
    check = check_of_file(str(schema), SchemaStore({}, {}))
    answers: dict[str, list[Problem]] = {}
    for file in sorted(folder.glob("*-*.*")):
        validation = FileValidation(None, lambda _: check, Options(allow_duplicate_keys=allow))  # type: ignore[arg-type]
        answers[file.name] = [problem for found in validation.problems(str(file)) for problem in found]
    for name, problems in answers.items():
        assert all(problem.file and problem.line and problem.column for problem in problems), name
    codes = {name: {problem.code for problem in problems} for name, problems in answers.items()}
    json = {name: found for name, found in codes.items() if name.endswith(".json")}
    assert all(found <= {"CM102", "CM103", "CM107", "CM108", "CM109", "CM110"} for found in json.values())
    assert {name for name, found in json.items() if not found} == {
        "digits-.json",
        *(["exponent-.json"] if allow else []),
    }
    assert {name for name, found in json.items() if "CM107" in found} == {
        f"{kind}-{size}.json" for kind in ("open", "closed") for size in (1, 5, 6)
    }
    assert all(found == {"CM102"} for name, found in json.items() if name.startswith(("utf8", "inserted")))
    # a line is answered as a document is
    assert all(
        codes[f"{name}.ndjson"] in (found, set())
        for name, found in zip((n[:-5] for n in json), json.values(), strict=True)
    )


def test_the_command_reads_the_whole_directory(folder: Path, validate: Callable[..., Any]) -> None:
    done = validate(*map(str, sorted(folder.glob("*.*"))), "--schema", str(folder / "good.json"), "--statistics")
    assert done.code == 2
    assert "CM103" in done.out


def limited(megabytes: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return limit


@pytest.fixture(scope="module")
def texts_of_200_mb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("long")
    text = b'"' + b"x" * 200_000_000
    (folder / "open.json").write_bytes(text)
    (folder / "closed.ndjson").write_bytes(text + b'"\n')
    yield folder
    for file in folder.iterdir():
        file.unlink()


@pytest.mark.parametrize(("file", "code"), [("open.json", 2), ("closed.ndjson", 0)])
def test_a_text_of_200_mb_takes_bounded_memory(
    texts_of_200_mb: Path, file: str, code: int, validate: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "any.schema.json").write_text(SCHEMA)
    done = validate(str(texts_of_200_mb / file), "--schema", "any.schema.json", preexec_fn=limited(1200))
    assert done.code == code, done
    assert ("CM103" in done.out) == (code == 2)


def test_too_little_memory_is_a_problem(texts_of_200_mb: Path, validate: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "any.schema.json").write_text(SCHEMA)
    file = str(texts_of_200_mb / "closed.ndjson")
    done = validate(file, "--schema", "any.schema.json", preexec_fn=limited(500))
    assert (done.code, done.out) == (2, f"{file}: CM101 cannot be read: it is too large for the memory\n")


def test_a_document_of_a_million_faults_is_answered_with_the_first(
    validate: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "s.json").write_text('{"items": {"type": "string"}}')
    (tmp_path / "a.json").write_text(f"[\n{'1,' * 1_000_000}1]")
    done = validate("a.json", "--schema", "s.json")
    assert done.out.startswith("a.json:2:1: CM401 /0: expected a string, found 1")
    assert len(done.out.splitlines()) == 1
