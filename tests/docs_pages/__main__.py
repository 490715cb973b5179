"""Writes into pages what the commands that they show print: `python -m tests.docs_pages docs/tutorial.md`.

Look at the difference before you commit it: what a command prints now need not be what it should print. Where the page
leaves lines out (`…`) and no longer shows what is printed, all of it is written.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs_pages.pages import WALKED
from tests.docs_pages.walking import Differs
from tests.samples import ROOT


def main() -> None:
    """Write the outputs of the pages that are named on the command line."""
    for name in sys.argv[1:]:
        file = ROOT / name
        file.write_text(_mended(name, file.read_text("utf-8")), "utf-8")


def _mended(name: str, text: str) -> str:
    """The page with every output as it is printed."""
    page = WALKED[name]
    differences: list[Differs] = []
    with tempfile.TemporaryDirectory() as folder:
        page.walk(Path(folder), differences).page(text)
    lines = text.split("\n")
    for difference in reversed(differences):
        start = difference.shown.line
        while lines[start - 1].endswith("\\"):
            start += 1
        end = start + difference.shown.output.count("\n")
        lines[start:end] = difference.printed.splitlines()
    return "\n".join(lines)


if __name__ == "__main__":
    main()
