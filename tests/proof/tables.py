"""Tables of results, and their places in docs/proof.md."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

__all__ = ["DOCUMENT", "markdown", "write_section"]

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "proof.md"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """A Markdown table; the columns in `right` are flush right."""
    line = ["---:" if number in right else "---" for number in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, line, *rows))


def write_section(name: str, text: str, document: Path) -> None:
    """Put a text between the marks of its name in docs/proof.md, or a copy. `ValueError` where they are missing."""
    start, end = f"<!-- Written by `python -m tests.proof.{name} --write`. -->", f"<!-- End of {name}. -->"
    before, mark, rest = document.read_text("utf-8").partition(start)
    _, other, after = rest.partition(end)
    if not mark or not other:
        raise ValueError(f"{document} has no place for {name}")
    document.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", "utf-8")
