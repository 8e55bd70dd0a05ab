"""What a schedule may run: sweeps of states or of a named line, and registered jobs; text is read, never evaluated.

sweep visas.fee_paid                    the due cases of one state, or of several: accounts.alive,lapsed
line visas.remind                       the cases of every state that holds this line
job retention(days=90)                  a job by its name, with typed parameters
job notices; job audit                  several, one after another; the next one runs though one before it failed
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from workflow.cron import Language
from workflow.errors import CommandError
from workflow.flow.compiled import Plan
from workflow.queues import DEFAULT_QUEUE, check_queue

SHAPE = re.compile(r"\s*(?P<kind>\w+)(?:\s+(?P<name>[\w.,]+)\s*(?:\((?P<given>.*)\))?)?\s*", re.DOTALL)
GIVEN = re.compile(r"\s*(?P<name>\w+)\s*=\s*(?P<value>\"[^\"]*\"|[^,\s\"]+)\s*(?:,|$)")
BETWEEN = re.compile(r"\"[^\"]*\"|(;)")
"""A semicolon outside of quotes separates two targets."""
LONGEST = 400
PROBLEMS = {
    "shape": (
        "a target is written as in 'sweep FLOW.STATE', 'line FLOW.NAME' or 'job NAME(parameter=1)'",
        "目标应写成 'sweep 流程.状态'、'line 流程.行名' 或 'job 任务名(参数=1)' 的样子",
    ),
    "empty": ("a target is missing here; ';' stands between two of them", "这里缺少一个目标；';' 写在两个目标之间"),
    "flow": ("there is no flow {part}", "没有流程 {part}"),
    "state": ("flow {flow} has no state {part}", "流程 {flow} 没有状态 {part}"),
    "final": ("{part} is a final state, where nothing is due", "{part} 是最终状态，没有可处理的题目"),
    "line": ("flow {flow} has no named line {part}", "流程 {flow} 没有名为 {part} 的行"),
    "job": ("there is no job {part}", "没有任务 {part}"),
    "parameter": ("job {job} has no parameter {part}", "任务 {job} 没有参数 {part}"),
    "value": ("parameter {part} of job {job}: {why}", "任务 {job} 的参数 {part}：{why}"),
    "too_long": ("longer than {most} characters", "超过 {most} 个字符"),
}


class BadTarget(CommandError):
    """A target is not accepted: `position` counts the text's characters from 0; `suggestion` may be meant, or None."""

    def __init__(self, text: str, position: int, reason: str, suggestion: str | None = None, **parts: object) -> None:
        self.text, self.position, self.reason = text, position, reason
        self.suggestion, self.parts = suggestion, parts
        super().__init__(self.told("en"))

    def told(self, language: Language) -> str:
        """Text, place, problem and cure in one sentence."""
        what = PROBLEMS[self.reason][language != "en"].format(**self.parts)
        text = self.text if len(self.text) <= 60 else f"{self.text[:60]}…"
        if language == "en":
            cure = f"; try {self.suggestion!r}" if self.suggestion else ""
            return f"{text!r}, character {self.position + 1}: {what}{cure}"
        cure = f"；可改为 {self.suggestion!r}" if self.suggestion else ""
        return f"{text!r} 第 {self.position + 1} 个字符：{what}{cure}"


class Parameters(BaseModel):
    """The base of a job's parameters; one without fields takes nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True)
class JobKind:
    """A job that may be scheduled: its parameters, its queue, and the function that does it.

    does: called with a JobContext and the parameters, returns counts by name; with None the job can be named, but not
    run.
    """

    name: str
    parameters: type[Parameters] = Parameters
    queue: str = DEFAULT_QUEUE
    does: Callable[[Any, Any], Awaitable[Mapping[str, int]]] | None = None

    def __post_init__(self) -> None:
        check_queue(f"job {self.name}", self.queue)


@dataclass(frozen=True)
class Sweep:
    flow: str
    states: tuple[str, ...]

    def __str__(self) -> str:
        return f"sweep {self.flow}.{','.join(self.states)}"


@dataclass(frozen=True)
class NamedLine:
    flow: str
    line: str

    def __str__(self) -> str:
        return f"line {self.flow}.{self.line}"


@dataclass(frozen=True)
class Job:
    name: str
    given: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in self.given.items())
        return f"job {self.name}" + (f"({told})" if told else "")


Target = Sweep | NamedLine | Job


@dataclass(frozen=True)
class Targets:
    """What this installation has registered."""

    plans: Mapping[str, Plan]
    jobs: Mapping[str, JobKind]

    def read(self, text: str) -> tuple[Target, ...]:
        """The targets that the text names, in their order. Raises BadTarget, and nothing else."""
        if len(text) > LONGEST:
            raise BadTarget(text, LONGEST, "too_long", most=LONGEST)
        return tuple(self._one(text, start, end) for start, end in _bounds(text))

    def _one(self, text: str, start: int, end: int) -> Target:
        found = SHAPE.fullmatch(text, start, end)
        if found is None or found["kind"] not in ("sweep", "line", "job") or not found["name"]:
            is_one_of_several = (start, end) != (0, len(text))
            blank = is_one_of_several and not text[start:end].strip()
            raise BadTarget(text, _begin(text, start, end), "empty" if blank else "shape")
        if found["kind"] == "job":
            return self._job(text, found)
        if found["given"] is not None:
            raise BadTarget(text, found.start("given") - 1, "shape")
        flow, dot, name = found["name"].partition(".")
        at = found.start("name")
        if flow not in self.plans:
            raise _unknown(text, at, "flow", flow, self.plans)
        if not dot or not name:
            raise BadTarget(text, at, "shape")
        if found["kind"] == "line":
            lines = self.plans[flow].named_lines
            if name not in lines:
                raise _unknown(text, at + len(flow) + 1, "line", name, lines, flow=flow)
            return NamedLine(flow, name)
        return self._sweep(text, flow, name, at + len(flow) + 1)

    def queue(self, target: Target) -> str:
        """Where it begins: what turns out to be another queue's goes on there."""
        return self.jobs[target.name].queue if isinstance(target, Job) else DEFAULT_QUEUE

    def queues_of(self, text: str) -> tuple[str, ...]:
        """Where each target of the text begins; empty where this process cannot read it."""
        try:
            return tuple(self.queue(one) for one in self.read(text))
        except BadTarget:
            return ()

    def given(self, job: Job) -> Parameters:
        """The job's parameters, checked."""
        return self.jobs[job.name].parameters.model_validate(dict(job.given))

    def _sweep(self, text: str, flow: str, names: str, at: int) -> Sweep:
        states = self.plans[flow].states
        for state in names.split(","):
            if state not in states:
                live = [name for name, found in states.items() if not found.final]
                raise _unknown(text, at, "state", state, live, flow=flow)
            if states[state].final:
                raise BadTarget(text, at, "final", part=state)
            at += len(state) + 1
        return Sweep(flow, tuple(dict.fromkeys(names.split(","))))

    def _job(self, text: str, found: re.Match[str]) -> Job:
        name = found["name"]
        if name not in self.jobs:
            raise _unknown(text, found.start("name"), "job", name, self.jobs)
        kind, at = self.jobs[name], found.start("given")
        given, places = {}, {}
        rest, read = found["given"] or "", 0
        while rest[read:].strip():
            one = GIVEN.match(rest, read)
            if one is None:
                raise BadTarget(text, at + read, "shape")
            if one["name"] not in kind.parameters.model_fields:
                place = at + one.start("name")
                raise _unknown(text, place, "parameter", one["name"], kind.parameters.model_fields, job=name)
            try:
                given[one["name"]] = json.loads(one["value"], parse_constant=_no_constant)
            except ValueError:
                why = f"{one['value']} is no number, text in double quotes, true or false"
                raise BadTarget(text, at + one.start("value"), "value", part=one["name"], job=name, why=why) from None
            places[one["name"]] = at + one.start("value")
            read = one.end()
        job = Job(name, given)
        try:
            self.given(job)
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False)[0]
            part = str(wrong["loc"][0]) if wrong["loc"] else name
            place = places.get(part, found.start("name"))
            raise BadTarget(text, place, "value", part=part, job=name, why=wrong["msg"]) from None
        return job


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each target of the text stands."""
    cuts = [found.start() for found in BETWEEN.finditer(text) if found[1]]
    return ((before + 1, cut) for before, cut in pairwise((-1, *cuts, len(text))))


def split(text: str) -> list[str]:
    """The text of each target."""
    return [text[start:end].strip() for start, end in _bounds(text)]


def _begin(text: str, start: int, end: int) -> int:
    """Where its first word stands."""
    return start + len(text[start:end]) - len(text[start:end].lstrip())


def _unknown(text: str, at: int, reason: str, part: str, known: Iterable[str], **parts: object) -> BadTarget:
    near = difflib.get_close_matches(part, list(known), n=1)
    suggestion = text[:at] + near[0] + text[at + len(part) :] if near else None
    return BadTarget(text, at, reason, suggestion, part=part, **parts)


def _no_constant(name: str) -> object:
    raise ValueError(name)
