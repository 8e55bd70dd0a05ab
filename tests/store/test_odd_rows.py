"""One row that another hand edited takes no other along: every column of every table, each with an odd value.

`make attack ARGS=rows` puts every kind of odd value into each. On SQLite, which keeps whatever is put into a column;
PostgreSQL refuses most of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table

from tests.store.odd_rows import READ, WORKED_ON, fill_in, hidden_by, stopped_by
from workflow.record.vault import Vault


@pytest.fixture(scope="module")
async def filled(vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return await fill_in(tmp_path_factory.mktemp("filled"), vault)


@pytest.mark.parametrize("table", READ, ids=lambda table: table.name)
async def test_what_cannot_be_read_hides_nothing_else(filled: Path, tmp_path: Path, vault: Vault, table: Table) -> None:
    wrong = await hidden_by(filled, tmp_path, vault, table, all_values=False)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("table", WORKED_ON, ids=lambda table: table.name)
async def test_what_cannot_be_read_keeps_nobody_from_work(
    filled: Path, tmp_path: Path, vault: Vault, table: Table
) -> None:
    wrong = await stopped_by(filled, tmp_path, vault, table, all_values=False)
    assert not wrong, "\n".join(wrong)
