"""`case why` knows what is around a case: each reason really happens on a record, and where all is well none does."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import Record, open_record
from tests.console.stage import NOW, WORKER, at, check, guard
from tests.console.transcripts import spoken
from workflow.record.values import Commit, Entry
from workflow.scheduler.beat import Beat
from workflow.schedules.due_instants import Row
from workflow.settings import read_settings
from workflow.store import NewCase

pytestmark = pytest.mark.usefixtures("copied")
NEW = "RZ-0010"
"""Opened, in a state that schedule `unprocessed` sweeps, and never looked at."""
MINUTE = timedelta(minutes=1)
Deed = Callable[[Record], Awaitable[object]]


def done(*deeds: Deed) -> None:
    async def work() -> None:
        async with open_record(read_settings()) as record:
            for deed in deeds:
                await deed(record)

    asyncio.run(work())


def why(number: str = NEW) -> dict[str, Any]:
    code, out, err = spoken(["case", "why", number, "--json"])
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    assert all(found["headline"][language] for language in ("en", "zh-CN"))
    return found


def told(number: str = NEW) -> tuple[str, str, str | None]:
    """The reason, who can change it, and the command that helps."""
    found = why(number)
    return found["reason"], found["who"], found["cure"]


def edited(**changes: Any) -> Deed:
    return lambda record: record.timetable("person:何清").edit("unprocessed", changes, "检修")


def jumped(by: timedelta) -> Deed:
    return lambda record: record.clock.jump(NOW + by)


def alive(kind: str, *queues: str) -> Deed:
    async def deed(record: Record) -> None:
        real = await record.clock.real()
        await record.store.heartbeat(f"office/{kind}", kind, queues=queues, doing={}, real=real)

    return deed


def beaten(record: Record) -> Awaitable[object]:
    return Beat(record.store, record.clock, record.rules, "office/5/beat").once()


def pending(ago: timedelta, queue: str = "http", name: str = "unprocessed") -> Deed:
    """A run of the case's schedule, or of another, that was made so long ago, and that nobody has begun."""

    async def deed(record: Record) -> None:
        real, schedule = await record.clock.real(), await record.store.schedule(name)
        row = Row(NOW - ago, NOW - ago)
        assert await record.store.win(
            schedule, [row], next_run_at=schedule.next_run_at, queue=queue, actor="beat", real=real - ago
        )

    return deed


def written(number: str, commit: Commit) -> Deed:
    async def deed(record: Record) -> None:
        await record.store.command(number, None, lambda _: commit, now=NOW, real=await record.clock.real())

    return deed


async def deleted(record: Record) -> None:
    await record.timetable("person:何清").delete("unprocessed", "不再需要")


def test_a_disabled_schedule_is_named_with_what_enables_it() -> None:
    assert told() == ("not_looked_at", "system", None)
    done(edited(enabled=False))
    assert told() == ("schedule_disabled", "operator", "caseward schedule resume unprocessed --reason TEXT")
    assert why()["next_look"] is None
    assert why()["headline"]["zh-CN"] == "任务 unprocessed 已停用，没有人检查此题目"
    done(lambda record: record.timetable("person:何清").resume("unprocessed", "检修结束"))
    assert told()[0] == "not_looked_at"


def test_a_paused_schedule_says_until_when_and_why() -> None:
    done(lambda record: record.timetable("person:何清").pause("unprocessed", NOW + timedelta(days=1), "网关检修"))
    assert told() == ("schedule_paused", "operator", "caseward schedule resume unprocessed --reason TEXT")
    said = "Its schedule unprocessed is paused until 03-08 19:47 (Asia/Shanghai): 网关检修"
    assert why()["headline"]["en"] == said
    done(jumped(timedelta(days=1, minutes=1)), beaten)
    assert told()[0] == "not_looked_at", "the pause is over by itself"


def test_a_deleted_schedule_is_brought_back_by_restore() -> None:
    done(deleted)
    assert told() == ("schedule_deleted", "operator", "caseward schedule restore unprocessed --reason TEXT")


def test_a_schedule_that_cannot_be_read_says_what_is_wrong(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("UPDATE schedules SET timing = 'each full moon' WHERE name = 'unprocessed'")
    database.close()
    assert told() == ("schedule_unreadable", "operator", "caseward schedule show unprocessed")


def test_outside_the_calendar_it_goes_on_at_the_opening() -> None:
    done(jumped(timedelta(hours=5)), beaten)
    found = why()
    assert (found["reason"], found["who"], found["cure"]) == ("closed", "bureau", None)
    assert found["detail"]["until"] == "2090-03-08T00:00:00+00:00"
    assert "only in the hours of the bureau (08:00-23:00 Asia/Shanghai)" in found["headline"]["en"]
    assert (found["next_look"], found["further"]) == ("2090-03-08T08:00:00+08:00", [])


def test_what_was_closed_at_the_last_look_is_closed_no_longer() -> None:
    assert told("RZ-0005") == ("closed", "portal", None)
    done(jumped(timedelta(hours=13)), beaten)
    assert told("RZ-0005") == ("not_looked_at", "system", None)


def test_without_a_beat_an_instant_goes_by_and_is_said() -> None:
    done(jumped(timedelta(hours=1)))
    assert told() == ("beat_down", "operator", "caseward beat")
    done(alive("beat"))
    assert told() == ("schedule_late", "operator", "caseward schedule log unprocessed")
    done(beaten)
    assert told()[0] == "not_looked_at"


def test_a_run_that_no_worker_takes_names_the_queue() -> None:
    done(pending(2 * MINUTE), alive("beat"), alive("worker", "browser"))
    assert told() == ("no_worker", "operator", "caseward worker -Q http")
    done(alive("worker", "browser", "http"))
    assert told()[0] == "not_looked_at", "a worker of several queues serves each of them"


def test_a_run_that_went_on_to_the_browser_waits_for_a_worker_of_that_queue() -> None:
    done(pending(2 * MINUTE, "browser"), alive("beat"), alive("worker", "http"))
    assert told() == ("no_worker", "operator", "caseward worker -Q browser")


def test_workers_that_do_not_keep_up_are_a_backlog() -> None:
    done(pending(20 * MINUTE), alive("beat"), alive("worker", "http"))
    found = why()
    assert (found["reason"], found["standing"], found["detail"]["runs"]) == ("queue_backlog", "waiting", 1)


def test_all_in_one_process_is_worker_and_beat() -> None:
    done(pending(2 * MINUTE), beaten, alive("embedded", "http", "browser"))
    assert (told()[0], why()["further"]) == ("not_looked_at", [])


def test_an_account_whose_login_waits_for_a_person_is_named() -> None:
    account = next(row["account"] for row in json.loads(spoken(["case", "list", "--json"])[1])["data"]
                   if row["number"] == "RZ-0006")  # fmt: skip
    assert told("RZ-0006") == ("login_needed", "operator", f"caseward account login {account}")
    done(lambda record: _of_account(record, "RZ-0006", "wrong_password"))
    assert told("RZ-0006") == ("account_unusable", "operator", f"caseward account set-password {account}")
    found = why("RZ-0006")
    assert account in found["headline"]["zh-CN"]
    assert found["further"] == [], "no login is asked for beside the password that it needs first"


async def _of_account(record: Record, number: str, state: str) -> None:
    account = (await record.store.case(number)).claim.account
    own = (await record.store.account(account or "")).case
    await record.commands("person:何清").force(own or "", state, "该账号多次登录失败", new_round=False)


def test_a_case_that_no_account_can_take_says_so_but_not_while_one_is_about_to_log_in() -> None:
    done(_without_account)
    assert told("RZ-0011")[0] == "not_looked_at"
    done(_all_wrong)
    assert told("RZ-0011") == ("account_missing", "operator", "caseward account list")


async def _without_account(record: Record) -> None:
    data = (await record.store.case(NEW)).claim.data
    new = NewCase("copyright", 1, "RZ", "generating", {**data, "account": None}, subject="other", queue="browser")
    await record.store.create([new], actor="person:何清", reason=None, now=NOW)


async def _all_wrong(record: Record) -> None:
    for account in await record.store.accounts():
        await record.commands("person:何清").force(account.case or "", "wrong_password", "该账号密码已全部更换")


def test_an_account_that_is_at_work_elsewhere_is_no_ones_fault() -> None:
    async def taken(record: Record) -> None:
        account = (await record.store.case(NEW)).claim.account
        lease = {"owner": WORKER, "real": await record.clock.real(), "lease": timedelta(hours=1), "cutoff": NOW}
        assert account is not None
        assert await record.store.lease_seat("portal", account=account, **lease)  # type: ignore[arg-type]

    done(written(NEW, Commit("version", queue="browser", due_at=NOW)), taken)
    assert told() == ("accounts_busy", "system", None)


def test_a_remote_that_does_not_answer_is_named_where_the_state_asks_it() -> None:
    async def down(record: Record, times: int) -> None:
        for _ in range(times):
            await record.store.note_health("generator", "down", None, latency_ms=None, now=NOW)

    done(lambda record: down(record, 4))
    assert told()[0] == "not_looked_at", "a few calls that fail are no outage"
    done(lambda record: down(record, 1))
    assert told() == ("circuit_open", "system", "caseward doctor")
    assert told("RZ-0001")[0] == "input_missing", "its state asks another"


def waits(number: str, state: str, who: str | None, **due: Any) -> Deed:
    """A look at this state found that a guard says no."""
    said = guard("reviewed", False, **({"waits_for": who} if who else {}))
    body = {"why": "guards", "state": state, "lines": [{"line": "granted[reviewed]", "guards": [said]}]}
    entry = Entry("forced", {"from": "unprocessed", "to": state, "round": 0, "patch": {}}, "person:何清", "测试")
    commit = Commit("version", (entry,), state=state, check=check(at(34), NOW, 1, **body), **due)
    return written(number, commit)


def test_a_guard_that_says_no_waits_for_a_person_or_for_a_system_outside() -> None:
    assert told("RZ-0001")[:2] == ("input_missing", "owner")
    done(waits(NEW, "submitted", "bureau", due_at=NOW + timedelta(hours=20)))
    assert told() == ("external_wait", "bureau", None)


def test_where_nobody_is_waited_for_the_recheck_is_what_it_waits_for() -> None:
    later = NOW + timedelta(hours=2)
    done(waits("ZH-0001", "alive", None, due_at=later))
    found = why("ZH-0001")
    assert (found["reason"], found["who"], found["standing"]) == ("recheck_not_due", "nobody", "waiting")
    assert "21:47" in found["headline"]["en"]
    done(jumped(timedelta(hours=3)), beaten)
    assert told("ZH-0001")[0] == "guard_false"


def test_what_is_told_first_hides_nothing_that_a_person_must_do() -> None:
    done(edited(enabled=False))
    found = why("RZ-0003")
    assert (found["reason"], [one["reason"] for one in found["further"]]) == ("incident_open", ["schedule_disabled"])
    text = spoken(["case", "why", "RZ-0003"])[1]
    assert "Its schedule unprocessed is disabled" in text
    assert "caseward schedule resume unprocessed --reason TEXT" in text


def test_who_is_done_held_or_by_hand_is_not_troubled_with_schedules() -> None:
    done(edited(enabled=False), jumped(timedelta(hours=1)))
    found = {number: why(number) for number in ("RZ-0009", "RZ-0002", "RZ-0008")}
    assert [one["reason"] for one in found.values()] == ["terminal", "held", "auto_off"]
    assert [one["further"] for one in found.values()] == [[], [], []]


def test_a_schedule_that_is_run_by_hand_alone_alarms_nobody() -> None:
    done(edited(enabled=False), lambda record: record.timetable("person:何清").run_now("unprocessed"))
    assert told()[0] == "not_looked_at", "the run that somebody asked for looks at it"


def test_a_schedule_without_an_instant_left_alarms_nobody(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        database.execute("UPDATE schedules SET next_run_at = NULL WHERE name = 'unprocessed'")
    database.close()
    done(jumped(timedelta(hours=1)))
    assert (told()[0], why()["further"]) == ("not_looked_at", [])


def test_a_list_says_the_same() -> None:
    done(edited(enabled=False))
    rows = {row["number"]: row for row in json.loads(spoken(["case", "list", "--json"])[1])["data"]}
    assert (rows[NEW]["reason"], rows["RZ-0001"]["reason"]) == ("schedule_disabled", "input_missing")
