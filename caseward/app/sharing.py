"""What several systems may bring together: the same value by the same name. All else is refused, with both systems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn, Protocol, TypeVar

from workflow.errors import SettingsError
from workflow.flow.remotes import Remote
from workflow.sentence import Sentence
from workflow.settings import PREFIX, VARIABLES
from workflow.sources import FILE
from workflow.system import System


class Bringing(Protocol):
    """A system that is on."""

    @property
    def system(self) -> System: ...
    @property
    def settings(self) -> Any: ...
    def lacks(self, fields: Iterable[str]) -> list[str]: ...


B = TypeVar("B", bound=Bringing)


@dataclass(frozen=True)
class Overruled:
    """A setting of a shared remote that says another than that of the system which opens the remote."""

    remote: str
    counts: str
    variable: str


def refuse_clashes(systems: Sequence[System]) -> None:
    """Raises SettingsError where two systems bring what only one may, or different things by one name.

    A remote, a channel or a calendar may come from several that bring one and the same value.
    """
    each = [(one.name, one) for one in systems]
    _once("system", ((name, name) for name, _ in each))
    read = [("engine", variable) for variable in VARIABLES.values()]
    read += [(name, variable) for name, one in each for variable in (*one.variables.values(), *earlier_variables(one))]
    _once("setting", ((name, f"{variable}{end}") for name, variable in read for end in ("", FILE)))
    _once("flow", ((name, flow.name) for name, one in each for flow in one.flows))
    _once("job", ((name, job.name) for name, one in each for job in one.jobs))
    _once("give", ((name, f"{give.name} of {give.flow}") for name, one in each for give in one.gives))
    _once("secret", ((name, f"{kind.name} of {kind.flow}") for name, one in each for kind in one.secrets))
    _once("pool of accounts", ((name, pool.remote) for name, one in each for pool in one.accounts))
    _alike("remote", ((name, remote.name, remote) for name, one in each for remote in one.remotes))
    _one_a_protocol((name, remote) for name, one in each for remote in one.remotes)
    _alike("channel", ((name, *channel) for name, one in each for channel in one.channels.items()))
    hours = ((name, remote.calendar) for name, one in each for remote in one.remotes if remote.calendar is not None)
    calendars = [*((name, calendar) for name, one in each for calendar in one.calendars), *hours]
    _alike("calendar", ((name, calendar.name, calendar) for name, calendar in calendars))
    schedules = ((name, replace(schedule, group="")) for name, one in each for schedule in one.default_schedules)
    _alike("schedule", ((name, schedule.name, schedule.definition("UTC", "")) for name, schedule in schedules))


def earlier_variables(system: System) -> dict[str, str]:
    """By variable of an earlier name, the one that is meant."""
    own = system.variables
    return {earlier: own[field] for field, names in system.once_called.items() for earlier in names}


def opened_by(brought: Sequence[tuple[B, Remote]]) -> tuple[tuple[B, Remote], ...]:
    """Each remote with the system whose settings open it: of those that bring it the first that has them all."""
    return tuple(
        next(((one, remote) for one, remote in pairs if not one.lacks(remote.needs)), pairs[0])
        for pairs in _by_name(brought).values()
    )


def overruled(brought: Sequence[tuple[B, Remote]]) -> list[Overruled]:
    """What is set of a remote that several systems bring, and does not count."""
    return [
        Overruled(remote.name, owner.system.variables[name], one.system.variables[name])
        for owner, remote in opened_by(brought)
        for one, _ in _by_name(brought)[remote.name]
        for name in remote.needs
        if one is not owner and (said := getattr(one.settings, name)) and said != getattr(owner.settings, name)
    ]


def _by_name(brought: Sequence[tuple[B, Remote]]) -> dict[str, list[tuple[B, Remote]]]:
    found: dict[str, list[tuple[B, Remote]]] = {}
    for one, remote in brought:
        found.setdefault(remote.name, []).append((one, remote))
    return found


def _once(what: str, brought: Iterable[tuple[str, str]]) -> None:
    """brought: system and name."""
    first: dict[str, str] = {}
    for system, name in brought:
        if name in first:
            _refuse(what, name, first[name], system, Sentence("leave_one_out", "leave one of them out, or rename it"))
        first[name] = system


def _alike(what: str, brought: Iterable[tuple[str, str, object]]) -> None:
    """brought: system, name and value."""
    first: dict[str, tuple[str, object]] = {}
    for system, name, value in brought:
        known, same = first.setdefault(name, (system, value))
        if same != value:
            cure = Sentence("bring_one_value", "rename one of them, or import one and the same value in both places")
            _refuse(what, name, known, system, cure)


def _one_a_protocol(brought: Iterable[tuple[str, Remote]]) -> None:
    """Functions ask a remote by its Protocol."""
    first: dict[type, tuple[str, Remote]] = {}
    for system, remote in brought:
        known, same = first.setdefault(remote.protocol, (system, remote))
        if same.name != remote.name:
            what = Sentence(
                "remotes_of_one_protocol",
                "the remotes {first} of {system} and {second} of {other} stand behind one Protocol, {name}",
                first=same.name,
                system=known,
                second=remote.name,
                other=system,
                name=remote.protocol.__name__,
            )
            cure = Sentence("give_own_protocol", "give one of them a Protocol of its own, or bring one remote in both")
            raise SettingsError(f"{PREFIX}SYSTEMS", what, cure)


def _refuse(what: str, name: str, one: str, other: str, cure: Sentence) -> NoReturn:
    if what == "system":
        said = Sentence("two_systems_of_one_name", "two systems are called {name}", name=name)
    elif one == other:
        said = Sentence(
            "system_brings_two", "the system {one} brings two: {what} {name}", one=one, what=what, name=name
        )
    else:
        said = Sentence(
            "two_systems_bring",
            "two systems bring a {what} {name}: {one} and {other}",
            what=what,
            name=name,
            one=one,
            other=other,
        )
    raise SettingsError(f"{PREFIX}SYSTEMS", said, cure)
