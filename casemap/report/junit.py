"""The results of examples as JUnit XML, which CI systems read: a suite for each mapping, a case for each example.

Written by the format's own schema (testsuites, testsuite, testcase, failure, error), as Jenkins, GitLab and GitHub's
actions read it. Characters that XML 1.0 cannot hold are shown as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from casemap.report.examples import failure_text
from casemap.run.example_suites import Suite
from casemap.run.examples import ExampleRun, name_of

__all__ = ["junit_xml"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(suites: Sequence[Suite], folder: str = "") -> bytes:
    """One XML document, in UTF-8."""
    root = ET.Element("testsuites", {"name": "casemap", **_counts(suites)})
    for suite in suites:
        below = ET.SubElement(root, "testsuite", {"name": _text(suite.entry.id), **_counts([suite])})
        for run in suite.runs:
            _case(below, run, folder)
        for problem in suite.problems:
            case = ET.SubElement(below, "testcase", classname=_text(suite.entry.id), name="load")
            error = ET.SubElement(case, "error", message=_text(problem.message), type=problem.code)
            error.text = _text(str(problem))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _counts(suites: Sequence[Suite]) -> dict[str, str]:
    tests = sum(len(suite.runs) + len(suite.problems) for suite in suites)
    failures, errors = sum(len(suite.failed) for suite in suites), sum(len(suite.problems) for suite in suites)
    return {"tests": str(tests), "failures": str(failures), "errors": str(errors), "skipped": "0"}


def _case(below: ET.Element, run: ExampleRun, folder: str) -> None:
    span = run.example.span
    case = ET.SubElement(
        below, "testcase", classname=_text(run.mapping.id), name=_text(name_of(run)), file=_text(span.file),
        line=str(span.line),
    )  # fmt: skip
    if run.failure is not None:
        failure = ET.SubElement(case, "failure", message=_text(run.failure.message), type=run.failure.code)
        failure.text = _text(failure_text(run, folder))


def _text(text: str) -> str:
    return _FORBIDDEN.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
