"""The seal page: of which draft its blank is, which page went up there, and whether that may be filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from pydantic import model_validator

from adapters.bureau.portal import Draft
from states.copyright.registration import Registration
from states.copyright.values import SealPageSent
from workflow import Case, No, Verdict, Yes
from workflow.intake.values import Value

SHOWN_WITHIN = timedelta(minutes=10)
"""A page that went up and is not shown by then goes up once more; after that a person is asked."""


class SealUpload(Value):
    """One page that goes up to one draft. A page that comes back after another one counts anew."""

    id: str
    """draft/count/digest; empty where it went up before there could be several."""
    digest: str
    draft: str
    count: int
    replaces: bool
    """A page lies there already: the bureau's page does not tell which of them it shows."""
    again: bool

    @model_validator(mode="before")
    @classmethod
    def _older(cls, said: Any) -> Any:
        """A page that went up before there could be several says nothing of itself."""
        return dict(OLDER) if said is None else said

    def sent(self, draft: Draft | None, now: datetime) -> SealPageSent | None:
        """What is kept of it once it is up; None where nobody knows where it went."""
        number = self.draft or (draft.number if draft is not None else "")
        if not number or not self.digest:
            return None
        return SealPageSent(draft=number, digest=self.digest, count=self.count, at=now, again=self.again)


OLDER: Mapping[str, object] = MappingProxyType(
    {"id": "", "digest": "", "draft": "", "count": 1, "replaces": False, "again": False}
)


def page_draft(data: Registration) -> str | None:
    """The number of the draft that the blank names, and so the page that was made from it; None: nobody knows."""
    if data.seal_form_draft is not None:
        return data.seal_form_draft
    made = {one.number for one in data.placed if (one.what, one.round) == ("draft", 0)}
    return next(iter(made)) if len(made) == 1 else None


def seal_form_missing(case: Case[Registration]) -> Verdict:
    """The bureau's blank was not fetched yet (R81), or it is that of another draft than the one that is there."""
    form, page = case.data.seal_form, case.data.seal_page
    if form is None and page is None:
        return Yes(seal_form=False)
    seen, own = case.data.noticed, page_draft(case.data)
    if seen is not None and seen.round == case.round and seen.draft not in (None, own):
        return Yes(draft=seen.draft, blank_of=own)
    return No(seal_form=form is not None, seal_page=page is not None)


def seal_uploads(case: Case[Registration], draft: Draft | None, now: datetime) -> tuple[SealUpload, ...]:
    """The page on file, where it does not lie at this draft yet, or is shown there no more."""
    page, sent = case.data.seal_page, case.data.seal_sent
    if page is None or draft is None or draft.confirmed:
        return ()
    before = sent if sent is not None and sent.draft == draft.number else None
    is_up = before is not None and before.digest == page.digest
    if before is not None and is_up and (draft.seal_uploaded or before.again or now - before.at < SHOWN_WITHIN):
        return ()
    count = 1 + (before.count if before is not None else 0)
    due = SealUpload(
        id=f"{draft.number}/{count}/{page.digest[:12]}",
        digest=page.digest,
        draft=draft.number,
        count=count,
        replaces=draft.seal_uploaded,
        again=is_up,
    )
    return () if ("upload_seal_page", due.id) in case.done else (due,)


def seal_page_fits(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The page on file was made from the blank of just this draft."""
    if draft is None:
        return No(draft=None, waits_for="bureau")
    own = page_draft(case.data)
    if own != draft.number:
        return No(draft=draft.number, blank_of=own, waits_for="operator")
    return Yes(draft=draft.number)


def seal_page_up(case: Case[Registration], draft: Draft | None, now: datetime) -> Verdict:
    """The page on file is the one that lies at the bureau: another one is never filed."""
    fits, page, sent = seal_page_fits(case, draft), case.data.seal_page, case.data.seal_sent
    if not fits:
        return fits
    if page is None:
        return No(seal_page=None, waits_for="owner")
    told = f"{page.name} {page.digest[:12]}"
    if seal_uploads(case, draft, now):
        return No(seal_page=told, at_bureau=sent.digest[:12] if sent else None, waits_for="operator")
    if draft is not None and not draft.seal_uploaded and sent is not None:
        until = sent.at + SHOWN_WITHIN
        return No(seal_page=told, shown=False, waits_for="operator" if now >= until else "bureau", until=until)
    return Yes(seal_page=told)


def without_page(data: Registration) -> dict[str, object]:
    """A patch that drops the blank, and what was made from it; the papers stay in the case's file."""
    made = ("seal_form", "seal_form_code", "seal_form_draft", "seal_page", "signed_page")
    gone: dict[str, object] = {name: None for name in made if getattr(data, name) is not None}
    left = {name: one for name, one in data.doubtful.items() if name != "seal_page"}
    return gone if left == data.doubtful else {**gone, "doubtful": left}
