"""Crosswalks as text and as Markdown: what stands there, how wide it is, and that foreign texts are not obeyed."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from casemap.analysis.crosswalk import Crosswalk
from casemap.catalog import Route
from casemap.report.characters import width
from casemap.report.crosswalk import crosswalk_markdown, crosswalk_text
from casemap.schema.fields import path_text
from docs.crosswalks import pairs
from tests.analysis.bundled import catalog
from tests.crosswalk.crosswalks import BAD, bad, large, long_names, route_crosswalk

ESCAPE = "\u001b"


def columns(text: str) -> int:
    return max(sum(map(width, line)) for line in text.split("\n"))


def whole(text: str) -> str:
    """A text without its line ends and margins, in which what was folded stands together again."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("columns_wide", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns_wide: int) -> None:
    for found in (
        route_crosswalk("socialgateway/case", "khoros/case"),
        large(tmp_path / "large"),
        bad(tmp_path / "bad"),
    ):
        assert columns(crosswalk_text(found, columns_wide)) <= columns_wide


def test_names_of_eighty_characters_are_there_in_full(tmp_path: Path) -> None:
    found = large(tmp_path)
    markdown = crosswalk_markdown(found)
    first_column = "".join(line[:22] for line in crosswalk_text(found, 80).split("\n"))
    for name in long_names():
        assert name in whole(first_column)
        assert f"| `{name}` | `{name}` | without spaces around it" in markdown


def test_a_composed_route_reads_like_a_direct_mapping() -> None:
    text = crosswalk_text(route_crosswalk("egain/case", "khoros/case"), 120)
    assert re.search(r"^title +subject +without ` \[#\{id\}\]` at its end$", text, re.MULTILINE)
    assert re.search(r"^ +description +otherwise copied$", text, re.MULTILINE)
    assert re.search(r"^ +≈ Without a title the description stands in\.$", text, re.MULTILINE)
    assert re.search(r"^status +status\.value +`open` and `closed` stay; any other left out$", text, re.MULTILINE)
    assert "They take a second call, to the address in `activities.link`." in text
    assert "`solution`" in text.split("Left behind")[1]


@pytest.mark.parametrize(
    "route", [pytest.param(route, id=f"{route.source} to {route.target}") for route in pairs(catalog())]
)
def test_what_lies_between_is_not_mentioned_unless_asked(route: Route) -> None:
    source, target = route.source, route.target
    for told in (crosswalk_markdown, crosswalk_text):
        text = told(route_crosswalk(source, target))
        assert not re.search(r"\bcommon\b|vendor_status|status_label|severity_label|service_id", text, re.IGNORECASE)
        assert "-to-common" in told(route_crosswalk(source, target, via=True))


def test_via_names_the_fields_between() -> None:
    text = crosswalk_markdown(route_crosswalk("egain/case", "khoros/case", via=True))
    assert "By way of `egain-to-common/case`, `common-to-khoros/case`." in text
    (row,) = [line for line in text.split("\n") if line.startswith("| `lastUpdated`")]
    assert "via: `updated`, `messages.created`, `created` and `first_opened`" in row
    assert re.search(r"rule: `common-to-khoros/case\.yaml:\d+`", row)
    assert "another word is kept in vendor\\_status" in text.replace("vendor_status", "vendor\\_status")


def test_every_field_of_both_sides_is_told() -> None:
    for route in catalog().routes():
        found = route_crosswalk(route.source, route.target)
        text = crosswalk_markdown(found).replace("\\|", "|")
        for row in found.fields:
            assert f"`{row.path}`" in text
        for steps, fate in found.fates:
            if fate in ("dropped", "unmapped"):
                assert f"`{path_text(steps)}`" in text.split("## Left behind")[1]
        for unset in found.unset:
            assert f"`{unset.path}`" in text.split("## Without a value")[1]


# --- foreign texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coloured", [False, True])
def test_a_terminal_obeys_nothing_of_a_mapping(tmp_path: Path, coloured: bool) -> None:
    text = crosswalk_text(bad(tmp_path), coloured=coloured)
    plain = re.sub(r"\u001b\[[\d;]*m", "", text)
    assert not [character for character in plain if character != "\n" and not character.isprintable()]
    assert "\\x1b[31m" in plain
    assert (ESCAPE in text) == coloured
    assert "31m" not in re.findall(r"\u001b\[([\d;]*m)", text) or "[31m" in BAD


def test_markdown_has_no_markup_but_its_own(tmp_path: Path) -> None:
    text = crosswalk_markdown(bad(tmp_path))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.content for token in inline if token.type == "html_inline"} == {"<br>"}
    assert not [token for token in tokens if token.type == "html_block"]
    assert {token.type for token in inline} <= {
        "text",
        "code_inline",
        "html_inline",
        "em_open",
        "em_close",
        "strong_open",
        "strong_close",
    }
    cells = [token.type for token in tokens if token.type in ("tr_open", "td_open")]
    rows = "".join("|" if kind == "tr_open" else "x" for kind in cells).split("|")
    assert {len(row) for row in rows} <= {0, 2, 3}
    shown = [token.content for token in inline if token.type in ("text", "code_inline")]
    assert sum("<script>alert(1)</script>" in content for content in shown) > 8
    assert not [
        character for character in text if unicodedata.category(character) in ("Cc", "Cf") and character != "\n"
    ]


def test_the_same_crosswalk_gives_the_same_text(tmp_path: Path) -> None:
    def texts(found: Crosswalk) -> list[str]:
        return [crosswalk_text(found), crosswalk_markdown(found)]

    assert texts(bad(tmp_path)) == texts(bad(tmp_path))
