"""A test's own mistakes: what a twin was not told, or cannot take, ends the run of a bench at once with its cure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.engine.letters import Letter, Office, S, desk, doing, never, post
from workflow.clock import SetClock
from workflow.errors import DefinitionError
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, To
from workflow.flow.functions import action
from workflow.testing import MORNING, StillWaiting, Twin, TwinMistake, bench


async def told(office: Twin, folder: Path) -> str:
    async with desk(doing(post), folder, office) as here:
        with pytest.raises(TwinMistake) as found:
            await here.run(S.posted)
        assert await here.clock.business() == MORNING, "no time went by"
    return str(found.value)


async def test_a_method_without_an_answer_is_told_at_once_and_not_its_proof(tmp_path: Path) -> None:
    """The run went on for days, and its assertion told only that the proof had no answer."""

    @action(repeatable=True)
    async def count(case: Case[Letter], office: Office) -> None:
        await office.counter()

    async with desk(doing(count), tmp_path, Twin(Office)) as here:
        with pytest.raises(LookupError, match=r"<Twin of Office> has no answer to counter, which is called with "):
            await here.sweep()
    office = Twin(Office)
    office.answers("post", lambda name: None)
    said = await told(office, tmp_path / "again")
    assert said == (
        "<Twin of Office>: post is called with name, key, gate, and its answer is a function of (name); "
        "say answers('post', lambda name, key, gate: ...)"
    )


async def test_an_answer_of_wrong_parameters_is_told_with_those_of_the_call() -> None:
    office = Twin(Office)
    office.answers("proof", lambda: True)
    with pytest.raises(TypeError, match=r"proof is called with name, and its answer is a function of \(\); say"):
        await office.proof("ada")
    office.answers("proof", lambda **given: sorted(given))
    assert await office.proof("ada") == ["name"]
    office.answers("proof", str.upper)
    with pytest.raises(TypeError, match="its answer is a function of"):
        await office.proof("ada")


async def test_the_first_error_of_an_action_is_told_beside_that_of_its_proof(tmp_path: Path) -> None:
    office = Twin(Office)
    office.fails("post", ValueError("no such street"), applied=True)
    office.answers("post", None)
    office.fails("proof", KeyError("receipt"), times=100)
    async with desk(doing(post), tmp_path, office) as here:
        with pytest.raises(StillWaiting) as found:
            await here.run(S.posted)
    assert "post failed first: ValueError: no such street, in tests.engine.letters" in str(found.value)


async def test_a_remote_that_no_adapter_stands_behind_is_told_with_where_it_is_named(tmp_path: Path) -> None:
    async with bench(doing(post), tmp_path) as here:
        with pytest.raises(
            DefinitionError, match=r"add a Remote of this Protocol to remotes= of the System; in a test"
        ):
            here.engine.check()


async def test_a_start_without_a_zone_is_refused(tmp_path: Path) -> None:
    """It was taken as the machine's time, in CI as UTC."""
    plan = Plan(
        Flow(
            "notes",
            version=1,
            data=doing(post).flow.data,
            states=[
                State(S.written, "写好", To(S.posted, when=never), waits_for="x"),
                State(S.posted, "已寄", final=True),
            ],
        )
    )
    nine = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match=r"2026-11-23 09:00 names no time zone; say tzinfo=UTC"):
        async with bench(plan, tmp_path, start=nine):
            pass
    clock = SetClock(nine.astimezone())
    with pytest.raises(ValueError, match="names no time zone"):
        clock.set(business=nine)
