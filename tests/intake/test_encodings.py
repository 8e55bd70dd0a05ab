"""In which encoding a file of rows was saved, and what it is where it is none: known, or refused with a cure."""

from __future__ import annotations

import json

import pytest

from caseward.console.intake import json_text
from caseward.console.wording.texts import sentences
from tests.intake.test_files import only
from tests.registration.particulars import PLAIN, TODAY, file, row
from tests.systems import read


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_a_file_is_read_in_whatever_width_it_was_saved(encoding: str) -> None:
    intake = read(file(row()).decode().encode(encoding), TODAY)
    assert [one.data.full_name for one in intake.rows] == [PLAIN["full_name"]]
    assert intake.warnings == ()


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_a_file_in_gbk_is_read_with_a_word_about_it(encoding: str) -> None:
    intake = read(json.dumps([row()], ensure_ascii=False).encode(encoding), TODAY)
    assert [one.data.full_name for one in intake.rows] == [PLAIN["full_name"]]
    assert [one.rule for one in intake.warnings] == ["encoding"]


OTHERS = {
    "big5": ["臺灣旅遊資訊系統", "陳怡君", "雲端會計管理軟體", "醫院掛號排班系統", "學生成績查詢平台",
             "圖書館借閱管理軟體", "電子發票開立系統", "張志明", "林淑芬", "許雅雯", "高雄市前鎮區",
             "智慧停車場收費系統", "提供旅遊資訊與訂房功能，讓使用者查詢飯店、景點與交通。"],
    "shift_jis": ["東京都港区システム開発", "在庫管理ソフトウェア", "山田太郎", "電子発票開立"],
    "euc_jp": ["東京都港区システム開発", "在庫管理ソフトウェア", "山田太郎さんの旅行予約システム"],
    "euc_kr": ["한국어 소프트웨어", "김철수", "서버와 클라이언트",
               "사용자에게 여행 정보를 제공하고 예약 기능을 지원합니다"],
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in OTHERS.items() for text in texts])
def test_another_encoding_is_not_taken_for_gbk(encoding: str, text: str) -> None:
    """Nearly any two bytes are a character of GBK: a Korean title was taken in as 茄惫绢 家橇飘傀绢."""
    raw = f'[{{"full_name": "{text}"}}]'.encode(encoding)
    problem = only(read(raw, TODAY))
    assert (problem.rule, "save the file as UTF-8" in problem.en) == ("not_utf8", True)


def test_chinese_in_gbk_is_known_by_what_people_write() -> None:
    """Every sentence of our own catalogue that has enough of it, each as a file of its own."""
    texts = [text for text in sentences("zh-CN").values() if sum("\u4e00" <= one <= "\u9fff" for one in text) >= 8]
    assert len(texts) > 300
    assert [text for text in texts if json_text.decoded(f'["{text}"]'.encode("gb18030"))[1] != "gb18030"] == []
    for title in (
        "岷江流域水文监测预警软件",
        "敦煌壁画数字化修复软件",
        "锂电池涂布机张力控制软件",
        "汕头市濠江区信息中心",
    ):
        assert json_text.decoded(f'["{title}"]'.encode("gbk"))[1] == "gb18030"


@pytest.mark.parametrize(
    ("raw", "rule", "said"),
    [
        ('"软件全称"\t"版本号"\n"测试"\t"V1.0"\n'.encode("utf-16"), "no_header", "is to name fields"),
        ("软件全称\r\n测试软件系统\r\n".encode("gbk"), "no_header", "is to name fields"),
        ("全称;版本\r\n测试;V1.0\r\n".encode(), "no_header", "is to name fields"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "wrong_kind", "read (Excel)"),
        (b"<table><tr><td>\xc8\xab</td></tr></table>", "wrong_kind", "not read (HTML table)"),
        (b"\xef\xbb\xbf<html><head></head><body><table><tr></tr>", "wrong_kind", "not read (HTML table)"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "wrong_kind", "not read (MHTML)"),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "wrong_kind",
            "read (ODS)",
        ),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "wrong_kind", "this is ODF"),
        (b'<?xml version="1.0"?><a/>', "wrong_kind", "this is XML"),
        (b"<!DOCTYPE html><html><p>x</p>", "wrong_kind", "this is HTML"),
        (b"PK\x03\x04" + b"xl/workbook.xml" * 9, "damaged_table", "save it anew as XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "wrong_kind", "not read (Office)"),
        ("软件全称,版本号\n拾光,V1.0\n".encode(), "no_header", "is to name fields"),
        ("软件全称,版本号\n拾光,V1.0\n".encode("gbk"), "no_header", "is to name fields"),
        ("软件全称\t版本号\n拾光\tV1.0\n".encode("utf-16"), "no_header", "is to name fields"),
        (b"%PDF-1.7\n", "wrong_kind", "PDF"),
        (b"PK\x03\x04" + b"word/document.xml" * 9, "wrong_kind", "Word"),
        (b'{"a": 1}\n{"a": 2}\n', "json_lines", "JSON Lines"),
        (b'{"a": 1}', "not_a_list", "[ "),
        (b"\x1f\x8b" + bytes(99), "wrong_kind", "gzip"),
    ],
)
def test_another_kind_of_file_is_named_as_what_it_is(raw: bytes, rule: str, said: str) -> None:
    problem = only(read(raw, TODAY))
    assert (problem.rule, said in problem.en) == (rule, True)
