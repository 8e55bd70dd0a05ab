"""A page of the database that is damaged does not pass: tried seldom, and told within the usual bound."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from tests.engine.letters import Office, PaperOffice, S, desk, letters
from workflow.backoff import STUCK_TRIES
from workflow.errors import DatabaseUnusable
from workflow.flow.case import Case
from workflow.flow.definition import To
from workflow.flow.functions import action, fact
from workflow.sentence import Sentence


def broken(what: type[DatabaseError] = DatabaseError, said: str = "database disk image is malformed") -> Exception:
    """As the store raises what SQLite says."""
    told = DatabaseUnusable(
        "caseward.db", Sentence("damaged", "the file is damaged"), Sentence("restore", "restore it from a backup")
    )
    told.__cause__ = what("SELECT", None, sqlite3.DatabaseError(said))
    return told


def sees(reads: int) -> bool:
    return reads > 3


@pytest.mark.parametrize("where", ["fact", "action"])
async def test_a_damaged_page_is_told_and_over_when_it_is_mended(tmp_path: Path, where: str) -> None:
    """It was tried each second, for ever, and told nobody."""
    is_broken, tries = True, 0

    def read() -> int:
        nonlocal tries
        tries += 1
        if is_broken:
            raise broken()
        return 7

    @fact
    async def reads(office: Office) -> int:
        return read()

    @action(repeatable=True)
    async def stamp(case: Case[Any], office: Office, key: str) -> None:
        read()

    line = To(S.posted, when=sees) if where == "fact" else To(S.posted, do=stamp)
    async with desk(letters(line, facts=[reads] if where == "fact" else []), tmp_path, PaperOffice()) as bench:
        for _ in range(4 * 60):
            await bench.sweep()
            bench.clock.advance(timedelta(minutes=1))
        assert STUCK_TRIES <= tries < 3 * STUCK_TRIES
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.bars) == ("stuck", False)
        assert "restore it from a backup" in incident.seen["error"]
        is_broken = False
        bench.clock.advance(timedelta(hours=1))
        assert (await bench.sweep()).counts["moved"] == 1
        assert await bench.store.incidents() == []


async def test_a_database_that_is_away_parks_no_action(tmp_path: Path) -> None:
    away = True

    @action(repeatable=True)
    async def stamp(case: Case[Any], office: Office, key: str) -> None:
        if away:
            raise broken(OperationalError, "database is locked")

    async with desk(letters(To(S.posted, do=stamp)), tmp_path, PaperOffice()) as bench:
        for _ in range(20):
            await bench.sweep()
            bench.clock.advance(timedelta(seconds=1))
        assert await bench.store.incidents() == []
        away = False
        bench.clock.advance(timedelta(minutes=1))
        assert (await bench.sweep()).counts["moved"] == 1
