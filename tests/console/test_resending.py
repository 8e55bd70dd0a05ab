"""A notice that reached nobody is sent again by a person, to the number on file now, once more each time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import Record, open_record
from states.copyright.registration import Registration
from tests.console.transcripts import spoken
from tests.flows.matters import people
from workflow.engine.notices import UNSENT
from workflow.engine.receipts import UNDELIVERED
from workflow.record.values import Commit, Message, NewIncident
from workflow.sentence import Quote
from workflow.settings import read_settings
from workflow.store import NewCase

NUMBER = "RZ-0001"
REASON = ["--reason", "the owner gave another number"]
FATES = {"o1": "failed", "o2": "undelivered", "o3": "unknown"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    asyncio.run(done(filled))
    return tmp_path / "data"


async def done(work: Callable[[Record], Any]) -> Any:
    async with open_record(read_settings()) as record:
        return await work(record)


async def filled(record: Record) -> None:
    """Three owners, of whose notices each had another fate; of both that were lost a person was told."""
    store, now, real = record.store, await record.clock.business(), await record.clock.real()
    new = NewCase("copyright", 1, "RZ", "submitted", people().model_dump(mode="json"))
    (case,) = await store.create([new], actor="x", reason=None, now=now)
    told = tuple(Message("filed_notice", owner, "13800138000", f"text for {owner}") for owner in FATES)
    new_incidents = (NewIncident(UNSENT, "sms:x", {}, bars=False), NewIncident(UNDELIVERED, "sms:y", {}, bars=False))
    commit = Commit(guard="version", messages=told, new_incidents=new_incidents)
    await store.command(case.case, None, lambda _: commit, now=now, real=real)
    await fated(record, FATES)


async def fated(record: Record, fates: dict[str, str]) -> None:
    store, now, real = record.store, await record.clock.business(), await record.clock.real()
    for one in await store.due_messages(9, owner="x", now=now, real=real, lease=timedelta(seconds=60)):
        match fates[one.recipient]:
            case "failed":
                await store.message_failed(one.id, Quote("no such number"), now=now)
            case "unknown":
                await store.message_unknown(one.id, Quote("no reply"), now=now)
            case fate:
                await store.message_sent(one.id, now=now, number=f"M{one.id[:4]}", receipt_at=now)
                await store.receipt(one.id, fate)


async def queued(record: Record) -> list[tuple[str, str, str, str]]:
    claim = (await record.store.case(NUMBER)).claim
    rows = await record.store.messages_of(claim.case)
    return [(one.occasion, one.recipient, one.address, one.text) for one in rows if one.status == "queued"]


def resent(*args: str) -> tuple[int, str, str]:
    return spoken(["--lang", "en", "case", "resend", NUMBER, *args, *REASON])


def open_kinds() -> set[str]:
    return {str(one["kind"]) for one in json.loads(spoken(["incident", "list", "--json"])[1])["data"]}


@pytest.mark.usefixtures("data")
def test_all_that_reached_nobody_go_out_again_to_the_number_on_file_now() -> None:
    code, said, _ = resent()
    assert code == 0, said
    phones = {owner.id: owner.mobile for owner in people().owners}
    assert sorted(asyncio.run(done(queued))) == [
        ("filed_notice/again1", owner, phones[owner], f"text for {owner}") for owner in ("o1", "o2")
    ]
    assert open_kinds() == set()
    history = json.loads(spoken(["case", "history", NUMBER, "--json"])[1])["data"]
    (event,) = [one for one in history if one["kind"] == "noted"]
    assert event["actor"].startswith("person:")
    assert event["reason"] == REASON[1]
    assert sorted(one["recipient"] for one in event["body"]["told"]) == ["o1", "o2"]


@pytest.mark.usefixtures("data")
def test_one_that_is_on_its_way_is_not_sent_again_and_one_that_failed_again_may_be() -> None:
    assert resent()[0] == 0
    code, _, complained = resent("filed_notice", "--owner", people().owners[0].name)
    assert (code, "on its way" in complained) == (6, True)
    asyncio.run(done(lambda record: fated(record, {"o1": "failed", "o2": "delivered"})))
    code, _, complained = resent("filed_notice", "--owner", "o2")
    assert (code, "it arrived" in complained) == (6, True)
    assert resent()[0] == 0
    assert [one[:2] for one in asyncio.run(done(queued))] == [("filed_notice/again2", "o1")]


@pytest.mark.usefixtures("data")
def test_what_is_left_lost_keeps_its_incident() -> None:
    assert resent("filed_notice", "--owner", "o2")[0] == 0
    assert open_kinds() == {UNSENT}


@pytest.mark.usefixtures("data")
def test_one_of_which_nobody_can_tell_goes_out_again_only_by_its_name() -> None:
    assert resent("--owner", "o3")[0] == 6
    assert resent("filed_notice", "--owner", "o3")[0] == 0
    assert [one[:2] for one in asyncio.run(done(queued))] == [("filed_notice/again1", "o3")]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("args", [["nonsense"], ["filed_notice", "--owner", "nobody"]])
def test_a_mistyped_name_is_refused_with_those_that_there_are(args: list[str]) -> None:
    code, _, complained = resent(*args)
    assert code in (2, 3)
    assert "filed_notice" in complained or people().owners[0].name in complained


@pytest.mark.usefixtures("data")
def test_an_owner_without_a_phone_is_not_written_to_under_the_old_one() -> None:
    async def phoneless(record: Record) -> None:
        row = await record.store.case(NUMBER)
        data = Registration.model_validate(row.claim.data)
        owners = tuple(one.model_copy(update={"phone": None}) for one in data.owners)
        given = data.model_copy(update={"owners": owners}).model_dump(mode="json")
        now, real = await record.clock.business(), await record.clock.real()
        commit = Commit(guard="version", data=given)
        await record.store.command(row.claim.case, None, lambda _: commit, now=now, real=real)

    asyncio.run(done(phoneless))
    code, _, complained = resent()
    assert (code, "no number on file" in complained) == (6, True)
    assert asyncio.run(done(queued)) == []


@pytest.mark.usefixtures("data")
def test_why_names_what_is_not_known_to_have_arrived_until_it_is_sent_again() -> None:
    for language in ("en", "zh-CN"):
        said = " ".join(spoken(["--lang", language, "case", "why", NUMBER])[1].split())
        assert all(f"→ {owner.name}" in said for owner in people().owners)
        assert f"caseward case resend {NUMBER}" in said
    told = json.loads(spoken(["case", "why", NUMBER, "--json"])[1])["notices"]
    assert sorted(one["recipient"] for one in told) == ["o1", "o2", "o3"]
    assert resent()[0] == 0
    told = json.loads(spoken(["case", "why", NUMBER, "--json"])[1])["notices"]
    assert [one["recipient"] for one in told] == ["o3"]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("named", [[], ["filed_notice"]])
def test_a_mistyped_recipient_is_told_who_was_written_to(named: list[str]) -> None:
    code, _, complained = resent(*named, "--owner", "o7")
    assert (code, "no recipient o7" in complained, "(o1)" in complained) == (2, True, True)
