"""Functions of identity and of absence."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest
from calls import JSON, PRESENT, call, fails, some, wrong_constant
from hypothesis import given
from hypothesis import strategies as st

from casemap.functions.equality import equal


@some
@given(st.text())
def test_sha256(text: str) -> None:
    assert call("sha256", text) == hashlib.sha256(text.encode()).hexdigest()


@some
@given(st.text(), st.uuids())
def test_uuid5(text: str, namespace: uuid.UUID) -> None:
    assert call("uuid5", text, str(namespace)) == str(uuid.uuid5(namespace, text))
    assert call("uuid5", text, str(namespace).upper()) == str(uuid.uuid5(namespace, text))


def test_uuid5_by_name() -> None:
    standard = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    for name, namespace in standard.items():
        assert call("uuid5", "Skærm", name) == str(uuid.uuid5(namespace, "Skærm"))


@pytest.mark.parametrize(
    "namespace",
    [
        "",
        "DNS",
        "6ba7b810",
        "6ba7b8109dad11d180b400c04fd430c8",
        "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8\n",
        5,
    ],
)
def test_what_is_no_namespace(namespace: Any) -> None:
    wrong_constant("uuid5", namespace)
    fails("CM302" if namespace == 5 else "CM303", "uuid5", "a", namespace)


def test_what_has_no_utf8_has_no_digest() -> None:
    fails("CM303", "sha256", "a\ud800")
    fails("CM303", "uuid5", "a\ud800", "dns")
    fails("CM302", "sha256", 1000)
    fails("CM302", "uuid5", 1000, "dns")


@some
@given(PRESENT, PRESENT)
def test_absent_if(value: Any, other: Any) -> None:
    result = call("absent_if", value, other)
    assert result is None if equal(value, other) else result is value


def test_absent_if_is_typed() -> None:
    assert call("absent_if", 1.0, 1) is None
    assert call("absent_if", True, 1) is True
    assert call("absent_if", [], []) is None


@some
@given(JSON)
def test_default_and_required(value: Any) -> None:
    assert call("default", value, "x") == ("x" if value is None else value) or value != value  # noqa: PLR0124 - NaN
    if value is None:
        assert "default" in fails("CM304", "required", value).help
    else:
        assert call("required", value) is value


def test_coalesce() -> None:
    assert call("coalesce", None, None, 0, 1) == 0
    assert call("coalesce", None, None) is None
