"""The audit and effects of which nobody knows yet: forgotten ones are told, ones on their way are not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.engine.letters import PaperOffice, desk, doing, post
from workflow.engine.audit import audit
from workflow.errors import Unknown
from workflow.flow.case import CannotTell


@pytest.mark.parametrize("changed", [False, True])
async def test_a_deadline_that_time_jumped_over_is_no_finding(tmp_path: Path, changed: bool) -> None:
    """The next look gives it to a person; how late looks are is not the record's matter.

    A case with a call under way stays in the part that is looked at each hour: time alone makes a finding of it.
    """
    office = PaperOffice(loses=[Unknown("office", "post", "the line went dead")], answers=[CannotTell("later")])
    anchors = tmp_path / "anchors.jsonl"
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        letters.clock.advance(timedelta(days=3))
        for _ in range(2):
            assert (await audit(letters.store, letters.clock, anchors, changed=changed)).findings == ()
        assert len(anchors.read_text().splitlines()) == 1, "it is anchored once"
        async with letters.store.engine.begin() as connection:
            await connection.execute(text("UPDATE cases SET due_at = '2027-06-01T00:00:00.000000Z'"))
        audited = await audit(letters.store, letters.clock, anchors, changed=changed)
        assert [one.invariant for one in audited.findings] == ["I5"]
