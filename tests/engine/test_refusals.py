"""What a definite no leads to: another try with a new key, a cleared decision, and in the end a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import MINUTE, PaperOffice, S, desk, doing, post, stamp
from workflow.errors import Closed, Drifted, NeedsPerson, NotSent, Refused
from workflow.record.values import EffectStatus

NO = Refused("office", "post", "no stamp")
SILENT = NotSent("office", "post", "no route")


async def test_a_refusal_gives_the_decision_up_and_the_guards_are_asked_anew(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NO])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()

        assert await letters.kinds() == ["created", "decided", "abandoned"]
        row = await letters.case()
        assert row.claim.decision is None
        assert row.claim.check is not None
        assert row.claim.check.body["error"] == "Refused: office: post: no stamp"
        assert row.due_at == await letters.clock.business() + MINUTE
        await letters.run(S.posted)
        assert len(office.taken) == 1


async def test_three_refusals_in_a_round_are_an_incident_that_bars_the_case(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NO] * 5)
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)

        assert len(office.calls) == 3
        (incident,) = await letters.store.incidents()
        assert (incident.kind, incident.seen["why"]) == ("refused", "Refused: office: post: no stamp")
        assert (await letters.kinds()).count("abandoned") == 3
        assert (await letters.case()).claim.decision is None
        letters.clock.advance(timedelta(days=30))
        await letters.sweep()
        assert len(office.calls) == 3


async def test_a_person_who_mended_the_cause_has_it_tried_again(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NO] * 3)
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        await letters.people.retry((await letters.case()).claim.case, "stamps were bought")
        await letters.run(S.posted)

        assert await letters.store.incidents() == []
        assert len(office.taken) == 1


async def test_a_try_after_a_definite_no_has_a_new_key_and_the_same_row(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NO, NO])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)

        assert len(set(office.keys)) == 3
        (effect,) = (await letters.case()).claim.effects
        assert (effect.status, effect.attempt) == (EffectStatus.done, 3)
        assert office.keys == [effect.key, f"{effect.key}-1", f"{effect.key}-2"]


async def test_what_was_not_sent_keeps_its_key(tmp_path: Path) -> None:
    """A gateway that says "too many requests" may have handed one on all the same: seven payments, seven keys."""
    office = PaperOffice(new_incidents=[SILENT, SILENT])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(S.posted)

        (effect,) = (await letters.case()).claim.effects
        assert (effect.attempt, office.keys) == (3, [effect.key] * 3)


async def test_what_never_left_keeps_its_decision_and_is_tried_by_backoff(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[SILENT] * 12)
    async with desk(doing(post), tmp_path, office) as letters:
        waits = []
        for _ in range(12):
            await letters.sweep()
            row = await letters.case()
            assert row.claim.decision is not None
            assert row.due_at is not None
            waits.append(row.due_at - await letters.clock.business())
            letters.clock.advance(waits[-1])

        assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
        assert waits[-1] == timedelta(hours=1)
        assert not (await letters.case()).barred
        await letters.run(S.posted)
        assert (await letters.kinds()).count("decided") == 1


async def test_what_fails_five_times_is_a_persons(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[ValueError("no such street")] * 9)
    async with desk(doing(stamp), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)

        assert len(office.calls) == 5
        (incident,) = await letters.store.incidents()
        assert incident.kind == "mistake"
        assert "no such street" in str(incident.seen)


async def test_refusals_of_a_repeatable_action_are_counted_over_its_decisions(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NO] * 5)
    async with desk(doing(stamp), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)

        assert len(office.calls) == 3
        assert [one.kind for one in await letters.store.incidents()] == ["refused"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(NeedsPerson("two_recipients", names=2), "two_recipients"), (Drifted("office", "post", "a new form"), "drifted")],
)
async def test_what_only_a_person_can_settle_is_an_incident_at_once(
    tmp_path: Path, trouble: Exception, kind: str
) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(new_incidents=[trouble])) as letters:
        await letters.sweep()

        assert [one.kind for one in await letters.store.incidents()] == [kind]
        row = await letters.case()
        assert row.barred
        assert row.claim.decision is not None
        await letters.people.retry(row.claim.case, "looked into")
        await letters.run(S.posted)


async def test_a_remote_that_says_it_is_closed_is_asked_again_when_it_said(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:
        opens = await letters.clock.business() + timedelta(hours=5)
        office.new_incidents = [Closed("office", "post", "until two", opens)]
        await letters.sweep()

        assert (await letters.case()).due_at == opens
        assert (await letters.why()).reason == "closed"
        await letters.run(S.posted)
        assert len(office.taken) == 1
