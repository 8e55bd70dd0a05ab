"""Files of cases: stored by their content, encrypted, in the data folder; with a row for each filing."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from workflow.errors import NotFound, WorkflowError
from workflow.files.disk import put, writing
from workflow.record.newer import reading, telling
from workflow.record.tables import cases, documents
from workflow.record.vault import Vault
from workflow.sentence import Sentence
from workflow.store.rows import Row
from workflow.store.seals import begin_sealing, seal_touched, touch

CAP = 20 * 1024 * 1024


class TooLarge(WorkflowError):
    """A file is larger than a case may hold."""

    def __init__(self, name: str, size: int, cap: int) -> None:
        super().__init__(
            Sentence(
                "document_too_large",
                "{name} has {size} bytes; a document may have {cap}",
                name=name,
                size=size,
                cap=cap,
            )
        )
        self.name, self.size, self.cap = name, size, cap


class Damaged(WorkflowError):
    """A stored file is gone, or is not the one that was filed."""

    def __init__(self, reference: str, why: Sentence) -> None:
        super().__init__(
            Sentence(
                "document_damaged",
                "document {reference}: {why}; restore the documents folder from a backup",
                reference=reference,
                why=why,
            )
        )
        self.reference, self.why = reference, why


@dataclass(frozen=True)
class Document:
    """A filed document. digest is the reference that a case's data holds."""

    id: str
    digest: str
    media_type: str
    name: str
    size: int
    case: str | None
    kind: str
    at: datetime


class DocumentStore:
    """Files and their rows. Files of equal content are stored once."""

    def __init__(self, engine: AsyncEngine, vault: Vault, folder: Path, cap: int = CAP) -> None:
        self._engine, self._vault, self._folder, self._cap = engine, vault, folder, cap

    async def put(
        self, content: bytes, *, name: str, media_type: str, case: str | None, kind: str, now: datetime
    ) -> str:
        """File the content; returns its SHA-256, the reference.

        The same content of one case, kind and name is filed once.
        """
        if len(content) > self._cap:
            raise TooLarge(name, len(content), self._cap)
        digest = hashlib.sha256(content).hexdigest()
        async with reading(self._engine) as connection:
            same = select(documents.c.id).where(
                documents.c.digest == digest,
                documents.c.kind == kind,
                documents.c.name == name,
                documents.c.case.is_(None) if case is None else documents.c.case == case,
            )
            known: str | None = (await connection.execute(same)).scalar()
        await asyncio.to_thread(self._write, digest, content)
        if known is not None:
            return digest
        row = Document(secrets.token_hex(16), digest, media_type, name, len(content), case, kind, now)
        async with telling(self._engine), self._engine.begin() as connection:
            begin_sealing(connection, self._vault.chain)
            await connection.execute(insert(documents).values(**vars(row)))
            touch(connection, documents, [row.id])
            await seal_touched(connection)
        return digest

    async def get(self, reference: str) -> bytes:
        """The content. Raises NotFound, Damaged."""
        found = await self.about(reference)
        content = await asyncio.to_thread(self._read, found)
        if hashlib.sha256(content).hexdigest() != found.digest:
            raise Damaged(reference, Sentence("content_not_what_was_filed", "its content is not what was filed"))
        return content

    async def about(self, reference: str) -> Document:
        """The document, as it was filed first."""
        async with reading(self._engine) as connection:
            query = select(documents).where(documents.c.digest == reference).order_by(documents.c.at, documents.c.id)
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise NotFound("document", reference)
        return _document(row)

    async def of_case(self, case: str, kind: str | None = None) -> list[Document]:
        """The documents of a case, oldest first; those of one instant by name."""
        order = documents.c.at, documents.c.name, documents.c.id
        query = select(documents).where(documents.c.case == case).order_by(*order)
        if kind is not None:
            query = query.where(documents.c.kind == kind)
        async with reading(self._engine) as connection:
            return [_document(row) for row in (await connection.execute(query)).mappings()]

    async def elsewhere(self, content: bytes, *, kind: str, case: str) -> tuple[str, ...]:
        """The numbers of cases about other subjects that hold a file of this kind with the same content.

        A matter that was begun anew has the subject of the case before it, and may have its papers.
        """
        subject = select(cases.c.subject).where(cases.c.id == case).scalar_subquery()
        query = (
            select(cases.c.number)
            .join_from(documents, cases, documents.c.case == cases.c.id)
            .where(documents.c.digest == hashlib.sha256(content).hexdigest(), documents.c.kind == kind)
            .where(cases.c.id != case, or_(subject.is_(None), cases.c.subject.is_(None), cases.c.subject != subject))
            .order_by(cases.c.number)
        )
        async with reading(self._engine) as connection:
            return tuple(dict.fromkeys((await connection.execute(query)).scalars()))

    async def count(self, kind: str) -> int:
        """How many documents of this kind were filed."""
        query = select(func.count()).select_from(documents).where(documents.c.kind == kind)
        async with reading(self._engine) as connection:
            return int((await connection.execute(query)).scalar_one())

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        if path.exists():
            return
        sealed = self._vault.seal(content, table="documents", row=digest, column="content")
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        put(path, sealed)

    def _read(self, found: Document) -> bytes:
        try:
            sealed = self._path(found.digest).read_bytes()
        except FileNotFoundError as error:
            raise Damaged(found.id, Sentence("file_gone", "its file is gone")) from error
        return self._vault.open(sealed, table="documents", row=found.digest, column="content")


def _document(row: Row) -> Document:
    return Document(**{part.name: row[part.name] for part in dataclasses.fields(Document)})
