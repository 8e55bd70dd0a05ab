"""One cause, one group: who resolves an incident lets all cases of its cause go on, unless he says otherwise."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from caseward.app.installation import open_record
from tests.console.transcripts import spoken
from workflow.record.values import Commit, NewIncident
from workflow.settings import read_settings
from workflow.store import NewCase

CAUSES = ("refused: no money",) * 3 + ("refused: another",)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))

    async def filled() -> None:
        async with open_record(read_settings()) as record:
            now, real = await record.clock.business(), await record.clock.real()
            new = [NewCase("copyright", 1, "RZ", "generating", {"title": "A"}) for _ in CAUSES]
            for one, cause in zip(await record.store.create(new, actor="x", reason=None, now=now), CAUSES, strict=True):
                commit = Commit(guard="version", new_incidents=(NewIncident("refused", cause, {}),))
                await record.store.command(one.case, None, lambda _, commit=commit: commit, now=now, real=real)  # type: ignore[misc]

    asyncio.run(filled())
    return tmp_path / "data"


def listed() -> list[str]:
    return [str(one["cause"]) for one in json.loads(spoken(["incident", "list", "--json"])[1])["data"]]


@pytest.mark.parametrize(("only", "left"), [([], 1), (["--only"], 3)])
def test_all_of_one_cause_are_closed_at_once(folder: Path, only: list[str], left: int) -> None:
    rows = json.loads(spoken(["incident", "list", "--json"])[1])["data"]
    first = next(one for one in rows if one["cause"] == CAUSES[0])
    code, said, _ = spoken(["incident", "resolve", first["id"][:8], "--reason", "the account was filled up", *only])
    assert (code, len(listed())) == (0, left)
    assert said.count("RZ-000") >= (1 if only else 3)
    assert "refused: another" in listed()
