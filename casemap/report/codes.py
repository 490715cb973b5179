"""The table of problem codes as text for terminals, as Markdown, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from casemap.codes import Code, Example
from casemap.syntax.json_text import write_json

__all__ = ["code_json", "code_list", "code_markdown", "code_text", "codes_json"]

_WIDTH = 100
_FENCES = {".json": "json", ".yaml": "yaml", ".toml": "toml", ".py": "python"}


def code_list(groups: Mapping[str, Iterable[Code]]) -> str:
    """A line for each code, below the titles of their groups."""
    every = [code for codes in groups.values() for code in codes]
    width = max(len(code.name) for code in every)
    sections = [
        "\n".join([title, *(f"  {code.code}  {code.name:<{width}}  {code.title}" for code in codes)])
        for title, codes in groups.items()
    ]
    return "\n\n".join(sections)


def code_text(code: Code) -> str:
    """What is to be said of a code, under four headings, for a terminal."""
    sections = [
        ("What it does", _wrapped(code.what)),
        ("Why it is bad", _wrapped(code.why)),
        ("Example", _example_text(code.example)),
        ("What to do instead", _wrapped(code.instead)),
    ]
    head = f"{code.code} {code.name} ({code.severity})\n{code.title}"
    return "\n\n".join([head, *(f"{title}\n{body}" for title, body in sections)])


def _wrapped(text: str) -> str:
    margin = "  "
    return textwrap.fill(
        text, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False, break_long_words=False
    )


def _example_text(example: Example) -> str:
    blocks = [f"{_caption(file.name, file.encoding)}\n{textwrap.indent(file.text, '    ')}" for file in example.files]
    prompt = ">>>" if example.language == "python" else "$"
    blocks.append(f"{prompt} {example.run}\n{example.line}")
    return "\n".join(textwrap.indent(block.rstrip("\n"), "  ") for block in blocks)


def _caption(name: str, encoding: str) -> str:
    return f"{name}:" if encoding == "utf-8" else f"{name}, in {encoding}:"


def code_markdown(code: Code) -> str:
    """The same as Markdown, each heading a line in bold letters."""
    severity = f"{'An' if code.severity == 'error' else 'A'} {code.severity}."
    parts = [
        f"{code.title}. {severity}",
        f"**What it does.** {code.what}",
        f"**Why it is bad.** {code.why}",
        "**Example.**",
        _example_markdown(code.example),
        f"**What to do instead.** {code.instead}",
    ]
    return "\n\n".join(parts)


def _example_markdown(example: Example) -> str:
    blocks: list[str] = []
    for file in example.files:
        fence = _FENCES.get(file.name[file.name.rindex(".") :], "")
        caption = f"`{file.name}`" + ("" if file.encoding == "utf-8" else f", in {file.encoding}") + ":"
        blocks.append(
            f"{caption}\n\n```{fence}\n{file.text.rstrip(chr(10))}\n```" if file.text else f"{caption} nothing"
        )
    prompt = ">>>" if example.language == "python" else "$"
    blocks.append(f"```{example.language}\n{prompt} {example.run}\n{example.line}\n```")
    return "\n\n".join(blocks)


def code_json(code: Code) -> str:
    """One code as a JSON document."""
    return write_json(_as_data(code), indent=True).decode()


def codes_json(codes: Iterable[Code]) -> str:
    """All codes as a JSON document, `{"codes": […]}`."""
    return write_json({"codes": [_as_data(code) for code in codes]}, indent=True).decode()


def _as_data(code: Code) -> dict[str, Any]:
    example = code.example
    return {
        "code": code.code,
        "name": code.name,
        "severity": code.severity,
        "title": code.title,
        "what": code.what,
        "why": code.why,
        "example": {
            "files": [{"name": file.name, "text": file.text, "encoding": file.encoding} for file in example.files],
            "language": example.language,
            "run": example.run,
            "line": example.line,
        },
        "instead": code.instead,
    }
