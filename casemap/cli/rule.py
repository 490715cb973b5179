"""`casemap rule`."""

from __future__ import annotations

import click

from casemap.cli import completion
from casemap.cli.console import put
from casemap.codes import CODES, GROUPS, Code
from casemap.errors import CasemapError
from casemap.problem import Problem, nearest
from casemap.report.codes import code_json, code_list, code_text, codes_json

__all__ = ["command"]


@click.command("rule")
@click.argument("code", metavar="[CODE]", required=False, shell_complete=completion.CODES)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How it is shown.")
def command(code: str | None, output_format: str) -> None:
    """Say what a problem code means, why it matters, and what to do.

    CODE is a number such as CM204, or its short name. Without it, all codes are listed.

    \b
    Examples:
      casemap rule
      casemap rule CM204
      casemap rule unknown-function --output-format json
    """
    if code is None:
        put(codes_json(CODES.values()) if output_format == "json" else code_list(GROUPS))
        return
    found = _found(code)
    put(code_json(found) if output_format == "json" else code_text(found))


def _found(text: str) -> Code:
    """The code of that number or name, whatever its case. Raises `CasemapError` (CM511)."""
    by_name = {**CODES, **{code.name: code for code in CODES.values()}}
    found = by_name.get(text.upper()) or by_name.get(text.lower())
    if found is None:
        near = nearest(text.upper(), list(CODES)) or nearest(text.lower(), list(by_name))
        hint = f"; did you mean `{near}`?" if near else ""
        problem = Problem("CM511", f"there is no problem code `{text}`{hint}", "`casemap rule` lists all of them.")
        raise CasemapError([problem])
    return found
