"""The seal page is signed from specimens, each beside its owner's name, and never without a permission."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from adapters.seal_page import PdfSealPages, SignatureLine
from sandbox import pdf as bureau
from tests.adapters.forms import signature
from workflow.errors import Drifted, Refused

DAY = date(2026, 2, 1)
NAMES = ("林知远", "周闻", "沈砚", "顾白", "陆鸣", "许舟", "何川")


def blank(*names: str) -> bytes:
    """As the bureau makes it: six owners a page, a name's line at 620 - 80 n."""
    pages = [names[start : start + 6] for start in range(0, len(names), 6)]
    return bureau.write(
        [
            [bureau.Text(72, 620 - 80 * row, f"{6 * number + row + 1}. {name}") for row, name in enumerate(page)]
            for number, page in enumerate(pages)
        ]
    )


def placed(pdf: bytes) -> list[tuple[int, float, float]]:
    """Page, left edge and bottom of every image."""
    found: list[tuple[int, float, float]] = []
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages):

        def see(operator: bytes, _: object, cm: list[float], tm: list[float], number: int = number) -> None:
            if operator == b"Do":
                found.append((number, cm[4], cm[5]))

        page.extract_text(visitor_operand_before=see)
    return found


async def test_each_specimen_stands_beside_its_owners_name_on_his_page() -> None:
    lines = [SignatureLine(name, signature(), DAY) for name in NAMES]
    signed = await PdfSealPages().sign(blank(*NAMES), lines)
    found = placed(signed)
    assert [page for page, _, _ in found] == [0, 0, 0, 0, 0, 0, 1]
    for row, (_, x, y) in enumerate(found):
        line = 620 - 80 * (row % 6)
        assert 260 <= x < 500
        assert line <= y < line + 60
    assert "7. 何川" in PdfReader(BytesIO(signed)).pages[1].extract_text()


async def test_without_permission_nothing_is_signed() -> None:
    lines = [SignatureLine("林知远", signature(), DAY), SignatureLine("周闻", signature(), None)]
    with pytest.raises(Refused, match="周闻 has not authorised"):
        await PdfSealPages().sign(blank("林知远", "周闻"), lines)


async def test_a_page_with_another_name_or_order_is_not_signed() -> None:
    lines = [SignatureLine("周闻", signature(), DAY), SignatureLine("林知远", signature(), DAY)]
    with pytest.raises(Drifted, match="周闻"):
        await PdfSealPages().sign(blank("林知远", "周闻"), lines)


@pytest.mark.parametrize("page", [b"", b"<html>", b"%PDF-1.4 cut"])
async def test_what_is_no_page_is_said_to_be_none(page: bytes) -> None:
    with pytest.raises(Drifted):
        await PdfSealPages().sign(page, [SignatureLine("林知远", signature(), DAY)])


async def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(Refused, match="no image"):
        await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", b"no picture", DAY)])
