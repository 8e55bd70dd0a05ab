"""Who files for the applicant needs his power of attorney: without it no draft is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.papers.paper_look import look_at_paper
from states.copyright.attorney import ATTORNEY_GIVE, attorney_on_file
from states.copyright.demonstration.papers import attorney
from states.copyright.form import files, filing_form
from states.copyright.looks import comparison_mark, comparison_patch
from states.copyright.parties import Agent
from states.copyright.registration import Registration
from states.copyright.values import Doubt, DoubtfulPaper
from tests.flows.matters import PAPER, alone, case, order, taken
from workflow.flow.case import No
from workflow.intake.gives import NotTaken

NAME = "重庆澜汐知识产权代理有限公司"
AGENT = Agent(
    name=NAME, address="重庆市沙坪坝区 6 号", postcode="400030", contact="冯雨笙", phone="13800409001",
    email="a@b.example",
)  # fmt: skip
LOOK = ATTORNEY_GIVE.looks["file"]
SAVES: dict[str, Any] = {"order": order(), "draft": None, "draft_differences": {}, "filing": None}


def test_a_draft_is_not_saved_before_the_power_of_attorney_is_on_file() -> None:
    verdict = attorney_on_file(case("generating", alone(agent=AGENT)))
    assert isinstance(verdict, No)
    assert (verdict.waits_for, verdict.seen["agent"]) == ("owner", NAME)
    assert attorney_on_file(case("generating", alone()))
    given = alone(agent=AGENT, power_of_attorney=PAPER)
    assert attorney_on_file(case("generating", given))
    assert taken(case("generating", alone(agent=AGENT)), **SAVES) is None
    assert "save_draft" in str(taken(case("generating", given), **SAVES))
    assert files(given, 0) == {"attorney": PAPER.size}
    assert filing_form(given, attorney=b"%PDF").beside == {"attorney": b"%PDF"}


def test_it_names_the_agent_the_applicant_and_the_software() -> None:
    matter = case("generating", alone(agent=AGENT))
    title, applicant = matter.data.full_name, matter.data.applicant_name

    def doubts(paper: bytes) -> list[str]:
        return [one["code"] for one in look_at_paper([paper], LOOK.about(matter))["findings"]]

    assert doubts(attorney(applicant, NAME, title)) == []
    assert doubts(attorney(applicant, "另一家代理公司", title)) == ["no_owner"]
    assert doubts(attorney(applicant, NAME, "另一软件")) == ["no_title"]
    with pytest.raises(NotTaken, match="nobody files for the applicant"):
        ATTORNEY_GIVE.check(case("generating"), {}, date(2026, 12, 1))


def test_a_doubtful_one_waits_for_a_person() -> None:
    doubt = DoubtfulPaper(document=PAPER, doubts=(Doubt(code="unread"),))
    matter = case("generating", alone(agent=AGENT, doubtful={"power_of_attorney": doubt}))
    verdict = attorney_on_file(matter)
    assert isinstance(verdict, No)
    assert verdict.waits_for == "operator"
    data = matter.data.model_dump(mode="json")
    seen = comparison_mark(matter, {"paper": "power-of-attorney"})
    said = {"paper": "power_of_attorney", "seen": seen, "digest": PAPER.digest, "number": "RZ-0001", "reason": "read"}
    patch = comparison_patch(data, {**said, "same": True})
    assert attorney_on_file(case("generating", Registration.model_validate({**data, **patch})))
