"""Cases that are taken in with full-auto off wait for `case begin`, which shows what they cost and asks for the sum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.stage import SAMPLES
from tests.console.transcripts import spoken
from tests.registration.particulars import row

CUSTOMERS = ("澜汐", "澜汐", "云岫")


@pytest.fixture(autouse=True)
def taken_in(environment: Path, tmp_path: Path) -> None:
    """Two matters of one customer and one of another, of which nothing is done yet; the last stands at the bureau."""
    rows = [row(full_name=f"待办软件{place}", customer=name) for place, name in enumerate(CUSTOMERS)]
    rows[2] |= {"filing_number": "F0000009", "account": "lanxi-rz-01"}
    assert spoken(["account", "import", str(SAMPLES / "accounts.json")])[0] == 0
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    code, out, err = spoken(["case", "import", str(file), "--auto-off"])
    assert code == 0, err
    assert "caseward case begin" in out


def autos() -> dict[str, bool]:
    found = json.loads(spoken(["case", "list", "--flow", "copyright", "--json"])[1])["data"]
    return {one["number"]: one["auto"] for one in found}


def begun(*args: str) -> dict[str, Any]:
    code, out, err = spoken(["case", "begin", *args, "--json"])
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


OFF = {"RZ-0001": False, "RZ-0002": False, "RZ-0003": False}


def test_nothing_is_begun_before_the_sum_is_agreed_to() -> None:
    assert autos() == OFF
    code, out, _ = spoken(["case", "begin", "--dry"])
    assert code == 0
    assert "600.00 CNY" in " ".join(out.split())
    assert autos() == OFF
    code, _, err = spoken(["case", "begin", "--amount", "300"])
    assert code == 6
    assert "600.00 CNY" in err
    assert spoken(["case", "begin", "--json"])[0] == 6
    assert spoken(["--no-input", "case", "begin"])[0] == 2
    assert autos() == OFF
    code, out, _ = spoken(["--lang", "zh-CN", "case", "begin", "--amount", "600"])
    assert code == 0
    assert "合计支出 600.00 CNY" in out
    assert set(autos().values()) == {True}
    assert spoken(["case", "begin"])[2].startswith("no case waits to be begun")


def test_cases_are_begun_by_customer_and_in_batches() -> None:
    found = begun("--customer", "澜汐", "--limit", "1", "--amount", "300.00", "--reason", "客户已付款")
    assert [one["number"] for one in found["data"]] == ["RZ-0001"]
    assert (found["begun"], found["costs"][0]["amount"]) == (1, "300.00")
    assert autos() == {**OFF, "RZ-0001": True}
    code, _, err = spoken(["case", "begin", "--customer", "无此客户"])
    assert (code, "云岫" in err) == (2, True)
    history = json.loads(spoken(["case", "history", "RZ-0001", "--json"])[1])["data"]
    assert history[-1]["reason"] == "客户已付款"


def test_what_orders_nothing_of_itself_begins_without_a_sum() -> None:
    found = begun("--customer", "云岫")
    assert (found["begun"], found["costs"], found["data"][0]["cost"]) == (1, [], None)


def test_a_case_that_a_person_switched_off_is_not_begun_with_the_others() -> None:
    """That was for a reason of this case alone."""
    spoken(["case", "auto", "RZ-0001", "on"])
    spoken(["case", "auto", "RZ-0001", "off", "--reason", "材料由客户自行提交"])
    assert [one["number"] for one in begun("--dry")["data"]] == ["RZ-0002", "RZ-0003"]
