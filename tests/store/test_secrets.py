"""Codes are sealed, seen by nobody but the action that types them in, counted, and gone once used."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.store.desk import Desk
from workflow.errors import NotFound
from workflow.record.tables import secrets
from workflow.record.values import Claim, Commit

CODE = "739164"


async def test_a_code_is_on_file_without_its_value(desk: Desk) -> None:
    claim = await desk.one()
    assert await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now)
    seen = (await desk.store.case(claim.case)).claim.codes_on_file
    assert ("owner-1" in seen, "owner-2" in seen, seen.used) == (True, False, {})
    assert await desk.store.read_codes(claim.case, 0, by="key-1") == {"owner-1": CODE}
    assert await desk.store.read_codes(claim.case, 1, by="key-1") == {}, "a code belongs to its round"


async def test_the_same_code_again_is_no_news(desk: Desk) -> None:
    claim = await desk.one()
    assert await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now)
    assert not await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now)
    await use(desk, claim)
    assert not await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now), "nor once it is used up"
    assert await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now, source="sms 2"), "unless sent anew"


async def test_a_newer_code_takes_the_place_of_an_unused_one(desk: Desk) -> None:
    claim = await desk.one()
    await desk.store.put_code(claim.case, "owner-1", 0, "111111", now=desk.now)
    await desk.store.put_code(claim.case, "owner-1", 0, "222222", now=desk.now)
    assert await desk.store.read_codes(claim.case, 0, by="key-1") == {"owner-1": "222222"}
    assert (await desk.store.case(claim.case)).claim.codes_on_file.used == {}


async def test_a_used_code_is_wiped_and_counted(desk: Desk) -> None:
    claim = await desk.one()
    await desk.store.put_code(claim.case, "owner-1", 0, "111111", now=desk.now)
    assert await desk.store.read_codes(claim.case, 0, by="key-1") == {"owner-1": "111111"}
    await desk.store.put_code(claim.case, "owner-2", 0, "222222", now=desk.now)
    claim = await desk.commit(claim, Commit(guard="epoch", wipe=("key-1",)))
    assert claim.codes_on_file.unused == {"owner-2"}
    assert claim.codes_on_file.used == {"owner-1": 1}
    assert await desk.store.read_codes(claim.case, 0, by="key-2") == {"owner-2": "222222"}


async def test_a_code_that_comes_while_another_is_handed_in_is_not_used_up_with_it(desk: Desk) -> None:
    """The right one was wiped unused, and the owner was asked for another."""
    claim = await desk.one()
    await desk.store.put_code(claim.case, "owner-1", 0, "111111", now=desk.now)
    assert await desk.store.read_codes(claim.case, 0, by="key-1") == {"owner-1": "111111"}
    await desk.store.put_code(claim.case, "owner-1", 0, "222222", now=desk.now)
    claim = await desk.commit(claim, Commit(guard="epoch", wipe=("key-1",)))
    assert claim.codes_on_file.unused == {"owner-1"}
    assert claim.codes_on_file.used == {"owner-1": 1}
    assert await desk.store.read_codes(claim.case, 0, by="key-2") == {"owner-1": "222222"}
    claim = await desk.commit(claim, Commit(guard="epoch", wipe=("key-2",)))
    assert claim.codes_on_file.used == {"owner-1": 2}


async def test_a_code_that_was_read_and_not_handed_in_is_not_used_up_by_the_next_try(desk: Desk) -> None:
    claim = await desk.one()
    await desk.store.put_code(claim.case, "owner-1", 0, "111111", now=desk.now)
    await desk.store.read_codes(claim.case, 0, by="key-1")
    await desk.store.put_code(claim.case, "owner-1", 0, "222222", now=desk.now)
    assert await desk.store.read_codes(claim.case, 0, by="key-1") == {"owner-1": "222222"}
    claim = await desk.commit(claim, Commit(guard="epoch", wipe=("key-1",)))
    assert (claim.codes_on_file.unused, claim.codes_on_file.used) == (frozenset(), {"owner-1": 1})


async def use(desk: Desk, claim: Claim) -> None:
    await desk.store.read_codes(claim.case, 0, by="key-1")
    await desk.commit(claim, Commit(guard="epoch", wipe=("key-1",)))


async def test_a_code_of_no_case_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.store.put_code("nothing", "owner-1", 0, CODE, now=desk.now)


async def test_an_answer_to_a_captcha_is_read_once(desk: Desk) -> None:
    claim = await desk.one()
    await desk.store.put_code(claim.case, "operator", 0, "xk7", now=desk.now, kind="captcha")
    assert (await desk.store.case(claim.case)).claim.codes_on_file.unused == frozenset()
    assert await desk.store.take_answer(claim.case, "operator", now=desk.now) == "xk7"
    assert await desk.store.take_answer(claim.case, "operator", now=desk.now) is None


async def test_no_byte_of_a_code_password_or_session_is_in_the_database(desk: Desk, tmp_path: Path) -> None:
    claim = await desk.one()
    account = await desk.store.add_account("portal", "a", "canary-password")
    seat = await desk.seat(account)
    assert seat is not None
    await desk.store.store_session(seat, {"token": "canary-token"}, now=desk.now)
    await desk.store.put_code(claim.case, "owner-1", 0, CODE, now=desk.now)
    await use(desk, claim)
    stored = b""
    if desk.store.sqlite:
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("caseward.db*"))
    else:
        async with desk.store.engine.connect() as connection:
            for table in ("secrets", "accounts", "events", "cases"):
                rows = await connection.exec_driver_sql(f"SELECT * FROM {table}")
                stored += repr([tuple(map(bytes_of, row)) for row in rows]).encode()
    assert stored
    for canary in (CODE, "canary-password", "canary-token"):
        assert canary.encode() not in stored


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


async def test_each_kind_has_its_own_value_count_and_end(desk: Desk) -> None:
    claim = await desk.one()
    case = claim.case
    for kind, value in (("pin", "1234"), ("tan", "123456"), ("code", "777777")):
        assert await desk.store.put_code(case, "ada", 0, value, now=desk.now, kind=kind)
    assert await desk.store.put_code(case, "ada", 0, "4321", now=desk.now, kind="pin"), "another gives way to it"
    on_file = (await desk.store.case(case)).claim.codes_on_file
    assert on_file.unused == {"ada"}
    assert {kind: one.unused for kind, one in on_file.others.items()} == {"pin": {"ada"}, "tan": {"ada"}}
    assert await desk.store.read_codes(case, 0, by="key-1", kind="pin") == {"ada": "4321"}
    await desk.commit(claim, Commit(guard="version", wipe=("key-1",)))
    on_file = (await desk.store.case(case)).claim.codes_on_file
    assert (on_file.of("pin").unused, on_file.of("pin").used) == (frozenset(), {"ada": 1})
    assert ("ada" in on_file.of("tan"), "ada" in on_file, "ada" in on_file.of("other")) == (True, True, False)
    assert await desk.store.read_codes(case, 0, by="key-2", kind="pin") == {}, "it is used once"
    async with desk.store.reading() as connection:
        rows = (await connection.execute(select(secrets.c.kind, secrets.c.sealed))).all()
    kept = {kind for kind, sealed in rows if sealed is not None}
    assert kept == {"tan", "code"}, "what was used, and what another took the place of, is deleted"
    assert not any(value in bytes(sealed or b"") for _, sealed in rows for value in (b"123456", b"777777", b"4321"))


async def test_two_kinds_that_one_action_reads_are_each_used_up(desk: Desk) -> None:
    """Another PIN came while the action was at work, which then read the TAN: the PIN that it had typed was lost."""
    claim = await desk.one()
    case = claim.case
    for kind, value in (("pin", "1234"), ("tan", "123456")):
        await desk.store.put_code(case, "ada", 0, value, now=desk.now, kind=kind)
    assert await desk.store.read_codes(case, 0, by="key-1", kind="pin") == {"ada": "1234"}
    await desk.store.put_code(case, "ada", 0, "4321", now=desk.now, kind="pin")
    assert await desk.store.read_codes(case, 0, by="key-1", kind="tan") == {"ada": "123456"}
    claim = await desk.commit(claim, Commit(guard="epoch", wipe=("key-1",)))
    on_file = claim.codes_on_file
    assert {kind: one.used for kind, one in on_file.others.items()} == {"pin": {"ada": 1}, "tan": {"ada": 1}}
    assert (set(on_file.of("pin").unused), set(on_file.of("tan").unused)) == ({"ada"}, set())
