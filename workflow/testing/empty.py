"""An empty record in a file: migrated once in a process, and copied for each test."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from workflow.record.database import file_url, open_database
from workflow.record.migrations import migrate

_made: list[bytes] = []


async def put_empty(file: Path) -> None:
    """Writes a SQLite database of this code's schema, without a row, to a file that is not there yet."""
    if not _made:
        with TemporaryDirectory() as folder:
            first = Path(folder) / "empty.db"
            database = open_database(file_url(first))
            try:
                await migrate(database)
            finally:
                await database.dispose()
            _made.append(first.read_bytes())
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as new:
        new.write(_made[0])
