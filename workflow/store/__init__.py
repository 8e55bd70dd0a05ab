"""The store: the only SQL about cases; SQLite and PostgreSQL behind the same functions."""

from __future__ import annotations

from workflow.store.batches import Batches
from workflow.store.bookmarks import Bookmarks
from workflow.store.creation import Creating
from workflow.store.erasure import Erasing
from workflow.store.failures import FailingRuns
from workflow.store.growth import Growth
from workflow.store.incidents import Incidents
from workflow.store.jumps import Jumps
from workflow.store.outages import Outages
from workflow.store.outbox import Outbox
from workflow.store.pages import Watching
from workflow.store.queries import Reading
from workflow.store.restoration import Restoring
from workflow.store.runs import Dispatching
from workflow.store.schedules import Scheduling
from workflow.store.seats import Seats
from workflow.store.secrets import Secrets
from workflow.store.values import (
    Account,
    CaseRow,
    ClockJump,
    Created,
    DueMessage,
    Duplicate,
    Filters,
    Incident,
    NewAccount,
    NewCase,
    SentMessage,
)

__all__ = [
    "Account",
    "CaseRow",
    "ClockJump",
    "Created",
    "DueMessage",
    "Duplicate",
    "Filters",
    "Incident",
    "NewAccount",
    "NewCase",
    "SentMessage",
    "Store",
]


class Store(
    Creating,
    Batches,
    Bookmarks,
    Dispatching,
    Erasing,
    FailingRuns,
    Growth,
    Incidents,
    Jumps,
    Outages,
    Outbox,
    Reading,
    Restoring,
    Scheduling,
    Seats,
    Secrets,
    Watching,
):
    """Everything that is on record. Times come in: business time as now or cutoff, real time for leases."""
