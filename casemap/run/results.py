"""Writing results: one document, one record a line, or an array of records."""

from __future__ import annotations

from typing import Any, Literal

from casemap.run.writing import Output
from casemap.syntax.json_text import write_json

__all__ = ["Layout", "Results"]

Layout = Literal["document", "lines", "array"]


class Results:
    """Results in an output: `document` is one indented value, `lines` is NDJSON, `array` a JSON array, a record a line.

    A document that was rejected leaves no file; a stream does, even of no records.
    """

    def __init__(self, output: Output, layout: Layout) -> None:
        self.output = output
        self.layout = layout
        self.count = 0

    def add(self, result: Any) -> None:
        """Write one result."""
        match self.layout:
            case "document":
                self.output.write(write_json(result, indent=True) + b"\n")
            case "lines":
                self.output.write(write_json(result) + b"\n")
            case "array":
                self.output.write((b",\n" if self.count else b"[\n") + write_json(result))
        self.count += 1

    def finish(self) -> None:
        """Put the file in its place."""
        if self.layout == "array":
            self.output.write(b"\n]\n" if self.count else b"[]\n")
        if self.count or self.layout != "document":
            self.output.commit()
