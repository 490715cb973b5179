"""Lines of archives: valid payloads, and slips in them of the kinds that archives have and that readers differ on."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

__all__ = ["mutated", "slips"]

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.0, 0.5, 1e16, 1e300, 12345678901234567890, 10**30, -(10**40), "", " ", "x", "open",
    "Open", "urgent", "email", "COMMENT", "2021-08-25T13:18:25.000Z", "a" * 1024, "😀" * 1024, "😀" * 1025, "\x00", "\u2028",
    [], {}, [None], [[]], [{}], {"value": 1}, {"": {}}, "https://example.com/a?b#c", "//", "a b", "%zz", ":", "\\d",
)  # fmt: skip
TIMES = (
    "2021-08-25 13:18:25.000Z", "2021-08-25t13:18:25.000z", "2021-08-25T13:18:25Z", "2021-08-25T13:18:25.000+0200",
    "2021-08-25T13:18:25-0300", "2021-08-25T13:18:25.1-0300", "2021-08-25t13:18:25-0300", "2021-08-25T13:18:60.000Z",
    "2016-12-31T23:59:60.000Z", "2021-02-29T13:18:25.000Z", "2021-02-29T13:18:25-0300", "0000-01-01T00:00:00.000Z",
    "2021-08-25T24:00:00.000Z", "2021-08-25T13:18:25.1234567890Z", "2021-08-25T13:18:25.00Z0", "2021-08-25T13:18:2+.000Z",
    "2021-08-25T13:18:25.000+02:00", "9999-12-31T23:59:59.999-23:59", "٢٠٢١-08-25T13:18:25.000Z", "2021-08-25T13:18:25,000Z",
)  # fmt: skip
LITERALS = (
    "1.0", "-0", "-0.0", "1e3", "1E400", "1e+400", "0.1234567890123456789", "123456789012345678901234567890", "1e-400",
    "0.1e1", "NaN", "Infinity", "01", "+1", "1.", '"\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', "'x'", "[1,]", "tru", "",
)  # fmt: skip


def mutated(payload: Any, random: Random) -> Any:
    """A payload with one to three values changed, taken out or added."""
    changed = copy.deepcopy(payload)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = list(_places(changed))
        if not places:
            return random.choice(ODD)
        holder, key = random.choice(places)
        if key not in (holder if isinstance(holder, dict) else range(len(holder))):
            continue
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1 | 2:
                holder[key] = copy.deepcopy(random.choice(ODD))
            case 3:
                holder[key] = random.choice(TIMES)
            case 4 if isinstance(holder, dict):
                holder[random.choice(("unknown", "køb", "", "class", "data", "value", "__init__"))] = random.choice(ODD)
            case _:
                other, name = random.choice(places)
                holder[key] = copy.deepcopy(other[name]) if _has(other, name) else None
    return changed


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else isinstance(key, int) and key < len(holder)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item, with what holds it."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    for key, item in items:
        yield value, key
        yield from _places(item)


def slips(payload: Any, random: Random) -> bytes:
    """The payload on a line that is written oddly, or is not JSON at all."""
    text = json.dumps(payload, ensure_ascii=random.random() < 0.5, separators=random.choice(((",", ":"), (", ", ": "))))
    data = text.encode("utf-8", "surrogatepass")
    match random.randrange(9):
        case 0:
            return _replaced(data, random, random.choice(LITERALS).encode())
        case 1:
            at = random.randrange(len(data) + 1)
            return (
                data[:at]
                + random.choice((b"\xff", b"\xed\xa0\x80", b"\xc3", b"\x00", b"\x01", b"\\", b'"', b" "))
                + data[at:]
            )
        case 2:
            return data[: random.randrange(len(data) + 1)]
        case 3:
            return data + random.choice((b" ", b"\t", b"\r", b"{}", b" {}", b",", b"\x0b", b"\xef\xbb\xbf"))
        case 4:
            return random.choice((b" ", b"\xef\xbb\xbf", b"\r", b"[", b"{} ")) + data
        case 5:
            return data.replace(b"{", b'{"unknown":' + random.choice(LITERALS).encode() + b",", 1)
        case 6:
            return data.replace(b"{", b'{"unknown":"\xff",', 1)
        case 7:
            return _doubled(payload, random)
        case _:
            return data


def _replaced(data: bytes, random: Random, literal: bytes) -> bytes:
    """One scalar replaced by a literal."""
    marks = [index for index, byte in enumerate(data) if byte in b":["]
    if not marks:
        return literal
    start = random.choice(marks) + 1
    ends = [found for sign in (b",", b"}", b"]") if (found := data.find(sign, start)) >= 0]
    return data[:start] + literal + data[min(ends, default=len(data)) :]


def _doubled(payload: Any, random: Random) -> bytes:
    """A member twice, with two values."""
    if not isinstance(payload, dict) or not payload:
        return json.dumps(payload).encode()
    name = random.choice(list(payload))
    members = [*payload.items(), (name, random.choice((payload[name], *ODD)))]
    random.shuffle(members)
    return ("{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in members) + "}").encode()
