"""Functions that make identifiers: digests and name-based UUIDs, the same for the same text every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from casemap.functions.arguments import TEXT, at_once, bound, cannot, text_for, utf8
from casemap.functions.registry import Example, Function, Parameter, wrong_type

__all__ = ["FUNCTIONS"]

_UUID = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
_NAMESPACES = {  # RFC 9562, section 6.6
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def _sha256(text: Any) -> str:
    if not isinstance(text, str):
        raise wrong_type("sha256", "a text", text)
    import hashlib

    return hashlib.sha256(utf8("sha256", text)).hexdigest()


def _settle_uuid5(namespace: Any) -> Callable[[Any], str]:
    """RFC 9562, section 5.5: SHA-1 of the namespace's 16 bytes and the name, cut to 128 bits."""
    import hashlib

    space = _NAMESPACES.get(text_for("uuid5", "namespace", namespace), namespace)
    if not re.fullmatch(_UUID, space):
        raise cannot("uuid5", "is neither a UUID nor dns, url, oid or x500", namespace)
    prefix = bytes.fromhex(space.replace("-", ""))

    def uuid5(text: Any) -> str:
        if not isinstance(text, str):
            raise wrong_type("uuid5", "a text", text)
        digest = bytearray(hashlib.sha1(prefix + utf8("uuid5", text), usedforsecurity=False).digest()[:16])
        digest[6] = digest[6] & 0x0F | 0x50  # version 5
        digest[8] = digest[8] & 0x3F | 0x80  # the variant of RFC 9562
        return "-".join(part.hex() for part in (digest[:4], digest[4:6], digest[6:8], digest[8:10], digest[10:]))

    return uuid5


_ON_TEXT = Parameter("text", TEXT, "The text.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "sha256",
        "identity",
        "The SHA-256 digest of the text's UTF-8, as 64 hexadecimal digits in lower case.",
        (_ON_TEXT,),
        {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        _sha256,
        examples=(
            Example(
                "email | sha256",
                {"email": "ada@example.com"},
                "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72",
            ),
            Example(
                "email | lower | trim | sha256",
                {"email": " ADA@example.com"},
                "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72",
            ),
        ),
    ),
    Function(
        "uuid5",
        "identity",
        "The UUID of version 5 (RFC 9562) that the text has in a namespace: the same for the same text and namespace, "
        "and, but for the unlikeliest chance, another for any other.",
        (
            _ON_TEXT,
            Parameter(
                "namespace",
                {"type": "string", "pattern": f"^(dns|url|oid|x500)$|{_UUID}"},
                "A UUID, or `dns`, `url`, `oid` or `x500` for the standard's own.",
            ),
        ),
        {"type": "string", "format": "uuid"},
        at_once(_settle_uuid5),
        bind=bound(_settle_uuid5),
        examples=(
            Example("host | uuid5('dns')", {"host": "www.example.com"}, "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
            Example(
                "id | string | uuid5('6ba7b811-9dad-11d1-80b4-00c04fd430c8')",
                {"id": 1000},
                "d14e4396-9aa0-53aa-9314-c9d6a023143f",
            ),
        ),
    ),
)
