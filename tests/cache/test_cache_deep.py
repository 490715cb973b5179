"""A mapping that is nested nearly as deeply as can be: all passes over it go as deep as the compiler does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog
from casemap.compiler.function import CompiledTree
from casemap.compiler.stored import StoredTree
from tests.cache.running import catalog, own_project

LEVELS = 350
TICKET = {"no": 7, "subject": "Broken", "urgency": "high", "phone": "1"}
VALUES = {"site": "https://shop.example", "rank": 3}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project, with a title that takes as many functions within each other as there are levels."""
    project = own_project(tmp_path)
    file = project / "mappings" / "shop-to-desk" / "ticket.yaml"
    text = file.read_text()
    assert "title: subject\n" in text
    expression = f"{'coalesce(subject, ' * LEVELS}'none'{')' * LEVELS}"
    file.write_text(text.replace("title: subject\n", f'title: "{expression}"\n'))
    return project


def made(catalog: Catalog) -> Any:
    return catalog.converter("shop/ticket", "desk/ticket", VALUES)


def test_a_deep_mapping_is_observed_alike_from_the_cache(tmp_path: Path, project: Path) -> None:
    compiled = made(catalog(tmp_path / "cache", project))
    assert isinstance(compiled._compiled, CompiledTree)
    observed = compiled.observe(TICKET)
    assert observed.result["title"] == "Broken"
    assert list(observed.lost) == ["phone"]
    cached = made(catalog(tmp_path / "cache", project))
    assert isinstance(cached._compiled, StoredTree)
    assert cached.observe(TICKET) == observed


def test_a_deep_mapping_is_proven_and_settles(tmp_path: Path, project: Path) -> None:
    made(catalog(tmp_path / "cache", project))
    cached = made(catalog(tmp_path / "cache", project))
    cached.settle()
    assert cached(TICKET)["title"] == "Broken"
    assert cached.check().state == "guarded"
    assert [entry.path for entry in cached.ledger.sources if entry.lost] == ["phone"]
