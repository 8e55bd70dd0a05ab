"""A disk that cannot be written: nothing is begun, nothing is lost, nobody is blamed, and all goes on when it can."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.browser.chromium_process import Browser
from adapters.browser.chromium_search import Found
from tests.engine.letters import PaperOffice, desk, doing, post
from tests.engine.test_journal import CALL as ANY_CALL
from workflow.errors import DiskUnusable, NotSent, SettingsError
from workflow.record.anchors import anchor, read_anchors
from workflow.record.journal import KEPT, Journal
from workflow.record.vault import Vault, make_keys, open_vault
from workflow.store.documents import DocumentStore

TROUBLES = {
    errno.ENOSPC: "its disk is full",
    errno.EDQUOT: "its owner's quota is used up",
    errno.EROFS: "its disk is read-only",
    errno.EIO: "its disk does not answer",
    errno.EACCES: "this user may not write it",
    errno.EMFILE: "this process has too many files open",
}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALL = replace(ANY_CALL, intended_at=NOW)


class Disk:
    """Says no to everything that is to be on it for certain, in this way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trouble = 0
        self._to_disk = os.fsync
        monkeypatch.setattr(os, "fsync", self._fsync)

    def _fsync(self, file: int) -> None:
        if self.trouble:
            raise OSError(self.trouble, os.strerror(self.trouble))
        self._to_disk(file)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    make_keys(tmp_path / "keys.json")
    return open_vault(tmp_path / "keys.json")


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_cannot_be_noted_is_not_done_and_goes_on_when_it_can(
    tmp_path: Path, disk: Disk, trouble: int
) -> None:
    office = PaperOffice()
    with structlog.testing.capture_logs() as logs:
        async with desk(doing(post), tmp_path, office) as bench:
            disk.trouble = trouble
            for _ in range(9):
                found = (await bench.sweep()).counts
                assert found == {"failed": 1}, (_, found, await bench.case(), await bench.store.incidents())
                bench.clock.advance(timedelta(minutes=1))
            assert office.calls == []
            why = await bench.why()
            assert TROUBLES[trouble] in str(why.detail)
            assert not (await bench.case()).barred, "every case would be a person's, and none would go on by itself"
            for _ in range(9):
                await bench.sweep()
                bench.clock.advance(timedelta(minutes=15))
            (incident,) = await bench.store.incidents()
            assert incident.kind == "stuck"
            assert TROUBLES[trouble] in incident.seen["error"]
            disk.trouble = 0
            assert (await bench.sweep()).counts["moved"] == 1
            assert len(office.calls) == 1
            assert await bench.store.incidents() == []
    assert "case.mistake" not in [line["event"] for line in logs]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_document_that_cannot_be_written_is_named_and_leaves_nothing(
    sqlite: AsyncEngine, vault: Vault, tmp_path: Path, disk: Disk, trouble: int
) -> None:
    documents = DocumentStore(sqlite, vault, tmp_path / "documents")

    async def put() -> str:
        return await documents.put(b"page", name="a.pdf", media_type="application/pdf", case=None, kind="x", now=NOW)

    disk.trouble = trouble
    with pytest.raises(DiskUnusable, match=TROUBLES[trouble]):
        await put()
    assert [file for file in (tmp_path / "documents").rglob("*") if file.is_file()] == []
    disk.trouble = 0
    assert await documents.get(await put()) == b"page"


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_journal_that_cannot_be_cleared_is_named_and_stays_whole(
    tmp_path: Path, disk: Disk, trouble: int
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    await journal.note("case-1", CALL)
    await journal.note("case-2", replace(CALL, key="k2", intended_at=NOW + KEPT * 2))
    disk.trouble = trouble
    with pytest.raises(DiskUnusable, match=TROUBLES[trouble]):
        journal.forget(NOW + KEPT * 2 + timedelta(days=2))
    assert [noted.effect.key for noted in journal.read()] == ["k1", "k2"]


async def test_a_journal_that_may_not_be_read_is_named_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    await journal.note("case-1", CALL)

    def refused(path: Path, *_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(SettingsError, match="this user may not read it; give it to the user that") as told:
        list(journal.read())
    assert told.value.name == str(journal.path)


async def test_an_anchor_that_was_not_written_whole_is_no_tampering(vault: Vault, tmp_path: Path, disk: Disk) -> None:
    file, ring = tmp_path / "anchors.jsonl", vault.chain
    anchor(file, {"case": (1, b"1" * 32)}, ring, at=NOW)
    before = file.read_bytes()
    disk.trouble = errno.ENOSPC
    with pytest.raises(DiskUnusable, match="its disk is full; make room"):
        anchor(file, {"case": (2, b"2" * 32)}, ring, at=NOW)
    assert file.read_bytes() == before
    disk.trouble = 0
    anchor(file, {"case": (2, b"2" * 32)}, ring, at=NOW)
    assert read_anchors(file, ring).damages == []


async def test_a_browser_that_has_nowhere_to_write_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.browser.scratch.gettempdir", lambda: str(tmp_path / "gone"))
    browser = Browser(Found("test", "/bin/false", "1", sandboxed=False))
    with pytest.raises(NotSent, match="nowhere to write"):
        async with browser.context("http://127.0.0.1:9"):
            pytest.fail("there is no browser")
