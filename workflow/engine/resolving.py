"""An incident that a person closes: where saying so is enough, and with it the others of its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflow.engine.desk import Desk
from workflow.engine.reasons import reason_given
from workflow.errors import Conflict, NotByHand, NotFound
from workflow.flow.compiled import Plan
from workflow.record.values import OPEN, Claim
from workflow.store import Incident


@dataclass(frozen=True)
class OwnWay:
    """What closes an incident that nobody can close by saying so.

    A login (name: of which account), what the state of the case asks for, or settling an effect (name: its action).
    """

    what: Literal["login", "state", "settle"]
    name: str = ""


def own_way(plan: Plan, claim: Claim, incident: Incident) -> OwnWay | None:
    """The way in which an incident of this case is closed; None where a person's word is enough."""
    state = plan.states.get(incident.kind)
    if state is not None and state.incident and claim.state == incident.kind:
        login = claim.data.get("login")
        return OwnWay("login", str(login)) if login else OwnWay("state")
    for effect in claim.effects:
        if effect.status in OPEN and incident.effect == effect.key:
            return OwnWay("settle", effect.action)
    return None


class Resolving(Desk):
    """A person's word that a matter is settled."""

    async def resolve(self, incident: Incident, reason: str, *, only: bool = False) -> tuple[Incident, list[Incident]]:
        """Close an incident and the others of its cause; return it as it is now, and those others.

        only: the others stay open. All are judged before the first is closed; of a flow that nobody here knows none can
        be judged, and it stays open. Raises NotByHand where closing would leave the matter as it is, Conflict where it
        is closed already.
        """
        said = reason_given(reason)
        if incident.closed_at is None and (way := await self._way(incident)) is not None:
            raise NotByHand(incident.number, incident.kind, way.what, way.name)
        same = [] if only else [one for one in await self._store.incidents() if await self._goes_with(one, incident)]
        closed, others = await self._close(incident, said), list[Incident]()
        for other in same:
            try:
                others.append(await self._close(other, said))
            except (Conflict, NotFound):
                continue  # somebody else closed it at this moment, or erased its case
        return closed, others

    async def _goes_with(self, other: Incident, incident: Incident) -> bool:
        """Whether it is another one of the same cause, and a person's word is enough for it."""
        if other.id == incident.id or (other.kind, other.cause) != (incident.kind, incident.cause):
            return False
        try:
            return other.flow in self._plans and await self._way(other) is None
        except NotFound:  # somebody erased its case at this moment
            return False

    async def _way(self, incident: Incident) -> OwnWay | None:
        claim = (await self._store.case(incident.case)).claim
        return own_way(self._plan(claim), claim, incident)

    async def _close(self, incident: Incident, reason: str) -> Incident:
        now, real = await self._clock.business(), await self._clock.real()
        return await self._store.close_incident(incident.id, actor=self.actor, reason=reason, now=now, real=real)
