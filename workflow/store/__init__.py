"""The store: the only SQL about cases; SQLite and PostgreSQL behind the same functions."""

from __future__ import annotations

from workflow.store.batches import Batches
from workflow.store.bookmarks import Bookmarks
from workflow.store.creating import Creating
from workflow.store.dispatching import Dispatching
from workflow.store.erasing import Erasing
from workflow.store.failing import FailingRuns
from workflow.store.growth import Growth
from workflow.store.incidents import Incidents
from workflow.store.jumps import Jumps
from workflow.store.outages import Outages
from workflow.store.outbox import Outbox
from workflow.store.reading import Reading
from workflow.store.restoring import Restoring
from workflow.store.scheduling import Scheduling
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
from workflow.store.watching import Watching

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
