"""`caseward worker` and `caseward beat`: this process becomes the plain Celery command."""

from __future__ import annotations

import os
import sys

from caseward.app.systems import read_systems
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.hiding import hidden_by
from caseward.console.wording.texts import Texts
from workflow.settings import read_settings

LEVELS = ("debug", "info", "warning", "error", "critical")


def worker(texts: Texts, *, queues: str | None, at_once: int | None, level: str) -> int:
    """celery -A worker worker -Q QUEUES; all that the systems which are on name, where nothing is said."""
    known = read_systems(read_settings(lang=texts.language)).queues
    wanted = list(known) if queues is None else [name.strip() for name in queues.split(",") if name.strip()]
    if not wanted:
        cure = texts("cure.one_of", names=", ".join(known))
        raise Stopped(Complaint("usage", texts("usage.needs_value", what="--queues"), cure, USAGE))
    for name in wanted:
        if name not in known:
            raise not_one_of(texts, "queue", name, known)
    many = [] if at_once is None else ["-c", str(at_once)]
    return _become(texts, ["worker", "-Q", ",".join(wanted), *many], level)


def beat(texts: Texts, *, level: str) -> int:
    """celery -A worker beat -S schedules.DatabaseScheduler"""
    return _become(texts, ["beat", "-S", "schedules.DatabaseScheduler"], level)


def _become(texts: Texts, what: list[str], level: str) -> int:
    if level not in LEVELS:
        raise not_one_of(texts, "level", level, LEVELS)
    # a wrong setting is said in two lines here; Celery would print where it was found
    read_settings(lang=texts.language)
    # Celery looks for them where it is started first
    if hidden := hidden_by([os.getcwd(), *sys.path], texts):
        raise Stopped(hidden)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "celery", "-A", "worker", *what, "--loglevel", level.upper()])
