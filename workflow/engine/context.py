"""What one tick works with: the claim, the facts asked so far, the bound adapters, the evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Any

import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from workflow.engine.dependencies import Dependencies
from workflow.engine.unavailable import OtherQueue, Shut, Unavailable, Unset
from workflow.errors import DefinitionError, WorkflowError
from workflow.flow import called, misdeeds
from workflow.flow.case import Case
from workflow.flow.compiled import Missing, Plan
from workflow.flow.definition import Line
from workflow.flow.functions import Action, Need, arguments, needs
from workflow.flow.mistakes import FunctionFailed, is_told, words
from workflow.flow.pacing import watched
from workflow.flow.remotes import Remote
from workflow.queues import DEFAULT_QUEUE
from workflow.record.codes_on_file import CodesOnFile
from workflow.record.columns import recordable
from workflow.record.values import Claim, Commit, EffectStatus
from workflow.sentence import told_beside
from workflow.store.values import CaseRow

log = structlog.get_logger()

CODES_ON_FILE = TypeAdapter(CodesOnFile)


class FactFailed(FunctionFailed):
    """A fact could not be asked, or its answer does not fit its type; the cause says why."""

    def __init__(self, name: str, cause: BaseException, function: Any) -> None:
        super().__init__(called.fact(name), words(cause), function)
        self.name, self.cause = name, cause


class TickContext:
    """The working memory of one tick, empty until forget() reads the case.

    now: the business time of the tick, which does not change in it. reached: True where every remote that was needed
    had its settings.
    """

    def __init__(self, dependencies: Dependencies, plan: Plan, claim: Claim, now: datetime) -> None:
        self.dependencies, self.plan, self.claim, self.now = dependencies, plan, claim, now
        self.given: dict[str, Any] = {}
        self.recorded: dict[str, dict[str, Any]] = {}
        self.evidence: list[dict[str, Any]] = []
        self.reached = False
        self._bound: dict[str, object] = {}
        self._stack = AsyncExitStack()
        self._task = asyncio.current_task()

    async def __aenter__(self) -> TickContext:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    def is_told(self, error: BaseException) -> bool:
        """Whether the error cancels this tick or the process, rather than being an error of the function."""
        return is_told(error, self._task)

    def forget(self) -> None:
        """Forget all facts, and read the case anew from the claim: the world has changed."""
        self.recorded.clear()
        self.given.clear()
        self.see_case()

    def see_case(self) -> None:
        self.given |= {
            "case": case_of(self.plan, self.claim, self.claim.data),
            "now": self.now,
            "settings": self.plan.flow.settings,
        }

    async def write(self, commit: Commit) -> None:
        """Write the commit in one transaction, and keep the claim that it returns."""
        real = await self.dependencies.clock.real()
        self.claim = await self.dependencies.commit(self.claim, commit, now=self.now, real=real)

    # ---------------------------------------------------------------- facts

    async def ask(self, name: str) -> None:
        """Ask a fact and record its answer. Facts that it names are asked before it."""
        if name in self.recorded:
            return
        if name == "codes_on_file":
            self._learned(
                name, 1, self.claim.codes_on_file, CODES_ON_FILE.dump_python(self.claim.codes_on_file, mode="json")
            )
            return
        fact = self.plan.flow.fact[name]
        for need in fact.needs:
            if need.name in self.plan.fact_names:
                await self.ask(need.name)
        self._open(fact.needs, None)
        seen = len(self.evidence)
        try:
            async with asyncio.timeout(self.dependencies.limits.fact.total_seconds()):
                named = {**arguments(_given(fact.needs), self.given), **await self._adapters(fact.needs)}
                value = await fact.function(**named)
            dumped = recordable(fact.dump(value))
        except Unavailable:
            raise
        except BaseException as error:
            if self.is_told(error):
                raise
            asked = {"version": fact.version, "asked_at": self.now.isoformat()}
            self.recorded[name] = {**asked, **told_beside(error=words(error))}
            raise FactFailed(name, error, fact.function) from error
        self._learned(name, fact.version, value, dumped)
        if len(self.evidence) > seen:
            self.recorded[name]["evidence"] = self.evidence[seen:]

    async def ask_all(self, wanted: Iterable[Need]) -> None:
        for need in wanted:
            if need.name in self.plan.fact_names:
                await self.ask(need.name)

    async def ask_for(self, line: Line) -> None:
        """Ask the facts that the line's actions, learning and notices name and its guards did not."""
        for done in line.actions:
            await self.ask_all((*done.needs, *done.each_needs))
        for source in line.learn.values():
            await self.ask(source.split(".")[0])
        if line.tell is not None:
            await self.ask_all(needs(line.tell))

    def recall(self, facts: Mapping[str, Any]) -> None:
        """Take the facts that an open decision recorded as known."""
        for name, found in facts.items():
            if "value" not in found:
                continue
            if name == "codes_on_file":
                value: Any = CODES_ON_FILE.validate_python(found["value"])
            else:
                value = self.plan.flow.fact[name].load(found["version"], found["value"])
            self.recorded[name], self.given[name] = dict(found), value

    def _learned(self, name: str, version: int, value: object, dumped: object) -> None:
        self.given[name] = value
        self.recorded[name] = {"version": version, "asked_at": self.now.isoformat(), "value": dumped}

    # ---------------------------------------------------------------- actions

    def open_for(self, done: Action) -> None:
        """Raise Unavailable where the action cannot begin now."""
        self._open((*done.needs, *done.proof_needs), done)

    def open_proof(self, done: Action) -> None:
        """Raise Unavailable where a remote that the proof of the action names cannot be asked now."""
        self._open(done.proof_needs, None)

    async def call(self, function: Any, wanted: tuple[Need, ...], extra: Mapping[str, Any]) -> Any:
        """Call an action or a proof with the parameters that it names."""
        given = {**self.given, "documents": self.dependencies.documents, **extra}
        try:
            named = arguments(_given(wanted), given)
        except KeyError as missing:
            raise Missing(missing.args[0]) from None
        adapters = await self._adapters(wanted)
        return await function(**named, **{name: self._watched(wanted, name, found) for name, found in adapters.items()})

    def _open(self, wanted: tuple[Need, ...], done: Action | None) -> None:
        remotes = self.dependencies.remotes.behind(wanted)
        if lacking := dict.fromkeys(name for remote in remotes for name in remote.lacks):
            raise Unset(list(lacking))
        self.reached = self.reached or bool(remotes)
        for remote in remotes:
            if remote.queue not in (DEFAULT_QUEUE, self.dependencies.queue):
                raise OtherQueue(remote.queue, remote.whole if remote.needs_seat else None)
            if remote.needs_seat and self.claim.seat is not None and self.claim.seat.adapter != remote.whole:
                raise OtherQueue(remote.queue, remote.whole)
            if remote.calendar is None:
                continue
            if done is not None and done.takes is not None:
                opening = remote.calendar.next_fit(self.now, done.takes)
            else:
                opening = remote.calendar.opening(self.now)
            if opening > self.now:
                raise Shut.by(remote.calendar, remote.name, self.now, opening)

    async def _adapters(self, wanted: tuple[Need, ...]) -> dict[str, object]:
        found = {}
        for need in wanted:
            if need.protocol is not None:
                remote = self.dependencies.remotes.of(need)
                if remote is None:
                    raise DefinitionError(self.plan.flow.name, "no_adapter", protocol=need.protocol.__name__)
                found[need.name] = await self._bind(remote)
        return found

    def _watched(self, wanted: tuple[Need, ...], name: str, adapter: object) -> object:
        """The adapter, wrapped to note when it was called; unwrapped where it notes by itself what leaves."""
        (remote,) = self.dependencies.remotes.behind(need for need in wanted if need.name == name)
        return adapter if remote.notes_sending else watched(adapter)

    async def _bind(self, remote: Remote) -> object:
        if remote.connect is None:
            return remote.implementation
        if remote.name not in self._bound:
            if self.claim.seat is None:
                raise OtherQueue(remote.queue, remote.whole)
            self._bound[remote.name] = await self._stack.enter_async_context(
                remote.connect(self.claim.seat, self._keep_evidence)
            )
        return self._bound[remote.name]

    async def _keep_evidence(self, step: str, picture: bytes) -> None:
        reference = await self.dependencies.documents.put(
            picture, name=f"{step}.png", media_type="image/png", case=self.claim.case, kind="evidence", now=self.now
        )
        self.evidence.append({"step": step, "document": reference, "at": self.now.isoformat()})


def _given(wanted: tuple[Need, ...]) -> tuple[Need, ...]:
    return tuple(need for need in wanted if need.protocol is None)


def case_of(plan: Plan, claim: Claim, data: Mapping[str, Any], round_: int | None = None) -> Case[BaseModel]:
    """The case, as functions of the flow see it."""
    done = {
        (effect.action, effect.item_id)
        for effect in claim.effects
        if effect.status is EffectStatus.done
        and (known := plan.flow.actions.get(effect.action)) is not None
        and (known.once == "case" or effect.round == claim.round)
    }
    return Case(
        id=claim.case,
        number=claim.number,
        flow=claim.flow,
        state=claim.state,
        data=plan.flow.data.model_validate(data),
        round=claim.round if round_ is None else round_,
        opened_at=claim.opened_at,
        entered_at=claim.entered_at,
        account=claim.account,
        done=frozenset(done | claim.told),
    )


def readable(plan: Plan, rows: Iterable[CaseRow]) -> list[Case[BaseModel]]:
    """The cases, as functions of the flow see them. A case whose data cannot be read is logged and left out."""
    found = []
    for row in rows:
        try:
            found.append(case_of(plan, row.claim, row.claim.data))
        except ValidationError as error:
            log.warning("case.unreadable", case=row.claim.number, flow=row.claim.flow, why=words(error))
    return found


def patched(plan: Plan, data: Mapping[str, Any], patch: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data with the patch, checked by the model, and the patch as JSON. Raises on unknown fields."""
    if not patch:
        return dict(data), {}
    if unknown := patch.keys() - plan.flow.data.model_fields.keys():
        raise WorkflowError(f"{', '.join(sorted(unknown))}: no field of {plan.flow.data.__name__}")
    merged = plan.flow.data.model_validate({**data, **recordable(dict(patch))}).model_dump(mode="json")
    change = {name: merged[name] for name in patch}
    # not the merged data: fields that the model gained since the case was opened stand in no event
    return {**data, **change}, change


def learned(line: Line, given: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a line learns from recorded facts; a name that ends in + is appended to."""
    patch: dict[str, Any] = {}
    for target, source in line.learn.items():
        name, *parts = source.split(".")
        value = given[name]
        for part in parts:
            try:
                value = getattr(value, part)
            except AttributeError as error:
                raise FunctionFailed(called.line(line.key), misdeeds.learns_nothing(source, value, part)) from error
        if target.endswith("+"):
            field = target.removesuffix("+")
            patch[field] = [*patch.get(field, data.get(field) or ()), to_jsonable_python(value)]
        else:
            patch[target] = to_jsonable_python(value)
    return patch
