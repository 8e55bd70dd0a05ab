"""Sends log events of a command to standard error, and only those that a person should see."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

TOLD_ELSEWHERE = frozenset(
    {"flow.warning", "worker.no_browser", "worker.cut_off", "worker.outgrown", "beat.outgrown", "record.migrated"}
    | {"worker.sets_nothing"}
)
"""Events that `caseward flow check` prints itself, and that `caseward up` says in its own lines."""
ENDS = ("browser.replaced", "its process ends")


class Lasting(structlog.PrintLogger):
    """A log that goes on where a line cannot be written, as on a full disk, and counts those lines."""

    lacks = 0

    def msg(self, message: str) -> None:
        try:
            if self.lacks:
                super().msg(f"log.lacks lines={self.lacks} cure='make room where the log is written'")
                self.lacks = 0
            super().msg(message)
        except OSError:  # the command goes on without its log
            self.lacks += 1

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


def warnings_to_stderr() -> None:
    """Send warnings to standard error: standard output belongs to the command's answer."""
    lasting = Lasting(sys.stderr)
    others = [each for each in structlog.get_config()["processors"] if each is not _unless_told_elsewhere]
    structlog.configure(
        processors=[_unless_told_elsewhere, *others],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: lasting,
    )


def _unless_told_elsewhere(logger: Any, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if event.get("event") in TOLD_ELSEWHERE or (event.get("event"), event.get("why")) == ENDS:
        raise structlog.DropEvent
    return event
