"""The crosswalks in generated/ are those of the mappings."""

from __future__ import annotations

from casemap import Catalog
from docs.crosswalks import FOLDER, files, pairs


def test_the_generated_crosswalks_are_fresh() -> None:
    wanted = files()
    there = {file: file.read_text("utf-8") for file in FOLDER.rglob("*.md")}
    stale = [str(file.relative_to(FOLDER)) for file in {*wanted, *there} if wanted.get(file) != there.get(file)]
    assert not stale, f"run `python -m docs.crosswalks` for {', '.join(sorted(stale))}"


def test_each_pair_of_vendors_has_one() -> None:
    vendors = {"egain", "khoros", "socialgateway", "telecomx"}
    cases = {(route.source, route.target) for route in pairs(Catalog())}
    for one in vendors:
        for other in vendors - {one}:
            assert (f"{one}/case", f"{other}/case") in cases
            assert (FOLDER / f"{one}-to-{other}" / "case.md").is_file()
