"""People and firms as records: one by the number of a certificate, with all cases and what was given for all."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric

from states.copyright.demonstration.papers import authorisation, page_of, signature
from tests.console.transcripts import spoken
from tests.registration.particulars import PERSON, applicant, owner, row


def person(body: str, **changes: object) -> dict[str, object]:
    return owner(PERSON, name="闻鹤鸣", certificate_number=body + ric.calc_check_digit(body + "0"), **changes)


ONE, NAMESAKE = person("51000019900101110"), person("51000019900101112", phone="13800400009")
NUMBER = str(ONE["certificate_number"])
ENDS = f"{NUMBER[:3]}****{NUMBER[-2:]}"


def answered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json", "--no-input"])
    assert ended == code, out + err
    return json.loads(out) if out else json.loads(err)["error"]


def imported(folder: Path, *rows: dict[str, object]) -> list[str]:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return [one["number"] for one in answered("case", "import", str(file))["data"]]


@pytest.fixture
def numbers(copied: Path, tmp_path: Path) -> list[str]:
    """Two matters of one person, and one of another person of the same name."""
    (tmp_path / "signature.png").write_bytes(signature("闻鹤鸣"))
    (tmp_path / "paper.pdf").write_bytes(authorisation("闻鹤鸣", "书"))
    return imported(
        tmp_path,
        row(full_name="甲软件", owners=[ONE]),
        row(full_name="乙软件", owners=[{**ONE, "id": "x", "phone": "13800400002"}], applicant=applicant(owner="x")),
        row(full_name="丙软件", owners=[NAMESAKE]),
    )


def given(folder: Path, *more: str, code: int = 0) -> Any:
    files = f"signature={folder / 'signature.png'}", f"authorisation={folder / 'paper.pdf'}"
    return answered("party", "give", ENDS, "specimen", *files, "authorised_on=2026-03-01", *more, code=code)


def specimen(number: str) -> Any:
    specimens = answered("case", "show", number)["data"]["specimens"]
    return next(iter(specimens.values()), None)


def test_an_owner_is_one_by_its_number_and_not_by_its_name(numbers: list[str]) -> None:
    assert answered("party", "show", "闻鹤鸣", code=2)["code"] == "usage"
    shown = answered("party", "show", NUMBER)
    assert [one["number"] for one in shown["cases"]] == numbers[:2]
    phones = [one["value"] for one in shown["shown"] if one["name"] == "phone"]
    assert phones == ["138****0002", "138****0001"]
    assert NUMBER not in json.dumps(answered("party", "list"))
    _, out, _ = spoken(["party", "show", ENDS])
    assert "乙软件 V1.0" in out
    assert "138****0002" in out


def test_a_specimen_given_once_serves_every_matter_of_its_owner(numbers: list[str], tmp_path: Path) -> None:
    # what was given for one matter serves no other
    paper = f"authorisation={tmp_path / 'paper.pdf'}"
    said = "owner=o1", f"signature={tmp_path / 'signature.png'}", paper, "authorised_on=2026-03-01"
    answered("case", "give", numbers[0], "specimen", *said)
    (first,) = imported(tmp_path, row(full_name="己软件", owners=[ONE]))
    assert specimen(numbers[0])["matters"] == "this"
    assert specimen(first) is None
    told = given(tmp_path, "until=2099-01-31")["data"]
    assert [(one["number"], one["refused"]) for one in told] == [(number, None) for number in (*numbers[:2], first)]
    (later,) = imported(tmp_path, row(full_name="丁软件", owners=[ONE]))
    (other,) = imported(tmp_path, row(full_name="戊软件", owners=[NAMESAKE]))
    carried = specimen(later)
    assert (carried["matters"], carried["until"], carried["given_in"]) == ("all", "2099-01-31", numbers[0])
    assert {one["kind"] for one in answered("case", "show", later)["documents"]} == {"signature", "authorisation"}
    assert (specimen(other), specimen(numbers[2])) == (None, None)
    (paper, *_) = answered("party", "show", NUMBER)["given"]
    assert (paper["name"], paper["authorised_on"], paper["until"]) == ("specimen", "2026-03-01", "2099-01-31")


def test_what_an_owner_took_back_is_used_in_no_matter(numbers: list[str], tmp_path: Path) -> None:
    given(tmp_path)
    answered("party", "give", ENDS, "revocation", "revoked_on=2026-03-02")
    assert [specimen(number)["revoked_on"] for number in numbers[:2]] == ["2026-03-02"] * 2
    (later,) = imported(tmp_path, row(full_name="丁软件", owners=[ONE]))
    assert specimen(later) is None
    told = answered("party", "give", ENDS, "revocation", "revoked_on=2026-03-02", code=1)["data"]
    assert all("no permission" in one["refused"] for one in told[:2])
    assert given(tmp_path, "until=2026-03-02", code=1)["data"][0]["refused"] == "the permission ended on 2026-03-02"


def test_what_was_given_for_all_matters_is_taken_back_in_all_of_them(numbers: list[str], tmp_path: Path) -> None:
    given(tmp_path)
    revoked = ("revocation", "owner=o1", "revoked_on=2026-03-02")
    error = answered("case", "give", numbers[0], *revoked, code=2)
    assert (error["code"], error["hint"].split(": ")[1]) == (
        "not_allowed", "caseward party give 闻鹤鸣 revocation revoked_on=2026-03-02",
    )  # fmt: skip
    error = answered("case", "give", numbers[0], *revoked, "matters=all", code=2)
    assert "caseward party give WHO revocation" in error["hint"]
    assert [specimen(number)["revoked_on"] for number in numbers[:2]] == [None, None]


def spoil(folder: Path, number: str) -> None:
    """Its data lacks what today's model asks."""
    with sqlite3.connect(folder / "caseward.db") as record:
        record.execute("UPDATE cases SET data = json_remove(data, '$.completed_on') WHERE number = ?", (number,))


def test_a_case_that_nobody_can_read_is_named_and_the_command_has_failed(
    copied: Path, numbers: list[str], tmp_path: Path
) -> None:
    given(tmp_path)
    spoil(copied, numbers[1])
    told = answered("party", "give", ENDS, "revocation", "revoked_on=2026-03-02", code=1)["data"]
    assert [one["number"] for one in told] == numbers[:2]
    assert (told[0]["refused"], "cannot be read" in told[1]["refused"]) == (None, True)
    assert specimen(numbers[0])["revoked_on"] == "2026-03-02"


def test_a_doubtful_permission_for_all_matters_is_compared_once(numbers: list[str], tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(page_of(["授权书：闻鹤鸣", "用于本人全部软件著作权登记，黑色签字"]))
    assert [one["doubtful"] for one in given(tmp_path)["data"]] == [True, True]
    seen = answered("case", "compare", numbers[0], "permission", "--out", str(tmp_path / "pair.pdf"))["seen"]
    said = ("paper=permission", "same=yes", "reason=signed in black")
    told = answered("party", "give", ENDS, "comparison", *said, "seen=123456", code=1)["data"]
    assert all("not what you saw" in one["refused"] for one in told)
    told = answered("party", "give", ENDS, "comparison", *said, f"seen={seen}")["data"]
    assert [one["refused"] for one in told] == [None, None]
    assert [answered("case", "show", number)["data"]["doubtful"] for number in numbers[:2]] == [{}, {}]
    (later,) = imported(tmp_path, row(full_name="丁软件", owners=[ONE]))
    assert specimen(later)["given_in"] == numbers[0]
