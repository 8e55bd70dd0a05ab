"""What is wrong with a file that was handed in: where it stands, the rule it breaks and the cure, in both languages."""

import difflib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pydantic_core import ErrorDetails

from caseward.console.text.problem import Problem
from caseward.console.text.visible import path, shown
from workflow.intake.rows import Intake

SECRET = re.compile(r"pass|pwd|secret|token|code|密|口令|验证码", re.IGNORECASE)
SHAPES: dict[str, tuple[str, str]] = {
    "missing": ("this field is required; add it", "此项必填，请补上"),
    "string_type": ("it is to be text in double quotes", "应为双引号括起的文字"),
    "string_too_short": (
        "it is empty; fill it in, or leave the field out where it may be absent",
        "内容为空，请填写；可选项请整项去掉",
    ),
    "string_too_long": ("at most {max_length} characters", "最多{max_length}个字符"),
    "unprintable": (
        "character {place} (U+{code}) cannot be printed; type the text anew",
        "第{place}个字符（U+{code}）无法打印，请重新输入",
    ),
    "hidden": (
        "character {place} (U+{code}) shows nothing or changes what is read; type the text anew",
        "第{place}个字符（U+{code}）不可见或会改变显示，请重新输入",
    ),
    "several_lines": ("it is to be one line; take the line break out", "应为一行，请去掉换行"),
    "int_type": ("it is to be a whole number without quotes", "应为不加引号的整数"),
    "greater_than": ("it is to be more than {gt}", "应大于 {gt}"),
    "less_than": ("it is to be less than {lt}", "应小于 {lt}"),
    "date_type": ('it is to be a day written as "2026-03-31"', '应为日期，写作 "2026-03-31"'),
    "datetime_type": (
        'it is to be an instant written as "2026-03-31T09:30:00+08:00"',
        '应为时刻，写作 "2026-03-31T09:30:00+08:00"',
    ),
    "tuple_type": ("it is to be a list in square brackets", "应为方括号中的列表"),
    "too_short": ("it needs at least {min_length} entry", "至少要有{min_length}项"),
    "too_long": ("at most {max_length} entries", "最多{max_length}项"),
    "model_type": ("it is to be an object in braces, with named fields", "应为花括号中的对象，各项须有名称"),
}
IN_TABLE: dict[str, tuple[str, str]] = {
    "missing": ("this field is required; fill the cell, or add its column", "此项必填，请填写，没有此列的请加上"),
    "int_type": ("it is to be a whole number", "应为整数"),
    "date_type": ("it is to be a day written as 2026-03-31", "应为日期，写作 2026-03-31"),
    "datetime_type": (
        "it is to be an instant written as 2026-03-31T09:30:00+08:00",
        "应为时刻，写作 2026-03-31T09:30:00+08:00",
    ),
    "bool_type": ("it is to be true or false", "应为 true 或 false（是或否）"),
    "float_type": ("it is to be a number", "应为数字"),
    "decimal_parsing": ("it is to be a number", "应为数字"),
    "model_type": (
        "give its parts in columns of their own, named FIELD.part or FIELD[0].part",
        "请分列填写各部分，列名写作 项名.下级 或 项名[0].下级",
    ),
    "tuple_type": ("it is to be a list, its entries set apart by semicolons", "应为列表，各项以分号隔开"),
}
"""What is said of tables in other words than of JSON."""
SAME_SHAPE = {
    "date_parsing": "date_type",
    "date_from_datetime_parsing": "date_type",
    "date_from_datetime_inexact": "date_type",
    "datetime_parsing": "datetime_type",
    "int_from_float": "int_type",
    "int_parsing_size": "less_than",
    "model_attributes_type": "model_type",
    "dict_type": "model_type",
}


def _is_secret(name: str) -> bool:
    """Whether a password or a code may stand under this name, which nobody knows; the name is enough to find it."""
    return bool(SECRET.search(name) or difflib.get_close_matches(name.lower(), ["password", "passwd"], 1))


def in_table(problem: Problem, column: int | None) -> Problem:
    """A problem of a row that stands in a table, in its words and with the column."""
    en, zh = IN_TABLE.get(problem.rule, (problem.en, problem.zh))
    return replace(problem, en=en, zh=zh, column=column)


def of_shapes(
    errors: Sequence[ErrorDetails], known: Callable[[tuple[int | str, ...]], Collection[str]], intake: Intake
) -> list[Problem]:
    """Pydantic's errors as problems; `known` names the fields that the object at a place has."""
    places = [error["loc"] for error in errors]
    return [
        _of_shape(error, known(error["loc"][:-1]), intake)
        for error in errors
        # a list whose only entry is wrong is reported as too short as well
        if not (
            error["type"] == "too_short"
            and any(place[: len(error["loc"])] == error["loc"] and place != error["loc"] for place in places)
        )
    ]


def _of_shape(error: ErrorDetails, known: Collection[str], intake: Intake) -> Problem:
    """A pydantic error as a problem; `known` are the names that the object around the field has."""
    kind, field = SAME_SHAPE.get(error["type"], error["type"]), path(error["loc"])
    value = "" if kind == "missing" else shown(error["input"])
    last = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(last, known, n=1)
        en = f"this field is not known; {f'did you mean {near[0]}?' if near else 'take it out'}"
        zh = f"没有这一项，{f'是否应为 {near[0]}？' if near else '请删除'}"
        return Problem("unknown_field", en, zh, field=field, value="" if _is_secret(last) else value)
    if kind == "string_pattern_mismatch":
        pattern = str(error.get("ctx", {}).get("pattern", ""))
        en, zh = intake.patterns.get(last, (f"of the form {pattern}", f"符合格式 {pattern}"))
        return Problem("wrong_form", f"it is to be {en}", f"应为{zh}", field=field, value=value)
    if kind == "enum":
        expected = str(error.get("ctx", {}).get("expected", ""))
        keys = [key.strip("'") for key in re.split(r", | or ", expected)]
        meant = intake.keys_of(str(error["input"]))
        cure = next((key for key in keys if key in meant), None)
        en = f"it is written {cure}" if cure else f"it is one of {', '.join(keys)}"
        zh = f"请写成 {cure}" if cure else f"应为以下之一：{'、'.join(keys)}"
        return Problem("not_a_choice", en, zh, field=field, value=value)
    if kind not in SHAPES:  # in a system's own words, or pydantic's: a brace in them is no place to fill in
        msg = error["msg"]
        return Problem(kind, f"it does not fit: {msg}", f"不符合要求：{msg}", field=field, value=value)
    named: dict[str, object] = {"lt": "1000000000", **error.get("ctx", {})}
    en, zh = (said.format_map(named) for said in SHAPES[kind])
    return Problem(kind, en, zh, field=field, value=value)
