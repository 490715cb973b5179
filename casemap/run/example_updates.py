"""Writes what examples give in place of what their mappings say that they give: into the files that these name, or into
the mapping itself, of which all else stays as it is.

A target is replaced by a target, and a code by a code. An example that is rejected in place of giving a target, or the
other way round, is somebody's to change by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from casemap.run.examples import ExampleRun, example_file
from casemap.run.names import FileName
from casemap.run.reading import read_bytes
from casemap.run.writing import Output
from casemap.syntax.json_text import decode, write_json
from casemap.syntax.yaml_edit import replace_value

__all__ = ["Updates", "update_examples"]


@dataclass(frozen=True, slots=True)
class Updates:
    """The files that were written, and the examples that have to be changed by hand."""

    files: tuple[str, ...]
    left: tuple[ExampleRun, ...]


def update_examples(runs: Iterable[ExampleRun]) -> Updates:
    """Rewrite the expectations of examples that do not hold. Raises `CasemapError` where a file cannot be written."""
    writing = _Writing()
    left = tuple(run for run in runs if not run.holds and not writing.update(run))
    return Updates(tuple(writing.commit()), left)


@dataclass(slots=True)
class _Writing:
    """The new texts of files, before any of them is written."""

    texts: dict[str, str] = field(default_factory=dict)

    def update(self, run: ExampleRun) -> bool:
        """Note the new expectation of an example; False where it cannot be written."""
        at = ("examples", run.number - 1)
        if run.differences and run.example.target_file is not None:
            return self.file(example_file(run.mapping, run.example.target_file), run.result)
        if run.differences:
            return self.mapping(run, (*at, "target", "value"), run.result)
        if run.problems and run.example.reject is not None:
            return self.mapping(run, (*at, "reject"), run.problems[0].code)
        return False

    def file(self, name: str, value: Any) -> bool:
        if FileName.of(name).format == "yaml":
            return False
        self.texts[name] = write_json(value, indent=True).decode() + "\n"
        return True

    def mapping(self, run: ExampleRun, steps: tuple[str | int, ...], value: Any) -> bool:
        file = run.mapping.file
        text = self.texts.get(file)
        if text is None:
            text = decode(read_bytes(file), file)
        changed = replace_value(text, steps, value)
        if changed is None:
            return False
        self.texts[file] = changed
        return True

    def commit(self) -> Iterable[str]:
        for name, text in self.texts.items():
            with Output(name) as output:
                output.write(text.encode())
                output.commit()
            yield name
