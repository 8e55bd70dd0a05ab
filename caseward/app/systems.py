"""The systems of an installation: where they are found, which are on, and each with what is set of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from caseward.app.found_systems import picked
from caseward.app.sharing import Overruled, earlier_variables, opened_by, overruled, refuse_clashes
from caseward.app.upkeep import UPKEEP
from workflow.calendars import Calendar
from workflow.errors import DefinitionError
from workflow.flow import called
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow
from workflow.flow.functions import name_of
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remote, Remotes
from workflow.intake.gives import SecretKind
from workflow.intake.reviews import Review
from workflow.queues import DEFAULT_QUEUE
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import JobKind, Targets
from workflow.settings import Settings, kept_settings, misread
from workflow.sources import Origin, kept_in, origins, said_by_folder
from workflow.system import AccountPool, DefaultSchedule, System, SystemSettings

OPERATOR = "operator"
"""The person who is waited for in every system."""
Set = Mapping[str, Mapping[str, object]]
"""By system and field, what counts before the environment."""


@dataclass(frozen=True)
class Installed:
    """A system that is on, with its settings. raw: by field, the texts from which they were read."""

    system: System
    settings: SystemSettings
    origins: Mapping[str, Origin]
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)

    def with_texts(self, new: Mapping[str, str]) -> Installed:
        """With these fields read anew. Raises as the model does."""
        raw = {**self.raw, **new}
        return replace(self, settings=self.system.settings.model_validate(raw), raw=raw)

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Its flows, each with its settings.

        Raises DefinitionError where settings are made for a flow that does not exist.
        """
        own = self.system.flow_settings(self.settings)
        known = [flow.name for flow in self.system.flows]
        if strange := [name for name in own if name not in known]:
            raise DefinitionError(
                called.system(self.system.name), "flow_settings_none", strange=strange[0], known=", ".join(known) or "-"
            )
        return tuple(replace(flow, settings=own[flow.name]) if flow.name in own else flow for flow in self.system.flows)

    @property
    def addresses(self) -> list[str]:
        """Where its remotes are, those that are set. What else they need may be a token, which nobody is shown."""
        fields = dict.fromkeys(name for remote in self.system.remotes for name in remote.needs)
        said = [getattr(self.settings, name) for name in fields]
        return [value for value in said if isinstance(value, str) and value]

    def lacks(self, fields: Iterable[str]) -> list[str]:
        """The variables of those fields that are not set."""
        return [self.system.variables[name] for name in dict.fromkeys(fields) if not getattr(self.settings, name)]


@dataclass(frozen=True)
class Systems:
    """All systems that are on, the engine's own upkeep last.

    changed: calendars that were changed at run time, by name.
    """

    installed: tuple[Installed, ...]
    changed: Mapping[str, Calendar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_clashes([one.system for one in self.installed])

    @property
    def systems(self) -> tuple[System, ...]:
        """The systems, without their settings."""
        return tuple(one.system for one in self.installed)

    @cached_property
    def plans(self) -> dict[str, Plan]:
        return {flow.name: Plan(flow) for one in self.installed for flow in _flows_of(one)}

    @cached_property
    def remotes(self) -> Remotes:
        """The remotes that the flows may name; none is open."""
        return Remotes([self.as_set(remote) for _, remote in self.opened])

    @cached_property
    def opened(self) -> tuple[tuple[Installed, Remote], ...]:
        """Each remote with the system whose settings open it."""
        return opened_by([(one, remote) for one in self.installed for remote in one.system.remotes])

    @property
    def overruled(self) -> list[Overruled]:
        """The settings of shared remotes that do not count."""
        return overruled([(one, remote) for one in self.installed for remote in one.system.remotes])

    def as_set(self, remote: Remote) -> Remote:
        """The remote with the calendar that counts now."""
        if remote.calendar is None or remote.calendar.name not in self.changed:
            return remote
        return replace(remote, calendar=self.changed[remote.calendar.name])

    @cached_property
    def jobs(self) -> dict[str, JobKind]:
        return {job.name: job for one in self.installed for job in one.system.jobs}

    @cached_property
    def brought(self) -> dict[str, Calendar]:
        """The calendars as the systems bring them."""
        found = {calendar.name: calendar for one in self.installed for calendar in one.system.calendars}
        remotes = [remote for one in self.installed for remote in one.system.remotes]
        return found | {remote.calendar.name: remote.calendar for remote in remotes if remote.calendar}

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """The calendars that count now."""
        return self.brought | dict(self.changed)

    @cached_property
    def rules(self) -> Rules:
        """What schedules may name."""
        return Rules(Targets(self.plans, self.jobs), self.calendars)

    @cached_property
    def queues(self) -> tuple[str, ...]:
        """Every queue that a remote or a job names; the default one first."""
        named = {remote.queue for remote in self.remotes.all()} | {job.queue for job in self.jobs.values()}
        return (DEFAULT_QUEUE, *sorted(named - {DEFAULT_QUEUE}))

    @cached_property
    def schedules(self) -> dict[str, tuple[DefaultSchedule, str]]:
        """By name, what the installation begins with, and its group, in the order of their numbers."""
        found: dict[str, tuple[DefaultSchedule, str]] = {}
        for one in self.installed:
            for schedule in one.system.default_schedules:
                found.setdefault(schedule.name, (schedule, schedule.group or one.system.name))
        return found

    @cached_property
    def people(self) -> frozenset[str]:
        """Names in waits_for that are people."""
        return frozenset({OPERATOR}).union(*(one.system.people for one in self.installed))

    @cached_property
    def outside(self) -> frozenset[str]:
        """Names in waits_for that are offices or systems outside."""
        waited = {state.waits_for for plan in self.plans.values() for state in plan.flow.states if state.waits_for}
        return frozenset(waited) - self.people - {"nobody", "system"}

    @property
    def is_configured(self) -> bool:
        """Whether the address of any remote is set."""
        return any(
            remote.needs and not one.lacks(remote.needs) for one in self.installed for remote in one.system.remotes
        )

    @cached_property
    def unset(self) -> dict[str, list[str]]:
        """By flow, the variables without which some of its lines cannot be taken, and that are not set."""
        found = {}
        for one in self.installed:
            for flow in one.system.flows:
                asked = [remote.name for remote in self.remotes.of_flow(self.plans[flow.name])]
                lacking = [
                    name for own, remote in self.opened if remote.name in asked for name in own.lacks(remote.needs)
                ]
                tellers = [line.tell for _, line in flow.lines() if line.tell is not None]
                lacking += one.lacks(field for teller in tellers for field in one.system.notice_needs.get(teller, ()))
                if lacking:
                    found[flow.name] = list(dict.fromkeys(lacking))
        return found

    @cached_property
    def unsaid(self) -> dict[str, dict[str, list[str]]]:
        """By flow and function that tells, the missing variables without which it tells nobody."""
        return {
            flow.name: {name_of(teller): one.lacks(fields) for teller, fields in one.system.notice_needs.items()}
            for one in self.installed
            for flow in one.system.flows
        }

    @property
    def variables(self) -> dict[str, str]:
        """Every variable that a system reads, older names too, with the variable that it sets."""
        found = dict[str, str]()
        for one in self.installed:
            own = one.system.variables
            found |= {name: name for name in own.values()}
            found |= earlier_variables(one.system)
        return found

    @property
    def lacking(self) -> list[str]:
        """The variables without which some cases wait."""
        return sorted({name for lacking in self.unset.values() for name in lacking})

    def of(self, flow: str) -> Installed | None:
        """The system of a flow."""
        return next((one for one in self.installed if any(flow == own.name for own in one.system.flows)), None)

    def review(self, flow: str) -> Review | None:
        """The page that a person says yes to before what a flow does for good; None where it brings none."""
        return next((page for one in self.installed for page in one.system.reviews if page.flow == flow), None)

    def secrets(self, flow: str) -> list[SecretKind]:
        """The kinds of secrets that people hand in for a flow's cases."""
        return [kind for one in self.installed for kind in one.system.secrets if kind.flow == flow]

    @property
    def all_secrets(self) -> list[SecretKind]:
        """Of all flows."""
        return [kind for one in self.installed for kind in one.system.secrets]

    def address_of(self, flow: str) -> Callable[[Any, str], str | None] | None:
        """Where a flow's recipients are told today; None where the notice itself says it."""
        return next(
            (told for one in self.installed for name, told in one.system.address_of.items() if name == flow), None
        )

    def zone_of(self, flow: str, usual: ZoneInfo) -> ZoneInfo:
        """The zone that decides today's date for a flow: that of the calendar that its system brings."""
        system = self.of(flow)
        calendars = system.system.calendars if system is not None else ()
        return ZoneInfo(self.calendars[calendars[0].name].zone) if calendars else usual

    @cached_property
    def pools(self) -> dict[str, AccountPool]:
        """By remote, the accounts by which it is entered."""
        return {pool.remote: pool for one in self.installed for pool in one.system.accounts}

    def pool(self, flow: str) -> AccountPool | None:
        """The accounts whose logins the cases of a flow keep alive."""
        return next((pool for pool in self.pools.values() if pool.flow == flow), None)


def _flows_of(one: Installed) -> tuple[Flow, ...]:
    """The flows of a system. Raises DefinitionError where its own function for their settings fails."""
    try:
        return one.flows
    except DefinitionError:
        raise
    except Exception as error:
        raise DefinitionError(called.system(one.system.name), "flow_settings_failed", why=words(error)) from error


def read_systems(settings: Settings, given: Set | None = None) -> Systems:
    """The systems that are on, with their settings: given values count before the environment, that before the folder.

    Raises SettingsError with variable and cure, DefinitionError where a system contradicts itself.
    """
    on = [*picked(settings), UPKEEP]
    return Systems(tuple(read_system(system, settings, (given or {}).get(system.name, {})) for system in on))


def read_system(system: System, settings: Settings, given: Mapping[str, object] | None = None) -> Installed:
    """One system with what is set of it."""
    kept = kept_in(kept_settings(settings.data_dir))
    found = origins(system.variables, os.environ, kept, fallbacks={}, older=system.once_called)
    environ = {name.upper(): value for name, value in os.environ.items()}  # names count in any case
    said = {
        field: origin.value if origin.value is not None else environ[origin.variable.upper()]
        for field, origin in found.items()
        if origin.variable is not None
    }
    raw = {**said, **(given or {})}
    try:
        return Installed(system, system.settings.model_validate(raw), found, raw)
    except ValidationError as wrong:
        problem = wrong.errors(include_input=False, include_url=False)[0]
        error = misread(problem, system.settings, system.variables, found)
        raise said_by_folder(error, found, kept_settings(settings.data_dir)) from None
