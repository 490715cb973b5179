"""The pages that are walked, with what there is before a reader starts, and the pages whose examples have a form of
their own and are run by other tests.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cases import cases
from tests.doc_examples import write_project
from tests.docs_pages.reading import blocks
from tests.docs_pages.running import run
from tests.docs_pages.walking import Differs, Gives, Walk
from tests.samples import ROOT

__all__ = ["INSTALLING", "OTHERS", "WALKED", "WalkedPage", "every_page"]

EXAMPLES = ROOT / "examples"
_TRY_IT = "casemap convert examples/egain-case-list.json --to khoros -p base_url=https://egain.example.com"


@dataclass(frozen=True, slots=True)
class WalkedPage:
    """A page that is walked. `prepare` makes files in a folder and gives names to the page's Python; the commands of `after`
    hold what the page claims of its end; the rest is as `walking.Walk` says.
    """

    prepare: Callable[[Path], dict[str, Any]] = lambda _: {}
    gives: Mapping[str, Gives] = field(default_factory=dict)
    figures_differ: tuple[str, ...] = ()
    shortened: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: tuple[str, ...] = ()

    def walk(self, folder: Path, differences: list[Differs] | None = None) -> Walk:
        """A walk through the page in an empty folder."""
        names = self.prepare(folder)
        tables = (self.gives, self.figures_differ, self.shortened, INSTALLING, self.files, self.outputs)
        return Walk(folder, names, *tables, differences)


def _readme(folder: Path) -> dict[str, Any]:
    (folder / "examples").symlink_to(EXAMPLES)
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
    return {}


def _archives(folder: Path) -> dict[str, Any]:
    """An export of 300 cases, of which one is not valid, and one of two cases for the page's Python."""
    exported = list(cases("egain/case", 300))
    exported[217] |= {"severity": {"value": "hihg"}}
    with gzip.open(folder / "export.ndjson.gz", "wb") as file:
        file.writelines(json.dumps(case).encode() + b"\n" for case in exported)
    _lines(folder / "export.ndjson", "socialgateway-case")
    with (folder / "export.ndjson").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**_example("socialgateway-case"), "state": 5}) + "\n")
    return {}


def _benchmarks(folder: Path) -> dict[str, Any]:
    shutil.copy(ROOT / "docs/benchmarks.md", folder / "benchmarks.md")
    return {}


def _shop(folder: Path) -> dict[str, Any]:
    """The project of docs/guides/repository.md, before that page changes it, with its models."""
    for block in blocks((ROOT / "docs/guides/repository.md").read_text("utf-8")):
        if block.file is not None and block.language != "diff" and not block.file.startswith("."):
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
    assert run("casemap generate", folder).code == 0
    return {}


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
    """The project whose mapping the page names, and a direct mapping with the guard that it shows, at its place."""
    _shop(folder)
    fields = "".join(f"  {name}: {{const: a}}\n" for name in ("id", "number", "customerId", "title", "description"))
    head = "casemap: 1\nsource: telecomx/case\ntarget: khoros/case\nfields:\n"
    rules = f'{head}{fields}  url: {{const: "https://a.example"}}\n  status: {{const: open}}\n\n\n  created:             createdAt\n'
    file = folder / "guards/mappings/telecomx-to-khoros/case.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(rules, "utf-8")
    (folder / "guards/casemap.toml").touch()
    shutil.copy(ROOT / "docs/proof.md", folder / "proof.md")
    return {}


INSTALLING = ("{ python3 -c 'import ensurepip'", "pip install ")
"""The beginnings of the commands that install packages: tests/docs_pages/test_installing.py runs all of them."""

WALKED: Mapping[str, WalkedPage] = {
    "README.md": WalkedPage(
        _readme,
        gives={
            "casemap formats": Gives(("\n  egain/case to khoros/case ", "guarded  egain-to-common/case → ")),
            "casemap convert export.json": Gives(
                ('"title": "Charging is too slow"', "1 of 1 record converted (egain/")
            ),
            "casemap convert cases.ndjson": Gives(("1 of 1 record converted",), {"out.ndjson": "egain/case"}),
            "casemap validate export.json": Gives(("1 of 1 payload valid",)),
            "casemap show telecomx/case": Gives(("# telecomx-to-common/case →", "def convert(document)")),
            "casemap check": Gives(("23 mappings: ", ", 0 wrong")),
            "casemap test": Gives(("examples of 23 mappings hold",)),
            "casemap explain case.json": Gives(('/number = "203"\n  from        /id 203\n',)),
            "casemap generate": Gives(("khoros: 6 classes",), {"generated/casemap_models/khoros.py": "class Case("}),
            "casemap rule CM301": Gives(("CM301 unlisted-value", "What to do instead")),
        },
        files={"casemap: 1": "acme/mappings/acme-to-common/ticket.yaml"},
        outputs={"[": (_TRY_IT,)},
    ),
    "docs/README.md": WalkedPage(),
    "docs/architecture.md": WalkedPage(),
    "docs/archives.md": WalkedPage(
        _archives,
        gives={
            "casemap convert export.ndjson.gz": Gives(
                files={"cases.ndjson.gz": "khoros/case", "bad.ndjson": "hihg", "bad.problems.ndjson": "CM401"}, code=1
            ),
        },
    ),
    "docs/benchmarks.md": WalkedPage(
        _benchmarks,
        shortened={
            "python -m benchmarks.convert": "--records 2 --rounds 1 --only egain --write benchmarks.md",
            "python -m benchmarks.startup": "--runs 1 --write benchmarks.md",
            "python -m benchmarks.archives": "--records 10 --rounds 1 --only egain --write benchmarks.md",
        },
    ),
    "docs/completion.md": WalkedPage(),
    "docs/crosswalks.md": WalkedPage(
        _crosswalks,
        gives={
            "casemap show egain/case khoros --output-format markdown": Gives(
                files={"crosswalk.md": "# egain/case → khoros/case\n"}
            ),
            "casemap show egain/case khoros --output-format html": Gives(files={"crosswalk.html": "<!DOCTYPE html>"}),
        },
        outputs={
            "desk/ticket → shop/ticket  proven": ("cd ledger", "casemap show desk/ticket shop/ticket"),
        },
    ),
    "docs/explain.md": WalkedPage(),
    "docs/library.md": WalkedPage(),
    "docs/models.md": WalkedPage(
        gives={
            "casemap generate khoros egain/case": Gives(files={"generated/casemap_models/khoros.py": "class Case("}),
            "casemap generate khoros -o src/our_models": Gives(files={"src/our_models/khoros.py": "class Case("}),
            "casemap generate khoros -o khoros.py": Gives(files={"khoros.py": "class Case("}),
        },
        after=("casemap generate khoros", "grep StrEnum src/our_models/khoros.py"),
    ),
    "docs/pre-commit.md": WalkedPage(_shop, files={"repos:": ".pre-commit-config.yaml"}),
    "docs/proof.md": WalkedPage(
        _proof,
        figures_differ=("python -m tests.proof.",),
        shortened={
            "python -m tests.proof.soundness --write": "--payloads 50 --only telecomx/error --write proof.md",
            "python -m tests.proof.mutation --write": "--only khoros-to-common/error --sample 1 --kind field --write proof.md",
        },
        outputs={
            "mappings/telecomx-to-khoros/case.yaml:14:24: CM601 `created` rejects a case without `createdAt`": (
                "cd guards",
                "casemap check --quiet | grep 'created. rejects'",
            )
        },
    ),
    "docs/testing.md": WalkedPage(figures_differ=("pytest",)),
    "docs/tutorial.md": WalkedPage(),
    "docs/validation.md": WalkedPage(
        _validation,
        files={"[tool.casemap.validate]": "pyproject.toml"},
        outputs={
            'export.json:2:13: CM401 /status: expected "open" or "closed", found "opn"; did you mean "open"?': (
                "cd misspelt",
                "casemap validate export.json --schema khoros/case --quiet",
            )
        },
        after=("casemap validate",),
    ),
    "docs/guides/integration.md": WalkedPage(
        gives={
            "casemap convert export.ndjson --from telecomx/case --to khoros/case -o cases.ndjson --summary": Gives(
                files={"summary.json": '"phoneNumber"'}, code=1
            ),
        }
    ),
    "docs/guides/mapping-author.md": WalkedPage(
        gives={
            "python -c": Gives(files={"schemas/casemap/mapping.schema.json": '"title": "'}),
        }
    ),
    "docs/guides/python.md": WalkedPage(),
    "docs/guides/repository.md": WalkedPage(
        gives={
            "casemap validate --output-format github": Gives(("1 of 1 payload valid",)),
            "casemap test --fail-under 50": Gives(("1 of 1 example",), {"report.xml": "<testsuite "}),
            "casemap check --strict --output-format sarif": Gives(files={"casemap.sarif": '"CM601"'}, code=1),
            "casemap check --output-format sarif >": Gives(files={"casemap.sarif": '"runs": ['}),
        }
    ),
    "docs/guides/reviewer.md": WalkedPage(
        gives={
            "casemap show telecomx/case khoros/case --output-format html": Gives(
                files={"crosswalk.html": "<!DOCTYPE html>"}
            ),
        },
    ),
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
