"""Two flows in one installation, one address missing: from the worker's start to what people read, and past it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import Record, open_record
from caseward.app.process import open_runs
from tests.console.transcripts import spoken
from tests.engine.letters import Letter, Office, PaperOffice, S, done, letters, post
from tests.engine.parcels import LOST, PAID, parcels
from tests.engine.payments import PaperPlatform, Platform
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow import To
from workflow.flow.remotes import Remote
from workflow.record.values import EffectStatus
from workflow.settings import Address, read_settings
from workflow.store import NewCase
from workflow.system import System, SystemSettings

VARIABLE = "CASEWARD_SHOP_PLATFORM_URL"
OFFICE = PaperOffice()


class Shop(SystemSettings):
    """Where parcels are paid."""

    platform_url: Address = ""


SHOP = System(
    "shop",
    "商店",
    "Shop",
    flows=(letters(To(S.posted, do=post)).flow, parcels(PAID).flow),
    remotes=(
        Remote("office", Office, OFFICE, settles=timedelta(0)),
        Remote("payment_platform", Platform, PaperPlatform("paid"), needs=("platform_url",)),
    ),
    settings=Shop,
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CASEWARD_APP", f"{__name__}:SHOP")
    monkeypatch.setenv("COLUMNS", "200")


async def opened(record: Record, flow: str, prefix: str) -> None:
    new = NewCase(flow, 1, prefix, "written", Letter().model_dump(mode="json"))
    await record.store.create([new], actor="person:clerk", reason=None, now=await record.clock.business())


async def later(record: Record, by: timedelta) -> None:
    await record.clock.jump(await record.clock.business() + by)


async def worked() -> None:
    """What a worker does that is started now; it is alive still when this is over."""
    async with open_runs(read_settings(), ["http"], at_once=1, poll=timedelta(seconds=5)) as process:
        for flow in ("letters", "parcels"):
            await process.workers.http.sweep(flow, "written")
        await process.record.store.heartbeat(
            "host/1/1", "worker", queues=["http", "browser"],
            doing={"runs": 0, **({"lacks": [*process.runs.lacks]} if process.runs.lacks else {})},
            real=await process.record.clock.real(),
        )  # fmt: skip


async def began() -> None:
    """A parcel in doubt, and two cases that nobody has looked at."""
    OFFICE.loses, OFFICE.answers = [LOST], [done("asked")]
    async with open_record(read_settings()) as record:
        await opened(record, "parcels", "PC")
        await worked()
        (effect,) = (await record.store.case("PC-0001")).claim.effects
        assert effect.status is EffectStatus.unknown
        await opened(record, "parcels", "PC")
        await opened(record, "letters", "LT")


async def missed() -> None:
    async with open_record(read_settings()) as record:
        await worked()
        rows = {number: await record.store.case(number) for number in ("PC-0001", "PC-0002", "LT-0001")}
        assert {number: row.claim.state for number, row in rows.items()} == {
            "PC-0001": S.posted,
            "PC-0002": S.written,
            "LT-0001": S.posted,
        }
        assert rows["PC-0001"].claim.data["receipt"] == "asked"


async def two_hours_went_by() -> None:
    async with open_record(read_settings()) as record:
        await later(record, timedelta(hours=2))
    await worked()


async def went_on() -> None:
    async with open_record(read_settings()) as record:
        await later(record, timedelta(minutes=10))
        await worked()
        assert (await record.store.case("PC-0002")).claim.state == S.posted


def why(number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spoken(["case", "why", number, "--json"])[1])
    return found


def outages() -> list[tuple[str, str, int]]:
    told = json.loads(spoken(["incident", "list", "--json"])[1])["outages"]
    return [(one["kind"], one["about"], one["count"]) for one in told if one["kind"] == "setting_missing"]


def test_one_address_is_missing_and_then_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks why has the setting in his own environment: it is the worker that lacks it."""
    monkeypatch.setenv(VARIABLE, "https://platform.example")
    asyncio.run(began())
    monkeypatch.delenv(VARIABLE)
    asyncio.run(missed())
    assert outages() == []
    asyncio.run(two_hours_went_by())
    monkeypatch.setenv(VARIABLE, "https://platform.example")
    told = why("PC-0002")
    assert (told["reason"], told["detail"]) == ("unset", {"settings": [VARIABLE], "workers": ["host/1/1"]})
    assert told["headline"] == {"en": f"Waits until these are set: {VARIABLE}", "zh-CN": f"等待设置 {VARIABLE}"}
    assert VARIABLE not in json.dumps([why("PC-0001"), why("LT-0001")])
    assert outages() == [("setting_missing", VARIABLE, 1)]
    for language in ("en", "zh"):
        said = " ".join(spoken(["--lang", language, "incident", "list"])[2].split())
        assert VARIABLE in said
        assert "host/1/1" in said
    asyncio.run(went_on())
    assert VARIABLE not in json.dumps(why("PC-0002"))
    assert outages() == []
