"""Kinds in which papers that cannot be right are handed in, and then right ones; and what corrections ask for."""

from __future__ import annotations

import io

from pypdf import PdfWriter

from states.copyright.demonstration.papers import agreement
from tests.year.deeds.papers import blank_as_sealed, page_of_another, refused_paper, signature_without_leave
from tests.year.kind import SOON, Deed, Kind, issued, under, wants


def locked() -> bytes:
    """A PDF that opens only with a word."""
    writer, held = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    writer.write(held)
    return held.getvalue()


OTHER_TEXT = agreement("something else", ["x"])
MATERIALS = "说明书与软件名称不一致，请补正。"

PAPERS = (
    Kind(
        "unreadable_page",
        "what is handed in as a seal page is no PDF, and then locked",
        lambda draw: draw.of_firm(),
        deeds=(
            Deed("awaiting_seal", refused_paper("seal-page", b"no PDF at all")),
            Deed("awaiting_seal", refused_paper("seal-page", locked())),
        ),
        review=SOON,
    ),
    Kind(
        "wrong_page",
        "any PDF is handed in as a seal page",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", refused_paper("seal-page", OTHER_TEXT)),),
        review=SOON,
    ),
    Kind(
        "unsigned_page",
        "the blank page is handed in as it came",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", blank_as_sealed),),
        review=SOON,
    ),
    Kind(
        "page_of_another",
        "the sealed page of another matter is handed in",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", page_of_another),),
        review=SOON,
    ),
    Kind(
        "page_too_early",
        "a seal page is handed in before the bureau made its blank",
        lambda draw: draw.of_firm(),
        deeds=(Deed("unprocessed", refused_paper("seal-page", OTHER_TEXT)),),
        review=SOON,
    ),
    Kind(
        "signature_without_leave",
        "a signature without its owner's permission, and with one of tomorrow",
        lambda draw: draw.of_persons(1),
        deeds=(Deed("awaiting_seal", signature_without_leave),),
        review=SOON,
    ),
    Kind(
        "correction",
        "the bureau wants other materials",
        lambda draw: draw.of_firm(),
        review=(under(1), wants(MATERIALS, 2), under(1), issued(2)),
    ),
    Kind(
        "correction_twice",
        "the bureau wants other materials twice",
        lambda draw: draw.of_firm(),
        review=(under(1), wants(MATERIALS, 2), under(1), wants(MATERIALS, 2), under(1), issued(2)),
    ),
)
