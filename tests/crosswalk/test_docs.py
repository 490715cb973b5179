"""docs/crosswalks.md names the options of its command; tests/docs_pages runs what it shows."""

from __future__ import annotations

import re

from casemap.cli.show import command
from tests.samples import ROOT

PAGE = (ROOT / "docs" / "crosswalks.md").read_text("utf-8")


def test_each_option_is_there() -> None:
    described = set(re.findall(r"^\| `(-[\w-]+)", PAGE, re.MULTILINE))
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert described <= options
    assert {"--output-format", "-o", "--via", "-p"} <= described
