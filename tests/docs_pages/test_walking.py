"""The walk through a page: what holds passes, and whatever does not is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

import casemap
from tests.docs_pages.comparing import is_shown, shape
from tests.docs_pages.looking_up import look_up
from tests.docs_pages.reading import Block, anchors, commands, mentioned
from tests.docs_pages.running import run
from tests.docs_pages.walking import Differs, Gives, Walk

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
cat ../ticket.json | grep -q '{}'
```

```python
x = 1
print(x)  # 1
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
        page.replace("grep -q '{}'", "grep -q '{1}'"),
    ):
        assert wrong != page
        with pytest.raises(AssertionError):
            Walk(tmp_path).page(wrong)


@pytest.mark.parametrize(
    ("comment", "holds"), [("2", True), ("3", False), ("two, that is", False), ("[2]", False), ("None", False)]
)
def test_values_in_comments_are_compared(comment: str, holds: bool, tmp_path: Path) -> None:
    page = f"```python\nx = 1\nassert x\n```\n\n```python\nx + 1  # {comment}\n```\n"
    if holds:
        assert Walk(tmp_path).page(page) == 2
    else:
        with pytest.raises(AssertionError, match=r"line 7: 2|line 6: no value"):
            Walk(tmp_path).page(page)


@pytest.mark.parametrize(
    ("shown", "holds"),
    [("print(1)  # 1", True), ("print(1)\n# 1", True), ("for x in 'ab':\n    print(x)\n# a\n# b", True),
     ("print(1)", False), ("print(1)  # 2", False), ("print(1)\n# 1\n# 2", False), ("print('')  # 1", False)],
)  # fmt: skip
def test_what_python_prints_is_compared(shown: str, holds: bool, tmp_path: Path) -> None:
    page = f"```python\n{shown}\n```\n"
    if holds:
        assert Walk(tmp_path).page(page) == 1
    else:
        with pytest.raises(AssertionError, match="prints"):
            Walk(tmp_path).page(page)


@pytest.mark.parametrize("language", ["json", "toml", "text", "diff", ""])
def test_a_block_that_nothing_is_done_with_is_an_error(language: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"line 3: .* nothing is done with"):
        Walk(tmp_path).page(f"Text.\n\n```{language}\n{{}}\n```\n")


def test_what_no_page_shows_is_compared(tmp_path: Path) -> None:
    page = "```sh\ncasemap rule CM301   # more\n```\n"
    with pytest.raises(Differs, match="line 2"):
        Walk(tmp_path).page(page)
    assert Walk(tmp_path, gives={"casemap rule": Gives(("CM301 unlisted",))}).page(page) == 1
    for wrong in (Gives(("CM302",)), Gives(code=1)):
        with pytest.raises(AssertionError):
            Walk(tmp_path, gives={"casemap rule": wrong}).page(page)


def test_a_silent_command_that_fails_is_seen(tmp_path: Path) -> None:
    assert Walk(tmp_path).page("```console\n$ false\n$ echo $?\n1\n```\n") == 1
    with pytest.raises(AssertionError, match="`false` ends with 1"):
        Walk(tmp_path).page("```console\n$ false\n$ true\n```\n")


def test_files_that_no_page_shows_are_compared(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"id": "1"}', "utf-8")
    page = "```sh\ncp case.json copy.json\n```\n"
    for what, holds in (('"1"', True), ('"2"', False), ("khoros/case", False)):
        walk = Walk(tmp_path, gives={"cp": Gives(files={"copy.json": what})})
        if holds:
            assert walk.page(page) == 1
        else:
            with pytest.raises(AssertionError):
                walk.page(page)


def test_a_long_command_is_made_short(tmp_path: Path) -> None:
    page = "```sh\npython -c 'print(\"| 9,000.5 |\")'\n```\n\n| NUMBER |\n"
    short = {"python": "#"}
    assert Walk(tmp_path, shortened=short).page(page.replace("NUMBER", "17")) == 1
    with pytest.raises(AssertionError, match="none of the page's"):
        Walk(tmp_path, shortened=short).page(page.replace("NUMBER", "none"))


def test_commands_of_other_tests_are_passed_over(tmp_path: Path) -> None:
    assert Walk(tmp_path, elsewhere=("pip install ",)).page("```sh\npip install nothing\n```\n") == 1


def test_commands_of_a_text_are_run(tmp_path: Path) -> None:
    assert Walk(tmp_path).page("Ask `casemap rule CM301`, or `casemap show SOURCE TARGET`.\n") == 0
    with pytest.raises(AssertionError, match="ends with 2"):
        Walk(tmp_path).page("Ask `casemap rule CM999`.\n")


WORKFLOW = """\
As `.github/workflows/a.yaml`:

```yaml
jobs: {a: {steps: [{uses: b}, {run: casemap rule CM301}, {run: casemap rule CODE}]}}
```
"""


def test_the_steps_of_a_workflow_are_run(tmp_path: Path) -> None:
    assert Walk(tmp_path).page(WORKFLOW.replace("CODE", "CM302")) == 1
    with pytest.raises(AssertionError, match="`casemap rule CM999` ends with 2"):
        Walk(tmp_path).page(WORKFLOW.replace("CODE", "CM999"))


HOOKS = """\
As `.pre-commit-config.yaml`:

```yaml
repos:
  - repo: https://git.example.com/casemap
    rev: v0.1.0
    hooks: [{id: casemap-validate, files: ^payloads/}, {id: casemap-check}, {id: casemap-generate}]
```
"""


@pytest.mark.parametrize(
    ("before", "after"), [("casemap-check", "casemap-chek"), ("^payloads/", "^nothing/"), ("rev", "rv")]
)
def test_hooks_that_are_not_there_are_seen(before: str, after: str, tmp_path: Path) -> None:
    (tmp_path / "payloads").mkdir()
    (tmp_path / "payloads/a.json").write_text("{}", "utf-8")
    with pytest.raises(Exception, match=r"casemap-chek|no file starts|rev"):
        Walk(tmp_path).page(HOOKS.replace(before, after))


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
    ["casemap nothing", "casemap check --nothing", "python -m benchmarks.nothing", "python -m benchmarks.convert --nothing", "nothing"],
)  # fmt: skip
def test_a_command_that_is_not_there_is_seen(command: str) -> None:
    with pytest.raises(AssertionError):
        look_up(command)


def test_whole_commands_are_told_from_names() -> None:
    text = "`casemap check`, `casemap check --strict`, `casemap show SOURCE TARGET`, `casemap convert --jobs`, `casemap rule CODE`,\n"
    assert mentioned(text + "`casemap\nrule CM301`, `casemap show egain/case …`") == [
        "casemap check --strict",
        "casemap rule CM301",
    ]


# --- comparing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "holds"),
    [("a\nb\nc\n", True), ("a\n…\nc\n", True), ("…\n", True), ("…\nb\n…\n", True), ("a\nb\nc\n  …\n", True),
     ("a\n…\n", True), ("a\nc\n", False), ("…\na\nc\n", False), ("…\nd\n…\n", False), ("", False)],
)  # fmt: skip
def test_lines_may_be_left_out(shown: str, holds: bool) -> None:
    assert is_shown("a\nb\nc\n", shown) == holds


def test_figures_may_differ() -> None:
    assert not is_shown("1,000 in 3.5 s", "20 in 4 s")
    assert is_shown("1,000 in 3.5 s", "20 in 4 s", figures_differ=True)
    assert not is_shown("1,000 in 3.5 s", "20 in 4 ms", figures_differ=True)
    assert shape("| not installed |") == shape("| 35.7 µs · 5.29 F |")
    assert shape("Measured with Python 3, Linux; a 1.0.") == shape(
        "Measured with Python 4, Windows; a (not installed)."
    )


# --- running --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "casemap rule CM301 > told   # a comment",
        "casemap rule CM999 2> /dev/null",
        "casemap rule CM999 2>&1 | grep CM999",
        "casemap rule CM999 | cat",
    ],
)
def test_what_runs_in_this_process_is_what_a_shell_does(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path)
    told = (tmp_path / "told").read_text("utf-8") if "told" in command else ""
    assert run(f"true; {command}", tmp_path) == done
    assert told == ((tmp_path / "told").read_text("utf-8") if "told" in command else "")
