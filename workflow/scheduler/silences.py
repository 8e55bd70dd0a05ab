"""Logs that something does not answer, once when it begins and once when it is over; tries go on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from workflow.flow.mistakes import trace_of, words
from workflow.record.database import passing

log = structlog.get_logger()

WELL_AFTER = timedelta(seconds=10)
"""After this long without an error it is over: what is half well fails again in between."""
LONGEST_WHY = 500


@dataclass
class Silence:
    """event: its name in the log, such as worker.database; meanwhile: what goes on. Times are elapsed, see Clock."""

    event: str
    meanwhile: str
    why: str | None = None
    """What was logged last; None where all is well."""
    _mistake: str | None = field(default=None, repr=False)
    _since: timedelta | None = field(default=None, repr=False)
    _last: timedelta = field(default=timedelta(0), repr=False)
    _times: int = field(default=0, repr=False)

    def is_there(self, error: BaseException, at: timedelta) -> None:
        why = f"{type(error).__name__}: {error}".partition("\n")[0][:LONGEST_WHY]
        if self.why is None:
            log.warning(self.event, why=why, meanwhile=self.meanwhile)
            self._since, self._times = at, 0
        self.why, self._last, self._times = why, at, self._times + 1

    def failed(self, error: Exception, at: timedelta) -> None:
        """It failed.

        An error that is not the database's own trouble is a mistake of ours, logged once with its traceback.
        """
        if passing(error) or isinstance(error, OSError):
            self.is_there(error, at)
        elif (mistake := words(error)) != self._mistake:
            self._mistake = mistake
            log.error(f"{self.event.partition('.')[0]}.failed", why=mistake, traceback=trace_of(error))

    def is_well(self, at: timedelta) -> None:
        """It answered. That is logged once it has done so for a while."""
        self._mistake = None
        if self.why is None or at - self._last < WELL_AFTER:
            return
        lasted = (self._last - (self._since or self._last)).total_seconds()
        log.warning(f"{self.event}_is_back", lasted_s=round(lasted, 1), times=self._times, why=self.why)
        self.why = None
