"""Goes through the cases that wait for codes, one at a time: takes codes, reminds owners, tells people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, cast

from adapters.code_records import CodeRecords
from states.copyright.codes import CodeDesk, CodesSynced, sync_codes
from states.copyright.pending_codes import ABOUT_CODES, FAILING, UNANSWERED, is_settled, said_of_codes
from states.copyright.registration import Registration
from states.copyright.reminders import Request, requests, run_out, unanswered
from states.copyright.values import OwnerId
from workflow import Case, RemoteError, WorkflowError
from workflow.clock import Clock
from workflow.engine.context import readable
from workflow.errors import Conflict
from workflow.flow.compiled import Plan
from workflow.flow.mistakes import mistake_of, of_the_machine, report, words
from workflow.record.values import Claim, Commit, NewIncident
from workflow.sentence import Sentence
from workflow.store.values import CaseRow, Filters, Incident

STATE = "awaiting_captcha"
WAITING = Filters(flow="copyright", state=STATE, auto=True, final=False)
BOOKMARK = "codes_asked_to"
"""The bookmark with the number of the last case that was asked about, while more wait behind it."""
ACTOR = "worker:sync_codes"
MANY = 100
"""So many matters of one title are looked at."""


class CollectionStore(Protocol):
    """What this needs of the store."""

    async def bookmark(self, name: str) -> str | None: ...
    async def put_bookmark(self, name: str, value: str | None) -> None: ...
    async def cases(self, filters: Filters, *, after: str | None = None, limit: int = 50) -> list[CaseRow]: ...
    async def case(self, case: str) -> CaseRow: ...
    async def incidents(self, *, open_only: bool = True, case: str | None = None) -> list[Incident]: ...
    async def command(
        self, case: str, version: int | None, build: Callable[[Claim], Commit], *, now: datetime, real: datetime
    ) -> Claim: ...


class CodesNotAsked(WorkflowError):
    """The codes of some cases could not be asked for; those of the others were taken."""

    def __init__(self, failed: Mapping[str, str]) -> None:
        number, why = next(iter(failed.items()))
        super().__init__(
            Sentence(
                "codes_not_asked",
                "nothing is known of the codes of {n} cases, {number} first: {why}",
                n=len(failed),
                number=number,
                why=why,
            )
        )


@dataclass(frozen=True)
class Collection:
    """One run over the cases that wait for codes."""

    store: CollectionStore
    clock: Clock
    plan: Plan
    records: CodeRecords
    desk: CodeDesk

    async def take(self, limit: int) -> Counter[str]:
        """Ask about the cases whose turn it is, at most `limit`. Raises CodesNotAsked after the last one."""
        rows = await self._turn(limit)
        told = Counter(cases=len(rows), codes=0, reminded=0, unclear=0, odd_rows=0, failed=0)
        failed: dict[str, str] = {}
        about = [one for one in await self.store.incidents() if one.kind in ABOUT_CODES]
        for row in rows:
            is_open = {one.kind for one in about if one.case == row.claim.case}
            await _apart(row.claim.number, self._of(row, is_open, told), failed)
        looked = {row.claim.case for row in rows}
        for number, case in sorted({(one.number, one.case) for one in about if one.case not in looked}):
            await _apart(number, self._over(case), failed)
        if failed:
            raise CodesNotAsked(failed)
        return told

    async def _turn(self, limit: int) -> list[CaseRow]:
        """The next cases by number. Those behind the last one come next, whatever becomes of this one."""
        after = await self.store.bookmark(BOOKMARK)
        page = await self.store.cases(WAITING, after=after, limit=limit + 1)
        if not page and after is not None:
            page = await self.store.cases(WAITING, limit=limit + 1)
        last = page[limit - 1].claim.number if len(page) > limit else None
        if last != after:
            await self.store.put_bookmark(BOOKMARK, last)
        return page[:limit]

    async def _of(self, row: CaseRow, is_open: Set[str], told: Counter[str]) -> None:
        """Work on one case, as it is now: since the run began it may have moved, or have got its codes by hand.

        A mistake of ours is told as the case's own, and logged with its traceback once.
        """
        row = await self.store.case(row.claim.case)
        claim = row.claim
        if claim.state != STATE or not claim.auto:
            return
        try:
            for case in readable(self.plan, [row]):
                await self._collect(cast(Case[Registration], case), claim, is_open, told)
                return
        except Exception as error:
            if (mistake := mistake_of(error, "codes")) is None:
                raise
            if FAILING not in is_open:
                report(mistake, error, case=claim.number, flow=claim.flow, state=claim.state)
                trouble = NewIncident(FAILING, f"{mistake.place}: {mistake.error}", mistake.seen(), bars=False)
                await self._write(claim.case, Commit(guard="version", new_incidents=(trouble,)))
        told["failed"] += 1

    async def _collect(self, case: Case[Registration], claim: Claim, is_open: Set[str], told: Counter[str]) -> None:
        """Take what came; then remind owners who are late, even where the records do not answer, and tell people."""
        now = await self.clock.business()
        found, silent = CodesSynced(), None
        try:
            found = await self._of_this_matter(case, await sync_codes(case, self.records, self.desk, now))
        except Conflict:
            return  # it began anew meanwhile: its new round is asked for the next time
        except RemoteError as error:
            silent = error
        asked = requests(claim.effects, case, now)
        missing = {owner: one for owner, one in asked.items() if owner not in found.taken}
        late = unanswered(case, missing, claim.codes_on_file, now)
        said = said_of_codes(case, found, late, asked, now)
        known = ABOUT_CODES if silent is None else (UNANSWERED,)  # no answer: nothing is known of its rows
        news = [kind for kind in known if kind in said and kind not in is_open]
        if news:
            before = await self.store.incidents(open_only=False, case=case.id)
            news = [kind for kind in news if not is_settled(before, kind, said[kind])]
        new_incidents = tuple(NewIncident(kind, f"copyright:{STATE}:{kind}", said[kind], bars=False) for kind in news)
        close = tuple(kind for kind in known if kind in is_open and kind not in said)
        if new_incidents or close:
            await self._write(case.id, Commit(guard="version", new_incidents=new_incidents, close=close))
        due = () if claim.held else await self._ask_again(case, claim, missing, now)
        odd = found.odd + found.misdated + found.strange
        told.update(codes=len(found.taken), reminded=len(due), unclear=bool(found.unclear), odd_rows=len(odd))
        if silent is not None:
            raise silent

    async def _ask_again(
        self, case: Case[Registration], claim: Claim, asked: Mapping[OwnerId, Request], now: datetime
    ) -> tuple[OwnerId, ...]:
        """Have codes that ran out asked for once more; nobody's phone gets more texts a day than it has room for."""
        over = run_out(case, asked, claim.codes_on_file, now)
        due = tuple([owner for owner in over if await self.desk.has_room(case.data.owner(owner).mobile, now)])
        if not due:
            return ()
        seq = (await self.store.case(case.id)).claim.seq
        try:
            await self.desk.ask_again(case, due, seq)
        except Conflict:
            return ()  # it changed at this moment: the next run looks again
        return due

    async def _of_this_matter(self, case: Case[Registration], found: CodesSynced) -> CodesSynced:
        """A phone of an owner in another matter of the same title is nobody's strange phone."""
        if not found.strange:
            return found
        filters = Filters(flow="copyright", text=case.data.identity)
        rows = [row for row in await self.store.cases(filters, limit=MANY) if row.claim.case != case.id]
        others = [cast(Case[Registration], one) for one in readable(self.plan, rows)]
        known = {owner.mobile for one in others for owner in one.data.owners}
        return replace(found, strange=tuple(code for code in found.strange if code.phone not in known))

    async def _over(self, case: str) -> None:
        """Close the incidents about codes of cases that wait for none any more."""
        if (await self.store.case(case)).claim.state != STATE:
            await self._write(case, Commit(guard="version", close=ABOUT_CODES))

    async def _write(self, case: str, commit: Commit) -> None:
        now, real = await self.clock.business(), await self.clock.real()
        await self.store.command(case, None, lambda _: commit, now=now, real=real)


async def _apart(number: str, doing: Awaitable[None], failed: dict[str, str]) -> None:
    """What becomes of one case touches no other; trouble of the database or the disk is no case's."""
    try:
        await doing
    except Exception as error:
        if of_the_machine(error):
            raise
        failed[number] = words(error)
