"""The expressions of `benchmarks.with_jsonata`, run by jsonatapy, a JSONata of Rust."""

from __future__ import annotations

from collections.abc import Callable

import jsonatapy  # type: ignore[import-not-found, unused-ignore]

from benchmarks import with_jsonata
from benchmarks.handwritten import Json, links_from, utc

__all__ = ["egain_to_khoros", "socialgateway_to_khoros"]


def _compiled(text: str, **functions: Callable[[str], str]) -> Callable[[Json], Json]:
    expression = jsonatapy.compile(text)
    for name, function in functions.items():
        expression.register(name, function)
    evaluate: Callable[[Json], Json] = expression.evaluate
    return evaluate


def egain_to_khoros(base_url: str) -> Callable[[Json], Json]:
    """What converts an eGain case to a Khoros case; eGain's relative links start at `base_url`."""
    return _compiled(with_jsonata.EGAIN_TO_KHOROS, utc=utc, absolute=links_from(base_url))


def socialgateway_to_khoros() -> Callable[[Json], Json]:
    """What converts a Social Gateway case to a Khoros case."""
    return _compiled(with_jsonata.SOCIALGATEWAY_TO_KHOROS, utc=utc)
