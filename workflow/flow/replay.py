"""Holds recorded facts against today's table: would it take each recorded decision again?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from workflow.errors import DefinitionError
from workflow.flow.case import Case
from workflow.flow.compiled import Evaluation, GuardFailed, Missing, Plan
from workflow.record.codes_on_file import CodesOnFile
from workflow.record.events import Event

Verdict = Literal["same", "differs", "undecidable"]
CODES_ON_FILE = TypeAdapter(CodesOnFile)


@dataclass(frozen=True)
class Replayed:
    """One decision or move on record. was, now: the line's key, None for a wait.

    guards: those that answer differently today, as (guard, was, now). missing: a fact that today's guards name and that
    was not asked then.
    """

    seq: int
    verdict: Verdict
    state: str
    was: str
    now: str | None = None
    guards: tuple[tuple[str, bool, bool], ...] = ()
    missing: str | None = None


def replay(plan: Plan, events: Iterable[Event]) -> Iterator[Replayed]:
    """Evaluate guards anew on the recorded facts, never on recorded verdicts.

    No clock is read, and no remote is asked.
    """
    state, data, round_, opened, entered = "", dict[str, Any](), 0, None, None
    done: set[tuple[str, str]] = set()
    spent: set[str] = set()
    for event in events:
        body = event.body
        if body is None:
            continue
        opened, entered = opened or event.at, entered or event.at
        if event.kind in ("decided", "moved", "stayed") and "facts" in body:
            assert opened is not None
            assert entered is not None
            older = plan.flow.upcast is not None and event.flow_version < plan.flow.version
            seen = plan.flow.upcast(event.flow_version, dict(data)) if older and plan.flow.upcast else data
            case = Case(
                event.case,
                event.case,
                plan.flow.name,
                state,
                plan.flow.data.model_validate(seen),
                round_,
                opened,
                entered,
                done=frozenset(done),
            )
            yield _again(plan, event.seq, state, case, body, spent)
        if event.kind in ("moved", "stayed"):
            spent = set() if event.kind == "moved" else spent | {body["line"]}
            done |= {(one["action"], one["item"]) for one in body.get("effects", ())}
            done |= {(one["occasion"], one["recipient"]) for one in body.get("told", ())}
        data |= body.get("patch") or {}
        if event.kind == "created":
            state, data, round_ = body["state"], dict(body["data"]), body["round"]
        elif event.kind in ("moved", "forced"):
            if body["round"] != round_:
                done.clear()
            state, round_, entered = body["to"], body["round"], event.at
        elif event.kind == "upgraded":
            state, data = body.get("state") or state, dict(body.get("data", data))


def _again(plan: Plan, seq: int, state: str, case: Case[Any], body: Mapping[str, Any], spent: set[str]) -> Replayed:
    was = body["line"]
    line = plan.line(state, was)
    try:
        given = _given(plan, case, body)
    except (DefinitionError, ValidationError, KeyError) as error:
        return Replayed(seq, "undecidable", state, was, missing=str(error))
    evaluation = Evaluation(state, given, only=line.name if line else None, spent=spent - {was})
    try:
        taken = plan.decide(evaluation)
    except Missing as missing:
        return Replayed(seq, "undecidable", state, was, missing=missing.name)
    except GuardFailed as failed:
        return Replayed(seq, "undecidable", state, was, missing=str(failed))
    now = was if taken is not None and taken is line else taken.key if taken else None
    changed = _changed(body, evaluation)
    return Replayed(seq, "same" if now == was else "differs", state, was, now, changed if now != was else ())


def _given(plan: Plan, case: Case[Any], body: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "case": case,
        "now": datetime.fromisoformat(body["now"]),
        "settings": plan.flow.settings,
    }
    if plan.flow.settings is not None:
        given["settings"] = TypeAdapter(type(plan.flow.settings)).validate_python(body["settings"])
    for name, found in body["facts"].items():
        if "value" not in found:
            continue
        if name == "codes_on_file":
            given[name] = CODES_ON_FILE.validate_python(found["value"])
        elif name in plan.flow.fact:
            given[name] = plan.flow.fact[name].load(found["version"], found["value"])
    return given


def _changed(body: Mapping[str, Any], evaluation: Evaluation) -> tuple[tuple[str, bool, bool], ...]:
    said = {guard["guard"]: guard["ok"] for line in body["verdicts"] for guard in line["guards"]}
    return tuple(
        (name, said[name], bool(verdict))
        for name, verdict in evaluation.verdicts.items()
        if name in said and said[name] != bool(verdict)
    )
