"""Cases are opened all or none, numbered without a gap, and never two about the same thing."""

from __future__ import annotations

import asyncio

import pytest

from tests.store.desk import Desk
from workflow.errors import Conflict, NotFound
from workflow.record.values import Commit
from workflow.store import Duplicate, Filters, NewAccount, NewCase


def new(**values: object) -> NewCase:
    given = {"flow": "copyright", "flow_version": 1, "prefix": "RZ", "state": "unprocessed", "data": {}}
    return NewCase(**{**given, **values})  # type: ignore[arg-type]


async def create(desk: Desk, *rows: NewCase) -> list[tuple[str, bool]]:
    created = await desk.store.create(rows, actor="person:clerk", reason="import", now=desk.now)
    return [(one.number, one.already) for one in created]


async def test_a_case_begins_with_its_created_event(desk: Desk) -> None:
    await create(desk, new(data={"title": "登记"}, subject="登记 1.0", round=0))
    row = await desk.store.case("RZ-0001")
    (event,) = await desk.store.events(row.claim.case)
    assert event.body == {"state": "unprocessed", "data": {"title": "登记"}, "round": 0, "subject": "登记 1.0"}
    assert (event.kind, event.actor, event.reason, event.revision) == ("created", "person:clerk", "import", "test")
    assert (row.due_at, row.claim.opened_at) == (desk.now, desk.now)


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [new(origin="digest-1", subject="A"), new(origin="digest-2", subject="B")]
    assert await create(desk, *rows) == [("RZ-0001", False), ("RZ-0002", False)]
    assert await create(desk, *rows, new(origin="digest-3")) == [
        ("RZ-0001", True),
        ("RZ-0002", True),
        ("RZ-0003", False),
    ]


async def test_a_live_case_about_the_same_is_a_duplicate_and_nothing_is_opened(desk: Desk) -> None:
    await create(desk, new(subject="A 1.0"))
    with pytest.raises(Duplicate, match=r"row 2 is about the same as RZ-0001: A 1\.0"):
        await create(desk, new(subject="B 1.0", label="row 1"), new(subject="A 1.0", label="row 2"))
    assert await desk.store.counts() == {("copyright", "unprocessed"): 1}
    assert await create(desk, new(subject="B 1.0")) == [("RZ-0002", False)], "the number is not used up"


async def test_two_rows_of_one_file_about_the_same_are_named(desk: Desk) -> None:
    with pytest.raises(Duplicate, match="row 2 is about the same as row 1"):
        await create(desk, new(subject="A", label="row 1"), new(subject="A", label="row 2"))


async def test_what_is_over_may_begin_anew(desk: Desk) -> None:
    await create(desk, new(subject="A"))
    await desk.command("RZ-0001", Commit(guard="version", final=True))
    assert await create(desk, new(subject="A")) == [("RZ-0002", False)]


async def test_a_change_cannot_make_two_live_cases_about_the_same(desk: Desk) -> None:
    await create(desk, new(subject="A"), new(subject="B"), new(subject="C"))
    with pytest.raises(Duplicate, match="RZ-0002 is about the same as RZ-0001: A"):
        await desk.command("RZ-0002", Commit(guard="version", subject="A"))
    await desk.command("RZ-0002", Commit(guard="version", subject="D"))
    await desk.command("RZ-0003", Commit(guard="version", final=True))
    assert await create(desk, new(subject="B"), new(subject="C")) == [("RZ-0004", False), ("RZ-0005", False)]
    with pytest.raises(Duplicate):
        await desk.command("RZ-0003", Commit(guard="version", final=False))


async def test_numbers_have_no_gap_however_many_import_at_once(desk: Desk) -> None:
    await asyncio.gather(*(create(desk, new(), new()) for _ in range(8)))
    assert [row.claim.number for row in await desk.store.cases()] == [f"RZ-{n:04d}" for n in range(1, 17)]


async def test_of_two_imports_of_one_file_at_once_one_changes_nothing(desk: Desk) -> None:
    rows = [new(origin=f"digest-{n}", subject=str(n)) for n in range(5)]
    answers = await asyncio.gather(create(desk, *rows), create(desk, *rows))
    assert sorted(already for answer in answers for _, already in answer) == [False] * 5 + [True] * 5


async def test_numbers_are_counted_by_prefix(desk: Desk) -> None:
    assert await create(desk, new(), new(prefix="ZH", flow="accounts"), new()) == [
        ("RZ-0001", False),
        ("ZH-0001", False),
        ("RZ-0002", False),
    ]


async def test_a_case_of_an_account_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await create(desk, new(account="nobody", account_case=True))
    assert await desk.store.cases() == []


async def test_cases_are_found_and_paged(desk: Desk) -> None:
    await desk.open(12)
    await desk.open(1, state="granted", subject="编辑器 2.0")
    first = await desk.store.cases(limit=10)
    rest = await desk.store.cases(limit=10, after=first[-1].claim.number)
    assert [row.claim.number for row in rest] == ["RZ-0011", "RZ-0012", "RZ-0013"]
    (found,) = await desk.store.cases(Filters(text="编辑"))
    assert found.subject == "编辑器 2.0"
    assert len(await desk.store.cases(Filters(state="unprocessed", held=False, final=False))) == 12
    assert await desk.store.cases(Filters(text="%")) == []
    assert await desk.store.counts() == {("copyright", "unprocessed"): 12, ("copyright", "granted"): 1}
    assert await desk.store.live_states() == {("copyright", "unprocessed"): 12, ("copyright", "granted"): 1}
    with pytest.raises(NotFound):
        await desk.store.case("RZ-9999")


async def test_accounts_are_opened_with_their_cases_or_not_at_all(desk: Desk) -> None:
    def own(login: str) -> NewCase:
        return new(flow="accounts", prefix="ZH", subject=login, opens=NewAccount("portal", login, "secret"))

    assert await create(desk, own("a"), own("b")) == [("ZH-0001", False), ("ZH-0002", False)]
    with pytest.raises(Conflict, match="portal has an account of this login already"):
        await create(desk, own("c"), new(flow="accounts", prefix="ZH", opens=NewAccount("portal", "a", "other")))
    held = {one.login: one for one in await desk.store.accounts()}
    assert list(held) == ["a", "b"]
    for number, login in (("ZH-0001", "a"), ("ZH-0002", "b")):
        claim = (await desk.store.case(number)).claim
        assert (claim.account, claim.case) == (held[login].id, held[login].case)
    assert await desk.store.password(held["a"].id) == ("secret", 1)
