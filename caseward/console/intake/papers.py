"""Looks into a PDF: its pages can be read by everybody, it is whole, and it holds nothing that acts by itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from adapters.papers.page_pictures import page_of_picture
from adapters.papers.pdf_head import begins_as_pdf, pdf_begin
from caseward.console.intake.active import acting
from workflow.files.plain import Unfit

MOST_PAGES = 60
TAIL = 2048
"""Bytes at the end in which the end mark is looked for: what was cut off has none."""


def looked_into(contents: Sequence[bytes]) -> tuple[bytes, int]:
    """These PDFs and pictures of pages as one PDF, without a lock and with a clean head, and the number of its pages.

    Raises Unfit.
    """
    from pypdf import PdfWriter

    contents = [content if begins_as_pdf(content) else page_of_picture(content) for content in contents]
    readers = [_opened(content) for content in contents]
    pages = sum(len(reader.pages) for reader in readers)
    if pages > MOST_PAGES:
        raise Unfit("pages", n=pages, most=MOST_PAGES)
    if len(readers) == 1 and not readers[0].is_encrypted and pdf_begin(contents[0]) == 0:
        return contents[0], pages
    writer, whole = PdfWriter(), io.BytesIO()
    for reader in readers:
        writer.append(reader)
    writer.write(whole)
    return whole.getvalue(), pages


def _opened(content: bytes) -> Any:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, WrongPasswordError

    if b"%%EOF" not in content[-TAIL:]:
        raise Unfit("cut_off")
    try:
        # with what stands before the head cut off: places count from the head in all but a few files, and those mend
        reader = PdfReader(io.BytesIO(content[pdf_begin(content) :]))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unfit("encrypted")
        count = len(reader.pages)
    except (FileNotDecryptedError, WrongPasswordError):
        raise Unfit("encrypted") from None
    except NotImplementedError:
        raise Unfit("encrypted_for") from None
    if not count:
        raise Unfit("no_pages")
    if count <= MOST_PAGES:
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()
    if found := next(acting(reader), None):
        raise Unfit("active", what=found)
    return reader
