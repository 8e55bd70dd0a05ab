"""The samples of a system, read as any office would hand them in; what is wrong with them is named, file by file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from caseward.app.systems import Systems
from caseward.console.intake.accounts import logins_in
from caseward.console.intake.files import PortalAccount, Row, read, read_accounts
from caseward.console.text.problem import Problem
from caseward.console.text.visible import shown
from caseward.console.wording.texts import Texts
from workflow.demonstration import Act, Demonstration
from workflow.errors import DefinitionError
from workflow.files.plain import Unfit, read_plain
from workflow.files.plain import told as unfit_told
from workflow.sentence import Sentence, machine_said
from workflow.system import System

LARGEST = 8_000_000
"""Bytes of a file that says what is out there."""
OF_AN_ACT = ("after", "hours", "who", "does")
MOST_HOURS = 87_600
"""Ten years: what nobody does sooner is not shown."""
AN_OBJECT, A_LIST = Sentence("kind_object", "an object in braces"), Sentence("kind_list", "a list in brackets")
A_TEXT = Sentence("kind_quoted_text", "a text in quotes")
HOURS = Sentence("kind_hours", "a number of hours from 0 to {most}", most=MOST_HOURS)


@dataclass(frozen=True)
class Left:
    """An occasion that nobody of the cast answers, so that whoever watches can. about: of which alone; none: of all."""

    after: str
    about: Mapping[str, Any]

    def holds(self, act: Act, case: Mapping[str, Any]) -> bool:
        """Whether it is this act, in a case of which this much is known."""
        known = {**case, **act.about}
        return self.after == act.after and all(known.get(name) == value for name, value in self.about.items())


@dataclass(frozen=True)
class SamplesRead:
    """All that the files hold, and what is wrong with them. accounts: by remote."""

    accounts: Mapping[str, tuple[PortalAccount, ...]] = field(default_factory=dict)
    rows: tuple[Row[Any], ...] = ()
    world: Mapping[str, Any] | None = None
    acts: tuple[Act, ...] = ()
    left: tuple[Left, ...] = ()
    wrong: tuple[Sentence | Problem, ...] = ()


def read_samples(systems: Systems, system: System, today: date) -> SamplesRead:
    """The samples of a system that has some; the day is the one that dates of its rows are held against."""
    samples, intake = system.samples, system.rows
    assert samples is not None
    assert intake is not None
    of_accounts = _account_files(samples.accounts, [pool.remote for pool in system.accounts])
    if isinstance(of_accounts, Sentence):
        return SamplesRead(wrong=(of_accounts,))
    names = (samples.cases, *of_accounts.values(), samples.world)
    files = [samples.folder / name for name in names if name is not None]
    if absent := [file for file in files if not file.is_file()]:
        return SamplesRead(
            wrong=tuple(Sentence("samples_absent", "there is no file {file}", file=file) for file in absent)
        )
    plan = systems.plans[intake.flow]
    taken = read(samples.folder / samples.cases, today, plan.flow.data, intake)
    logins = {remote: read_accounts(samples.folder / name) for remote, name in of_accounts.items()}
    accounts = {remote: tuple(row.data for row in found.rows) for remote, found in logins.items()}
    known = {(at, one.login) for remote, found in accounts.items() for one in found for at in (None, remote)}
    wrong: list[Sentence | Problem] = [one for found in logins.values() for one in found.problems]
    wrong += taken.problems
    try:
        wrong += [
            Sentence(
                "samples_login", "row {n} names the login {login}, which the samples lack", n=row.number, login=login
            )
            for row in taken.rows
            for remote, login in logins_in(intake, plan, systems.remotes, row.data).items()
            if (remote, login) not in known
        ]
    except DefinitionError as error:
        wrong.append(Sentence("samples_logins", "{what}; {cure}", what=error.what, cure=error.cure))
    world = _world(samples.folder / samples.world) if samples.world is not None else {}
    if isinstance(world, Sentence):
        return SamplesRead(accounts, taken.rows, None, wrong=(*wrong, world))
    if unfit := unfit_acts(world, system.demonstration):
        return SamplesRead(accounts, taken.rows, world, wrong=(*wrong, *unfit))
    return SamplesRead(
        accounts, taken.rows, world, tuple(read_acts(world)), tuple(read_left(world)), wrong=tuple(wrong)
    )


def _account_files(said: str | Mapping[str, str] | None, pools: Sequence[str]) -> Mapping[str, str] | Sentence:
    """By remote, the file of its logins. pools: the remotes whose accounts the system keeps."""
    if said is None:
        return {}
    files = said if isinstance(said, Mapping) else dict.fromkeys(pools, said)
    named = all(isinstance(name, str) for name in files.values())
    if named and set(files) <= set(pools) and (isinstance(said, Mapping) or len(pools) == 1):
        return files
    return Sentence(
        "samples_accounts_of",
        "its logins are to be named by remote, a file for each of those whose accounts it keeps: {known}",
        known=", ".join(pools) or "-",
    )


def read_acts(world: Mapping[str, Any]) -> list[Act]:
    """What people do in this world; an act holds each time that its occasion comes."""
    return [
        Act(
            act["after"],
            act["hours"],
            act["who"],
            act["does"],
            {name: value for name, value in act.items() if name not in OF_AN_ACT},
        )
        for act in world.get("cast", {}).get("acts", ())
    ]


def read_left(world: Mapping[str, Any]) -> list[Left]:
    """What is left for whoever watches."""
    return [
        Left(left["after"], {name: value for name, value in left.items() if name != "after"})
        for left in world.get("cast", {}).get("left", ())
    ]


def unfit_acts(world: Mapping[str, Any], demonstration: Demonstration) -> Sequence[Sentence]:
    """The acts that lack a part or have one of another kind, or name what the demonstration does not know."""
    cast = world.get("cast", {})
    if not isinstance(cast, dict):
        return [_odd("cast", cast, AN_OBJECT)]
    found = list[Sentence]()
    for what, names in (("acts", OF_AN_ACT), ("left", ("after",))):
        entries = cast.get(what, [])
        if not isinstance(entries, list):
            found.append(_odd(f"cast.{what}", entries, A_LIST))
            continue
        for number, entry in enumerate(entries):
            found += _unfit_act(f"cast.{what}[{number}]", entry, names, demonstration)
    return found


def _unfit_act(where: str, entry: object, names: Sequence[str], demonstration: Demonstration) -> Iterator[Sentence]:
    if not isinstance(entry, dict):
        yield _odd(where, entry, AN_OBJECT)
        return
    if lacks := [name for name in names if name not in entry]:
        yield Sentence("act_lacks", "{where} lacks {name}", where=where, name=lacks[0])
        return
    known = {"after": demonstration.sights, "does": demonstration.doings}
    for name in names:
        value = entry[name]
        if name == "hours":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_HOURS:
                yield _odd(f"{where}.hours", value, HOURS)
        elif not isinstance(value, str):
            yield _odd(f"{where}.{name}", value, A_TEXT)
        elif name in known and value not in known[name]:
            yield Sentence(
                "act_unknown",
                "{where}: {name} is {value}, and known are {known}",
                where=where,
                name=name,
                value=value,
                known=", ".join(known[name]) or "-",
            )


def _odd(where: str, value: object, kind: Sentence) -> Sentence:
    return Sentence("act_odd", "{where} is {value}, and is to be {kind}", where=where, value=shown(value), kind=kind)


def told(wrong: Sentence | Problem, texts: Texts) -> str:
    """What is wrong, in the reader's language."""
    return wrong.text(texts.language) if isinstance(wrong, Problem) else texts.told(wrong)


def _world(file: Path) -> Mapping[str, Any] | Sentence:
    try:
        world = json.loads(read_plain(file, LARGEST))
    except Unfit as unfit:
        why = unfit_told(unfit)
    except OSError as error:
        why = machine_said(error)
    except json.JSONDecodeError as error:
        why = Sentence("no_json_at", "no JSON at line {line}, column {n}", line=error.lineno, n=error.colno)
    except (ValueError, RecursionError):
        why = Sentence("no_json", "no JSON in UTF-8, or nested too deep")
    else:
        if isinstance(world, dict):
            return world
        return Sentence("world_no_object", "{file} holds no object", file=file)
    return Sentence("world_unread", "{file} cannot be read: {why}", file=file, why=why)
