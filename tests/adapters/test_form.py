"""What is filled in where, as values."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.form import applicant_fields, echo, owner_fields, software_fields
from adapters.bureau.matter import Matter, detail
from adapters.bureau.seen import Seen, owner_rows
from tests.adapters.forms import form, person


def test_what_depends_on_a_choice_is_filled_after_it() -> None:
    names = [name for name, _, _ in software_fields("RZ-0001", form("软件").software)]
    for choice, dependent in [
        ("work_kind-修改", "modification_note"),
        ("publication-已发表", "publication_date"),
        ("acquisition-继受取得", "succession"),
        ("scope-部分权利", "rights-发表权"),
    ]:
        assert names.index(choice) < names.index(dependent)


def test_hidden_fields_are_left_alone() -> None:
    plain = form("软件").software.model_copy(
        update={"work_kind": "原创", "publication": "未发表", "succession": None, "scope": "全部权利"}
    )
    names = {name for name, _, _ in software_fields("RZ-0001", plain)}
    assert names.isdisjoint({"modification_note", "publication_date", "publication_place", "succession"})
    assert not [name for name in names if name.startswith("rights-")]


def test_rights_that_are_not_given_are_unticked() -> None:
    ticked = {name: value for name, kind, value in software_fields("RZ-0001", form("软件").software) if kind == "tick"}
    assert ticked["rights-复制权"] is True
    assert ticked["rights-发表权"] is False


def test_owners_are_filled_into_the_rows_that_the_page_has() -> None:
    fields = owner_fields(["0", "3"], [person("林知远"), person("周闻")])
    assert ("owners-0-name", "text", "林知远") in fields
    assert ("owners-3-name", "text", "周闻") in fields


def test_an_agent_applies_by_name() -> None:
    made = form("软件")
    agent = made.applicant.model_copy(update={"owner": None, "name": "代理所"})
    assert applicant_fields(agent)[:2] == [("applicant", "text", "other"), ("applicant_name", "text", "代理所")]
    assert echo("RZ-0001", made.model_copy(update={"applicant": agent}))["applicant_name"] == "代理所"


def test_the_check_page_is_compared_in_the_bureaus_order() -> None:
    shown = echo("RZ-0001", form("软件", person("林知远", "13800000001"), person("周闻")))
    assert shown["rights"] == "复制权、发行权"
    assert shown["owners-2-name"] == "周闻"
    assert shown["applicant_phone"] == "13800000001"
    assert shown["owners-2-phone"] == ""


def test_what_hangs_on_a_choice_that_was_not_made_is_empty_on_the_page() -> None:
    plain = form("软件").software.model_copy(update={"work_kind": "原创", "publication": "未发表", "scope": "全部权利"})
    shown = echo("RZ-0001", form("软件").model_copy(update={"software": plain}))
    names = ("modification_note", "former_number", "publication_date", "publication_place", "rights", "applicant_name")
    assert [shown[name] for name in names] == [""] * len(names)


def test_two_owners_of_one_name_are_told_apart_by_their_places() -> None:
    whole = form("软件", person("林知远"), person("周闻")).model_dump()
    first, second = (
        {**person("林知远").model_dump(), "certificate_number": number} for number in ("E1234567", "E7654321")
    )
    agent = {**whole["applicant"], "owner": None, "name": "某代理有限公司"}
    both = FilingForm.model_validate({**whole, "owners": [first, second], "applicant": agent})
    matter = Matter("office-01", "RZ-0001", 0, both)
    assert both.owner_names == ["林知远 (1)", "林知远 (2)"]
    assert [matter.number_of(name) for name in both.owner_names] == ["1", "2"]
    page = Seen("draft", {}, {"owners": [{"name": "林知远"}, {"name": "周闻"}, {"name": "林知远"}]})
    assert [name for name, _ in owner_rows(page)] == ["林知远 (1)", "周闻", "林知远 (3)"]


@pytest.mark.parametrize(("owner", "said"), [("林知远", "stands twice"), ("周闻", "is 0 of the owners")])
def test_one_owner_twice_or_an_applicant_who_is_none_is_no_form(owner: str, said: str) -> None:
    whole = form("软件", person("林知远"), person("周闻")).model_dump()
    with pytest.raises(ValidationError, match=said):
        FilingForm.model_validate(
            {
                **whole,
                "owners": [person("林知远")] * (2 if owner == "林知远" else 1),
                "applicant": {**whole["applicant"], "owner": owner},
            }
        )


def test_an_applicant_whose_name_two_owners_bear_is_no_form() -> None:
    whole = form("软件", person("林知远")).model_dump()
    namesake = {**person("林知远").model_dump(), "certificate_number": "E7654321"}
    applies = {**whole["applicant"], "owner": "林知远", "name": ""}
    with pytest.raises(ValidationError, match="is 2 of the owners"):
        FilingForm.model_validate({**whole, "owners": [*whole["owners"], namesake], "applicant": applies})


def test_a_name_with_blanks_at_its_edges_is_the_name_that_the_page_shows() -> None:
    """They were counted as two names, and the page then showed two owners of one."""
    whole = form("软件", person("林知远")).model_dump()
    blank = {**person("林知远\u3000").model_dump(), "certificate_number": "E7654321"}
    with pytest.raises(ValidationError, match="is 2 of the owners"):
        FilingForm.model_validate({**whole, "owners": [*whole["owners"], blank]})
    with pytest.raises(ValidationError, match="stands twice"):
        FilingForm.model_validate({**whole, "owners": [*whole["owners"], {**whole["owners"][0], "name": "林知远 "}]})
    applies = {**whole["applicant"], "owner": "林知远"}
    one = FilingForm.model_validate({**whole, "owners": [blank], "applicant": applies})
    shown: Any = detail(Matter("office-01", "RZ-0001", 0, one), "", Seen("draft", {}, {"owners": []}))
    assert "申请人本人" in shown["owners"][0]["needed"]


def test_a_word_that_the_bureau_does_not_offer_is_no_form() -> None:
    made = form("软件").model_dump()
    made["software"]["category"] = "应用程序"
    with pytest.raises(ValidationError, match="category"):
        FilingForm.model_validate(made)


def test_numbers_of_people_do_not_show_in_what_is_logged() -> None:
    shown = repr(form("软件", person("林知远", "13800000001")))
    assert "13800000001" not in shown
    assert "110101199003074258" not in shown
