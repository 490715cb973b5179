"""The pages that are walked, with what there is before a reader starts, and the pages whose examples have a form of
their own and are run by other tests.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.doc_examples import write_project
from tests.docs_pages.reading import blocks
from tests.samples import ROOT

__all__ = ["OTHERS", "WALKED", "WalkedPage", "every_page"]

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True, slots=True)
class WalkedPage:
    """A page that is walked. `prepare` makes files in a folder and gives names to the page's Python; the commands of `after`
    hold what the page claims of its end; the rest is as `walking.Walk` says.
    """

    prepare: Callable[[Path], dict[str, Any]] = lambda _: {}
    looked_up: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()


def _readme(folder: Path) -> dict[str, Any]:
    shutil.copy(EXAMPLES / "egain-case-list.json", folder / "export.json")
    _lines(folder / "cases.ndjson", "telecomx-case")
    (folder / "case.json").write_text(json.dumps(_example("socialgateway-case")), "utf-8")
    (folder / "path/to/project").mkdir(parents=True)
    _own_schema(folder / "acme")
    ticket = {"ticket_no": 1, "headline": "Late", "phase": "done", "opened_at": "2024-05-14T09:30:00+02:00"}
    (folder / "acme/ticket.json").write_text(json.dumps(ticket), "utf-8")
    return {"payload": _example("socialgateway-case")}


def _own_schema(folder: Path) -> None:
    """A document type of the reader's own: `acme/ticket`."""
    properties = {
        "ticket_no": {"type": "integer"},
        "headline": {"type": "string"},
        "phase": {"enum": ["new", "working", "done"]},
        "opened_at": {"type": "string", "format": "date-time"},
        "internal_score": {"type": "number"},
    }
    schema = {"type": "object", "properties": properties, "required": ["ticket_no"], "additionalProperties": False}
    file = folder / "schemas/acme/ticket.schema.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(schema), "utf-8")


def _validation(folder: Path) -> dict[str, Any]:
    shutil.copy(EXAMPLES / "egain-case-list.json", folder / "export.json")
    with gzip.open(folder / "cases.ndjson.gz", "wb") as file:
        file.write(json.dumps(_example("khoros-case")).encode() + b"\n")
    for path in ("our.schema.json", "settings.schema.json"):
        (folder / path).write_text('{"type": "object"}', "utf-8")
    for path in ("a.yaml", "settings/a.yaml", "exports/broken/b.json"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("a: 1\n", "utf-8")
    _lines(folder / "exports/2026/cases.ndjson", "egain-case")
    project = folder / "path/to/project"
    project.mkdir(parents=True)
    _own_schema(project)
    (folder / "pyproject.toml").write_text('[tool.casemap.validate]\n"export.json" = "egain/case-list"\n', "utf-8")
    case = {"status": "opn", **{name: value for name, value in _example("khoros-case").items() if name != "status"}}
    (folder / "misspelt").mkdir()
    (folder / "misspelt/export.json").write_text(json.dumps(case, indent=2), "utf-8")
    return {"payload": {"ticket_no": 1}}


def _archives(folder: Path) -> dict[str, Any]:
    with gzip.open(folder / "export.ndjson.gz", "wb") as file:
        file.write(json.dumps(_example("egain-case")).encode() + b"\n")
    _lines(folder / "export.ndjson", "socialgateway-case")
    return {"blocks": [(folder / "export.ndjson").read_bytes()], "output": io.BytesIO()}


def _example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def _lines(file: Path, name: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(_example(name)) + "\n", "utf-8")


def _crosswalks(folder: Path) -> dict[str, Any]:
    """The project of docs/ledger.md, which the page shows."""
    files: dict[str, str] = {}
    for block in blocks((ROOT / "docs/ledger.md").read_text("utf-8")):
        if block.file is not None:
            files[block.file] = block.text
        elif block.language == "yaml":
            head = "casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\n"
            files["mappings/desk-to-shop/ticket.yaml"] = head + block.text
    write_project(folder / "ledger", files)
    return {}


def _proof(folder: Path) -> dict[str, Any]:
    """A mapping that the page names, and a direct one with the guard that it shows, at its place."""
    schema = '{"type": "object", "required": ["no"], "properties": {"no": {"type": "integer"}}}'
    rules = "casemap: 1\nsource: shop/order\ntarget: common/case\nfields: {id: no | string}\n"
    for path, text in (("schemas/shop/order.schema.json", schema), ("mappings/shop-to-common/order.yaml", rules)):
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(text, "utf-8")
    fields = "".join(f"  {name}: {{const: a}}\n" for name in ("id", "number", "customerId", "title", "description"))
    head = "casemap: 1\nsource: telecomx/case\ntarget: khoros/case\nfields:\n"
    rules = f'{head}{fields}  url: {{const: "https://a.example"}}\n  status: {{const: open}}\n\n\n  created:             createdAt\n'
    file = folder / "guards/mappings/telecomx-to-khoros/case.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(rules, "utf-8")
    return {}


_LONG = "It takes minutes; the tests of the program run it over less."
_INSTALLS = "It installs packages."

WALKED: Mapping[str, WalkedPage] = {
    "README.md": WalkedPage(
        _readme,
        looked_up={"{ python3 -c 'import ensurepip'": _INSTALLS},
        files={"casemap: 1": "acme/mappings/acme-to-common/ticket.yaml"},
        after=("cd acme", *(f"casemap convert ticket.json --to {format}/case" for format in ("telecomx", "egain"))),
    ),
    "docs/README.md": WalkedPage(),
    "docs/architecture.md": WalkedPage(),
    "docs/archives.md": WalkedPage(_archives),
    "docs/benchmarks.md": WalkedPage(looked_up={"python -m benchmarks.": _LONG}),
    "docs/completion.md": WalkedPage(),
    "docs/crosswalks.md": WalkedPage(
        _crosswalks,
        outputs={"desk/ticket → shop/ticket  proven": "(cd ledger; casemap show desk/ticket shop/ticket)"},
    ),
    "docs/explain.md": WalkedPage(),
    "docs/library.md": WalkedPage(),
    "docs/models.md": WalkedPage(
        looked_up={"pip install": _INSTALLS},
        choices=("casemap generate",),
        files={"[tool.casemap.generate]": "pyproject.toml"},
    ),
    "docs/pre-commit.md": WalkedPage(files={"repos:": ".pre-commit-config.yaml"}),
    "docs/proof.md": WalkedPage(
        _proof,
        looked_up={"python -m tests.proof.": _LONG},
        choices=("casemap check",),
        outputs={
            "mappings/telecomx-to-khoros/case.yaml:14:24: CM601 `created` rejects a case without `createdAt`": "(cd guards; casemap check --quiet | grep 'created. rejects')"
        },
    ),
    "docs/testing.md": WalkedPage(looked_up={"pytest": "A test runs the plugin: tests/examples_command."}),
    "docs/tutorial.md": WalkedPage(),
    "docs/validation.md": WalkedPage(
        _validation,
        files={"[tool.casemap.validate]": "pyproject.toml"},
        outputs={
            'export.json:2:13: CM401 /status: expected "open" or "closed", found "opn"; did you mean "open"?': "(cd misspelt; casemap validate export.json --schema khoros/case --quiet)"
        },
    ),
    "docs/guides/integration.md": WalkedPage(),
    "docs/guides/mapping-author.md": WalkedPage(),
    "docs/guides/python.md": WalkedPage(),
    "docs/guides/repository.md": WalkedPage(),
    "docs/guides/reviewer.md": WalkedPage(),
}

OTHERS: Mapping[str, str] = {
    "docs/functions.md": "tests/test_docs.py",
    "docs/ledger.md": "tests/analysis/test_ledger.py",
    "docs/mapping-language.md": "tests/test_docs.py",
}
"""Pages whose examples have a form of their own, with the tests that run all of them.

The blocks of docs/problems.md are those of the table of codes, which tests/test_codes.py runs.
"""


def every_page() -> list[str]:
    """All pages of the documentation."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return sorted(str(page.relative_to(ROOT)) for page in pages)
