"""The walk through a page: what holds passes, and whatever does not is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

import casemap
from tests.docs_pages.reading import Block, anchors, commands
from tests.docs_pages.walking import Walk, look_up

GOOD = """\
Save this as `ticket.json`:

```json
{"id": "1", "state": "HANDLING"}
```

```console
$ casemap validate ticket.json --schema telecomx/error
FIRST
$ echo $?
CODE
```

Change this in `ticket.json`:

```diff
-{"id": "1", "state": "HANDLING"}
+{}
```

```sh
mkdir sub   # a comment
cd sub
cat ../ticket.json | grep '{}'
```

```python
x = 1
```

```python
assert x == VALUE
```
"""


def walked(folder: Path, first: str, code: str, value: str) -> int:
    return Walk(folder).page(GOOD.replace("FIRST\n", first).replace("CODE", code).replace("VALUE", value))


def test_a_page_is_done_as_it_says(tmp_path: Path) -> None:
    first = Walk(tmp_path).run("casemap rule CM999")
    page = GOOD.replace("casemap validate ticket.json --schema telecomx/error", "casemap rule CM999")
    page = page.replace("FIRST\n", first).replace("CODE", "2").replace("VALUE", "1")
    assert Walk(tmp_path).page(page) == 6
    assert (tmp_path / "ticket.json").read_text() == "{}\n"
    for wrong in (
        page.replace(first, first + "more\n"),
        page.replace("$?\n2", "$?\n0"),
        page.replace("x == 1", "x == 2"),
        page.replace('-{"id": "1"', '-{"id": "2"'),
        page.replace("grep '{}'", "grep '{1}'"),
    ):
        assert wrong != page
        with pytest.raises(AssertionError):
            Walk(tmp_path).page(wrong)


@pytest.mark.parametrize(("comment", "holds"), [("2", True), ("3", False), ("two, that is", True), ("[2]", False)])
def test_values_in_comments_are_compared(comment: str, holds: bool, tmp_path: Path) -> None:
    page = f"```python\nx = 1\n```\n\n```python\nx + 1  # {comment}\n```\n"
    if holds:
        assert Walk(tmp_path).page(page) == 2
    else:
        with pytest.raises(AssertionError, match="line 6: 2"):
            Walk(tmp_path).page(page)


@pytest.mark.parametrize("language", ["json", "toml", "text", "diff", ""])
def test_a_block_that_nothing_is_done_with_is_an_error(language: str, tmp_path: Path) -> None:
    page = f"Text.\n\n```{language}\n{{}}\n```\n"
    with pytest.raises(AssertionError, match=r"line 3: .* nothing is done with"):
        Walk(tmp_path).page(page)
    with pytest.raises(AssertionError, match="no reason"):
        Walk(tmp_path).page(page.replace("Text.", "<!-- not run: no -->"))
    assert Walk(tmp_path).page(page.replace("Text.", "<!-- not run: it would take a day -->")) == 1


@pytest.mark.parametrize(
    ("rules", "holds"),
    [
        ("x: a | lower", True),
        ("fields: {x: a}", True),
        ("let: {b: a}\nfields: {x: b}", True),
        ("x: a | lowr", False),
        ("fields: {x: a}\nfeilds: {y: b}", False),
        ("- a", False),
    ],
)
def test_rules_are_loaded(rules: str, holds: bool, tmp_path: Path) -> None:
    page = f"Text.\n\n```yaml\n{rules}\n```\n"
    if holds:
        assert Walk(tmp_path).page(page) == 1
    else:
        with pytest.raises((AssertionError, casemap.MappingError)):
            Walk(tmp_path).page(page)


def test_files_are_what_their_names_say(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        Walk(tmp_path).page("As `a.json`:\n\n```json\n{]\n```\n")


def test_commands_are_told_from_their_outputs() -> None:
    block = Block(10, "console", "$ one \\\n    --two\nprinted\n\n$ three\n")
    assert [(each.line, each.command, each.output) for each in commands(block)] == [
        (11, "one --two", "printed\n\n"),
        (15, "three", ""),
    ]
    assert [each.command for each in commands(Block(1, "sh", "a\nb \\\n c\n"))] == ["a", "b c"]


def test_headings_of_one_name_are_told_apart() -> None:
    assert anchors("# A b\n```\n# no\n```\n## a b\n### `A` b!\n") == {"a-b", "a-b-1", "a-b-2"}


@pytest.mark.parametrize(
    "command",
    [
        "casemap nothing",
        "casemap check --nothing",
        "python -m benchmarks.nothing",
        "python -m benchmarks.convert --nothing",
        "pip install 'casemap[nothing]'",
        "nothing",
    ],
)
def test_a_command_that_is_not_there_is_seen(command: str) -> None:
    with pytest.raises(AssertionError):
        look_up(command)
