"""`account retire` and `restore`, `case assign`: what people say about the pool of logins, and what they are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.console.stage import SAMPLES
from tests.console.test_orders import event, ordered
from tests.console.transcripts import spoken

pytestmark = pytest.mark.usefixtures("copied")
WHY = ("--reason", "版权中心停用了该账号")


def account_of(number: str) -> str:
    row = next(row for row in ordered("case", "list")["data"] if row["number"] == number)
    return str(row["account"])


def other_than(login: str) -> str:
    return next(str(row["login"]) for row in ordered("account", "list")["data"] if row["login"] != login)


def test_a_retired_account_names_the_cases_that_lean_on_it_and_is_restored() -> None:
    login = account_of("RZ-0006")
    retired = ordered("account", "retire", login, *WHY)
    assert (retired["login"], retired["retired"], retired["leased_by"]) == (login, WHY[1], None)
    assert "RZ-0006" in retired["leaning"]
    own = retired["number"]
    assert retired["cases"] == len(retired["leaning"])
    assert own not in retired["leaning"]
    assert (event(own, "held")["reason"], ordered("case", "show", own)["held"]) == (WHY[1], WHY[1])
    assert ordered("account", "retire", login, *WHY, code=6)["code"] == "not_allowed"
    assert "account restore" in ordered("case", "resume", own, code=5)["hint"]
    assert "account restore" in ordered("account", "refresh", login, code=5)["hint"]
    assert "account restore" in ordered("account", "login", login, code=5)["hint"]
    restored = ordered("account", "restore", login, "--reason", "已恢复")
    assert (restored["retired"], ordered("case", "show", own)["held"]) == (None, None)


def test_a_retirement_on_an_older_version_than_its_own_case_has_is_a_conflict() -> None:
    for order in ("retire", "restore"):
        error = ordered("account", order, "lanxi-rz-01", *WHY, "--version", "77", code=5)
        assert "you saw 77" in error["detail"]


def test_both_languages_say_that_an_account_is_retired_and_what_leans_on_it() -> None:
    login = account_of("RZ-0006")
    for language, said, seat in (("en", "is retired", "retired"), ("zh", "已停用", "已停用")):
        code, out, _ = spoken(["--lang", language, "account", "retire", login, *WHY])
        assert (code, said in out, "RZ-0006" in out, "caseward case assign RZ-" in out) == (0, True, True, True)
        assert seat in spoken(["--lang", language, "account", "list"])[1]
        own = next(row["number"] for row in ordered("account", "list")["data"] if row["login"] == login)
        assert said in spoken(["--lang", language, "case", "history", own])[1]
        assert spoken(["--lang", language, "account", "restore", login])[0] == 0


def test_why_of_a_case_whose_account_is_retired_says_who_can_help_and_by_which_command() -> None:
    login = account_of("RZ-0006")
    ordered("account", "retire", login, *WHY)
    why = ordered("case", "why", "RZ-0006")
    assert (why["reason"], why["who"], why["standing"]) == ("account_retired", "operator", "blocked")
    assert why["cure"] == f"caseward case assign RZ-0006 {other_than(login)} --reason TEXT"
    assert all(login in said for said in why["headline"].values())
    assert all(WHY[1] in said for said in why["headline"].values())
    moved = ordered("case", "assign", "RZ-0006", other_than(login), *WHY)
    assert (moved["account"], moved["reason"] != "account_retired") == (other_than(login), True)
    assert event("RZ-0006", "changed")["reason"] == WHY[1]
    assert f"{login} → {other_than(login)}" in spoken(["case", "history", "RZ-0006"])[1]


def test_a_move_is_refused_with_the_reason_in_both_languages() -> None:
    login = account_of("RZ-0006")
    assert ordered("case", "assign", "RZ-0006", "nobody", *WHY, code=3)["code"] == "not_found"
    assert "already" in ordered("case", "assign", "RZ-0006", login, *WHY, code=6)["detail"]
    assert ordered("case", "assign", "RZ-0004", other_than(account_of("RZ-0004")), *WHY, code=5)["code"] == "conflict"
    other = other_than(login)
    ordered("account", "retire", other, *WHY)
    code, _, err = spoken(["--lang", "zh", "case", "assign", "RZ-0006", other, *WHY])
    assert (code, f"账号 {other} 已停用" in err) == (6, True)


def test_what_was_placed_under_the_account_keeps_a_case_there_unless_it_is_said_even_so() -> None:
    ordered("case", "settle", "RZ-0004", "confirm", "--happened", "--reason", "查过了")
    other = other_than(account_of("RZ-0004"))
    assert "--even-so" in ordered("case", "assign", "RZ-0004", other, *WHY, code=6)["detail"]
    assert "留在该账号下" in spoken(["--lang", "zh", "case", "assign", "RZ-0004", other, *WHY])[2]
    assert ordered("case", "assign", "RZ-0004", other, *WHY, "--even-so")["account"] == other


def test_a_file_may_not_name_a_retired_account(tmp_path: Path) -> None:
    login = account_of("RZ-0006")
    ordered("account", "retire", login, *WHY)
    row = json.loads((SAMPLES / "registrations.json").read_text())[0]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([row | {"account": login, "full_name": "另一软件"}]))
    error = ordered("case", "import", str(file), code=2)
    assert [one["rule"] for one in error["errors"]] == ["retired_account"]
