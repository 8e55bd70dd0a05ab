"""Kinds in which papers that cannot be right are handed in, and then right ones."""

from __future__ import annotations

import io

from pypdf import PdfWriter

from states.copyright.demonstration.papers import agreement
from tests.year.deeds.owners import begins_to
from tests.year.deeds.papers import (
    blank_as_sealed,
    page_from_the_website,
    page_of_another,
    refused_paper,
    say_same,
    signature_without_leave,
)
from tests.year.kind import SOON, Deed, Kind


def locked() -> bytes:
    """A PDF that opens only with a word."""
    writer, held = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    writer.write(held)
    return held.getvalue()


OTHER_TEXT = agreement("something else", ["x"])

PAPERS = (
    Kind(
        "unreadable_page",
        "what is handed in as a seal page is no PDF, and then locked",
        lambda draw: draw.of_firm(),
        deeds=(
            Deed(
                "awaiting_seal",
                refused_paper("seal-page", b"no PDF at all", "not the right kind of file"),
                needs="seal_form",
            ),
            Deed("awaiting_seal", refused_paper("seal-page", locked(), "password"), needs="seal_form"),
            Deed("awaiting_seal", begins_to("seal")),
        ),
        withholds=frozenset({"seal"}),
        review=SOON,
    ),
    Kind(
        "wrong_page",
        "any PDF is handed in as a seal page",
        lambda draw: draw.of_firm(),
        deeds=(
            Deed(
                "awaiting_seal",
                refused_paper("seal-page", OTHER_TEXT, "not this matter's seal page"),
                needs="seal_form",
            ),
        ),
        review=SOON,
    ),
    Kind(
        "unsigned_page",
        "the blank page is handed in as it came",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", blank_as_sealed, needs="seal_form"),),
        review=SOON,
    ),
    Kind(
        "page_of_another",
        "the sealed page of another matter is handed in",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", page_of_another, needs="seal_form"),),
        review=SOON,
    ),
    Kind(
        "doubtful_page",
        "the page was made from a blank without our code; a person compares and says yes",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", page_from_the_website, needs="seal_form"), Deed("awaiting_seal", say_same)),
        review=SOON,
    ),
    Kind(
        "page_too_early",
        "a seal page is handed in before the bureau made its blank",
        lambda draw: draw.of_firm(),
        deeds=(Deed("unprocessed", refused_paper("seal-page", OTHER_TEXT, "of no use in the state")),),
        review=SOON,
    ),
    Kind(
        "signature_without_leave",
        "a signature without its owner's permission, and with one of tomorrow",
        lambda draw: draw.of_persons(1),
        deeds=(Deed("awaiting_seal", signature_without_leave),),
        review=SOON,
    ),
)
