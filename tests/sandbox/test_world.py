"""One ledger is all there is: a restart replays it, a torn line goes, time moves only forward."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from caseward.sandbox.app import create
from caseward.sandbox.captcha import draw, seen_by_a_person
from caseward.sandbox.ledger import Ledger, LedgerBroken
from caseward.sandbox.scenario import BadWorld
from tests.sandbox.conftest import TITLE, world
from tests.sandbox.office import SIGNED, Outside

ORDER = {"title": TITLE, "version": "V1.0"}


async def test_a_restart_finds_everything_as_it_was(tmp_path: Path) -> None:
    async with Outside(tmp_path, world()) as before:
        clerk = await before.at_work()
        await before.confirmed(clerk)
        await before.api("generator").post("/generator/orders", json=ORDER)
        await before.later(hours=2)
        stood = before.app.state.world.state
        judged = await before.judgement()
        cookies = clerk.client.cookies
    async with Outside(tmp_path, None) as after:
        assert after.app.state.world.state == stood
        assert after.app.state.world.now() == stood.at
        assert await after.judgement() == judged
        clerk = await after.at_work()
        assert (await clerk.get("/portal/filings")).rows("data-filing") == ["F0000001"]
    assert cookies


async def test_a_session_outlives_a_restart(tmp_path: Path) -> None:
    async with Outside(tmp_path, world()) as before:
        cookies = (await before.at_work()).client.cookies
    async with Outside(tmp_path, world()) as after:
        clerk = after.clerk(device="")
        clerk.client.cookies = cookies
        assert (await clerk.get("/portal/")).page == "home"


def test_a_line_torn_by_a_crash_is_dropped(tmp_path: Path) -> None:
    first = create(tmp_path, world())
    first.state.world.close()
    ledger = tmp_path / "ledger.jsonl"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b'{"seq":2,"at":"2026')
    again = create(tmp_path)
    again.state.world.close()
    assert ledger.read_bytes() == whole


def test_a_line_broken_in_the_middle_is_said(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_bytes(b'{"seq":1\n')
    with pytest.raises(LedgerBroken, match=r"line 1 of ledger.jsonl cannot be read"):
        create(tmp_path)
    (tmp_path / "ledger.jsonl").write_bytes(b'{"seq":2}\n')
    with pytest.raises(LedgerBroken, match="seq 1 was expected, not 2"):
        list(Ledger(tmp_path).entries())


def test_another_world_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    create(tmp_path, world()).state.world.close()
    with pytest.raises(BadWorld, match="begun with another world"):
        create(tmp_path, world(serial_after_hours=9))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"acounts": []}, "acounts: is not a key of a world"),
        ({"accounts": [{"login": "a"}]}, r"accounts\[0\]: password is missing"),
        ({"plans": {"甲": {"review": [{"status": "好"}]}}}, r"plans\[甲\].review\[0\]: '好' is none of"),
        ({"orders": [{"title": "甲", "version": "V1", "status": "done"}]}, r"orders\[0\]: status 'done'"),
        ({"phones": {"138": "铁通"}}, "'铁通' is no carrier"),
        ({"start": "2026-03-02T09:00:00"}, "lacks its offset"),
    ],
)
def test_a_wrong_world_file_is_refused_with_the_place(tmp_path: Path, document: dict[str, object], said: str) -> None:
    with pytest.raises(BadWorld, match=said):
        create(tmp_path, document)


async def test_time_moves_only_forward(outside: Outside) -> None:
    refused = await outside.control.post("/control/clock", json={"set": "2026-03-02T08:00:00+08:00"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "backwards")
    assert (await outside.control.post("/control/clock", json={"set": "soon"})).status_code == 422


async def test_the_next_change_is_the_earliest_that_comes(outside: Outside) -> None:
    nothing = (await outside.control.get("/control/next")).json()
    assert nothing == {"at": None, "what": None, "object": None}
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    seen: list[str] = []
    for _ in range(4):
        if len(seen) == 1:
            clerk = await outside.at_work()
            await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
            await clerk.post(f"/portal/drafts/{draft}/confirm")
        coming = (await outside.control.get("/control/next")).json()
        seen.append(coming["what"])
        await outside.control.post("/control/clock", json={"set": coming["at"]})
    assert seen == ["center_id", "serial_number", "review", "review"]
    assert (await outside.control.get("/control/next")).json()["at"] is None


async def test_a_screenshot_of_a_captcha_is_read_as_well_as_its_file(outside: Outside) -> None:
    from io import BytesIO

    from PIL import Image

    clerk = outside.clerk(device="")
    await clerk.get("/portal/login")
    state = outside.app.state.world.state
    (shown,) = state.captchas.values()
    shot = BytesIO()
    with Image.open(BytesIO(draw(shown.id))) as picture:
        picture.convert("RGBA").save(shot, "PNG", compress_level=1)
    assert seen_by_a_person(state, png=shot.getvalue()) == shown.text
    assert seen_by_a_person(state, png=draw("never shown")) is None
    assert seen_by_a_person(state, png=b"no picture") is None


async def test_the_ledger_is_told_by_kind_and_from_a_number_on(outside: Outside) -> None:
    clerk = await outside.at_work()
    await clerk.begin()
    entries = (await outside.control.get("/control/ledger?kind=draft_made")).json()["entries"]
    assert [entry["reference"] for entry in entries] == ["RZ-0001"]
    after = (await outside.control.get(f"/control/ledger?after={entries[0]['seq']}")).json()["entries"]
    assert [entry["kind"] for entry in after] == ["draft_opened"]


async def test_a_plan_may_be_set_while_the_world_runs(outside: Outside) -> None:
    filing = await outside.confirmed(await outside.at_work())
    plan = {"review": [{"status": "不予受理", "after_hours": 1, "remark": "重名"}]}
    assert (await outside.control.post("/control/plan", json={"title": TITLE, **plan})).status_code == 200
    await outside.later(hours=1)
    assert (await (await outside.at_work()).get(f"/portal/filings/{filing}")).text("status") == "不予受理"
    refused = await outside.control.post("/control/plan", json={"title": TITLE, "review": [{"status": "?"}]})
    assert refused.status_code == 422


async def test_the_program_serves_and_keeps_its_ledger(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(json.dumps({**world(), "cast": {"anything": 1}}))
    command = [sys.executable, "-m", "caseward.sandbox", "--port", "0", "--data", str(tmp_path / "data")]
    program = await asyncio.create_subprocess_exec(
        *command, "--world", str(tmp_path / "world.json"), stderr=subprocess.PIPE, env={**os.environ}
    )
    assert program.stderr is not None
    line = (await asyncio.wait_for(program.stderr.readline(), 20)).decode()
    async with httpx.AsyncClient() as client:
        clock = await client.get(line.split()[1].replace("/portal/", "/control/clock"))
    program.terminate()
    await asyncio.wait_for(program.wait(), 20)
    assert clock.json()["now"].startswith("2026-03-02T")
    assert (tmp_path / "data" / "ledger.jsonl").exists()


async def test_a_program_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("{")
    program = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "caseward.sandbox", "--port", "0", "--data", str(tmp_path), "--world"],
        str(tmp_path / "world.json"),
        stderr=subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(program.communicate(), 20)
    assert program.returncode == 2
    assert said.decode().startswith("sandbox: world file, reading it: no JSON")
    assert len(said.decode().splitlines()) == 1
