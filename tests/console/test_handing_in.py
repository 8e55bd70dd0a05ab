"""Papers and codes that people hand in: looked into first, then filed, and a code is never shown again."""

import io
import json
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from pypdf import PdfWriter

from adapters.papers.page_pictures import page_of_picture, page_pictures
from states.copyright.demonstration.papers import agreement, authorisation, page_of, signature
from tests.console.stage import SAMPLES
from tests.console.transcripts import spoken

OWNER = "李四"
TOGETHER = "RZ-0005"
"""Two institutions who developed together."""
TITLE = "江川水文站泥沙图像测量系统"
PARTIES = ["江川流域水文技术中心", "宜昌澄观测绘仪器有限公司"]


def answered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json", "--no-input"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def pdf(pages: int = 1, password: str = "") -> bytes:
    writer, held = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(held)
    return held.getvalue()


def picture(width: int = 200, height: int = 80) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def desk(copied: Path, tmp_path: Path) -> Path:
    """Papers of every kind, good and bad."""
    pillow_heif.register_heif_opener()
    photo, (shown,) = io.BytesIO(), page_pictures(agreement(TITLE, PARTIES), 600)
    shown.picture.save(photo, "HEIF", enc_params={"preset": "ultrafast"})
    papers = {
        "agreement.pdf": agreement(TITLE, PARTIES), "unsigned.pdf": agreement("x", PARTIES[:0]),
        "scan.pdf": page_of_picture(photo.getvalue()), "text.pdf": page_of(["签章页", TITLE, *PARTIES], 2),
        "photo.heic": photo.getvalue(), "page.pdf": pdf(), "long.pdf": pdf(61), "none.pdf": pdf(0),
        "locked.pdf": pdf(1, "secret"), "broken.pdf": b"%PDF-1.7 and then nothing", "empty.pdf": b"",
        "picture.pdf": picture(), "signature.png": signature("x"), "dot.png": picture(8, 8),
        "broken.png": b"\x89PNG\r\n\x1a\n and then nothing", "text.png": b"hello",
    }  # fmt: skip
    for name, content in papers.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def owner_of(number: str) -> dict[str, Any]:
    owners: list[dict[str, Any]] = answered("case", "show", number)["data"]["owners"]
    return owners[0]


def test_an_agreement_is_filed_and_a_new_one_takes_its_place(desk: Path) -> None:
    answered("case", "upload", TOGETHER, "agreement", str(desk / "agreement.pdf"))
    first = answered("case", "show", TOGETHER)["data"]["agreement"]
    assert first["name"] == "agreement.pdf"
    answered("case", "upload", TOGETHER, "agreement", str(desk / "agreement.pdf"), str(desk / "photo.heic"))
    case = answered("case", "show", TOGETHER)
    assert case["data"]["agreement"]["digest"] != first["digest"]
    assert [document["kind"] for document in case["documents"]].count("agreement") == 2


def mark(folder: Path, number: str, paper: str) -> str:
    """A person looks at a doubtful paper; the mark of what he saw."""
    pair = folder / f"pair-{len(list(folder.iterdir()))}.pdf"
    return str(answered("case", "compare", number, paper, "--out", str(pair))["seen"])


def test_a_doubtful_agreement_waits_for_a_person_and_is_no_agreement_before(desk: Path) -> None:
    answered("case", "upload", TOGETHER, "agreement", str(desk / "unsigned.pdf"))
    data = answered("case", "show", TOGETHER)["data"]
    assert data["agreement"] is None
    doubts = [(one["code"], one["name"]) for one in data["doubtful"]["agreement"]["doubts"]]
    assert doubts == [("no_title", None), *(("no_owner", name) for name in PARTIES), ("no_colour", None)]
    compare = ("case", "compare", TOGETHER)
    assert "--yes | --no" in answered(*compare, "agreement", "--reason", "x", code=2)["detail"]
    assert "--seen" in answered(*compare, "agreement", "--yes", "--reason", "x", code=2)["detail"]
    wrong = ("--yes", "--seen", "123456", "--reason", "x")
    assert "no doubtful seal-page" in answered(*compare, "seal-page", *wrong, code=2)["detail"]
    seen = mark(desk, TOGETHER, "agreement")
    answered("case", "upload", TOGETHER, "agreement", str(desk / "scan.pdf"))
    error = answered(*compare, "agreement", "--yes", "--seen", seen, "--reason", "signed in black", code=2)
    assert (error["code"], "--out" in error["hint"]) == ("changed", True)
    answered("case", "upload", TOGETHER, "agreement", str(desk / "unsigned.pdf"))
    answered(*compare, "agreement", "--yes", "--seen", seen[:12], "--reason", "signed in black")
    data = answered("case", "show", TOGETHER)["data"]
    assert (data["agreement"]["name"], data["doubtful"]) == ("unsigned.pdf", {})
    assert [(one["same"], one["reason"]) for one in data["compared"]] == [(True, "signed in black")]


@pytest.mark.parametrize(("name", "doubt"), [("photo.heic", "unread"), ("scan.pdf", "unread"), ("text.pdf", "no_kind")])
def test_what_cannot_be_read_or_is_another_kind_of_paper_is_no_agreement(desk: Path, name: str, doubt: str) -> None:
    answered("case", "upload", TOGETHER, "agreement", str(desk / name))
    data = answered("case", "show", TOGETHER)["data"]
    assert data["agreement"] is None
    assert [one["code"] for one in data["doubtful"]["agreement"]["doubts"]] == [doubt]


@pytest.mark.parametrize(
    ("kind", "name", "number", "said"),
    [
        ("agreement", "agreement.pdf", "RZ-0001", "no cooperation agreement"),
        ("agreement", "page.pdf", "RZ-0005", "page 1 is empty"),
        ("seal-page", "agreement.pdf", "RZ-0005", "no use in the state"),
    ],
)
def test_a_paper_that_has_no_use_is_refused(desk: Path, kind: str, name: str, number: str, said: str) -> None:
    code, _, err = spoken(["case", "upload", number, kind, str(desk / name), "--json"])
    assert code != 0
    assert said in json.loads(err)["error"]["detail"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.pdf", "shows no stroke"), ("locked.pdf", "locked"), ("none.pdf", "no page"),
        ("broken.pdf", "is cut off"), ("empty.pdf", "is empty"), ("long.pdf", "61 pages"),
    ],
)  # fmt: skip
def test_a_paper_that_is_none_is_refused_with_its_name_and_leaves_no_trace(desk: Path, name: str, said: str) -> None:
    before = answered("case", "show", "RZ-0001")["version"]
    error = answered("case", "upload", "RZ-0001", "agreement", str(desk / name), code=2)
    assert (name in error["detail"], said in error["detail"]) == (True, True)
    assert answered("case", "show", "RZ-0001")["version"] == before


def test_a_file_that_is_not_there_is_named(desk: Path) -> None:
    error = answered("case", "upload", "RZ-0001", "agreement", str(desk / "lost.pdf"), code=2)
    assert "lost.pdf: no such file" in error["detail"]


def permit(folder: Path, paper: bytes) -> Any:
    """RZ-0001 is given its owner's specimen with this permission; what became of it."""
    (folder / "permission.pdf").write_bytes(paper)
    said = (f"signature={folder / 'signature.png'}", f"authorisation={folder / 'permission.pdf'}")
    whose = (f"owner={owner_of('RZ-0001')['id']}", "authorised_on=2090-03-07")
    answered("case", "give", "RZ-0001", "specimen", *said, *whose)
    return answered("case", "show", "RZ-0001")["data"]


def test_a_specimen_comes_with_its_owner_and_a_dated_permission(desk: Path) -> None:
    owner, title = owner_of("RZ-0001"), answered("case", "show", "RZ-0001")["data"]["full_name"]
    (desk / "permission.pdf").write_bytes(authorisation(owner["name"], title))
    papers = (str(desk / "signature.png"), "--authorisation", str(desk / "permission.pdf"))
    answered(
        "case", "upload", "RZ-0001", "specimen", *papers, "--owner", owner["name"], "--authorised-on", "2090-03-07"
    )
    data = answered("case", "show", "RZ-0001")["data"]
    kept = data["specimens"][owner["id"]]
    assert (kept["authorised_on"], kept["signature"]["media_type"]) == ("2090-03-07", "image/png")
    assert data["doubtful"] == {}


def test_a_permission_of_another_for_another_software_or_unsigned_waits_for_a_person(desk: Path) -> None:
    owner, title = owner_of("RZ-0001"), answered("case", "show", "RZ-0001")["data"]["full_name"]
    name, paper = owner["name"], f"permission.{owner['id']}"

    def doubts(content: bytes) -> list[str]:
        found = permit(desk, content)["doubtful"]
        return [one["code"] for one in found[paper]["doubts"]] if found else []

    assert doubts(authorisation("某人", title)) == ["no_owner"]
    assert doubts(authorisation(name, "另一软件")) == ["no_title"]
    assert doubts(page_of([f"授权书：{name}", title])) == ["no_colour"]
    assert doubts(agreement(title, [name])) == ["no_kind"]
    assert doubts(page_of_picture((desk / "photo.heic").read_bytes())) == ["unread"]
    seen = mark(desk, "RZ-0001", "permission")
    answered("case", "compare", "RZ-0001", "permission", "--no", "--seen", seen, "--reason", "it is another's")
    data = answered("case", "show", "RZ-0001")["data"]
    assert (data["specimens"], data["doubtful"]) == ({}, {})
    permit(desk, page_of([f"授权书：{name}", title]))
    seen = mark(desk, "RZ-0001", paper)
    answered("case", "compare", "RZ-0001", paper, "--yes", "--seen", seen, "--reason", "signed in black")
    data = answered("case", "show", "RZ-0001")["data"]
    assert (list(data["specimens"]), data["doubtful"]) == ([owner["id"]], {})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--owner", "o1", "--authorised-on", "2090-03-07"], "--authorisation is missing"),
        (["--authorisation", "agreement.pdf", "--authorised-on", "2090-03-07"], "--owner is missing"),
        (["--owner", "o1", "--authorisation", "agreement.pdf"], "--authorised-on is missing"),
        (["--owner", "nobody", "--authorisation", "agreement.pdf", "--authorised-on", "2090-03-07"], "no owner nobody"),
        (["--owner", "o1", "--authorisation", "agreement.pdf", "--authorised-on", "2091-01-01"], "has not come yet"),
        (["--owner", "o1", "--authorisation", "agreement.pdf", "--authorised-on", "7 March"], "7 March"),
        (["--owner", "o1", "--authorisation", "text.png", "--authorised-on", "2090-03-07"], "not the right kind"),
    ],
)
def test_a_specimen_without_its_permission_goes_nowhere(desk: Path, given: list[str], said: str) -> None:
    paths = [str(desk / each) if each.endswith((".pdf", ".png")) else each for each in given]
    error = answered("case", "upload", "RZ-0001", "specimen", str(desk / "signature.png"), *paths, code=2)
    assert said in error["detail"]
    assert answered("case", "show", "RZ-0001")["data"]["specimens"] == {}


@pytest.mark.parametrize(("name", "said"), [("dot.png", "8×8"), ("broken.png", "cut off"), ("text.png", "?")])
def test_a_signature_is_a_picture_that_can_be_read(desk: Path, name: str, said: str) -> None:
    assert said in answered("case", "upload", "RZ-0001", "specimen", str(desk / name), code=2)["detail"]


def test_papers_go_to_registrations_alone(desk: Path) -> None:
    page = str(desk / "page.pdf")
    assert answered("case", "upload", "ZH-0001", "agreement", page, code=6)["code"] == "not_allowed"
    assert answered("case", "upload", "RZ-0001", "agreement", page, "--owner", "o1", code=2)["code"] == "usage"


def test_a_number_of_a_person_that_strayed_in_is_not_shown_whole(copied: Path) -> None:
    for number in ("510000199403172184", "13800400017", "91990000MAD7QX017W"):
        for language in ("en", "zh"):
            for more in ([], ["--json"]):
                code, _, err = spoken(["--lang", language, "case", "code", "RZ-0001", "--owner", number, *more])
                assert (code, number in err, f"{number[:3]}****{number[-2:]}" in err) == (2, False, True)


@pytest.mark.parametrize("said", ["拾光\u3164", "\u2800", "a\u202eb", "a\u200bb", "\udcff", "\U000e0041x", "\x1b[2J"])
def test_a_word_with_a_character_that_shows_nothing_is_refused_at_every_command(copied: Path, said: str) -> None:
    for args in (["case", "note", "RZ-0001", said], ["case", "hold", "RZ-0001", "--reason", said],
                 ["case", "show", said], ["account", "add", "office-9", f"--notes={said}"]):  # fmt: skip
        code, _, err = spoken([*args, "--no-input"])
        assert (code, "shows nothing" in err) == (2, True)


@pytest.mark.parametrize(
    "result", ["[" * 100_000, '{"a":' * 5000, '{"a": NaN}', '{"a": "\\ud800"}', "[]", "1e999", "{"]
)
def test_a_result_that_cannot_be_kept_is_refused(copied: Path, result: str) -> None:
    args = ["case", "settle", "RZ-0001", "pay_order", "--happened", "--reason", "he rang them", "--result", result]
    code, _, err = spoken(args)
    assert (code, "--result" in err, len(err) < 600) == (2, True, True)


def test_one_registration_opens_one_case(environment: Path, tmp_path: Path) -> None:
    first, second, *_ = json.loads((SAMPLES / "registrations.json").read_text("utf-8"))
    files = {"one.json": first, "list.json": [second], "two.json": [first, second]}
    for row in (first, second):
        row.pop("account", None)
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    assert answered("case", "create", str(tmp_path / "one.json"))["data"][0]["number"] == "RZ-0001"
    assert answered("case", "create", str(tmp_path / "list.json"))["data"][0]["number"] == "RZ-0002"
    assert "2 rows" in answered("case", "create", str(tmp_path / "two.json"), code=2)["detail"]
    assert answered("case", "create", str(tmp_path / "lost.json"), code=2)["code"] == "bad_input"
    assert answered("case", "create", str(tmp_path / "one.json"))["data"][0]["already"] is True
