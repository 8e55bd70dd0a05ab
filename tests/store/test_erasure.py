"""What is personal can be erased from a case that is over, and its chain still verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.desk import Desk, effect, moved
from workflow.errors import NotAllowed
from workflow.record.events import fold
from workflow.record.values import Check, Commit, EffectStatus, Message

CANARY = "张三四五六"


async def test_erasing_leaves_no_personal_byte_and_a_chain_that_verifies(desk: Desk, tmp_path: Path) -> None:
    await desk.open(data={"owner": CANARY}, subject=CANARY)
    (claim,) = await desk.claim()
    check = Check("digest", desk.now, desk.now, 1, {"owner": CANARY})
    claim = await desk.commit(claim, Commit(guard="epoch", check=check, messages=(Message("o", "r", CANARY, CANARY),)))
    claim = await desk.commit(claim, Commit(guard="epoch", effects=(effect(claim, EffectStatus.done, item=CANARY),)))
    await desk.commit(claim, moved("granted", claim, final=True, data={"owner": CANARY, "no": 7}))
    given = {"actor": "person:clerk", "reason": "asked for it", "now": desk.now, "real": desk.real}
    after = await desk.store.erase(claim.number, {"no": 7}, **given)  # type: ignore[arg-type]
    assert after.data == {"no": 7}
    assert await desk.store.verify() is None
    written = await desk.store.events(claim.case)
    assert [event.body is None for event in written] == [True, True, False]
    folded = fold(written)
    assert (folded.state, folded.data, folded.seq) == ("granted", {"no": 7}, after.seq)
    if desk.store.sqlite:
        async with desk.store.engine.connect() as connection:
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            await connection.exec_driver_sql("BEGIN")
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("caseward.db*"))
        assert CANARY.encode() not in stored


async def test_a_live_case_is_not_erased(desk: Desk) -> None:
    (created,) = await desk.open()
    with pytest.raises(NotAllowed, match="erasing is not allowed"):
        await desk.store.erase(created.case, {}, actor="person:a", reason="r", now=desk.now, real=desk.real)
