"""Rows that change cases which are under way: what they leave out stays, and what was broken off is said."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.console.test_parties import answered, imported
from tests.registration.particulars import row

WHY = ("--reason", "the customer wrote")


def test_what_a_row_says_nothing_of_is_kept_where_the_case_leans_on_it(environment: Path, tmp_path: Path) -> None:
    """It files anew what was refused; the corrected row does not say so."""
    (number,) = imported(tmp_path, row(full_name="甲软件"))
    with sqlite3.connect(environment / "caseward.db") as record:
        record.execute("UPDATE cases SET data = json_set(data, '$.former_case', 'RZ-0099', '$.reference', 'A-1')")
    file = tmp_path / "changed.json"
    file.write_text(json.dumps([row(full_name="甲软件", purpose="改正后的目的。")], ensure_ascii=False), "utf-8")
    (told,) = answered("case", "update", str(file), *WHY)["data"]
    assert sorted(one["place"] for one in told["edited"]) == [["purpose"], ["reference"]]
    data = answered("case", "show", number)["data"]
    assert (data["former_case"], data["reference"], data["purpose"]) == ("RZ-0099", None, "改正后的目的。")
    error = answered("case", "edit", number, "former_case=", *WHY, code=2)
    assert "is said when it is opened" in error["detail"]


def test_a_change_that_comes_between_is_said_with_what_was_changed(environment: Path, tmp_path: Path) -> None:
    titles = ("甲软件", "乙软件", "丙软件")
    numbers = imported(tmp_path, *(row(full_name=title) for title in titles))
    with sqlite3.connect(environment / "caseward.db") as record:
        record.execute(
            "UPDATE cases SET owner = 'w', lease_until = '2999-01-01 00:00:00.000000' WHERE number = ?", (numbers[1],)
        )
    file = tmp_path / "changed.json"
    file.write_text(json.dumps([row(full_name=title, purpose="改正后的目的。") for title in titles]), "utf-8")
    error = answered("case", "update", str(file), *WHY, code=5)
    assert f"changed: {numbers[0]}; not changed: {numbers[1]}, {numbers[2]}" in error["detail"]
    purposes = [answered("case", "show", number)["data"]["purpose"] for number in numbers]
    assert [one == "改正后的目的。" for one in purposes] == [True, False, False]
