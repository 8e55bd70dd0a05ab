"""Turns the end of a tick into a commit: for each outcome, the transaction that the store is to write."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from workflow.backoff import FAILURES, HANGS, backoff
from workflow.engine.basis import trail
from workflow.engine.context import TickContext, case_of, learned, patched
from workflow.engine.escalation import escalation
from workflow.engine.missing_settings import of_named_lines
from workflow.engine.outcomes import Failed, Hung, Moved, Outcome, Parked, Stayed, Waiting
from workflow.engine.progress import WANTED, aside_over, cause_of, digest, got_on, is_over, kept, lasting, no_progress
from workflow.engine.upgrades import raised, subject_of
from workflow.errors import DiskUnusable
from workflow.flow import called, misdeeds
from workflow.flow.case import No
from workflow.flow.compiled import Evaluation
from workflow.flow.definition import Line, State
from workflow.flow.functions import arguments, name_of, needs
from workflow.flow.mistakes import (
    FunctionFailed,
    LookHung,
    Mistake,
    is_told,
    mistake_of,
    of_the_machine,
    report,
    root_of,
    shown,
    words,
)  # fmt: skip
from workflow.jumps import JUMP
from workflow.queues import DEFAULT_QUEUE
from workflow.record.columns import recordable
from workflow.record.database import damaged, passing
from workflow.record.values import Check, Commit, Effect, Entry, Message, NewIncident
from workflow.sentence import told_beside

A_MOMENT, A_WHILE = timedelta(seconds=1), timedelta(minutes=1)
"""A_WHILE: the wait between two tries to write where a disk is full, since that trouble concerns every case."""
MISTAKE = "mistake"
"""The kind of the incident about a mistake in our own code."""


def messages(context: TickContext, line: Line, data: dict[str, Any]) -> tuple[Message, ...]:
    """The notices of a line, made from the data as the outcome leaves them."""
    if line.tell is None:
        return ()
    given = {**context.given, "case": case_of(context.plan, context.claim, data)}
    what = called.notice(name_of(line.tell))
    try:
        told: tuple[Any, ...] = tuple(line.tell(**arguments(needs(line.tell), given)))
    except BaseException as error:
        if is_told(error):
            raise
        raise FunctionFailed(what, misdeeds.raised(error), line.tell) from error
    if odd := next((one for one in told if not isinstance(one, Message)), None):
        raise FunctionFailed(what, misdeeds.no_message(odd), line.tell)
    for one in told:
        try:
            recordable(dataclasses.asdict(one))
        except (ValueError, TypeError, RecursionError) as error:
            raise FunctionFailed(what, misdeeds.unwritable_message(error), line.tell) from error
    if mute := next((one.channel for one in told if one.channel not in context.dependencies.channels), None):
        known = ", ".join(sorted(context.dependencies.channels))
        raise FunctionFailed(what, misdeeds.no_channel(mute, known), line.tell)
    return told


def taken(
    context: TickContext, line: Line, patch: dict[str, Any], body: dict[str, Any], effects: tuple[Effect, ...] = ()
) -> Commit:
    """The commit of a line that was taken: data, state, event, notices, incidents. A Stay keeps the lease."""
    claim, plan = context.claim, context.plan
    news = learned(line, context.given, {**claim.data, **patch})
    try:
        data, kept = patched(plan, claim.data, {**patch, **news})
    except Exception as error:
        raise FunctionFailed(called.line(line.key), misdeeds.unfit_learning(error)) from error
    decided = claim.decision is not None
    entry: dict[str, Any] = {"line": line.key, "patch": kept, **body}
    common: dict[str, Any] = {
        "guard": "decision" if decided else "version",
        "data": data if kept else None,
        "decision": "clear" if decided else "leave",
        "messages": messages(context, line, data),
        "effects": effects,
        "failures": 0,
        "crash_count": 0,
        "wakes": line.wakes,
    }
    # an internal transition: the due time counts until the table is read again
    goes_on = [kind for kind in got_on(context) if kind == WANTED and line.dest is None]
    ended = tuple(kind for kind in got_on(context) if kind not in goes_on)
    if is_over(context) or ended:
        told = {"told": goes_on} if goes_on else {}
        common["check"] = run_of(context, {"why": "got_on", "state": claim.state, **told})
    if entry_messages := common["messages"]:
        entry["told"] = [{"occasion": told.occasion, "recipient": told.recipient} for told in entry_messages]
    if line.dest is None:
        cause = f"{plan.flow.name}:{claim.state}:{line.incident}"
        new_incidents = (NewIncident(line.incident, cause, kept, bars=False),) if line.incident else ()
        stayed = Entry("stayed", entry, context.dependencies.actor)
        return Commit(entries=(stayed,), new_incidents=new_incidents, close=ended + aside_over(context), **common)
    source, dest = plan.states[claim.state], plan.states[str(line.dest)]
    entry |= {"from": claim.state, "to": str(line.dest), "round": claim.round + line.new_round}
    return Commit(
        entries=(Entry("moved", entry, context.dependencies.actor),),
        state=str(line.dest),
        round=claim.round + 1 if line.new_round else None,
        due_at=context.now,
        deferred="",
        queue=DEFAULT_QUEUE,
        seat=context.dependencies.remotes.seat_after_move(plan, str(line.dest)),
        final=dest.final,
        new_incidents=told_of(plan.flow.name, dest),
        close=((str(source.name),) if source.incident else ()) + dest.ends + ended,
        release=True,
        **common,
    )


def moved(context: TickContext, line: Line, source: str, commit: Commit | None) -> Moved:
    return Moved(context.claim, commit, source=source, dest=str(line.dest), line=line.key)


def due(context: TickContext, at: datetime) -> datetime | None:
    """When the case is due; None in a sweep of a named line, which leaves the due time of the state's own sweep."""
    return None if context.claim.only else at


def check(context: TickContext, body: dict[str, Any]) -> Check | None:
    """The wait as the case shows it; None in a sweep of a named line, which says nothing of what the case waits for."""
    return None if context.claim.only else run_of(context, body)


def run_of(context: TickContext, body: dict[str, Any]) -> Check:
    """The wait, whichever sweep it came from."""
    return Check(digest(body), context.now, context.now, 1, body)


def _steady(context: TickContext) -> dict[str, Any]:
    """The facts that count for a wait's digest: no times of asking, no volatile fields."""
    steady = {}
    for name, found in context.recorded.items():
        volatile = context.plan.flow.fact[name].volatile if name in context.plan.flow.fact else ()
        value = found.get("value")
        if isinstance(value, dict):
            value = {field: part for field, part in value.items() if field not in volatile}
        steady[name] = {"error": found["error"]} if "error" in found else {"value": value}
    return steady


def told_of(flow: str, state: State, rested: timedelta = timedelta(0)) -> tuple[NewIncident, ...]:
    """The incident of a state in which a case has rested long enough; also where the clock was set back since."""
    is_told = state.incident and not -JUMP <= rested < (state.told_after or -JUMP)
    return (NewIncident(str(state.name), f"{flow}:{state.name}", {}, bars=False),) if is_told else ()


def waiting(context: TickContext, evaluation: Evaluation, stays: list[str]) -> Outcome:
    """No line holds: the case is looked at again after its recheck, or when its guards say that a line may hold.

    A person is told of a rest that lasts longer than told_after. Cases that wait for this one to rest here become due.
    """
    claim, state, wanted = context.claim, context.plan.states[context.claim.state], escalation(context, evaluation)
    rests = state.told_after is not None and not claim.only
    body = {
        "why": "guards",
        "state": context.claim.state,
        "lines": trail(evaluation),
        "facts": to_jsonable_python(_steady(context)),
        **of_named_lines(context),
        **wanted.body,
    }
    commit = Commit(
        guard="epoch",
        due_at=due(context, min([next_look(context, evaluation), *wanted.due])),
        check=check(context, body),
        new_incidents=wanted.new_incidents
        + (told_of(context.plan.flow.name, state, context.now - claim.entered_at) if rests else ()),
        close=wanted.close + aside_over(context),
        wakes=None if claim.only else state.wakes,
        failures=0,
        crash_count=0,
        release=True,
    )
    return Stayed(context.claim, commit, tuple(stays)) if stays else Waiting(context.claim, commit)


def next_look(context: TickContext, evaluation: Evaluation) -> datetime:
    """When a case that waits is looked at again.

    Where the refusing guard of every line said until when it will refuse, the case sleeps to the earliest of these,
    past its recheck too. Where some guard did not say, it is looked at after the recheck (else the process's
    look_again) at the latest. An until that has passed says nothing.
    """
    state = context.plan.states[context.claim.state]
    again = context.now + (state.recheck or context.dependencies.limits.look_again)
    untils, all_said = list[datetime](), True
    for asked in evaluation.trail.values():
        said = evaluation.verdicts.get(asked[-1]) if asked else None
        until = said.until if isinstance(said, No) else None
        if until is not None and until > context.now:
            untils.append(until)
        else:
            all_said = False
    return min(untils) if untils and all_said else min([again, *untils])


def upgraded(context: TickContext) -> Commit:
    """The commit that brings a case to today's table: a renamed state gets its new name, older data today's shape."""
    today, body = raised(context.plan, context.claim)
    entry = Entry("upgraded", body, context.dependencies.actor)
    return Commit(
        guard="version", entries=(entry,), state=body.get("state"), data=body.get("data"),
        subject=subject_of(context.plan.flow, today.data), flow_version=today.flow_version,
    )  # fmt: skip


def failed(
    context: TickContext,
    error: BaseException,
    *,
    person_after: int | None = FAILURES,
    effects: tuple[Effect, ...] = (),
    mistake: Mistake | None = None,
) -> Failed | Parked:
    """The commit after an error: the case is tried again with backoff; after some errors in a row a person is asked.

    mistake: the error behind it, where the caller has reported it already; otherwise it is found and reported here.
    """
    root = root_of(error)
    if passing(root) and not damaged(root):
        at = due(context, context.now + A_MOMENT)  # due again once the database is back, but not in the same sweep
        commit = Commit(guard="epoch", due_at=at, effects=effects, crash_count=0, release=True)
        return Failed(context.claim, commit, error=words(error))
    claim, failures = context.claim, context.claim.failures + 1
    person_after = None if of_the_machine(root) else person_after
    if mistake is None and (mistake := mistake_of(error)) is not None and failures == 1:
        report(mistake, error, case=claim.number, flow=claim.flow, state=claim.state)
    seen: dict[str, Any] = mistake.seen() if mistake else told_beside(error=words(error))
    if person_after is not None and failures >= person_after:
        cause = f"{mistake.place or mistake.function}: {mistake.error}" if mistake else seen["error"]
        return parked(context, MISTAKE if mistake else "failing", cause, seen, effects=effects)
    new_incidents = no_progress(context, "failed", cause_of(error), seen) if person_after is None else ()
    commit = Commit(
        guard="epoch",
        due_at=context.now
        + (A_WHILE if isinstance(root, DiskUnusable) else backoff(failures, lasting(context).lasted)),
        check=run_of(context, kept(context, {"why": "failed", "state": claim.state, **seen}, new_incidents)),
        failures=failures,
        effects=effects,
        new_incidents=new_incidents,
        crash_count=0,
        release=True,
    )
    return Failed(context.claim, commit, error=seen["error"])


def hung(context: TickContext, waited: timedelta) -> Hung:
    """The commit for a tick that ran out of time; the next look asks about its effects. Often: a person is asked."""
    return Hung(context.claim, failed(context, LookHung(waited), person_after=HANGS).commit)


def parked(
    context: TickContext,
    kind: str,
    cause: str,
    seen: dict[str, Any],
    *,
    effects: tuple[Effect, ...] = (),
    effect: str | None = None,
    entries: tuple[Entry, ...] = (),
    clear: bool = False,
) -> Parked:
    """The commit for a case that only a person can help: an incident that bars the case."""
    trouble = NewIncident(kind, f"{context.plan.flow.name}:{context.claim.state}:{cause}", shown(seen), effect=effect)
    commit = Commit(
        guard="epoch",
        entries=entries,
        decision="clear" if clear else "leave",
        due_at=due(context, context.now),
        new_incidents=(trouble,),
        effects=effects,
        failures=0,
        crash_count=0,
        release=True,
    )
    return Parked(context.claim, commit, kind=kind)
