"""A record with a row of every kind, made as the product makes it, and its copies to be spoilt."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.store.desk import Desk, decided, effect, moved
from workflow.engine.audit import audit
from workflow.record.database import open_database
from workflow.record.identity import open_keys
from workflow.record.migrations import migrate
from workflow.record.values import Check, Commit, EffectStatus, Entry, Message, NewIncident
from workflow.store import NewAccount, Store
from workflow.store.documents import DocumentStore


class SetClock:
    """Both clocks of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def business(self) -> Any:
        return self.desk.now

    async def real(self) -> Any:
        return self.desk.real


@dataclass
class Original:
    """A sound record: where it lies, and rows as they were earlier, which another hand may put back."""

    url: str
    folder: Path
    desk: Desk
    earlier: dict[str, list[dict[str, Any]]]

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors.jsonl"


@asynccontextmanager
async def original(folder: Path, url: str | None = None, cases: int = 6) -> AsyncIterator[Original]:
    """A record of so many cases, each with a life of its own, audited and anchored thrice on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    url = url or f"sqlite:///{folder}/caseward.db"
    engine = open_database(url)
    try:
        await migrate(engine)
        vault = await open_keys(engine, folder / "keys.json")
        desk = Desk(Store(engine, vault, "test"))
        papers = DocumentStore(engine, vault, folder / "documents")
        made = Original(url, folder, desk, {})
        for number in range(cases):
            await _live(desk, papers, number, made)
            if number % 2:
                await audit(desk.store, SetClock(desk), made.anchors)  # type: ignore[arg-type]
        await audit(desk.store, SetClock(desk), made.anchors)  # type: ignore[arg-type]
        yield made
    finally:
        await engine.dispose()


async def _live(desk: Desk, papers: DocumentStore, number: int, made: Original) -> None:
    """One case's life, up to a point that depends on its number."""
    opens = NewAccount("portal", f"login-{number}", "secret", usable=True) if number % 3 == 2 else None
    await desk.open(data={"title": f"Title {number}", "fee": 300}, subject=f"subject {number}", opens=opens)
    desk.pass_time(timedelta(minutes=1))
    claim = (await desk.claim(1))[0]
    for count in range(2):
        check = Check(f"digest {count}", desk.now, desk.now, 1, {"verdicts": [count]})
        claim = await desk.commit(claim, Commit(guard="epoch", check=check, due_at=desk.now + timedelta(hours=1)))
    claim = await desk.commit(claim, decided(claim))
    _keep(made, "effects")
    told = Message("ordered", "owner", "13800000000", f"Your matter {number} is ordered")
    await papers.put(
        f"paper {number}".encode(), name="form.pdf", media_type="application/pdf", case=claim.case, kind="form",
        now=desk.now,
    )  # fmt: skip
    done = effect(claim, EffectStatus.done, result={"order": number}, item={"title": number}, decision=1)
    trouble = NewIncident("stuck", "copyright:unprocessed:x", {"hours": 3}, bars=False)
    claim = await desk.commit(claim, replace(
        moved("generating", claim, effects=(done,), messages=(told,), new_incidents=(trouble,)), guard="decision",
        decision="clear",
    ))  # fmt: skip
    _keep(made, "messages")
    for due in await desk.store.due_messages(5, owner="one", now=desk.now, real=desk.real, lease=timedelta(minutes=1)):
        await desk.store.message_sent(due.id, now=desk.now, number=f"sms-{number}", receipt_at=desk.now)
    match number % 6:
        case 1:
            await desk.command(claim.case, Commit(
                guard="version", entries=(Entry("held", {"reason": "a question"}, "person:clerk", "a question"),),
                held="a question",
            ))  # fmt: skip
        case 3 | 5:
            claim = await _again(desk, claim.case)
            await desk.commit(claim, moved("granted", claim, final=True))
            if number % 6 == 5:
                given: dict[str, Any] = {"actor": "person:clerk", "reason": "asked for it"}
                await desk.store.erase(claim.case, {"no": number}, **given, now=desk.now, real=desk.real)
        case 4:
            (found,) = await desk.store.incidents(case=claim.case)
            ended: dict[str, Any] = {"actor": "person:clerk", "reason": "it is over"}
            await desk.store.close_incident(found.id, **ended, now=desk.now, real=desk.real)


async def _again(desk: Desk, case: str) -> Any:
    desk.pass_time(timedelta(hours=2))
    return next(one for one in await desk.claim(100, state="generating") if one.case == case)


def _keep(made: Original, table: str) -> None:
    with hand(made.url) as rows:
        made.earlier.setdefault(table, []).extend(rows.read(f"SELECT * FROM {table}"))


class Hand:
    """Another hand in the database: plain SQL by the plain driver. Parameters are written as ?."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection, self._mark = connection, mark
        self.sqlite = mark == "?"

    def read(self, statement: str, *given: Any) -> list[dict[str, Any]]:
        found = self._connection.execute(statement.replace("?", self._mark), given)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def write(self, statement: str, *given: Any) -> int:
        """How many rows were written."""
        return int(self._connection.execute(statement.replace("?", self._mark), given).rowcount)

    def put(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        self.write(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", *row.values())


@contextmanager
def hand(url: str) -> Iterator[Hand]:
    """What it wrote is committed at the end. No foreign key holds it back."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        lite = sqlite3.connect(str(where.database), isolation_level=None)
        lite.execute("PRAGMA foreign_keys = OFF")
        lite.execute("BEGIN IMMEDIATE")
        try:
            yield Hand(lite, "?")
            lite.execute("COMMIT")
        finally:
            lite.close()
        return
    plain = where.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as server:
        server.execute("SET session_replication_role = replica")
        yield Hand(server, "%s")


@contextmanager
def copied(sound: Original, folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a copy; it is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in (sound.anchors, sound.folder / "keys.json"):
        shutil.copy(file, folder)
    where = make_url(sound.url)
    if where.get_backend_name() == "sqlite":
        with sqlite3.connect(str(where.database)) as source:
            source.execute("VACUUM INTO ?", (str(folder / "caseward.db"),))
        yield f"sqlite:///{folder}/caseward.db", folder
        return
    plain = where.set(drivername="postgresql")
    template = str(where.database)
    with psycopg.connect(plain.set(database="template1").render_as_string(hide_password=False), autocommit=True) as one:
        one.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield where.set(database=name).render_as_string(hide_password=False), folder
        finally:
            one.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
