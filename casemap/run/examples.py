"""Runs the examples of mappings: what each gives, and how that differs from what the mapping says that it gives.

Takes a catalog and a loaded mapping; reads the example files that the mapping names, from its own folder. Gives data;
`casemap test` and the pytest plugin show it, `casemap check` takes it as problems. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from casemap.analysis.compose import in_turn
from casemap.analysis.explain.evaluate import Evaluation
from casemap.analysis.explain.explain import rule_at
from casemap.errors import CasemapError, ConversionError, Failure, MappingError
from casemap.mapping.file import Example, Mapping
from casemap.problem import Problem, pointer
from casemap.recursion import deep_trees
from casemap.run.example_differences import NOTHING, Difference, differences
from casemap.run.payloads import Payload, Text, open_payloads
from casemap.run.reading import read_bytes
from casemap.span import Span
from casemap.syntax.json_text import decode, write_json
from casemap.syntax.yaml_payloads import YamlDocument
from casemap.syntax.yaml_text import YamlMapping, YamlNode, YamlSequence, parse_yaml

__all__ = ["Converts", "ExampleRun", "example_file", "failing_examples", "name_of", "run_example", "run_examples"]

MOST_SHOWN = 60
"""Characters of a value that a problem's message shows."""


class Converts(Protocol):
    """What is asked of a catalog."""

    def converter(self, source: str, target: str, params: Table[str, Any] | None = None) -> Any:
        """A function of a payload, which raises `ConversionError`."""


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One example, run: `number` counts from 1 within its mapping.

    `source` is the payload. `result` is what it gives; where it is rejected, that is None and `problems` say why.
    `differences` are those from the target that the mapping names, `rules` the places of the rules that made each, or
    should have. `failure` is what is wrong with the example, in the
    words of a problem; None where it holds.
    """

    mapping: Mapping
    number: int
    example: Example
    source: Any = None
    result: Any = None
    problems: tuple[Problem, ...] = ()
    expected: Any = None
    differences: tuple[Difference, ...] = ()
    rules: tuple[Span, ...] = ()
    failure: Problem | None = None
    expected_text: Text | None = field(default=None, repr=False)

    @property
    def holds(self) -> bool:
        """Whether the source gives what the mapping says."""
        return self.failure is None

    @property
    def gives_target(self) -> bool:
        """Whether the source was converted, be it to what was expected or not."""
        return not self.problems and (self.failure is None or bool(self.differences) or bool(self.example.reject))

    def place_of(self, difference: Difference) -> Span | None:
        """Where the expected value stands, or the value around it that lacks it; in the mapping where that has it."""
        steps = difference.expected_at if difference.expected is not NOTHING else difference.expected_at[:-1]
        if self.expected_text is None:
            return self.example.span
        (placed,) = self.expected_text.placed([Problem("CM611", "", path=pointer(steps))])
        return Span(placed.file or "", placed.line or 1, placed.column or 1)


def failing_examples(catalog: Converts, mapping: Mapping) -> list[Problem]:
    """The examples of a mapping that do not hold, each as a problem (CM611) at its place in the mapping."""
    return [run.failure for run in run_examples(catalog, mapping) if run.failure is not None]


def run_examples(catalog: Converts, mapping: Mapping) -> Iterator[ExampleRun]:
    """The examples of a mapping, in their order, each run when it is asked for."""
    made: dict[bytes, Any] = {}
    for number in range(1, len(mapping.examples) + 1):
        yield run_example(catalog, mapping, number, made)


def run_example(catalog: Converts, mapping: Mapping, number: int, made: dict[bytes, Any] | None = None) -> ExampleRun:
    """One example of a mapping; `number` counts from 1. `made` has the mapping's converters by their params."""
    example = mapping.examples[number - 1]
    run = _Run(mapping, number, example)
    made = {} if made is None else made
    try:
        source = _payload(mapping, example.source_file, example.source)
        expected = None if example.reject else _payload(mapping, example.target_file, example.target)
        key = write_json(dict(example.params))
        if key not in made:
            made[key] = catalog.converter(mapping.source, mapping.target, dict(example.params))
        convert = made[key]
    except CasemapError as error:
        return run.unusable(error)
    run.source, run.expected = source.value, expected
    try:
        result = convert(source.value)
    except ConversionError as error:
        return run.rejected(error)
    except MappingError as error:
        return run.unusable(error)
    return run.converted(result)


def example_file(mapping: Mapping, name: str) -> str:
    """The path of a file that an example names, which is relative to the mapping's own folder."""
    return str(Path(_normal(Path(mapping.file).parent / name)))


def name_of(run: ExampleRun) -> str:
    """What an example is called: the file that its source is in, or its number."""
    name = run.example.source_file
    return f"example {run.number}" + (f" ({Path(name).name})" if name else "")


def _normal(path: Path) -> str:
    """The path without the `..` of a relative one, which make it hard to read."""
    import os.path

    return os.path.normpath(path)


def _payload(mapping: Mapping, file: str | None, value: Any) -> Payload:
    if file is None:
        return Payload(value, Text(mapping.file, None))
    found = open_payloads(example_file(mapping, file))
    if isinstance(found, Payload):
        return found
    message = "an example's file holds one document, and this one is a stream of them"
    raise CasemapError([Problem("CM611", message, "Put each document into a file of its own.", file=found.file)])


@dataclass(slots=True)
class _Run:
    """An example while it runs."""

    mapping: Mapping
    number: int
    example: Example
    source: Any = None
    expected: Payload | None = None

    def unusable(self, error: CasemapError) -> ExampleRun:
        """The example cannot be run: a file that cannot be read, a param that is missing."""
        said = "; ".join(str(problem) for problem in error.problems)
        failure = self.problem(f"this example cannot be run: {said}", error.problems[0].help)
        return self.done(failure=failure)

    def rejected(self, error: ConversionError) -> ExampleRun:
        codes = [problem.code for problem in error.problems]
        if self.example.reject in codes:
            return self.done(problems=error.problems)
        first = error.problems[0]
        more = f", and {len(codes) - 1} more" if len(codes) > 1 else ""
        wanted = f", not with {self.example.reject}" if self.example.reject else ""
        said = str(first.at(rule=None, file=None, line=None, column=None))
        return self.done(
            failure=self.problem(f"this example is rejected with {said}{more}{wanted}", first.help),
            problems=error.problems,
        )

    def converted(self, result: Any) -> ExampleRun:
        if self.expected is None:
            text = _text(result)
            message = f"this example gives {text}, and is not rejected with {self.example.reject}"
            return self.done(failure=self.problem(message), result=result)
        found = tuple(differences(self.expected.value, result))
        failure = self.problem(_said(self.expected.value, result, found)) if found else None
        return self.done(failure=failure, result=result, differences=found, rules=self.rules(found))

    def rules(self, found: tuple[Difference, ...]) -> tuple[Span, ...]:
        """The rule behind each difference."""
        if not found:
            return ()
        tree, root = in_turn(self.mapping)
        otherwise = tree.span
        with deep_trees(self.mapping.file):
            try:
                result = Evaluation(self.example.params).document(tree, root, self.source)
            except (Failure, RecursionError):  # what a tree as it is written rejects, a simplified one may go past
                return (otherwise,) * len(found)
        return tuple(rule_at(result, difference.actual_at, otherwise) for difference in found)

    def problem(self, message: str, help: str = "") -> Problem:
        span = self.example.span
        advice = help or "Mend whichever of the two is wrong; `casemap test --update` takes the result for the target."
        return Problem("CM611", message, advice, file=span.file, line=span.line, column=span.column)

    def done(self, **found: Any) -> ExampleRun:
        text = self.expected.text if self.expected is not None and self.example.target_file is not None else None
        if found.get("differences") and text is None:
            text = _target_text(self.mapping, self.number)
        return ExampleRun(
            self.mapping,
            self.number,
            self.example,
            self.source,
            expected=self.expected.value if self.expected is not None else None,
            expected_text=text,
            **found,
        )


def _target_text(mapping: Mapping, number: int) -> Text | None:
    """What knows the places of a target that is written into the mapping; None where the file has changed since."""
    try:
        node: YamlNode | None = parse_yaml(decode(read_bytes(mapping.file), mapping.file), mapping.file)[0]
    except (CasemapError, IndexError):
        return None
    for step in ("examples", number - 1, "target", "value"):
        if isinstance(node, YamlMapping):
            node = node.get(str(step))
        elif isinstance(node, YamlSequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return None if node is None else Text(mapping.file, None, yaml=YamlDocument(None, node))


def _said(expected: Any, result: Any, found: tuple[Difference, ...]) -> str:
    """Both documents where they are short, else the first difference."""
    wanted, given = _text(expected), _text(result)
    if len(wanted) <= MOST_SHOWN and len(given) <= MOST_SHOWN:
        return f"this example gives {given}, not {wanted}"
    first = found[0]
    more = f", and {len(found) - 1} more differences" if len(found) > 1 else ""
    if first.expected is NOTHING:
        return f"this example gives {_cut(first.actual)} at {_place(first.actual_at)}, not nothing{more}"
    place = _place(first.expected_at)
    given = "nothing" if first.actual is NOTHING else _cut(first.actual)
    return f"this example gives {given} at {place}, not {_cut(first.expected)}{more}"


def _place(steps: tuple[str | int, ...]) -> str:
    return pointer(steps) or "the top"


def _cut(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def _text(value: Any) -> str:
    try:
        return write_json(value).decode()
    except CasemapError:  # what JSON cannot hold comes from a function of the user's
        return repr(value)
