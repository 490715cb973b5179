"""What decides over compiled code: another of it finds nothing that was made with the one before."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog, Function, Parameter
from casemap.cache import program
from tests.cache.running import catalog, entries, own_project, run

TICKET = {"no": 7, "subject": "Broken", "urgency": "high"}
VALUES = {"site": "https://shop.example", "rank": 3}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return own_project(tmp_path)


def converted(cache: Path, project: Path, **params: Any) -> Any:
    return catalog(cache, project).converter("shop/ticket", "desk/ticket", {**VALUES, **params})(TICKET)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_same_files_find_the_same_entries(tmp_path: Path, project: Path) -> None:
    cache = tmp_path / "cache"
    first = converted(cache, project)
    made = entries(cache)
    assert made
    assert converted(cache, project) == first
    assert entries(cache) == made


def test_a_changed_mapping_counts_at_once(tmp_path: Path, project: Path) -> None:
    cache = tmp_path / "cache"
    assert converted(cache, project)["title"] == "Broken"
    made = entries(cache)
    change(project / "mappings" / "shop-to-desk" / "ticket.yaml", "title: subject", "title: subject | upper")
    assert converted(cache, project)["title"] == "BROKEN"
    assert entries(cache).keys() > made.keys()


def test_a_changed_mapping_of_the_same_size_and_time_counts(tmp_path: Path, project: Path) -> None:
    cache, file = tmp_path / "cache", project / "mappings" / "shop-to-desk" / "ticket.yaml"
    before = file.stat()
    assert converted(cache, project)["level"] == 1
    change(file, "high: 1", "high: 2")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert converted(cache, project)["level"] == 2


def test_a_changed_schema_counts_at_once(tmp_path: Path, project: Path) -> None:
    cache, file = tmp_path / "cache", project / "schemas" / "shop" / "ticket.schema.json"
    converted(cache, project)
    made = entries(cache)
    schema = json.loads(file.read_text())
    schema["title"] = "Another title"
    file.write_text(json.dumps(schema))
    converted(cache, project)
    assert entries(cache).keys() > made.keys()


def test_a_new_mapping_is_a_new_route(tmp_path: Path, project: Path) -> None:
    """The new one stands before the old one by its name."""
    cache, folder = tmp_path / "cache", project / "mappings" / "shop-to-desk"
    converted(cache, project)
    made = entries(cache)
    text = (folder / "ticket.yaml").read_text()
    (folder / "other.yaml").write_text(text.replace("target: desk/ticket", "target: desk/ticket-list"))
    converted(cache, project)
    assert entries(cache).keys() > made.keys()


def test_a_used_mapping_counts(tmp_path: Path, project: Path) -> None:
    cache = tmp_path / "cache"

    def titles() -> list[str]:
        convert = catalog(cache, project).converter("shop/ticket-list", "desk/ticket-list", VALUES)
        return [ticket["title"] for ticket in convert({"page": 1, "tickets": [TICKET]})]

    assert titles() == ["Broken"]
    change(project / "mappings" / "shop-to-desk" / "ticket.yaml", "title: subject", "title: subject | upper")
    assert titles() == ["BROKEN"]


def test_a_project_elsewhere_has_its_own_places(tmp_path: Path, project: Path) -> None:
    """Problems name files: the same files in another folder are others."""
    cache = tmp_path / "cache"
    (tmp_path / "elsewhere").mkdir()
    other = own_project(tmp_path / "elsewhere")
    for folder in (project, other):
        observed = catalog(cache, folder).converter("shop/ticket", "desk/ticket", VALUES)
        noted = observed._compiled.observe({"no": 7, "subject": "Broken"})[1]
        assert [each.span.file.startswith(str(folder)) for each in noted] == [True]


@pytest.mark.parametrize(
    "changed",
    [
        lambda patch: patch.setattr(program, "__version__", "0.0.0"),
        lambda patch: patch.setattr("sys.version", "3.99"),
        lambda patch: patch.setattr(program, "_modules", lambda _: iter([("casemap/other.py", 1, 1)])),
        lambda patch: patch.setattr(program, "_installed", lambda: iter([("site-packages", 1)])),
    ],
    ids=["casemap", "Python", "its files", "installed"],
)
def test_the_program_counts(
    changed: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    converted(cache, project)
    made = entries(cache)
    program.program.cache_clear()
    changed(monkeypatch)
    converted(cache, project)
    program.program.cache_clear()
    assert entries(cache).keys() > made.keys()
    assert len(entries(cache)) == 2 * len(made)


def test_casemap_changed_under_a_running_process_keeps_nothing(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_LOADED", 0)
    program.program.cache_clear()
    converted(tmp_path / "cache", project)
    program.program.cache_clear()
    assert entries(tmp_path / "cache") == {}


def test_a_function_of_the_users_own_stays_in_its_process(tmp_path: Path, project: Path) -> None:
    cache = tmp_path / "cache"
    change(project / "mappings" / "shop-to-desk" / "ticket.yaml", "title: subject", "title: subject | shout")

    def shouting(sign: str) -> Catalog:
        found = catalog(cache, project)
        parameters = (Parameter("value", {"type": "string"}),)
        shout = Function("shout", "text", "Louder.", parameters, {"type": "string"}, lambda text: text + sign)
        found.register(shout)
        return found

    for sign in ("!", "?"):
        converter = shouting(sign).converter("shop/ticket", "desk/ticket", VALUES)
        assert converter.observe(TICKET).result["title"] == f"Broken{sign}"
        assert converter.line_trees(observing=True).plain.convert(TICKET, set())["title"] == f"Broken{sign}"
    assert len(entries(cache)) == 1  # the schemas


# --- params ---------------------------------------------------------------------------------------------------------


def test_no_value_of_a_param_is_on_disk(tmp_path: Path) -> None:
    def convert(url: str) -> bytes:
        arguments = "examples/egain-case.json", "--to", "khoros/case", "-p", f"base_url={url}"
        return run(tmp_path / "cache", "convert", *arguments).out

    url = "https://user:hunter2@very-secret.example"
    first = convert(url)
    for observing in (False, True):
        catalog(tmp_path / "cache").converter("egain/case", "khoros/case", {"base_url": url}).line_trees(
            observing=observing
        )
    assert url.encode() in first
    assert entries(tmp_path / "cache")
    for data in entries(tmp_path / "cache").values():
        assert b"hunter2" not in data
        assert b"very-secret" not in data
    assert convert("https://other.example") == first.replace(url.encode(), b"https://other.example")


def test_any_value_of_a_param_gives_what_it_gives_without_a_cache(tmp_path: Path, project: Path) -> None:
    """Code depends on whether a param is null or a container, or a URL: each is compiled for itself."""
    file = project / "mappings" / "shop-to-desk" / "ticket.yaml"
    change(file, "{type: integer, description: The rank of the desk.}", "{description: Any.}")
    change(file, "title: subject", "title: {from: params.rank | url_join('/x'), default: subject}")
    change(file, "rank: params.rank", "rank: {when: params.rank is integer, from: params.rank}")
    values = (3, None, "https://one.example", {"a": [1]}, "no URL", [], "https://two.example", True)

    def outcome(cache: Path | str, value: Any) -> Any:
        made = catalog(cache, project).converter("shop/ticket", "desk/ticket", {**VALUES, "rank": value})
        try:
            return made(TICKET)
        except Exception as error:  # noqa: BLE001 - the same one is to come each time
            return repr(error)

    for value in (*values, *values):
        assert outcome(tmp_path / "cache", value) == outcome("", value), value
