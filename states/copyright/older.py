"""Registrations of an earlier version of the flow as they are told today.

Until version 2 hardware and software were told in one text each; until version 3 a notice did not say its round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from states.copyright.words import Answer

APART = re.compile(r"[；;\n]+")
LABELLED = re.compile(r"\s*([^：:]{2,12})[：:]\s*(.+)")
BOXES: Mapping[str, str] = {
    "操作系统": "running_system",
    "实时操作系统": "running_system",
    "运行环境": "running_system",
    "开发工具": "development_tools",
    "数据库": "supporting_software",
    "浏览器": "supporting_software",
    "支撑软件": "supporting_software",
    "支持软件": "supporting_software",
}
"""Of a text that names its parts, the box of each part."""


def raised(version: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a case that was opened under an earlier version of the flow."""
    return of_today(data) | _with_round(data.get("notice"), data.get("reviews") or ())


def _with_round(notice: Mapping[str, Any] | None, reviews: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each answer of the bureau was kept with its round before its notice was: the last that wanted a correction."""
    if notice is None or "round" in notice:
        return {}
    rounds = [int(one["round"]) for one in reviews if one["answer"] == Answer.correction]
    return {"notice": {**notice, "round": max(rounds, default=0)}}


def of_today(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same with hardware and software under today's names, as far as the two texts tell their parts.

    On what it was developed they do not say: that stays empty, a person says it, and the case waits for that.
    """
    rest, told = dict(fields), dict[str, str]()
    if isinstance(fields.get("hardware"), str):
        told["running_hardware"] = _line(rest.pop("hardware"))
    if isinstance(fields.get("software"), str):
        told |= _parts(rest.pop("software"))
    return {**told, **rest}


def _parts(software: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for part in filter(str.strip, APART.split(software)):
        named = LABELLED.fullmatch(part)
        box = BOXES.get(named[1].strip()) if named else None
        if named is None or box is None:
            return {"running_system": _line(software)}  # nobody can tell which of the boxes it is for
        found.setdefault(box, []).append(named[2].strip())
    return {box: "、".join(parts) for box, parts in found.items()}


def _line(text: str) -> str:
    return "；".join(filter(None, (one.strip() for one in text.splitlines())))
