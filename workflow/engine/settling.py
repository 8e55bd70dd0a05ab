"""What people state of effects that nobody could tell, and where they put a case by their own word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workflow.engine import refusals
from workflow.engine.actions import DOUBTS
from workflow.engine.commits import told_of
from workflow.engine.desk import Desk
from workflow.engine.processes import lives
from workflow.engine.progress import kinds_told
from workflow.engine.reasons import LEAST, reason_given
from workflow.errors import NotFound
from workflow.queues import DEFAULT_QUEUE
from workflow.record.values import OPEN, Claim, Commit, Effect, EffectStatus, Entry
from workflow.sentence import Sentence, told_beside
from workflow.store.values import SentMessage


class Settling(Desk):
    """A person's word for what no worker finds out. An effect is named by its key, or by its action."""

    async def settle(
        self,
        case: str,
        effect: str,
        *,
        happened: bool,
        reason: str,
        result: Mapping[str, object] | None = None,
        version: int | None = None,
    ) -> Claim:
        """Settle an effect of which nobody could tell whether it happened.

        Refused while a worker is at work on the case.
        """
        said = reason_given(reason)
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            row = effect_named(claim, claim.effects, effect)
            self._nobody_leases(claim, real)
            found = self._result(claim, result) if result else {}
            settled, entry = self._settled(claim, row, happened, found, said)
            return Commit(
                guard="version",
                entries=(entry,),
                effects=(settled,),
                wipe=(settled.key,) if happened else (),
                close=DOUBTS,
                due_at=now,
            )

        return await self._do(case, version, build)

    async def force(
        self,
        case: str,
        state: str,
        reason: str,
        *,
        happened: Sequence[str] = (),
        not_happened: Sequence[str] = (),
        new_round: bool = False,
        version: int | None = None,
    ) -> Claim:
        """Move the case to a state. The round stays, unless new_round is given; nothing that is done is done again.

        Notices that are still held back tell of the state that it leaves: they are dropped.

        happened, not_happened: the effects in doubt of which the person states so. Refused unless all of them are
        stated: what happened could be done twice.
        """
        said = reason_given(reason, LEAST)
        now, real = await self._clock.business(), await self._clock.real()
        held = await self._store.held_messages(now)

        def build(claim: Claim) -> Commit:
            plan = self._plan(claim)
            if state not in plan.states:
                raise refusals.not_one_of(claim, "state", state, plan.states)
            self._nobody_leases(claim, real)
            stated = _stated(claim, happened, not_happened)
            settled = [self._settled(claim, row, did, {}, said) for row, did in stated]
            source, dest = plan.state(claim.state), plan.states[state]
            body = {"from": claim.state, "to": state, "round": claim.round + new_round, "patch": {}}
            is_left = state != claim.state or new_round
            untrue = [one for one in held if one.case == claim.case and is_left]
            over = (
                ((claim.state,) if source.incident else ())
                + dest.ends
                + kinds_told(claim.check)
                + (DOUBTS if stated else ())
            )
            return Commit(
                guard="version",
                entries=(
                    *(entry for _, entry in settled),
                    *self._abandoned(claim, said),
                    self._entry("forced", body, said),
                    *self._dropped(untrue),
                ),
                freed=tuple((one.id, None) for one in untrue),
                effects=tuple(row for row, _ in settled),
                wipe=tuple(row.key for row, did in stated if did),
                state=state,
                seat=self._remotes.seat_in(plan, state),
                round=claim.round + 1 if new_round else None,
                decision="clear",
                due_at=now,
                deferred="",
                queue=DEFAULT_QUEUE,
                failures=0,
                crash_count=0,
                final=dest.final,
                new_incidents=told_of(plan.flow.name, dest),
                close=(*over, "*") if dest.final else over,  # nobody looks at a case in a final state
            )

        return await self._do(case, version, build)

    def _dropped(self, notices: Sequence[SentMessage]) -> tuple[Entry, ...]:
        """The event that says which notices do not go out."""
        if not notices:
            return ()
        named = ", ".join(f"{one.occasion} → {one.recipient}" for one in notices)
        text = Sentence("notices_dropped", "not to be sent: {notices}", notices=named)
        return (self._entry("noted", told_beside(text=text)),)

    def _settled(
        self, claim: Claim, row: Effect, happened: bool, found: Mapping[str, object], reason: str
    ) -> tuple[Effect, Entry]:
        """The effect with its outcome, and the event that says so."""
        if row.status not in OPEN:
            raise refusals.settled(claim, row)
        if row.status is EffectStatus.intended and lives(row.process, self._marks):
            # the lease is over, but a call may still arrive
            raise refusals.still_at_work(claim, row)
        status = EffectStatus.done if happened else EffectStatus.not_sent
        settled = replace(row, status=status, result=dict(found) if happened else None, stage=None, check_at=None)
        body = {
            "effect": row.key, "action": row.action, "item": row.item_id,
            "status": str(status), "result": settled.result,
            **told_beside(why=Sentence("person_found_out", "a person found out")),
        }  # fmt: skip
        return settled, self._entry("settled", body, reason)


def effect_named(claim: Claim, effects: Sequence[Effect], name: str) -> Effect:
    """The effect of this key, or of this action where it has only one, an open one before the others.

    Raises NotFound, and NotOneOf where the action has several.
    """
    for effect in effects:
        if effect.key == name:
            return effect
    meant = [effect for effect in effects if effect.action == name]
    meant = [effect for effect in meant if effect.status in OPEN] or meant
    if len(meant) > 1:
        raise refusals.not_one_of(claim, "effect", name, [effect.key for effect in meant])
    if not meant:
        raise NotFound("effect", name)
    return meant[0]


def _stated(claim: Claim, happened: Sequence[str], not_happened: Sequence[str]) -> list[tuple[Effect, bool]]:
    """Each effect in doubt, and whether it happened. Raises where one is stated twice, or not at all."""
    doubts = [effect for effect in claim.effects if effect.status in OPEN]
    stated = [(effect_named(claim, doubts, name), True) for name in happened]
    stated += [(effect_named(claim, doubts, name), False) for name in not_happened]
    keys = {effect.key for effect, _ in stated}
    if len(keys) != len(stated):
        raise refusals.stated_twice()
    if left := [effect for effect in doubts if effect.key not in keys]:
        raise refusals.not_stated(claim, left)
    return stated
