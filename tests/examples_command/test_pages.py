"""What the page on completion says of shells."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.samples import ROOT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_shells_print_a_script(shell: str) -> None:
    text = (ROOT / "docs" / "completion.md").read_text("utf-8")
    assert f"_CASEMAP_COMPLETE={shell}_source casemap" in text
    done = subprocess.run(
        [sys.executable, "-c", "from casemap.cli import main; main()"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "_CASEMAP_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "_CASEMAP_COMPLETE" in done.stdout
