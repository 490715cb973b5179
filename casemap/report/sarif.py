"""Problems in SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS, for code hosts and editors.

The rules of a report are the codes that occur in it, with the texts of the table of codes. Nothing in a report depends
on when or where it was made.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from casemap._version import __version__
from casemap.problem import Problem
from casemap.report.characters import encodable, printable
from casemap.report.problems import LineOf, in_order, statement
from casemap.span import Span
from casemap.syntax.json_text import write_json

__all__ = ["sarif_text"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_text(problems: Sequence[Problem], _line_of: LineOf) -> str:
    """A SARIF log with one run."""
    ordered = in_order(problems)
    codes = sorted({problem.code for problem in ordered})
    driver = {"name": "casemap", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in ordered],
    }
    return write_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=True).decode()


def _rule(code: str) -> dict[str, Any]:
    """What is said of a code; functions of others may use codes that the table does not have."""
    from casemap.codes import CODES
    from casemap.report.codes import code_markdown, code_text

    known = CODES.get(code)
    if known is None:
        return {"id": code}
    return {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.what},
        "help": {"text": code_text(known), "markdown": code_markdown(known)},
        "defaultConfiguration": {"level": known.severity},
    }


def _result(problem: Problem, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule_index,
        "level": problem.severity,
        "message": {"text": _message(problem)},
    }
    places = [] if problem.file is None else [_place(problem.file, problem.line, problem.column)]
    if problem.rule is not None:
        places.append(_place_of_rule(problem.rule))
    own = places[0] if places else {}
    if problem.path:
        own["logicalLocations"] = [{"fullyQualifiedName": encodable(problem.path), "kind": "value"}]
    if own:
        result["locations"] = [own]
    if len(places) > 1:
        result["relatedLocations"] = [{"id": 1, "message": {"text": "The rule"}, **places[1]}]
    return result


def _place(file: str, line: int | None, column: int | None) -> dict[str, Any]:
    """A location; what is no file, such as `<stdin>`, has no place that could be shown."""
    if file.startswith("<"):
        return {}
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if line is not None:
        physical["region"] = {"startLine": line, **({} if column is None else {"startColumn": column})}
    return {"physicalLocation": physical}


def _place_of_rule(rule: Span) -> dict[str, Any]:
    return _place(rule.file, rule.line, rule.column)


def _uri(file: str) -> str:
    """A reference as RFC 3986 has it; bytes of a name that are no characters are kept."""
    from urllib.parse import quote

    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(_file_bytes(path.as_posix()))


def _message(problem: Problem) -> str:
    """The problem and what to do, as plain text.

    Braces are doubled (section 3.11.5 of the standard), and what would be read as a link (3.11.6) is none: payloads
    stand in messages.
    """
    lines = [printable(statement(problem)), *map(printable, problem.help.splitlines())]
    text = "\n".join(line for line in lines if line)
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _file_bytes(path: str) -> bytes:
    """A path as the system writes it; one that it cannot write, as it is."""
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode(errors="surrogatepass")
