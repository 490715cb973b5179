"""Small projects to check: a shop's orders become a desk's tickets."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from casemap.analysis.proof import Proof
from tests.standalone import standalone

__all__ = ["HEAD", "object_of", "proof_of", "write_project"]

HEAD = "casemap: 1\nsource: shop/order\ntarget: desk/ticket\n"

Schema = dict[str, Any]


def object_of(_required: str = "", /, **properties: Any) -> Schema:
    """The schema of an object with these members and no others; the required ones are named in one text."""
    return {
        "type": "object",
        "required": _required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def write_project(folder: Path, rules: str, order: Any, ticket: Any) -> Path:
    """A project of one mapping; gives the mapping's file."""
    for name, schema in (("shop/order", order), ("desk/ticket", ticket)):
        file = folder / "schemas" / f"{name}.schema.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(schema, indent=2))
    file = folder / "mappings" / "shop-to-desk" / "order.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + dedent(rules).lstrip("\n"))
    return file


def proof_of(folder: Path, rules: str, order: Any, ticket: Any) -> Proof:
    """What is proven of the mapping of a project, without counterexamples."""
    write_project(folder, rules, order, ticket)
    catalog = standalone(folder)
    return catalog.prover.outline([catalog.mapping("shop-to-desk/order")])
