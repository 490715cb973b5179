"""Every block of the README and of `docs/` is run, written or looked up, and what is printed is what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs_pages.pages import OTHERS, WALKED, every_page
from tests.docs_pages.reading import Block, blocks, commands
from tests.docs_pages.walking import Walk, look_up
from tests.samples import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", WALKED)
def test_what_a_page_says_is_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = WALKED[name]
    monkeypatch.chdir(tmp_path)
    names = page.prepare(tmp_path)
    walk = Walk(tmp_path, names, page.looked_up, page.files, page.outputs)
    text = text_of(name)
    assert walk.page(text) == len(re.findall(r"^ *```", text, re.MULTILINE)) / 2
    for command in page.after:
        printed = walk.run(command)
        assert walk.code == 0, printed


def test_every_page_is_tested() -> None:
    assert WALKED.keys() & OTHERS.keys() == set()
    assert sorted([*WALKED, *OTHERS]) == every_page()


@pytest.mark.parametrize("name", OTHERS)
def test_pages_of_another_form_have_their_tests(name: str) -> None:
    tests = text_of(OTHERS[name])
    assert Path(name).name in tests or f'"{Path(name).stem}"' in tests or "problems" in name


def test_few_blocks_are_not_run() -> None:
    left = [block for name in WALKED for block in blocks(text_of(name)) if block.not_run]
    assert len(left) <= 4


def test_what_the_table_says_of_a_page_is_on_it() -> None:
    for name, page in WALKED.items():
        text = text_of(name)
        for start in (*page.looked_up, *page.files, *page.outputs):
            assert f"\n{start}" in text.replace("\n   ", "\n"), f"{name}: {start}"


@pytest.mark.parametrize("name", [name for name in every_page() if name.startswith(("docs/guides", "README"))])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)):
        file, _, anchor = target.partition("#")
        if "://" not in file:
            other = (ROOT / name).parent / file if file else ROOT / name
            assert other.exists(), target
            headings = re.findall(r"^#{1,6} (.+)$", other.read_text("utf-8"), re.MULTILINE) if anchor else []
            assert not anchor or anchor in {
                re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings
            }, target


@pytest.mark.parametrize("name", [name for name in every_page() if name != "README.md" and name != "docs/README.md"])
def test_the_index_has_every_page(name: str) -> None:
    assert f"]({name.removeprefix('docs/')})" in text_of("docs/README.md")


# --- the walk itself ----------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("language", ["json", "yaml", "toml", "text", ""])
def test_a_block_that_nothing_is_done_with_is_an_error(language: str, tmp_path: Path) -> None:
    page = f"Text.\n\n```{language}\n{{}}\n```\n"
    with pytest.raises(AssertionError, match="line 3: .* nothing is done with"):
        Walk(tmp_path).page(page)
    with pytest.raises(AssertionError, match="no reason"):
        Walk(tmp_path).page(page.replace("Text.", "<!-- not run: no -->"))
    assert Walk(tmp_path).page(page.replace("Text.", "<!-- not run: it would take a day -->")) == 1


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
