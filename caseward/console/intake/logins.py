"""A person's login: the bureau's page is held open, its picture published, and the answer typed elsewhere put in."""

from __future__ import annotations

import asyncio

from caseward.app.adapters import Workers
from caseward.app.changed import not_set
from caseward.app.installation import Record
from workflow.engine.context import case_of
from workflow.errors import Conflict, NotAllowed
from workflow.sentence import Sentence

ANSWERED_BY = "operator"
POLL = 0.2
"""Seconds between two looks for the answer."""


async def log_in_with_person(record: Record, workers: Workers, case: str, actor: str) -> None:
    """Hold the account's seat and the page until a person has answered, at most as long as the adapter waits.

    The picture is a document of kind "captcha" of the account's case; the answer comes by answer_captcha.
    """
    row = await record.store.case(case)
    claim, account, pool = row.claim, row.claim.account, record.systems.pool(row.claim.flow)
    if account is None or pool is None:
        raise NotAllowed(
            claim.number, Sentence("login", "a login"), Sentence("no_account_case", "it is no account's case")
        )
    sign_in = next(one for one in workers.remotes.all() if one.protocol is pool.sign_in)
    if sign_in.lacks:
        raise not_set(sign_in.lacks[0])
    assert sign_in.connect is not None, f"{sign_in.name} works on seats"
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

    async with workers.seats(pool.remote).sitting(account) as seat:
        if seat is None:
            raise Conflict(
                claim.number,
                Sentence("somebody_at_work_on", "somebody is at work on the account; try again in a moment"),
            )
        async with sign_in.connect(seat, keep) as page:
            seen = case_of(record.plans[claim.flow], claim, claim.data)
            patch = await pool.log_in(seen, now, page, ask)
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
