"""What each mistake in the functions of a flow comes to: ours, said with its place, and no answer of the world."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeout

from caseward.console.wording.texts import Texts
from tests.engine.blunders import MISTAKES, broken, plan
from tests.engine.letters import Letter, Office, PaperOffice, S, desk, is_posted
from workflow.errors import DatabaseUnusable, Unknown
from workflow.flow.case import Case, Done, Gate, No, NotDone
from workflow.flow.definition import To
from workflow.flow.functions import Action, action, fact
from workflow.flow.remotes import Remote
from workflow.flow.sending import note_left
from workflow.sentence import Sentence, read

BLUNDERS = "tests.engine.blunders"
LOST = Unknown("office", "post", "the line went dead")


@pytest.mark.parametrize("which", MISTAKES)
async def test_a_mistake_is_ours_and_names_function_and_place(tmp_path: Path, which: str) -> None:
    """Nothing left, so nothing is asked of the outside; the first look tells, and after five a person is asked."""
    make, function, place = MISTAKES[which]
    office = PaperOffice()
    with structlog.testing.capture_logs() as logs:
        async with desk(make(), tmp_path, office) as bench:
            assert (await bench.sweep()).counts == {"failed": 1}
            why = await bench.why()
            assert why.reason == "retry_backoff"
            assert function in why.detail["function"]
            assert place in why.detail["place"]
            assert why.detail["error"]

            await bench.run(lambda row: row.barred)
            (incident,) = await bench.store.incidents()
            assert incident.kind == "mistake"
            assert function in incident.seen["function"]
            for body in (why.detail, incident.seen):
                called = Texts("zh-CN").told(read(body["sentences"]["function"]["why"]))
                assert called.split()[0] not in ("guard", "action", "proof", "items", "line", "notice"), called
            assert (incident.seen["error"], incident.seen["place"]) == (why.detail["error"], why.detail["place"])
            assert not office.calls
            assert not [row for row in (await bench.case()).claim.effects if row.status in ("unknown", "not_sent")]
    told = [line for line in logs if line["event"] == "case.mistake"]
    assert len(told) == 1, "once, however often it fails"
    assert (told[0]["case"], told[0]["flow"], told[0]["state"]) == ("LT-0001", "letters", "written")
    if place:
        assert told[0]["place"].startswith(f"{BLUNDERS}, line")
        assert "line" in told[0]["place"]
    assert "traceback" in told[0]


# ---------------------------------------------------------------- no mistake of ours, and no case's


@pytest.mark.parametrize(
    "error",
    [
        DatabaseUnusable("somewhere", Sentence("silent", "it fell silent"), Sentence("look", "look")),
        PoolTimeout("no room"),
    ],
)
async def test_a_database_that_does_not_answer_is_no_cases_trouble(tmp_path: Path, error: Exception) -> None:
    """Looked at again at once, however often; nobody counts it against the case, and no person is asked."""
    silent = True

    @fact
    async def answers_now(office: Office) -> int:
        if silent:
            raise error
        return 7

    def sees(answers_now: int) -> bool:
        return answers_now > 3

    with structlog.testing.capture_logs() as logs:
        async with desk(plan(To(S.posted, when=sees), facts=[answers_now]), tmp_path, PaperOffice()) as bench:
            for _ in range(7):
                assert (await bench.sweep()).counts == {"failed": 1}
                bench.clock.advance(timedelta(seconds=1))
            assert ((await bench.case()).claim.failures, await bench.store.incidents()) == (0, [])
            silent = False
            assert (await bench.sweep()).counts["moved"] == 1
    assert "case.mistake" not in [line["event"] for line in logs]


# ---------------------------------------------------------------- a proof


async def broken_proof(case: Case[Letter], office: Office) -> Any:
    return broken()


async def no_answer(case: Case[Letter], office: Office) -> Any:
    return True


def posting(proof: Any) -> Action:
    @action(proof=proof, once="round")
    async def post(case: Case[Letter], office: Office, key: str) -> None:
        await office.post(case.data.to[0], key)

    return post


@pytest.mark.parametrize(
    ("proof", "said"), [(broken_proof, "KeyError: 'no such street'"), (no_answer, "answered True")]
)
async def test_a_proof_that_fails_is_no_no(tmp_path: Path, proof: Any, said: str) -> None:
    office = PaperOffice(loses=[LOST])
    async with desk(plan(To(S.posted, do=posting(proof))), tmp_path, office) as bench:
        assert (await bench.sweep()).counts == {"doubted": 1, "failed": 1}
        why = await bench.why()
        assert (why.reason, why.detail["why"]) == ("outcome_unknown", "Unknown: office: post: the line went dead")
        assert said in why.detail["error"]
        assert "tests.engine." in why.detail["place"]

        await bench.run(lambda row: row.barred)
        (incident,) = await bench.store.incidents()
        assert (incident.kind, len(office.calls)) == ("mistake", 1)
        (effect,) = (await bench.case()).claim.effects
        assert effect.status == "unknown", "it is still not known whether it happened"


# ---------------------------------------------------------------- after something left


async def test_a_mistake_after_the_call_is_a_doubt_that_keeps_its_first_cause(tmp_path: Path) -> None:
    @action(proof=is_posted, once="round")
    async def post(case: Case[Letter], office: Office, key: str) -> None:
        await office.post(case.data.to[0], key)
        broken()

    office = PaperOffice(answers=[NotDone(), NotDone(), NotDone(), NotDone()])
    async with desk(plan(To(S.posted, do=post)), tmp_path, office) as bench:
        await bench.sweep()
        why = await bench.why()
        assert (why.reason, why.detail["why"]) == ("outcome_unknown", "KeyError: 'no such street'")
        assert f"{BLUNDERS}, line" in why.detail["place"]

        await bench.run(lambda row: row.barred)
        (incident,) = await bench.store.incidents()
        assert incident.kind == "not_done_twice"
        assert incident.seen["error"] == "KeyError: 'no such street'", "the first cause, whatever came after it"
        settled = [event.body for event in await bench.events() if event.kind == "settled"]
        assert [body["first_error"]["error"] for body in settled if body] == ["KeyError: 'no such street'"]
        assert len(set(office.keys)) == 1


async def test_what_is_sent_before_the_gate_is_a_doubt_all_the_same(tmp_path: Path) -> None:
    """An author's mistake at the gate sent five letters."""

    class Noting(PaperOffice):
        async def post(self, name: str, key: str, gate: Gate | None = None) -> None:
            note_left()
            await super().post(name, key)

    @action(proof=is_posted, once="round")
    async def too_early(case: Case[Letter], office: Office, key: str, gate: Gate) -> None:
        await office.post(case.data.to[0], key)
        broken()
        await gate()

    office = Noting(answers=[Done({})])
    remotes = [Remote("office", Office, office, settles=timedelta(0), notes_sending=True)]
    async with desk(plan(To(S.posted, do=too_early)), tmp_path, office, remotes=remotes) as bench:
        await bench.run(S.posted)
        assert len(office.calls) == 1


async def test_an_adapter_that_notes_what_leaves_is_believed(tmp_path: Path) -> None:
    """Its questions do not count as something that may have happened."""

    class Noting(PaperOffice):
        async def post(self, name: str, key: str, gate: Gate | None = None) -> None:
            note_left()
            await super().post(name, key, gate)

    @action(proof=is_posted, once="round")
    async def asks_first(case: Case[Letter], office: Office, key: str) -> None:
        await office.counter()
        broken()
        await office.post(case.data.to[0], key)

    remotes = [Remote("office", Office, Noting(), settles=timedelta(0), notes_sending=True)]
    async with desk(plan(To(S.posted, do=asks_first)), tmp_path, remotes[0], remotes=remotes) as bench:
        assert (await bench.sweep()).counts == {"failed": 1}
        assert (await bench.why()).reason == "retry_backoff"

    remotes = [Remote("office", Office, PaperOffice(), settles=timedelta(0))]
    (tmp_path / "other").mkdir()
    async with desk(plan(To(S.posted, do=asks_first)), tmp_path / "other", remotes[0], remotes=remotes) as bench:
        assert (await bench.sweep()).counts["doubted"] == 1, "of one that notes nothing nobody can tell"


async def test_a_mistake_of_one_case_takes_none_of_its_sweep_along(tmp_path: Path) -> None:
    def odd_one(case: Case[Letter]) -> Any:
        if case.data.to == ("nobody",):
            return No(value=object())
        return True

    async with desk(plan(To(S.posted, when=odd_one)), tmp_path, PaperOffice()) as bench:
        for name in ("nobody", "eve"):
            await bench.open(Letter(to=(name,)))
        assert (await bench.engine.sweep("letters", "written")).counts == {"moved": 2, "failed": 1}
