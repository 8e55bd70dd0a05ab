"""The samples of a system, read as any office would hand them in; what is wrong with them is named, file by file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from caseward.console.intake.files import PortalAccount, Row, read, read_accounts
from caseward.console.text.problem import Problem
from caseward.console.wording.texts import Texts
from workflow.demonstration import Act, Demonstration
from workflow.files.plain import Unfit, read_plain
from workflow.sentence import Sentence, machine_said
from workflow.system import System

LARGEST = 8_000_000
"""Bytes of a file that says what is out there."""
OF_AN_ACT = ("after", "hours", "who", "does")


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
    """All that the files hold, and what is wrong with them."""

    accounts: tuple[PortalAccount, ...] = ()
    rows: tuple[Row[Any], ...] = ()
    world: Mapping[str, Any] | None = None
    acts: tuple[Act, ...] = ()
    left: tuple[Left, ...] = ()
    wrong: tuple[Sentence | Problem, ...] = ()


def read_samples(system: System, today: date) -> SamplesRead:
    """The samples of a system that has some; the day is the one that dates of its rows are held against."""
    samples, intake = system.samples, system.rows
    assert samples is not None
    assert intake is not None
    files = [samples.folder / name for name in (samples.cases, samples.accounts, samples.world) if name is not None]
    if absent := [file for file in files if not file.is_file()]:
        return SamplesRead(
            wrong=tuple(Sentence("samples_absent", "there is no file {file}", file=file) for file in absent)
        )
    model = next(flow.data for flow in system.flows if flow.name == intake.flow)
    taken = read(samples.folder / samples.cases, today, model, intake)
    logins = read_accounts(samples.folder / samples.accounts) if samples.accounts is not None else None
    accounts = [row.data for row in logins.rows] if logins is not None else []
    known = {one.login for one in accounts}
    strangers = [
        Sentence("samples_login", "row {n} names the login {login}, which the samples lack", n=row.number, login=login)
        for row in taken.rows
        if (login := intake.account(row.data)) is not None and login not in known
    ]
    wrong: list[Sentence | Problem] = [*(logins.problems if logins is not None else ()), *taken.problems, *strangers]
    world = _world(samples.folder / samples.world) if samples.world is not None else None
    if isinstance(world, Sentence):
        return SamplesRead(tuple(accounts), taken.rows, None, wrong=(*wrong, world))
    if unfit := unfit_acts(world or {}, system.demonstration):
        return SamplesRead(tuple(accounts), taken.rows, world, wrong=(*wrong, *unfit))
    acts, left = read_acts(world or {}), read_left(world or {})
    return SamplesRead(tuple(accounts), taken.rows, world, tuple(acts), tuple(left), tuple(wrong))


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
    """The acts that lack a part, or name what the demonstration of the system does not know."""
    cast = world.get("cast", {})
    acts, left = cast.get("acts", ()), cast.get("left", ())
    found = []
    for what, entries, names in (("acts", acts, OF_AN_ACT), ("left", left, ("after",))):
        for number, entry in enumerate(entries):
            where = f"cast.{what}[{number}]"
            if lacks := [name for name in names if name not in entry]:
                found.append(Sentence("act_lacks", "{where} lacks {name}", where=where, name=lacks[0]))
                continue
            for name, known in (("after", demonstration.sights), ("does", demonstration.doings)):
                if name in names and entry[name] not in known:
                    found.append(
                        Sentence(
                            "act_unknown",
                            "{where}: {name} is {value}, and known are {known}",
                            where=where,
                            name=name,
                            value=entry[name],
                            known=", ".join(known) or "-",
                        )
                    )
    return found


def told(wrong: Sentence | Problem, texts: Texts) -> str:
    """What is wrong, in the reader's language."""
    return wrong.text(texts.language) if isinstance(wrong, Problem) else texts.told(wrong)


def _world(file: Path) -> Mapping[str, Any] | Sentence:
    try:
        world = json.loads(read_plain(file, LARGEST))
    except (Unfit, OSError, ValueError, RecursionError) as error:
        why = machine_said(error) if isinstance(error, OSError) else str(error)
        return Sentence("world_unread", "{file} cannot be read: {why}", file=file, why=why)
    if not isinstance(world, dict):
        return Sentence("world_no_object", "{file} holds no object", file=file)
    return world
