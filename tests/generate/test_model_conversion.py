"""Conversions from and to pydantic models."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from casemap_models import khoros, telecomx
from pydantic import BaseModel, ConfigDict

import casemap
from casemap.models import ModelConverter, payload_of

CASE: dict[str, Any] = {
    "_id": "12345678901234567890ABCD",
    "caseNumber": 17,
    "subject": "Router restarts",
    "customer": "u-7",
    "state": "HANDLING",
    "createdAt": "2024-03-05T09:12:44.000Z",
}


class Title(BaseModel):
    """A model of somebody else's, with what they need."""

    model_config = ConfigDict(extra="ignore")

    title: str


def converter(model: Any) -> ModelConverter[Any]:
    return ModelConverter(casemap.converter("telecomx/case", "khoros/case"), model)


def test_models_are_taken_and_given() -> None:
    convert = converter(khoros.Case)
    converted = convert(telecomx.Case.model_validate(CASE))
    assert isinstance(converted, khoros.Case)
    assert converted.status == "open"
    assert converted.model_dump() == convert.converter(CASE)


def test_payloads_are_taken_too() -> None:
    assert converter(khoros.Case)(CASE) == converter(khoros.Case)(telecomx.Case.model_validate(CASE))


def test_any_model_will_do() -> None:
    assert converter(Title)(CASE) == Title(title="Router restarts")


def test_a_model_that_does_not_fit_is_a_problem() -> None:
    class Other(BaseModel):
        title: int

    with pytest.raises(casemap.ConversionError) as raised:
        converter(Other)(CASE)
    (problem,) = raised.value.problems
    assert (problem.code, problem.target_path) == ("CM402", "/title")
    assert "Other does not take it" in problem.message


def test_a_payload_that_is_not_valid_is_a_problem() -> None:
    with pytest.raises(casemap.ConversionError) as raised:
        converter(khoros.Case)({**CASE, "state": "OPEN"})
    assert [problem.code for problem in raised.value.problems] == ["CM401"]


def test_it_can_be_pickled() -> None:
    convert = pickle.loads(pickle.dumps(converter(khoros.Case)))  # noqa: S301 - our own
    assert convert(CASE) == converter(khoros.Case)(CASE)


def test_payload_of_a_model_is_its_json() -> None:
    assert payload_of(telecomx.Case.model_validate(CASE)) == CASE
    assert payload_of(CASE) is CASE


def test_the_catalog_makes_such_converters() -> None:
    convert = casemap.converter("telecomx/case", "khoros/case", target_model=khoros.Case)
    assert convert(CASE) == converter(khoros.Case)(CASE)


def test_a_list_of_models_is_taken() -> None:
    one = converter(khoros.Case)(CASE)
    convert = casemap.converter("khoros/case-list", "telecomx/case-list", target_model=telecomx.CaseList)
    assert convert([one, one]) == convert(khoros.CaseList([one, one])) == convert([one.model_dump(), one])
    assert len(convert([one, one]).cases) == 2


class Holder(BaseModel):
    """A model that can hold what is no JSON."""

    held: Any


def circular() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize("held", [object(), circular()])
def test_a_model_of_what_is_no_json_is_a_problem(held: Any) -> None:
    with pytest.raises(casemap.ConversionError) as raised:
        converter(khoros.Case)(Holder.model_construct(held=held))
    (problem,) = raised.value.problems
    assert problem.code == "CM403"
    assert "Holder" in str(problem.help)


def test_a_model_that_was_changed_within_is_judged_by_its_schema(recwarn: pytest.WarningsRecorder) -> None:
    case = converter(khoros.Case)(CASE)
    case.__dict__["status"] = 5
    with pytest.raises(casemap.ConversionError) as raised:
        casemap.converter("khoros/case", "telecomx/case", target_model=telecomx.Case)(case)
    assert {problem.path for problem in raised.value.problems} == {"/status"}
    assert not recwarn.list


@pytest.mark.parametrize("target", [dict, 5, CASE])
def test_what_is_no_model_is_refused_at_once(target: Any) -> None:
    with pytest.raises(TypeError, match="give a pydantic model"):
        casemap.converter("telecomx/case", "khoros/case", target_model=target)


def test_proof_code_and_explanation_are_those_of_the_converter() -> None:
    convert = converter(khoros.Case)
    assert convert.check() is convert.converter.check()
    assert convert.source_code == convert.converter.source_code
    case = telecomx.Case.model_validate(CASE)
    assert convert.explain(case) == convert.converter.explain(case.model_dump())
