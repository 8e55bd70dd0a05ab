"""`caseward case template`: the columns that a table may have, with labels, and empty files to fill in."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic import BaseModel, Field

from caseward.console.commands.case.template import header
from caseward.console.intake.blanks import blank_csv
from caseward.console.intake.files import read
from caseward.console.intake.headers import asked_columns
from caseward.console.intake.labels import Labels, Place
from caseward.console.text.visible import path
from caseward.console.wording.texts import Texts
from tests.console.conftest import Caseward
from tests.console.transcripts import spoken
from tests.intake.test_tables import TWO, as_csv, lined
from workflow.intake.rows import Intake
from workflow.intake.values import Line, Value

TEMPLATE = ["case", "template"]


@pytest.mark.parametrize(("language", "label", "needed"), [("en", "Full name", "yes"), ("zh-CN", "软件全称", "是")])
def test_the_columns_are_shown_with_their_labels(environment: Path, language: str, label: str, needed: str) -> None:
    code, out, err = spoken(["--lang", language, *TEMPLATE])
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert ["full_name", *label.split(), needed] in [line[:-1] for line in lines]
    assert any(line[:1] == ["owners[0].phone"] for line in lines)
    assert "certificate_number" not in [line[0] for line in lines if line], "it comes while the case runs"
    assert not environment.exists()


def test_programs_are_told_kind_choices_and_labels() -> None:
    rows = {one["name"]: one for one in json.loads(spoken([*TEMPLATE, "--json"])[1])["data"]}
    label = {"zh-CN": "开发方式", "en": "Development"}
    choices = ["sole", "cooperation", "commission", "assigned"]
    assert rows["development"] == {
        "name": "development", "label": label, "kind": "choice", "choices": choices, "needed": True,
    }  # fmt: skip
    kinds = {name: rows[name]["kind"] for name in ("completed_on", "source_lines", "languages", "purpose")}
    assert kinds == {"completed_on": "day", "source_lines": "whole", "languages": "list", "purpose": "text"}
    assert "publication" in rows["rights"]["choices"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_first_line_is_written_once_and_a_table_below_it_is_taken_in(tmp_path: Path, language: str) -> None:
    path = tmp_path / "rows.csv"
    args = ["--lang", language, "case", "import", str(path)]
    write = ["--lang", language, *TEMPLATE, str(path)]
    code, out, _ = spoken(write)
    assert (code, str(path) in out) == (0, True)
    assert spoken(write)[0] == 6
    (head,) = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    names = [one["name"] for one in json.loads(spoken([*TEMPLATE, "--json"])[1])["data"]]
    assert ("软件全称" in head, len(head)) == (language == "zh-CN", len(names))
    _, *lines = lined(dict.fromkeys(names), TWO[1])
    path.write_text(as_csv([head, *lines[1:]]), "utf-8-sig")
    code, _, err = spoken(args)
    assert code == 0, err


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_workbook_is_written_with_the_words_to_choose_from_and_taken_in_again(tmp_path: Path, language: str) -> None:
    path = tmp_path / "rows.xlsx"
    assert spoken(["--lang", language, *TEMPLATE, str(path)])[0] == 0
    book = load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    names = [one["name"] for one in json.loads(spoken([*TEMPLATE, "--json"])[1])["data"]]
    assert ("软件全称" in head, len(head)) == (language == "zh-CN", len(names))
    offered = {one.formula1 for one in sheet.data_validations.dataValidation}
    assert ('"单独开发,合作开发,委托开发,下达任务开发"' in offered) == (language == "zh-CN")
    _, _, line = lined(dict.fromkeys(names), TWO[1])
    sheet.append(line)
    book.save(path)
    code, _, err = spoken(["case", "import", str(path)])
    assert code == 0, err


def test_an_empty_row_of_json_has_every_field(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    assert spoken([*TEMPLATE, str(path)])[0] == 0
    (row,) = json.loads(path.read_text("utf-8"))
    assert row["full_name"] is None
    assert row["owners"][0]["certificate_number"] is None
    assert "certificate_number" not in row, "it comes while the case runs"


def test_a_file_of_no_kind_that_is_written_is_refused(tmp_path: Path) -> None:
    code, _, err = spoken([*TEMPLATE, str(tmp_path / "rows.doc")])
    assert (code, "FILE.xlsx" in err) == (2, True)


def test_a_template_may_go_to_standard_output(caseward: Caseward) -> None:
    ended = caseward("case", "template", "-")
    assert (ended.returncode, ended.stdout.startswith("\ufeffFull name,Short name,Version,")) == (0, True)


def test_without_a_file_nothing_is_imported() -> None:
    code, _, err = spoken(["case", "import"])
    assert (code, "FILE" in err) == (2, True)


def test_programs_are_told_the_columns_of_a_file_that_is_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    code, out, err = spoken([*TEMPLATE, str(path), "--json"])
    told = json.loads(out)
    assert (code, err, told["file"]) == (0, "", str(path))
    assert told["data"] == json.loads(spoken([*TEMPLATE, "--json"])[1])["data"]
    assert path.read_text("utf-8-sig").startswith("Full name,")
    assert json.loads(spoken([*TEMPLATE, str(path), "--json"])[2])["error"]["code"] == "file_exists"
    code, out, err = spoken([*TEMPLATE, "-", "--json"])
    assert (code, out, json.loads(err)["error"]["code"]) == (2, "", "usage")


class Person(Value):
    """A party to an order."""

    name: Line | None = None
    phone: Line | None = None


class Order(Value):
    """Rows whose labels say less than their names."""

    title: Line | None = None
    name: Line | None = None
    note: Line | None = None
    buyer: Person | None = None
    seller: Person | None = None


class Alone(Value):
    """Rows of one column."""

    title: Line | None = None


NAMED = {"title": "Title", "name": "Name", "buyer": "Buyer", "buyer.name": "Called"}


@pytest.mark.parametrize(
    "words",
    [
        {},
        NAMED,
        {"title": "name", "name": "title"},
        {"buyer": "Person", "seller": "Person", "buyer.name": "Called", "seller.phone": "Mobile"},
        {"buyer": "Person.", "buyer.name": "[0]", "name": "buyer.name"},
        {"title": "a;b;c;d;e;f;g;h", "name": "甲，乙，丙，丁，戊，己，庚"},
        {"title": "[no JSON", "name": '"quoted"', "note": "two\nlines"},
        {"title": "{", "name": ",", "note": "\t"},
    ],
    ids=range(8),
)
@pytest.mark.parametrize("model", [Order, Alone])
def test_an_import_reads_the_first_line_as_the_columns_that_it_is_written_for(
    model: type[BaseModel], words: dict[str, str]
) -> None:
    """Two parts of a row had one label, and the first line that was written was refused."""
    labels = Labels(lambda name: (words.get(name, ""), ""))
    columns = list(asked_columns(model, ()))
    text = blank_csv(header(Texts("en"), model, columns, labels)).decode("utf-8-sig")
    values = [f"value {n}" for n in range(len(columns))]
    taken = read(f"\ufeff{text}{','.join(values)}\r\n".encode(), date(2026, 3, 6), model, Intake("orders"), labels)
    assert taken.problems == ()
    given: Any = taken.rows[0].data.model_dump()

    def at(place: Place) -> Any:
        return reduce(lambda value, step: value[step], place, given)

    assert [at(one.place) for one in columns] == values


class Branch(Value):
    """It holds its like, at several removes."""

    name: Line
    next: Branch | None = None
    leaves: list[Branch] = Field(default_factory=list)
    office: Office | None = None


class Office(Value):
    """Holds what holds it."""

    street: Line
    branch: Branch | None = None


def test_a_model_that_holds_itself_ends_in_a_column_of_json() -> None:
    Branch.model_rebuild()
    columns = {path(one.place): one for one in asked_columns(Branch, ())}
    assert list(columns) == ["name", "next", "leaves", "office.street", "office.branch"]
    text = blank_csv(header(Texts("en"), Branch, list(columns.values()), Labels(lambda name: ("", "")))).decode(
        "utf-8-sig"
    )
    row = 'oak,"{""name"": ""elm""}",,"Lane 1",\r\n'
    taken = read(f"\ufeff{text}{row}".encode(), date(2026, 3, 6), Branch, Intake("trees"))
    assert taken.problems == ()
    assert taken.rows[0].data.next == Branch(name="elm")


def test_choices_are_offered_in_the_readers_words() -> None:
    assert "单独开发 | 合作开发 | 委托开发" in spoken(["--lang", "zh-CN", *TEMPLATE])[1]
    assert "sole | cooperation | commission" in spoken(["--lang", "en", *TEMPLATE])[1]
