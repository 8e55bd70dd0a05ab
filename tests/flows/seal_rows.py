"""Rows of the table of a registration about its seal page: fact, case, line, facts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from states.copyright.facts import SECOND_LOOK
from states.copyright.values import Noticed, SealPageSent
from tests.flows.matters import NOW, PAPER, SPECIMEN, case, center, company, draft, people

LEFT: Mapping[str, object] = MappingProxyType({"standing": Noticed(round=0, draft="D0000001")})
"""All is as we left it."""
MISSED = Noticed(round=0, missed_at=NOW - SECOND_LOOK)
THREE = people().owners
SPECIMENS = {one.id: SPECIMEN for one in THREE}
TOLD = frozenset({("specimen_request", one.id) for one in THREE})
SEALING: dict[str, Any] = {"seal_form": PAPER, "seal_form_draft": "D0000001", "seal_page": PAPER}
PAGE = company(**SEALING)
SENT = SealPageSent(draft="D0000001", digest=PAPER.digest, count=1, at=NOW)
UP = company(**SEALING, seal_sent=SENT)
REPLACED = company(**SEALING, seal_sent=SENT.model_copy(update={"digest": "1" * 64}))
OTHER = Noticed(round=0, draft="D0000002")
SHOWN = {"draft": draft(seal_uploaded=True), **LEFT}
UPLOADS = "stay:upload_seal_page[seal_page_on_file+filing_agreed+draft_unrivalled+seal_page_fits]"
CONFIRMS = "submitted[seal_page_on_file+filing_agreed+draft_unrivalled+seal_page_up]"
SEALED: list[Any] = [
    ("an id came while the seal is awaited", case("awaiting_seal"), "fill_center_ids",
        {"center_ids": center(o1="U1")}, "fill_center_ids"),
    ("specimens are asked for first", case("awaiting_seal", people()),
        "stay:specimen_request[seal_page_missing+only_people+specimens_unasked]"),
    ("the blank page is fetched", case("awaiting_seal", people(), done=TOLD),
        "stay:fetch_seal_form[seal_form_missing]"),
    ("a specimen is missing", case("awaiting_seal", people(seal_form=PAPER), done=TOLD), None),
    ("all specimens are there", case("awaiting_seal", people(seal_form=PAPER, specimens=SPECIMENS), done=TOLD),
        "stay:sign_seal_page[seal_page_missing+only_people+specimens_complete+seal_form_on_file]"),
    ("an institution is never signed for", case("awaiting_seal", company(specimens=SPECIMENS, seal_form=PAPER)),
        None),
    ("an institution's blank page is fetched", case("awaiting_seal", company()),
        "stay:fetch_seal_form[seal_form_missing]"),
    ("the sealed page goes up", case("awaiting_seal", PAGE), UPLOADS, {"draft": draft(), **LEFT}),
    ("the page that lies there is the one on file", case("awaiting_seal", UP), CONFIRMS, SHOWN),
    ("another page lies there", case("awaiting_seal", REPLACED), UPLOADS, SHOWN),
    ("the page is that of another draft", case("awaiting_seal", PAGE),
        "stay:noticed[seal_page_on_file+filing_agreed+standing_is_news]",
        {"standing": Noticed(round=0, draft="D0000002")}),
    ("its blank is fetched anew", case("awaiting_seal", company(**SEALING, noticed=OTHER)),
        "stay:fetch_seal_form[seal_form_missing]"),
    ("nothing is uploaded to another draft", case("awaiting_seal", company(**SEALING, noticed=None)), None,
        {"draft": draft(number="D0000002"), **LEFT}),
    ("a stranger came meanwhile", case("awaiting_seal", PAGE), None, {"draft": draft(strangers=1), **LEFT}),
    ("the draft is gone when the sealed page comes", case("awaiting_seal", PAGE),
        "stay:noticed[seal_page_on_file+filing_agreed+standing_is_news]", {"standing": MISSED}),
    ("somebody filed it by hand", case("awaiting_seal", PAGE),
        "submitted[seal_page_on_file+filing_agreed+filed_already]", {"draft": draft(confirmed=True), **LEFT}),
]  # fmt: skip
