"""The typed door against the exact path: what it converts, the exact path converts to the same bytes.

    python -m tests.typed.agreement                              2,000 lines of each route
    python -m tests.typed.agreement --payloads 100000 --only socialgateway

Lines are valid payloads of the route's source, payloads with slips, and lines that are no JSON. A line that the typed
door refuses is no fault: the exact path decides on it. How many valid ones it refuses is told.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from casemap import CasemapError, Catalog, Converter
from casemap.run.lines import read_line
from casemap.run.typed import TypedBlocks, typed_block_converter
from casemap.syntax.json_text import write_json
from tests.proof.generator import MappingPayloads
from tests.samples import ROUTES, params_of, payload, samples_of
from tests.typed.lines import mutated, slips

__all__ = ["TYPED_ROUTES", "Agreement", "agreement", "blocks_of", "exactly", "lines_of"]

TYPED_ROUTES: tuple[tuple[str, str], ...] = (
    *((source, target) for source, target in ROUTES if not source.endswith("case-list")),
    *((f"{vendor}/case", "common/case") for vendor in ("egain", "khoros", "socialgateway", "telecomx")),
    *(("common/case", f"{vendor}/case") for vendor in ("egain", "khoros", "socialgateway", "telecomx")),
)
"""The routes of bundled mappings that are no lists; those that have the typed door are asked."""


@dataclass(slots=True)
class Agreement:
    """Lines of one route: how many there were, how many valid ones were refused, and those that differ."""

    lines: int = 0
    converted: int = 0
    valid: int = 0
    refused: int = 0
    differing: list[tuple[bytes, bytes, bytes | None]] = field(default_factory=list)


def exactly(converter: Converter, line: bytes) -> bytes | None:
    """What the exact path makes of a line; None where it rejects it."""
    try:
        return write_json(converter(read_line(line))) + b"\n"
    except CasemapError:
        return None


def lines_of(converter: Converter, seed: int) -> Iterator[tuple[bytes, bool]]:
    """Lines without end, each with whether it is a valid payload, written as usual."""
    random = Random(seed)
    target = converter.target
    made = iter(MappingPayloads(converter.store, converter.source, converter.tree, converter.root, target, seed))
    samples = [payload(name) for name in samples_of(converter.source)]
    while True:
        valid = random.choice(samples) if samples and random.random() < 0.2 else next(made)
        yield json.dumps(valid, ensure_ascii=False).encode(), True
        for _ in range(3):
            yield json.dumps(mutated(valid, random)).encode("utf-8", "surrogatepass"), False
        yield slips(valid, random), False


def agreement(converter: Converter, blocks: TypedBlocks, count: int, seed: int) -> Agreement:
    """Compare so many lines, one by one."""
    found = Agreement()
    for line, valid in itertools.islice(lines_of(converter, seed), count):
        if b"\n" in line:
            continue
        found.lines += 1
        output = blocks.convert(line + b"\n")
        exact = exactly(converter, line)
        found.converted += output.converted
        if output.refused:
            if valid and exact is not None:
                found.refused += 1
        elif output.converted and output.data != exact:
            found.differing.append((line, output.data, exact))
        found.valid += valid and exact is not None
    return found


def blocks_of(catalog: Catalog, source: str, target: str, **options: Any) -> tuple[Converter, TypedBlocks | None]:
    """A converter and its typed door, where it has one."""
    converter = catalog.converter(source, target, params_of(catalog, source, target))
    return converter, typed_block_converter(converter, **options)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.typed.agreement", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--payloads", type=int, default=2000, help="lines of each route (default: %(default)s)")
    parser.add_argument("--only", default="", help="routes with that in their name")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="another seed gives other lines")
    options = parser.parse_args()
    catalog = Catalog()
    faults = 0
    for source, target in TYPED_ROUTES:
        if options.only not in f"{source} {target}":
            continue
        converter, blocks = blocks_of(catalog, source, target)
        if blocks is None:
            print(f"{source} → {target}: exact path only")
            continue
        found = agreement(converter, blocks, options.payloads, options.seed)
        faults += len(found.differing)
        print(
            f"{source} → {target}: {found.lines} lines, {found.converted} converted, "
            f"{found.refused} of {found.valid} valid ones refused, {len(found.differing)} differ"
        )
        for line, typed, exact in found.differing[:3]:
            print(f"  {line!r}\n  typed {typed!r}\n  exact {exact!r}")
    print(f"seed {options.seed}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
