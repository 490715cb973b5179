"""The pages on the language and its functions are true: every example is run; generated pages are fresh."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemap import Function
from casemap.functions import BUNDLED
from casemap.mapping.load import FILE_KEYS
from casemap.mapping.rules import HEADS, MODIFIERS, OWN_KEYS
from docs import build
from tests.doc_examples import Absent, Example, Problems, Value, check, read_page

FOLDER = Path(__file__).parent.parent / "docs"
TEXTS = {name: (FOLDER / f"{name}.md").read_text("utf-8") for name in ("mapping-language", "functions")}
PAGES = {name: read_page(text) for name, text in TEXTS.items()}
FUNCTIONS = [function for name in BUNDLED.names() if (function := BUNDLED.get(name)) is not None]


def examples_of(page: str) -> list[object]:
    return [pytest.param(example, id=f"line {example.line}") for example in PAGES[page].examples]


@pytest.mark.parametrize("example", examples_of("mapping-language"))
def test_the_language_is_as_described(example: Example, tmp_path: Path) -> None:
    check(example, tmp_path)


@pytest.mark.parametrize("example", examples_of("functions"))
def test_the_functions_are_as_described(example: Example, tmp_path: Path) -> None:
    check(example, tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run(page: str) -> None:
    fences = [number for number, line in enumerate(TEXTS[page].split("\n"), 1) if line.startswith("```")]
    assert PAGES[page].blocks == set(fences[::2])
    assert PAGES[page].used == PAGES[page].blocks


def test_every_kind_of_outcome_is_shown() -> None:
    for page in PAGES.values():
        assert {type(example.expected) for example in page.examples} >= {Value, Absent, Problems}


# --- what the pages are about -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", sorted({*HEADS, *MODIFIERS, *FILE_KEYS, *(k for keys in OWN_KEYS.values() for k in keys)})
)
def test_the_language_page_has_every_key(key: str) -> None:
    assert re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", TEXTS["mapping-language"]), f"{key} is not explained"
    assert any(re.search(rf"\b{key}:", example.text) for example in PAGES["mapping-language"].examples), (
        f"{key} is not shown"
    )


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_functions_page_has_every_example(function: Function) -> None:
    section = TEXTS["functions"].split(f"\n### {function.name}\n")[1].split("\n### ")[0]
    assert function.doc in section
    shown = [(example.payload, example.expected) for example in read_page(section).examples]
    assert shown == [
        (
            (example.payload,),
            Problems((example.fails,)) if example.fails else Absent() if example.absent else Value(example.result),
        )
        for example in function.examples
    ]
    for example in function.examples:
        assert example.expression.replace("|", "\\|") in section


def test_the_exceptions_to_absence_are_named() -> None:
    exceptions = [function.name for function in FUNCTIONS if function.sees_absent]
    assert exceptions == ["coalesce", "default", "required"]
    assert "`default`,\n`coalesce` and `required` are the exceptions" in TEXTS["functions"]


# --- generated pages ----------------------------------------------------------------------------------------------


def test_generated_pages_are_fresh() -> None:
    assert build.differences() == ""


def test_stale_pages_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    build.write()
    build.check()
    page = tmp_path / "functions.md"
    page.write_text(page.read_text("utf-8").replace("### abs\n", "### ads\n"), "utf-8")
    with pytest.raises(SystemExit) as exit:
        build.check()
    assert exit.value.code == 1
    assert "-### ads\n+### abs\n" in capsys.readouterr().out
    page.unlink()
    with pytest.raises(SystemExit):
        build.check()


# --- the reader of examples itself --------------------------------------------------------------------------------

PAGE = """\
```yaml
fields: {x: a}
```

| payload | result |
|---|---|
| `{"a": 1}` | `{"x": RESULT}` |

| expression | payload | value |
|---|---|---|
| `a \\| lower` | `{"a": "A"}` | `"a"` |
"""


def test_an_example_that_does_not_hold_fails(tmp_path: Path) -> None:
    for number, (result, holds) in enumerate(
        {"1": True, "2": False, "1.0": False, "true": False, '"1"': False}.items()
    ):
        example, other = read_page(PAGE.replace("RESULT", result)).examples
        check(other, tmp_path / f"other{number}")
        if holds:
            check(example, tmp_path / str(number))
        else:
            with pytest.raises(AssertionError):
                check(example, tmp_path / str(number))


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        ('rejects: CM303 int: "b" is no number', True),
        ("rejects: CM303", True),
        ('rejects: CM303 int: "c" is no number', False),
        ("rejects: CM302", False),
        ("*absent*", False),
        ("`0`", False),
    ],
)
def test_rejections_are_compared(expected: str, holds: bool, tmp_path: Path) -> None:
    row = f'| `a \\| int` | `{{"a": "b"}}` | {expected} |'
    (example,) = read_page(f"| expression | payload | value |\n|---|---|---|\n{row}\n").examples
    if holds:
        check(example, tmp_path)
    else:
        with pytest.raises(AssertionError):
            check(example, tmp_path)


@pytest.mark.parametrize(
    "block", ["```sh\nls\n```", "```json\n{}\n```", "Results:\n\n```json\n{}\n```", "```\ntext\n```"]
)
def test_a_block_that_is_no_example_is_an_error(block: str) -> None:
    with pytest.raises(AssertionError, match="no example"):
        read_page(block)


def test_a_mapping_that_nothing_uses_is_seen() -> None:
    page = read_page("```yaml\nfields: {x: a}\n```\n\nText.\n")
    assert page.blocks - page.used == {1}
