"""Says why a case of a test does not come to where it was expected: where it is, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from workflow.flow.explain import Explanation
from workflow.record.events import Event
from workflow.record.values import Effect, EffectStatus


class StillWaiting(AssertionError):
    """The case did not come to what was asked for. why: the whole explanation, as `case why` has it."""

    def __init__(self, said: str, why: Explanation) -> None:
        super().__init__(said)
        self.why = why


def said_of(
    wanted: str, gave_up: str, why: Explanation, events: Sequence[Event], effects: Sequence[Effect] = ()
) -> str:
    """The explanation in a few lines, with the first error of each action that is not done."""
    return "\n".join(
        [
            f"{why.case} did not come to {wanted}: {gave_up}",
            *_passed(wanted, events),
            f"it is in {why.state} since {_at(why.since)}: {why.standing}, {why.reason}; who can change it: {why.who}",
            *(f"  {line}" for line in (*_in_the_way(why), *_failed(effects, why))),
        ]
    )


def _passed(wanted: str, events: Sequence[Event]) -> Iterator[str]:
    """When the case was there before, and left again."""
    moves = [(event.at, str((event.body or {})["to"])) for event in events if "to" in (event.body or {})]
    for (came, state), (left, _) in pairwise(moves):
        if state == wanted:
            yield f"it was in {wanted} before, from {_at(came)} to {_at(left)}; to wait for that, run to it first"


def _in_the_way(why: Explanation) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in why.detail.items() if value)
    for line in why.lines:
        for guard in line.guards:
            if not guard.ok:
                yield f"{line.line}: {guard.guard} says no{_seen(guard.seen)}"
    if why.next_look is not None:
        yield f"next look: {_at(why.next_look)}"


def _failed(effects: Sequence[Effect], why: Explanation) -> Iterator[str]:
    """What went wrong first with an action, where the explanation tells only of a later error, such as its proof's."""
    for effect in effects:
        first = effect.first_error or {}
        if first.get("error") and effect.status is not EffectStatus.done and first["error"] not in why.detail.values():
            place = f", in {first['place']}" if first.get("place") else ""
            yield f"{effect.action} failed first: {first['error']}{place}"


def _seen(seen: Mapping[str, Any]) -> str:
    return ", it saw " + ", ".join(f"{name}={value!r}" for name, value in seen.items()) if seen else ""


def _at(instant: datetime) -> str:
    return f"{instant:%d %b %H:%M} UTC"
