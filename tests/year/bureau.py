"""What the outside shows at the end of the year to a clerk who looks it all through: lists, drafts, finished orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from tests.sandbox.office import Clerk
from tests.scenes.stage import Scene

CELLS = ("reference", "name", "status", "serial")


@dataclass(frozen=True)
class Shown:
    """A filing in the bureau's list. status: the bureau's own word."""

    filing: str
    reference: str
    name: str
    status: str
    serial: str
    account: str


@dataclass(frozen=True)
class Lacking:
    """A draft that is not confirmed, and what the bureau says is missing: save, materials, agreement, codes, seal."""

    draft: str
    reference: str
    name: str
    missing: frozenset[str]


@dataclass(frozen=True)
class Desk:
    """All that is shown; made: by order, the digests of the files that were made for it."""

    filings: Sequence[Shown]
    drafts: Sequence[Lacking]
    made: Mapping[str, frozenset[str]]
    orders: Mapping[str, str]
    """The status of each order in the generation system's own word; empty where it is gone."""


async def look_through(scene: Scene, logins: Sequence[Mapping[str, str]], orders: Sequence[str]) -> Desk:
    filings, drafts = list[Shown](), list[Lacking]()
    for login in logins:
        async with scene.by_hand(**login) as clerk:
            filings += await _filings(clerk, login["login"])
            drafts += await _drafts(clerk)
    made, statuses = dict[str, frozenset[str]](), dict[str, str]()
    bearer = {"authorization": "Bearer sandbox-generator"}
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False, headers=bearer) as hand:
        for order in orders:
            statuses[order] = (await hand.get(f"/generator/orders/{order}")).json().get("order", {}).get("status", "")
            told = (await hand.get(f"/generator/orders/{order}/files")).json()
            made[order] = frozenset(one["sha256"] for one in told.get("files", ()))
    return Desk(filings, drafts, made, statuses)


async def _filings(clerk: Clerk, account: str) -> list[Shown]:
    seen = await clerk.get("/portal/filings")
    found = []
    for filing in seen.rows("data-filing"):
        reference, name, status, serial = (seen.cell(f'data-filing="{filing}"', cell) for cell in CELLS)
        found.append(Shown(filing, reference, name, status, serial, account))
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
