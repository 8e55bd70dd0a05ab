"""What of a system would go wrong or is set in vain, found before a worker meets it: for `system check` and logs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from caseward.app.extras import EXTRAS, extra_of, lacking
from caseward.app.found_systems import known_systems
from caseward.app.played import opener
from caseward.app.systems import Installed, Systems
from workflow.cron import CronError
from workflow.errors import CommandError, SettingsError, WorkflowError
from workflow.flow.mistakes import words
from workflow.schedules.schedule import check_after
from workflow.sentence import Sentence
from workflow.settings import PREFIX, Settings, kept_settings, unknown_variables
from workflow.sources import kept_in
from workflow.system import System


@dataclass(frozen=True)
class Oddities:
    """wrong: what will fail; warnings: what waits, or was perhaps meant otherwise."""

    wrong: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]


def oddities(systems: Systems, one: Installed, strange: dict[str, str | None]) -> Oddities:
    """strange: the variables that set nothing, each with the one that is probably meant."""
    system = one.system
    wrong = [_no_extra(extra) for extra in system.extras if extra not in EXTRAS]
    if system.samples is not None and not (folder := system.samples.folder).is_dir():
        wrong.append(
            Sentence("samples_no_folder", "its samples are to stand in {folder}, which is no folder", folder=folder)
        )
    wrong += _unopened(system)
    absent = [(extra, lacking(extra)) for extra in system.extras if extra in EXTRAS]
    warnings = [_not_installed(library, extra) for extra, library in absent if library is not None]
    warnings += [said for flow in system.flows for said in systems.remotes.check(systems.plans[flow.name])]
    warnings += [
        Sentence("nobody_waits_for", "people names {name}, whom no state waits for", name=name)
        for name in _unawaited(system)
    ]
    warnings += [
        Sentence(
            "accounts_without_pool",
            "{flow} works on accounts of {remote}, and no pool keeps them: bring an AccountPool",
            flow=flow.name,
            remote=remote.name,
        )
        for flow in system.flows
        for remote in systems.remotes.entered(systems.plans[flow.name])
        if remote.name not in systems.pools
    ]
    warnings += [
        Sentence(
            "setting_overruled",
            "{variable} does not count: the remote {remote}, which both systems bring, is opened with {counts}",
            variable=said.variable,
            remote=said.remote,
            counts=said.counts,
        )
        for said in systems.overruled
        if said.variable in system.variables.values()
    ]
    wrong += missing_channels(systems, one)
    begin = f"{PREFIX}{system.name.upper()}_"
    warnings += [
        sets_nothing(name, meant) for name, meant in strange.items() if (meant or name.upper()).startswith(begin)
    ]
    return Oddities(tuple(wrong), tuple(warnings))


def missing_channels(systems: Systems, one: Installed) -> list[Sentence]:
    """The channels by which a system's notices go and that no system brings which is on, each with those that could."""
    known = {name for other in systems.systems for name in other.channels}
    tells = any(line.tell is not None for flow in one.system.flows for _, line in flow.lines())
    if tells and not known:
        return [Sentence("brings_no_channel", "its lines tell people, and no system that is on brings a channel")]
    found = []
    for channel in one.system.tells_by:
        if channel in known:
            continue
        if off := _bringing(channel):
            said = Sentence(
                "channel_off",
                "its notices go by the channel {channel} of {systems}, which is off; name it in {variable}",
                channel=channel,
                systems=", ".join(off),
                variable=f"{PREFIX}SYSTEMS",
            )
        else:
            said = Sentence(
                "channel_unknown",
                "its notices go by the channel {channel}, which no system brings; bring it, or correct tells_by",
                channel=channel,
            )
        found.append(said)
    return found


def _bringing(channel: str) -> list[str]:
    """The systems known here that bring a channel; one that cannot be read is told where it is switched on."""
    found = []
    for name, load in known_systems().items():
        try:
            brought = load().channels
        except WorkflowError:
            continue
        if channel in brought:
            found.append(name)
    return found


def wrong_schedules(systems: Systems, one: Installed, zone: str, now: datetime) -> dict[str, Exception]:
    """By name, the default schedules of a system that the beat would refuse, each with what is wrong."""
    after = {name: schedule.definition(zone, group).after for name, (schedule, group) in systems.schedules.items()}
    found: dict[str, Exception] = {}
    for schedule in one.system.default_schedules:
        definition = schedule.definition(zone, one.system.name)
        try:
            systems.rules.check(definition, now)
            check_after(definition, {name: first for name, first in after.items() if name != definition.name})
        except (CommandError, CronError) as error:
            found[schedule.name] = error
    return found


def strange_variables(systems: Systems, settings: Settings) -> dict[str, str | None]:
    """Of the environment and of the data folder: what sets nothing, each with the one that is probably meant."""
    return unknown_variables(os.environ, kept_in(kept_settings(settings.data_dir)), systems.variables)


def called_otherwise(name: str, point: str) -> Sentence:
    """Of a system whose entry point has another name than it has itself."""
    return Sentence(
        "entry_point_otherwise",
        "its entry point is called {point}, and {variable} takes {point}: "
        "call it {name} too, and install its package anew",
        point=point,
        variable=f"{PREFIX}SYSTEMS",
        name=name,
    )


def sets_nothing(name: str, meant: str | None) -> Sentence:
    if meant is None:
        return Sentence("variable_sets_nothing", "{name} sets nothing", name=name)
    return Sentence(
        "variable_sets_nothing_meant", "{name} sets nothing; {meant} is perhaps meant", name=name, meant=meant
    )


def _unopened(system: System) -> list[Sentence]:
    """What keeps the simulated outside of a system from being opened, but for a library that only those need who play.

    `up` and `demo` tell of that one.
    """
    if system.sandbox is None:
        return []
    try:
        opener(system)
    except SettingsError as error:
        return [Sentence("what_and_cure", "{what}; {cure}", what=error.what, cure=error.cure)]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a script without a guard ends the process
        if extra_of(error) is not None:
            return []
        return [
            Sentence(
                "sandbox_unreadable",
                "its sandbox {place} cannot be read: {why}; mend it",
                place=system.sandbox.opens,
                why=words(error),
            )
        ]
    return []


def _unawaited(system: System) -> list[str]:
    """Those whom a system names as people by itself, and no state of its flows waits for."""
    waited = {state.waits_for for flow in system.flows for state in flow.states}
    usual = System.__dataclass_fields__["people"].default
    return [] if system.people == usual else sorted(system.people - waited)


def _no_extra(extra: str) -> Sentence:
    known = ", ".join(EXTRAS)
    return Sentence(
        "names_no_extra", "names the extra {extra}, which Caseward has not; there are {known}", extra=extra, known=known
    )


def _not_installed(library: str, extra: str) -> Sentence:
    return Sentence(
        "library_not_installed",
        'no worker of it starts here: {library} is not installed; pip install "caseward[{extra}]"',
        library=library,
        extra=extra,
    )
