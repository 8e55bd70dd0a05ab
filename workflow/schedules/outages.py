"""What is wrong with the installation and with no case of it, as a value; it is read from what is there, never kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from workflow.schedules.run import Health, Heartbeat

Kind = Literal[
    "queue_unserved", "beat_missing", "processes_dying", "setting_missing", "remote_down", "seat_held",
    "account_missing",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

WAITED = timedelta(minutes=15)
"""So long may due work wait for a process that serves it: a machine that is started anew takes less."""
DEATHS = 3
DEATHS_WITHIN = timedelta(hours=2)
"""So many processes of a kind may die one after another, and within this; machines that stop take theirs along at once.
"""
SILENCES = 8
SILENT_FOR = timedelta(minutes=30)
"""So often and so long in a row may a remote not answer."""
ASKED_WITHIN = timedelta(hours=1)
"""What was not asked for longer is not known to be silent."""
HELD_FOR = timedelta(hours=3)
"""So long may one process hold an account without a break: a run ends within an hour, and what hangs within another."""

UNTAKEN_FOR = timedelta(hours=2)
"""So long may cases wait for an account to work with: a person who was asked to log in needs a while."""


UNSET_LOOKS = 8
UNSET_FOR = timedelta(hours=2)
"""So often or so long may a case be looked at in vain for want of a setting."""


@dataclass(frozen=True)
class Outage:
    """about: a queue, a kind of process, a setting, a remote or an account. count: runs, deaths, tries or cases.

    since: real time, of remotes, schedules and cases business time. why: the newest words, or who it is.
    """

    kind: Kind
    about: str
    since: datetime
    count: int
    why: str = ""


def dying(seen: Iterable[Heartbeat], real: datetime) -> list[Outage]:
    """Kinds whose processes died one after another: each was there only after the one before was gone.

    A process that ends by itself takes its heartbeat along; what is left was killed, or fell.
    """
    lately = [one for one in seen if not one.is_alive(real) and timedelta(0) <= real - one.seen_at <= DEATHS_WITHIN]
    found = []
    for kind in sorted({one.kind for one in lately}):
        deaths: list[Heartbeat] = []
        for one in sorted((one for one in lately if one.kind == kind), key=lambda one: one.seen_at):
            if not deaths or one.started_at > deaths[-1].seen_at:
                deaths.append(one)
        if len(deaths) >= DEATHS:
            found.append(Outage("processes_dying", kind, deaths[0].seen_at, len(deaths), deaths[-1].process))
    return found


def silent(remotes: Sequence[Health], now: datetime) -> list[Outage]:
    """Remotes that do not answer, run after run of the job that asks them."""
    return [
        Outage("remote_down", one.remote, one.since, one.count, one.why or "")
        for one in remotes
        if one.status != "up" and one.count >= SILENCES and one.last - one.since >= SILENT_FOR
        if abs(now - one.last) <= ASKED_WITHIN
    ]
