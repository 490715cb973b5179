"""Every promised route runs on every sample of its source, and what comes out is valid by an independent validator."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from syrupy.assertion import SnapshotAssertion

from casemap import Catalog, ConversionError, MappingError
from tests.samples import ROOT, ROUTES, params_of, payload, samples_of

CASES = [(source, target, name) for source, target in ROUTES for name in samples_of(source)]


@functools.cache
def catalog() -> Catalog:
    return Catalog()


@functools.cache
def validators() -> dict[str, Draft202012Validator]:
    schemas = {
        f"{file.parent.name}/{file.name.removesuffix('.schema.json')}": json.loads(file.read_text("utf-8"))
        for file in (ROOT / "schemas").glob("*/*.schema.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    checker = Draft202012Validator.FORMAT_CHECKER
    return {
        name: Draft202012Validator(schema, registry=registry, format_checker=checker)
        for name, schema in schemas.items()
    }


@pytest.mark.parametrize(("source", "target"), ROUTES)
def test_a_promised_route_has_a_sample(source: str, target: str) -> None:
    assert samples_of(source)


@pytest.mark.parametrize(("source", "target", "name"), CASES)
def test_a_sample_becomes_valid(source: str, target: str, name: str, snapshot: SnapshotAssertion) -> None:
    convert = catalog().converter(source, target, params_of(catalog(), source, target))
    before = payload(name)
    observed = convert.observe(before)
    assert before == payload(name)
    assert [error.message for error in validators()[target].iter_errors(observed.result)] == []
    assert observed.result == convert(payload(name))
    assert {
        "result": observed.result,
        "lost": dict(observed.lost),
        "approximations": dict(observed.approximations),
        "fallbacks": dict(observed.fallbacks),
    } == snapshot


@pytest.mark.parametrize(("source", "target"), ROUTES)
def test_a_route_gives_a_reason_for_every_loss(source: str, target: str) -> None:
    convert = catalog().converter(source, target, params_of(catalog(), source, target))
    for name in samples_of(source):
        without = [path for path, why in convert.observe(payload(name)).lost.items() if not why]
        assert without == []


def test_an_egain_list_becomes_a_khoros_list() -> None:
    convert = catalog().converter("egain/case-list", "khoros/case-list", {"base_url": "https://egain.example.com"})
    (case,) = convert(payload("egain-case-list"))
    assert case["title"] == "Charging is too slow"
    assert case["status"] == "open"
    assert case["lastUpdated"] == "2021-08-25T13:18:25.000Z"
    assert case["url"].startswith("https://egain.example.com/")


def test_social_gateway_becomes_khoros_and_telecomx() -> None:
    case = catalog().convert(payload("socialgateway-case"), "socialgateway/case", "khoros/case")
    assert case["lastUpdated"] == "2015-05-11T19:03:57.000Z"
    (note,) = case["interactions"]
    assert (note["created"], note["contentType"]) == ("2015-05-11T19:03:32.000Z", "note")
    other = catalog().convert(payload("socialgateway-case"), "socialgateway/case", "telecomx/case")
    assert other["subject"] == "Necesito ayuda !!!"
    assert [(m["type"], m["content"]) for m in other["messages"]] == [("COMMENT", "este cliente es ficticio")]


def test_telecomx_becomes_khoros_and_survives_egain() -> None:
    case = catalog().convert(payload("telecomx-case"), "telecomx/case", "khoros/case")
    assert case["title"] == "Skærm går i sort"
    assert [i["body"] for i in case["interactions"]] == ["Hej, min skærm...", "Hej! Kan du ikke..."]
    assert [i["author"]["brandOwned"] for i in case["interactions"]] == [True, False]
    there = catalog().convert(payload("telecomx-case"), "telecomx/case", "egain/case")
    back = catalog().convert(there, "egain/case", "telecomx/case", {"base_url": "https://egain.example.com"})
    assert back["subject"] == payload("telecomx-case")["subject"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_a_lookup_cannot_ask_of_telecomx_is_lost_with_a_word(number: int) -> None:
    convert = catalog().converter("egain/case-query", "telecomx/case-query")
    lookup = payload(f"egain-case-query-{number}")
    observed = convert.observe(lookup)
    lost = {path.split(".")[0] for path in observed.lost}
    assert set(lookup) == lost | ({"status"} & set(lookup))
    assert all(observed.lost.values())
    back = catalog().converter("telecomx/case-query", "egain/case-query")
    with pytest.raises(ConversionError) as caught:
        back(observed.result)
    assert [problem.code for problem in caught.value.problems] == ["CM402"]


def test_what_cannot_be_routed_says_what_can() -> None:
    with pytest.raises(MappingError) as caught:
        catalog().converter("khoros/error", "egain/case")
    (problem,) = caught.value.problems
    assert problem.code == "CM502"
    assert "common/error" in problem.help
