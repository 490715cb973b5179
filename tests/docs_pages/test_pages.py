"""Every block of the README and of `docs/` is run or written, and what is printed is what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemap.codes import CODES
from tests.docs_pages.looking_up import look_up
from tests.docs_pages.pages import OTHERS, WALKED, every_page
from tests.docs_pages.reading import anchors, blocks, said
from tests.samples import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", WALKED)
def test_what_a_page_says_is_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = WALKED[name]
    monkeypatch.chdir(tmp_path)
    walk = page.walk(tmp_path)
    text = text_of(name)
    assert walk.page(text) == len(re.findall(r"^ *```", text, re.MULTILINE)) / 2
    for command in page.after:
        printed = walk.run(command)
        assert walk.code == 0, printed


def test_every_page_is_tested() -> None:
    assert WALKED.keys() & OTHERS.keys() == set()
    assert sorted([*WALKED, *OTHERS, "docs/problems.md"]) == every_page()


@pytest.mark.parametrize("name", OTHERS)
def test_pages_of_another_form_have_their_tests(name: str) -> None:
    assert re.search(rf'"{Path(name).stem}(\.md)?"', text_of(OTHERS[name]))


def test_the_ledger_has_the_blocks_that_its_test_looks_at() -> None:
    shown = [(block.file or block.language) for block in blocks(text_of("docs/ledger.md"))]
    assert shown == ["schemas/desk/ticket.schema.json", "schemas/shop/ticket.schema.json", "yaml", "json"]


def test_the_blocks_of_the_problems_are_those_of_the_table() -> None:
    """The table's examples are run by tests/test_codes.py: all of them, for none is pending."""
    assert "\nPENDING: frozenset[str] = frozenset()\n" in text_of("tests/test_codes.py")
    shown = [block.text for block in blocks(text_of("docs/problems.md"))]
    expected = []
    for example in (code.example for code in CODES.values()):
        expected += [file.text.rstrip("\n") + "\n" for file in example.files if file.text]
        prompt = ">>>" if example.language == "python" else "$"
        expected.append(f"{prompt} {example.run}\n{example.line}\n")
    assert shown == expected


@pytest.mark.parametrize("name", every_page())
def test_blocks_are_fenced(name: str) -> None:
    """Markdown has other ways to write a block, which nothing would look at."""
    assert not re.search(r"^ *(~~~|<pre|<code)|(?<=\n\n)( {4}|\t)(?! *[-*|`<\d])\S", text_of(name), re.MULTILINE)


def test_what_the_table_says_of_a_page_is_on_it() -> None:
    for name, page in WALKED.items():
        text = re.sub(r"^( +-? ?(run: )?|\$ )", "", text_of(name), flags=re.MULTILINE)
        for start in (*page.gives, *page.figures_differ, *page.shortened, *page.files, *page.outputs):
            assert f"\n{start}" in text, f"{name}: {start}"


@pytest.mark.parametrize("name", every_page())
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)):
        file, _, anchor = target.partition("#")
        if "://" not in file:
            other = (ROOT / name).parent / file if file else ROOT / name
            assert other.exists(), target
            assert not anchor or anchor in anchors(other.read_text("utf-8")), target


@pytest.mark.parametrize("name", every_page())
def test_commands_in_the_text_are_there(name: str) -> None:
    """Each `casemap …` and `python -m …` within a paragraph or table names a command, and options that it has.

    Those that are whole are run, too, where the page is walked.
    """
    for command in said(text_of(name)):
        look_up(command.replace("…", ""))


@pytest.mark.parametrize("name", [name for name in every_page() if name not in ("README.md", "docs/README.md")])
def test_the_index_has_every_page(name: str) -> None:
    assert f"]({name.removeprefix('docs/')})" in text_of("docs/README.md")
