"""Erases what is personal in a finished case: payloads go, digests stay, and the chain still verifies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, null, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import NotAllowed
from workflow.record.seals import COUNTS
from workflow.record.tables import cases, checks, effects, events, incidents, messages, secrets
from workflow.record.values import Claim, Commit, Entry, Json
from workflow.sentence import Sentence
from workflow.store.commits import Commits, Written, locked, stands
from workflow.store.seals import examine, examined, touched


class Erasure(Commits):
    """Erases on a person's order."""

    async def erase(self, case: str, data: Json, *, actor: str, reason: str, now: datetime, real: datetime) -> Claim:
        """Keep only this data of a final case, and delete everything else that names a person.

        Deleted: the payloads of all events so far, checks, codes, texts and addresses of notices, items, results and
        evidence of effects. Documents are erased in their own store. Raises NotAllowed or NotFound.
        """

        async def work(connection: AsyncConnection) -> Written:
            row = await locked(connection, case)
            if not row["final"]:
                raise NotAllowed(
                    row["number"],
                    Sentence("erasing", "erasing"),
                    Sentence(
                        "still_in_only_what", "it is still in {state}; only what is over is erased", state=row["state"]
                    ),
                )
            id_ = row["id"]
            for table in (effects, incidents, messages):
                await examine(connection, table, table.c.case == id_)
            examined(connection, cases, row, typed=True)
            touched(connection).lost[id_] = set(COUNTS)
            await connection.execute(update(events).where(events.c.case == id_).values(payload=None, salt=None))
            await connection.execute(delete(checks).where(checks.c.case == id_))
            await connection.execute(update(secrets).where(secrets.c.case == id_).values(sealed=None))
            await connection.execute(update(messages).where(messages.c.case == id_).values(text="", address=""))
            await connection.execute(update(incidents).where(incidents.c.case == id_).values(seen={}))
            blank = dict.fromkeys(("item", "result", "testimony", "why"), null())
            gone: dict[str, Any] = {**blank, "evidence": []}
            await connection.execute(update(effects).where(effects.c.case == id_).values(**gone))
            run = {f"check_{part}": None for part in ("digest", "first", "last", "count")}
            await connection.execute(
                update(cases).where(cases.c.id == id_).values(**run, check_body=null(), subject=None)
            )
            claim = await self.as_claim(connection, await locked(connection, id_), real=real)
            body = {
                "state": claim.state,
                "data": dict(data),
                "round": claim.round,
                "decision": claim.decision.number if claim.decision else None,
                "hold": claim.held,
            }
            commit = Commit(guard="version", entries=(Entry("erased", body, actor, reason),), data=data)
            return await self.apply(connection, await locked(connection, id_), commit, claim, now=now, real=real)

        return (await self.writing(work, stands)).claim
