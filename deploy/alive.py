"""`python alive.py worker|beat`: whether this host's worker or beat was seen of late; 0 yes, 1 no, with a sentence."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from workflow.clock import DatabaseClock
from workflow.engine.processes import this_host
from workflow.errors import WorkflowError
from workflow.record.database import file_of, naming, open_database, reading
from workflow.record.schedule_tables import heartbeats
from workflow.settings import Settings, read_settings

KINDS = ("worker", "beat")
SILENT = timedelta(seconds=30)
"""Each says that it is alive every 5 seconds; a database that was slow for a moment is no death.

Who was seen later than now was seen by a clock that is no more.
"""


async def silent_for(settings: Settings, kind: str) -> timedelta | None:
    """By the database's clock; None where this host has none. Nothing is made, migrated or asked of a remote."""
    if (file := file_of(settings.database)) is not None and not file.exists():
        return None  # to open a file of SQLite is to make it
    database = open_database(settings.database)
    try:
        async with reading(database) as connection:
            query = select(heartbeats.c.process, heartbeats.c.seen_at).where(heartbeats.c.kind == kind)
            rows = (await connection.execute(query)).all()
        with naming(database):
            now = await DatabaseClock(database).real()
        mine = [now - seen_at for process, seen_at in rows if process.split("/")[0] == this_host()]
        return min(mine, key=abs, default=None)
    finally:
        await database.dispose()


def main(kinds: list[str]) -> int:
    """Whether any is; where one host has several workers, that one of them is silent shows in the log alone."""
    if len(kinds) != 1 or kinds[0] not in KINDS:
        print(f"usage: alive.py {'|'.join(KINDS)}", file=sys.stderr)
        return 2
    (kind,) = kinds
    try:
        silent = asyncio.run(silent_for(read_settings(), kind))
    except (WorkflowError, SQLAlchemyError, OSError) as error:
        print(f"cannot tell whether the {kind} is alive: {str(error).splitlines()[0]}")
        return 1
    if silent is None:
        print(f"no {kind} of {this_host()} was seen")
        return 1
    print(f"the {kind} of {this_host()} was seen {silent.total_seconds():.0f} s ago")
    return 0 if abs(silent) < SILENT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
