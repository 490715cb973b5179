"""Problems, summaries and tables as text, for people and for programs.

`FORMATS` has the reporters of problems by the name that `--output-format` takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from casemap.problem import Problem
from casemap.report.github import github_text
from casemap.report.problems import LineOf, concise_text, full_text, json_text
from casemap.report.sarif import sarif_text

__all__ = ["FORMATS", "WHOLE", "LineOf", "Reporter"]

Reporter = Callable[[Sequence[Problem], LineOf], str]
"""Gives the text of problems, sorted by place, without a line feed at its end. It is empty where there is no problem
and the format has no word for none."""

FORMATS: Mapping[str, Reporter] = MappingProxyType(
    {
        "concise": concise_text,
        "full": full_text,
        "json": json_text,
        "github": github_text,
        "sarif": sarif_text,
    }
)

WHOLE = frozenset({"json", "github", "sarif"})
"""The formats that are made of all problems of a run at once; the others can be printed part by part."""
