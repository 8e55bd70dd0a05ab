"""Finds what in a PDF acts by itself, leads out of it, or carries other files: a paper has no need of any of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workflow.files.plain import Unfit

MOST_OBJECTS = 200_000
MOST_STEPS = 32
"""A reference may lead to a reference; one that leads on longer leads round about."""
ACTS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToR", "/GoToE", "/Rendition",
        "/Movie", "/Sound", "/RichMediaExecute", "/GoToDp", "/GoTo3DView", "/Hide", "/SetOCGState"}  # fmt: skip
"""What an action may do that a paper has no need of, wherever it stands."""
LEADS = {"/GoTo", "/URI", "/Named", "/Thread", "/Trans"}
"""What an action may do: lead to a page or an address."""
PLACES = ("/A", "/PA", "/OpenAction", "/Next")
"""Where an action stands; what is none of those that lead somewhere is refused, known or not."""
PAGES = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
HOLDS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/EmbeddedFile"}
KEYS = {"/JS": "JavaScript", "/JavaScript": "JavaScript", "/EmbeddedFiles": "EmbeddedFiles", "/EF": "EmbeddedFiles",
        "/XFA": "XFA", "/AA": "AA", "/Collection": "Collection", "/OPI": "OPI"}  # fmt: skip
MAY_BE_EMPTY = {"/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/AA"}
"""Many programs write these where they have nothing to put into them."""
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
HARMLESS = {"http", "https", "mailto", "tel"}
"""What an address may begin with; a program's or a file's own opens something on the reader's machine."""


def acting(reader: Any) -> Iterator[str]:
    """What acts, leads out or holds other files, by its name in the standard; all that can be reached is seen."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    left: list[Any] = [reader.trailer["/Root"]]
    known: set[tuple[int, int]] = set()
    while left:
        here = left.pop()
        if isinstance(here, IndirectObject):
            place = (here.idnum, here.generation)
            if place in known:
                continue
            known.add(place)
            if len(known) > MOST_OBJECTS:
                raise Unfit("objects", most=MOST_OBJECTS)
            here = here.get_object()
        if isinstance(here, DictionaryObject):
            yield from _named_in(here)
            left += here.values()
        elif isinstance(here, ArrayObject):
            left += here


def _named_in(here: Any) -> Iterator[str]:
    from pypdf.generic import DictionaryObject, StreamObject

    for key, name in KEYS.items():
        if key in here and (key not in MAY_BE_EMPTY or _holds(here, key)):
            yield name
    kind = _said(here, "/S")
    if kind in ACTS:
        yield kind[1:]
    for key in ("/Subtype", "/Type"):
        if (held := _said(here, key)) in HOLDS:
            yield held[1:]
    for place in PLACES:
        done = _at(here, place)
        if isinstance(done, DictionaryObject) and (does := _said(done, "/S")) and does not in LEADS:
            yield does[1:]
    if kind == "/Thread" and "/F" in here:
        yield "Thread"
    if kind == "/Named" and _said(here, "/N") not in PAGES:
        yield "Named"
    if _leads_out(here):
        yield "URI"
    if isinstance(here, StreamObject) and "/F" in here:
        yield "F"  # what belongs into it lies in another file
    if _said(here, "/Subtype") == "/Form" and isinstance(_at(here, "/Ref"), DictionaryObject):
        yield "Ref"


def _leads_out(here: Any) -> bool:
    """Whether an address in it opens more than a page of the web or a letter."""
    from pypdf.generic import DictionaryObject

    said = _at(here, "/URI")
    if isinstance(said, DictionaryObject):  # of the whole document: what its addresses are relative to
        said = _at(said, "/Base")
    if isinstance(said, bytes):
        said = said.decode("latin-1")
    if not isinstance(said, str):
        return False
    plain = "".join(letter for letter in said if letter > " ")
    scheme = SCHEME.match(plain)
    return plain.startswith(("//", "\\", "/\\")) or (scheme is not None and scheme[1].lower() not in HARMLESS)


def _holds(here: Any, key: str) -> bool:
    """Whether anything at all stands there; bounds of a tree's branch, and branches that hold nothing, are nothing."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

    left: list[Any] = [_at(here, key)]
    known: set[tuple[int, int]] = set()
    while left:
        found = left.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place not in known:
                known.add(place)
                left.append(found.get_object())
        elif isinstance(found, StreamObject):
            if found.get_data().strip():
                return True
        elif isinstance(found, DictionaryObject):
            left += [found.raw_get(name) for name in found if name != "/Limits"]
        elif isinstance(found, ArrayObject):
            left += found
        elif found is not None and not isinstance(found, NullObject) and found != "" and found != b"":
            return True
    return False


def _said(here: Any, key: str) -> str:
    """The name or text that stands there; "" where none does."""
    found = _at(here, key)
    return found if isinstance(found, str) else ""


def _at(here: Any, key: str) -> Any:
    """What stands under a key, behind any reference. A dictionary's own get gives the reference alone."""
    from pypdf.generic import IndirectObject

    found = here.get(key)
    for _ in range(MOST_STEPS):
        if not isinstance(found, IndirectObject):
            return found
        found = found.get_object()
    raise Unfit("damaged", why="a reference leads round about")
