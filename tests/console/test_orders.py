"""What people order: each order is on record with its person, and refused where it would do harm."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import open_record
from tests.console.transcripts import spoken
from workflow.settings import read_settings

WHY = "版权中心来函要求补正"


def ordered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def last_event(number: str) -> Any:
    return ordered("case", "history", number)["data"][-1]


def event(number: str, kind: str) -> Any:
    return [line for line in ordered("case", "history", number)["data"] if line["kind"] == kind][-1]


@pytest.mark.usefixtures("copied")
def test_a_held_case_rests_until_it_is_resumed() -> None:
    held = ordered("case", "hold", "RZ-0010", "--reason", "等专利")
    assert (held["standing"], held["reason"], held["held"]) == ("paused", "held", "等专利")
    assert event("RZ-0010", "held")["reason"] == "等专利"
    assert event("RZ-0010", "held")["actor"].startswith("person:")
    assert ordered("case", "resume", "RZ-0010")["held"] is None


@pytest.mark.usefixtures("copied")
def test_an_order_that_would_change_nothing_leaves_no_event() -> None:
    before = ordered("case", "show", "RZ-0010")["version"]
    assert "not on hold" in ordered("case", "resume", "RZ-0010", code=6)["detail"]
    assert ordered("case", "auto", "RZ-0010", "on")["auto"] is True
    assert "already" in spoken(["case", "auto", "RZ-0010", "on"])[1]
    assert spoken(["case", "note", "RZ-0010", "  "])[0] == 2
    assert ordered("case", "show", "RZ-0010")["version"] == before


@pytest.mark.usefixtures("copied")
def test_after_an_order_what_the_look_before_saw_is_said_to_be_that() -> None:
    told = spoken(["case", "retry", "RZ-0001", "--reason", "客户来电"])[1]
    assert "A new look is due. At the last one, 19:42" in told
    assert "A new look" not in spoken(["case", "hold", "RZ-0001", "--reason", "等"])[1]


@pytest.mark.usefixtures("copied")
def test_full_auto_is_switched_with_a_reason() -> None:
    assert ordered("case", "auto", "RZ-0010", "off", "--reason", "客户自办")["auto"] is False
    assert event("RZ-0010", "changed")["reason"] == "客户自办"
    assert ordered("case", "auto", "RZ-0010", "on")["auto"] is True


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize(
    "order",
    [
        ("hold", "RZ-0001", "--reason", "x"),
        ("resume", "RZ-0001"),
        ("auto", "RZ-0001", "off"),
        ("retry", "RZ-0001", "--reason", "x"),
        ("force", "RZ-0001", "submitted", "--reason", WHY, "--even-so"),
        ("settle", "RZ-0004", "confirm", "--happened", "--reason", "x"),
        ("assign", "RZ-0006", "lanxi-rz-02", "--reason", "x"),
    ],
)
def test_an_order_on_an_older_version_than_the_case_has_is_a_conflict(order: tuple[str, ...]) -> None:
    before = ordered("case", "show", order[1])["version"]
    error = ordered("case", *order, "--version", "77", code=5)
    assert "you saw 77" in error["detail"]
    assert ordered("case", "show", order[1])["version"] == before


@pytest.mark.usefixtures("copied")
def test_a_force_puts_the_case_where_it_is_told_and_into_a_new_round_if_wanted() -> None:
    forced = ordered("case", "force", "RZ-0001", "needs_correction", "--reason", WHY, "--new-round", "--even-so")
    assert (forced["state"], forced["round"]) == ("needs_correction", 1)
    assert (event("RZ-0001", "forced")["reason"], forced["version"]) == (WHY, event("RZ-0001", "forced")["seq"])


@pytest.mark.usefixtures("copied")
def test_a_force_to_where_the_case_is_says_what_it_does() -> None:
    """It was said as if the case had moved."""
    told = " ".join(spoken(["case", "force", "RZ-0010", "unprocessed", "--reason", WHY])[1].split())
    assert "already: it stays in its round" in told
    anew = ["case", "force", "RZ-0010", "unprocessed", "--reason", WHY, "--new-round", "--even-so"]
    again = " ".join(spoken(anew)[1].split())
    assert "already" not in again


@pytest.mark.usefixtures("copied")
def test_a_force_over_what_nobody_knows_is_refused_until_its_outcome_is_stated() -> None:
    error = ordered("case", "force", "RZ-0004", "submitted", "--reason", WHY, code=6)
    assert (error["code"], "--happened confirm" in error["hint"]) == ("outcome_unknown", True)
    forced = ordered("case", "force", "RZ-0004", "submitted", "--reason", WHY, "--happened", "confirm")
    assert forced["state"] == "submitted"
    case = ordered("case", "show", "RZ-0004")
    assert [effect["status"] for effect in case["effects"]] == ["done"]
    kinds = [line["kind"] for line in ordered("case", "history", "RZ-0004")["data"]]
    assert kinds[-2:] == ["settled", "forced"]


@pytest.mark.usefixtures("copied")
def test_one_action_cannot_have_happened_and_not_happened() -> None:
    both = ("--happened", "confirm", "--not-happened", "confirm")
    assert ordered("case", "force", "RZ-0004", "submitted", "--reason", WHY, *both, code=2)["code"] == "usage"
    assert ordered("case", "show", "RZ-0004")["effects"][0]["status"] == "unknown"


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("reason", ["", "       ", "太短了", "1234567"])
def test_a_force_wants_a_reason_of_eight_characters(reason: str) -> None:
    error = ordered("case", "force", "RZ-0001", "granted", "--reason", reason, code=2)
    assert error["code"] == "reason_required"
    assert ordered("case", "show", "RZ-0001")["state"] == "awaiting_captcha"


@pytest.mark.usefixtures("copied")
def test_what_a_person_found_out_is_settled_once() -> None:
    settle = ("case", "settle", "RZ-0004", "confirm", "--not-happened", "--reason", "查无此件")
    ordered(*settle)
    assert ordered("case", "show", "RZ-0004")["effects"][0]["status"] == "not_sent"
    assert "already" in ordered(*settle, code=5)["detail"]


@pytest.mark.usefixtures("copied")
def test_a_settlement_says_whether_it_happened() -> None:
    assert ordered("case", "settle", "RZ-0004", "confirm", "--reason", "x", code=2)["code"] == "usage"
    wrong = ("--happened", "--reason", "x", "--result", "[1]")
    assert "--result" in ordered("case", "settle", "RZ-0004", "confirm", *wrong, code=2)["detail"]


@pytest.mark.usefixtures("copied")
def test_what_was_learned_of_a_settled_action_is_the_cases_own() -> None:
    learned = ("--result", '{"serial_number": "2090SR0001"}')
    ordered("case", "settle", "RZ-0004", "confirm", "--happened", "--reason", "电话查到", *learned)
    assert ordered("case", "show", "RZ-0004")["effects"][0]["status"] == "done"
    assert event("RZ-0004", "settled")["body"]["result"] == {"serial_number": "2090SR0001"}


@pytest.mark.usefixtures("copied")
def test_a_retry_closes_what_bars_the_case() -> None:
    assert ordered("case", "retry", "RZ-0003", "--reason", "网页已恢复")["standing"] == "moving"
    assert ordered("incident", "list")["data"] == []
    (closed,) = ordered("incident", "list", "--all")["data"]
    assert (closed["number"], closed["closed_at"] is None) == ("RZ-0003", False)


@pytest.mark.usefixtures("copied")
def test_an_incident_is_resolved_by_the_beginning_of_its_id_and_once() -> None:
    (one,) = ordered("incident", "list")["data"]
    assert (one["kind"], set(one["label"])) == ("drifted", {"zh-CN", "en"})
    closed = ordered("incident", "resolve", one["id"][:10], "--reason", "网页已恢复")
    assert (closed["close_reason"], closed["closed_by"].split(":")[0]) == ("网页已恢复", "person")
    assert "closed already" in ordered("incident", "resolve", one["id"], "--reason", "x", code=5)["detail"]
    assert ordered("case", "show", "RZ-0003")["standing"] == "moving"


@pytest.mark.usefixtures("copied")
def test_every_incident_shows_what_settles_it() -> None:
    (one,) = ordered("incident", "list")["data"]
    code, out, _ = spoken(["incident", "show", one["id"][:8]])
    assert (code, "caseward case retry RZ-0003" in out) == (0, True)


@pytest.mark.usefixtures("copied")
def test_a_watch_ends_at_once_where_the_case_is_already() -> None:
    code, out, err = spoken(["case", "watch", "RZ-0001", "--until", "awaiting_captcha"])
    assert (code, out) == (0, "")
    assert err.startswith("RZ-0001  ")
    assert spoken(["case", "watch", "RZ-0009"])[0] == 0, "it has ended"


@pytest.mark.usefixtures("copied")
def test_a_watch_tells_an_end_elsewhere_from_an_end_in_vain() -> None:
    assert ordered("case", "watch", "RZ-0009", "--until", "rejected", code=1)["code"] == "ended_elsewhere"
    assert ordered("case", "watch", "RZ-0001", "--until", "granted", "--timeout", "0.1", code=7)["code"] == "timeout"
    assert ordered("case", "watch", "RZ-0001", "--until", "grunted", code=2)["code"] == "usage"


def test_orders_on_a_case_that_is_not_there_are_not_found(on_stage: Path) -> None:
    for args in (["hold", "RZ-0077", "--reason", "x"], ["force", "RZ-0077", "granted", "--reason", WHY]):
        assert ordered("case", *args, code=3)["code"] == "not_found"


@pytest.mark.usefixtures("copied")
def test_a_force_while_a_worker_is_at_work_names_the_worker_and_a_hold_is_taken() -> None:
    asyncio.run(_at_work("unprocessed"))
    error = ordered("case", "force", "RZ-0010", "granted", "--reason", WHY, code=5)
    assert "office/4121/99 is at work on it until" in error["detail"]
    assert ordered("case", "hold", "RZ-0010", "--reason", "等专利")["held"] == "等专利"


async def _at_work(state: str) -> None:
    async with open_record(read_settings()) as record:
        claimed = await record.store.claim(
            flow="copyright", state=state, cutoff=await record.clock.business(), real=await record.clock.real(),
            lease=timedelta(minutes=5), limit=10, owner="office/4121/99", queue="http",
        )  # fmt: skip
        assert "RZ-0010" in [claim.number for claim in claimed]
