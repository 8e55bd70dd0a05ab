"""Papers handed in for a case: filed first, then given to the case, so that its data never names what is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caseward.app.installation import Record
from states.copyright.values import Document
from workflow.engine.commands import Commands
from workflow.errors import Conflict

TRIES = 5

Data = Mapping[str, Any]


async def filed(record: Record, case: str, content: bytes, *, name: str, media_type: str, kind: str) -> Document:
    """The content kept as a document of this case, by its id."""
    now = await record.clock.business()
    digest = await record.documents.put(content, name=name, media_type=media_type, case=case, kind=kind, now=now)
    return Document(digest=digest, name=name, media_type=media_type)


async def merged(
    record: Record,
    people: Commands,
    case: str,
    patch: Callable[[Data], Mapping[str, object]],
    reason: str,
    version: int | None = None,
) -> None:
    """Change a part of a field on the version it was read from; tried again when somebody was faster.

    With the version that a person saw, it is that one or Conflict.
    """
    for left in reversed(range(TRIES)):
        row = await record.store.case(case)
        try:
            await people.give(case, patch(row.claim.data), reason, row.claim.seq if version is None else version)
            return
        except Conflict:
            if not left or version is not None:
                raise
