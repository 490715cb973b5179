"""Which output each input goes to, decided from the names alone, before anything is read or written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.names import STANDARD, FileName, InputFormat

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Inputs with their outputs.

    `directory` is where the outputs go, if into one. `joined`: several inputs go to one output, a record a line or an
    array of records.
    """

    steps: tuple[tuple[str, str], ...]
    directory: str | None = None

    @property
    def joined(self) -> bool:
        """Whether several inputs share an output."""
        return self.directory is None and len(self.steps) > 1


def make_plan(inputs: Sequence[str], output: str, input_format: InputFormat | None, others: Sequence[str] = ()) -> Plan:
    """The plan. `others` are further files that will be written.

    Raises `CasemapError` (CM510) for what cannot be done or would destroy a file.
    """
    if len(set(inputs)) < len(inputs):
        twice = next(name for name in inputs if inputs.count(name) > 1)
        raise _refused(f"{twice} is given twice as input", "Name each input once.")
    if _is_directory(output):
        plan = Plan(tuple((name, _name_in(output, name, input_format)) for name in inputs), output)
    else:
        plan = Plan(tuple((name, output) for name in inputs))
        _check_output(plan, output, input_format)
    written = [*dict.fromkeys(target for _, target in plan.steps), *others]
    _check_names(inputs, written, plan)
    return plan


def _is_directory(output: str) -> bool:
    return output.endswith(("/", os.sep)) or (output != STANDARD and Path(output).is_dir())


def _name_in(directory: str, name: str, input_format: InputFormat | None) -> str:
    """The output in a directory for an input: the same name, with the ending of what is written."""
    if name == STANDARD:
        raise _refused("standard input has no name to write into a directory under", "Give a file to -o.")
    read = FileName.of(name)
    known = read.format in {"json", "ndjson"} and input_format in {None, read.format}
    if known:
        return str(Path(directory) / Path(name).name)
    ending = ".ndjson" if input_format == "ndjson" else ".json"
    return str(Path(directory) / f"{read.stem}{ending}{read.compression_ending}")


def _check_output(plan: Plan, output: str, input_format: InputFormat | None) -> None:
    written = None if output == STANDARD else FileName.of(output).format
    if written == "yaml":
        raise _refused("YAML is read, not written", "Give -o a name that ends in .json or .ndjson.")
    if not plan.joined or written == "ndjson":
        return
    documents = [name for name, _ in plan.steps if (input_format or FileName.of(name).format) != "ndjson"]
    if documents:
        message = f"several inputs make one output only as NDJSON, and {documents[0]} is not NDJSON"
        raise _refused(message, "Give -o a directory, `-o converted/`, or a name that ends in .ndjson.")


def _check_names(inputs: Sequence[str], written: Sequence[str], plan: Plan) -> None:
    first: dict[str, str] = {}
    for name, target in () if plan.joined else plan.steps:
        if first.setdefault(target, name) != name:
            message = f"{first[target]} and {name} would both be written to {target}"
            raise _refused(message, "Convert them one at a time.")
    files = [_identity(name) for name in written]
    if len(set(files)) < len(files):
        advice = "Give -o, --rejects and --summary other names; only one of them can be standard output."
        raise _refused("two outputs would be written to the same file", advice)
    read = {_identity(name): name for name in inputs if name != STANDARD}
    for name, identity in zip(written, files, strict=True):
        if identity in read and not _is_device(name):
            raise _refused(f"{name} would be written over the input {read[identity]}", "Write to another file.")


def _identity(name: str) -> str:
    """The same for all names of one file; hard links count as other files, for they are replaced, not overwritten."""
    return STANDARD if name == STANDARD else os.path.realpath(name)


def _is_device(name: str) -> bool:
    path = Path(name)
    return path.exists() and not path.is_file()


def _refused(message: str, advice: str) -> CasemapError:
    return CasemapError([Problem("CM510", message, advice)])
