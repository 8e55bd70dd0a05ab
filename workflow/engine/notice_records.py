"""Writes to a case's record what became of its notices, even where the row of the case cannot be read."""

from __future__ import annotations

from datetime import datetime

import structlog

from workflow.flow.mistakes import Mistake, mistake_of, report, words
from workflow.record.database import passing
from workflow.record.values import Commit
from workflow.sentence import Sentence
from workflow.store import Store
from workflow.store.values import DueMessage, SentMessage

log = structlog.get_logger()

NO_SENDER = Sentence("no_sender", "no system that is on here brings this channel")
"""Why a notice of this channel is neither sent nor asked about; another process may do so."""
Notified = DueMessage | SentMessage


async def note(store: Store, message: Notified, commit: Commit, *, owner: str, now: datetime, real: datetime) -> None:
    """Write the commit. Where the row of the case cannot be read, only the incidents are written."""
    try:
        await store.command(message.case, None, lambda _: commit, now=now, real=real)
    except Exception as error:  # noqa: BLE001 - whatever another hand wrote there, the incident is opened
        broke_off(message, error)
        if not await store.report(message.case, commit.new_incidents, commit.close, actor=f"worker:{owner}", now=now):
            log.error("message.untold", case=message.case, occasion=message.occasion, why="its record has no end")


def broke_off(message: Notified, error: Exception) -> None:
    """Log what went wrong with one notice; the others go on.

    Raises an error of the database again, since it concerns every notice.
    """
    if passing(error):
        raise error
    mistake = mistake_of(error, "notice") or Mistake("notice", words(error), "")
    report(mistake, error, case=message.case, flow="", state=message.occasion)
