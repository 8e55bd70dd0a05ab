"""Every odd value in every column of a row: what goes by it reads and works on all the others."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.store.odd_rows import READ, WORKED_ON, fill_in, hidden_by, stopped_by, tries
from workflow.record.vault import make_keys, open_vault


async def attack() -> dict[str, Any]:
    """Each table that is read, and each that is worked on."""
    shortcomings = list[str]()
    with tempfile.TemporaryDirectory(prefix="caseward-rows-") as made:
        folder = Path(made)
        make_keys(folder / "keys.json")
        vault = open_vault(folder / "keys.json")
        filled = await fill_in(folder / "filled", vault)
        for asked, tables in ((hidden_by, READ), (stopped_by, WORKED_ON)):
            for table in tables:
                shortcomings += await asked(filled, folder, vault, table, all_values=True)
    values = {table: sum(len(odd) for _, odd in tries(table, all_values=True)) for table in READ}
    return {
        "tables": len(READ),
        "values_read": sum(values.values()),
        "values_worked_on": sum(values[table] for table in WORKED_ON),
        "shortcomings": shortcomings,
    }
