"""One empty store a test, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.store.desk import Desk
from workflow.record.vault import Vault, make_keys, open_vault
from workflow.store import Store


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    make_keys(path)
    return open_vault(path)


@pytest.fixture
def store(engine: AsyncEngine, vault: Vault) -> Store:
    return Store(engine, vault, "test")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)
