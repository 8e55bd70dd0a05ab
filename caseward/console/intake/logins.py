"""A person's login: the bureau's page is held open, its picture published, and the answer typed elsewhere put in."""

from __future__ import annotations

import asyncio
from typing import cast

from adapters.bureau.sessions import SignIn
from caseward.app.installation import Record
from states.accounts import Account, person_login
from workflow.engine.context import case_of
from workflow.engine.seats import SeatWork
from workflow.errors import Conflict, NotAllowed
from workflow.flow.case import Case
from workflow.flow.remotes import Remote

ANSWERED_BY = "operator"
POLL = 0.2
"""Seconds between two looks for the answer."""


async def log_in_with_person(record: Record, seats: SeatWork, sign_in: Remote, case: str, actor: str) -> None:
    """Hold the account's seat and the page until a person has answered, at most as long as the adapter waits.

    The picture is a document of kind "captcha" of the account's case; the answer comes by answer_captcha.
    """
    row = await record.store.case(case)
    claim, account = row.claim, row.claim.account
    if account is None or sign_in.connect is None:
        raise NotAllowed(claim.number, "a login", "it is no account's case")
    now = await record.clock.business()

    async def ask(picture: bytes) -> str | None:
        shown = await record.documents.put(
            picture, name="captcha.png", media_type="image/png", case=claim.case, kind="captcha", now=now
        )
        await record.commands(actor).note(claim.case, f"captcha shown: {shown}")
        while (answer := await record.store.take_answer(claim.case, ANSWERED_BY, now=now)) is None:  # noqa: ASYNC110 - the answer may come from another process
            await asyncio.sleep(POLL)
        return answer

    async def keep(step: str, picture: bytes) -> None:
        await record.documents.put(
            picture, name=f"{step}.png", media_type="image/png", case=claim.case, kind="evidence", now=now
        )

    async with seats.sitting(account) as seat:
        if seat is None:
            raise Conflict(claim.number, "somebody is at work on the account; try again in a moment")
        async with sign_in.connect(seat, keep) as page:
            seen = cast(Case[Account], case_of(record.plans[claim.flow], claim, claim.data))
            patch = await person_login(seen, now, cast(SignIn, page), ask)
    people = record.commands(actor)
    await people.give(claim.case, patch, "a person logged in")
    await people.look_now(claim.case)


async def answer_captcha(record: Record, case: str, answer: str) -> None:
    """What a person reads in the picture; used once and wiped."""
    row = await record.store.case(case)
    now = await record.clock.business()
    await record.store.put_code(
        row.claim.case, ANSWERED_BY, row.claim.round, answer, now=now, source=f"answer at {now}", kind="captcha"
    )
