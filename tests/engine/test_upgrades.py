"""Cases go on by today's table: raised with an event, renamed where it says so, left alone where it lacks them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from enum import StrEnum, auto
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.engine.letters import Letter, PaperOffice, S, desk, doing, letters, never, post, stamp
from workflow.engine.startup_checks import LeftAlone, check_live, left_alone, note_left_alone, unfit
from workflow.engine.sweep import Engine
from workflow.errors import DefinitionError, NotSent
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, To
from workflow.flow.explain import explain
from workflow.record.events import fold
from workflow.store import NewCase
from workflow.testing import Bench


class New(StrEnum):
    drafted = auto()
    posted = auto()
    answered = auto()


def renamed(version: int = 2, **names: str) -> Plan:
    """The first state has another name."""
    states = [
        State(New.drafted, "起草", To(New.posted, do=post), waits_for="writer"),
        State(New.posted, "已寄", To(New.answered, when=never), waits_for="reader"),
        State(New.answered, "已回", final=True),
    ]
    return Plan(Flow("letters", version=version, data=Letter, prefix="LT", states=states, renamed=names))


@asynccontextmanager
async def after(bench: Bench, plan: Plan) -> AsyncIterator[Bench]:
    """The same desk with another table."""
    dependencies = replace(bench.dependencies, plans={plan.flow.name: plan})
    yield Bench(
        {plan.flow.name: plan},
        bench.store,
        bench.clock,
        Engine(dependencies),
        dependencies,
        bench.documents,
    )


async def test_a_case_of_an_older_version_is_raised_on_the_record(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        async with after(bench, letters(To(S.posted), version=2)) as newer:
            newer.clock.advance((await newer.case()).due_at - await newer.clock.business())  # type: ignore[operator]
            await newer.sweep()
            assert await newer.kinds() == ["created", "upgraded", "moved"]
            upgraded = (await newer.events())[1]
            assert upgraded.body == {"from": 1, "to": 2}
            assert (await newer.case()).claim.flow_version == 2
            assert await newer.store.verify() is None


async def test_a_renamed_state_takes_its_new_name_and_goes_on(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        plan = renamed(written="drafted")
        await check_live(bench.store, {"letters": plan})
        async with after(bench, plan) as newer:
            await newer.run(New.posted)
            moved = (await newer.events())[-1]
            assert moved.body is not None
            assert (moved.body["from"], moved.body["to"]) == ("drafted", "posted")


async def test_a_case_in_a_state_that_is_gone_is_left_alone_and_named(tmp_path: Path) -> None:
    """In a rolling upgrade another process knows it: this one starts, works on the rest, and says it with a cure."""
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter())
        plans = {"letters": renamed()}
        assert await left_alone(bench.store, plans, await bench.clock.business()) == [
            LeftAlone("letters.written", 2, 'say renamed={"written": ...}, or bring it back')
        ]
        with capture_logs() as said:
            await note_left_alone(bench.store, plans, bench.clock)
        assert [(one["event"], one["unknown"], one["cases"]) for one in said] == [
            ("cases.left_alone", "letters.written", 2)
        ]
        async with after(bench, renamed()) as newer:
            assert (await newer.sweep()).total == 0


async def test_a_state_that_another_hand_spoilt_stops_no_start(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter())
        async with bench.store.engine.begin() as connection:
            await connection.execute(text("UPDATE cases SET flow_version = 2"))
            await connection.execute(text("UPDATE cases SET state = X'FF' WHERE number = 'LT-0002'"))
        found = await left_alone(bench.store, {"letters": bench.plan}, await bench.clock.business())
        assert {(one.what, one.cases) for one in found} == {(r"letters.b'\xff'", 1), ("letters version 2", 1)}


async def test_a_check_is_refused_where_a_live_case_stands_in_a_state_that_is_gone(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        with pytest.raises(DefinitionError, match=r"letters: written: .*\(1\).*the table lacks it.*renamed="):
            await check_live(bench.store, {"letters": renamed()})


async def test_a_finished_case_may_stand_wherever_it_ended(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted)), tmp_path, PaperOffice()) as bench:
        await bench.people.force((await bench.case()).claim.case, S.answered, "by telephone")
        await check_live(bench.store, {})


async def test_a_decision_on_an_action_that_is_gone_is_a_persons(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.sweep()
        async with after(bench, letters(To(S.posted, do=stamp), version=2)) as newer:
            await newer.run(lambda row: row.barred)
            assert [(one.kind, one.seen["action"]) for one in await newer.store.incidents()] == [
                ("action_gone", "post")
            ]


async def test_a_check_is_refused_where_a_decision_stands_on_an_action_that_is_gone(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.sweep()
        assert (await bench.case()).claim.decision is not None
        with pytest.raises(DefinitionError, match="post"):
            await check_live(bench.store, {"letters": letters(To(S.posted, do=stamp), version=2)})


async def test_a_decision_of_an_older_table_is_carried_out_by_the_newer_one(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.sweep()
        async with after(bench, letters(To(S.posted, do=post), version=2)) as newer:
            await newer.run(S.posted)
            assert (await newer.kinds()).count("decided") == 1


async def test_a_decision_whose_line_is_gone_is_a_persons(tmp_path: Path) -> None:
    def sure(case: Case[Letter]) -> bool:
        return True

    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.sweep()
        async with after(bench, letters(To(S.posted, when=sure, do=post), version=2)) as newer:
            await newer.run(lambda row: row.barred)
            assert [one.kind for one in await newer.store.incidents()] == ["line_gone"]
            case = (await newer.case()).claim.case
            await newer.people.change(case, {}, "decided anew")
            await newer.people.retry(case, "decided anew")
            await newer.run(S.posted)
            assert len(office.taken) == 1


async def test_a_worker_leaves_cases_of_a_newer_table_alone(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted), version=2), tmp_path, PaperOffice()) as bench:
        async with after(bench, letters(To(S.posted), version=1)) as older:
            swept = await older.sweep()
            assert swept.total == 0
            assert await older.kinds() == ["created"]


async def test_what_a_newer_version_left_behind_is_named_after_a_step_back(tmp_path: Path) -> None:
    """Its state is known, and yet nobody looks at it any more: the older table may read its data wrongly."""
    async with desk(letters(To(S.posted, when=never), version=2), tmp_path, PaperOffice()) as bench:
        now = await bench.clock.business()
        older = letters(To(S.posted, when=never), version=1)
        assert await left_alone(bench.store, {"letters": bench.plan}, now) == []
        (told,) = await left_alone(bench.store, {"letters": older}, now)
        assert (told.what, told.cases) == ("letters version 2", 1)
        async with after(bench, older) as again:
            assert (await again.why()).reason == "flow_unknown"
        await bench.sweep()
        assert await left_alone(bench.store, {"letters": older}, now) == [], "one that is looked at is left to others"
        await bench.people.force((await bench.case()).claim.case, S.answered, "by telephone")
        async with after(bench, older) as again:
            assert (await again.why()).reason == "terminal"


class Posted(BaseModel):
    """The letter of a later version: who it is for has a field of its own, and the old one is gone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    addressee: str


def addressed(version: int, data: dict[str, Any]) -> dict[str, Any]:
    assert version == 1
    return {"addressee": "whom it may concern"}


async def test_data_of_an_earlier_version_is_read_through_the_upcast(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice()) as letters:
        states = [
            State(S.written, "写好", To(S.posted, when=never), waits_for="writer"),
            State(S.posted, "已寄", final=True),
        ]
        later = Plan(Flow("letters", 2, data=Posted, prefix="LT", states=states, upcast=addressed))
        async with after(letters, later) as raised:
            await raised.sweep()
            row = await raised.case()

            assert row.claim.data == {"addressee": "whom it may concern"}
            assert fold(await raised.events()).data == row.claim.data
            assert (await raised.why()).reason == "guard_false"


class Dated(Letter):
    """Today's letter, with a day that older ones lack."""

    day: str


def today(version: int, upcast: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None) -> Mapping[str, Plan]:
    flow = letters(To(S.posted, when=never), version=version).flow
    return {"letters": Plan(replace(flow, data=Dated, upcast=upcast))}


async def test_data_that_todays_model_does_not_take_is_told_before_a_look(tmp_path: Path) -> None:
    """A check was content, and the first look opened an incident."""
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        await bench.open(Dated(day="1 Dec"), flow="letters")
        told = "such as LT-0001: ValidationError: Dated: day: Field required; "
        with pytest.raises(DefinitionError) as same:
            await check_live(bench.store, today(1))
        assert str(same.value).startswith(
            f"letters: Dated does not take the data of live cases of this version 1, {told}say version=2 and upcast=, "
        )
        with pytest.raises(DefinitionError, match=r"live cases of version 1, .*; mend upcast=, which makes") as older:
            await check_live(bench.store, today(2))
        assert told in str(older.value)
        lacks = today(2, lambda version, data: {"day": data["day"]})
        assert [(one.number, one.why) for one in await unfit(bench.store, lacks)] == [("LT-0001", "KeyError: 'day'")]
        await check_live(bench.store, today(2, lambda version, data: {"day": "1 Jan", **data}))
        assert await unfit(bench.store, {}) == []
        await bench.people.force("LT-0001", S.answered, "by telephone")
        await check_live(bench.store, today(1))


async def test_a_case_of_an_unknown_flow_takes_no_other_along(tmp_path: Path) -> None:
    """A newer process opened it: an older one starts all the same, works on what it knows, and shows the others."""
    async with desk(letters(To(S.posted)), tmp_path, PaperOffice()) as bench:
        row = await bench.case()
        new = NewCase("visa", 3, "VS", "draft", {"name": "x"})
        await bench.store.create([new], actor="person:test", reason=None, now=await bench.clock.business())
        now = await bench.clock.business()
        strange = LeftAlone("visa", 1, "bring the flow back")
        assert await left_alone(bench.store, {"letters": bench.plan}, now) == [strange]
        await bench.sweep()

        first, stranger = await bench.store.cases()
        assert (first.claim.case, first.claim.state) == (row.claim.case, S.posted)
        real = await bench.clock.real()
        told = explain(None, stranger.claim, due_at=None, deferred=None, incidents=[], real=real)
        assert (told.reason, told.standing, told.detail) == ("flow_unknown", "blocked", {"flow": "visa", "version": 3})
        known = explain(
            bench.plan, replace(first.claim, state="mailed"), due_at=None, deferred=None, incidents=[], real=real
        )
        assert known.reason == "flow_unknown"


class Longer(Letter):
    """A later version of the code gives letters a field more."""

    weight: int = 20


async def test_a_field_that_the_model_gained_is_in_the_row_once_an_event_holds_it(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        grown = letters(To(S.posted, when=never))
        grown = Plan(replace(grown.flow, data=Longer))
        async with after(bench, grown) as newer:
            people = newer.commands("person:clerk")
            case = (await newer.case()).claim.case
            claim = await people.change(case, {"stamp": "red"})
            assert "weight" not in claim.data
            assert await newer.store.verify() is None
            claim = await people.change(case, {"weight": 50})
            assert claim.data["weight"] == 50
            assert await newer.store.verify() is None
