"""What may have happened: fenced, left to settle, asked twice, and in the end a person's; never simply done again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import MINUTE, Office, PaperOffice, S, desk, doing, done, post, shout, stamp, whisper
from workflow.errors import Closed, Conflict, Drifted, NotAllowed, Unknown
from workflow.flow.case import CannotTell, NotDone, Partly
from workflow.flow.remotes import Remote
from workflow.record.values import EffectStatus, Json, Stage

LOST = Unknown("office", "post", "the line went dead")
SETTLES = timedelta(minutes=15)


def slow(office: PaperOffice) -> list[Remote]:
    """An office whose answers are right only after a while."""
    return [Remote("office", Office, office, settles=SETTLES)]


async def test_a_yes_is_believed_at_once_and_brings_what_the_action_would_have_returned(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[done("the counter's copy")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)

        assert len(office.calls) == 1
        assert (await letters.case()).claim.data["receipt"] == "the counter's copy"
        assert await letters.kinds() == ["created", "decided", "settled", "moved"]


async def test_a_no_is_believed_when_it_is_given_twice_a_minute_apart(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[LOST], answers=[NotDone()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        await letters.sweep()
        (effect,) = (await letters.case()).claim.effects
        assert (office.asked, effect.stage, len(office.calls)) == (1, Stage.ask_again, 1)
        assert effect.check_at == await letters.clock.business() + MINUTE

        letters.clock.advance(MINUTE)
        await letters.sweep()
        assert (office.asked, len(office.calls)) == (2, 2)


async def test_a_yes_after_a_no_is_what_counts(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[NotDone(), done()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert len(office.calls) == 1


async def test_after_unknown_the_key_stays(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[LOST], answers=[NotDone()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert len(office.calls) == 2
        assert len(set(office.keys)) == 1


async def test_what_did_not_happen_twice_is_a_persons(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[LOST, LOST], answers=[NotDone()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        assert len(office.calls) == 2
        assert [one.kind for one in await letters.store.incidents()] == ["not_done_twice"]


async def test_nothing_is_asked_before_the_remote_has_settled(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[done()])
    async with desk(doing(post), tmp_path, office, remotes=slow(office)) as letters:
        await letters.sweep()
        await letters.sweep()
        assert office.asked == 0
        assert (await letters.case()).due_at == await letters.clock.business() + SETTLES
        assert (await letters.why()).standing == "checking"

        letters.clock.advance(SETTLES)
        await letters.sweep()
        assert (office.asked, (await letters.case()).claim.state) == (1, S.posted)


async def test_who_cannot_tell_until_the_deadline_leaves_it_to_a_person(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[CannotTell("the book is away")])
    async with desk(doing(post), tmp_path, office) as letters:
        began = await letters.clock.business()
        await letters.run(lambda row: row.barred)

        assert timedelta(hours=2) <= await letters.clock.business() - began < timedelta(hours=4)
        (incident,) = await letters.store.incidents()
        assert (incident.kind, incident.seen["why"]) == ("cannot_tell", "the book is away")
        asked = office.asked
        letters.clock.advance(timedelta(days=9))
        await letters.sweep()
        assert (office.asked, len(office.calls)) == (asked, 1)


@pytest.mark.parametrize("happened", [True, False])
async def test_a_person_settles_what_nobody_could_tell(tmp_path: Path, happened: bool) -> None:
    office = PaperOffice(loses=[LOST], answers=[CannotTell("the book is away")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        row = await letters.case()
        with pytest.raises(NotAllowed, match="settle it first"):
            await letters.people.retry(row.claim.case, "it will be well")

        (effect,) = row.claim.effects
        await letters.people.settle(row.claim.case, effect.key, happened=happened, reason="he rang them up")
        await letters.run(S.posted)
        assert len(office.calls) == (1 if happened else 2)
        assert await letters.store.incidents() == []


async def test_a_proof_that_fails_is_no_answer(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[Unknown("office", "proof", "dead too"), TimeoutError(), done()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (3, 1)


async def test_while_the_remote_is_shut_the_deadline_does_not_run(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice(loses=[LOST])) as letters:
        opens = await letters.clock.business() + timedelta(hours=9)
        office.answers = [Closed("office", "proof", "until tomorrow", opens), CannotTell("not yet"), done()]
        await letters.run(S.posted)
        assert await letters.clock.business() >= opens
        assert await letters.store.incidents(open_only=False) == []


async def test_of_several_items_only_those_that_happened_are_done(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[Partly(("",))])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert len(office.calls) == 1


async def test_what_is_repeatable_is_run_again_after_the_fence_alone(tmp_path: Path) -> None:
    office = PaperOffice(loses=[OSError("the stamp broke")])
    async with desk(doing(stamp), tmp_path, office, remotes=slow(office)) as letters:
        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (0, 2)


async def test_a_blind_word_that_may_be_out_is_taken_as_said(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST])
    async with desk(doing(whisper), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (0, 1)
        settled = next(event.body for event in await letters.events() if event.kind == "settled")
        assert settled is not None
        assert "taken as sent" in settled["why"]


async def test_a_blind_deed_that_is_no_message_is_a_persons(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST])
    async with desk(doing(shout), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        assert (office.asked, len(office.calls)) == (0, 1)
        assert [one.kind for one in await letters.store.incidents()] == ["cannot_tell"]


async def test_an_error_that_nobody_named_may_have_happened_after(tmp_path: Path) -> None:
    office = PaperOffice(loses=[ValueError("an answer of another shape")], answers=[done()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)
        assert len(office.calls) == 1


async def test_late_word_that_it_was_done_settles_it_without_a_question(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[CannotTell("the book is away")])
    async with desk(doing(post), tmp_path, office, remotes=slow(office)) as letters:
        await letters.sweep()
        claim = (await letters.case()).claim
        (effect,) = claim.effects
        word = {"status": "done", "result": {"receipt": "late"}, "why": None, "attempt": 1, "epoch": [0, 0]}
        await letters.store.testify(claim, effect.key, word)

        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (0, 1)
        assert (await letters.case()).claim.data["receipt"] == "late"


async def test_late_word_that_it_was_not_sent_counts_only_for_its_own_try(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[done()])
    async with desk(doing(post), tmp_path, office, remotes=slow(office)) as letters:
        await letters.sweep()
        claim = (await letters.case()).claim
        (effect,) = claim.effects
        word: Json = {
            "status": "not_sent",
            "result": None,
            "why": "never left",
            "attempt": effect.attempt + 1,
            "epoch": [0, 0],
        }
        await letters.store.testify(claim, effect.key, word)

        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (1, 1)


async def test_nobody_forces_or_edits_while_it_is_being_found_out(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[done()])
    async with desk(doing(post), tmp_path, office, remotes=slow(office)) as letters:
        await letters.sweep()
        case = (await letters.case()).claim.case
        with pytest.raises(Conflict, match="is being found out"):
            await letters.people.force(case, S.answered, "by telephone")
        with pytest.raises(Conflict, match="is being found out"):
            await letters.people.change(case, {"notes": ("x",)})

        await letters.people.hold(case, "wait")
        assert (await letters.case()).claim.held == "wait"
        await letters.people.resume(case)
        await letters.run(S.posted)
        (effect,) = (await letters.case()).claim.effects
        assert effect.status is EffectStatus.done


async def test_a_proof_that_meets_another_page_tells_a_person_within_two_looks_and_settles_when_it_is_right(
    tmp_path: Path,
) -> None:
    drifted = Drifted("office", "filing", "rows has no row, and the page does not say that there is none")
    office = PaperOffice(loses=[LOST], answers=[drifted, drifted, done()])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        assert office.asked == 2
        (incident,) = await letters.store.incidents()
        assert incident.kind == "drifted"
        assert "does not say that there is none" in incident.seen["why"]
        (effect,) = (await letters.case()).claim.effects
        assert effect.status is EffectStatus.unknown

        await letters.people.retry((await letters.case()).claim.case, "the page is read again")
        await letters.run(S.posted)
        assert len(office.calls) == 1


async def test_a_proof_that_meets_another_page_each_time_tells_a_person_past_its_deadline(tmp_path: Path) -> None:
    """The page showed the time of day: no two looks read the same, and it was asked for ever."""
    odd: list[Exception] = [Drifted("office", "filing", f"the page says it is {minute}") for minute in range(999)]
    office = PaperOffice(loses=[LOST], answers=[*odd])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        (incident,) = await letters.store.incidents()
        assert incident.kind == "drifted"
        assert 2 < office.asked < 200
