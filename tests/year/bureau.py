"""What the outside shows at the end of the year to a clerk who looks it all through: lists, orders, documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.sandbox.office import Clerk
from tests.scenes.stage import Scene

BEIJING = ZoneInfo("Asia/Shanghai")
CELLS = ("reference", "name", "status", "serial")


@dataclass(frozen=True)
class Shown:
    """A filing in the bureau's list. status: the bureau's own word; noticed_on: the day of its newest notice."""

    filing: str
    reference: str
    name: str
    status: str
    serial: str
    account: str
    noticed_on: str = ""


@dataclass(frozen=True)
class Lacking:
    """A draft that is not confirmed, and what the bureau says is missing: save, materials, agreement, codes, seal."""

    draft: str
    reference: str
    name: str
    missing: frozenset[str]


@dataclass(frozen=True)
class Desk:
    """All that is shown."""

    filings: Sequence[Shown]
    drafts: Sequence[Lacking]
    made: Mapping[str, Mapping[str, str]]
    """By order, the digest of each kind of file that the generation system hands out for it."""
    orders: Mapping[str, str]
    """The status of each order in the generation system's own word; empty where it is gone."""
    today: str = ""
    """At the bureau."""


async def look_through(scene: Scene, logins: Sequence[Mapping[str, str]], orders: Sequence[str]) -> Desk:
    filings, drafts = list[Shown](), list[Lacking]()
    for login in logins:
        async with scene.by_hand(**login) as clerk:
            filings += await _filings(clerk, login["login"])
            drafts += await _drafts(clerk)
    made, statuses = dict[str, Mapping[str, str]](), dict[str, str]()
    bearer = {"authorization": "Bearer sandbox-generator"}
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False, headers=bearer) as hand:
        for order in orders:
            told = _body(await hand.get(f"/generator/orders/{order}"), gone=404)
            statuses[order] = str(told["order"]["status"]) if told else ""
            files = _body(await hand.get(f"/generator/orders/{order}/files"), gone=404, unfinished=409)
            made[order] = {one["kind"]: one["sha256"] for one in files["files"]} if files else {}
    today = (await scene.record.clock.business()).astimezone(BEIJING).date().isoformat()
    return Desk(filings, drafts, made, statuses, today)


def _body(answer: httpx.Response, **nothing: int) -> Mapping[str, Any]:
    """What was answered; nothing where the system says that there is none. Raises where it answers otherwise."""
    if answer.status_code in nothing.values():
        return {}
    answer.raise_for_status()
    found: Mapping[str, Any] = answer.json()
    return found


async def _filings(clerk: Clerk, account: str) -> list[Shown]:
    seen = await clerk.get("/portal/filings")
    found = []
    for filing in seen.rows("data-filing"):
        reference, name, status, serial = (seen.cell(f'data-filing="{filing}"', cell) for cell in CELLS)
        page = (await clerk.get(f"/portal/filings/{filing}")).html
        days = re.findall(r'<tr class="notice"[^>]*><td class="date">([^<]*)</td>', page)
        found.append(Shown(filing, reference, name, status, serial, account, max(days, default="")))
    return found


async def _drafts(clerk: Clerk) -> list[Lacking]:
    seen = await clerk.get("/portal/drafts")
    found = []
    for draft in seen.rows("data-draft"):
        page = await clerk.get(f"/portal/drafts/{draft}")
        missing = frozenset(re.findall(r'data-missing="(\w+)"', page.html))
        reference, name = (seen.cell(f'data-draft="{draft}"', cell) for cell in CELLS[:2])
        found.append(Lacking(draft, reference, name, missing))
    return found
