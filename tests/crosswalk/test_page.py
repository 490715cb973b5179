"""The page of a crosswalk in a real browser: following fields, keys, narrow screens, accessibility, foreign texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casemap.analysis.crosswalk import Crosswalk, Row
from casemap.report.crosswalk.page import page as page_of
from tests.crosswalk.conftest import Opened
from tests.crosswalk.crosswalks import COUNT, bad, large, long_names, route_crosswalk

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Opened]


def egain() -> Any:
    """A composed route with most kinds of rows."""
    return route_crosswalk("egain/case", "khoros/case")


def guarded(found: Crosswalk) -> Crosswalk:
    """The crosswalk as a proof could have it: one field is guarded, one is wrong, the others are proven."""
    states = {"customerId": "guarded", "status": "wrong"}
    rows = (
        replace(row, state=states.get(row.path, "proven"), guards=("rejects a case without `customer.id`",))
        if isinstance(row, Row)
        else row
        for row in found.rows
    )
    return replace(found, rows=tuple(rows), state="guarded")


def on(page: Page) -> list[str]:
    """The fields that are marked."""
    return page.eval_on_selector_all(".field.on", "all => all.map(field => field.dataset.path)")  # type: ignore[no-any-return]


def shown(page: Page, side: str) -> list[str]:
    return page.eval_on_selector_all(  # type: ignore[no-any-return]
        f"#{side} .field", "all => all.filter(field => field.offsetParent).map(field => field.dataset.path)"
    )


def field(page: Page, side: str, path: str) -> Any:
    return page.locator(f"#{side} .field[data-path='{path}']")


# --- following ----------------------------------------------------------------------------------------------------


def test_following_a_target_field_shows_its_sources(open_page: Open) -> None:
    page = open_page(egain()).page
    field(page, "target", "title").hover()
    assert set(on(page)) == {"title", "subject", "id", "description"}
    told = page.locator("#told").inner_text()
    assert "without" in told
    assert "Without a title the description stands in." in told
    assert page.locator("#lines path.on").count() == 3


def test_following_a_source_field_shows_where_it_goes(open_page: Open) -> None:
    page = open_page(egain()).page
    field(page, "source", "lastModified.date").focus()
    assert on(page) == ["lastModified.date", "lastUpdated", "created"]
    assert "Goes into:" in page.locator("#told").inner_text()
    field(page, "source", "solution").focus()
    assert "Khoros has no place for one." in page.locator("#told").inner_text()


def test_a_field_is_held_until_it_is_let_go(open_page: Open) -> None:
    page = open_page(egain()).page
    held = field(page, "target", "status")
    held.focus()
    page.keyboard.press("Enter")
    assert held.get_attribute("aria-pressed") == "true"
    field(page, "target", "title").hover()
    assert on(page) == ["status.value", "status"]
    page.keyboard.press("Escape")
    assert held.get_attribute("aria-pressed") == "false"
    assert on(page) == []


def test_the_panel_leads_to_the_other_side(open_page: Open) -> None:
    page = open_page(egain()).page
    field(page, "target", "customerId").click()
    page.locator("#told button", has_text="customer.id").click()
    assert page.evaluate("document.activeElement.dataset.path") == "customer.id"


def test_each_line_joins_two_fields(open_page: Open) -> None:
    page = open_page(egain()).page
    ends = page.eval_on_selector_all("#lines path", "all => all.map(path => path.dataset.ends.split(' '))")
    assert len(ends) == len({tuple(each) for each in ends}) > 15
    assert all(page.locator(f"#{id}").count() == 1 for each in ends for id in each)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_search_by_keyboard(open_page: Open) -> None:
    page = open_page(egain()).page
    page.keyboard.press("/")
    page.keyboard.type("lastmod")
    assert shown(page, "source") == ["lastModified.date", "lastModified.user.id", "lastModified.user.name"]
    assert shown(page, "target") == ["lastUpdated", "created"]
    assert page.locator("#count").inner_text() == "5 of 50 fields"
    assert page.locator("#fields tbody.row:visible").count() == 2
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.path") == "lastModified.date"
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert len(shown(page, "source")) == 28


def test_filters_by_keyboard(open_page: Open) -> None:
    page = open_page(egain()).page
    page.keyboard.press("/")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "collapsed"
    page.keyboard.press("Space")
    assert shown(page, "target") == ["number", "url", "lastUpdated", "created", "status", "*"]
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page, "target") == []
    assert len(shown(page, "source")) == 17
    assert page.locator("#left tbody tr:visible").count() > 5


def test_arrows_go_from_field_to_field_and_across(open_page: Open) -> None:
    page = open_page(egain()).page
    page.locator("input[value=dropped]").focus()
    page.keyboard.press("Tab")  # each side is one stop
    focused = "document.activeElement.dataset.path"
    assert page.evaluate(focused) == "id"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "subject"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "title"
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "id"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.closest('section').id") == "source"


def test_guarded_fields_are_found(open_page: Open) -> None:
    page = open_page(guarded(egain())).page
    page.locator("input[value=guarded]").check()
    assert shown(page, "target") == ["customerId"]
    assert "rejects a case without customer.id" in page.locator("#fields").inner_text()


# --- looks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_screen(open_page: Open, tmp_path: Path, width: int) -> None:
    for crosswalk in (egain(), large(tmp_path / "large"), bad(tmp_path / "bad")):
        page = open_page(crosswalk, width).page
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_narrow_screen_has_no_lines_but_names_the_other_side(open_page: Open) -> None:
    page = open_page(egain(), 400).page
    assert not page.locator("#lines").is_visible()
    field(page, "target", "title").click()
    assert page.locator("#told button").all_inner_texts() == ["id", "subject", "description"]


LOOKS = [
    ("egain/case", 1280, "light"),
    ("egain/case", 1280, "dark"),
    ("egain/case", 400, "light"),
    ("socialgateway/case", 400, "dark"),
]


@pytest.mark.parametrize(("source", "width", "scheme"), LOOKS)
def test_the_accessibility_check_finds_nothing_serious(open_page: Open, source: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(guarded(route_crosswalk(source, "khoros/case")), width, scheme).page
    for path in (None, "customerId"):
        if path:
            field(page, "target", path).click()
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert not grave, [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in grave]


def test_schemes_differ(open_page: Open) -> None:
    grounds = [
        open_page(egain(), scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(255, 255, 255)", "rgb(15, 19, 24)"]


def test_on_paper_stand_the_tables(open_page: Open) -> None:
    page = open_page(egain()).page
    page.locator("#search").fill("severity")
    page.emulate_media(media="print")
    assert not page.locator("#map").is_visible()
    assert not page.locator("#tools").is_visible()
    assert page.locator("#fields tbody:visible").count() == len(egain().rows)


def test_three_hundred_fields(open_page: Open, tmp_path: Path) -> None:
    page = open_page(large(tmp_path)).page
    assert page.locator("#lines path").count() == COUNT
    page.locator("#search").fill("field_123")
    assert shown(page, "target") == [long_names()[123]]


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_each_colour_can_be_read_on_each_ground() -> None:
    """Text of any colour on the page, a raised panel, and a marked row: 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    schemes = re.findall(r":root \{(.*?)\}", page_of(egain()), re.DOTALL)[:2]
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#\w{6});", scheme))
        grounds = [colours.pop(name) for name in ("ground", "raised", "mark")]
        colours.pop("edge")
        assert len(colours) >= 12
        for name, colour in colours.items():
            for ground in grounds:
                light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, name


# --- foreign texts ------------------------------------------------------------------------------------------------


def test_foreign_texts_are_shown_and_not_obeyed(open_page: Open, tmp_path: Path) -> None:
    page = open_page(bad(tmp_path)).page
    assert page.locator("script").count() == 2
    assert "<script>alert(1)</script>\\x1b[31m\\u202e" in page.locator("#fields").inner_text()
    page.locator("#target .field").nth(0).click()
    assert "<script>alert(1)</script>" in page.locator("#told").inner_text()


def test_values_of_a_payload_are_shown(open_page: Open) -> None:
    values = {"title": '"<b>Router</b>"', "status": '"open"'}
    page = open_page(egain(), values=values, source_values={"subject": '"Router [#1]"'}, title="A case").page
    assert page.title() == "A case"
    assert '"<b>Router</b>"' in field(page, "target", "title").inner_text()
    assert '"Router [#1]"' in field(page, "source", "subject").inner_text()
    assert '"open"' in page.locator("#fields").inner_text()


def test_the_page_needs_nothing_else() -> None:
    text = page_of(egain())
    assert not re.search(r"(?:src|href)=\"(?!data:,)", text)
    assert "@import" not in text
    assert "url(" not in text
    assert page_of(egain()) == text
