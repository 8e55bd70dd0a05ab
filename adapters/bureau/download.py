"""A file that the browser took from the bureau: a whole PDF of a size that can be, or the error that names it."""

from __future__ import annotations

import asyncio

from playwright.async_api import Download

from adapters.papers.pdf_head import from_head
from workflow.errors import Drifted, NotSent
from workflow.sentence import Sentence

LARGEST_FILE = 10 * 1024 * 1024


async def pdf_of(adapter: str, step: str, download: Download) -> bytes:
    """The content, which is then taken off the disk."""
    path = await download.path()
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise Drifted(adapter, step, Sentence("file_bytes", "the file has {size} bytes", size=size))
    content = from_head(await asyncio.to_thread(path.read_bytes))
    await download.delete()
    if content is None:
        raise NotSent(adapter, step, Sentence("file_no_pdf", "the file is no PDF"))
    return content
