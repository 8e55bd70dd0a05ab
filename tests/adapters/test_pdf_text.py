"""Whether a title, a version and a number stand in a PDF: as papers write them, and never by a part of another one."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter

from adapters.papers.material_look import look_at_material
from adapters.papers.pdf_text import lacking
from caseward.sandbox import pdf as bureau


def paper(*lines: str, before: int = 0) -> bytes:
    page = [bureau.Text(72, 720 - 24 * place, line) for place, line in enumerate(lines)]
    return bureau.write([*[[]] * before, page])


def scan() -> bytes:
    held = BytesIO()
    Image.new("RGB", (60, 80), "white").save(held, "PDF")
    return held.getvalue()


def locked() -> bytes:
    out, held = PdfWriter(clone_from=BytesIO(paper("河道巡查软件 V1.0"))), BytesIO()
    out.encrypt("secret")
    out.write(held)
    return held.getvalue()


DUE = {"title": "河道巡查ABC软件", "version": "V1.0", "number": "D0000001"}


@pytest.mark.parametrize(
    "lines",
    [
        ("河道巡查ABC软件 V1.0", "D0000001"),
        ("软件名称：河道巡查ABC软件", "版本号：V1.0    草稿编号：D0000001"),
        ("软件名称：河道 巡查ＡＢＣ软件", "版本：1.0", "编号 d0000001 号"),
        ("河道巡查abc", "软件", "v１．０", "D0000001"),
        ("河道\u200b巡查\u3164ABC\ufe0f软件 V1.\u200b0", "D00\u00ad00001"),
    ],
)
async def test_what_stands_there_is_found_however_it_is_written(lines: tuple[str, ...]) -> None:
    assert await lacking(paper(*lines), DUE) == ()
    assert await lacking(b"\xef\xbb\xbf" + paper(*lines, before=2), DUE) == ()


@pytest.mark.parametrize(
    ("lines", "lacks"),
    [
        (("另一软件 V1.0 D0000001",), ("title",)),
        (("河道\ufffd巡查ABC软件 V1.0 D0000001",), ("title",)),
        (("新河道巡查ABC软件 V1.0 D0000001",), ("title",)),
        (("河道巡查ABC软件二期 V1.0 D0000001",), ("title",)),
        (("河道巡查ABC软件 V1.1 D0000001",), ("version",)),
        (("河道巡查ABC软件 V11.0 D0000001",), ("version",)),
        (("河道巡查ABC软件 V1.0.2 D0000001",), ("version",)),
        (("河道巡查ABC软件 V1.0 D00000012",), ("number",)),
        (("第1页",), ("title", "version", "number")),
    ],
)
async def test_what_is_another_ones_is_named(lines: tuple[str, ...], lacks: tuple[str, ...]) -> None:
    assert await lacking(paper(*lines), DUE) == lacks


@pytest.mark.parametrize(
    "line",
    [
        "河道巡查ABC软件\ufffd V1.0 D0000001",
        "\ufffd河道巡查ABC软件 V1.0 D0000001",
        "河道巡查ABC软件 V1.0\ufffd D0000001",
        "河道巡查ABC软件 V1.0 D0000001\ufffd",
    ],
)
async def test_a_letter_that_is_lost_beside_a_text_may_belong_to_it(line: str) -> None:
    """It was passed over, and the paper of 软件二 was taken for that of 软件."""
    assert await lacking(paper(line), DUE) is None


@pytest.mark.parametrize(
    "pdf", [scan(), locked(), b"", b"%PDF-1.4 cut", b"<html>"], ids=["scan", "locked", "", "cut", "page"]
)
async def test_what_cannot_be_read_says_nothing(pdf: bytes) -> None:
    assert await lacking(pdf, DUE) is None


@pytest.mark.parametrize("version", ["V1", "1"])
async def test_a_bare_number_is_a_version_only_with_its_mark(version: str) -> None:
    assert await lacking(paper("1. 林知远", "第 1 页"), {"version": version}) == ("version",)
    assert await lacking(paper("1. 林知远", "版本号：1"), {"version": version}) == ()
    assert await lacking(paper("软件 V1"), {"version": version}) == ()


async def test_what_nobody_sees_in_what_is_looked_for_counts_for_nothing() -> None:
    assert await lacking(paper("河道巡查ABC软件 V1.0"), {"title": "河道\u2060巡查ABC软件\u3164"}) == ()


async def test_a_mistake_of_ours_is_not_taken_for_a_bad_paper() -> None:
    wrong: Any = {"title": None}
    with pytest.raises(AttributeError):
        await lacking(paper("河道巡查ABC软件"), wrong)


async def test_a_paper_cut_anywhere_is_read_or_not_and_never_raises() -> None:
    whole = paper("河道巡查ABC软件 V1.0 D0000001")
    for end in range(0, len(whole), 61):
        assert await lacking(whole[:end], DUE) in (None, ())


LONG = "本说明书介绍软件的安装、运行和使用方法，供操作人员参考，共六章"


@pytest.mark.parametrize(
    ("pdf", "lacks"),
    [
        (paper("河道巡查ABC软件 V1.0"), []),
        (paper("另一软件 V1.0", LONG), ["title"]),
        (paper("Scanned with a telephone"), None),
        (paper("另一软件 V1.0", LONG, before=1), None),
        (scan(), None),
    ],
    ids=["named", "another", "mark of a scanner", "page that is a scan", "scan"],
)
def test_a_material_lacks_only_what_its_own_text_would_say(pdf: bytes, lacks: list[str] | None) -> None:
    assert look_at_material([pdf], {"title": "河道巡查ABC软件", "version": "V1.0"}) == {"lacks": lacks}
