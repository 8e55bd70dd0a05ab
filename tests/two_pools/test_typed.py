"""What people type where two remotes are entered by accounts: each login is one of its remote."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.transcripts import spoken

pytestmark = pytest.mark.usefixtures("environment")
WHY = ("--reason", "she knows the client")
Typed = Any


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """A command with --json and what it reads from standard input; its answer, or the error that it ends with."""

    def run(*args: str, code: int = 0, stdin: str = "secret-1\n") -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        ended, out, err = spoken([*args, "--json"])
        assert ended == code, err or out
        if code:
            return json.loads(err)["error"]
        said = json.loads(out)
        return said["data"] if isinstance(said.get("data"), list) else said

    return run


def exported(tmp_path: Path, typed: Typed, **data: str) -> str:
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"goods": "tea"} | data), "utf-8")
    return str(typed("case", "create", str(file))[0]["number"])


def test_an_account_is_kept_at_the_remote_that_is_named(typed: Typed) -> None:
    error = typed("account", "add", "ada", code=2)
    assert ("--remote is missing" in error["detail"], "customs, bank" in error["hint"]) == (True, True)
    error = typed("account", "add", "ada", "--remote", "post", code=2)
    assert ("no remote post" in error["detail"], "customs, bank" in error["hint"]) == (True, True)
    for remote in ("customs", "bank"):
        typed("account", "add", "ada", "--remote", remote)
    typed("account", "add", "bob", "--remote", "bank")
    assert typed("account", "add", "bob", "--remote", "bank", code=5)["code"] == "conflict"
    listed = [(one["remote"], one["login"], one["number"]) for one in typed("account", "list")]
    assert listed == [("bank", "ada", "BA-0001"), ("bank", "bob", "BA-0002"), ("customs", "ada", "CA-0001")]
    assert [one["login"] for one in typed("account", "list", "--remote", "customs")] == ["ada"]
    shown = spoken(["account", "list"])[1]
    assert ("Remote" in shown, "customs" in shown) == (True, True)


def test_a_login_that_two_remotes_have_is_asked_for_its_remote(typed: Typed) -> None:
    for remote in ("customs", "bank"):
        typed("account", "add", "ada", "--remote", remote)
    error = typed("account", "retire", "ada", *WHY, code=2)
    assert ("several remotes have an account ada" in error["detail"], "bank, customs" in error["hint"]) == (True, True)
    assert typed("account", "retire", "ada", "--remote", "bank", *WHY)["number"] == "BA-0001"
    assert typed("account", "retire", "CA-0001", *WHY)["remote"] == "customs"
    assert typed("account", "restore", "ada", "--remote", "customs")["retired"] is None
    assert typed("account", "set-password", "ada", "--remote", "bank")["number"] == "BA-0001"


def test_a_file_of_accounts_is_one_remotes(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps([{"login": "ada", "password": "secret-1"}]), "utf-8")
    assert "--remote is missing" in typed("account", "import", str(file), code=2)["detail"]
    for remote, number in (("customs", "CA-0001"), ("bank", "BA-0001")):
        (row,) = typed("account", "import", str(file), "--remote", remote)
        assert (row["number"], row["already"]) == (number, False)
        (row,) = typed("account", "import", str(file), "--remote", remote)
        assert (row["number"], row["already"]) == (number, True)


def test_a_case_is_assigned_an_account_of_each_remote(typed: Typed, tmp_path: Path) -> None:
    for remote in ("customs", "bank"):
        typed("account", "add", "ada", "--remote", remote)
    typed("account", "add", "bob", "--remote", "bank")
    number = exported(tmp_path, typed)
    assert typed("case", "show", number)["accounts"] == {"bank": None, "customs": None}
    assert typed("case", "assign", number, "bob", *WHY)["accounts"] == {"bank": "bob", "customs": None}
    assert "several remotes" in typed("case", "assign", number, "ada", *WHY, code=2)["detail"]
    shown = typed("case", "assign", number, "ada", "--remote", "customs", *WHY)
    assert (shown["account"], shown["accounts"]) == ("ada", {"bank": "bob", "customs": "ada"})
    assert "bank: bob, customs: ada" in spoken(["case", "show", number])[1]
    history = spoken(["case", "history", number])[1]
    assert ("Account at bank: none → bob" in history, "Account at customs: none → ada" in history) == (True, True)
    assert "customs 账号" in spoken(["--lang", "zh", "case", "history", number])[1]


def test_rows_name_logins_by_remote(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_APP", "tests.two_pools.exports:with_logins")
    for remote in ("customs", "bank"):
        typed("account", "add", "ada", "--remote", remote)
    number = exported(tmp_path, typed, teller="ada", broker="ada")
    assert typed("case", "show", number)["accounts"] == {"bank": "ada", "customs": "ada"}
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"goods": "silk", "teller": "bob"}), "utf-8")
    (wrong,) = typed("case", "create", str(file), code=2)["errors"]
    assert (wrong["rule"], wrong["value"]) == ("unknown_account", "bob")


def test_an_account_of_another_remote_than_the_named_one_is_not_assigned(typed: Typed, tmp_path: Path) -> None:
    for login, remote in (("ada", "customs"), ("bob", "bank"), ("eve", "customs")):
        typed("account", "add", login, "--remote", remote)
    number = exported(tmp_path, typed)
    assert typed("case", "assign", number, "ada", "--remote", "bank", *WHY, code=3)["code"] == "not_found"
    assert typed("case", "assign", number, "bob", "--remote", "customs", *WHY, code=3)["code"] == "not_found"
    assert typed("case", "show", number)["accounts"] == {"bank": None, "customs": None}
    moved = typed("case", "assign", number, "eve", "--remote", "customs", *WHY)
    assert moved["accounts"] == {"bank": None, "customs": "eve"}


@pytest.mark.parametrize(
    "command",
    [
        ["account", "list"],
        ["account", "refresh"],
        ["account", "refresh", "ada"],
        ["account", "answer", "ada"],
        ["account", "login", "ada"],
        ["account", "set-password", "ada"],
        ["account", "retire", "ada", *WHY],
        ["account", "restore", "ada"],
        ["case", "assign", "EX-0001", "ada", *WHY],
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_a_remote_that_no_accounts_enter_is_named_by_every_command(
    typed: Typed, tmp_path: Path, command: list[str]
) -> None:
    typed("account", "add", "ada", "--remote", "bank")
    exported(tmp_path, typed)
    error = typed(*command, "--remote", "bnak", code=2)
    assert ("no remote bnak" in error["detail"], "bank" in error["hint"]) == (True, True)


def test_doctor_tells_of_accounts_that_no_system_keeps(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    for login, remote in (("ada", "customs"), ("bob", "bank"), ("eve", "bank"), ("may", "bank")):
        typed("account", "add", login, "--remote", remote)
    typed("account", "retire", "may", *WHY)
    assert "accounts" not in {one["check"] for one in typed("doctor")}
    monkeypatch.setenv("CASEWARD_APP", "tests.demonstration.till:system")
    found = {one["check"]: one for one in typed("doctor")}
    assert found["accounts"]["mark"] == "mind"
    for language, cure in (("en", "switch their system on"), ("zh-CN", "启用所属系统")):
        assert "bank (2), customs (1)" in found["accounts"]["said"][language]
        assert cure in found["accounts"]["cure"][language]
    assert "customs_accounts (1)" in found["flows"]["said"]["en"]
    code, out, _ = spoken(["system", "check"])
    assert (code, "on record: caseward doctor" in " ".join(out.split())) == (0, True)
