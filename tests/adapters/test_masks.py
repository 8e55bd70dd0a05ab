"""No screenshot shows a password, captcha, code, phone, certificate number or e-mail."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageColor
from playwright.async_api import FloatRect

from adapters.bureau import selectors as on
from adapters.bureau.seats import Bureau
from tests.adapters.conftest import Office
from tests.adapters.forms import form, person

pytestmark = pytest.mark.browser

SECRET_FIELDS = {
    "/login": ("#password",),
    "/apply/owners": (
        "#owners-0-certificate_number",
        "#owners-0-phone",
        "#owners-1-certificate_number",
        "#owners-1-phone",
    ),
    "/apply/applicant": ("#phone", "#email"),
    "/apply/check": (
        "[data-echo=owners-1-phone]",
        "[data-echo=owners-2-certificate_number]",
        "[data-echo=applicant_phone]",
        "[data-echo=email]",
    ),
    "/drafts/{number}": ("#code-2", "tr.owner:nth-child(2) td.phone"),
}


def covered(png: bytes, box: FloatRect) -> bool:
    """Every pixel inside the field has one of the two colours of the mask; its border may show."""
    image = Image.open(BytesIO(png)).convert("RGB")
    inner = image.crop(
        (
            round(box["x"]) + 3,
            round(box["y"]) + 3,
            round(box["x"] + box["width"]) - 3,
            round(box["y"] + box["height"]) - 3,
        )
    )
    colours = {colour for _, colour in inner.getcolors(maxcolors=100_000) or []}
    return colours <= {ImageColor.getrgb(on.MASK_COLOUR), (0, 0, 0)}


async def test_every_field_of_a_person_is_covered_on_every_page(office: Office) -> None:
    login, title = "office-12", "遮盖核对软件"
    session = office.book.sessions[login] = office.outside.log_in(login)
    two = form(title, person("林知远", "13800000121"), person("周闻", "13900000122"))
    number = office.outside.prepare(session, "RZ-0121", two, sealed=False)
    bureau: Bureau = office.bureau
    async with bureau.screen(login, session, office.keep) as (screen, context):
        tab = context.pages[0]
        for path, selectors in SECRET_FIELDS.items():
            await tab.goto(f"{office.outside.portal}{path.format(number=number)}?draft={number}")
            if path == "/login":
                await tab.fill("#password", "pass-office-12")
            if path.startswith("/drafts"):
                await tab.click("#send-code-2")
                await tab.fill("#code-2", "123456")
            await tab.evaluate("scrollTo(0, 0)")
            boxes = {selector: await tab.locator(selector).bounding_box() for selector in selectors}
            await screen.shoot(path)
            for selector, box in boxes.items():
                assert box is not None, selector
                assert covered(office.shots[-1][1], box), f"{path}: {selector} shows"


async def test_certificate_numbers_on_the_page_that_files_are_covered(office: Office) -> None:
    login, title = "office-12", "提交页遮盖软件"
    session = office.book.sessions[login] = office.outside.log_in(login)
    number = office.outside.prepare(session, "RZ-0122", form(title, person("林知远")))
    bureau: Bureau = office.bureau
    async with bureau.screen(login, session, office.keep) as (screen, context):
        tab = context.pages[0]
        await tab.goto(f"{office.outside.portal}/drafts/{number}/confirm")
        box = await tab.locator("tr.owner td.certificate-number").bounding_box()
        await screen.shoot("confirm")
    assert box is not None
    assert covered(office.shots[-1][1], box)


async def test_numbers_are_covered_by_their_look_where_the_site_renamed_what_holds_them(office: Office) -> None:
    """No contract compares a class: the page is filed all the same, and its picture is kept."""
    login, title = "office-12", "改名遮盖软件"
    session = office.book.sessions[login] = office.outside.log_in(login)
    number = office.outside.prepare(session, "RZ-0123", form(title, person("林知远", "13800000123")))
    bureau: Bureau = office.bureau
    shown = (
        (f"/drafts/{number}/confirm", "td.certificate-number", "#draft-no"),
        (f"/apply/check?draft={number}", "[data-echo=owners-1-phone]", "#page-title"),
    )
    for path, cell, ours in shown:
        async with bureau.screen(login, session, office.keep) as (screen, context):
            tab = context.pages[0]
            await tab.goto(f"{office.outside.portal}{path}")
            box, plain = await tab.locator(cell).bounding_box(), await tab.locator(ours).bounding_box()
            renamed = "css => { const it = document.querySelector(css); it.className = it.dataset.echo = 'renamed' }"
            await tab.evaluate(renamed, cell)
            await screen.shoot("renamed")
        assert box is not None
        assert plain is not None
        assert covered(office.shots[-1][1], box), cell
        assert not covered(office.shots[-1][1], plain), "what is no person's is read"
