"""Checks whether title, version and numbers stand in the text of a PDF, as far as it can be read."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from adapters.names import LOST, VERSION_MARK, plain
from adapters.papers.pdf_head import from_head

PAGES = 5
"""At most this many pages are read: what a paper is about stands on its first page, or on each."""
MUCH = 24
"""Letters that tell what a page is about; fewer are a mark of the program that made it."""
UNREAD = "ʔ"
"""Stands for a character that could not be read.

It counts as a letter, which may continue a title, version or number.
"""
TITLE, VERSION = "title", "version"
"""The names under which a text is looked for as a title (whole, no part of a longer one) or a version (V or not)."""


async def lacking(pdf: bytes, due: Mapping[str, str]) -> tuple[str, ...] | None:
    """Which of these texts, by name, do not stand in the PDF; None where it cannot be read (a scan, a lock, half).

    Blanks, width, letter case and letters that print as nothing count for nothing.
    """
    return await asyncio.to_thread(lacking_in, pdf, due)


def lacking_in(pdf: bytes, due: Mapping[str, str]) -> tuple[str, ...] | None:
    """The same, without asyncio."""
    text, left = "", tuple(due)
    for page in _pages(pdf):
        if page is None:
            return None
        text += f" {page}"
        left = tuple(name for name in due if not _stands(name, due[name], text))
        if not left:
            return ()
    # with an unread letter beside it, nobody can tell whether it is another one
    read = _plain(text) and not all(_stands(name, due[name], text.replace(UNREAD, "?")) for name in left)
    return left if read else None


def is_text(pdf: bytes) -> bool:
    """Whether each of the pages that are read has a text; a scan has none, or a word of the program that made it."""
    pages = list(_pages(pdf))
    return bool(pages) and all(page is not None and len(_plain(page).replace(" ", "")) >= MUCH for page in pages)


def kind_said(pdf: bytes, kinds: Mapping[str, Sequence[str]], title: str) -> str | None:
    """The kind of paper whose word stands first in the text: "" where none does, None where nothing can be read.

    A title may hold such a word, and says nothing of the paper.
    """
    pages = list(_pages(pdf))
    text = _plain(" ".join(page for page in pages if page)).replace(" ", "")
    if not text or None in pages:
        return None
    rest = text.replace(_plain(title).replace(" ", ""), " ")
    words = [(kind, word.replace(" ", "")) for kind, named in kinds.items() for word in named]
    found = [(rest.find(word), kind) for kind, word in words if word in rest]
    return min(found)[1] if found else ""


def pages_that_say(form: bytes, paper: bytes) -> frozenset[int]:
    """The pages, from 1, whose text has every word of the form's page; a scan has no text."""
    both = enumerate(zip(_pages(form), _pages(paper), strict=False), 1)
    return frozenset(place for place, (one, other) in both if one and other and not _words(one) - _words(other))


def pages_of_other_text(form: bytes, paper: bytes) -> frozenset[int]:
    """The pages, from 1, whose text shares less than half of its letters with that of every page of the form.

    A scan has none, or a word of the program that made it, or the form's own as somebody's program read it.
    """
    meant = [Counter(_plain(text).replace(" ", "")) for text in _pages(form) if text]
    found = set()
    for place, text in enumerate(_pages(paper), 1):
        letters = Counter(_plain(text or "").replace(" ", ""))
        if letters.total() >= MUCH and all((one & letters).total() < letters.total() / 2 for one in meant):
            found.add(place)
    return frozenset(found)


def _words(text: str) -> Counter[str]:
    return Counter(_plain(text).split())


def _pages(pdf: bytes) -> Iterator[str | None]:
    """The text of each page. A last None means that the library failed; an error of the caller is none."""
    from pypdf import PdfReader  # read when a paper is: every command line reads this module

    content = from_head(pdf) or b""
    try:
        for page in PdfReader(BytesIO(content)).pages[:PAGES]:
            yield page.extract_text().replace(UNREAD, "?").replace(LOST, UNREAD)
    except Exception:  # noqa: BLE001 - whatever a library makes of it: this text cannot be read
        yield None


def _stands(name: str, words: str, text: str) -> bool:
    spaced = _plain(text)
    meant = _plain(words).replace(" ", "")
    if not meant:
        return False
    letters = " ?".join(map(re.escape, meant))  # a line may break anywhere
    if name == VERSION:
        number = VERSION_MARK.sub("", meant)
        mark = "" if "." in number else "(?:version|ver|v|版本号?|版) ?[.:]? ?"  # a bare 1 numbers anything
        digits = " ?".join(map(re.escape, number))
        whole = rf"(?<![0-9.{UNREAD}]){mark}{digits}(?![0-9{UNREAD}]|\.[0-9])"
    elif name == TITLE:
        whole = rf"(?<![^\W_]){letters}(?=[\W_]|$|v\.?[0-9]|版本)"
    elif meant.isascii() and meant.isalnum():
        whole = rf"(?<![0-9a-z{UNREAD}]){letters}(?![0-9a-z{UNREAD}])"
    else:
        whole = letters
    return re.search(whole, spaced) is not None


def _plain(text: str) -> str:
    """The text as names are compared, but with one blank between words, which tells where a word ends."""
    return " ".join(filter(None, map(plain, text.split())))
