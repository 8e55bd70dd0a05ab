"""A system: all that one business brings to an installation, as one value. Nothing else makes it known."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from workflow.calendars import Calendar
from workflow.clock import Clock
from workflow.demonstration import Demonstration, Samples, Sandbox
from workflow.engine.account_book import AccountBook
from workflow.errors import DefinitionError
from workflow.flow import called
from workflow.flow.definition import Flow
from workflow.flow.functions import name_of
from workflow.flow.remotes import Opened, Remote, needs_of
from workflow.flow.shapes import check_fields
from workflow.intake.forces import DeadEnd
from workflow.intake.gives import File, Give, NotTaken, Part, SecretKind, field_given
from workflow.intake.matter import Matter
from workflow.intake.parties import Party
from workflow.intake.reviews import Review, Section
from workflow.intake.rows import Contradiction, Intake, Key
from workflow.intake.values import Document, holds_documents
from workflow.json_settings import from_json, is_written_as_json
from workflow.scheduler.jobs import JobContext
from workflow.schedules.default_schedule import DefaultSchedule, default_schedule
from workflow.schedules.targets import JobKind, Parameters
from workflow.settings import PREFIX
from workflow.store import Store

__all__ = [
    "AccountPool",
    "Contradiction",
    "DefaultSchedule",
    "Document",
    "File",
    "Give",
    "Intake",
    "JobContext",
    "JobKind",
    "Key",
    "NotTaken",
    "Opened",
    "Opening",
    "Parameters",
    "Part",
    "Review",
    "SecretKind",
    "Section",
    "System",
    "SystemSettings",
    "default_schedule",
    "field_given",
]

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SWEEP = re.compile(r"\bsweep\s+(\w+)\.([\w,]+)")
CHANNEL = {
    "send": "send(to, text, reference), which answers the gateway's number",
    "delivered": "delivered(number), which answers True, False, or None while it is too early to say",
}
"""What the Protocol of a channel has."""
BY_FLOW = ("address_of", "shows", "finds", "parties", "dead_ends")
EVERY_MINUTE = "0 0/1 * * * ?"


class SystemSettings(BaseModel):
    """What can be set of a system from outside; FIELD of the system NAME is read from CASEWARD_NAME_FIELD.

    A field has a default: an empty address means that its remote is not configured. A list, a set, a dictionary or a
    model is written as JSON, unless a validator of its own reads the text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    @field_validator("*", mode="before")
    @classmethod
    def _from_json(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[info.field_name or ""]
        return from_json(value) if isinstance(value, str) and is_written_as_json(field) else value


S = TypeVar("S", bound=SystemSettings)


@dataclass(frozen=True)
class Opening(Generic[S]):
    """What a remote is opened with. variables: by field, what a person sets it by; errors name it.

    browser: this process's Chromium, or None where it has none.
    """

    settings: S
    variables: Mapping[str, str]
    store: Store
    clock: Clock
    book: AccountBook
    browser: Any = None


@dataclass(frozen=True)
class AccountPool:
    """The accounts by which a remote is entered: a case of this flow keeps each login alive.

    sign_in: the Protocol by which a person helps with a login. log_in(case, now, sign_in, ask) answers what is to be
    changed in the account's case; opens(login, region, notes) is the data of a new one.
    """

    remote: str
    flow: str
    sign_in: type
    log_in: Callable[..., Awaitable[Mapping[str, object]]]
    opens: Callable[..., BaseModel]


def _no_settings(settings: Any) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class System:
    """One business: its flows, what they ask, and what people see and do of it.

    remotes: what its flows, jobs and channels ask, each with how it is opened. flow_settings: by flow, the value that
    its functions name as `settings`. notice_needs: by function that tells, the settings that its notice holds or goes
    by; a line that tells it waits for them. once_called: by field, older variables that are read where the system's own
    says nothing. channels: by name, the Protocol of the remote that sends. tells_by: the channels of other systems by
    which its notices go. people: of those that its flows wait for, who is a person, beside the operator. intake: the
    rules of rows that become cases; None: the first flow's model alone. gives, secrets: what people may hand in later.
    reviews: by flow, the page of what will be done that a person says yes to. address_of: by flow, where a recipient is
    told today. shows: by flow, names and values that people see of a matter. finds: by flow, words by which they look
    for it. parties: by flow, whom a case is about. dead_ends: by flow, where a force strands one. extras: those of
    Caseward without which none of its workers starts. words: the folder of its catalogues,
    LANGUAGE/LC_MESSAGES/NAME.po, in en and zh_CN; NAME is the system's. samples: for a first look. sandbox: what
    simulates their outside. demonstration: what people do.
    """

    name: str
    chinese: str
    english: str
    flows: tuple[Flow, ...] = ()
    remotes: tuple[Remote, ...] = ()
    settings: type[SystemSettings] = SystemSettings
    flow_settings: Callable[[Any], Mapping[str, object]] = _no_settings
    notice_needs: Mapping[Callable[..., object], Sequence[str]] = field(default_factory=dict)
    once_called: Mapping[str, Sequence[str]] = field(default_factory=dict)
    calendars: tuple[Calendar, ...] = ()
    jobs: tuple[JobKind, ...] = ()
    schedules: tuple[DefaultSchedule, ...] = ()
    channels: Mapping[str, type] = field(default_factory=dict)
    tells_by: tuple[str, ...] = ()
    accounts: tuple[AccountPool, ...] = ()
    intake: Intake | None = None
    gives: tuple[Give, ...] = ()
    secrets: tuple[SecretKind, ...] = ()
    reviews: tuple[Review, ...] = ()
    address_of: Mapping[str, Callable[[Any, str], str | None]] = field(default_factory=dict)
    shows: Mapping[str, Callable[[Matter], Iterable[tuple[str, object]]]] = field(default_factory=dict)
    finds: Mapping[str, Callable[[Any], Iterable[str]]] = field(default_factory=dict)
    parties: Mapping[str, Callable[[Any], Iterable[Party]]] = field(default_factory=dict)
    dead_ends: Mapping[str, DeadEnd] = field(default_factory=dict)
    people: frozenset[str] = frozenset({"owner"})
    extras: tuple[str, ...] = ()
    words: Path | None = None
    samples: Samples | None = None
    sandbox: Sandbox | None = None
    demonstration: Demonstration = field(default_factory=Demonstration)

    def __post_init__(self) -> None:
        where = called.system(self.name)
        if not NAME.fullmatch(self.name):
            raise DefinitionError(where, "system_name")
        check_fields(self, where)
        if idle := next((job.name for job in self.jobs if job.does is None), None):
            raise DefinitionError(where, "job_idle", job=idle)
        self._check_names(where)
        if self.words is not None and not self.words.is_dir():
            raise DefinitionError(where, "words_no_folder", folder=self.words)
        known = {one.protocol for one in self.remotes}
        for channel, protocol in self.channels.items():
            if protocol not in known:
                raise DefinitionError(where, "channel_no_remote", channel=channel, protocol=protocol.__name__)
            if lacking := [name for name in CHANNEL if not hasattr(protocol, name)]:
                parts = {"protocol": protocol.__name__, "lacking": lacking[0], "method": CHANNEL[lacking[0]]}
                raise DefinitionError(where, "channel_lacks", channel=channel, **parts)
        if self.samples is not None and self.rows is None:
            raise DefinitionError(where, "samples_no_flow")
        if required := [name for name, info in self.settings.model_fields.items() if info.is_required()]:
            raise DefinitionError(where, "setting_no_default", setting=required[0])
        self._check_pools(where)
        self._check_gives(where)
        if odd := next((flow.name for flow in self.flows if not NAME.fullmatch(flow.name)), None):
            raise DefinitionError(where, "flow_name", flow=odd)
        _once(where, "flow", [flow.name for flow in self.flows])
        for flow in self.flows:
            _once(
                called.within(where, flow.name), "secret", [one.name for one in self.secrets if one.flow == flow.name]
            )
        _once(where, "schedule", [one.name for one in self.default_schedules])

    def _check_pools(self, where: str) -> None:
        """Raises DefinitionError where two pools are one, or nobody works on the accounts of one."""
        remotes, flows = [one.remote for one in self.accounts], [one.flow for one in self.accounts]
        if twice := next((name for name in remotes if remotes.count(name) > 1), None):
            raise DefinitionError(where, "pools_of_one", twice=twice)
        if twice := next((name for name in flows if flows.count(name) > 1), None):
            raise DefinitionError(where, "pools_by_one", twice=twice)
        for pool in self.accounts:
            seated = {one.protocol for one in self.remotes if one.whole == pool.remote and one.needs_seat}
            if not seated:
                raise DefinitionError(where, "pool_no_seats", remote=pool.remote)
            asked = {need.protocol for flow in self.flows if flow.name != pool.flow for need in needs_of(flow)}
            if not seated & asked:
                raise DefinitionError(where, "pool_unused", remote=pool.remote)

    def _check_gives(self, where: str) -> None:
        """Raises DefinitionError where a field that holds documents is to be given as a value."""
        for flow, give in ((flow, give) for flow in self.flows for give in self.gives if give.flow == flow.name):
            info = flow.data.model_fields.get(give.name)
            if give.parts == {give.name: Part("value")} and info is not None and holds_documents(info.annotation):
                raise DefinitionError(f"{where}: give {give.name}", "give_document", field=give.name)

    def _check_names(self, where: str) -> None:
        """Raises DefinitionError where a part of it names a setting, a flow, a state or a remote that it has not."""
        flows = {flow.name: [str(state.name) for state in flow.states] for flow in self.flows}
        intake = [] if self.intake is None else [self.intake.flow]
        of_rows = next((flow for flow in self.flows if self.rows is not None and flow.name == self.rows.flow), None)
        columns = {} if of_rows is None else of_rows.data.model_fields
        gathered = () if self.intake is None else sorted(self.intake.gathered)
        fields = self.settings.model_fields
        named: list[tuple[str, str, Iterable[str], Collection[str]]] = [
            *((called.remote(one.name), "setting", one.needs, fields) for one in self.remotes),
            *((called.notice(name_of(one)), "setting", names, fields) for one, names in self.notice_needs.items()),
            ("once_called", "setting", self.once_called, fields),
            ("sandbox", "setting", self.sandbox.addresses if self.sandbox else (), fields),
            ("demonstration", "flow", [one.flow for one in self.demonstration.sights.values()], flows),
            ("demonstration", "state", self.demonstration.ends, flows[of_rows.name] if of_rows is not None else ()),
            *((what, "flow", getattr(self, what), flows) for what in BY_FLOW),
            ("intake", "flow", intake, flows),
            ("gathered", "field", gathered, {*columns, *(one.alias for one in columns.values() if one.alias)}),
            ("accounts", "flow", [one.flow for one in self.accounts], flows),
            ("accounts", "remote", [one.remote for one in self.accounts], [one.name for one in self.remotes]),
            *((called.give(one.name), "flow", [one.flow], flows) for one in self.gives),
            *((called.secret(one.name), "flow", [one.flow], flows) for one in self.secrets),
            *(("reviews", "flow", [one.flow], flows) for one in self.reviews),
            *((called.give(one.name), "state", one.states, flows.get(one.flow, ())) for one in self.gives),
        ]
        for what, kind, names, known in named:
            if (unknown := next((name for name in names if name not in known), None)) is not None:
                parts = {"part": what, "kind": kind, "unknown": unknown}
                if kind == "setting":
                    raise DefinitionError(where, "names_no_setting", **parts, model=self.settings.__name__)
                if near := get_close_matches(unknown, list(known), 1):
                    raise DefinitionError(where, "names_near", **parts, near=near[0])
                raise DefinitionError(where, "names_none", **parts, known=", ".join(known) or "-")

    @property
    def variables(self) -> dict[str, str]:
        """The variable of each of its settings."""
        return {name: f"{PREFIX}{self.name.upper()}_{name.upper()}" for name in self.settings.model_fields}

    @property
    def rows(self) -> Intake | None:
        """How its rows become cases; None where it has no flow."""
        return self.intake or (Intake(self.flows[0].name) if self.flows else None)

    @property
    def default_schedules(self) -> tuple[DefaultSchedule, ...]:
        """Its own; and a sweep of each state that is not final and that none of them sweeps."""
        swept = set[tuple[str, str]]()
        for flow, states in (found for one in self.schedules for found in SWEEP.findall(one.target)):
            swept |= {(flow, state) for state in states.split(",")}
        added = [
            default_schedule(
                f"{flow.name}.{state.name}",
                f"sweep {flow.name}.{state.name}",
                state.label,
                str(state.name),
                timing=EVERY_MINUTE,
            )
            for flow in self.flows
            for state in flow.states
            if not state.final and (flow.name, str(state.name)) not in swept
        ]
        return (*self.schedules, *added)


def _once(where: str, what: str, names: Sequence[str]) -> None:
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise DefinitionError(where, "called_twice", kind=what, twice=twice)
