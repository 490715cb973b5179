"""The second opinion on results: the pure Python `jsonschema`, over the schema files as they stand.

It shares nothing with casemap's own validation, which is jsonschema-rs. Where `jsonschema` itself does not do what its
documents say, it is put right here, and nowhere else:

- `date-time`: it refuses leap seconds and the year 0000, which RFC 3339 has (sections 5.6 and 5.7).
- `pattern`: Python's `$` matches before a line feed at the end as well, that of ECMA-262 at the end alone.
- `uri` and `uri-reference`: with the packages at hand it knows `iri` alone. A URI is an IRI in ASCII (RFC 3987, 3.1).
  The parser behind it does not know every IPv6 address in brackets; the standard library does.
"""

from __future__ import annotations

import functools
import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from rfc3987_syntax import is_valid_syntax  # type: ignore[import-untyped]

__all__ = ["Oracle", "schema_files"]

BASE = "https://casemap.example/schemas/"
_SECOND_60 = re.compile(r"(.*[Tt])([0-9]{2}:[0-9]{2}):60(\.[0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2})")

_IPV6 = re.compile(r"(?<=:)//\[([0-9A-Fa-f:.]+)\]")

matches = functools.lru_cache(maxsize=200_000)(is_valid_syntax)  # a general parser, slow

FORMATS = FormatChecker()
_PLAIN = FormatChecker()


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or (value.isascii() and matches("iri", _IPV6.sub(_named_host, value)))


@FORMATS.checks("uri-reference")
def _is_uri_reference(value: object) -> bool:
    return not isinstance(value, str) or (value.isascii() and matches("iri_reference", _IPV6.sub(_named_host, value)))


def _named_host(found: re.Match[str]) -> str:
    try:
        ipaddress.IPv6Address(found[1])
    except ValueError:
        return found[0]
    return "//host"


@FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if value.startswith("0000-"):
        value = f"0004-{value[5:]}"  # both are leap years
    found = _SECOND_60.fullmatch(value)
    if found is not None and _is_last_minute(found[2], found[4]):
        value = f"{found[1]}{found[2]}:59{found[3] or ''}{found[4]}"
    return not value.endswith("\n") and _PLAIN.conforms(value, "date-time")


def _is_last_minute(time: str, offset: str) -> bool:
    """Whether a local time with an offset is 23:59 in UTC, the minute that leap seconds end."""
    hours, minutes = int(time[:2]), int(time[3:])
    away = 0 if offset in "Zz" else int(offset[1:3]) * 60 + int(offset[4:])
    return (hours * 60 + minutes - (-away if offset[0] == "-" else away)) % 1440 == 1439


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    strict = pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern
    if validator.is_type(value, "string") and not re.search(strict, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern})


def schema_files(folder: Path) -> dict[str, Any]:
    """The schemas of a folder by document type, read from their files."""
    return {
        f"{file.parent.name}/{file.name.removesuffix('.schema.json')}": json.loads(file.read_text("utf-8"))
        for file in sorted((folder / "schemas").glob("*/*.schema.json"))
        if file.parent.name != "casemap"
    }


class Oracle:
    """Says whether values are valid for document types. `schemas` are by type, each with its `$id`."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        resources = ((BASE + name, DRAFT202012.create_resource(schema)) for name, schema in schemas.items())
        registry: Registry[Any] = Registry().with_resources(resources)
        self._valid: dict[str, Callable[[Any], bool]] = {
            name: _Validator({"$ref": BASE + name}, registry=registry, format_checker=FORMATS).is_valid
            for name in schemas
        }

    def is_valid(self, value: Any, type_name: str) -> bool:
        """Whether a value is of a document type."""
        return self._valid[type_name](value)
