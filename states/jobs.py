"""The jobs that schedules may run beside sweeps: codes, notices, how the remotes are, retention, the audit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import Field

from adapters.code_records import CodeRecords
from adapters.sms import Sms
from states.copyright.codes import CodesSynced, sync_codes
from states.copyright.desk import CodeDesk
from states.copyright.pending_codes import remind
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from workflow.auditing import audit
from workflow.case import Case
from workflow.claims import Claim, Commit, Trouble
from workflow.clock import Clock
from workflow.commands import Commands
from workflow.errors import RemoteError, WorkflowError
from workflow.forgetting import STOOD_FOR, oldest_kept
from workflow.machine import Plan
from workflow.messages import deliver
from workflow.processes import marks_of
from workflow.receipts import receipts
from workflow.store import DueMessage, Filters, SentMessage, Store
from workflow.targets import JobKind, Parameters
from workflow.turn import readable

Counts = Mapping[str, int]
UNCLEAR, ODD, MISDATED, STRANGE = "codes_unclear", "codes_odd", "codes_misdated", "codes_strange"
"""Incidents about filled-in codes: of owners who share a phone, of rows that cannot be read, of codes whose time cannot
be right, and of codes whose phone no owner has."""
ABOUT_CODES = (UNCLEAR, ODD, MISDATED, STRANGE)


class Probe(Protocol):
    """Asks a remote whether it answers at all. Raises RemoteError where it does not."""

    @property
    def name(self) -> str: ...

    async def ask(self) -> None: ...


@dataclass(frozen=True)
class Office:
    """What jobs work with."""

    store: Store
    clock: Clock
    plans: Mapping[str, Plan]
    records: CodeRecords
    sms: Sms
    probes: Sequence[Probe]
    anchors: Path
    process: str
    lease: timedelta


class AuditFailed(WorkflowError):
    """The record does not hold; of cases that are there, incidents say it too."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(f"{len(findings)} findings: {'; '.join(findings[:5])}")


class CodesNotAsked(WorkflowError):
    """The record system did not answer about some cases; the others' codes were taken."""

    def __init__(self, failed: Mapping[str, str]) -> None:
        number, why = next(iter(failed.items()))
        super().__init__(f"the code records did not answer about {len(failed)} cases, {number} first: {why}")


class Batch(Parameters):
    """How many at once."""

    limit: int = Field(default=500, ge=1, le=5000)


class Kept(Parameters):
    """How many days the log of runs, and how the remotes were, is kept."""

    days: int = Field(default=90, ge=1, le=3660)


async def codes(office: Office, given: Batch) -> Counts:
    """Job 8: ask the record system about automatic cases that wait for codes (R110-R113)."""
    plan = office.plans["copyright"]
    wanted = Filters(flow="copyright", state="awaiting_captcha", auto=True, final=False)
    rows = await office.store.cases(wanted, limit=given.limit)
    waiting = [cast(Case[Registration], case) for case in readable(plan, rows)]
    marks = marks_of(office.anchors.parent)
    commands = Commands(office.store, office.clock, office.plans, "worker:sync_codes", marks=marks)
    desk = CodeDesk(office.store, commands)
    synced = await sync_codes(waiting, office.records, desk, await office.clock.business())
    await _tell_of_codes(office, waiting, synced)
    settings = cast(CopyrightSettings, plan.flow.settings)
    reminded = await remind(office.store, office.clock, settings, rows, waiting, synced.taken)
    if synced.failed:
        raise CodesNotAsked(synced.failed)
    return {
        "cases": len(rows),
        "codes": sum(map(len, synced.taken.values())),
        "reminded": reminded,
        "unclear": len(synced.unclear),
        "odd_rows": sum(len(odd) for found in (synced.odd, synced.misdated, synced.strange) for odd in found.values()),
        "failed": len(rows) - len(waiting),
    }


async def _tell_of_codes(office: Office, cases: Sequence[Case[Registration]], synced: CodesSynced) -> None:
    """Codes that this job cannot give to anybody are a person's, until it can, or the case waits for none."""
    is_open = {(one.case, one.kind) for one in await office.store.incidents() if one.kind in ABOUT_CODES}
    for case in cases:
        if case.number in synced.failed:
            continue  # nothing is known of its rows
        said = _said_of_codes(case, synced)
        for kind in ABOUT_CODES:
            if (kind in said) == ((case.id, kind) in is_open):
                continue
            if kind not in said:
                await _note(office, case.id, Commit(guard="version", close=(kind,)))
            elif not await _is_settled(office, case.id, kind, said[kind]):
                trouble = Trouble(kind, f"copyright:{kind}", said[kind], bars=False)
                await _note(office, case.id, Commit(guard="version", troubles=(trouble,)))
    waiting = {case.id for case in cases}
    for id_, kind in sorted(is_open):
        if id_ not in waiting and (await office.store.case(id_)).claim.state != "awaiting_captcha":
            await _note(office, id_, Commit(guard="version", close=(kind,)))


def _said_of_codes(case: Case[Registration], synced: CodesSynced) -> dict[str, dict[str, Any]]:
    """What is to be told of a case, by kind of incident; never a code."""
    said: dict[str, dict[str, Any]] = {}
    if owners := synced.unclear.get(case.number):
        said[UNCLEAR] = {"owners": [case.data.owner(owner).name for owner in owners], "why": "one phone"}
    if rows := synced.odd.get(case.number):
        said[ODD] = {"rows": [row.number for row in rows], "why": rows[0].why}
    for kind, found in ((MISDATED, synced.misdated), (STRANGE, synced.strange)):
        if codes := found.get(case.number):
            said[kind] = {"rows": [one.number for one in codes], "filled_at": codes[0].filled_at.isoformat()}
    return said


async def _is_settled(office: Office, case: str, kind: str, said: Mapping[str, Any]) -> bool:
    """Whether a person was told of just this, or of more, and said that it is settled."""
    (about,) = {"rows", "owners"} & set(said)
    closed = [one for one in await office.store.incidents(open_only=False, case=case) if one.kind == kind]
    by_people = [one for one in closed if (one.closed_by or "").startswith("person:")]
    return any(set(said[about]) <= set(one.seen.get(about, ())) for one in by_people)


async def _note(office: Office, case: str, commit: Commit) -> None:
    now, real = await office.clock.business(), await office.clock.real()
    await office.store.command(case, None, _always(commit), now=now, real=real)


def _always(commit: Commit) -> Callable[[Claim], Commit]:
    return lambda _: commit


async def notices(office: Office, given: Batch) -> Counts:
    """Send what the outbox holds, and ask whether what was sent arrived."""

    async def by_sms(message: DueMessage) -> object:
        return await office.sms.send(message.address, message.text, reference(message))

    store, clock, owner = office.store, office.clock, office.process
    came = await deliver(store, clock, {"sms": by_sms}, owner=owner, lease=office.lease, limit=given.limit)
    return came + await receipts(store, clock, {"sms": office.sms.delivered}, owner=owner, limit=given.limit)


async def adapter_health(office: Office, _: Parameters) -> Counts:
    """Task 9: whether each remote answers, kept with its history (R114)."""
    answers = await asyncio.gather(*(_probed(office, probe) for probe in office.probes))
    return {"up": sum(answers), "down": len(answers) - sum(answers)}


async def retention(office: Office, given: Kept) -> Counts:
    """Forget old rows of the log; never a case, an event or a document. A clock that is wrong for a day takes none."""
    kept, store = timedelta(days=given.days), office.store
    now, real = await office.clock.business(), await office.clock.real()
    await store.forget_heartbeats(real - timedelta(days=1))
    made, due = await store.lived(real - STOOD_FOR) or (None, None)
    runs, answers = oldest_kept(real, kept, made), oldest_kept(now, kept, due)
    return {
        "runs": await store.forget_dispatches(runs) if runs else 0,
        "answers": await store.forget_health(answers) if answers else 0,
    }


async def hold_audit(office: Office, _: Parameters) -> Counts:
    """Hold the record against itself and its anchors, and set a new one of what holds."""
    audited = await audit(office.store, office.clock, office.anchors)
    if audited.findings:
        raise AuditFailed(
            [f"{found.number} {found.invariant}: {found.place}: {found.what}" for found in audited.findings]
        )
    return {"cases": audited.cases, "events": audited.events}


JOBS: Mapping[str, tuple[JobKind, Callable[[Office, Any], Awaitable[Counts]]]] = {
    kind.name: (kind, does)
    for kind, does in (
        (JobKind("sync_codes", Batch), codes),
        (JobKind("notices", Batch), notices),
        (JobKind("adapter_health"), adapter_health),
        (JobKind("retention", Kept), retention),
        (JobKind("audit"), hold_audit),
    )
}
KINDS: Mapping[str, JobKind] = {name: kind for name, (kind, _) in JOBS.items()}


def reference(message: DueMessage | SentMessage) -> str:
    """The occasion of a message, as the gateway knows it."""
    return f"{message.case}/{message.round}/{message.occasion}/{message.recipient}"


async def _probed(office: Office, probe: Probe) -> bool:
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        await probe.ask()
    except RemoteError as error:
        await office.store.note_health(
            probe.name, "down", error.why, latency_ms=None, now=await office.clock.business()
        )
        return False
    latency = round((loop.time() - began) * 1000)
    await office.store.note_health(probe.name, "up", None, latency_ms=latency, now=await office.clock.business())
    return True
