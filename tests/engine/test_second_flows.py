"""The engine knows of no office: what it says and does of a second flow comes from that flow and its remotes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from tests.engine.payments import PaperPlatform, Payment, Platform, flow
from workflow import Calendar
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remote
from workflow.testing import bench

HOURS = Calendar("platform", time(8), time(23), "Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


async def test_at_a_closed_remote_it_is_the_remote_that_is_waited_for(tmp_path: Path) -> None:
    remotes = [Remote("payment_platform", Platform, PaperPlatform(), calendar=HOURS)]
    async with bench(Plan(flow), tmp_path, remotes=remotes, start=NIGHT) as payments:
        await payments.open(Payment())
        await payments.sweep()
        why = await payments.why()
        assert (why.reason, why.who) == ("closed", "payment_platform")
