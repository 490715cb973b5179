"""Values arrive digit for digit and character for character, or the record is rejected; nothing changes silently."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import casemap
from tests.samples import payload

BIG = [2**53 + 1, 2**63, 2**64 + 1, 10**29 + 7]
TEXTS = {
    "emoji": "Hjælp 🆘 👩🏽‍💻",
    "combining": "e\u0301 n\u0303 \u1100\u1161",
    "right to left": "\u202eabc\u202c שלום",
    "nul": "before\u0000after",
    "separators": "a\u2028b\u2029c",
    "controls": "tab\tline\ncarriage\rescape\u001b",
    "beyond the basic plane": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010ffff",
}
ODD_KEYS = ["a.b", "this", "__class__", "it's", "", 'quo"te', "['x']", "*", "parent", "æ", "a b", "0", "\u0000"]


def run(*arguments: str, text: bytes) -> tuple[int, bytes, str]:
    done = subprocess.run([sys.executable, "-m", "casemap", *arguments], input=text, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.parametrize("number", BIG)
def test_a_big_id_arrives_digit_for_digit(number: int) -> None:
    case = {"id": number, "subject": "x"}
    assert casemap.convert(case, "socialgateway/case", "common/case")["id"] == str(number)
    back = casemap.convert({"id": str(number), "title": "x"}, "common/case", "socialgateway/case")
    assert back["id"] == number


@pytest.mark.parametrize("number", BIG)
def test_a_big_id_arrives_through_files(number: int, tmp_path: Path) -> None:
    text = json.dumps({**payload("socialgateway-case"), "id": number}).encode()
    code, out, _ = run("convert", "-", "--from", "socialgateway/case", "--to", "khoros", text=text)
    assert code == 0
    assert json.loads(out)["id"] == str(number)
    code, out, _ = run("convert", "-", "--from", "socialgateway/case", "--to", "telecomx", "-o", "-", text=text)
    assert str(number).encode() in out


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_arrives_unchanged(text: str) -> None:
    case = {**payload("khoros-case"), "title": text, "custom": text}
    there = casemap.convert(case, "khoros/case", "common/case")
    back = casemap.convert(there, "common/case", "khoros/case")
    assert (back["title"], back["custom"]) == (text, text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_arrives_through_files_unchanged(text: str) -> None:
    case = {**payload("khoros-case"), "title": text}
    for source in (json.dumps(case), json.dumps(case, ensure_ascii=False)):
        code, out, _ = run("convert", "-", "--from", "khoros/case", "--to", "common/case", text=source.encode())
        assert code == 0
        assert json.loads(out)["title"] == text


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc00", "\\ud83dx"])
def test_half_a_character_is_rejected(half: str) -> None:
    text = json.dumps(payload("khoros-case")).replace("Router restarts", f"Router {half}")
    code, out, errors = run("convert", "-", "--from", "khoros/case", "--to", "common/case", text=text.encode())
    assert (code, out) == (2, b"")
    assert "CM108" in errors
    # a Python text may hold it: what is not written as JSON arrives as it is
    case = json.loads(text)
    assert casemap.convert(case, "khoros/case", "common/case")["title"] == case["title"]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_custom_key_survives_the_way_there_and_back(key: str) -> None:
    value: Any = {"nested": [1, None, {"": []}]}
    case = {**payload("khoros-case"), key: value}
    there = casemap.convert(case, "khoros/case", "common/case")
    assert there["custom"][key] == value
    back = casemap.convert(there, "common/case", "khoros/case")
    assert back[key] == value


def test_a_custom_key_may_not_shadow_a_standard_one() -> None:
    case = {"id": "1", "number": "1", "custom": {"status": "mine"}, **_khoros_needs()}
    with pytest.raises(casemap.ConversionError) as caught:
        casemap.convert(case, "common/case", "khoros/case")
    (problem,) = caught.value.problems
    assert problem.code == "CM305"
    assert problem.rule is not None


def _khoros_needs() -> dict[str, Any]:
    return {
        "title": "t",
        "description": "d",
        "status": "open",
        "created": "2024-01-01T00:00:00Z",
        "updated": "2024-01-01T00:00:00Z",
        "customer": {"id": "1"},
        "url": "https://example.com/1",
    }


def test_two_faults_are_two_problems_with_both_places() -> None:
    case = {**payload("khoros-case"), "status": "shut", "created": "yesterday"}
    with pytest.raises(casemap.ConversionError) as caught:
        casemap.convert(case, "khoros/case", "telecomx/case")
    found = {problem.path: problem for problem in caught.value.problems}
    assert set(found) == {"/created", "/status"}
    assert all(problem.rule is not None and problem.rule.line > 1 for problem in found.values())
    code, out, errors = run("convert", "-", "--from", "khoros/case", "--to", "telecomx", text=json.dumps(case).encode())
    assert (code, out) == (1, b"")
    assert "/created" in errors
    assert "/status" in errors
    assert "Traceback" not in errors
