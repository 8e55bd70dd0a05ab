"""A cell as the value that a model asks for: text stays text; numbers, days, truths and lists are read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from caseward.console.intake.labels import Label, folded
from caseward.console.intake.sheets import Cell

MOST_DIGITS = 15
"""This many digits of a number a table program keeps; it fills the rest with zeros."""
LOST = re.compile(r"[1-9]\.[0-9]+E\+?[0-9]{2}", re.IGNORECASE)
"""A long number as a table program writes it into CSV."""
WHOLE, GROUPED = re.compile(r"([+-]?[0-9]{1,40})(?:\.0*)?"), re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
ONE_GROUP = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
"""A thousand and more, or a number with a fraction behind a comma."""
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?", re.IGNORECASE)
DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)(?:[ T]0{1,2}:00(?::00)?)?"
)
TRUE, FALSE = {"true", "yes", "1", "是", "真"}, {"false", "no", "0", "否", "假"}
APART = ("\n", ";；", "、", ",，")
"""What sets the entries of a list in one cell apart; the first of these that occurs, the others are part of them."""

TURNED = {
    "day": (
        "the table made a day of this; format the column as text and type it anew",
        "表格把此处变成了日期，请把该列设为文本格式后重新输入",
    ),
    "truth": (
        "the table made a yes or no of this; format the column as text and type it anew",
        "表格把此处变成了逻辑值，请把该列设为文本格式后重新输入",
    ),
}
"""What is said of a text of which the table made something else."""


class WrongCell(Exception):
    """A cell holds what is no value: the rule and the cure in both languages."""

    def __init__(self, rule: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.rule, self.en, self.zh = rule, en, zh


def value_of(cell: Cell, annotation: object) -> object:
    """The value as JSON has it; what cannot be read as the model asks stays text, to be named. Raises WrongCell."""
    if cell.kind == "formula":
        en = "a formula stands here; copy the column and paste it as values"
        raise WrongCell("formula", en, "此处是公式，请复制该列后选择性粘贴为数值")
    if cell.kind == "error":
        raise WrongCell("error_value", "the table shows an error here; mend it", "表格此处显示错误值，请改正")
    kinds = kinds_in(annotation)
    chosen = _chosen(cell.text.strip(), kinds)
    text = cell.text.strip() if chosen is None else chosen
    if any(one is date or one is datetime for one in kinds) and cell.kind == "number":
        number = float(text)
        return int(number) if number.is_integer() else number  # the number of a day, which the model may know
    if cell.kind == "day" and date in kinds and datetime not in kinds:
        return text[:10]
    if _has_lost(cell):
        en = (
            f"a table program keeps {MOST_DIGITS} digits of a number, so the end of this one is lost; "
            "format the column as text and type it anew"
        )
        zh = f"表格软件只保留数字的前{MOST_DIGITS}位，末尾已丢失，请把该列设为文本格式后重新输入"
        raise WrongCell("digits_lost", en, zh)
    if (element := element_of(annotation)) is not None:
        return [value_of(cell, element)] if cell.kind in TURNED else _list(text, element)
    if any(_is_object(one) for one in kinds):
        return _json(text) if text[:1] == "{" else text
    if cell.kind == "truth" and bool in kinds:
        return text.lower() in TRUE
    if not kinds or any(_is_text(one) for one in kinds):
        if kinds and cell.kind in TURNED and not (cell.kind == "day" and datetime in kinds):
            en, zh = TURNED[cell.kind]
            raise WrongCell("turned_by_table", en, zh)
        return cell.text if chosen is None else chosen
    return _plain(text, kinds)


def kinds_in(annotation: object) -> tuple[object, ...]:
    """The types that a value may be of, without None and what only surrounds them."""
    if annotation is None or annotation is NoneType:
        return ()
    origin = get_origin(annotation)
    if origin is Annotated:
        return kinds_in(get_args(annotation)[0])
    if origin is Union or origin is UnionType:
        return tuple(kind for one in get_args(annotation) for kind in kinds_in(one))
    inner = getattr(annotation, "__value__", None) or getattr(annotation, "__supertype__", None)
    return kinds_in(inner) if inner is not None else (annotation,)


def choices_in(annotation: object) -> dict[str, Label]:
    """The keys of which a value is one, each with what people call it: a member of an Enum may say it as en and zh."""
    for kind in kinds_in(annotation):
        if get_origin(kind) is Literal:
            return {str(one): ("", "") for one in get_args(kind)}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {str(one.value): _called(one) for one in kind}
    return {}


def _called(member: Enum) -> Label:
    en, zh = (word if isinstance(word := getattr(member, name, ""), str) else "" for name in ("en", "zh"))
    return en, zh


def _chosen(text: str, kinds: tuple[object, ...]) -> str | None:
    """The key of the choice that this is, or that alone people call so. None where any text may stand, or none is."""
    choices = {} if str in kinds else {key: called for kind in kinds for key, called in choices_in(kind).items()}
    meant = [key for key, called in choices.items() if folded(text) in {folded(word) for word in called if word}]
    return text if text in choices else meant[0] if len(meant) == 1 else None


def element_of(annotation: object) -> object | None:
    """What the entries of a list are; None where no list is asked for."""
    for kind in kinds_in(annotation):
        origin = get_origin(kind) or kind
        if isinstance(origin, type) and issubclass(origin, Collection) and not _is_text(kind) and not _is_object(kind):
            return next((one for one in get_args(kind) if one is not Ellipsis), str)
    return None


def model_of(annotation: object) -> type[BaseModel] | None:
    """The model whose fields stand under a name; None where none does."""
    return next((one for one in kinds_in(annotation) if isinstance(one, type) and issubclass(one, BaseModel)), None)


def mapped_in(annotation: object) -> object | None:
    """What stands under any name of a mapping; None where none is asked for."""
    for kind in kinds_in(annotation):
        origin = get_origin(kind) or kind
        if isinstance(origin, type) and issubclass(origin, Mapping):
            of: tuple[object, ...] = get_args(kind) or (str, str)
            return of[1]
    return None


def _has_lost(cell: Cell) -> bool:
    if cell.kind == "number":
        mantissa = cell.text.lower().partition("e")[0]
        return len(mantissa.partition(".")[0].lstrip("-0")) > MOST_DIGITS
    return LOST.fullmatch(cell.text.strip()) is not None


def _is_text(kind: object) -> bool:
    if get_origin(kind) is Literal:
        return all(isinstance(one, str) for one in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return all(isinstance(one.value, str) for one in kind)
    return isinstance(kind, type) and issubclass(kind, (str, bytes, SecretStr))


def _is_whole(kind: object) -> bool:
    if get_origin(kind) is Literal:
        return all(type(one) is int for one in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return all(type(one.value) is int for one in kind)
    return isinstance(kind, type) and issubclass(kind, int) and kind is not bool


def _is_object(kind: object) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, (BaseModel, Mapping))


def _list(text: str, element: object) -> object:
    if text[:1] == "[":
        return _json(text)
    marks = next((marks for marks in APART if any(mark in text for mark in marks)), "\n")
    return [value_of(Cell(part.strip()), element) for part in re.split(f"[{marks}]", text) if part.strip()]


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        en = f"no JSON ({error}); mend it, or give its parts in columns of their own"
        raise WrongCell("broken_json", en, f"不是 JSON（{error}），请改正，或把各部分放入各自的列") from error


def _plain(text: str, kinds: tuple[object, ...]) -> object:
    """A truth, a number or a day, in the habits of table programs; the text itself where it is none."""
    written, text = text, unicodedata.normalize("NFKC", text)
    number = text.replace(",", "") if GROUPED.fullmatch(text) else text
    for kind in kinds:
        if kind is bool and text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        if kind is date and (found := DAY.fullmatch(text)):
            year, month, day = found[1], found[3] or found[5], found[4] or found[6]
            return f"{year}-{int(month):02}-{int(day):02}"
        if _is_whole(kind) and (whole := WHOLE.fullmatch(number)):
            return int(whole[1])
        if not isinstance(kind, type):
            continue
        if issubclass(kind, (Decimal, float)) and ONE_GROUP.fullmatch(text):
            plain, part = text.replace(",", ""), text.replace(",", ".")
            en = f"this may be {plain} or {part}; write the one that is meant, without a comma"
            raise WrongCell("group_or_part", en, f"可能是 {plain}，也可能是 {part}，请不用逗号写明")
        if issubclass(kind, Decimal) and NUMBER.fullmatch(number):
            return number
        if issubclass(kind, float) and NUMBER.fullmatch(number):
            return float(number)
    return written
