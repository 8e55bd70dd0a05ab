"""An office with a timetable on each database, and clocks that are set by hand."""

from __future__ import annotations

import pytest

from tests.schedules.office import Office
from tests.store.conftest import store, vault
from workflow.store import Store

__all__ = ["store", "vault"]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)
