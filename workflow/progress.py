"""What goes on and on without progress: since when it does, when a person is told, and that it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflow.backoff import CLOSED_FOR, STUCK_FOR, STUCK_TRIES
from workflow.claims import Trouble
from workflow.errors import RemoteError
from workflow.mistakes import FunctionFailed, shown, words
from workflow.turn import Turn

STUCK = "stuck"
"""The kind of the incident about what goes on and on without progress."""


def since(turn: Turn, why: str) -> datetime:
    """Since when the case has been waiting for this reason without a break, whatever the words were each time."""
    before = turn.claim.check
    if before is None or before.body.get("why") != why or before.body.get("state") != turn.claim.state:
        return turn.now
    return datetime.fromisoformat(before.body.get("since") or before.first.isoformat())


def no_progress(turn: Turn, why: str, tries: int, cause: str, seen: dict[str, Any]) -> tuple[Trouble, ...]:
    """A person is told of what goes on and on without progress; it bars nothing, and ends when the case gets on."""
    lasted = turn.now - since(turn, why)
    if not (lasted >= CLOSED_FOR if why == "closed" else tries >= STUCK_TRIES and lasted >= STUCK_FOR):
        return ()
    told = {**seen, "tries": tries, "hours": int(lasted.total_seconds() // 3600)}
    return (Trouble(STUCK, f"{turn.plan.flow.name}:{turn.claim.state}:{cause}", shown(told), bars=False),)


def lasting(turn: Turn, body: dict[str, Any], troubles: tuple[Trouble, ...]) -> dict[str, Any]:
    """What a wait without progress carries from look to look: since when, and whether a person was told."""
    before = turn.claim.check
    told = bool(troubles) or (before is not None and before.body.get("stuck") and before.body["why"] == body["why"])
    return {**body, "since": since(turn, str(body["why"])).isoformat(), **({"stuck": True} if told else {})}


def cause_of(error: BaseException) -> str:
    """What failed, without the words that differ from try to try: cases of one cause are one group."""
    root: BaseException | None = error
    while isinstance(root, FunctionFailed) and root.__cause__ is not None:
        root = root.__cause__
    if isinstance(root, RemoteError):
        return f"{type(root).__name__}: {root.adapter}: {root.step}"
    return words(root or error)


def got_on(turn: Turn) -> tuple[str, ...]:
    """The kinds of incident that end because the case was looked at without trouble."""
    before = turn.claim.check
    return (STUCK,) if before is not None and before.body.get("stuck") else ()
