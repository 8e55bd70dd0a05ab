"""A command that only reads takes no lock that a writer waits for, and does not read the whole file first."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.console.transcripts import spoken

READING = [
    ["case", "list"], ["case", "show", "RZ-0001"], ["case", "why", "RZ-0001"], ["case", "history", "RZ-0001"],
    ["schedule", "list"], ["schedule", "log", "submitted"], ["schedule", "show", "unprocessed"], ["incident", "list"],
    ["account", "list"], ["flow", "check"], ["doctor"],
]  # fmt: skip
BEGINS = ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """Every statement that any connection sends."""
    statements: list[str] = []

    def keep(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement.strip())

    event.listen(Engine, "before_cursor_execute", keep)
    yield statements
    event.remove(Engine, "before_cursor_execute", keep)


@pytest.mark.usefixtures("on_stage")
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_takes_no_write_lock(command: list[str], sent: list[str]) -> None:
    code, _, err = spoken(command)
    assert code in (0, 1), err
    assert any(statement.startswith("SELECT") for statement in sent)
    if command == ["doctor"]:  # it tries whether anything can be written, and gives the lock back at once
        assert [line for line in sent if line.startswith(BEGINS)] == ["BEGIN IMMEDIATE"]
        return
    assert [line for line in sent if line.startswith(BEGINS) or "quick_check" in line] == []


def test_a_list_is_shown_while_another_program_writes(copied: Path) -> None:
    writer = sqlite3.connect(copied / "caseward.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert spoken(["case", "list"])[0] == 0
    finally:
        writer.execute("ROLLBACK")
        writer.close()


def damage(path: Path, name: str) -> None:
    """The first page of a table or an index."""
    with sqlite3.connect(path) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name]).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[size * (page - 1) : size * page] = b"\xff" * size
    path.write_bytes(content)


@pytest.mark.parametrize("table", ["alembic_version", "installation", "clock", "cases"])
@pytest.mark.parametrize("command", [["case", "list"], ["case", "hold", "RZ-0001", "--reason", "x"]], ids=" ".join)
def test_every_command_that_meets_a_damaged_page_names_it(copied: Path, table: str, command: list[str]) -> None:
    """It may meet it at any question: for the keys, for the clock, for the cases."""
    damage(copied / "caseward.db", table)
    code, _, err = spoken(command)
    assert code == 1
    assert "the file is damaged" in err
    assert "restore it from a backup" in err


@pytest.mark.parametrize("command", [["doctor", "--json"], ["audit", "verify", "--json"]], ids=" ".join)
def test_who_looks_at_the_whole_record_names_a_damaged_file(copied: Path, command: list[str]) -> None:
    """The page of an index that neither of them reads otherwise."""
    damage(copied / "caseward.db", "cases_due")
    code, out, err = spoken(command)
    assert code == 1
    said = json.dumps(json.loads(out or err))
    assert "the file is damaged" in said
    assert "backup" in said
