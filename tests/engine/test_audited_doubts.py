"""The audit and effects of which nobody knows yet: forgotten ones are told, ones on their way are not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from tests.engine.letters import PaperOffice, desk, doing, post
from workflow.engine.audit import audit
from workflow.errors import Unknown
from workflow.flow.case import CannotTell


async def test_a_deadline_that_time_jumped_over_is_no_finding(tmp_path: Path) -> None:
    """The next look gives it to a person; how late looks are is not the record's matter."""
    office = PaperOffice(loses=[Unknown("office", "post", "the line went dead")], answers=[CannotTell("later")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        letters.clock.advance(timedelta(days=3))
        assert (await audit(letters.store, letters.clock, tmp_path / "anchors.jsonl")).findings == ()
        async with letters.store.engine.begin() as connection:
            await connection.execute(text("UPDATE cases SET due_at = '2027-06-01T00:00:00.000000Z'"))
        audited = await audit(letters.store, letters.clock, tmp_path / "anchors.jsonl")
        assert [one.invariant for one in audited.findings] == ["I5"]
