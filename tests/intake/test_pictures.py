"""Pictures of signatures at the door: whole, upright, with a stroke; everything else is named with its cure."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from time import monotonic

import pytest
from PIL import Image

from adapters.papers.jpeg_scans import marks
from caseward.console.intake.scans import picture_of
from caseward.console.wording.texts import Texts
from tests.intake.papers import picture
from tests.intake.test_scans import put, refusal
from workflow.intake.gives import File


def seen(scan: File) -> Image.Image:
    picture = Image.open(io.BytesIO(scan.content))
    picture.load()
    return picture


def grey(picture: Image.Image, place: tuple[int, int]) -> int:
    return picture.convert("L").tobytes()[place[1] * picture.width + place[0]]


def corner(orientation: int) -> bytes:
    """A white picture with a black mark, stored so that it is upright only when its tag is obeyed."""
    upright = Image.new("L", (240, 80), "white")
    upright.paste(0, (0, 0, 60, 20))
    back = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270}[orientation]  # fmt: skip
    held, tags = io.BytesIO(), Image.Exif()
    tags[0x0112] = orientation
    (upright if back is None else upright.transpose(back)).save(held, "JPEG", exif=tags, quality=95)
    return held.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(tmp_path: Path, orientation: int) -> None:
    found = seen(picture_of(put(tmp_path, corner(orientation)), Texts("en"))).convert("L")
    assert found.size == (240, 80)
    assert (grey(found, (30, 10)) < 60, grey(found, (200, 60)) > 200) == (True, True)
    assert found.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("L", "JPEG"),
     ("RGB", "JPEG"), ("CMYK", "JPEG")],
)  # fmt: skip
def test_every_kind_of_colour_is_kept_as_eight_bits_that_a_page_takes(tmp_path: Path, mode: str, kind: str) -> None:
    given = picture(mode=mode, kind=kind)
    found = seen(picture_of(put(tmp_path, given), Texts("en")))
    assert found.mode in {"1", "L", "RGB", "RGBA"}
    assert found.size == (200, 80)
    before, after = (grey(one.convert("RGB").resize((1, 1)), (0, 0)) for one in (Image.open(io.BytesIO(given)), found))
    assert abs(before - after) < 12


def test_sixteen_bits_of_grey_stay_grey(tmp_path: Path) -> None:
    held = io.BytesIO()
    deep = Image.new("I;16", (200, 80), 0x8000)
    deep.paste(0x1000, (100, 20, 180, 30))
    deep.save(held, "PNG")
    assert seen(picture_of(put(tmp_path, held.getvalue()), Texts("en"))).convert("L").getpixel((9, 9)) == 0x80


def test_a_picture_of_two_views_is_its_first(tmp_path: Path) -> None:
    held, second, first = io.BytesIO(), Image.new("RGB", (200, 80), "black"), Image.new("RGB", (200, 80), "white")
    first.paste("black", (100, 20, 180, 30))
    first.save(held, "MPO", save_all=True, append_images=[second])
    found = seen(picture_of(put(tmp_path, held.getvalue()), Texts("en")))
    assert (found.format, found.convert("L").getpixel((9, 9))) == ("PNG", 255)


def test_a_moving_picture_is_refused(tmp_path: Path) -> None:
    held, second = io.BytesIO(), Image.new("RGB", (200, 80), "black")
    Image.new("RGB", (200, 80), "white").save(held, "PNG", save_all=True, append_images=[second])
    assert "moving picture of 2" in refusal(put(tmp_path, held.getvalue()), of_picture=True).cause


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_half_a_picture_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    whole = picture(kind=kind)
    assert "cut off" in refusal(put(tmp_path, whole[: int(len(whole) * share)]), of_picture=True).cause


JPEGS: dict[str, dict[str, object]] = {
    "plain": {},
    "progressive": {"progressive": True},
    "begins-anew": {"restart_marker_rows": 1},
    "every-colour-alike": {"subsampling": 0},
}


@pytest.mark.parametrize("saving", JPEGS)
@pytest.mark.parametrize("colours", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 0.99])
def test_half_a_jpeg_with_an_end_mark_set_behind_it_is_refused(
    tmp_path: Path, share: float, colours: str, saving: str
) -> None:
    whole = picture(400, 300, colours, "JPEG", **JPEGS[saving])
    assert picture_of(put(tmp_path, whole), Texts("en")).media_type.startswith("image/")
    half = whole[: int(len(whole) * share)] + b"\xff\xd9"
    assert "cut off" in refusal(put(tmp_path, half), of_picture=True).cause


def test_a_picture_on_grey_paper_is_taken(tmp_path: Path) -> None:
    held, paper = io.BytesIO(), Image.new("L", (200, 80), 127)
    paper.paste(60, (20, 20, 120, 30))
    paper.save(held, "JPEG")
    assert picture_of(put(tmp_path, held.getvalue()), Texts("en")).media_type == "image/jpeg"


@pytest.mark.parametrize("colours", ["L", "RGB"])
def test_a_jpeg_that_is_cut_off_where_it_would_begin_anew_is_refused(tmp_path: Path, colours: str) -> None:
    whole = picture(400, 300, colours, "JPEG", restart_marker_rows=1)
    places = [place for place in range(len(whole) - 1) if whole[place] == 0xFF and 0xD0 <= whole[place + 1] <= 0xD7]
    assert len(places) > 9
    for place in (places[1], places[-1]):
        assert "cut off" in refusal(put(tmp_path, whole[:place] + b"\xff\xd9"), of_picture=True).cause


def test_a_progressive_jpeg_without_its_last_fine_bits_is_refused(tmp_path: Path) -> None:
    """Each of its scans is whole: it is the picture as it stands while it still arrives."""
    whole = picture(400, 300, "RGB", "JPEG", progressive=True)
    scans = [mark for mark in marks(whole) if mark.kind == 0xDA]
    assert len(scans) > 5
    for scan in scans[:-1]:
        assert "cut off" in refusal(put(tmp_path, whole[: scan.bits] + b"\xff\xd9"), of_picture=True).cause


@pytest.mark.parametrize("behind", [b"\0" * 900, b"\0\0\0\x18ftypmp42" + b"\1" * 900, b"\xff\xd9", b"\xff\xda\xff\xd9"])
def test_a_picture_with_something_behind_its_end_is_taken(tmp_path: Path, behind: bytes) -> None:
    """Telephones put a short film there."""
    assert picture_of(put(tmp_path, picture(kind="JPEG") + behind), Texts("en")).media_type == "image/jpeg"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("paper", ["white", "black", "#7f7f7f", "#fafafa"])
def test_a_picture_without_a_stroke_is_refused(tmp_path: Path, paper: str, kind: str) -> None:
    held = io.BytesIO()
    Image.new("RGB", (600, 200), paper).save(held, kind)
    complaint = refusal(put(tmp_path, held.getvalue()), of_picture=True)
    assert "shows no stroke" in complaint.cause


def test_strokes_that_nobody_sees_are_none(tmp_path: Path) -> None:
    paper = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    for ink, seen_through in (((0, 0, 0), 0), ((255, 255, 255), 255), ((0, 0, 0), 9)):
        held = io.BytesIO()
        paper.paste((*ink, 0), (0, 0, 600, 200))
        paper.paste((*ink, seen_through), (20, 90, 500, 100))
        paper.save(held, "PNG")
        assert "shows no stroke" in refusal(put(tmp_path, held.getvalue()), of_picture=True).cause
    paper.paste((60, 60, 90, 255), (20, 90, 500, 94))
    held = io.BytesIO()
    paper.save(held, "PNG")
    assert picture_of(put(tmp_path, held.getvalue()), Texts("en")).content == held.getvalue()


def test_half_a_png_with_whole_pieces_is_refused(tmp_path: Path) -> None:
    """Its pixels end early, and every piece is sound by its sum."""
    packed = zlib.compress(b"\0" * 201 * 30)

    def piece(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = piece(b"IHDR", struct.pack(">IIBBBBB", 200, 80, 8, 0, 0, 0, 0))
    made = b"\x89PNG\r\n\x1a\n" + head + piece(b"IDAT", packed) + piece(b"IEND", b"")
    assert "cut off" in refusal(put(tmp_path, made), of_picture=True).cause


def test_half_a_jpeg_with_a_whole_thumbnail_is_refused(tmp_path: Path) -> None:
    """The small picture inside has an end mark of its own."""
    small, held = picture(80, 40, kind="JPEG"), io.BytesIO()
    Image.effect_noise((600, 400), 80).save(held, "JPEG", comment=small)
    assert small in held.getvalue()
    half = held.getvalue()[: len(held.getvalue()) // 2]
    assert "cut off" in refusal(put(tmp_path, half), of_picture=True).cause


@pytest.mark.parametrize("sides", [(20_000, 20_000), (100, 6001), (6000, 5000), (8, 8), (65_000, 50)])
def test_a_picture_is_measured_before_it_is_decoded(tmp_path: Path, sides: tuple[int, int]) -> None:
    held = io.BytesIO()
    Image.new("1", sides).save(held, "PNG", compress_level=1)
    begun = monotonic()
    assert f"{sides[0]}×{sides[1]} pixels" in refusal(put(tmp_path, held.getvalue()), of_picture=True).cause
    assert monotonic() - begun < 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "cut off"),
        (b"GIF89a" + bytes(200), "GIF"),
        (b"II*\x00" + bytes(200), "TIFF"),
        (b"RIFF\x00\x00\x00\x00WEBP", "WebP"),
        (b"BM" + bytes(200), "BMP"),
        (b"<svg/>", "?"),
        (b"\xff\xd8\xff", "cut off"),
        (b"\xff\xd8\xff\xd9", "cut off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64) + b"IEND\xaeB`\x82", "cut off"),
    ],
)
def test_what_is_no_picture_is_named_by_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    complaint = refusal(put(tmp_path, content), of_picture=True)
    assert said in complaint.cause
