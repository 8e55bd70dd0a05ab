"""A JSON file that is a list of objects, read so that whatever is wrong with it is named by row, line and column."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from caseward.console.text.problem import Problem
from caseward.console.text.visible import path, shown

DEEPEST = 12
MOST_ROWS = 5000
MOST_VALUES = 10_000
"""In one row; a registration has about sixty."""

LAST_STEP = re.compile(r"(?:^|\.)[^.\[\]]*$|\[[^\[\]]*\]$")
BLANKS, HALF = re.compile(r"[ \t\r\n]*"), re.compile(r"[\ud800-\udfff]")

SYNTAX: dict[str, str] = {
    "Expecting value": "此处应有一个值",
    "Expecting property name enclosed in double quotes": "此处应有双引号括起的项名（末项之后不要逗号）",
    "Expecting ':' delimiter": "此处应有冒号",
    "Expecting ',' delimiter": "此处应有逗号",
    "Expecting ',' or ']' after a row": "一条结束后应有逗号或右方括号",
    "Unterminated string starting at": "从此处开始的文字没有以双引号结束",
    "Invalid control character at": "文字中有未转义的换行或控制字符",
    "Invalid \\escape": "反斜杠用法有误",
    "Invalid \\uXXXX escape": "\\u 之后应为4位十六进制数字",
    "Illegal trailing comma before end of object": "末项之后不要逗号",
    "Illegal trailing comma before end of array": "末项之后不要逗号",
    "Text stands after the end of the list": "列表结束之后还有内容，请删除",
}


JSON_LINES = (
    "each line is an object of its own (JSON Lines); put a comma after each but the last, and [ ] around all",
    "每行各是一个对象（JSON Lines）；请在除末行外的每行后加逗号，并用 [ ] 括起全部",
)


@dataclass(frozen=True)
class RawRow:
    """One object of the list as it stands in the file, or a line of a table with the columns of its fields."""

    number: int
    line: int
    fields: dict[str, object]
    columns: Mapping[str, int] = field(default_factory=dict)

    def column_of(self, name: str) -> int | None:
        """The column in which a field stands, or what it is a part of; None in JSON."""
        while name and name not in self.columns:
            name = LAST_STEP.sub("", name)
        return self.columns.get(name)


class Broken(Exception):
    """The file cannot be read further; the problem says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text("en"))
        self.problem = problem


def rows_of(text: str) -> Iterator[RawRow | Problem]:
    """The rows in order, each an object or what is wrong with it; Broken where the JSON itself is."""
    decoder = json.JSONDecoder(object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
    place = _skip(text, 0)
    if place == len(text):
        raise Broken(Problem("empty_file", "the file is empty", "文件是空的"))
    if text[place] != "[":
        _, end = _value(decoder, text, place, None, 1)  # a syntax error is named before the wrong shape
        if text[place] == "{" and text[_skip(text, end) :][:1] == "{":
            raise Broken(Problem("json_lines", *JSON_LINES))
        raise Broken(Problem("not_a_list", "the file is to be a list: [ {…}, {…} ]", "文件应为一个列表：[ {…}, {…} ]"))
    place, counted, line, number = _skip(text, place + 1), 0, 1, 0
    if text[place : place + 1] == "]":
        raise Broken(
            Problem("empty_list", "the list is empty; there is nothing to take in", "列表为空，没有可导入的内容")
        )
    more = True
    while more:
        number += 1
        if number > MOST_ROWS:
            raise Broken(many_rows(number))
        line, counted = line + text.count("\n", counted, place), place
        value, end = _value(decoder, text, place, number, line)
        yield checked_row(value, number, line)
        place = _skip(text, end)
        if text[place : place + 1] not in {",", "]"}:
            raise Broken(_syntax("Expecting ',' or ']' after a row", text, place, number))
        more = text[place] == ","
        place = _skip(text, place + 1)
    if place != len(text):
        raise Broken(_syntax("Text stands after the end of the list", text, place, None))


def many_rows(number: int) -> Problem:
    en, zh = f"at most {MOST_ROWS} rows a file; split it", f"每个文件最多 {MOST_ROWS} 条，请拆分"
    return Problem("many_rows", en, zh, number)


def checked_row(value: object, number: int, line: int) -> RawRow | Problem:
    """A row as far as no model is asked: an object, neither too wide nor too deep, of whole characters."""
    if not isinstance(value, dict):
        en, zh = 'a row is an object in braces: { "name": … }', '每条应为花括号中的对象：{ "name": … }'
        return Problem("not_an_object", en, zh, number, line=line, value=shown(value))
    if _is_wide(value):
        en, zh = (
            f"more than {MOST_VALUES} values in one row; it is no row",
            f"一条中超过 {MOST_VALUES} 个值，不是有效的一条",
        )
        return Problem("too_wide", en, zh, number, line=line)
    for at, text in texts_in(value):
        if text is None:
            en, zh = (
                f"nested deeper than {DEEPEST}; nothing that is asked for lies there",
                f"嵌套超过{DEEPEST}层，请删除",
            )
            return Problem("too_deep", en, zh, number, line=line, field=path(at[:3]))
        if HALF.search(text):
            en, zh = (
                "half a character (a lone \\ud8xx escape); type the text anew",
                "含有残缺字符（单独的 \\ud8xx），请重新输入",
            )
            return Problem("half_a_character", en, zh, number, line=line, field=path(at), value=shown(text))
    return RawRow(number, line, value)


def _is_wide(value: object) -> bool:
    left, counted = [value], 0
    while left:
        here = left.pop()
        inner = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        counted += len(inner)
        if counted > MOST_VALUES:
            return True
        left += inner
    return False


def texts_in(value: object) -> Iterator[tuple[tuple[int | str, ...], str | None]]:
    """Every text with its place, names included; None for what lies too deep to be looked at."""
    left: list[tuple[tuple[int | str, ...], object]] = [((), value)]
    while left:
        at, here = left.pop()
        if isinstance(here, str):
            yield at, here
        elif len(at) > DEEPEST:
            yield at, None
        elif isinstance(here, dict):
            for name, inner in here.items():
                yield (*at, name), name
                left.append(((*at, name), inner))
        elif isinstance(here, list):
            left += [((*at, index), inner) for index, inner in enumerate(here)]


class _Twice(ValueError):
    pass


class _Constant(ValueError):
    pass


def _no_name_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise _Twice(name)
        fields[name] = value
    return fields


def _no_constant(name: str) -> object:
    raise _Constant(name)


def _value(decoder: json.JSONDecoder, text: str, place: int, number: int | None, line: int) -> tuple[object, int]:
    try:
        value, end = decoder.raw_decode(text, place)
    except json.JSONDecodeError as error:
        raise Broken(_syntax(error.msg, text, error.pos, number)) from error
    except _Twice as error:
        name = shown(str(error))
        en, zh = f"the field {name} stands twice in one object; keep one", f"同一对象中 {name} 出现两次，请只留一个"
        raise Broken(Problem("name_twice", en, zh, number, line=line)) from error
    except _Constant as error:
        raise Broken(
            Problem("not_a_number", f"{error} is no number of JSON", f"{error} 不是 JSON 数字", number, line=line)
        ) from error
    except (RecursionError, ValueError) as error:
        en, zh = "nested too deep, or a number too long, to be a row", "嵌套过深或数字过长，不是有效的一条"
        raise Broken(Problem("not_a_row", en, zh, number, line=line)) from error
    return value, end


def _skip(text: str, place: int) -> int:
    return BLANKS.match(text, place).end()  # type: ignore[union-attr] # it matches nothing, too


def _syntax(said: str, text: str, place: int, number: int | None) -> Problem:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return Problem(
        "broken_json",
        f"{said}; mend the JSON there",
        f"{SYNTAX.get(said, said)}，请修正此处",
        number,
        line=line,
        column=column,
    )
