"""A store of its own for each test, on either database; an office on it, and a house where its errands are run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.schedules.office import Office
from tests.store.conftest import store, vault
from tests.worker.errand import House, house
from workflow.store import Store

__all__ = ["home", "office", "store", "vault"]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


@pytest.fixture
async def home(office: Office, tmp_path: Path) -> AsyncIterator[House]:
    async with house(office, tmp_path) as found:
        yield found
