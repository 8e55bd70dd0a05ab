"""How people notice what came to pass in a registration, and the demonstration as one value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from states.accounts import flow as accounts
from states.copyright.demonstration.doings import BUREAU, DOINGS
from states.copyright.demonstration.ledgers import applied, claimed
from states.copyright.flow import flow
from workflow.demonstration import Act, Demonstration, Ledgers, Look, Scene, Sight
from workflow.store import CaseRow

Seen = list[tuple[str, datetime]]


def _text_with(word: str) -> Look:
    """Our texts about the title that hold this word, in the inbox of the owner whom the act names."""

    async def look(scene: Scene, row: CaseRow, act: Act, now: datetime) -> Seen:
        title = row.claim.data["full_name"]
        return [
            (f"{owner['id']}:{text['id']}", datetime.fromisoformat(text["at"]))
            for owner in row.claim.data["owners"]
            if owner["id"] == act.about.get("owner")
            for text in await _inbox(scene, owner["phone"])
            if text["from"] != BUREAU and word in text["text"] and title in text["text"]
        ]

    return look


async def _inbox(scene: Scene, phone: str) -> list[dict[str, Any]]:
    if phone not in scene.seen:
        scene.seen[phone] = await scene.outside.inbox(phone)
    found: list[dict[str, Any]] = scene.seen[phone]
    return found


def _state(name: str) -> Look:
    """The case stands in this state."""

    async def look(scene: Scene, row: CaseRow, act: Act, now: datetime) -> Seen:
        at = row.claim.entered_at
        return [(at.isoformat(), at)] if row.claim.state == name else []

    return look


async def _seal_form(scene: Scene, row: CaseRow, act: Act, now: datetime) -> Seen:
    """The blank page lies ready."""
    form, page = row.claim.data["seal_form"], row.claim.data["seal_page"]
    return [(form["digest"], now)] if form and not page else []


def _about(row: CaseRow) -> Mapping[str, object]:
    data = row.claim.data
    if row.claim.flow == flow.name:
        return {"title": data["full_name"]}
    return {"account": data["login"], "password_version": (data.get("last_try") or {}).get("password_version")}


DEMONSTRATION = Demonstration(
    sights={
        "code_notice": Sight(flow.name, _text_with("验证码")),
        "specimen_request": Sight(flow.name, _text_with("签名")),
        "agreement_asked": Sight(flow.name, _state("awaiting_agreement")),
        "seal_form": Sight(flow.name, _seal_form),
        "wrong_password": Sight(accounts.name, _state("wrong_password")),
        "captcha_shown": Sight(accounts.name, _state("needs_person")),
    },
    doings=DOINGS,
    about=_about,
    ends={"granted": 11, "rejected": 1},
    incidents=frozenset({"wrong_password"}),
    ledgers=Ledgers(claimed, applied),
)
