"""What a demonstration jumps to: what is known to come, also where no case is open any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from caseward.app.default_schedules import put_defaults
from caseward.app.installation import open_record
from caseward.demonstration.coming import next_noticed
from tests.flows.matters import people
from workflow.demonstration import Outside
from workflow.record.values import Commit, Message
from workflow.settings import read_settings
from workflow.store import NewCase

HELD = timedelta(hours=24)
SOON = timedelta(minutes=1)


async def test_a_notice_that_is_held_back_comes_after_the_last_case_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal's text waits for staff; the demonstration stood still before it, and never ended."""
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    outside = Outside("http://127.0.0.1:1")
    async with open_record(read_settings()) as record:
        await put_defaults(record)
        store, now, real = record.store, await record.clock.business(), await record.clock.real()
        new = NewCase(
            "copyright", record.plans["copyright"].flow.version, "RZ", "rejected", people().model_dump(mode="json")
        )
        (case,) = await store.create([new], actor="x", reason=None, now=now)
        assert await next_noticed(record, outside, None) is None
        told = Message("rejection_notice", "o1", "13800138000", "text", after=HELD)
        commit = Commit(guard="version", messages=(told,))
        await store.command(case.case, None, lambda _: commit, now=now, real=real)
        comes = await next_noticed(record, outside, None)
        assert comes is not None
        assert now + HELD <= comes < now + HELD + SOON
