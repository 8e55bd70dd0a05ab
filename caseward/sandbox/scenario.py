"""The world file: what the outside world is like before anybody touches it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

FINAL = ("不予受理", "已发放")
REVIEW_STATUSES = ("审查中", "待补正", *FINAL)
ORDER_STATUSES = ("未支付", "生成中", "已完成")
CARRIERS = ("移动", "联通", "电信")
TELECOM = ("133", "149", "153", "173", "177", "180", "181", "189", "190", "191", "193", "199")
UNICOM = ("130", "131", "132", "145", "155", "156", "166", "167", "171", "175", "176", "185", "186", "196")


class BadWorld(Exception):
    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"world file, {where}: {problem}")


@dataclass(frozen=True)
class Step:
    status: str
    after_hours: float
    notice: str = ""
    remark: str = ""
    shown: str = ""
    """The word by which the bureau's pages call the status, where it is another one."""


@dataclass(frozen=True)
class Plan:
    """What the bureau does with one software: steps through all its rounds."""

    review: tuple[Step, ...] = ()
    correction_codes: bool = False
    serial_after_hours: float | None = None


@dataclass(frozen=True)
class Scenario:
    """A checked world file; `document` is the JSON it came from."""

    document: dict[str, Any]
    start: datetime | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: tuple[dict[str, Any], ...] = ()
    plans: dict[str, Plan] = field(default_factory=dict)
    generation: dict[str, Any] = field(default_factory=dict)
    orders: tuple[dict[str, Any], ...] = ()
    phones: dict[str, str] = field(default_factory=dict)
    serial_after_hours: float = 6
    center_id_after_hours: float = 5
    days: str = "{0:%Y-%m-%d}"
    """How the bureau's pages write a day, by its parts, as in {0.year}年{0.month}月{0.day}日."""
    faults: tuple[dict[str, Any], ...] = ()


def load(world: Mapping[str, Any] | Path | None) -> Scenario:
    if isinstance(world, Path):
        try:
            world = json.loads(world.read_text("utf-8"))
        except OSError as error:
            raise BadWorld("reading it", str(error)) from error
        except ValueError as error:
            raise BadWorld("reading it", f"no JSON: {error}") from error
    if world is not None and not isinstance(world, Mapping):
        raise BadWorld("top", "one object was expected")
    return check(dict(world or {}))


def check(document: dict[str, Any]) -> Scenario:
    document = {key: value for key, value in document.items() if key != "cast"}
    known = {f.name for f in fields(Scenario)} - {"document"}
    for key in document:
        if key not in known:
            raise BadWorld(key, f"is not a key of a world; known are {', '.join(sorted(known))}")
    parts: dict[str, Any] = dict(document)
    if "start" in parts:
        parts["start"] = _instant(parts["start"])
    parts["accounts"] = tuple(_account(a, f"accounts[{n}]") for n, a in enumerate(parts.get("accounts", ())))
    parts["plans"] = {title: plan(p, f"plans[{title}]") for title, p in parts.get("plans", {}).items()}
    parts["orders"] = tuple(_order(o, f"orders[{n}]") for n, o in enumerate(parts.get("orders", ())))
    parts["faults"] = tuple(parts.get("faults", ()))
    for phone, carrier in parts.get("phones", {}).items():
        if carrier not in CARRIERS:
            raise BadWorld(f"phones[{phone}]", f"{carrier!r} is no carrier; known are {', '.join(CARRIERS)}")
    return Scenario(document=document, **parts)


def plan(document: Mapping[str, Any], where: str) -> Plan:
    for key in document:
        if key not in ("review", "correction_codes", "serial_after_hours"):
            raise BadWorld(where, f"{key!r} is not a key of a plan")
    steps = []
    for number, step in enumerate(document.get("review", ())):
        status = step.get("status")
        if status not in REVIEW_STATUSES:
            raise BadWorld(f"{where}.review[{number}]", f"{status!r} is none of {', '.join(REVIEW_STATUSES)}")
        hours = float(step.get("after_hours", 20 if status == "审查中" else 24))
        steps.append(Step(status, hours, step.get("notice", ""), step.get("remark", ""), step.get("shown", "")))
    return Plan(tuple(steps), bool(document.get("correction_codes", False)), document.get("serial_after_hours"))


def carrier_of(scenario: Scenario, phone: str) -> str:
    if phone in scenario.phones:
        return scenario.phones[phone]
    return "电信" if phone.startswith(TELECOM) else "联通" if phone.startswith(UNICOM) else "移动"


def _account(document: Any, where: str) -> dict[str, Any]:
    for key in ("login", "password"):
        if not isinstance(document, Mapping) or not isinstance(document.get(key), str):
            raise BadWorld(where, f"{key} is missing")
    return {
        "login": document["login"],
        "password": document["password"],
        "known_devices": list(document.get("known_devices", ())),
    }


def _order(document: Any, where: str) -> dict[str, Any]:
    for key in ("title", "version"):
        if not isinstance(document, Mapping) or not isinstance(document.get(key), str):
            raise BadWorld(where, f"{key} is missing")
    status = document.get("status", "未支付")
    if status not in ORDER_STATUSES:
        raise BadWorld(where, f"status {status!r} is none of {', '.join(ORDER_STATUSES)}")
    return {
        "title": document["title"],
        "version": document["version"],
        "round": int(document.get("round", 0)),
        "status": status,
        "reference": str(document.get("reference", "")),
        "particulars": dict(document.get("particulars", {})),
    }


def _instant(text: Any) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadWorld("start", f"{text!r} is no ISO 8601 time") from error
    if start.tzinfo is None:
        raise BadWorld("start", f"{text!r} lacks its offset, as in +08:00")
    return start
