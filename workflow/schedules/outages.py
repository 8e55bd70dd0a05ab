"""What is wrong with the installation rather than with a case, as values; it is read from the tables, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from workflow.schedules.run import Health, Heartbeat
from workflow.sentence import Quote, Said

Kind = Literal[
    "queue_unserved", "beat_missing", "processes_dying", "setting_missing", "remote_down", "seat_held",
    "account_missing",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

WAITED = timedelta(minutes=15)
"""Due work may wait this long for a process that serves it: a machine that restarts takes less."""
DEATHS = 3
DEATHS_WITHIN = timedelta(hours=2)
"""So many processes of a kind may die one after another within this time.

A machine that stops takes all of its own along at once.
"""
SILENCES = 8
SILENT_FOR = timedelta(minutes=30)
"""A remote may fail to answer this often and this long in a row."""
ASKED_WITHIN = timedelta(hours=1)
"""A remote that was not asked for longer is not known to be silent."""
HELD_FOR = timedelta(hours=3)
"""One process may hold an account this long without a break: a run ends within an hour, a hanging one within two."""

UNTAKEN_FOR = timedelta(hours=2)
"""Cases may wait this long for an account: a person who was asked to log in needs a while."""


UNSET_LOOKS = 8
UNSET_FOR = timedelta(hours=2)
"""A case may be looked at in vain this often, or this long, because a setting is missing."""


@dataclass(frozen=True)
class Outage:
    """about: a queue, a kind of process, a setting, a remote or an account. count: runs, deaths, tries or cases.

    since: real time; of remotes, schedules and cases business time. why: the newest words, or who it is.
    """

    kind: Kind
    about: str
    since: datetime
    count: int
    why: Said | None = None


def dying(seen: Iterable[Heartbeat], real: datetime) -> list[Outage]:
    """Kinds of process that died one after another, each begun only after the one before was dead.

    A process that ends by itself deletes its heartbeat; one that is left was killed, or crashed.
    """
    lately = [one for one in seen if not one.is_alive(real) and timedelta(0) <= real - one.seen_at <= DEATHS_WITHIN]
    found = []
    for kind in sorted({one.kind for one in lately}):
        deaths: list[Heartbeat] = []
        for one in sorted((one for one in lately if one.kind == kind), key=lambda one: one.seen_at):
            if not deaths or one.started_at > deaths[-1].seen_at:
                deaths.append(one)
        if len(deaths) >= DEATHS:
            found.append(Outage("processes_dying", kind, deaths[0].seen_at, len(deaths), Quote(deaths[-1].process)))
    return found


def silent(remotes: Sequence[Health], now: datetime) -> list[Outage]:
    """Remotes that do not answer, in every run of the job that asks them."""
    return [
        Outage("remote_down", one.remote, one.since, one.count, one.why)
        for one in remotes
        if one.status != "up" and one.count >= SILENCES and one.last - one.since >= SILENT_FOR
        if abs(now - one.last) <= ASKED_WITHIN
    ]
