"""A file that the bureau gives is ours only where its page and its own text say so: sites mix files up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.bureau.portal import Portal
from adapters.names import Spelling
from tests.adapters.conftest import Office
from tests.adapters.forms import form
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures
from workflow.errors import Drifted

LOGIN = "office-13"


@asynccontextmanager
async def two_filings(office: Office, ours: str, other: str, *, granted: bool) -> AsyncIterator[Portal]:  # noqa: F811
    """Drafts of two software, or their filings once both are granted."""
    async with office.at(LOGIN) as portal:
        session = {name: str(value) for name, value in office.book.sessions[LOGIN].items()}
        for title in (ours, other):
            office.outside.prepare(session, title, form(title), sealed=granted)
            if granted:
                await portal.confirm(title, 0, form(title), {}, gate=office.gate)
        if not granted:
            yield portal
            return
    office.outside.next_morning(days=8)
    async with office.at(LOGIN) as portal:
        yield portal


async def test_the_blank_seal_page_of_another_draft_is_not_taken(office: Office) -> None:  # noqa: F811
    async with two_filings(office, "签章甲软件", "签章乙软件", granted=False) as portal:
        ours = Spelling("签章甲软件", "V1.0")
        office.outside.fault("seal_form", "of_another", "签章甲软件")
        shots = len(office.shots)
        with pytest.raises(Drifted, match=r"another matter.*签章甲软件"):
            await portal.blank_seal_page("签章甲软件", ours)
        assert len(office.shots) > shots
        blank = await portal.blank_seal_page("签章甲软件", ours)
        assert blank.pdf.startswith(b"%PDF")
        draft = await portal.draft("签章甲软件", 0)
        assert draft is not None
        assert blank.draft == draft.number
        with pytest.raises(Drifted, match=r"not 签章甲软件 V1\.1"):
            await portal.blank_seal_page("签章甲软件", Spelling("签章甲软件", "V1.1"))


async def test_the_certificate_of_another_filing_is_not_taken(office: Office) -> None:  # noqa: F811
    async with two_filings(office, "证书甲软件", "证书乙软件", granted=True) as portal:
        filing = await portal.filing("证书甲软件")
        assert filing is not None
        assert filing.certificate_number
        ours, number = Spelling("证书甲软件", "V1.0"), filing.certificate_number
        office.outside.fault("certificate", "of_another", "证书甲软件")
        with pytest.raises(Drifted, match=rf"another matter.*证书甲软件.*{number}"):
            await portal.certificate("证书甲软件", ours, number)
        assert (await portal.certificate("证书甲软件", ours, number)).startswith(b"%PDF")
        for wrong in ("2026SR9999999", ""):
            with pytest.raises(Drifted, match="the page shows"):
                await portal.certificate("证书甲软件", ours, wrong)
