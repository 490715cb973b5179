"""What must hold of the bundled mappings of Social Gateway and Khoros: their examples, the traps of the formats, and
that nothing is left behind without a reason.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import casemap

ROOT = Path(__file__).parent.parent
CATALOG = casemap.Catalog()
FOLDERS = ("socialgateway-to-common", "common-to-socialgateway", "khoros-to-common", "common-to-khoros")
MAPPINGS = [entry for entry in CATALOG.mappings if entry.id.split("/")[0] in FOLDERS]
EXAMPLES = [
    pytest.param(entry, example, id=f"{entry.id}-{number}")
    for entry in MAPPINGS
    for number, example in enumerate(CATALOG.mapping(entry.id).examples)
]


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def sample(name: str) -> Any:
    """A payload of `examples/`."""
    return read(ROOT / "examples" / f"{name}.json")


def convert(payload: Any, source: str, target: str) -> Any:
    return CATALOG.converter(source, target)(payload)


def codes(payload: Any, source: str, target: str) -> set[str]:
    """The codes of the problems with which a payload is rejected."""
    with pytest.raises(casemap.ConversionError) as caught:
        convert(payload, source, target)
    return {problem.code for problem in caught.value.problems}


def there_and_back(payload: Any, kind: str, hub: str = "common/case") -> Any:
    return convert(convert(payload, kind, hub), hub, kind)


# --- examples -----------------------------------------------------------------------------------------------------


def test_there_are_mappings_with_examples() -> None:
    assert {entry.id for entry in MAPPINGS if not CATALOG.mapping(entry.id).examples} == set()
    assert len(MAPPINGS) == 10


@pytest.mark.parametrize(("entry", "example"), EXAMPLES)
def test_an_example_of_a_mapping_holds(entry: Any, example: Any) -> None:
    folder = Path(entry.file).parent
    source = read(folder / example.source_file) if example.source_file else example.source
    if example.reject is not None:
        assert codes(source, entry.source, entry.target) == {example.reject}
        return
    target = read(folder / example.target_file) if example.target_file else example.target
    result = convert(source, entry.source, entry.target)
    assert json.dumps(result, ensure_ascii=False) == json.dumps(target, ensure_ascii=False)  # order and types, too


# --- nothing without a word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["khoros/case", "socialgateway/case", "socialgateway/case-update"])
def test_every_common_field_that_is_left_behind_has_a_reason(target: str) -> None:
    payload = read(ROOT / "tests/payloads/common/case/valid/all-members.json")
    payload["counts"]["credits"] = 1
    lost = CATALOG.converter("common/case", target).observe(payload).lost
    assert lost
    assert [field for field, reason in lost.items() if not reason] == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("socialgateway/case", "common/case"),
        ("socialgateway/case-update", "common/case-update"),
        ("khoros/case", "common/case"),
        ("khoros/case-list", "common/case-list"),
        ("khoros/error", "common/error"),
    ],
)
def test_the_hub_takes_all_of_a_sample(source: str, target: str) -> None:
    observed = CATALOG.converter(source, target).observe(sample(source.replace("/", "-")))
    assert (observed.lost, observed.approximations) == ({}, {})


# --- Social Gateway -----------------------------------------------------------------------------------------------


def test_an_echoed_case_is_the_case_within() -> None:
    bare = sample("socialgateway-case")
    echoed = {"status": "OK", "id": 1, "data": bare}
    assert convert(echoed, "socialgateway/case", "common/case") == convert(bare, "socialgateway/case", "common/case")


@pytest.mark.parametrize("number", [2**53 + 1, 2**64 + 1, 10**29 + 1])
def test_an_integer_id_of_any_size_keeps_its_digits(number: int) -> None:
    case = {"id": number, "contact": {"id": number, "profiles": [{"id": number}]}, "campaign": {"id": number}}
    assert there_and_back(case, "socialgateway/case") == case


def test_dynamic_attributes_survive_with_any_name_and_value() -> None:
    case = {"id": 203, "plan": "gold", "": None, "a.b": [1, None, {"row": 12}], "this": {}, "it's": 2**64 + 1}
    assert there_and_back(case, "socialgateway/case") == case


def test_a_state_that_is_not_known_survives_without_a_status() -> None:
    case = {"id": 203, "state": "In attention"}
    assert convert(case, "socialgateway/case", "common/case") == {"id": "203", "vendor_status": "In attention"}
    assert there_and_back(case, "socialgateway/case") == case


def test_a_day_that_its_month_does_not_have_is_rejected() -> None:
    case = {"id": 203, "creation_date": "2015-06-31T00:00:00-0300"}
    assert codes(case, "socialgateway/case", "common/case") == {"CM303"}


def test_a_number_stands_in_for_an_id_that_is_no_whole_number() -> None:
    observed = CATALOG.converter("common/case", "socialgateway/case").observe({"id": "007", "number": "5"})
    assert observed.result == {"id": 5}
    assert "id" in observed.approximations


def test_an_email_address_becomes_a_profile_unless_there_is_one() -> None:
    customer = {"email": "jp@example.com"}
    profile = {"service": "email", "external_id": "jp@example.com"}
    wanted = {"id": 1, "contact": {"profiles": [{"source": "email", "ext_id": "jp@example.com"}]}}
    assert convert({"id": "1", "customer": customer}, "common/case", "socialgateway/case") == wanted
    with_profile = {"id": "1", "customer": customer, "profiles": [profile]}
    assert convert(with_profile, "common/case", "socialgateway/case") == wanted


def test_a_custom_field_named_data_is_no_envelope() -> None:
    """The result would be valid, but as an answer that holds case 2."""
    assert codes({"id": "1", "custom": {"data": {"id": 2}}}, "common/case", "socialgateway/case") == {"CM305"}


def test_an_internal_message_becomes_a_note_and_others_are_counted() -> None:
    messages = [
        {"body": "Hej", "direction": "incoming"},
        {"body": "Ring!", "direction": "internal", "created": "2015-05-11T19:03:32Z", "author": {"name": "support"}},
        {"body": "Hallo", "direction": "outgoing"},
    ]
    case = convert({"id": "1", "messages": messages}, "common/case", "socialgateway/case")
    assert case["contact"] == {"notes": [{"date": 1431371012000, "text": "Ring!", "userName": "support"}]}
    assert (case["messages"], case["messages_sent"], case["messages_received"]) == (2, 1, 1)


# --- Khoros -------------------------------------------------------------------------------------------------------

KHOROS_PAYLOADS = sorted((ROOT / "tests/payloads/khoros/case/valid").glob("*.json"))


def documented(case: Any) -> Any:
    """A Khoros case without what the page does not document in interactions, its times as casemap writes them."""
    case = copy.deepcopy(case)
    known = {"created", "body", "linkUrl", "serviceId", "service", "contentType", "author"}
    known_of_author = {"service", "serviceId", "handle", "name", "brandOwned"}
    for interaction in case.get("interactions", []):
        for name in interaction.keys() - known:
            del interaction[name]
        for name in interaction.get("author", {}).keys() - known_of_author:
            del interaction["author"][name]
    return case


@pytest.mark.parametrize("path", KHOROS_PAYLOADS, ids=[path.stem for path in KHOROS_PAYLOADS])
def test_a_khoros_case_comes_back_from_the_hub_as_it_was(path: Path) -> None:
    before = documented(read(path))
    after = there_and_back(before, "khoros/case")
    if path.stem == "times-with-offset":
        before |= {"lastUpdated": "2024-03-05T13:30:02.123Z", "created": "2024-03-05T09:12:44.000Z"}
    assert after == before


@pytest.mark.parametrize("name", ["a.b", "this", "__class__", "it's", "", "root", "custom", "severity"])
@pytest.mark.parametrize("value", ["gold", None, 2**64 + 1, [None, {"": 1}]])
def test_a_custom_property_survives_under_any_name(name: str, value: Any) -> None:
    case = sample("khoros-case") | {name: value}
    assert convert(case, "khoros/case", "common/case")["custom"][name] == value
    assert there_and_back(case, "khoros/case") == case


def test_a_custom_property_cannot_shadow_a_standard_one() -> None:
    common = convert(sample("khoros-case"), "khoros/case", "common/case")
    assert codes(common | {"custom": {"interactions": []}}, "common/case", "khoros/case") == {"CM305"}
    assert codes(common | {"severity": "low", "custom": {"severity": 1}}, "common/case", "khoros/case") == {"CM305"}


def test_social_gateways_sample_as_a_khoros_case() -> None:
    case = convert(sample("socialgateway-case"), "socialgateway/case", "khoros/case")
    assert case["lastUpdated"] == "2015-05-11T19:03:57.000Z"
    assert case["description"] == "Necesito ayuda !!!"
    [note] = case["interactions"]
    assert (note["created"], note["contentType"]) == ("2015-05-11T19:03:32.000Z", "note")
    assert (note["body"], note["linkUrl"]) == ("este cliente es ficticio", "")


def test_telecomx_sample_as_a_khoros_case() -> None:
    case = convert(sample("telecomx-case"), "telecomx/case", "khoros/case")
    assert case["title"] == "Skærm går i sort"
    assert case["description"] == "Hej, min skærm..."
    written = [(i["body"], i["author"]["name"], i["author"]["brandOwned"]) for i in case["interactions"]]
    assert written == [
        ("Hej, min skærm...", "Mikkel Jørgensen", True),
        ("Hej! Kan du ikke...", "Thomas Andersen", False),
    ]


def test_what_stands_in_for_a_missing_field_is_declared() -> None:
    common = {
        "id": "1",
        "status": "open",
        "customer": {"client_id": "42"},
        "links": [{"rel": "self", "url": "/case/1"}, {"rel": "self", "url": "https://example.com/case/1"}],
        "messages": [
            {"body": "Seen.", "direction": "internal", "created": "2024-05-14T10:00:00+02:00"},
            {"body": "My router restarts.", "created": "2024-05-14T07:00:00Z"},
        ],
    }
    observed = CATALOG.converter("common/case", "khoros/case").observe(common)
    case = observed.result
    assert (case["number"], case["customerId"]) == ("1", "42")
    assert case["title"] == case["description"] == "My router restarts."
    assert case["url"] == "https://example.com/case/1"
    assert (case["created"], case["lastUpdated"]) == ("2024-05-14T07:00:00.000Z", "2024-05-14T08:00:00.000Z")
    note, message = case["interactions"]
    assert (note["contentType"], note["author"]["brandOwned"]) == ("note", True)
    assert "author" not in message
    stand_ins = {"number", "customerId", "title", "description", "url", "created", "lastUpdated"}
    assert stand_ins <= observed.approximations.keys()


def test_a_case_without_a_page_has_the_blank_one_and_loses_it_again() -> None:
    common = convert(sample("khoros-case"), "khoros/case", "common/case")
    del common["url"]
    case = convert(common, "common/case", "khoros/case")
    assert case["url"] == "about:blank"
    assert convert(case, "khoros/case", "common/case") == common


def test_what_khoros_requires_is_never_made_up() -> None:
    with pytest.raises(casemap.ConversionError) as caught:
        convert({"id": "1"}, "common/case", "khoros/case")
    said = " ".join(problem.message for problem in caught.value.problems)
    for name in ("customerId", "title", "description", "lastUpdated", "created", "status"):
        assert name in said
