"""`caseward demo`: samples on a data folder of their own, played to the end against their simulated outside."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from caseward.app.embedded import known
from caseward.app.found_systems import own_system
from caseward.app.installation import Record
from caseward.app.systems import read_systems
from caseward.console.terminal.interrupts import interrupts
from caseward.console.wording.words import Language
from caseward.demonstration.audit import audit
from caseward.demonstration.cast import Cast
from caseward.demonstration.desk import Desk
from caseward.demonstration.listening import Hear, Listener
from caseward.demonstration.parts import Part, played
from caseward.demonstration.play import PAUSE, Play
from caseward.demonstration.stage import ACTOR, Stage, staged
from workflow.errors import WorkflowError
from workflow.record.folder import refuse_of_others
from workflow.sentence import Sentence
from workflow.settings import PREFIX, read_settings
from workflow.sources import FILE
from workflow.store import Filters
from workflow.system import System

FOLDER = "demo"
LONGEST = timedelta(days=60)
"""Business time after which a case that has not ended is called stuck."""
QUIET = timedelta(seconds=10)
"""Real time in which nothing is known to come, after which a demonstration with open cases is called stuck."""
BUSY = timedelta(minutes=5)
"""Real time without a jump after which the demonstration says that it turns in a circle."""


class Stuck(WorkflowError):
    """The demonstration does not come to its end."""

    def __init__(self, why: Sentence, standing: str) -> None:
        super().__init__(
            Sentence(
                "demonstration_stuck",
                "the demonstration is stuck: {why}; still open: {standing}",
                why=why,
                standing=standing,
            )
        )


def put_on(only: str | None) -> list[System]:
    """The systems that are to be played, and no other one is on: its jobs would ask real offices meanwhile."""
    settings = read_settings()
    found, own = played(read_systems(settings), only), own_system(settings)
    for name in ("SYSTEMS", "APP"):  # a file may name either, of the environment's or of a folder that is not played in
        os.environ.pop(f"{PREFIX}{name}{FILE}", None)
        os.environ.pop(f"{PREFIX}{name}", None)
    os.environ[f"{PREFIX}SYSTEMS"] = ",".join(one.name for one in found if one is not own) or ","
    if settings.app and own in found:
        os.environ[f"{PREFIX}APP"] = settings.app
    return found


def demonstrate(language: Language, systems: Sequence[System], hear: Hear) -> dict[str, Any]:
    """Play the samples of what was put on to their ends; what came of it. hear is told of each event as it happens.

    Not for the thread of an event loop.
    """
    folder = read_settings().data_dir / FOLDER
    for one in (folder.parent, folder):
        refuse_of_others(one)  # before anything is taken away
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    for name in ("CASEWARD_DATABASE_URL", "CASEWARD_DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    finding = None
    if any("browser" in one.extras for one in systems):
        from caseward.demonstration.finding import begin_finding

        finding = begin_finding(install=True)
    with interrupts() as interrupted, staged(folder, language, finding) as stage:
        if not stage.has_browser:
            raise WorkflowError(str(stage.browser))
        return interrupted.run(known(stage.working, _played(stage, hear)))


def shortcomings(result: dict[str, Any], systems: Sequence[System]) -> list[str]:
    """What does not hold of a demonstration that went well; empty when all does."""
    ledger, incidents = result["ledger"], result["incidents"]
    wrong = []
    for one in systems:
        ended, ends = result["systems"][one.name]["cases"], one.demonstration.ends
        if ends and ended != ends:
            wrong.append(f"cases of {one.name} ended otherwise than {_counted(ends)}: {_counted(ended)}")
        if missing := sorted(one.demonstration.incidents - set(result["systems"][one.name]["incidents"])):
            wrong.append(f"{one.name} opened no incident {missing[0]}")
    if ledger is not None and (ledger["doubled"] or ledger["lost"]):
        wrong.append(f"the ledger has {ledger['doubled']} doubled and {ledger['lost']} lost")
    if ledger is not None and ledger["altered"]:
        wrong.append(f"{ledger['altered']} filings are not what was saved last")
    if incidents["open"]:
        wrong.append(f"{incidents['open']} incidents are open")
    if not result["history"]["verified"]:
        wrong.append("the history does not verify")
    return wrong


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {state}" for state, n in counts.items())


async def _played(stage: Stage, hear: Hear) -> dict[str, Any]:
    record, workers, browser = stage.working.record, stage.working.workers, stage.browser
    began = await record.clock.real()
    parts = [replace(one, left=()) for one in stage.parts]  # nobody watches
    cast = Cast(Desk(record, workers, ACTOR), parts)
    play = Play(record, stage.outside, cast, Listener(record, hear), lambda sent: stage.working.runs.wake())
    await play.begin()
    await to_the_end(play)
    systems = {part.system.name: await _of(record, part) for part in parts}
    counts = Counter[str]()
    for one in systems.values():
        counts.update(one["cases"])
    steps = await record.documents.count("evidence")
    audited = await audit(record, parts)
    took = await record.clock.real() - began
    return {
        "cases": dict(counts),
        "systems": systems,
        "transitions": audited.pop("transitions"),
        "browser": {"name": "chromium", "version": getattr(browser, "version", ""), "steps": steps}
        if browser
        else None,
        **audited,
        "seconds": round(took.total_seconds(), 1),
    }


async def _of(record: Record, part: Part) -> dict[str, Any]:
    """Where the samples of one system have ended, and the kinds of incidents that its cases opened."""
    rows = await record.store.cases(Filters(flow=part.flow), limit=10_000)
    states = Counter(row.claim.state for row in rows)
    order = [*part.system.demonstration.ends, *sorted(states.keys() - part.system.demonstration.ends.keys())]
    flows = {flow.name for flow in part.system.flows}
    opened = await record.store.incidents(open_only=False)
    return {
        "cases": {state: states[state] for state in order},
        "incidents": sorted({one.kind for one in opened if one.flow in flows}),
    }


async def to_the_end(play: Play) -> None:
    """Until every case of the samples has ended and its last notice is sent. Raises Stuck where they do not."""
    record = play.record
    end, jumped_at = await record.clock.business() + LONGEST, await record.clock.real()
    idle_since: datetime | None = None
    while True:
        is_open = await any_open(play)
        # the last case's notice is out before the record knows: it is sent when nobody is at work
        if not is_open and not await record.store.unsent() and not await play.at_work():
            break
        turn = await play.turn()
        real = await record.clock.real()
        if turn == "jumped":
            jumped_at = real
        idle_since = (idle_since or real) if turn == "idle" else None
        # a beat beside this one may be about to write a run; and this turn may have heard of the last end
        is_quiet = idle_since is not None and real - idle_since > QUIET and await any_open(play)
        if is_quiet or (turn == "jumped" and await record.clock.business() > end):
            raise Stuck(Sentence("nothing_will_happen", "nothing will happen any more"), await _standing(play))
        if real - jumped_at > BUSY:
            raise Stuck(Sentence("no_end_within", "no end within {time}", time=BUSY), await _standing(play))
        await asyncio.sleep(PAUSE[turn])
    await play.end()


async def any_open(play: Play) -> bool:
    """Whether a case of the samples, or one that was added to them, has not ended."""
    for part in play.cast.parts:
        if await play.listener.any_open(part.flow):
            return True
    return False


async def _standing(play: Play) -> str:
    flows = [part.flow for part in play.cast.parts]
    rows = [row for flow in flows for row in await play.record.store.cases(Filters(flow=flow, final=False), limit=1000)]
    return ", ".join(f"{row.claim.number} {row.claim.state}" for row in rows)
