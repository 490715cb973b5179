"""Which files are validated with which schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemap.errors import MappingError
from casemap.run.globs import compiled
from casemap.run.selection import read_selection


@pytest.mark.parametrize(
    ("pattern", "meant", "others"),
    [
        ("a.json", ["a.json"], ["b/a.json", "aXjson", "a.jsonx"]),
        ("*.json", ["a.json"], [".a.json", "b/a.json", "a.json\n"]),
        (".*.json", [".a.json"], ["a.json"]),
        ("**/*.json", ["a.json", "b/a.json", "b/c/a.json"], [".b/a.json", "b/.a.json"]),
        ("b/**", ["b/a", "b/c/a"], ["b", "ab/a", "b/.c/a", "b/c/.a"]),
        ("**", ["a", "b/a"], [".a", ""]),
        ("b/**/c/*", ["b/c/a", "b/x/y/c/a"], ["b/c/d/a", "bc/a"]),
        ("x?.[jn]*", ["x1.json", "x1.ndjson"], ["x.json", "x12.json", "x1.yaml", "x/.json"]),
        ("[!a]b", ["xb"], ["ab", "/b", ".b"]),
        ("[", ["["], ["a"]),
        ("a+b (1).json", ["a+b (1).json"], ["aab 1.json"]),
    ],
)
def test_patterns(pattern: str, meant: list[str], others: list[str]) -> None:
    regex = compiled(pattern)
    assert [path for path in meant if not regex.fullmatch(path)] == []
    assert [path for path in others if regex.fullmatch(path)] == []


@pytest.mark.parametrize("pattern", ["", "/a", "a/", "a//b", "../a", "./a"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="below the project's folder"):
        compiled(pattern)


TABLE = """
"data/broken/*" = false
"data/**/*.json" = "khoros/case"
"data/special.json" = "egain/case"
'.hidden/*.yaml' = "our.schema.json"
"""


@pytest.mark.parametrize(
    ("file", "header"), [("casemap.toml", "validate"), ("pyproject.toml", "tool.casemap.validate")]
)
def test_the_first_pattern_decides(file: str, header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / file).write_text(f"[{header}]{TABLE}")
    for name in ("data/a.json", "data/b/c.json", "data/broken/d.json", "data/special.json", ".hidden/e.yaml", "f.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    monkeypatch.chdir(tmp_path / "data")
    selection = read_selection(tmp_path)
    assert list(selection.files()) == [str(tmp_path / ".hidden/e.yaml"), "a.json", "b/c.json", "special.json"]
    schemas = {name: selection.schema(name) for name in ("a.json", "broken/d.json", "special.json", "../f.json")}
    assert schemas == {
        "a.json": "khoros/case",
        "broken/d.json": False,
        "special.json": "khoros/case",
        "../f.json": None,
    }
    assert selection.schema("../.hidden/e.yaml") == "our.schema.json"
    assert selection.schema("/elsewhere/a.json") is None


def test_casemap_toml_comes_first(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.casemap.validate]\n"a" = "x/y"\n')
    assert read_selection(tmp_path).schema(str(tmp_path / "a")) == "x/y"
    (tmp_path / "casemap.toml").write_text('[validate]\n"a" = "x/z"\n')
    assert read_selection(tmp_path).schema(str(tmp_path / "a")) == "x/z"


def test_without_a_table_nothing_is_selected(tmp_path: Path) -> None:
    assert read_selection(tmp_path).rules == ()
    (tmp_path / "pyproject.toml").write_text("no toml [")
    assert read_selection(tmp_path).rules == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("validate = 5", None, "[validate] is no table"),
        ('[validate]\n"a" = "x/y"\n"b" = 5', 3, "the pattern 'b' has 5 as its schema"),
        ('[validate]\n"/a" = "x/y"', 2, "'/a' is no pattern of file names"),
        ('[validate]\n"[z-a]" = "x/y"', 2, "'[z-a]' is no pattern of file names"),
        ("[validate", None, "the file cannot be read: "),
    ],
)
def test_a_table_that_is_wrong(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    (tmp_path / "casemap.toml").write_text(text)
    with pytest.raises(MappingError, match=re.escape(message)) as caught:
        read_selection(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.file) == ("CM512", line, str(tmp_path / "casemap.toml"))


def test_patterns_that_mean_no_file(tmp_path: Path) -> None:
    (tmp_path / "casemap.toml").write_text('[validate]\n"a/*" = "x/y"\n"**" = false\n')
    with pytest.raises(MappingError, match="CM513"):
        list(read_selection(tmp_path).files())
