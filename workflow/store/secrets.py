"""Codes and answers that only an action may read: encrypted, counted, and deleted once used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.record.codes_on_file import CODE
from workflow.record.tables import cases, secrets
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.transactions import Transactions


class Secrets(Transactions):
    """The codes of a case's round by owner, and a person's answers at a login."""

    async def put_code(
        self,
        case: str,
        owner: str,
        round_: int,
        code: str,
        *,
        now: datetime,
        source: str | None = None,
        kind: str = CODE,
    ) -> bool:
        """Store a code. Returns False where it is known already, used or not, by its source or otherwise by its value.

        It replaces an unused code of the same owner and round. Raises Conflict where the case is in another round: it
        was asked for in one that is over.
        """
        mark = source or self.vault.fingerprint(case, owner, str(round_), kind, code)

        async def work(connection: AsyncConnection) -> bool:
            query = select(cases.c.number, cases.c.round).where(cases.c.id == case).with_for_update(key_share=True)
            row = (await connection.execute(query)).first()
            if row is None:
                raise NotFound("case", case)
            if row.round != round_:
                why = Sentence("asked_in_round_before", "it began anew after this was asked for")
                cure = Sentence(
                    "asked_in_round_before_cure",
                    "see what it waits for now: caseward case why {number}",
                    number=row.number,
                )
                raise Conflict(row.number, why, cure)
            id_ = related_rows.new_id()
            statement = related_rows.inserting(connection, secrets).values(
                id=id_,
                case=case,
                owner=owner,
                round=round_,
                kind=kind,
                source=mark,
                sealed=self.vault.seal(code.encode(), table="secrets", row=id_, column="sealed"),
                received_at=now,
            )
            fresh = await connection.execute(statement.on_conflict_do_nothing().returning(secrets.c.id))
            if fresh.first() is None:
                return False
            await connection.execute(
                update(secrets)
                .where(*_of(case, round_, kind), secrets.c.owner == owner, secrets.c.id != id_)
                .where(secrets.c.sealed.isnot(None))
                .values(sealed=None)
            )
            return True

        async def held(connection: AsyncConnection, fresh: bool) -> bool:
            query = select(secrets.c.source).where(*_of(case, round_, kind), secrets.c.owner == owner)
            return not fresh or mark in (await connection.execute(query)).scalars()

        return await self.writing(work, held)

    async def read_codes(self, case: str, round_: int, *, by: str, kind: str = CODE) -> dict[str, str]:
        """The unused secrets of a kind by owner, in clear, for the action that types them in.

        by: the key of its effect. What it read counts as used once it is done, whatever comes in meanwhile.
        """
        unused = and_(*_of(case, round_, kind), secrets.c.sealed.isnot(None))
        read = update(secrets).where(unused).values(read_by=by)
        # codes that an earlier try read and that another code has replaced since
        given_way = and_(secrets.c.case == case, secrets.c.kind == kind, secrets.c.read_by == by)
        never = and_(given_way, secrets.c.sealed.is_(None), secrets.c.used_at.is_(None))

        async def work(connection: AsyncConnection) -> dict[str, str]:
            await connection.execute(update(secrets).where(never).values(read_by=None))
            rows = await connection.execute(read.returning(secrets.c.id, secrets.c.owner, secrets.c.sealed))
            return {
                row.owner: self.vault.open(row.sealed, table="secrets", row=row.id, column="sealed").decode()
                for row in rows
            }

        return await self.writing(work)

    async def code_sources(self, case: str, round_: int) -> frozenset[str]:
        """The sources of this round's codes, used ones too; never a code."""
        query = select(secrets.c.source).where(*_of(case, round_, CODE))
        async with self.reading() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def take_answer(self, case: str, owner: str, *, now: datetime) -> str | None:
        """The answer that a person gave to a captcha; it is deleted as it is read."""

        async def work(connection: AsyncConnection) -> tuple[str, bytes] | None:
            query = (
                select(secrets.c.id, secrets.c.sealed)
                .where(secrets.c.case == case, secrets.c.kind == related_rows.CAPTCHA, secrets.c.owner == owner)
                .where(secrets.c.sealed.isnot(None))
                .order_by(secrets.c.received_at.desc())
                .with_for_update()
            )
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            await connection.execute(
                update(secrets)
                .where(secrets.c.case == case, secrets.c.kind == related_rows.CAPTCHA, secrets.c.owner == owner)
                .values(sealed=None, used_at=func.coalesce(secrets.c.used_at, now))
            )
            return row.id, row.sealed

        async def held(connection: AsyncConnection, found: tuple[str, bytes] | None) -> bool:
            query = select(secrets.c.sealed).where(secrets.c.id == (found[0] if found else ""))
            return (await connection.execute(query)).scalar() is None

        found = await self.writing(work, held)
        if found is None:
            return None
        return self.vault.open(found[1], table="secrets", row=found[0], column="sealed").decode()


def _of(case: str, round_: int, kind: str) -> tuple[ColumnElement[bool], ...]:
    return (secrets.c.case == case, secrets.c.round == round_, secrets.c.kind == kind)
