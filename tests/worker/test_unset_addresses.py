"""An address that nobody has set keeps only waiting what needs it; all else opens and works."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.bureau.sessions import SignIn
from caseward.app.adapters import open_workers
from caseward.app.installation import open_record
from caseward.app.process import open_runs
from caseward.app.systems import Installed, Systems, read_systems
from states.copyright.system import system as copyright_
from tests.engine.payments import Platform
from tests.engine.payments import flow as payments
from workflow.errors import NotSent
from workflow.flow.remotes import Remote
from workflow.settings import read_settings
from workflow.system import System

ALL = ("PORTAL_URL", "GENERATOR_URL", "RECORDS_URL", "SMS_URL", "CODES_URL", "CODES_ADDRESS", "PROGRESS_URL")
ADDRESSES = (*ALL, "PROGRESS_ADDRESS")


def set_all(monkeypatch: pytest.MonkeyPatch, *but: str) -> None:
    for name in ADDRESSES:
        monkeypatch.delenv(f"CASEWARD_COPYRIGHT_{name}", raising=False)
        if name not in but:
            here = "example.com" if name.endswith("ADDRESS") else f"http://127.0.0.1:9/{name.lower()}"
            monkeypatch.setenv(f"CASEWARD_COPYRIGHT_{name}", here)


@pytest.mark.parametrize(
    ("missing", "waiting"),
    [
        ("GENERATOR_URL", {"copyright": ["CASEWARD_COPYRIGHT_GENERATOR_URL"]}),
        ("PORTAL_URL", {"copyright": ["CASEWARD_COPYRIGHT_PORTAL_URL"], "accounts": ["CASEWARD_COPYRIGHT_PORTAL_URL"]}),
        ("CODES_URL", {"copyright": ["CASEWARD_COPYRIGHT_CODES_URL"]}),
        ("SMS_URL", {"copyright": ["CASEWARD_COPYRIGHT_SMS_URL"]}),
    ],
)
def test_the_flows_that_wait_are_those_that_need_the_address(
    missing: str, waiting: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_all(monkeypatch, missing)
    settings = read_settings(data_dir=tmp_path)
    system = System("payments", "支付", "Payments", flows=(payments,), remotes=(Remote("payment_platform", Platform),))
    beside = Installed(system, system.settings(), {})
    assert Systems((*read_systems(settings).installed, beside)).unset == waiting


def test_each_notice_of_the_registration_is_known_with_its_settings(tmp_path: Path) -> None:
    (installed,) = (one for one in read_systems(read_settings(data_dir=tmp_path)).installed if one.system is copyright_)
    told = {line.tell for flow in installed.flows for _, line in flow.lines() if line.tell is not None}
    assert told == set(installed.system.notice_needs)


async def test_workers_open_without_any_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(monkeypatch, *ADDRESSES)
    settings = read_settings(data_dir=tmp_path / "data")
    async with open_record(settings) as record, open_workers(record, None) as workers:
        assert sorted(record.systems.unset) == ["accounts", "copyright"]
        for one in workers.dependencies.values():
            lacking = {remote.name for remote in one.remotes.all() if remote.lacks}
            assert lacking == {"generator", "records", "sms", "sessions", "portal", "sign_in"}
            assert set(one.unsaid["copyright"]) >= {"code_notice", "filed_notice"}
        assert workers.probes == []
        with pytest.raises(NotSent, match="CASEWARD_COPYRIGHT_SMS_URL is not set"):
            await workers.channels["sms"].send("13800138000", "text", "occasion")
        (sign_in,) = (one for one in workers.remotes.all() if one.protocol is SignIn)
        assert (sign_in.connect, sign_in.lacks) == (None, ("CASEWARD_COPYRIGHT_PORTAL_URL",))


async def test_a_worker_says_at_its_start_what_is_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(monkeypatch, "PORTAL_URL")
    settings = read_settings(data_dir=tmp_path / "data")
    with capture_logs() as logs:
        async with open_runs(settings, ["http"], at_once=1, poll=settings.poll) as process:
            serving = asyncio.create_task(process.runs.serve())
            while not (alive := await process.record.store.heartbeats()):  # noqa: ASYNC110 - it is written, not told
                await asyncio.sleep(0)
            await process.runs.end(timedelta(0))
            await serving
    assert [one.lacks for one in alive] == [("CASEWARD_COPYRIGHT_PORTAL_URL",)]
    told = {one["flow"]: one["settings"] for one in logs if one["event"] == "worker.unset"}
    assert told == {"copyright": ["CASEWARD_COPYRIGHT_PORTAL_URL"], "accounts": ["CASEWARD_COPYRIGHT_PORTAL_URL"]}
