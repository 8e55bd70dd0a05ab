"""What time alone brings: review steps, serial numbers, centre ids, finished orders; and which of it comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseward.sandbox.scenario import FINAL, Plan, Step
from caseward.sandbox.state import State
from caseward.sandbox.things import Draft, Filing, Stamp

DEFAULT_END = (Step("审查中", 20), Step("已发放", 24))
WITHDRAWN = "已撤回"
DELIVERED_AFTER = timedelta(seconds=2)


@dataclass(frozen=True)
class Standing:
    """A status of a filing from `at` on."""

    at: datetime
    status: str
    round: int
    text: str = ""
    shown: str = ""

    @property
    def word(self) -> str:
        """What the bureau's pages call the status."""
        return self.shown or self.status


@dataclass(frozen=True)
class Coming:
    at: datetime
    what: str
    object: str


def plan_of(state: State, draft: Draft) -> Plan:
    """By 内部编号, else by title: several filings may be of one title."""
    plans = state.scenario.plans
    return plans.get(draft.reference) or plans.get(draft.full_name, Plan())


def confirmation(draft: Draft) -> Stamp:
    return draft.confirmations[0]


def standings(state: State, filing: Filing) -> list[Standing]:
    """Every status that the confirmed rounds lead to, those still to come included."""
    drafts = [draft for draft in state.rounds_of(filing) if draft.confirmations]
    review = plan_of(state, drafts[0]).review
    steps = iter(review if review and review[-1].status in FINAL else (*review, *_rest(review)))
    found = []
    for draft in drafts:
        at = confirmation(draft).at
        found.append(Standing(at, "已提交材料", draft.round))
        for step in steps:
            at += timedelta(hours=step.after_hours)
            found.append(Standing(at, step.status, draft.round, step.notice or step.remark, step.shown))
            if step.status != "审查中":
                break
    if filing.withdrawn_at is None:
        return found
    before = [one for one in found if one.at <= filing.withdrawn_at]
    return [*before, Standing(filing.withdrawn_at, WITHDRAWN, drafts[-1].round)]


def _rest(review: tuple[Step, ...]) -> tuple[Step, ...]:
    return DEFAULT_END[1:] if review and review[-1].status == "审查中" else DEFAULT_END


def shown_standings(state: State, filing: Filing, now: datetime) -> list[Standing]:
    """What the bureau's pages tell at `now`."""
    rounds = {draft.round for draft in state.rounds_of(filing) if draft.confirmed(now)}
    return [s for s in standings(state, filing) if s.at <= now and s.round in rounds]


def serial_at(state: State, filing: Filing) -> datetime:
    draft = state.drafts[filing.drafts[0]]
    hours = plan_of(state, draft).serial_after_hours
    return confirmation(draft).at + timedelta(hours=state.scenario.serial_after_hours if hours is None else hours)


def serial_number(state: State, filing: Filing, now: datetime) -> str:
    at = serial_at(state, filing)
    return f"{at.year}R11L{(123456 + filing.number * 7919) % 10**7:07d}" if at <= now else ""


def certificate_number(filing: Filing, granted: Standing) -> str:
    return f"{granted.at.year}SR{(345678 + filing.number * 6421) % 10**7:07d}"


def center_at(state: State, certificate: str) -> datetime | None:
    first = state.centers.get(certificate)
    return None if first is None else first + timedelta(hours=state.scenario.center_id_after_hours)


def center_id(state: State, certificate: str, now: datetime) -> str:
    """The bureau's user id of a person or institution, empty for some hours after the first save."""
    at = center_at(state, certificate)
    if at is None or at > now:
        return ""
    return f"ZX{int(hashlib.sha256(certificate.encode()).hexdigest(), 16) % 10**10:010d}"


def next_change(state: State, now: datetime) -> Coming | None:
    return min((c for c in _changes(state) if c.at > now), key=lambda c: c.at, default=None)


def _changes(state: State) -> Iterator[Coming]:
    for filing in state.filings.values():
        yield Coming(serial_at(state, filing), "serial_number", filing.id)
        for standing in standings(state, filing):
            yield Coming(standing.at, "review", filing.id)
    for certificate in state.centers:
        at = center_at(state, certificate)
        if at is not None:
            yield Coming(at, "center_id", certificate)
    for order in state.orders.values():
        if order.finished_at is not None:
            yield Coming(order.finished_at, "generation", order.id)
        yield Coming(order.visible_at, "visibility", order.id)
        for payment in order.payments.values():
            yield Coming(payment.visible_at, "visibility", order.id)
    for draft in state.drafts.values():
        for material in draft.materials.values():
            yield Coming(material.ready_at, "material", draft.id)
        yield Coming(draft.visible_at, "visibility", draft.id)
        for stamp in (*draft.confirmations, draft.seal, draft.saved):
            if stamp is not None:
                yield Coming(stamp.visible_at, "visibility", draft.id)
    for message in state.messages.values():
        yield Coming(message.visible_at, "visibility", message.id)
    for recorded in state.recorded_codes:
        yield Coming(recorded.visible_at, "visibility", recorded.id)
