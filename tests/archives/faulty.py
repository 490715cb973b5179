"""Archives of the test project's tickets with faults of twenty kinds, and what is to become of each record."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["FAULTS", "archive", "good"]


def good(number: int) -> bytes:
    """A ticket that converts; its title is the number of the record."""
    return b'{"no": %d, "subject": "%d", "phone": "+45 %d"}' % (number, number, number * 7919)


FAULTS: dict[str, Callable[[int], bytes]] = {
    "cut off": lambda n: good(n)[:-9],
    "a comma too many": lambda n: good(n).replace(b"}", b",}"),
    "single quotes": lambda n: good(n).replace(b'"', b"'"),
    "two documents": lambda n: good(n) + b" " + good(n),
    "not UTF-8": lambda n: good(n).replace(b"+45", b"\xff"),
    "NaN": lambda n: b'{"no": NaN, "subject": "%d"}' % n,
    "half of a pair": lambda n: b'{"no": %d, "subject": "\\ud800"}' % n,
    "a number too great": lambda n: b'{"no": 1e999, "subject": "%d"}' % n,
    "too many digits": lambda n: b'{"no": 0.123456789012345678901, "subject": "%d"}' % n,
    "a control character": lambda n: good(n).replace(b"+45", b"\x01"),
    "an array": lambda n: b"[%d]" % n,
    "a text": lambda n: b'"%d"' % n,
    "null": lambda n: b"null",
    "a member missing": lambda n: b'{"no": %d}' % n,
    "a member too many": lambda n: good(n).replace(b"}", b', "more": 1}'),
    "a wrong type": lambda n: b'{"no": "%d", "subject": "%d"}' % (n, n),
    "a value that is not listed": lambda n: good(n).replace(b"}", b', "urgency": "never"}'),
    "a result that is too long": lambda n: b'{"no": %d, "subject": "%s"}' % (n, b"x" * 21),
    "nested too deep": lambda n: b"[" * 300 + b"]" * 300,
    "a zero byte": lambda n: good(n).replace(b":", b":\0", 1),
}
"""Kinds of records that are rejected, by what is wrong with them; each is a line."""


def archive(
    records: int, *, share: float = 0.05, ending: bytes = b"\n", blank: float = 0.01, seed: int = 1, last: bytes = b"\n"
) -> tuple[bytes, dict[int, bytes]]:
    """The text of an archive, and the lines that are to be rejected by the number of the record."""
    chance = random.Random(seed)
    kinds = list(FAULTS.values())
    lines: list[bytes] = []
    rejected: dict[int, bytes] = {}
    for number in range(1, records + 1):
        while chance.random() < blank:
            lines.append(chance.choice([b"", b"  ", b"\t"]))
        if chance.random() < share:
            rejected[number] = kinds[len(rejected) % len(kinds)](number)
            lines.append(rejected[number])
        else:
            lines.append(good(number))
    if ending == b"\r\n":
        rejected = {number: line + b"\r" for number, line in rejected.items()}
    text = ending.join(lines) + last
    if not last and records in rejected:
        rejected[records] = rejected[records].removesuffix(b"\r")
    return text, rejected
