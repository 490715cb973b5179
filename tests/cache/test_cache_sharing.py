"""What threads share: a mapping is loaded once, and the recursion limit is put back by the last of them."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casemap import Catalog, Function, MappingError, Parameter
from casemap.recursion import LIMIT, deep_trees
from tests.cache.running import catalog, own_project

TICKET = {"no": 7, "subject": "Broken", "urgency": "high"}
VALUES = {"site": "https://shop.example", "rank": 3}


def test_a_mapping_is_loaded_by_one_thread_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from casemap.mapping import load

    loaded: list[str] = []
    slowly = load.load_mapping

    def load_mapping(text: str, file: str, id: str, *others: object) -> object:
        loaded.append(id)
        time.sleep(0.02)  # another thread comes to the same mapping meanwhile
        return slowly(text, file, id, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "load_mapping", load_mapping)
    shared = Catalog(own_project(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.mapping, ["shop-to-desk/ticket"] * 8))
    assert all(each is found[0] for each in found)
    assert loaded == ["shop-to-desk/ticket"]


def test_the_recursion_limit_is_put_back_by_the_last_thread() -> None:
    before = sys.getrecursionlimit()
    inside, go = threading.Event(), threading.Event()

    def first() -> None:
        with deep_trees("a.yaml"):
            inside.set()
            go.wait(5)

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(5)
    with deep_trees("b.yaml"):
        go.set()
        thread.join()
        assert sys.getrecursionlimit() == max(before, LIMIT)
    assert sys.getrecursionlimit() == before


def test_a_function_that_only_one_catalog_knows_is_unknown_to_the_next(tmp_path: Path) -> None:
    """Even where the code does without it."""
    project = own_project(tmp_path)
    file = project / "mappings" / "shop-to-desk" / "ticket.yaml"
    changed = file.read_text().replace("title: subject\n", "title: {first_of: [{const: Fixed}, subject | shout]}\n")
    assert "shout" in changed
    file.write_text(changed)

    def shout(text: str) -> str:
        return text + "!"

    knowing = catalog(tmp_path / "cache", project)
    knowing.register(
        Function("shout", "text", "Louder.", (Parameter("value", {"type": "string"}),), {"type": "string"}, shout)
    )
    assert knowing.converter("shop/ticket", "desk/ticket", VALUES).observe(TICKET).result["title"] == "Fixed"
    with pytest.raises(MappingError, match="shout"):
        catalog(tmp_path / "cache", project).converter("shop/ticket", "desk/ticket", VALUES)
