"""The journal of actions keeps what is known of each, and a word that comes late is not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.store.desk import Desk, effect
from workflow.record.values import Commit, EffectStatus, Stage
from workflow.sentence import Quote


async def test_effects_come_back_as_they_were_written(desk: Desk) -> None:
    claim = await desk.one()
    row = effect(
        claim,
        EffectStatus.unknown,
        item={"owner": "李"},
        stage=Stage.ask_again,
        check_at=desk.now,
        deadline=desk.now + timedelta(hours=2),
        retried=True,
        evidence=({"shot": "1"},),
    )
    assert (await desk.commit(claim, Commit(guard="epoch", effects=(row,)))).effects == (row,)
    again = replace(row, attempt=2, status=EffectStatus.not_sent, why=Quote("closed"))
    assert (await desk.commit(claim, Commit(guard="epoch", effects=(again,)))).effects == (again,)


async def test_a_late_word_stays_with_the_effect_whoever_writes_the_row_next(desk: Desk) -> None:
    claim = await desk.one()
    row = effect(claim, EffectStatus.unknown)
    claim = await desk.commit(claim, Commit(guard="epoch", effects=(row,)))
    word = {"status": "done", "result": {"no": 1}, "why": None, "attempt": 1, "epoch": list(claim.epoch)}
    await desk.store.testify(claim, row.key, word)
    after = await desk.commit(claim, Commit(guard="epoch", effects=(replace(row, stage=Stage.ask),)))
    assert (after.effects[0].stage, after.effects[0].testimony) == (Stage.ask, word)


async def test_a_late_no_counts_only_for_its_own_try(desk: Desk) -> None:
    claim = await desk.one()
    row = effect(claim, EffectStatus.unknown, attempt=2)
    claim = await desk.commit(claim, Commit(guard="epoch", effects=(row,)))
    no: dict[str, object] = {"status": "not_sent", "result": None, "why": "x", "attempt": 2, "epoch": list(claim.epoch)}

    async def testimony(word: dict[str, object]) -> object:
        await desk.store.testify(claim, row.key, word)
        return (await desk.store.case(claim.case)).claim.effects[0].testimony

    assert await testimony({**no, "attempt": 1}) is None
    assert await testimony({**no, "epoch": [claim.epoch.timeline, claim.epoch.number + 1]}) is None
    assert await testimony(no) == no
    done = {**no, "status": "done", "attempt": 1}
    assert await testimony(done) == done
    assert await testimony(no) == done, "a no never hides a done"
