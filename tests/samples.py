"""The sample payloads under `examples/`, and the routes that they go through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casemap import Catalog

ROOT = Path(__file__).parent.parent
PARAMS = {"base_url": "https://egain.example.com"}

VENDORS = ("egain", "khoros", "socialgateway", "telecomx")
LISTS = ("egain", "khoros", "telecomx")
ROUTES: tuple[tuple[str, str], ...] = (
    *((f"{a}/case", f"{b}/case") for a in VENDORS for b in VENDORS if a != b),
    *((f"{a}/case-list", f"{b}/case-list") for a in LISTS for b in LISTS if a != b),
    ("telecomx/case-query", "egain/case-query"),
    ("egain/case-query", "telecomx/case-query"),
    *((f"{a}/case", "socialgateway/case-update") for a in LISTS),
    ("khoros/error", "common/error"),
    ("telecomx/error", "common/error"),
)
"""The routes that are promised to exist."""


def payload(name: str) -> Any:
    """A sample by its file name without the ending."""
    return json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"))


def samples_of(type_name: str) -> list[str]:
    """The vendors' own samples of a document type, by name."""
    stem = type_name.replace("/", "-")
    names = [file.stem for file in sorted((ROOT / "examples").glob(f"{stem}*.json"))]
    return [name for name in names if name.removeprefix(stem).lstrip("-").isdigit() or name == stem]


def params_of(catalog: Catalog, source: str, target: str) -> dict[str, Any]:
    """Those of `PARAMS` that a route has."""
    return {name: PARAMS[name] for name in catalog.parameters(source, target)}
