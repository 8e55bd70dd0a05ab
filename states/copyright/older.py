"""Registrations of version 2 and before, which told hardware and software in one text each, as they are told today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
    return of_today(data)


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
