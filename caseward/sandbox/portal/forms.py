"""What people sent in the bureau's form, and what the bureau objects to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from caseward.sandbox.call import Call
from caseward.sandbox.portal.fields import (
    APPLICANT,
    CHOICES,
    LABELS,
    LENGTHS,
    MANY,
    MOST_OWNERS,
    ONLY_WITH,
    OPTIONAL,
    OPTIONAL_OF_OWNERS,
    OWNER,
    PLACES,
    SOFTWARE,
)

Problem = tuple[str, str]  # the field's name, what is wrong with it
POSTCODES = ("postcode", "agent_postcode")
EMAILS = ("email", "agent_email")
COUNTS = ("line_count", "page_count")


def software(call: Call, today: date) -> tuple[dict[str, Any], list[Problem]]:
    values = _typed(call, SOFTWARE)
    problems = _faults(values, OPTIONAL)
    for name in ("completion_date", "publication_date"):
        if values[name]:
            problems += _date_problems(name, values[name], today)
    return values, problems


def owners(call: Call) -> tuple[list[dict[str, str]], list[Problem]]:
    rows = sorted({int(m[1]) for name in call.fields if (m := re.fullmatch(r"owners-(\d{1,3})-\w+", name))})
    found, problems = [], []
    for row in rows:
        values = _typed(call, OWNER, f"owners-{row}-")
        if not values["name"]:
            continue
        found.append(values)
        problems += [(f"owners-{row}-{name}", f"第 {len(found)} 位著作权人，{what}") for name, what in _owner(values)]
    if not found:
        problems.append(("owners-0-name", "请至少填写一位著作权人"))
    if len(found) > MOST_OWNERS:
        problems.append(("owners-0-name", f"著作权人最多 {MOST_OWNERS} 位"))
    return found, problems


def applicant(call: Call, owner_names: list[str]) -> tuple[dict[str, Any], list[Problem]]:
    values = _typed(call, APPLICANT)
    problems = _faults(values, frozenset())
    if values["applicant"] and values["applicant"] not in (*owner_names, "other"):
        problems.append(("applicant", "申请人不在著作权人之列"))
    problems += [
        (name, "邮政编码应为 6 位数字")
        for name in POSTCODES
        if values[name] and not re.fullmatch(r"\d{6}", values[name])
    ]
    problems += [
        (name, f"{LABELS[name]}应为正整数")
        for name in COUNTS
        if values[name] and not re.fullmatch(r"[1-9]\d{0,8}", values[name])
    ]
    return values, problems + _email_problems(values)


def _typed(call: Call, names: list[str], prefix: str = "") -> dict[str, Any]:
    """What was sent; what hangs on a choice that was not made is dropped."""
    values: dict[str, Any] = {
        name: call.fields.get(f"{prefix}{name}", []) if name in MANY else call.field(f"{prefix}{name}")
        for name in names
    }
    for name in names:
        if name in ONLY_WITH and not _is_asked(name, values):
            values[name] = [] if name in MANY else ""
    return values


def _is_asked(name: str, values: Mapping[str, Any]) -> bool:
    decides, chosen = ONLY_WITH[name]
    return values[decides] in chosen


def _owner(values: dict[str, str]) -> list[Problem]:
    elsewhere = frozenset(() if values["nationality"] == "中国" else PLACES)
    problems = _faults(values, OPTIONAL_OF_OWNERS | elsewhere)
    if values["phone"] and not re.fullmatch(r"1\d{10}", values["phone"]):
        problems.append(("phone", "手机号应为 11 位数字"))
    return problems + _email_problems(values)


def _email_problems(values: Mapping[str, Any]) -> list[Problem]:
    typed = {name: values[name] for name in EMAILS if values.get(name)}
    return [
        (name, "电子邮箱格式不正确")
        for name, text in typed.items()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text)
    ]


def _faults(values: Mapping[str, Any], optional: frozenset[str]) -> list[Problem]:
    problems = []
    for name, value in values.items():
        if not value:
            if name not in optional and (name not in ONLY_WITH or _is_asked(name, values)):
                problems.append((name, f"请填写{LABELS[name]}"))
            continue
        if name in CHOICES:
            strange = [one for one in (value if name in MANY else [value]) if one not in CHOICES[name]]
            problems += [(name, f"{LABELS[name]}：{one} 不在选项中") for one in strange]
        if name in LENGTHS:
            problems += _length_problems(name, value)
    return problems


def _length_problems(name: str, value: str) -> list[Problem]:
    least, most = LENGTHS[name]
    length = len(value.replace("\r\n", "\n"))
    if least <= length <= most:
        return []
    said = f"至少 {least} 个字符" if length < least else f"最多 {most} 个字符"
    return [(name, f"{LABELS[name]}{said}，现为 {length} 个")]


def _date_problems(name: str, text: str, today: date) -> list[Problem]:
    try:
        given = date.fromisoformat(text)
    except ValueError:
        return [(name, f"{LABELS[name]}格式不正确")]
    return [(name, f"{LABELS[name]}不能晚于今天")] if given > today else []
