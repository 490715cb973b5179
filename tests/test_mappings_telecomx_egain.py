"""What the bundled mappings of TelecomX and eGain promise: numbers in subjects, times, states, links, lookups."""

import json
from pathlib import Path
from typing import Any

import pytest

import casemap

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
BASE_URL = {"base_url": "https://egain.example.com"}
FOLDERS = ("telecomx-to-common", "common-to-telecomx", "egain-to-common", "common-to-egain")
CATALOG = casemap.Catalog()


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def convert(payload: Any, source: str, target: str) -> Any:
    """The converted payload; eGain's links get a server to start from."""
    params = BASE_URL if source in ("egain/case", "egain/case-list") else None
    return CATALOG.convert(payload, source, target, params)


def mapping_examples() -> list[Any]:
    """Every example of the four folders, with its mapping."""
    ids = [entry.id for entry in CATALOG.mappings if entry.id.partition("/")[0] in FOLDERS]
    mappings = [CATALOG.mapping(name) for name in ids]
    return [
        pytest.param(mapping, index, id=f"{mapping.id}-{index}")
        for mapping in mappings
        for index in range(len(mapping.examples))
    ]


@pytest.mark.parametrize(("mapping", "index"), mapping_examples())
def test_an_example_holds(mapping: Any, index: int) -> None:
    found = mapping.examples[index]
    folder = Path(mapping.file).parent
    source = found.source if found.source_file is None else json.loads((folder / found.source_file).read_text("utf-8"))
    target = found.target if found.target_file is None else json.loads((folder / found.target_file).read_text("utf-8"))
    assert CATALOG.convert(source, mapping.source, mapping.target, found.params) == target


def test_every_mapping_has_an_example() -> None:
    ids = [entry.id for entry in CATALOG.mappings if entry.id.partition("/")[0] in FOLDERS]
    assert len(ids) == 13
    assert [name for name in ids if not CATALOG.mapping(name).examples] == []


# --- numbers and ids in subjects ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ({"caseNumber": 5, "subject": "#5 Skærm går i sort"}, "Skærm går i sort"),
        ({"caseNumber": 5, "subject": "#5 #5 twice"}, "#5 twice"),
        ({"caseNumber": 5, "subject": "#55 inch screen"}, "#55 inch screen"),
        ({"caseNumber": 5, "subject": "#5"}, "#5"),
        ({"caseNumber": 5, "subject": "Re: #5 screen"}, "Re: #5 screen"),
        ({"subject": "#5 without a number"}, "#5 without a number"),
    ],
)
def test_a_telecomx_title_lacks_only_the_cases_own_number(case: dict[str, Any], title: str) -> None:
    assert convert({"_id": "a", **case}, "telecomx/case", "common/case")["title"] == title


@pytest.mark.parametrize(
    ("id", "subject", "title"),
    [
        ("1000", "Slow [#1000]", "Slow"),
        (1000, "Slow [#1000]", "Slow"),
        ("1000", "Slow [#1000] [#1000]", "Slow [#1000]"),
        ("1000", "Slow [#999]", "Slow [#999]"),
        ("1000", "Slow[#1000]", "Slow[#1000]"),
        ("1000", "[#1000] slow", "[#1000] slow"),
    ],
)
def test_an_egain_title_lacks_only_the_cases_own_id(id: str | int, subject: str, title: str) -> None:
    assert convert({"id": id, "subject": subject}, "egain/case", "common/case")["title"] == title


def test_the_subject_of_a_telecomx_case_is_unchanged_after_egain() -> None:
    case = example("telecomx-case")
    back = convert(convert(case, "telecomx/case", "egain/case"), "egain/case", "telecomx/case")
    kept = ("_id", "caseNumber", "subject", "state", "customer", "customerName")
    assert {name: back[name] for name in kept} == {name: case[name] for name in kept}


def test_the_subject_of_an_egain_case_is_unchanged_after_telecomx() -> None:
    case = example("egain-case")
    back = convert(convert(case, "egain/case", "telecomx/case"), "telecomx/case", "egain/case")
    assert (back["id"], back["subject"]) == (case["id"], case["subject"])


@pytest.mark.parametrize(
    ("number", "expected"),
    [("7", 7), (str(2**64 + 1), 2**64 + 1), ("1" * 30, int("1" * 30)), ("007", None), ("CS-7", None), ("7.10", None)],
)
def test_telecomx_takes_a_number_that_it_can_give_back(number: str, expected: int | None) -> None:
    case = convert({"id": "a", "number": number, "title": "Slow"}, "common/case", "telecomx/case")
    assert case.get("caseNumber") == expected
    assert case["subject"] == ("Slow" if expected is None else f"#{number} Slow")


def test_a_number_that_repeats_the_id_stays_out_of_the_subject() -> None:
    case = convert({"id": "7", "number": "7", "title": "Slow"}, "common/case", "telecomx/case")
    assert case == {"_id": "7", "caseNumber": 7, "subject": "Slow"}


# --- TelecomX -----------------------------------------------------------------------------------------------------


def test_telecomx_times_stand_in_by_instant_and_not_by_text() -> None:
    sent = ["2024-05-14T01:00:00+02:00", "2024-05-13T23:30:00Z", "2024-05-13T22:30:00-04:00"]
    messages = [{"content": str(index), "sent": time} for index, time in enumerate(sent)]
    case = convert({"_id": "a", "messages": messages}, "telecomx/case", "common/case")
    assert case["created"] == "2024-05-13T23:00:00.000Z"
    assert case["updated"] == "2024-05-14T02:30:00.000Z"
    assert [message["body"] for message in case["messages"]] == ["0", "1", "2"]


def test_telecomx_own_time_of_creation_comes_first() -> None:
    case = {"_id": "a", "createdAt": "2024-05-01T00:00:00Z", "messages": [{"sent": "2024-04-30T00:00:00Z"}]}
    assert convert(case, "telecomx/case", "common/case")["created"] == "2024-05-01T00:00:00.000Z"


@pytest.mark.parametrize("word", ["UNHANDLED", "HANDLING", "CLOSED"])
def test_a_telecomx_state_and_type_survive_common(word: str) -> None:
    types = ["COMMENT", "INCOMING", "OUTGOING"]
    case = {"_id": "a", "state": word, "messages": [{"messageId": name, "type": name} for name in types]}
    assert convert(convert(case, "telecomx/case", "common/case"), "common/case", "telecomx/case") == case


def test_only_a_sender_with_the_customers_name_gets_the_customers_address() -> None:
    case = convert(example("telecomx-case"), "telecomx/case", "common/case")
    assert [(m["author"]["name"], m["author"].get("handle")) for m in case["messages"]] == [
        ("Mikkel Jørgensen", "mmj@powernet.dk"),
        ("Thomas Andersen", None),
    ]


def test_a_social_gateway_note_is_a_telecomx_comment() -> None:
    case = convert(example("socialgateway-case"), "socialgateway/case", "telecomx/case")
    assert case["subject"] == "Necesito ayuda !!!"
    assert [(message["type"], message["content"]) for message in case["messages"]] == [
        ("COMMENT", "este cliente es ficticio")
    ]


def test_the_wrong_parameter_of_a_422_is_a_field_and_not_a_code() -> None:
    error = convert(example("telecomx-error"), "telecomx/error", "common/error")
    assert [field["name"] for field in error["fields"]] == ["sortOrder"]
    assert "code" not in error


# --- eGain --------------------------------------------------------------------------------------------------------


def test_the_egain_list_becomes_a_khoros_list() -> None:
    (case,) = convert(example("egain-case-list"), "egain/case-list", "khoros/case-list")
    assert (case["title"], case["status"], case["lastUpdated"]) == (
        "Charging is too slow",
        "open",
        "2021-08-25T13:18:25.000Z",
    )
    assert case["url"].startswith("https://egain.example.com/")


def test_one_egain_link_is_taken_as_a_list_of_one() -> None:
    link = {"rel": "self", "href": "/system/ws/v20/interaction/case/7"}
    case = convert({"id": "7", "link": link}, "egain/case", "common/case")
    assert case["url"] == "https://egain.example.com/system/ws/v20/interaction/case/7"
    assert case["links"] == [{"rel": "self", "url": case["url"]}]


def test_an_unknown_egain_status_is_kept_as_the_vendors_word() -> None:
    case = convert({"id": "7", "status": {"value": "waiting"}}, "egain/case", "common/case")
    assert case == {"id": "7", "number": "7", "vendor_status": "waiting"}


@pytest.mark.parametrize("id", [2**53 + 1, 2**64 + 1, 10**29 + 7])
def test_an_egain_id_keeps_its_digits(id: int) -> None:
    assert convert({"id": id}, "egain/case", "common/case")["id"] == str(id)


def test_a_text_too_long_for_egain_is_cut_and_shows_it() -> None:
    case = convert({"id": "7", "title": "x" * 2000, "description": "é " * 1000}, "common/case", "egain/case")
    assert len(case["subject"]) == 1024
    assert case["subject"].endswith("...")
    assert len(case["description"]) <= 1024
    assert case["description"].endswith("...")


@pytest.mark.parametrize("custom", [{}, {"a.b": "x", "": "y", "this": 4, "it's": False}, {"seats": ["12A", "12B"]}])
def test_custom_fields_survive_egain(custom: dict[str, Any]) -> None:
    case = convert({"id": "7", "number": "CS-7", "custom": custom}, "common/case", "egain/case")
    back = convert(case, "egain/case", "common/case")
    assert (back["number"], back["custom"]) == ("CS-7", custom)


# --- lookups ------------------------------------------------------------------------------------------------------

LOOKUPS = ["egain-case-query-1", "egain-case-query-2", "egain-case-query-3"]


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_survives_common(name: str) -> None:
    query = example(name)
    common = convert(query, "egain/case-query", "common/case-query")
    assert convert(common, "common/case-query", "egain/case-query") == query


@pytest.mark.parametrize(
    ("name", "state", "lost"),
    [
        (LOOKUPS[0], None, {"email"}),
        (LOOKUPS[1], None, {"department"}),
        (
            LOOKUPS[2],
            "ALL",
            {
                *("customer", "email", "phone", "custom.name", "custom.value", "department", "ownerId"),
                *("createdDate", "lastModifiedDate", "lastClosedDate"),
            },
        ),
    ],
)
def test_what_telecomx_cannot_look_up_is_reported_as_lost(name: str, state: str | None, lost: set[str]) -> None:
    found = CATALOG.converter("egain/case-query", "telecomx/case-query").observe(example(name))
    assert found.result == ({} if state is None else {"state": state})
    assert set(found.lost) == lost
    assert all(found.lost.values())
    assert set(found.approximations) == (set() if state is None else {"state"})


def test_a_telecomx_query_keeps_the_status_in_egain() -> None:
    found = CATALOG.converter("telecomx/case-query", "egain/case-query").observe(example("telecomx-case-query"))
    assert found.result == {"status": "open"}
    assert {"id", "limit", "sortBy"} <= set(found.lost)


def test_a_query_without_any_key_of_egain_is_rejected() -> None:
    with pytest.raises(casemap.ConversionError):
        convert({"id": "1234567890ABCDEF12345678"}, "telecomx/case-query", "egain/case-query")


def test_half_a_range_is_rejected_rather_than_left_out() -> None:
    with pytest.raises(casemap.ConversionError) as caught:
        convert({"email": "a@b.c", "created_from": "2024-05-14T08:48:05Z"}, "common/case-query", "egain/case-query")
    assert [problem.path for problem in caught.value.problems] == ["/created_to"]
