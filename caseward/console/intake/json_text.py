"""The text of a file of rows, JSON or CSV: measured, of the right kind, and in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from caseward.console.intake.json_rows import Broken
from caseward.console.intake.kinds import kind_of
from caseward.console.intake.usual import is_chinese
from caseward.console.text.problem import Problem
from caseward.console.wording.texts import Texts
from workflow.files.plain import Unfit, read_plain

LARGEST = 8_000_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TABLE = (
    "this is a table of a kind that is not read ({kind}); save it as XLSX, or as CSV in UTF-8",
    "不读取这种表格（{kind}），请另存为 XLSX 或 CSV（UTF-8）",
)
OTHER = (
    "this is {kind}, and rows are wanted: a table in XLSX or CSV, or JSON: a list of objects [ {{…}}, {{…}} ]",
    "这是 {kind} 文件，此处需要表格（XLSX、CSV）或 JSON：对象的列表 [ {{…}}, {{…}} ]",
)
TABLES = {"Excel", "Office", "ODS", "HTML table", "MHTML"}
QUOTED = re.compile(r'"[^"]*"\s*[,;\t，]')
"""How a table begins whose names stand in quotes; JSON that begins with a text ends with it."""
ALONE = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]]*")
"""A name that is the only one of its table."""
COMMON = (("\u4e00", "\u9fff"), ("\u3000", "\u303f"), ("\uff00", "\uffef"), ("\u2010", "\u2027"), ("\u00b0", "\u00b7"))
IN_GBK = (
    "read as GBK: look whether the names are right, and save it as UTF-8 next time",
    "已按 GBK 编码读取：请核对文字是否正确，下次请另存为 UTF-8",
)


def decoded(source: Path | bytes) -> tuple[str, str]:
    """The text and its encoding. Raises Broken."""
    raw = bytes_of(source)
    if kind := kind_of(raw):
        en, zh = TABLE if kind in TABLES else OTHER
        raise Broken(Problem("wrong_kind", en.format(kind=kind), zh.format(kind=kind)))
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), None) or _without_mark(raw)
    try:
        return raw.decode(encoding).removeprefix("\ufeff"), encoding
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and (text := _chinese(raw)) is not None:
            return text, "gb18030"
        line = raw.count(b"\n", 0, error.start) + 1
        en, zh = (
            "this is no text in UTF-8 or UTF-16, and no Chinese in GBK; save the file as UTF-8",
            "此处不是 UTF-8、UTF-16 文字，也不是 GBK 中文，请另存为 UTF-8",
        )
        raise Broken(Problem("not_utf8", en, zh, line=line)) from error


def _without_mark(raw: bytes) -> str:
    """JSON begins with a character of ASCII, so where its zero bytes stand tells the width."""
    zeros = [byte == 0 for byte in raw[:4]]
    if zeros in ([False, True, True, True], [True, True, True, False]):
        return "utf-32-be" if zeros[0] else "utf-32-le"
    return "utf-16-le" if zeros == [False, True] * 2 else "utf-16-be" if zeros == [True, False] * 2 else "utf-8"


def _chinese(raw: bytes) -> str | None:
    """The text, where it is surely Chinese in GBK: other bytes make characters that nobody uses."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    beyond = [letter for letter in text if letter > "\x7f"]
    return text if sum(map(_is_common, beyond)) >= 0.9 * len(beyond) and is_chinese(text) else None


def _is_common(letter: str) -> bool:
    """A Chinese character, or a mark that stands among them."""
    return any(first <= letter <= last for first, last in COMMON)


def is_table(text: str) -> bool:
    """Whether it is CSV, by its first lines: names set apart by commas or tabs, or a name a line where one is alone."""
    first, _, rest = text.lstrip().partition("\n")
    quoted = QUOTED.match(first) is not None
    if first[:1] in ("[", "{", "") or (first[:1] == '"' and not quoted):
        return False
    alone = ALONE.fullmatch(first.strip()) is not None or first[:1] > "\x7f"
    lone = alone and bool(rest.strip()) and not set("[]{}:").intersection(text)
    return quoted or lone or any(mark in first for mark in (",", "\t", "，", ";"))


def bytes_of(source: Path | bytes) -> bytes:
    """What stands in a file, measured. Raises Broken."""
    raw = source if isinstance(source, bytes) else _bytes_in(source)
    if len(raw) > LARGEST:
        raise Broken(_large(len(raw)))
    return raw


def _bytes_in(file: Path) -> bytes:
    try:
        return read_plain(file, LARGEST)
    except FileNotFoundError as error:
        en, zh = f"there is no file {file}; check the path", f"没有文件 {file}，请核对路径"
        raise Broken(Problem("no_file", en, zh)) from error
    except Unfit as unfit:
        raise Broken(_unfit(file, unfit)) from unfit
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        en, zh = f"{file} cannot be read ({why}); name a readable file", f"无法读取 {file}（{why}），请换一个可读的文件"
        raise Broken(Problem("unreadable_file", en, zh)) from error


def _unfit(file: Path, unfit: Unfit) -> Problem:
    if unfit.wrong == "large":
        return _large(int(str(unfit.parts["n"])))
    if unfit.wrong == "empty":
        return Problem("empty_file", "the file is empty", "文件是空的")

    def said(texts: Texts, mark: str) -> str:
        parts = {name: texts(f"file.{value}") if name == "kind" else value for name, value in unfit.parts.items()}
        cause, cure = texts(f"error.scan.{unfit.wrong}", name=file, **parts), texts(f"cure.scan.{unfit.wrong}")
        return f"{cause}{mark}{cure}"

    return Problem("unreadable_file", said(Texts("en"), "; "), said(Texts("zh-CN"), "；"))


def _large(size: int) -> Problem:
    en, zh = f"{size} bytes; at most {LARGEST}: split the file", f"文件有 {size} 字节，最多 {LARGEST}，请拆分"
    return Problem("large_file", en, zh)
