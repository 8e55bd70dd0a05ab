"""The store: the only SQL about cases; SQLite and PostgreSQL behind the same functions."""

from __future__ import annotations

from workflow.store.audited import Audited
from workflow.store.batches import Batches
from workflow.store.bookmarks import Bookmarks
from workflow.store.closures import Closures
from workflow.store.configuration import Configuration
from workflow.store.creation import Creation
from workflow.store.erasure import Erasure
from workflow.store.failures import RunFailures
from workflow.store.growth import Growth
from workflow.store.incidents import Incidents
from workflow.store.jumps import Jumps
from workflow.store.outages import Outages
from workflow.store.outbox import Outbox
from workflow.store.overdue import Overdue
from workflow.store.pages import RecordPages
from workflow.store.queries import Queries
from workflow.store.queues import Queues
from workflow.store.restoration import Restoration
from workflow.store.runs import Runs
from workflow.store.schedules import Schedules
from workflow.store.seats import Seats
from workflow.store.secrets import Secrets
from workflow.store.shares import Shares
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
from workflow.store.waits import Waits

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
    Creation,
    Batches,
    Bookmarks,
    Closures,
    Configuration,
    Runs,
    Erasure,
    RunFailures,
    Growth,
    Incidents,
    Jumps,
    Outages,
    Outbox,
    Overdue,
    Queries,
    Queues,
    Restoration,
    Schedules,
    Seats,
    Secrets,
    Shares,
    Audited,
    RecordPages,
    Waits,
):
    """Everything on record. Business times are given as now or cutoff; leases are in real time."""
