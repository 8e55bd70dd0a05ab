"""Changes of calendars and settings, append-only: of each name the newest change that is sound counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.calendars import BadCalendar, Calendar, read_calendar
from workflow.errors import Conflict
from workflow.record.columns import whole
from workflow.record.configuration import Change, Kind, configuration
from workflow.record.seals import Row, judge_seal, make_seal
from workflow.record.vault import Unsealable
from workflow.sentence import Sentence
from workflow.store.transactions import Transactions

log = structlog.get_logger()

MEANWHILE = Sentence("changed_by_somebody_meanwhile", "somebody changed it meanwhile; look at it again")


class Configuration(Transactions):
    """Changes of calendars and settings. Times are business time."""

    async def configuration_number(self) -> int:
        """The number of the newest change: compared with an older one it tells whether anything was changed."""
        query = select(func.coalesce(func.max(configuration.c.number), 0))
        async with self.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def changes(self, kind: Kind | None = None, name: str | None = None) -> list[Change]:
        """The changes, oldest first. A row that was changed by hand is marked as not sound."""
        query = select(configuration).order_by(configuration.c.number)
        if kind is not None:
            query = query.where(configuration.c.kind == kind)
        if name is not None:
            query = query.where(configuration.c.name == name)
        async with self.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [self._read_change(row) for row in rows if whole(configuration, row)]

    async def put_change(
        self,
        kind: Kind,
        name: str,
        value: Any,
        *,
        secret: SecretStr | None = None,
        first: int = 1,
        seen: int | None = None,
        actor: str,
        reason: str,
        now: datetime,
    ) -> Change:
        """Store the next version of a name.

        value and secret None: the name is as without any change. first: the number of its first version. seen: the
        number of the newest change of this name that the person saw; None takes any. Raises Conflict where somebody was
        faster.
        """

        async def work(connection: AsyncConnection) -> Change:
            if not self.sqlite:  # whoever changes another name waits: rows are numbered without a gap
                await connection.execute(text("LOCK TABLE configuration IN SHARE ROW EXCLUSIVE MODE"))
            own = configuration.c.kind == kind, configuration.c.name == name
            rows = (await connection.execute(select(configuration).where(*own))).mappings().all()
            known = max((row["number"] for row in rows if whole(configuration, row)), default=0)
            if seen is not None and seen != known:
                raise Conflict(name, MEANWHILE)
            versions = [row["version"] for row in rows if isinstance(row["version"], int)]
            last = (
                await connection.execute(
                    select(configuration.c.number, configuration.c.seal)
                    .order_by(configuration.c.number.desc())
                    .limit(1)
                )
            ).first()
            number = 1 if last is None else last.number + 1
            row: dict[str, Any] = {
                "number": number,
                "kind": kind,
                "name": name,
                "version": max(versions, default=first - 1) + 1,
                "value": value,
                "secret": None if secret is None else self._sealed(secret, number),
                "actor": actor,
                "reason": reason,
                "at": now,
                "previous": last.seal if last is not None and isinstance(last.seal, str) else None,
            }
            row["seal"] = make_seal(self.vault.chain, configuration, row, typed=True)
            await connection.execute(configuration.insert().values(**row))
            return Change(
                **{key: row[key] for key in ("number", "kind", "name", "version", "value", "actor", "reason", "at")},
                secret=secret,
            )

        async def held(connection: AsyncConnection, made: Change) -> bool:
            query = select(configuration.c.actor, configuration.c.name, configuration.c.at)
            row = (await connection.execute(query.where(configuration.c.number == made.number))).first()
            return row is not None and tuple(row) == (made.actor, made.name, made.at)

        return await self.writing(work, held)

    def _sealed(self, secret: SecretStr, number: int) -> bytes:
        plain = secret.get_secret_value().encode()
        return self.vault.seal(plain, table="configuration", row=str(number), column="secret")

    def _read_change(self, row: Row) -> Change:
        sound, secret = judge_seal(self.vault.chain, configuration, row, typed=True) == "holds", None
        if sound and row["secret"] is not None:
            try:
                opened = self.vault.open(row["secret"], table="configuration", row=str(row["number"]), column="secret")
                secret = SecretStr(opened.decode())
            except Unsealable:
                sound = False
        names = ("number", "kind", "name", "version", "value", "actor", "reason", "at")
        return Change(**{name: row[name] for name in names}, secret=secret, sound=sound)


def calendars_of(defaults: Iterable[Calendar], changes: Sequence[Change]) -> dict[str, Calendar]:
    """By name, each calendar as its newest change says, or as its system brings it.

    A version that this code cannot read is left out: a newer process may have written it.
    """
    brought = {calendar.name: calendar for calendar in defaults}
    found = dict(brought)
    for one in changes:
        if one.kind != "calendar" or one.name not in found or not one.sound:
            continue
        try:
            found[one.name] = calendar_of(one, brought[one.name])
        except BadCalendar as error:
            log.error("calendar.unreadable", calendar=one.name, version=one.version, why=str(error))
    return found


def calendar_of(change: Change, brought: Calendar) -> Calendar:
    """The calendar of a change; a change without a value gives the one that the system brings. Raises BadCalendar."""
    if change.value is None:
        return replace(brought, version=change.version)
    return read_calendar(change.name, change.version, change.value)


def newest(changes: Sequence[Change]) -> dict[str, Change]:
    """Of each name the change that counts: the newest sound one."""
    return {one.name: one for one in changes if one.sound}
