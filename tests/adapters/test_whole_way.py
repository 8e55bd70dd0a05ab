"""A filing goes the whole way in a real Chromium: from the login to the certificate, and through a correction."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.bureau.portal import FilingStatus
from adapters.bureau.seal_page import PdfSealPages, SignatureLine
from adapters.bureau.uploads import sizes
from adapters.names import Spelling
from tests.adapters.conftest import Office
from tests.adapters.forms import form, materials, pdf, person, signature

pytestmark = pytest.mark.browser


async def test_a_filing_goes_from_the_login_to_the_certificate(office: Office) -> None:
    title, marker, out = "河道巡查调度软件", "RZ-0101", office.outside
    ours = Spelling(title, "V1.0")
    office.book.sessions["office-01"] = {"device": "device-01"}
    async with office.signing_in("office-01") as sign_in:
        assert (await sign_in.log_in("office-01")).result == "ok"
    session = office.book.sessions["office-01"]
    people = (person("林知远", "13800000101"), person("周闻", "13900000102"))
    async with office.bureau.connect(office.seat("office-01", session), office.keep) as portal:
        assert await portal.draft(marker, 0) is None
        draft = await portal.save_draft(marker, 0, form(title, *people), materials())
        assert draft.saved
        assert (draft.title, draft.version, draft.codes_wanted) == (title, "V1.0", ("周闻",))
        assert draft.agreement_wanted
        assert not draft.agreement_on_file
        agreed = form(title, *people, agreement=pdf("agreement"))
        draft, files = await portal.save_draft(marker, 0, agreed, materials()), sizes(materials(), agreed.beside)
        assert not draft.agreement_wanted
        assert draft.agreement_on_file
        assert draft.namesakes == ()
        await portal.request_code(marker, 0, agreed, "周闻", gate=office.gate)
        codes = {"周闻": out.code_sent_to("13900000102")}
        assert (await portal.enter_codes(marker, 0, agreed, codes, gate=office.gate)).accepted == ("周闻",)
        assert (await portal.enter_codes(marker, 0, agreed, codes, gate=office.gate)).accepted == ("周闻",)
        blank = (await portal.blank_seal_page(marker, ours)).pdf
        lines = [SignatureLine(one.name, signature(), date(2026, 2, 1)) for one in people]
        signed = await PdfSealPages().sign(blank, lines, ours)
        await portal.upload_seal_page(marker, 0, agreed, files, signed, gate=office.gate)
        found = await portal.draft(marker, 0)
        assert found is not None
        assert found.seal_uploaded
        assert found.codes_accepted == ("周闻",)
        receipt = await portal.confirm(marker, 0, agreed, files, gate=office.gate)
        filing = await portal.filing(marker)
        assert filing is not None
        assert (filing.status, filing.round, filing.acceptance_number) == (FilingStatus.received, 0, receipt.number)
        assert filing.serial_number is None
        confirmed = await portal.draft(marker, 0)
        assert confirmed is not None
        assert confirmed.confirmed
    out.next_morning(days=6)
    async with office.at("office-01") as portal:
        filing = await portal.filing(marker)
        assert filing is not None
        assert (filing.status, filing.line) == (FilingStatus.issued, "已发放")
        assert filing.serial_number
        assert set((await portal.center_users(marker)).by_owner) == {"林知远", "周闻"}
        assert filing.certificate_number
        assert (await portal.certificate(marker, ours, filing.certificate_number)).startswith(b"%PDF")
    assert out.applied("confirm", title) == 1
    assert out.doubled == 0


async def test_a_correction_is_found_filled_with_new_materials_and_confirmed(office: Office) -> None:
    title, marker, out = "粮库温湿度监测软件", "RZ-0102", office.outside
    wants = {"after_hours": 1, "status": "待补正", "notice": "说明书与软件名称不一致，请补正。"}
    out.control("plan", {"title": title, "review": [wants, {"after_hours": 1, "status": "审查中"}]})
    async with office.at("office-02") as portal:
        out.prepare(office.book.sessions["office-02"], marker, form(title))
        await portal.confirm(marker, 0, form(title), {}, gate=office.gate)
    out.next_morning()
    async with office.at("office-02") as portal:
        filing = await portal.filing(marker)
        assert filing is not None
        assert filing.status is FilingStatus.correction
        assert [notice.text for notice in filing.notices] == ["说明书与软件名称不一致，请补正。"]
        assert await portal.draft(marker, 1) is None
        draft = await portal.save_draft(marker, 1, form(title), materials(round=1))
        assert (draft.round, draft.codes_wanted, draft.saved) == (1, (), True)
        await portal.confirm(marker, 1, form(title), sizes(materials(round=1), {}), gate=office.gate)
        filing = await portal.filing(marker)
        assert filing is not None
        assert (filing.status, filing.round) == (FilingStatus.received, 1)
    assert out.doubled == 0


async def test_what_somebody_filed_by_hand_is_counted_as_strange(office: Office) -> None:
    async with office.at("office-04") as portal:
        office.outside.prepare(office.book.sessions["office-04"], "by hand", form("馆藏借阅软件"))
        draft = await portal.save_draft("RZ-0104", 0, form("馆藏借阅软件"), materials())
        (found,) = draft.namesakes
        assert (found.reference, found.owners) == ("by hand", ("林知远",))


async def test_an_applicant_who_owns_nothing_files_under_his_own_name(office: Office) -> None:
    made = form("灯杆巡检软件", person("林知远", "13800000105"))
    agent = made.model_copy(
        update={"applicant": made.applicant.model_copy(update={"owner": None, "name": "清河知识产权代理所"})}
    )
    async with office.at("office-05") as portal:
        draft = await portal.save_draft("RZ-0105", 0, agent, materials())
        assert draft.codes_wanted == ("林知远",)
