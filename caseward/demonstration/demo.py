"""`caseward demo`: the samples, on a data folder of their own, played to the end against the sandbox."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from datetime import timedelta
from typing import Any

from adapters.browser.chromium_search import Found
from caseward.app.embedded import known
from caseward.app.installation import Record
from caseward.console.terminal.interrupts import interrupts
from caseward.console.wording.words import Language
from caseward.demonstration.acts import read_acts
from caseward.demonstration.audit import audit
from caseward.demonstration.cast import Cast
from caseward.demonstration.desk import Desk
from caseward.demonstration.finding import begin_finding
from caseward.demonstration.listening import Hear, Listener
from caseward.demonstration.play import PAUSE, Play
from caseward.demonstration.stage import Stage, staged
from workflow.errors import WorkflowError
from workflow.record.folder import refuse_of_others
from workflow.sentence import Sentence
from workflow.settings import read_settings
from workflow.store import Filters

FOLDER = "demo"
LONGEST = timedelta(days=60)
"""Business time after which a case that has not ended is called stuck."""
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


def demonstrate(language: Language, hear: Hear) -> dict[str, Any]:
    """Play the samples to their ends; what came of it. hear is told of each event as it happens.

    Not for the thread of an event loop.
    """
    folder = read_settings().data_dir / FOLDER
    for one in (folder.parent, folder):
        refuse_of_others(one)  # before anything is taken away
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    for name in ("CASEWARD_DATABASE_URL", "CASEWARD_DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    with interrupts() as interrupted, staged(folder, language, begin_finding(install=True)) as stage:
        if not isinstance(stage.browser, Found):
            raise WorkflowError(str(stage.browser))
        return interrupted.run(known(stage.working, _played(stage, stage.browser, hear)))


def shortcomings(result: dict[str, Any], expected: int) -> list[str]:
    """What does not hold of a demonstration that went well; empty when all does."""
    ledger, incidents = result["ledger"], result["incidents"]
    wrong = []
    if result["cases"] != {"granted": expected - 1, "rejected": 1}:
        wrong.append(f"cases ended otherwise than {expected - 1} granted and 1 rejected: {result['cases']}")
    if ledger["doubled"] or ledger["lost"]:
        wrong.append(f"the ledger has {ledger['doubled']} doubled and {ledger['lost']} lost")
    if ledger["altered"]:
        wrong.append(f"{ledger['altered']} filings are not what was saved last")
    if incidents["open"]:
        wrong.append(f"{incidents['open']} incidents are open")
    if not incidents["opened"]:
        wrong.append("the wrong password opened no incident")
    if not result["history"]["verified"]:
        wrong.append("the history does not verify")
    return wrong


async def _played(stage: Stage, browser: Found, hear: Hear) -> dict[str, Any]:
    record, workers = stage.working.record, stage.working.workers
    began = await record.clock.real()
    desk = Desk(record, workers, "cast:demonstration")
    cast = Cast(desk, stage.outside, read_acts(stage.world))
    play = Play(record, stage.outside, cast, Listener(record, hear), lambda sent: stage.working.runs.wake())
    await play.begin()
    await to_the_end(play)
    counts = Counter(row.claim.state for row in await record.store.cases(Filters(flow="copyright"), limit=1000))
    steps = await record.documents.count("evidence")
    audited = await audit(record, stage.outside)
    took = await record.clock.real() - began
    return {
        "cases": {state: counts[state] for state in ("granted", "rejected")}
        | {state: count for state, count in counts.items() if state not in ("granted", "rejected")},
        "transitions": audited.pop("transitions"),
        "browser": {"name": "chromium", "version": browser.version, "steps": steps},
        **audited,
        "seconds": round(took.total_seconds(), 1),
    }


async def to_the_end(play: Play) -> None:
    """Until every registration has ended and its last notice is sent. Raises Stuck where they do not."""
    record = play.record
    end, jumped_at = await record.clock.business() + LONGEST, await record.clock.real()
    while True:
        is_open = await play.listener.any_open("copyright")
        # the last case's notice is out before the record knows: it is sent when nobody is at work
        if not is_open and not await record.store.unsent() and not await play.at_work():
            break
        turn = await play.turn()
        real = await record.clock.real()
        if turn == "jumped":
            jumped_at = real
        if (is_open and turn == "idle") or (turn == "jumped" and await record.clock.business() > end):
            raise Stuck(Sentence("nothing_will_happen", "nothing will happen any more"), await _standing(record))
        if real - jumped_at > BUSY:
            raise Stuck(Sentence("no_end_within", "no end within {time}", time=BUSY), await _standing(record))
        await asyncio.sleep(PAUSE[turn])
    await play.end()


async def _standing(record: Record) -> str:
    rows = await record.store.cases(Filters(flow="copyright", final=False), limit=1000)
    return ", ".join(f"{row.claim.number} {row.claim.state}" for row in rows)
