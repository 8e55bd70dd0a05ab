"""`caseward case import --template`: the columns that a table may have, with labels, and a first line to fill in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.console.conftest import Caseward
from tests.console.transcripts import spoken
from tests.intake.test_tables import TWO, as_csv, lined

TEMPLATE = ["case", "import", "--template"]


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
    kinds = {name: rows[name]["kind"] for name in ("completed_on", "source_lines", "languages", "software")}
    assert kinds == {"completed_on": "day", "source_lines": "whole", "languages": "list", "software": "text"}
    assert "publication" in rows["rights"]["choices"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_first_line_is_written_once_and_a_table_below_it_is_taken_in(tmp_path: Path, language: str) -> None:
    path = tmp_path / "rows.csv"
    args = ["--lang", language, "case", "import", str(path)]
    code, out, _ = spoken([*args, "--template"])
    assert (code, str(path) in out) == (0, True)
    assert spoken([*args, "--template"])[0] == 6
    (head,) = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    names = [one["name"] for one in json.loads(spoken([*TEMPLATE, "--json"])[1])["data"]]
    assert ("软件全称" in head, len(head)) == (language == "zh-CN", len(names))
    _, *lines = lined(dict.fromkeys(names), TWO[1])
    path.write_text(as_csv([head, *lines[1:]]), "utf-8-sig")
    code, _, err = spoken(args)
    assert code == 0, err


def test_a_template_may_go_to_standard_output(caseward: Caseward) -> None:
    ended = caseward("case", "import", "-", "--template")
    assert (ended.returncode, ended.stdout.startswith("\ufeffFull name,Short name,Version,")) == (0, True)


def test_without_a_file_nothing_is_imported() -> None:
    code, _, err = spoken(["case", "import"])
    assert (code, "FILE" in err) == (2, True)
