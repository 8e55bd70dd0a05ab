"""Reminds owners of codes that do not come, and tells a person when that was in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from states.copyright.registration import Registration
from states.copyright.reminders import Request, reminders, requests, unanswered
from states.copyright.settings import CopyrightSettings
from states.copyright.values import OwnerId
from workflow.case import Case, Message
from workflow.claims import Claim, Commit, Entry, Trouble
from workflow.clock import Clock
from workflow.store.values import CaseRow, Incident

STATE = "awaiting_captcha"
UNANSWERED = "codes_unanswered"
"""The kind of the incident about owners who were reminded in vain."""
ACTOR = "worker:sync_codes"


class PendingStore(Protocol):
    """What telling needs of the store."""

    async def incidents(self, *, open_only: bool = True, case: str | None = None) -> list[Incident]: ...
    async def case(self, case: str) -> CaseRow: ...
    async def command(
        self, case: str, version: int | None, build: Callable[[Claim], Commit], *, now: datetime, real: datetime
    ) -> Claim: ...


async def remind(
    store: PendingStore,
    clock: Clock,
    settings: CopyrightSettings,
    rows: Sequence[CaseRow],
    cases: Sequence[Case[Registration]],
    taken: Mapping[str, Sequence[OwnerId]],
) -> int:
    """Reminders to owners, then an incident, which is closed when it is over. How many were reminded.

    taken: by case number, the owners whose codes have just come.
    """
    now, real = await clock.business(), await clock.real()
    opened = {one.case for one in await store.incidents() if one.kind == UNANSWERED}
    claims, reminded = {row.claim.case: row.claim for row in rows}, 0
    for case in cases:
        claim = claims[case.id]
        asked = requests(claim.effects, case, now)
        asked = {owner: one for owner, one in asked.items() if owner not in taken.get(case.number, ())}
        told = () if claim.held else tuple(reminders(case, asked, claim.codes_on_file, settings, now))
        late = unanswered(case, asked, claim.codes_on_file, now)
        troubles = (_trouble(case, late, asked, now),) if late and case.id not in opened else ()
        close = (UNANSWERED,) if case.id in opened and not late else ()
        if troubles or close or told:
            commit = Commit(guard="version", entries=_entries(told), messages=told, troubles=troubles, close=close)
            await store.command(case.id, None, _always(commit), now=now, real=real)
            reminded += len(told)
    for gone in sorted(opened - {case.id for case in cases}):
        if (await store.case(gone)).claim.state != STATE:
            commit = Commit(guard="version", close=(UNANSWERED,))
            await store.command(gone, None, _always(commit), now=now, real=real)
    return reminded


def _trouble(
    case: Case[Registration], late: Sequence[OwnerId], asked: Mapping[OwnerId, Request], now: datetime
) -> Trouble:
    hours = max(int((now - asked[owner].last).total_seconds() // 3600) for owner in late)
    seen = {"owners": [case.data.owner(owner).name for owner in late], "hours": hours}
    return Trouble(UNANSWERED, f"copyright:{STATE}:{UNANSWERED}", seen, bars=False)


def _entries(told: Sequence[Message]) -> tuple[Entry, ...]:
    if not told:
        return ()
    named = ", ".join(one.recipient for one in told)
    listed = [{"occasion": one.occasion, "recipient": one.recipient} for one in told]
    return (Entry("noted", {"text": f"reminded of the code: {named}", "told": listed}, ACTOR),)


def _always(commit: Commit) -> Callable[[Claim], Commit]:
    return lambda _: commit
