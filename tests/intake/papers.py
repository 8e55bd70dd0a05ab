"""Papers and pictures, good and bad, made for these tests; nothing here is made by the code that looks into them."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from caseward.sandbox import pdf as written

Name, Words = NameObject, TextStringObject


def paper(*lines: str) -> bytes:
    return written.write([[written.Text(72, 700, line)] for line in lines or ("一页",)])


def changed(**root: object) -> bytes:
    """A paper whose catalogue has these entries too."""
    writer = PdfWriter(clone_from=io.BytesIO(paper()))
    for key, value in root.items():
        writer.root_object[Name(f"/{key}")] = value
    return saved(writer)


def saved(writer: PdfWriter) -> bytes:
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def locked(user: str, owner: str, algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(paper()))
    writer.encrypt(user, owner, algorithm=algorithm)
    return saved(writer)


def acting(kind: str, **more: object) -> DictionaryObject:
    return DictionaryObject({Name("/S"): Name(f"/{kind}"), **{Name(f"/{key}"): value for key, value in more.items()}})


def with_annotation(subtype: str, **more: object) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(paper()))
    annotation = DictionaryObject(
        {
            Name("/Type"): Name("/Annot"),
            Name("/Subtype"): Name(f"/{subtype}"),
            Name("/Rect"): ArrayObject([NumberObject(0)] * 4),
            **{Name(f"/{key}"): value for key, value in more.items()},
        }
    )
    writer.pages[0][Name("/Annots")] = ArrayObject([annotation])
    return saved(writer)


def with_attachment() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(paper()))
    writer.add_attachment("notes.txt", b"hidden")
    return saved(writer)


def with_script() -> bytes:
    """In the list of scripts that a reader runs when it opens the document."""
    script = acting("JavaScript", JS=Words("app.alert(1)"))
    listed = DictionaryObject({Name("/Names"): ArrayObject([Words("first"), script])})
    return changed(Names=DictionaryObject({Name("/JavaScript"): listed}))


def spelt_otherwise() -> bytes:
    """A name may be written with its letters as numbers: /JavaScript and /J#61vaScript are one."""
    plain = changed(OpenAction=acting("JavaScript", JS=Words("app.alert(1)")))
    return plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


def bomb() -> bytes:
    """A page whose content unpacks to a gigabyte."""
    import zlib

    packer, blanks, checked = zlib.compressobj(9), bytes(1 << 20), 1
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)  # complete, so that it may be repeated
    for _ in range(1024):
        checked = zlib.adler32(blanks, checked)
    # a head of two bytes, the blocks, an empty last one, and the sum of all
    packed = block + block[2:] * 1023 + b"\x03\x00" + checked.to_bytes(4, "big")
    head = b"%PDF-1.5\n"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    return _file(head, objects)


def round_about() -> bytes:
    """Pages that are their own children."""
    return _file(
        b"%PDF-1.5\n",
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 /Parent 2 0 R >>"],
    )


def by_hand(catalogue: bytes = b"", page: bytes = b"", content: bytes = b"", more: tuple[bytes, ...] = ()) -> bytes:
    """One page, written out; more: the objects from number 5 on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % page,
        b"<< /Length 8 %s >>\nstream\nBT ET q \nendstream" % content,
        *more,
    ]
    return _file(b"%PDF-1.5\n", objects)


LINK = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>"
HELD = b"<< /Type /XObject %s /Length 1 >>\nstream\n0\nendstream"


def behind_references() -> Mapping[str, tuple[bytes, str]]:
    """What acts or leads out, where only a reference leads to what it is; and what leads out in other words."""
    there = b"/Resources << /XObject << /X 5 0 R >> >>"
    picture = b"/Subtype /Image /Width 1 /Height 1 "
    other = HELD % b"/Subtype 6 0 R /BBox [0 0 1 1] /Ref 7 0 R"
    opens = {
        "launch": (b"<< /S 5 0 R /F (cmd.exe) >>", (b"/Launch",), "Launch"),
        "launch-twice": (b"<< /S 5 0 R /F (cmd.exe) >>", (b"6 0 R", b"/Launch"), ""),
        "submit": (b"<< /S 5 0 R /F (http://a) >>", (b"/SubmitForm",), "SubmitForm"),
        "unknown": (b"<< /S /OpensADoor >>", (), "OpensADoor"),
        "after": (b"<< /S /GoTo /Next [<< /S /URI /URI (http://a) /Next << /S /Hide >> >>] >>", (), "Hide"),
        "prints": (b"<< /S /Named /N /Print >>", (), "Named"),
        "thread": (b"<< /S /Thread /F (//host/share/x.pdf) /D 0 >>", (), "Thread"),
        "address-of-a-file": (b"<< /S /URI /URI (file:///c:/calc.exe) >>", (), "URI"),
        "address-of-a-disk": (b"<< /S /URI /URI (C:/calc.exe) >>", (), "URI"),
        "address-of-a-share": (b"<< /S /URI /URI (\\\\\\\\host\\\\share) >>", (), "URI"),
        "address-of-a-script": (b"<< /S /URI /URI (java\\nscript:alert\\(1\\)) >>", (), "URI"),
        "address-behind": (b"<< /S /URI /URI 5 0 R >>", (b"(search-ms:query=a)",), "URI"),
    }
    return {
        **{
            f"opens-{name}": (by_hand(b"/OpenAction " + done, more=more), said)
            for name, (done, more, said) in opens.items()
        },
        "link-submit": (
            by_hand(page=b"/Annots [6 0 R]", more=(b"/SubmitForm", LINK % b"<< /S 5 0 R >>")),
            "SubmitForm",
        ),
        "pinned-behind": (
            by_hand(page=b"/Annots [<< /Subtype 5 0 R /FS (x.exe) >>]", more=(b"/FileAttachment",)),
            "FileAttachment",
        ),
        "base-of-addresses": (by_hand(b"/URI << /Base (file:///) >>"), "URI"),
        "portfolio": (by_hand(b"/Collection << /View /T >>"), "Collection"),
        "content-elsewhere": (by_hand(content=b"/F (//host/share/x)"), "(F)"),
        "picture-elsewhere": (
            by_hand(page=there, more=(HELD % (picture + b"/F << /FS /URL /F (http://a) >>"),)),
            "(F)",
        ),
        "picture-by-proxy": (by_hand(page=there, more=(HELD % (picture + b"/OPI << >>"),)), "OPI"),
        "page-of-another": (by_hand(page=there, more=(other, b"/Form", b"<< /F (//host/x.pdf) /Page 0 >>")), "Ref"),
    }


NOTHING = b"<< /Length 0 >>\nstream\n\nendstream"
TREE = b"<< /Kids [6 0 R 6 0 R] >>"
EMPTY: Mapping[str, tuple[bytes, tuple[bytes, ...]]] = {
    "names": (b"/Names << >>", ()),
    "names-behind": (b"/Names 5 0 R", (b"<< /Dests << /Names [] >> >>",)),
    "actions": (b"/AA << >>", ()),
    "actions-behind": (b"/AA 5 0 R", (b"<< /WC 6 0 R >>", b"null")),
    "scripts": (b"/Names << /JavaScript << /Names [] >> >>", ()),
    "files": (b"/Names << /EmbeddedFiles << /Names [ ] >> >>", ()),
    "files-behind": (b"/Names << /EmbeddedFiles 5 0 R >>", (TREE, b"<< /Limits [() ()] /Names [] >>")),
    "files-round-about": (b"/Names << /EmbeddedFiles 5 0 R >>", (TREE, b"<< /Kids [5 0 R 5 0 R] >>")),
    "file": (b"/AF [<< /Type /Filespec /F (a.txt) /EF << >> >>]", ()),
    "form": (b"/AcroForm << /Fields [] /XFA [] >>", ()),
    "form-null": (b"/AcroForm << /Fields [] /XFA null >>", ()),
    "form-behind": (b"/AcroForm << /Fields [] /XFA 5 0 R >>", (NOTHING,)),
}
"""What many programs write where they have nothing to write."""


def nearly_empty() -> Mapping[str, tuple[bytes, str]]:
    """The same with a single thing in it."""
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    leaf = b"<< /Names [(a) << /Type /Filespec /F (a.exe) >>] >>"
    data = b"<< /Length 6 >>\nstream\n<xdp/>\nendstream"
    made = {
        "actions": (b"/AA << /WC << /S /GoTo /D [3 0 R /Fit] >> >>", (), "AA"),
        "actions-behind": (b"/AA 5 0 R", (b"<< /WC 6 0 R >>", script), "AA"),
        "scripts": (
            b"/Names << /JavaScript << /Kids [5 0 R] >> >>",
            (b"<< /Names [(a) 6 0 R] >>", script),
            "JavaScript",
        ),
        "files": (b"/Names << /EmbeddedFiles 5 0 R >>", (TREE, leaf), "EmbeddedFiles"),
        "file": (b"/AF [<< /Type /Filespec /EF << /F 5 0 R >> >>]", (data,), "EmbeddedFiles"),
        "form": (b"/AcroForm << /XFA [(datasets) 5 0 R] >>", (data,), "XFA"),
        "form-behind": (b"/AcroForm << /XFA 5 0 R >>", (data,), "XFA"),
        "portfolio": (b"/Collection << >>", (), "Collection"),
    }
    return {f"nearly-{name}": (by_hand(root, more=more), said) for name, (root, more, said) in made.items()}


def harmless() -> Mapping[str, bytes]:
    """What leads to a page, a letter or a page of the web, and names that mean something else where they stand."""
    return {
        "leads-to-a-page": by_hand(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        "next-page": by_hand(page=b"/Annots [5 0 R]", more=(LINK % b"<< /S /Named /N /NextPage >>",)),
        "letter": by_hand(page=b"/Annots [5 0 R]", more=(LINK % b"<< /S /URI /URI (mailto:a@b.example) >>",)),
        "address": by_hand(page=b"/Annots [5 0 R]", more=(LINK % b"<< /S /URI /URI (HTTPS://a.example/?x=1:2) >>",)),
        "address-without-scheme": by_hand(page=b"/Annots [5 0 R]", more=(LINK % b"<< /S /URI /URI (a.example/b) >>",)),
        "thread-of-its-own": by_hand(b"/OpenAction << /S /Thread /D 0 >>"),
        "structure": by_hand(b"/StructTreeRoot << /K << /S /P /A << /O /Layout /Placement /Block >> /Ref [] >> >>"),
        **{f"empty-{name}": by_hand(catalogue, more=more) for name, (catalogue, more) in EMPTY.items()},
        "empty-actions-of-a-page": by_hand(page=b"/AA << /O null /C << >> >>"),
        "group": by_hand(page=b"/Group << /S /Transparency /CS /DeviceRGB >>"),
    }


def _file(head: bytes, objects: list[bytes]) -> bytes:
    out, places = bytearray(head), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def refused_papers() -> Mapping[str, tuple[bytes, str]]:
    """By name: the content and a word of the cause."""
    script = acting("JavaScript", JS=Words("app.alert(1)"))
    launch = acting("Launch", F=Words("calc.exe"))
    whole = paper()
    return {
        "script": (with_script(), "JavaScript"),
        "opens-script": (changed(OpenAction=script), "JavaScript"),
        "spelt-otherwise": (spelt_otherwise(), "JavaScript"),
        "opens-launch": (changed(OpenAction=launch), "Launch"),
        "link-launch": (with_annotation("Link", A=launch), "Launch"),
        "page-open": (changed(AA=DictionaryObject({Name("/O"): script})), "AA"),
        "after-harmless": (changed(OpenAction=acting("URI", URI=Words("http://a"), Next=launch)), "Launch"),
        "sends-form": (with_annotation("Link", A=acting("SubmitForm")), "SubmitForm"),
        "attachment": (with_attachment(), "EmbeddedFiles"),
        "pinned-file": (with_annotation("FileAttachment", FS=DictionaryObject()), "FileAttachment"),
        "film": (with_annotation("RichMedia"), "RichMedia"),
        **behind_references(),
        **nearly_empty(),
        "xfa": (changed(AcroForm=DictionaryObject({Name("/XFA"): Words("<xdp/>")})), "XFA"),
        "user-password": (locked("secret", "owner"), "password"),
        "user-password-rc4": (locked("secret", "owner", "RC4-128"), "password"),
        "half": (whole[: len(whole) // 2], "cut off"),
        "end-missing": (whole[:-8], "cut off"),
        "no-pages": (saved(PdfWriter()), "no page"),
        "round-about": (round_about(), ""),
        "bomb": (bomb(), ""),
        "end-only": (b"%PDF-1.7\n%%EOF", "cannot be opened"),
        "word": (b"PK\x03\x04" + b"word/document.xml" * 9, "right kind of file (Word)"),
        "page-of-the-web": (b"<html>%PDF-1.4 %%EOF</html>", "right kind of file (HTML)"),
    }


def taken_papers() -> Mapping[str, bytes]:
    turned = PdfWriter(clone_from=io.BytesIO(paper()))
    turned.pages[0].rotate(90)
    linked = with_annotation("Link", A=acting("URI", URI=Words("https://example.com")))
    first = ArrayObject([PdfReader(io.BytesIO(paper())).pages[0].indirect_reference or NumberObject(0), Name("/Fit")])
    return {
        "plain": paper(),
        "byte-order-mark": b"\xef\xbb\xbf" + paper(),
        "line-break": b"\r\n" + paper(),
        "anything-after": paper() + b"\n" * 900,
        "owner-only-aes": locked("", "owner"),
        "owner-only-rc4": locked("", "owner", "RC4-128"),
        "turned": saved(turned),
        "link": linked,
        "opens-at-a-page": changed(OpenAction=first),
    }


def picture(width: int = 200, height: int = 80, mode: str = "RGB", kind: str = "PNG", **saving: object) -> bytes:
    held = io.BytesIO()
    made = Image.effect_noise((width, height), 60)
    (made if mode == "L" else made.convert("L").convert(mode)).save(held, kind, **saving)
    return held.getvalue()
