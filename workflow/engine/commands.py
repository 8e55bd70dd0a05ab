"""What people do to a case. Each command names the version of the case that the person saw, and writes an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from workflow.engine import refusals
from workflow.engine.reasons import reason_given
from workflow.engine.resolving import Resolving
from workflow.engine.settling import Settling
from workflow.queues import DEFAULT_QUEUE
from workflow.record.codes_on_file import CODE
from workflow.record.values import OPEN, Claim, Commit, Message
from workflow.sentence import Sentence, told_beside
from workflow.store.values import SentMessage


class Commands(Settling, Resolving):
    """All that people do to a case."""

    async def hold(self, case: str, reason: str, version: int | None = None) -> Claim:
        """Hold the case. It is always accepted, and takes effect before the next step."""
        said = reason_given(reason)

        def build(claim: Claim) -> Commit:
            return Commit(guard="version", entries=(self._entry("held", {"reason": said}, said),), held=said)

        return await self._do(case, version, build)

    async def resume(self, case: str, reason: str | None = None, version: int | None = None) -> Claim:
        """End the hold. Refused for the own case of a retired account, which goes on when the account is restored."""
        now, retired = await self._clock.business(), await self._store.retired_with(case)

        def build(claim: Claim) -> Commit:
            if retired is not None:
                raise refusals.own_case(claim, retired)
            if claim.held is None:
                raise refusals.not_on_hold(claim)
            return Commit(guard="version", entries=(self._entry("resumed", {}, reason),), held="", due_at=now)

        return await self._do(case, version, build)

    async def note(self, case: str, text: str) -> Claim:
        said = text.strip()
        if not said:
            raise refusals.says_nothing()
        return await self._do(
            case, None, lambda claim: Commit(guard="version", entries=(self._entry("noted", {"text": said}),))
        )

    async def set_auto(self, case: str, on: bool, reason: str | None = None, version: int | None = None) -> Claim:
        """Full-auto on or off (R1). Nothing is written where it is so already."""
        now = await self._clock.business()

        def build(claim: Claim) -> Commit:
            if claim.auto is on:
                return Commit(guard="version")
            entry = self._entry("changed", {"patch": {}, "auto": on}, reason)
            return Commit(guard="version", entries=(entry,), auto=on, due_at=now if on else None)

        return await self._do(case, version, build)

    async def change(
        self,
        case: str,
        patch: Mapping[str, object],
        reason: str | None = None,
        version: int | None = None,
        *,
        told: Mapping[str, object] = MappingProxyType({}),
        close: tuple[str, ...] = (),
    ) -> Claim:
        """Give or correct data; the case becomes due now. told: what else the event says of it.

        close: the kinds of incident that end with it.
        """
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            self._nobody_at_work(claim, real)
            changed = self._changed(claim, patch, reason, now, real, told)
            entries = (
                *self._abandoned(claim, reason or Sentence("data_corrected", "the data was corrected")),
                *changed.entries,
            )
            return replace(changed, entries=entries, decision="clear", close=close)

        return await self._do(case, version, build)

    async def give(
        self,
        case: str,
        patch: Mapping[str, object],
        reason: str | None = None,
        version: int | None = None,
        *,
        told: Mapping[str, object] = MappingProxyType({}),
    ) -> Claim:
        """Hand in what the case waits for (an upload, an authorisation). told: what else the event says of it.

        It is accepted while a worker is at work on the case. Where nobody is, what was decided before and is not done
        yet is decided anew: it was decided of what the case had then.
        """
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            changed = self._changed(claim, patch, reason, now, real, told)
            if claim.decision is None or self._is_at_work(claim, real):
                return changed
            why = Sentence("given_meanwhile", "something was handed in meanwhile")
            return replace(changed, entries=(*self._abandoned(claim, why), *changed.entries), decision="clear")

        return await self._do(case, version, build)

    async def enter_code(
        self,
        case: str,
        owner: str,
        code: str,
        *,
        source: str | None = None,
        kind: str = CODE,
        asked_in: int | None = None,
    ) -> bool:
        """Store a code, or a secret of another kind, encrypted; the event says only whose. False: known already.

        asked_in: the round in which it was asked for, where that was before this; Conflict where that round is over.
        """
        now, seen = await self._clock.business(), (await self._store.case(case)).claim
        round_ = seen.round if asked_in is None else asked_in
        if not await self._store.put_code(seen.case, owner, round_, code, now=now, source=source, kind=kind):
            return False

        def build(claim: Claim) -> Commit:
            of = {} if kind == CODE else {"secret": kind}
            entry = self._entry("noted", {"code_of": owner, "round": round_, **of})
            return Commit(guard="version", entries=(entry,), due_at=self._due(claim, now))

        await self._do(seen.case, None, build)
        return True

    async def free(
        self, case: str, held: Sequence[SentMessage], reason: str, *, release: bool, version: int | None = None
    ) -> Claim:
        """Release notices that are held back for people, so that they go out now, or drop them."""

        def build(claim: Claim) -> Commit:
            named = ", ".join(f"{one.occasion} → {one.recipient}" for one in held)
            text = Sentence("notices_released", "released: {notices}", notices=named)
            if not release:
                text = Sentence("notices_dropped", "not to be sent: {notices}", notices=named)
            entry = self._entry("noted", told_beside(text=text), reason)
            return Commit(guard="version", entries=(entry,), freed=tuple((one.id, release) for one in held))

        return await self._do(case, version, build)

    async def look_now(self, case: str) -> Claim:
        """Make the case due now, whatever its recheck says."""
        now = await self._clock.business()
        return await self._do(case, None, lambda claim: due_look(claim, now))

    async def retry(self, case: str, reason: str, version: int | None = None) -> Claim:
        """Close the incidents that bar the case, and make it due now: the person has mended the cause."""
        said, now = reason_given(reason), await self._clock.business()

        def build(claim: Claim) -> Commit:
            if unsettled := [row for row in claim.effects if row.status in OPEN and row.stage == "person"]:
                raise refusals.unsettled(claim, unsettled[0])
            entry = self._entry("noted", told_beside(text=Sentence("retry", "retry")), said)
            return Commit(guard="version", entries=(entry,), close=("*",), due_at=now, failures=0, crash_count=0)

        return await self._do(case, version, build)

    async def resend(
        self,
        case: str,
        again: Sequence[Message],
        reason: str,
        *,
        close: tuple[str, ...] = (),
        version: int | None = None,
    ) -> Claim:
        """Send notices again that reached nobody. close: the kinds of incident that end with it."""

        def build(claim: Claim) -> Commit:
            told = [{"occasion": one.occasion, "recipient": one.recipient} for one in again]
            named = ", ".join(f"{one.occasion} → {one.recipient}" for one in again)
            text = Sentence("sent_again", "sent again: {notices}", notices=named)
            entry = self._entry("noted", {**told_beside(text=text), "told": told}, reason)
            return Commit(guard="version", entries=(entry,), messages=tuple(again), close=close)

        return await self._do(case, version, build)


def due_look(claim: Claim, now: datetime) -> Commit:
    """The commit that makes a case due in the default queue, where a look needs no login.

    A case with an effect in doubt stays in its queue: only who enters there can ask what became of it.
    """
    in_doubt = any(effect.status in OPEN for effect in claim.effects)
    return Commit(guard="version", due_at=now, deferred="", queue=None if in_doubt else DEFAULT_QUEUE)
