"""Names of classes, modules and members of enum classes."""

from __future__ import annotations

import pytest

from casemap import Catalog
from casemap.generate.attributes import attribute_names
from casemap.generate.modules import Module, plan
from casemap.generate.names import ClassNames, class_name, member_names, module_name
from casemap.generate.options import Options
from casemap.generate.references import References
from tests.generate.test_agreement import PROJECT


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Case list", "CaseList"),
        ("case-list", "CaseList"),
        ("Case ID", "CaseID"),
        ("our_case", "OurCase"),
        ("2nd level", "NdLevel"),
        ("Größe", "Größe"),
        ("件名 (日本)", "件名日本"),
        ("ﬁle", "File"),
        ("123", ""),
        ("---", ""),
        ("", ""),
    ],
)
def test_a_class_has_the_words_of_a_title(text: str, name: str) -> None:
    assert class_name(text) == name


@pytest.mark.parametrize(
    ("format", "name"),
    [("khoros", "khoros"), ("our-crm", "our_crm"), ("class", "class_"), ("3com", "_3com"), ("_support", "_support_")],
)
def test_a_module_has_the_name_of_a_format(format: str, name: str) -> None:
    assert module_name(format) == name


def test_the_first_free_candidate_is_taken() -> None:
    names = ClassNames("Our")
    assert names.take(["Status", "Case status"]) == "OurStatus"
    assert names.take(["Status", "Case status"]) == "OurCaseStatus"
    assert names.take(["Status", "Case status"]) == "OurCaseStatusModel"
    assert names.take(["123", "!"]) == "OurValue"
    assert ClassNames().take(["Field", "Case field"]) == "CaseField"  # the modules import Field


def test_members_of_an_enum_are_told_apart() -> None:
    texts = ["open", "OPEN", "in work", "", "1", "größe", "mro"]
    assert member_names(texts) == ["OPEN", "OPEN_2", "IN_WORK", "EMPTY", "VALUE_1", "GRÖSSE", "MRO_2"]


def test_a_member_whose_name_is_one_for_python_keeps_it() -> None:
    names = attribute_names(["a-b", "a.b", "a_b", "\ufb01", "fi", "class", "model_dump", "$ref", "1", ""], Options())
    assert [*names.values()] == [
        "a_b_1", "a_b_2", "a_b", "fi_1", "fi", "class_", "model_dump_", "ref", "field_1", "field_",
    ]  # fmt: skip


def test_snake_case_names_are_told_apart_as_well() -> None:
    names = attribute_names(["lastUpdated", "last_updated", "_id"], Options(snake_case=True))
    assert names == {"lastUpdated": "last_updated_1", "last_updated": "last_updated", "_id": "id"}


def planned(*types: str, single: str | None = None, enums: str = "literal") -> dict[str, Module]:
    store = Catalog(PROJECT).store
    references = References(store.schemas, store.files)
    options = Options(enums="enum" if enums == "enum" else "literal")
    return {each.name: each for each in plan(references, types, options, single)}


def names_of(module: Module) -> set[str]:
    return {each.name for each in module.definitions}


def test_names_do_not_depend_on_which_types_are_asked() -> None:
    whole = planned("egain/case", "egain/case-list", "egain/case-query")["egain"]
    for name in whole.types:
        assert names_of(planned(name)["egain"]) <= names_of(whole)


def test_no_name_has_a_number_put_to_it() -> None:
    store = Catalog(PROJECT).store
    for enums in ("literal", "enum"):
        for module in planned(*store.schemas, enums=enums).values():
            assert not [name for name in names_of(module) if name[-1].isdigit() and name != "AcmeStraße2"]


def test_each_document_type_and_definition_has_a_class() -> None:
    egain = planned("egain/case", "egain/case-list", "egain/case-query")["egain"]
    assert egain.classes == {"egain/case": "Case", "egain/case-list": "CaseList", "egain/case-query": "CaseQuery"}
    assert names_of(egain) >= {"Status", "Severity", "LastModified", "CustomAttribute", "DateRange", "PaginationInfo"}


def test_formats_that_refer_to_each_other_share_a_module() -> None:
    modules = planned("acme/order", "zoo/pet")
    assert modules.keys() == {"_acme_zoo", "acme", "zoo", "common"}
    assert modules["acme"].handed_on["Order"] == "AcmeOrder"
    assert modules["zoo"].handed_on["Pet"] == "ZooPet"
    assert modules["zoo"].classes == {"zoo/pet": "Keeper"}


def test_a_single_module_has_all() -> None:
    assert planned("acme/order", single="all").keys() == {"all"}
