"""The seal page is signed from specimens, each beside its owner's name, and never without a permission."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter

from adapters.bureau.seal_page import PdfSealPages, SignatureLine
from adapters.names import Spelling
from caseward.sandbox import pdf as bureau
from caseward.sandbox.portal.seal_blank import blank_seal_page
from caseward.sandbox.things import Draft
from tests.adapters.forms import signature
from workflow.errors import Drifted, Refused

DAY = date(2026, 2, 1)
START = datetime(2026, 2, 1, tzinfo=UTC)
OURS = Spelling("河道巡查软件", "V1.0")
HEAD = (bureau.Text(72, 720, "软件名称：河道巡查软件"), bureau.Text(72, 696, "版本号：V1.0    草稿编号：D0000001"))
NAMES = ("林知远", "周闻", "沈砚", "顾白", "陆鸣", "许舟", "何川")


def blank(*names: str) -> bytes:
    """As the bureau makes it: six owners a page, a name's line at 620 - 80 n."""
    pages = [names[start : start + 6] for start in range(0, len(names), 6)]
    return bureau.write(
        [
            [
                *HEAD,
                *(bureau.Text(72, 620 - 80 * n, f"{6 * number + n + 1}. {name}") for n, name in enumerate(page)),
            ]
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
    signed = await PdfSealPages().sign(blank(*NAMES), lines, OURS)
    found = placed(signed)
    assert [page for page, _, _ in found] == [0, 0, 0, 0, 0, 0, 1]
    for row, (_, x, y) in enumerate(found):
        line = 620 - 80 * (row % 6)
        assert 260 <= x < 500
        assert line <= y < line + 60
    assert "7. 何川" in PdfReader(BytesIO(signed)).pages[1].extract_text()


LONG = f"重庆市{'云岫智联' * 15}有限公司"
THIRTEEN = ("林知远", LONG, *(f"著作权人第{number}号" for number in range(10)), "中国科学院重庆绿色智能技术")


async def test_long_names_print_over_nothing_and_are_signed_on_their_own_lines() -> None:
    """Thirteen owners, one of a name of 67 characters: it ran over the space to sign in, and over the paper's edge."""
    made = Draft("D0000001", "office-01", "RZ-0001", 0, created_at=START, visible_at=START)
    made.software = {"full_name": "河道" * 40 + "巡查软件", "version": "V1.0"}
    made.owners = [{"name": name} for name in THIRTEEN]
    made.applicant = {"applicant": LONG, "applicant_name": ""}
    page = blank_seal_page(made)
    for number, one in enumerate(PdfReader(BytesIO(page)).pages):
        written = written_on(one)
        for text, x, y in written:
            size = 20 if y > 750 else 12
            right = x + sum(size / 2 if letter.isascii() else size for letter in text)
            others = [place for _, place, at in written if at == y and place > x]
            assert right <= min([595 - 60, *others]), (number, text)
    lines = [SignatureLine(name, signature(), DAY) for name in THIRTEEN]
    found = placed(await PdfSealPages().sign(page, lines, Spelling(made.full_name, "V1.0")))
    assert len(found) == len(THIRTEEN)
    heights = [(page, y) for page, _, y in found]
    assert all(one[0] != other[0] or one[1] - other[1] >= 60 for one, other in pairwise(heights))


def written_on(page: PageObject) -> list[tuple[str, float, float]]:
    """Each text of a page with where it begins."""
    found: list[tuple[str, float, float]] = []

    def see(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4], tm[5]))

    page.extract_text(visitor_text=see)
    return found


def held_sideways() -> bytes:
    """A signature as a telephone takes it: the camera lay on its side, and a tag says how to turn the picture."""
    picture = Image.new("RGB", (80, 240), "white")
    picture.paste("black", (0, 0, 80, 40))  # upright, the black is on the right
    written = BytesIO()
    tags = Image.Exif()
    tags[0x0112] = 6
    picture.save(written, "JPEG", exif=tags)
    return written.getvalue()


def set_in(signed: bytes) -> Image.Image:
    """The picture as it lies in the signed page."""
    (found,) = PdfReader(BytesIO(signed)).pages[0].images
    assert found.image is not None
    return found.image.convert("L")


async def test_a_specimen_taken_sideways_stands_upright() -> None:
    signed = await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", held_sideways(), DAY)], OURS)
    picture = set_in(signed)
    assert picture.size == (240, 80)
    assert (picture.getpixel((230, 40)), picture.getpixel((10, 40))) == (0, 255)


@pytest.mark.parametrize("turn", [90, 180, 270])
async def test_a_page_that_is_shown_turned_is_signed_beside_the_name_as_people_see_it(turn: int) -> None:
    """Some scanners and offices write the page on its side and say that it is to be shown turned."""
    turned = PdfWriter(clone_from=BytesIO(blank("林知远")))
    page = turned.pages[0]
    page.rotate(-turn)
    page.transfer_rotation_to_content()  # now its content lies turned back ...
    page.rotate(turn)  # ... and is shown as before
    held = BytesIO()
    turned.write(held)
    signed = await PdfSealPages().sign(held.getvalue(), [SignatureLine("林知远", signature(), DAY)], OURS)
    seen = PdfWriter(clone_from=BytesIO(signed))
    if seen.pages[0].rotation:
        seen.pages[0].transfer_rotation_to_content()
    upright = BytesIO()
    seen.write(upright)
    ((_, x, y),) = placed(upright.getvalue())
    assert 260 <= x < 500
    assert 620 <= y < 680
    assert seen.pages[0].mediabox.width == 595


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_half_a_picture_is_no_signature(share: float, kind: str) -> None:
    held = BytesIO()
    Image.effect_noise((200, 80), 90).save(held, kind)
    half = held.getvalue()[: int(len(held.getvalue()) * share)]
    with pytest.raises(Refused, match="no image"):
        await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", half, DAY)], OURS)


async def test_a_picture_that_would_fill_the_memory_is_no_signature() -> None:
    held = BytesIO()
    Image.new("1", (20_000, 20_000)).save(held, "PNG")
    with pytest.raises(Refused, match="no image"):
        await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", held.getvalue(), DAY)], OURS)


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b"\r\n"])
async def test_a_page_after_a_byte_order_mark_is_signed(head: bytes) -> None:
    signed = await PdfSealPages().sign(head + blank("林知远"), [SignatureLine("林知远", signature(), DAY)], OURS)
    assert len(placed(signed)) == 1


async def test_a_page_cut_anywhere_is_signed_or_said_to_be_none() -> None:
    whole = blank("林知远")
    for end in range(0, len(whole), 97):
        try:
            await PdfSealPages().sign(whole[:end], [SignatureLine("林知远", signature(), DAY)], OURS)
        except Drifted:
            continue


async def test_two_owners_of_one_name_sign_each_on_his_line() -> None:
    lines = [SignatureLine("林知远", signature(), DAY), SignatureLine("林知远", signature(), DAY)]
    assert len(placed(await PdfSealPages().sign(blank("林知远", "林知远"), lines, OURS))) == 2


async def test_without_permission_nothing_is_signed() -> None:
    lines = [SignatureLine("林知远", signature(), DAY), SignatureLine("周闻", signature(), None)]
    with pytest.raises(Refused, match="周闻 has not authorised"):
        await PdfSealPages().sign(blank("林知远", "周闻"), lines, OURS)


async def test_a_page_with_another_name_or_order_is_not_signed() -> None:
    lines = [SignatureLine("周闻", signature(), DAY), SignatureLine("林知远", signature(), DAY)]
    with pytest.raises(Drifted, match="周闻"):
        await PdfSealPages().sign(blank("林知远", "周闻"), lines, OURS)


@pytest.mark.parametrize("page", [b"", b"<html>", b"%PDF-1.4 cut"])
async def test_what_is_no_page_is_said_to_be_none(page: bytes) -> None:
    with pytest.raises(Drifted):
        await PdfSealPages().sign(page, [SignatureLine("林知远", signature(), DAY)], OURS)


async def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(Refused, match="no image"):
        await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", b"no picture", DAY)], OURS)


@pytest.mark.parametrize(
    "other", [Spelling("另一软件", "V1.0"), Spelling("河道巡查软件", "V2.0"), Spelling("巡查", "V1")]
)
async def test_a_specimen_is_never_set_under_the_page_of_another_filing(other: Spelling) -> None:
    """What its owner allowed was its use for this filing."""
    with pytest.raises(Drifted, match="another filing"):
        await PdfSealPages().sign(blank("林知远"), [SignatureLine("林知远", signature(), DAY)], other)
