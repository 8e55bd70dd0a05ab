"""Papers and pictures at the door: what a reader can open is taken, everything else is named with its cure."""

from __future__ import annotations

import io
import os
import socket
import struct
import zlib
from pathlib import Path
from time import monotonic

import pytest
from PIL import Image
from pypdf import PdfReader

from console.intake.scans import Scan, pdf_of, picture_of
from console.terminal.complaints import Complaint, Stopped
from console.wording.texts import Texts
from tests.intake.papers import harmless, paper, picture, refused_papers, taken_papers

REFUSED, TAKEN, HARMLESS = refused_papers(), taken_papers(), harmless()
LANGUAGES = ("en", "zh-CN")


def put(folder: Path, content: bytes, name: str = "paper") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def refusal(file: Path, *, of_picture: bool = False) -> Complaint:
    """What is said in English, once it is known that Chinese has as much to say."""
    said = []
    for language in LANGUAGES:
        with pytest.raises(Stopped) as stopped:
            picture_of(file, Texts(language)) if of_picture else pdf_of([file], Texts(language))  # type: ignore[arg-type]
        said.append(stopped.value.complaint)
    for one in said:
        assert (one.code, one.exit, bool(one.cause), bool(one.cure)) == ("unfit_file", 2, True, True)
    assert said[0].cure != said[1].cure
    return said[0]


@pytest.mark.parametrize("name", TAKEN)
def test_a_paper_that_everybody_can_open_is_taken_whole_and_open(tmp_path: Path, name: str) -> None:
    scan = pdf_of([put(tmp_path, TAKEN[name])], Texts("en"))
    assert scan.pages == 1
    assert scan.content.startswith(b"%PDF-")
    reader = PdfReader(io.BytesIO(scan.content))
    assert not reader.is_encrypted
    assert "一页" in reader.pages[0].extract_text()
    assert reader.pages[0].rotation == (90 if name == "turned" else 0)


@pytest.mark.parametrize("name", REFUSED)
def test_a_paper_that_locks_acts_lacks_or_carries_something_is_refused(tmp_path: Path, name: str) -> None:
    content, said = REFUSED[name]
    begun = monotonic()
    assert said in refusal(put(tmp_path, content)).cause
    assert monotonic() - begun < 100


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_leads_somewhere_is_taken(tmp_path: Path, name: str) -> None:
    assert pdf_of([put(tmp_path, HARMLESS[name])], Texts("en")).content == HARMLESS[name]


def test_several_papers_are_one_in_their_order_locked_or_not(tmp_path: Path) -> None:
    files = [put(tmp_path, TAKEN[name], name) for name in ("turned", "owner-only-aes", "byte-order-mark")]
    scan = pdf_of(files, Texts("en"))
    pages = PdfReader(io.BytesIO(scan.content)).pages
    assert ([page.rotation for page in pages], scan.pages) == ([90, 0, 0], 3)


def test_more_pages_than_a_form_has_are_refused(tmp_path: Path) -> None:
    assert "61 pages" in refusal(put(tmp_path, paper(*map(str, range(61))))).cause


def test_more_than_the_bureau_takes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = put(tmp_path, b"%PDF-1.7\n")
    os.truncate(large, 1 << 30)
    begun = monotonic()
    assert "at most 10485760" in refusal(large).cause
    assert monotonic() - begun < 5


def not_files(folder: Path) -> dict[str, Path]:
    os.mkfifo(folder / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "socket"))
    listening.close()
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder / "round")
    made = {name: folder / name for name in ("pipe", "socket", "folder", "link", "round", "missing")}
    return {**made, "zero": Path("/dev/zero"), "full": Path("/dev/full"), "proc": Path("/proc/self/environ"),
            "memory": Path("/proc/self/mem"), "nul": Path("a\0b"), "long": Path("x" * 5000)}  # fmt: skip


@pytest.mark.parametrize("of_picture", [False, True])
def test_what_is_no_plain_file_is_never_read(tmp_path: Path, of_picture: bool) -> None:
    for name, file in not_files(tmp_path).items():
        begun = monotonic()
        with pytest.raises((Stopped, OSError, ValueError)):
            picture_of(file, Texts("en")) if of_picture else pdf_of([file], Texts("en"))
        assert monotonic() - begun < 5, name


def test_what_it_is_instead_is_said(tmp_path: Path) -> None:
    made = not_files(tmp_path)
    said = {name: refusal(made[name]).cause for name in ("pipe", "socket", "folder", "link", "proc")}
    assert [words.split(" is ", 1)[1] for words in said.values()] == [
        "a pipe, no file", "a socket, no file", "a folder, no file", "a device, no file", "empty",
    ]  # fmt: skip


# ---------------------------------------------------------------- pictures


def seen(scan: Scan) -> Image.Image:
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
    deep.save(held, "PNG")
    assert seen(picture_of(put(tmp_path, held.getvalue()), Texts("en"))).convert("L").getpixel((9, 9)) == 0x80


def test_a_picture_of_two_views_is_its_first(tmp_path: Path) -> None:
    held, second = io.BytesIO(), Image.new("RGB", (200, 80), "black")
    Image.new("RGB", (200, 80), "white").save(held, "MPO", save_all=True, append_images=[second])
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
    refusal(put(tmp_path, whole[: int(len(whole) * share)]), of_picture=True)


@pytest.mark.parametrize("colours", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_half_a_jpeg_with_an_end_mark_set_behind_it_is_refused(tmp_path: Path, share: float, colours: str) -> None:
    whole = picture(400, 300, colours, "JPEG")
    half = whole[: int(len(whole) * share)] + b"\xff\xd9"
    assert "cut off" in refusal(put(tmp_path, half), of_picture=True).cause


def test_a_picture_on_grey_paper_is_taken(tmp_path: Path) -> None:
    held = io.BytesIO()
    Image.new("L", (200, 80), 120).save(held, "JPEG")
    assert picture_of(put(tmp_path, held.getvalue()), Texts("en")).media_type == "image/jpeg"


def test_half_a_png_with_whole_pieces_is_refused(tmp_path: Path) -> None:
    """Its pixels end early, and every piece is sound by its sum."""
    packed = zlib.compress(b"\0" * 201 * 30)

    def piece(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = piece(b"IHDR", struct.pack(">IIBBBBB", 200, 80, 8, 0, 0, 0, 0))
    made = b"\x89PNG\r\n\x1a\n" + head + piece(b"IDAT", packed) + piece(b"IEND", b"")
    refusal(put(tmp_path, made), of_picture=True)


def test_half_a_jpeg_with_a_whole_thumbnail_is_refused(tmp_path: Path) -> None:
    """The small picture inside has an end mark of its own."""
    small, held = picture(80, 40, kind="JPEG"), io.BytesIO()
    Image.effect_noise((600, 400), 80).save(held, "JPEG", comment=small)
    assert small in held.getvalue()
    refusal(put(tmp_path, held.getvalue()[: len(held.getvalue()) // 2]), of_picture=True)


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
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "HEIC"),
        (b"GIF89a" + bytes(200), "GIF"),
        (b"II*\x00" + bytes(200), "TIFF"),
        (b"RIFF\x00\x00\x00\x00WEBP", "WebP"),
        (b"BM" + bytes(200), "BMP"),
        (b"<svg/>", "?"),
        (b"\xff\xd8\xff", "cannot be opened"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64) + b"IEND\xaeB`\x82", "cannot be opened"),
    ],
)
def test_what_is_no_picture_is_named_by_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    complaint = refusal(put(tmp_path, content), of_picture=True)
    assert said in complaint.cause
    assert ("telephone" in complaint.cure) == (said == "HEIC")
