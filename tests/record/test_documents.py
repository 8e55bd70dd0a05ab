"""Documents lie encrypted on the disk, by what they contain, and come back as they were filed or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workflow.errors import NotFound
from workflow.record.database import open_database
from workflow.record.migrations import migrate
from workflow.record.vault import Unsealable, make_keys, open_vault
from workflow.store.documents import Damaged, DocumentStore, TooLarge

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = b"%PDF-1.7 a signed page"


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[DocumentStore]:
    engine = open_database(f"sqlite:///{tmp_path / 'caseward.db'}")
    await migrate(engine)
    make_keys(tmp_path / "keys.json")
    yield DocumentStore(engine, open_vault(tmp_path / "keys.json"), tmp_path / "documents", cap=1000)
    await engine.dispose()


async def put(documents: DocumentStore, content: bytes = PAGE, case: str = "case-1", name: str = "页.pdf") -> str:
    return await documents.put(content, name=name, media_type="application/pdf", case=case, kind="seal_page", now=NOW)


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


async def test_a_document_comes_back_as_it_was_filed(documents: DocumentStore) -> None:
    reference = await put(documents)
    assert await documents.get(reference) == PAGE
    about = await documents.about(reference)
    assert (about.name, about.size, about.kind, about.at) == ("页.pdf", len(PAGE), "seal_page", NOW)
    assert [document.digest for document in await documents.of_case("case-1", "seal_page")] == [reference]
    assert await documents.of_case("case-1", "agreement") == []


async def test_nothing_of_it_can_be_read_on_the_disk(documents: DocumentStore, tmp_path: Path) -> None:
    await put(documents)
    (path,) = files(tmp_path)
    assert PAGE not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_equal_contents_lie_there_once(documents: DocumentStore, tmp_path: Path) -> None:
    references = {await put(documents), await put(documents), await put(documents, case="case-2")}
    assert len(references) == 1
    assert len(await documents.of_case("case-1")) == len(await documents.of_case("case-2")) == 1
    assert await documents.count("seal_page") == 2
    assert len(files(tmp_path)) == 1


async def test_a_changed_swapped_or_missing_file_is_not_given_out(documents: DocumentStore, tmp_path: Path) -> None:
    reference = await put(documents)
    (mine,) = files(tmp_path)
    await put(documents, b"another page")
    (other,) = (path for path in files(tmp_path) if path != mine)
    mine.write_bytes(other.read_bytes())
    with pytest.raises(Unsealable):
        await documents.get(reference)
    mine.unlink()
    with pytest.raises(Damaged, match="its file is gone; restore"):
        await documents.get(reference)


async def test_what_is_too_large_or_unknown_is_refused(documents: DocumentStore, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="1001 bytes; a document may have 1000"):
        await put(documents, b"x" * 1001)
    assert files(tmp_path) == []
    with pytest.raises(NotFound):
        await documents.get("nothing")
