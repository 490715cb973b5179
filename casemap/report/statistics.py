"""How many problems of each code there are."""

from __future__ import annotations

from collections.abc import Mapping

from casemap.codes import CODES
from casemap.syntax.json_text import write_json

__all__ = ["statistics_text"]


def statistics_text(counts: Mapping[str, int], *, json: bool) -> str:
    """A table with the most frequent code first, or a JSON document, `{"statistics": […]}`. No line feed at its end."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    if json:
        rows = [{"code": code, "count": count, "title": _title(code)} for code, count in ordered]
        return write_json({"statistics": rows}, indent=True).decode()
    width = max((len(f"{count:,}") for _, count in ordered), default=0)
    return "\n".join(f"{count:>{width},}  {code}  {_title(code)}".rstrip() for code, count in ordered)


def _title(code: str) -> str:
    return CODES[code].title if code in CODES else ""
