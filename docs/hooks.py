"""Writes `.pre-commit-hooks.yaml` and `docs/pre-commit.md` from the table of hooks.

`python -m docs.hooks` writes them; with `--check` it writes nothing, names the files that are not what would be
written, and ends with exit code 1 if there are any.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from casemap._version import __version__
from casemap.cli.hooks import hooks_file, hooks_page

__all__ = ["files", "main"]

ROOT = Path(__file__).parent.parent


def files() -> Mapping[Path, str]:
    """The generated files with what should be in them."""
    return {ROOT / ".pre-commit-hooks.yaml": hooks_file(), ROOT / "docs" / "pre-commit.md": hooks_page(__version__)}


def main() -> None:
    """The command `python -m docs.hooks`."""
    stale = {file: text for file, text in files().items() if not file.is_file() or file.read_text("utf-8") != text}
    if "--check" in sys.argv[1:]:
        sys.stderr.write("".join(f"{file.relative_to(ROOT)} is stale\n" for file in stale))
        raise SystemExit(1 if stale else 0)
    for file, text in stale.items():
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
