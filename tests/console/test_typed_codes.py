"""A code is taken from standard input, however it is set apart, and is never shown."""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

import pytest

from caseward.app.installation import open_record
from tests.console.test_handing_in import answered, owner_of
from tests.console.transcripts import spoken
from workflow.settings import Settings


def wanted(monkeypatch: pytest.MonkeyPatch, typed: str) -> tuple[str, str]:
    """An owner whose code the bureau wants, and standard input that holds what is typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    data = answered("case", "show", "RZ-0001")["data"]
    id_ = data["codes_wanted"]["owners"][0]
    return id_, next(owner["name"] for owner in data["owners"] if owner["id"] == id_)


def test_a_code_is_taken_from_standard_input_and_never_shown(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, name = wanted(monkeypatch, "918273\n")
    answered("case", "code", "RZ-0001", "--owner", name)
    shown = [spoken(["case", command, "RZ-0001", "--json"])[1] for command in ("show", "why", "history")]
    assert not re.search("918273", "".join(shown))
    assert "code_of" in shown[2]
    stored = b"".join(file.read_bytes() for file in copied.iterdir() if file.is_file())
    assert b"918273" not in stored


@pytest.mark.parametrize("typed", ["582 104\n", "５８２１０４\n", " 582-104 \n", "582104"])
def test_a_code_is_taken_however_it_is_set_apart(copied: Path, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    id_, _ = wanted(monkeypatch, typed)
    answered("case", "code", "RZ-0001", "--owner", id_)

    async def kept() -> set[str]:
        async with open_record(Settings(data_dir=copied)) as record:
            row = await record.store.case("RZ-0001")
            return set((await record.store.read_codes(row.claim.case, row.claim.round, by="test")).values())

    assert "582104" in asyncio.run(kept())


@pytest.mark.parametrize("typed", ["", "\n", "12\n", "12 34 56 !!\n", "a" * 5000, "5821O4\n", "582l04\n", "1" * 9])
def test_what_is_no_code_is_refused(copied: Path, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    _, name = wanted(monkeypatch, typed)
    assert answered("case", "code", "RZ-0001", "--owner", name, code=2)["code"] == "usage"


def test_a_code_that_nobody_wants_is_refused(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted(monkeypatch, "918273\n")
    owner = owner_of("RZ-0010")["id"]
    assert answered("case", "code", "RZ-0010", "--owner", owner, code=6)["code"] == "not_allowed"
    assert answered("case", "code", "ZH-0001", "--owner", "o1", code=6)["code"] == "not_allowed"
