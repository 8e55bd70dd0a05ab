"""Finds cases that get nowhere: since when they do, when a person is told, and when it is over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow.backoff import CLOSED_FOR, LOGINS, LOGINS_FOR, STUCK_FOR, STUCK_TRIES, backoff
from workflow.engine.context import TickContext
from workflow.errors import RemoteError
from workflow.flow.mistakes import root_of, shown, words
from workflow.record.values import Check, NewIncident

STUCK = "stuck"
"""The kind of the incident about a case that gets nowhere for long."""
LOGIN_LOOP = "login_loop"
"""The kind of the incident about an account that needs a login again directly after one."""
ASIDE = "line_failing"
"""The kind of the incident about a named line that only learns, and whose question fails."""
WANTED = "person_wanted"
"""The kind of the incident about a wait that only the operator can end."""
TROUBLES = ("failed", "closed", "seat")
"""The reasons of looks that came to nothing though the case itself has nothing to wait for."""


@dataclass(frozen=True)
class Lasting:
    """The looks in a row that came to nothing, for whatever reasons. tries: how many, this one included."""

    tries: int
    since: datetime
    lasted: timedelta

    @property
    def wait(self) -> timedelta:
        """How long the case is left alone now."""
        return backoff(self.tries, self.lasted)


def lasting(context: TickContext) -> Lasting:
    """The looks of this case that came to nothing in a row, this one included."""
    before = _before(context)
    if before is None:
        return Lasting(1, context.now, timedelta(0))
    since = datetime.fromisoformat(before.body.get("since") or before.first.isoformat())
    tries = int(before.body.get("tries_before", 0)) + before.count + 1
    return Lasting(tries, since, max(context.now - since, timedelta(0)))


def no_progress(context: TickContext, why: str, cause: str, seen: dict[str, Any]) -> tuple[NewIncident, ...]:
    """The incident about a case that has got nowhere for too long.

    It bars nothing, and closes when the case gets on.
    """
    so_far = lasting(context)
    often, long = (0, CLOSED_FOR) if why == "closed" else (STUCK_TRIES, STUCK_FOR)
    if so_far.tries < often or so_far.lasted < long:
        return ()
    if (first := _first(context)) not in (None, seen.get("error")):
        seen = {**seen, "first": first}
    return (
        NewIncident(STUCK, f"{context.plan.flow.name}:{context.claim.state}:{cause}", _seen(so_far, seen), bars=False),
    )


def login_loop(context: TickContext, said: dict[str, Any]) -> tuple[NewIncident, ...]:
    """The incident about an account whose login does not last; the cases of one account are one group."""
    so_far, seat = lasting(context), context.claim.seat
    if so_far.tries < LOGINS or so_far.lasted < LOGINS_FOR:
        return ()
    adapter, login = (seat.adapter, seat.login) if seat is not None else ("", str(context.claim.account))
    return (NewIncident(LOGIN_LOOP, f"{adapter}:account:{login}", _seen(so_far, {"login": login, **said}), bars=False),)


def kept(context: TickContext, body: dict[str, Any], new_incidents: tuple[NewIncident, ...]) -> dict[str, Any]:
    """The body of a wait, with what it carries on: since when, after how many tries, and what a person was told of.

    Equal looks in a row have equal bodies; the record keeps them as one, with a count.
    """
    so_far, before = lasting(context), _before(context)
    told = list(dict.fromkeys((*kinds_told(context.claim.check), *(one.kind for one in new_incidents))))
    carried = {**body, "since": so_far.since.isoformat(), **({"told": told} if told else {})}
    if (first := _first(context)) not in (None, body.get("error")):
        carried["first"] = first
    if before is None:
        return {**carried, "tries_before": 0}
    goes_on = {**carried, "tries_before": before.body.get("tries_before", 0)}
    return goes_on if digest(goes_on) == before.digest else {**carried, "tries_before": so_far.tries - 1}


def digest(body: dict[str, Any]) -> str:
    """The digest of a wait's body: equal for equal waits."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def cause_of(error: BaseException) -> str:
    """What failed, without the words that differ from try to try: cases with an equal cause are one group."""
    root = root_of(error)
    if isinstance(root, RemoteError):
        return f"{type(root).__name__}: {root.adapter}: {root.step}"
    return words(root)


def is_aside(context: TickContext) -> bool:
    """Whether this is a sweep of a named line that only learns: what becomes of it never stands in the case's way."""
    line = context.plan.line(context.claim.state, context.claim.only) if context.claim.only else None
    return line is not None and not line.actions


def aside_over(context: TickContext) -> tuple[str, ...]:
    """The kind of incident that ends as such a line gets its answer."""
    return (ASIDE,) if is_aside(context) else ()


def got_on(context: TickContext) -> tuple[str, ...]:
    """The kinds of incident that close, because the case was looked at without trouble."""
    return kinds_told(context.claim.check)


def is_over(context: TickContext) -> bool:
    """Whether the look before came to nothing, so that this one must end the series."""
    return _in_vain(context) is not None


def _in_vain(context: TickContext) -> Check | None:
    """The look before this one, where it came to nothing in the same state."""
    before = context.claim.check
    if before is None or before.body.get("why") not in TROUBLES or before.body.get("state") != context.claim.state:
        return None
    return before


def _before(context: TickContext) -> Check | None:
    """The same, where this look goes on with it: what an account asked for says nothing of another one."""
    before, account = _in_vain(context), context.claim.account
    return before if before is not None and before.body.get("account", account) == account else None


def _first(context: TickContext) -> str | None:
    """The first error of the series; later ones may only follow from it. None where there is no series."""
    before = _before(context)
    return None if before is None else before.body.get("first", before.body.get("error"))


def kinds_told(check: Check | None) -> tuple[str, ...]:
    """The kinds of incident of which a person was told, as the wait carries them."""
    if check is None:
        return ()
    # rows of an older version say only "stuck"
    return tuple(check.body.get("told", (STUCK,) if check.body.get("stuck") else ()))


def _seen(so_far: Lasting, seen: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = shown({**seen, "tries": so_far.tries, "hours": int(so_far.lasted.total_seconds() // 3600)})
    return told
