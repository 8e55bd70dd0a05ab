"""The sample files that an agency really sends: each imports as a clerk would expect, or says what it lacks."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.console.transcripts import spoken
from tests.environment import environment

SAMPLES = Path(__file__).parent / "samples"
NOTED = {"i01_id_321119.json": "321", "i07_gbk.json": "GBK", "i18_foreign.json": "mainland"}
"""Files that are taken with a word about them, and a part of it."""
ROWS = {"i12_thirty.json": 30}
REFUSED = {
    "i07_jsonl.json": "JSON Lines",
    "i15_versions.json": "row 1 and row 2",
    "i07_excel.csv": "applicant",
    "i07_utf8.csv": "applicant",
}
"""What is not taken: no list, one filing twice, and tables of three columns, which lack most of a registration."""
TAKEN = sorted({one.name for one in SAMPLES.iterdir()} - set(REFUSED))


def dry(data: Path, source: Path) -> tuple[int, str]:
    said = {"CASEWARD_DATA_DIR": str(data), "CASEWARD_LANG": "en", "COLUMNS": "400"}
    with environment(said):
        code, out, err = spoken(["case", "import", str(source), "--dry"])
    return code, out + err


@pytest.mark.parametrize("name", TAKEN)
def test_a_sample_that_is_right_would_be_opened(name: str, tmp_path: Path) -> None:
    code, said = dry(tmp_path, SAMPLES / name)
    assert code == 0, said
    assert f"would open {ROWS.get(name, 1)}," in said
    assert NOTED.get(name, "") in said


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_is_not_says_what_to_correct(name: str, tmp_path: Path) -> None:
    code, said = dry(tmp_path, SAMPLES / name)
    assert code != 0
    assert REFUSED[name] in said
    assert "cure:" in said


# ---------------------------------------------------------------- a workbook as WPS writes it

SOFTWARE: Sequence[tuple[str, Any, Any]] = (
    ("软件全称", "《乙方手册软件》 ", "　甲方台账软件"),
    ("版本号", "Ｖ１．０", "V2.0"),
    ("category", "应用软件", "应用软件"),
    ("development", "合作开发", "单独开发"),
    ("completed_on", "２０２６年１月１８日", date(2026, 1, 18)),
    ("publication", "已发表", "未发表"),
    ("first_published_on", "2026.2.3", None),
    ("first_published_at", "成都市", None),
    ("运行的硬件环境", "CPU 四核，内存 ８GB", "CPU 四核，内存 8GB"),
    ("运行平台/操作系统", "Windows 11；Python", "Windows 11；Python"),
    ("languages", "Python；Go", "Python"),
    ("源程序量（行）", "１２０００", 12000),
    ("main_functions", "记录与统计。", "记录与统计。"),
    ("technical_features", "离线可用。", "离线可用。"),
)
PERSON: Sequence[tuple[str, Any, Any]] = (
    ("姓名或名称", "温小满", "温小满"),
    ("类别", "自然人", "自然人"),
    ("证件类型", "居民身份证", "居民身份证"),
    ("证件号码", "51010219900912101x", "51010219900912101X"),
    ("国籍", "中国", "中国"),
    ("省份", "四川省", "四川省"),
    ("城市", "成都市", "成都市"),
    ("手机号", "１３８ ００４０ ０００１", 13800400001),
)
OTHER: Sequence[tuple[str, Any, Any]] = tuple(
    (name, {"证件号码": "510104199109121255", "姓名或名称": "王伟", "手机号": 13800400002}.get(name, first), None)
    for name, first, _ in PERSON
)
APPLICANT: Sequence[tuple[str, Any, Any]] = (
    ("name", "成都试办知识产权代理有限公司", "成都试办知识产权代理有限公司"),
    ("address", "成都市青羊区试办路 1 号", "成都市青羊区试办路 1 号"),
    ("postcode", "６１００００", "610000"),
    ("contact", "林试", "林试"),
    ("phone", "138-0040-9001", "13800409001"),
    ("email", "lin@shiban.example", "lin@shiban.example"),
)


def as_wps_writes(path: Path) -> None:
    """A title over all, names of groups over their columns, and names of their own merged over both lines."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "登记信息"
    sheet["A1"] = "软件著作权登记信息表"
    column = 1
    for name, columns in (("", SOFTWARE), ("著作权人1", PERSON), ("著作权人2", OTHER), ("申请人", APPLICANT)):
        if name:
            sheet.cell(2, column, name)
            sheet.merge_cells(start_row=2, end_row=2, start_column=column, end_column=column + len(columns) - 1)
        for label, first, second in columns:
            if name:
                sheet.cell(3, column, label)
            else:
                sheet.cell(2, column, label)
                sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
            sheet.cell(4, column, first)
            sheet.cell(5, column, second)
            column += 1
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=column - 1)
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())


def test_a_workbook_as_wps_writes_it_imports(tmp_path: Path) -> None:
    """Merged names, full-width digits, days in several habits, book title marks and blanks around a title."""
    source = tmp_path / "登记信息.xlsx"
    as_wps_writes(source)
    code, said = dry(tmp_path / "data", source)
    assert code == 0, said
    assert "would open 2," in said
    assert "would be opened  乙方手册软件 V1.0" in said
    assert "would be opened  甲方台账软件 V2.0" in said


def test_no_real_person_stands_in_the_samples() -> None:
    """Names, numbers and phones of the samples are the invented ones of the shared cases, and no others."""
    known = {"温小满", "王伟", "叶知秋", "陈试文", "林试", "成都试办知识产权代理有限公司"}
    for one in SAMPLES.glob("*.json"):
        if one.name == "i07_jsonl.json":
            continue
        raw = one.read_bytes()
        text = raw.decode("gbk" if one.name == "i07_gbk.json" else "utf-8-sig")
        for row in json.loads(text):
            people = {owner["name"] for owner in row["owners"] if owner["kind"] == "person"}
            assert people <= known | {"Maria del Carmen O’Neill-García"}, one.name
            assert row["applicant"]["email"].endswith(".example")
