"""Writes one commit on one case while its row is locked: a worker's outcome, or a person's command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, Fenced, NotFound
from workflow.record.events import Event, chain
from workflow.record.seals import AUDITED, COUNTS
from workflow.record.tables import cases, events, live
from workflow.record.values import Claim, Commit, Entry, NewIncident
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.accounts import accounts_of, refuse_retired, retire
from workflow.store.changes import change_of, closes_run, rebased, write_many, write_one
from workflow.store.due_runs import Sweeping, make_due_runs
from workflow.store.rows import RelatedRows, Row, claim_of, epoch_of
from workflow.store.seals import examined
from workflow.store.transactions import Transactions
from workflow.store.values import Duplicate


class Written(NamedTuple):
    """What a transaction made of a case. event: whether it wrote an event."""

    claim: Claim
    row: dict[str, Any]
    event: bool


class Commits(Transactions):
    """Commits and commands."""

    async def commit(self, claim: Claim, commit: Commit, *, now: datetime, real: datetime) -> Claim:
        """Write the commit in one transaction, guarded as it says; returns the claim after it. Raises Fenced."""

        async def work(connection: AsyncConnection) -> Written:
            row = await locked(connection, claim.case)
            refuse(claim, commit, row)
            # a lease that ran out is its owner's still, until somebody else claims the case
            return await self.apply(connection, row, commit, claim, now=now, real=None)

        return (await self.writing(work, stands)).claim

    async def command(
        self,
        case: str,
        version: int | None,
        build: Callable[[Claim], Commit],
        *,
        now: datetime,
        real: datetime,
        sweeping: Sweeping | None = None,
        actor: str = "",
    ) -> Claim:
        """Write a person's command on a case, by id or number, at the version that the person saw.

        build makes the commit from the row as a claim. The claim's owner is "" unless a lease lives. sweeping: where
        the command makes the case due, the run of the schedule that this names is written too.
        """

        async def work(connection: AsyncConnection) -> Written:
            row = await locked(connection, case)
            seen = await self.as_claim(connection, row, real=real)
            if version is not None and version != seen.seq:
                raise Conflict(
                    seen.number,
                    Sentence(
                        "changed_meanwhile_version_you",
                        "it changed meanwhile: version {now}, you saw {seen}",
                        now=seen.seq,
                        seen=version,
                    ),
                )
            commit = build(seen)
            written = await self.apply(connection, row, commit, seen, now=now, real=real)
            if sweeping is not None and commit.due_at is not None:
                why = f"{seen.number} {commit.entries[0].kind if commit.entries else 'due'}"
                await make_due_runs(connection, [seen.case], sweeping, actor=actor, reason=why, now=now, real=real)
            return written

        return (await self.writing(work, stands)).claim

    async def as_claim(self, connection: AsyncConnection, row: Row, *, real: datetime | None) -> Claim:
        """A row and what belongs to it, as a claim."""
        return claim_of(row, (await related_rows.beside(connection, [row]))[row["id"]], real=real)

    async def apply(
        self,
        connection: AsyncConnection,
        row: Row,
        commit: Commit,
        claim: Claim,
        *,
        now: datetime,
        real: datetime | None,
        rebar: bool = False,
    ) -> Written:
        """Write the commit on the locked row, with all that belongs to it. rebar: an incident was closed too."""
        examined(connection, cases, row, typed=True)
        before = claim_of(row, RelatedRows())
        if commit.data is not None and row["seq"] != claim.seq:
            commit = replace(commit, data=rebased(claim.data, commit.data, row["data"]))
        await refuse_same(connection, row, commit)
        await refuse_retired(connection, [commit.account] if commit.account is not None else [])
        entries, is_barred = await self._incidents(connection, commit, claim, now)
        if rebar:
            is_barred = await related_rows.barred(connection, claim.case)
        written = self.events_of(before, commit, entries, now)
        change = change_of(before, commit, written, now) | {"barred": is_barred}
        change |= await accounts_of(connection, row, commit)
        await related_rows.write_events(connection, written)
        await related_rows.write_effects(connection, claim.case, commit.effects)
        told_in = before.round if commit.round is None else commit.round
        await related_rows.write_messages(connection, [(claim.case, told_in, one) for one in commit.messages], now)
        await related_rows.free_messages(connection, before, commit.freed, now)
        await related_rows.wipe_codes(connection, claim.case, commit.wipe, now)
        if before.check is not None and closes_run(before.check, commit):
            await related_rows.close_runs(connection, [(claim.case, before.check)])
        after = await write_one(connection, change)
        if commit.retired is not None:
            await retire(connection, after["account"], commit.retired or None, real)
        if commit.wakes and after["account"]:
            await related_rows.wake_deferred(connection, commit.wakes, after["account"], now)
        if commit.nudge and after["account"]:
            await related_rows.nudge_account(connection, after["account"], now)
        found = (await related_rows.beside(connection, [after]))[claim.case]
        refreshed = claim_of(after, found, real=real, seat=claim.seat, only=claim.only)
        return Written(refreshed, after, bool(written))

    def events_of(self, claim: Claim, commit: Commit, entries: Sequence[Entry], now: datetime) -> tuple[Event, ...]:
        """The entries chained to the head that the claim shows."""
        return chain(
            entries,
            case=claim.case,
            after=(claim.seq, claim.head),
            at=now,
            flow_version=claim.flow_version if commit.flow_version is None else commit.flow_version,
            revision=self.revision,
            ring=self.vault.chain,
        )

    async def _incidents(
        self, connection: AsyncConnection, commit: Commit, claim: Claim, now: datetime
    ) -> tuple[tuple[Entry, ...], bool | None]:
        """The entries of the commit and of the incidents that it opens or closes; and whether the case is barred."""
        if not commit.new_incidents and not commit.close:
            return commit.entries, None
        said = commit.entries[0] if commit.entries else None
        actor, reason = (said.actor, said.reason) if said else (f"worker:{claim.owner}", None)
        case = claim.case
        closed = await related_rows.close_incidents(connection, case, commit.close, by=actor, reason=reason, now=now)
        opened = await related_rows.open_incidents(connection, case, commit.new_incidents, now)
        entries = (
            *commit.entries,
            *(Entry("incident_closed", closed_body(row), actor, reason) for row in closed),
            *_opened(opened, actor, reason),
        )
        return entries, await related_rows.barred(connection, case)

    async def report(
        self, case: str, opens: Sequence[NewIncident], closes: Sequence[str], *, actor: str, now: datetime
    ) -> bool:
        """Open and close incidents that bar nothing, in whatever state the case is; False where its chain has no end.

        For those who check the record itself: the row, which may be damaged, is not read as a claim.
        """

        async def work(connection: AsyncConnection) -> bool:
            row = await locked(connection, case)
            if not has_end(row):
                return False
            closed = await related_rows.close_incidents(connection, row["id"], closes, by=actor, reason=None, now=now)
            opened = await related_rows.open_incidents(connection, row["id"], opens, now)
            entries = [Entry("incident_closed", closed_body(found), actor) for found in closed]
            await self._chained(connection, row, [*entries, *_opened(opened, actor)], now, {})
            return True

        return await self.writing(work)

    async def _chained(
        self, connection: AsyncConnection, row: Row, entries: Sequence[Entry], now: datetime, change: dict[str, Any]
    ) -> None:
        """Write the entries after the end of the row's chain, where it has one, together with the change."""
        examined(connection, cases, row, typed=True)
        written = (
            ()
            if not has_end(row)
            else chain(
                entries,
                case=row["id"],
                after=(row["seq"], row["head"]),
                at=now,
                flow_version=row["flow_version"],
                revision=self.revision,
                ring=self.vault.chain,
            )
        )
        await related_rows.write_events(connection, written)
        if written:
            change = change | {"seq": written[-1].seq, "head": written[-1].hash.hex()}
        if change:
            await write_many(connection, [{"id": row["id"], **change}])

    async def set_apart(
        self, connection: AsyncConnection, row: Row, kind: str, error: Exception, now: datetime
    ) -> None:
        """Set apart a row that cannot be read or written: it gets an incident, its lease ends, other cases go on."""
        trouble = NewIncident(kind, f"{kind}: {type(error).__name__}", {"error": str(error)[:2000]})
        opened = await related_rows.open_incidents(connection, row["id"], [trouble], now)
        entries = _opened(opened, f"worker:{row['owner']}")
        await self._chained(connection, row, entries, now, {"barred": True, "release": True})


async def stands(connection: AsyncConnection, written: Written) -> bool:
    """Whether a transaction without a reply to COMMIT held: by (case, seq, hash), or by the row, if without event."""
    row = await locked(connection, written.claim.case)
    if not written.event:
        return same_row(row, written.row)
    query = select(events.c.hash).where(events.c.case == row["id"], events.c.seq == written.claim.seq)
    return bool((await connection.execute(query)).scalar() == written.claim.head)


def has_end(row: Row) -> bool:
    """Whether the row says where its chain ends, so that an event can be added."""
    return {type(row["seq"]), type(row["flow_version"])} == {int} and type(row["head"]) is bytes


def same_row(row: Row, written: Row) -> bool:
    """Whether the row stands as it was written, but for its seal, which is made after it."""
    return all(row[name] == value for name, value in written.items() if name not in {*COUNTS, *AUDITED, "seal"})


async def locked(connection: AsyncConnection, case: str) -> Row:
    """The row of a case, by id or number; it stays locked until the transaction ends."""
    query = select(cases).where(or_(cases.c.id == case, cases.c.number == case)).with_for_update(key_share=True)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("case", case)
    return row


def refuse(claim: Claim, commit: Commit, row: Row) -> None:
    """Raises Fenced unless the claim is still this worker's and the commit's guard holds."""
    if row["owner"] != claim.owner or epoch_of(row) != claim.epoch:
        raise Fenced(
            claim.number,
            Sentence(
                "lease_over_epoch",
                "the lease of {owner} is over; it is now at epoch {epoch}",
                owner=claim.owner,
                epoch=epoch_of(row),
            ),
        )
    if commit.guard == "version" and row["seq"] != claim.seq:
        raise Fenced(
            claim.number,
            Sentence(
                "changed_meanwhile_version_you",
                "it changed meanwhile: version {now}, you saw {seen}",
                now=row["seq"],
                seen=claim.seq,
            ),
        )
    if commit.guard == "decision":
        number = None if row["decision"] is None else row["decision"]["number"]
        if number is None or claim.decision is None or number != claim.decision.number:
            raise Fenced(claim.number, Sentence("decision_given_up", "its decision was given up meanwhile"))


async def refuse_same(connection: AsyncConnection, row: Row, commit: Commit) -> None:
    """Raises Duplicate where the commit would make a second live case about the same."""
    subject = commit.subject if commit.subject is not None else row["subject"]
    begins = commit.final is False and row["final"]
    if subject is None or not (begins or subject != row["subject"]) or (row["final"] and not begins):
        return
    same = and_(cases.c.flow == row["flow"], cases.c.subject == subject, cases.c.id != row["id"], live)
    other = (await connection.execute(select(cases.c.number).where(same))).scalar()
    if other is not None:
        raise Duplicate(subject, other, row["number"])


def opened_body(row: dict[str, Any]) -> dict[str, Any]:
    """What the record says of an incident."""
    return {"incident": row["id"], **{name: row[name] for name in ("kind", "cause", "effect", "seen", "bars")}}


def closed_body(row: dict[str, Any]) -> dict[str, Any]:
    """What the record says of an incident that is over."""
    return {"incident": row["id"], "kind": row["kind"]}


def _opened(rows: Sequence[dict[str, Any]], actor: str, reason: str | None = None) -> list[Entry]:
    return [Entry("incident_opened", opened_body(row), actor, reason) for row in rows]
