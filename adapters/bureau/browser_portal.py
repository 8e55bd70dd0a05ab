"""The Portal on a leased seat, worked in a real Chromium."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.bureau import drafts, filings, steps, view
from adapters.bureau.filing_form import FilingForm
from adapters.bureau.matter import Matter
from adapters.bureau.portal import BlankSealPage, CenterUsers, CodesResult, Difference, Draft, Files, Filing, Receipt
from adapters.bureau.screen import Screen
from adapters.generator import Materials
from adapters.names import Spelling
from workflow.flow.case import Gate


class PlaywrightPortal:
    """One method after another on one tab; never two at once."""

    def __init__(self, screen: Screen, account: str, *, received: float) -> None:
        self._screen, self._account, self._received = screen, account, received

    async def draft(self, marker: str, round: int) -> Draft | None:
        return await drafts.find_draft(self._screen, marker, round)

    async def differences(self, draft: Draft, form: FilingForm, files: Files) -> tuple[Difference, ...]:
        matter = self._matter(draft.marker, draft.round, form)
        return await view.differences(self._screen, "view", matter, files, draft.number)

    async def save_draft(self, marker: str, round: int, form: FilingForm, materials: Materials) -> Draft:
        matter = self._matter(marker, round, form)
        return await drafts.save_draft(self._screen, matter, materials, received=self._received)

    async def request_code(self, marker: str, round: int, form: FilingForm, owner_name: str, *, gate: Gate) -> None:
        await steps.request_code(self._screen, self._matter(marker, round, form), owner_name, gate)

    async def enter_codes(
        self, marker: str, round: int, form: FilingForm, codes: Mapping[str, str], *, gate: Gate
    ) -> CodesResult:
        return await steps.enter_codes(self._screen, self._matter(marker, round, form), codes, gate)

    async def blank_seal_page(self, marker: str, software: Spelling) -> BlankSealPage:
        return await steps.blank_seal_page(self._screen, marker, software)

    async def upload_seal_page(
        self, marker: str, round: int, form: FilingForm, files: Files, pdf: bytes, *, gate: Gate, draft: str = ""
    ) -> None:
        await steps.upload_seal_page(self._screen, self._matter(marker, round, form), files, pdf, gate, draft)

    async def confirm(
        self, marker: str, round: int, form: FilingForm, files: Files, *, gate: Gate, draft: str = ""
    ) -> Receipt:
        return await steps.confirm(self._screen, self._matter(marker, round, form), files, gate, draft)

    async def draft_number(self, marker: str, round: int) -> str | None:
        return await drafts.draft_number(self._screen, marker, round)

    async def filing(self, marker: str) -> Filing | None:
        return await filings.find_filing(self._screen, marker)

    async def center_users(self, marker: str) -> CenterUsers:
        return await filings.center_users(self._screen, marker)

    async def certificate(self, marker: str, software: Spelling, number: str) -> bytes:
        return await filings.certificate(self._screen, marker, software, number)

    def _matter(self, marker: str, round: int, form: FilingForm) -> Matter:
        return Matter(self._account, marker, round, form)
