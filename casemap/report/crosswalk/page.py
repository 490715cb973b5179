"""Crosswalks as one page of HTML that needs nothing else: no script, style or font is loaded from anywhere."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from casemap.analysis.crosswalk import Crosswalk, Group
from casemap.analysis.crosswalk.spans import parts
from casemap.report.characters import printable
from casemap.report.crosswalk.sentences import dropped, heading, lines, made_of, remarks, says_more, unset
from casemap.report.crosswalk.trees import joins, source_tree, target_tree

__all__ = ["page"]

_FOLDER = "casemap.report.crosswalk"


def page(
    crosswalk: Crosswalk,
    *,
    values: Mapping[str, str] | None = None,
    source_values: Mapping[str, str] | None = None,
    title: str = "",
) -> str:
    """The crosswalk as an HTML document, without a line feed at the end. The same crosswalk gives the same text.

    `values` and `source_values` are values of one payload, as texts by the paths of fields, shown beside them.
    """
    style, script = _file("page.css"), _file("page.js")
    values, source_values = values or {}, source_values or {}
    rendered = _environment().get_template("page.html.jinja").render(
        crosswalk=crosswalk,
        title=title or heading(crosswalk),
        sums=made_of(crosswalk),
        sources=source_tree(crosswalk, source_values),
        targets=target_tree(crosswalk, values),
        joins=joins(crosswalk),
        values=values,
        dropped=dropped(crosswalk),
        unset=unset(crosswalk),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - likewise
        style_hash=_hash(style),
        script_hash=_hash(script),
    )  # fmt: skip
    return rendered.rstrip("\n")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["words"] = _words
    environment.filters["printable"] = printable
    environment.globals.update(lines=lines, remarks=remarks, says_more=says_more)
    environment.tests["group"] = lambda row: isinstance(row, Group)
    return environment


def _words(text: str) -> Markup:
    """A sentence with its code as code."""
    pieces = (Markup("<code>{}</code>").format(printable(piece)) if code else escape(printable(piece))
              for code, piece in parts(text))  # fmt: skip
    return Markup().join(pieces)


def _file(name: str) -> str:
    return resources.files(_FOLDER).joinpath("templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    """What the page's own policy knows a script or style by (Content Security Policy, level 3, section 2.3.1)."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
