"""Small real PDFs in Chinese, written byte for byte the same each time and without any font file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

A4 = (595, 842)
DRAFT = re.compile(r"D[0-9]{7}")


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    size: float = 12


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


Mark = Text | Line


def write(pages: Sequence[Sequence[Mark]]) -> bytes:
    """A PDF of A4 pages; STSong-Light is one of the fonts that every reader must bring along."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the page tree, once the pages are known
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> /DW 1000 /W [1 95 500]"
        b" /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        _stream(_to_unicode(pages)),
    ]
    kids = []
    for marks in pages:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects) + 2} 0 R >>".encode()
        )
        objects.append(_stream("\n".join(_drawn(mark) for mark in marks).encode("ascii")))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects)


def page_count(content: bytes) -> int | None:
    """How many pages a PDF has, or None where the bytes are no PDF."""
    if not content.startswith(b"%PDF-"):
        return None
    try:
        return len(PdfReader(BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return None


def drafts_named(content: bytes) -> list[str] | None:
    """The numbers of drafts that stand in its text; None where it is a picture, or cannot be read."""
    try:
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return None
    return sorted(set(DRAFT.findall(text))) if text.strip() else None


def _drawn(mark: Mark) -> str:
    if isinstance(mark, Line):
        return f"{mark.x1} {mark.y1} m {mark.x2} {mark.y2} l S"
    return f"BT /F1 {mark.size} Tf {mark.x} {mark.y} Td <{mark.text.encode('utf-16-be').hex()}> Tj ET"


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe4\xb8\xad\xe6\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _to_unicode(pages: Sequence[Sequence[Mark]]) -> bytes:
    """Each letter is its own number in Unicode. Only those that are used are told: readers unfold a range of all."""
    texts = [mark.text for marks in pages for mark in marks if isinstance(mark, Text)]
    codes = "".join(texts).encode("utf-16-be").hex()
    used = sorted({codes[at : at + 4] for at in range(0, len(codes), 4)})
    rows = [f"<{code}> <{code}>" for code in used]
    parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    told = "\n".join("\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"]) for part in parts)
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Sandbox-UCS2 def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{told}
endcmap
end
end""".encode()
