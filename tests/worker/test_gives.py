"""What people give a case of any system: fields and papers by the rules that the system brings, refused with a cure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from workflow.engine.give_entry import hand_in
from workflow.errors import Conflict, NotAllowed
from workflow.flow.case import Case, No, Verdict, Yes
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, To
from workflow.intake.gives import File, Give, NotTaken, Part, field_given
from workflow.testing import Bench, bench

TODAY = date(2026, 11, 23)
NO_PICTURE = b"%PDF-1.7"
NOT_COUNTED = b"a file whose pages nobody can count"


class Visa(BaseModel):
    """An application."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    complete: bool = False
    papers: dict[str, str] = {}
    due: datetime | None = None
    days: tuple[date, ...] = ()
    countries: tuple[str, ...] = ()


class S(StrEnum):
    draft = "draft"
    filed = "filed"


def documents_complete(case: Case[Visa]) -> Verdict:
    """Everything that the office wants is there."""
    return Yes() if case.data.complete else No(waits_for="applicant")


flow = Flow(
    "visa",
    version=1,
    data=Visa,
    facts=[],
    prefix="VS",
    states=[
        State(S.draft, "草稿", To(S.filed, when=documents_complete), waits_for="applicant"),
        State(S.filed, "已递交", final=True),
    ],
)


def _named(case: Case[Visa], given: Any, today: date) -> Any:
    if given["of"] != case.data.name:
        raise NotTaken(
            "usage", f"{given['of']} has no part in it", f"与{given['of']}无关", ("name the applicant", "请指明申请人")
        )
    return given


COMPLETE = field_given("visa", "complete", states=("draft",))
PAPER = Give(
    "paper",
    "visa",
    {"file": Part("pdf", "paper"), "of": Part("text")},
    lambda data, given: {"papers": {**data["papers"], given["of"]: given["file"].digest}},
    check=_named,
)


async def give(at: Bench, what: Give, version: int | None = None, **given: object) -> None:
    await hand_in(
        *(at.store, at.clock, at.documents, at.plan, at.people, await at.case(), what, given),
        today=TODAY,
        pages_in=lambda content: None if content == NOT_COUNTED else 1,
        version=version,
    )


async def test_a_field_is_given_by_its_name_and_the_case_goes_on(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        await at.sweep()
        await give(at, COMPLETE, complete=True)
        await at.run("filed")
        with pytest.raises(NotAllowed, match="it is of no use in the state filed"):
            await give(at, COMPLETE, complete=True)


async def test_an_optional_part_that_is_left_out_is_none_to_every_rule(tmp_path: Path) -> None:
    seen: list[object] = []

    def checked(case: Case[Visa], given: Any, today: date) -> Any:
        seen.append(given["until"])
        return given

    renamed = Give(
        "renamed",
        "visa",
        {"name": Part("text"), "until": Part("day", optional=True)},
        lambda data, given: {"name": given["name"], "due": given["until"]},
        check=checked,
    )
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        await give(at, renamed, name="bob")
        claim = (await at.case()).claim
        assert (claim.data["name"], claim.data["due"], seen) == ("bob", None, [None])


async def test_a_value_that_the_model_refuses_changes_nothing(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        for wrong in ("perhaps", "[1]", " "):
            with pytest.raises(NotTaken, match="complete"):
                await give(at, COMPLETE, complete=wrong)
        assert (await at.case()).claim.data["complete"] is False


async def test_a_paper_is_kept_only_where_the_rule_takes_it(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        paper = File("a.pdf", NO_PICTURE, "application/pdf")
        with pytest.raises(NotTaken, match="bob has no part in it"):
            await give(at, PAPER, file=paper, of="bob")
        case = (await at.case()).claim.case
        assert await at.documents.of_case(case, "paper") == []
        with pytest.raises(Conflict):
            await give(at, PAPER, version=7, file=paper, of="ada")
        await give(at, PAPER, file=paper, of="ada")
        (kept,) = await at.documents.of_case(case, "paper")
        assert (await at.case()).claim.data["papers"] == {"ada": kept.digest}


async def test_a_value_is_read_as_its_field_takes_it(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        await give(at, field_given("visa", "name"), name="12")
        await give(at, COMPLETE, complete="true")
        data = (await at.case()).claim.data
        assert (data["name"], data["complete"]) == ("12", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("due", "20261201"), ("due", '"20261201"'), ("due", "1764547200.0"), ("days", '["86400"]')],
)
async def test_digits_alone_are_no_day_of_1970(tmp_path: Path, name: str, value: str) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        with pytest.raises(NotTaken, match=f"{name}.*2026-03-31") as refused:
            await give(at, field_given("visa", name), None, **{name: value})
        assert "2026-03-31" in refused.value.told("zh-CN")[1]
        assert (await at.case()).claim.data[name] in (None, [])


async def test_a_list_of_texts_and_an_instant_are_given_as_they_are_written(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        await give(at, field_given("visa", "countries"), countries='["France", "12"]')
        await give(at, field_given("visa", "due"), due="2026-12-01T09:30:00Z")
        await give(at, field_given("visa", "days"), days='["2026-12-01"]')
        with pytest.raises(NotTaken, match="countries"):
            await give(at, field_given("visa", "countries"), countries="France")
        data = (await at.case()).claim.data
        assert (data["countries"], data["due"], data["days"]) == (
            ["France", "12"],
            "2026-12-01T09:30:00Z",
            ["2026-12-01"],
        )


async def test_a_rule_that_says_no_at_the_last_leaves_no_document(tmp_path: Path) -> None:
    def never(data: Any, given: Any) -> Any:
        raise NotTaken("usage", "it is full", "已满", ("take one out", "请先取出一份"))

    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        paper = File("a.pdf", NO_PICTURE, "application/pdf")
        with pytest.raises(NotTaken, match="it is full"):
            await give(at, replace(PAPER, patch=never), file=paper, of="ada")
        assert await at.documents.of_case((await at.case()).claim.case, "paper") == []


async def test_a_case_that_moved_on_meanwhile_is_not_given_what_is_of_no_use_any_more(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        seen = await at.case()
        await at.force(S.filed)
        with pytest.raises(NotAllowed, match="of no use in the state filed"):
            await hand_in(
                *(at.store, at.clock, at.documents, at.plan, at.people, seen, COMPLETE, {"complete": "true"}),
                today=TODAY,
                pages_in=lambda content: 1,
            )


async def test_what_the_data_refuses_is_said_with_its_field_and_leaves_no_document(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        spoilt = replace(PAPER, patch=lambda data, given: {"papers": {"ada": 7}})
        with pytest.raises(NotTaken, match=r"papers\.ada: Input should be a valid string"):
            await give(at, spoilt, file=File("a.pdf", NO_PICTURE, "application/pdf"), of="ada")
        assert await at.documents.of_case((await at.case()).claim.case, "paper") == []


@pytest.mark.parametrize("on_file", [True, False])
async def test_a_scan_of_a_form_that_is_not_on_file_or_cannot_be_counted_is_not_taken(
    tmp_path: Path, on_file: bool
) -> None:
    """It was taken whatever its pages were, and what follows could be filed."""
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        digest = "0" * 64
        if on_file:
            case, now = (await at.case()).claim.case, await at.clock.business()
            named = {"name": "form.pdf", "media_type": "application/pdf", "kind": "form"}
            digest = await at.documents.put(NOT_COUNTED, **named, case=case, now=now)
        scan = replace(PAPER, pages_of=lambda data: digest)
        with pytest.raises(NotTaken, match="nobody can tell how many pages it has"):
            await give(at, scan, file=File("a.pdf", NO_PICTURE, "application/pdf"), of="ada")


class Application(Visa):
    """The same a year later."""

    office: str


class Later(StrEnum):
    drafted = "drafted"
    filed = "filed"


def later(upcast: Any) -> Plan:
    states = [
        State(Later.drafted, "草稿", To(Later.filed, when=documents_complete), waits_for="applicant"),
        State(Later.filed, "已递交", final=True),
    ]
    named = {"draft": "drafted"}
    return Plan(Flow("visa", version=2, data=Application, prefix="VS", states=states, renamed=named, upcast=upcast))


async def test_a_case_of_an_older_version_is_raised_by_what_it_is_given(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        plan = later(lambda version, data: {**data, "office": "west"})
        newer = replace(at, plans={"visa": plan})
        await give(newer, replace(COMPLETE, states=("drafted",)), complete="true")
        claim = (await at.case()).claim
        assert (claim.flow_version, claim.state) == (2, "drafted")
        assert (claim.data["office"], claim.data["complete"]) == ("west", True)
        assert await at.kinds() == ["created", "upgraded", "changed"]
        assert await at.store.verify() is None


async def test_a_case_that_todays_code_cannot_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        newer = replace(at, plans={"visa": later(lambda version, data: data)})
        anywhere = field_given("visa", "complete")
        with pytest.raises(NotAllowed, match=r"version 2 cannot read its data: .*office.*mend the upcast"):
            await give(newer, anywhere, complete="true")
        with pytest.raises(NotAllowed, match="mend the upcast"):
            await newer.give(complete=True)
        without = replace(at, plans={"visa": later(None)})
        with pytest.raises(NotAllowed, match=r"its data cannot be read: .*office"):
            await give(without, anywhere, complete="true")
        assert await at.kinds() == ["created"]


async def test_a_change_that_the_data_does_not_take_is_refused_with_its_field(tmp_path: Path) -> None:
    async with bench(Plan(flow), tmp_path) as at:
        await at.open(Visa(name="ada"))
        with pytest.raises(NotTaken, match="complete: Input should be a valid boolean"):
            await at.give(complete="perhaps")
        assert await at.kinds() == ["created"]
