"""Every head that an anchor signed, by case, on disk while an audit runs: there are as many as changes of cases."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from workflow.errors import DiskUnusable
from workflow.sentence import Sentence

_MANY = 500


class AnchoredHeads:
    """Filled from the anchor file, sorted once, then asked page by page. The database deletes it when it closes."""

    def __init__(self) -> None:
        # an empty name is a file that only this connection knows; a thread may fill it for the event loop
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode = OFF")  # where the filling breaks off, all of it is thrown away
        self._rows.execute('CREATE TABLE heads ("case" TEXT, seq INTEGER, hash BLOB)')
        self._rows.execute('CREATE TABLE forgotten ("case" TEXT, until INTEGER)')
        self._rows.execute("BEGIN")

    def add(self, heads: Iterable[tuple[str, int, bytes]]) -> None:
        with _room():
            self._rows.executemany("INSERT INTO heads VALUES (?, ?, ?)", heads)

    def forget(self, case: str) -> None:
        """Forget what was added of the case so far: it is not compared any more."""
        with _room():
            self._rows.execute("INSERT INTO forgotten SELECT ?, coalesce(max(rowid), 0) FROM heads", (case,))

    def sort(self) -> None:
        """Sort, after the last one was added."""
        with _room():
            self._rows.execute('CREATE INDEX of_case ON heads ("case")')
            for case, until in self._rows.execute("SELECT * FROM forgotten").fetchall():
                self._rows.execute('DELETE FROM heads WHERE "case" = ? AND rowid <= ?', (case, until))

    def take(self, cases: Collection[str]) -> dict[str, dict[int, bytes]]:
        """The heads of these cases. Each is returned once, so that what is left at the end belongs to no case."""
        taken: dict[str, dict[int, bytes]] = {}
        names = list(cases)
        for start in range(0, len(names), _MANY):
            some = names[start : start + _MANY]
            places = ", ".join("?" * len(some))
            asked = f'DELETE FROM heads WHERE "case" IN ({places}) RETURNING "case", seq, hash'
            with _room():
                rows = self._rows.execute(asked, some).fetchall()
            for case, seq, hash_ in rows:
                taken.setdefault(case, {})[seq] = hash_
        return taken

    def left(self) -> Iterator[str]:
        """The cases whose heads were not taken."""
        for (case,) in self._rows.execute('SELECT DISTINCT "case" FROM heads ORDER BY "case"'):
            yield case

    def close(self) -> None:
        self._rows.close()


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        cure = Sentence(
            "make_room_for_temporary_files",
            "make room in the folder for temporary files, or name another one in SQLITE_TMPDIR",
        )
        raise DiskUnusable("temporary files", Sentence("their_disk_full", "their disk is full"), cure) from error
