"""What is asked often costs what it answers, however many cases there are: plans, statements, rows."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.attack.records.record import SetClock
from tests.store.desk import Desk, changed, moved
from tests.store.test_creation import new
from workflow.engine.audit import AuditResult, audit
from workflow.store import Filters, NewAccount, Store
from workflow.store.arrivals import Arrivals


@contextmanager
def sent(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that go to the database meanwhile, with what they are given."""
    seen: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, given: Any, *___: object) -> None:
        seen.append((statement, given))

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def plans(store: Store, ask: Callable[[], Awaitable[object]]) -> list[str]:
    """How the database answers each question about cases or events that this asks. It has no statistics."""
    with sent(store) as seen:
        await ask()
    found = []
    explain = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
    async with store.engine.begin() as connection:
        if not store.sqlite:
            # a table of few rows is read as a whole, or sorted, whatever its indexes
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
            await connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        for statement, given in seen:
            if "FROM cases" in statement or "FROM events" in statement:
                rows = await connection.exec_driver_sql(explain + statement, given)
                found.append("\n".join(str(tuple(row)) for row in rows))
    return found


def by_index(plan: str, name: str) -> bool:
    """Whether it goes by this index, from a place of it, and sorts nothing."""
    sorts = "TEMP B-TREE" in plan or "Sort" in plan
    return name in plan and not sorts and "Seq Scan" not in plan


@pytest.fixture
async def numbered(desk: Desk) -> Desk:
    await desk.open(3)
    return desk


@pytest.mark.parametrize("after", [None, "RZ-0001"])
async def test_a_page_of_cases_is_a_stretch_of_an_index(numbered: Desk, after: str | None) -> None:
    store = numbered.store
    for filters, index in ((Filters(), "cases_in_order"), (Filters(state="unprocessed"), "cases_in_state")):
        pages = await plans(store, lambda filters=filters: store.cases(filters, after=after, limit=9))  # type: ignore[misc]
        assert pages
        for plan in pages:
            # of so few rows PostgreSQL may take any index: by what it takes it needs no sort and no whole table
            assert by_index(plan, index if store.sqlite else "Index Scan"), plan
            if after is not None or filters.state is not None:
                assert "SCAN cases" not in plan, plan


async def test_cursors_go_on_where_numbers_become_wider(desk: Desk) -> None:
    await desk.open(3)
    async with desk.store.engine.begin() as connection:
        await connection.execute(text("UPDATE numbers SET last = 9998"))
    await desk.open(3)
    seen, after = [], None
    while page := await desk.store.cases(after=after, limit=2):
        seen += [row.claim.number for row in page]
        after = seen[-1]
    assert seen == ["RZ-0001", "RZ-0002", "RZ-0003", "RZ-9999", "RZ-10000", "RZ-10001"]


async def test_an_import_sends_as_many_statements_for_many_rows_as_for_a_few(desk: Desk) -> None:
    counted = []
    for count in (2, 300):
        rows = [new(subject=f"{count}/{n}", origin=f"{count}/{n}") for n in range(count)]
        rows += [
            new(flow="accounts", prefix="ZH", opens=NewAccount("portal", f"{count}/{n}", "x")) for n in range(count)
        ]
        with sent(desk.store) as seen:
            await desk.store.create(rows, actor="person:clerk", reason=None, now=desk.now)
        counted.append(len(seen))
    # the seals are read and written by hundreds
    assert counted[1] <= counted[0] + 2


async def test_what_is_due_is_asked_at_places_of_the_index(desk: Desk) -> None:
    await desk.open(2)
    await desk.open(1, queue="browser", state="generating")
    await desk.open(1, state="generating", due_at=desk.now + timedelta(days=1))
    await desk.open(1, flow="accounts")

    def due() -> Awaitable[set[tuple[str, str]]]:
        states, queues = ["unprocessed", "generating"], ["http", "browser"]
        return desk.store.due("copyright", states, queues=queues, cutoff=desk.now, real=desk.real)

    assert await due() == {("unprocessed", "http"), ("generating", "browser")}
    await desk.claim()
    assert await due() == {("generating", "browser")}, "what somebody works on is no longer due"
    (plan,) = await plans(desk.store, due)
    place = r"SEARCH cases USING \w*\s?INDEX cases_due \(flow=\? AND state=\? AND queue=\? AND due_at<\?\)"
    if not desk.store.sqlite:
        place = r"Index Cond: .*flow.*state.*queue.*due_at"
    assert len(re.findall(place, plan)) == 4, plan
    assert "SCAN cases" not in plan
    assert "Seq Scan" not in plan


async def test_doubts_that_are_overdue_are_sought_only_while_some_account_cannot_be_used(desk: Desk) -> None:
    """Each sweep asks: over 100,000 waiting cases that was half a second."""
    store, account = desk.store, await desk.store.add_account("portal", "ada", "pass")
    await desk.open(flow="accounts", prefix="ZH", account=account, account_case=True)
    await desk.open(3, account=account, queue="browser")

    def freed() -> Awaitable[int]:
        asked: dict[str, Any] = {"now": desk.now, "real": desk.real, "deadline": timedelta(hours=8), "deaths": 3}
        return store.free_overdue("copyright", {"unprocessed": "portal"}, queues=["browser"], **asked)

    assert await plans(store, freed) == []
    await store.mark_account(account, False)
    assert len(await plans(store, freed)) == 1


async def test_queues_are_looked_through_without_a_lock_where_nothing_was_left_behind(desk: Desk) -> None:
    await desk.open(3, queue="browser")
    with sent(desk.store) as seen:
        assert await desk.store.take_back({"copyright": ["http", "browser"]}, {}) == 0
    assert not [statement for statement, _ in seen if re.search("UPDATE|IMMEDIATE", statement)]


async def test_what_arrives_is_told_once_and_what_stood_there_is_not_read(desk: Desk) -> None:
    first, second = await desk.open(2)
    arrivals = Arrivals(desk.store)
    assert await arrivals.next() == []
    claim, other = await desk.claim()
    await desk.store.commit_many(
        [(one, moved("generating", one)) for one in (claim, other)], now=desk.now, real=desk.real
    )
    (third,) = await desk.open()
    assert {(event.case, event.seq) for event in await arrivals.next()} == {
        (first.case, 2),
        (second.case, 2),
        (third.case, 1),
    }
    with sent(desk.store) as seen:
        assert await arrivals.next() == []
    asked = [statement for statement, _ in seen if "FROM" in statement and "clock" not in statement]
    assert len(asked) == 1, "one question where nothing is new"
    if desk.store.sqlite:
        (plan,) = await plans(desk.store, arrivals.next)
        assert "SEARCH events USING INTEGER PRIMARY KEY (rowid>?)" in plan
    else:
        assert "SELECT cases.id, cases.seq" in " ".join(asked[0].split())


async def test_counts_are_read_off_an_index_and_no_case_with_them(numbered: Desk) -> None:
    store = numbered.store
    for ask in (store.counts, store.live_states):
        (plan,) = await plans(store, ask)
        wanted = "USING COVERING INDEX cases_in_state" if store.sqlite else "Index Only Scan using cases_in_state"
        assert wanted in plan, plan


async def test_an_audit_of_the_changed_part_costs_what_changed(desk: Desk, tmp_path: Path) -> None:
    """However many cases lie beside it: as many statements, as many rows, and each by an index."""

    def audited() -> Awaitable[AuditResult]:
        return audit(desk.store, SetClock(desk), tmp_path / "anchors.jsonl", changed=True)  # type: ignore[arg-type]

    counted = []
    for more in (3, 500):
        await desk.open(more)
        await audited()
        for one in await desk.claim(2):
            await desk.commit(one, changed({"title": str(more)}, one))
        with sent(desk.store) as seen:
            found = await audited()
        assert (found.cases, found.findings) == (2, ())
        counted.append(len(seen))
    assert counted[0] == counted[1]
    found_by = await plans(desk.store, audited)
    assert "cases_unaudited" in "".join(found_by)
    for plan in found_by:
        assert "Seq Scan" not in plan, plan
        assert re.search(r"SCAN (cases|events)(?! USING INDEX cases_unaudited)", plan) is None, plan
