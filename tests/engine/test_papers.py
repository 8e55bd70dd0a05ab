"""The same paper under two matters is one's alone: the record knows under which others it was filed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from tests.engine.letters import Letter, letters
from workflow.record.tables import cases
from workflow.store import Filters
from workflow.testing import Bench, bench

PAPER = b"%PDF-1.7 a certificate"


async def opened(here: Bench, to: str) -> str:
    number = await here.open(Letter(to=(to,)))
    return next(row.claim.case for row in await here.store.cases(Filters(), limit=9) if row.claim.number == number)


async def kept(here: Bench, case: str, kind: str = "certificate") -> None:
    now = await here.clock.business()
    await here.documents.put(PAPER, name="p.pdf", media_type="application/pdf", case=case, kind=kind, now=now)


async def test_a_paper_of_another_matter_is_known_by_its_case(tmp_path: Path) -> None:
    async with bench(letters(subject=lambda letter: letter.to[0]), tmp_path) as here:
        ada, bob = await opened(here, "ada"), await opened(here, "bob")
        assert await here.documents.elsewhere(PAPER, kind="certificate", case=ada) == ()
        await kept(here, ada)
        await kept(here, ada)
        await kept(here, bob, kind="agreement")
        assert await here.documents.elsewhere(PAPER, kind="certificate", case=ada) == ()
        assert await here.documents.elsewhere(PAPER, kind="certificate", case=bob) == ("LT-0001",)
        assert await here.documents.elsewhere(PAPER, kind="agreement", case=ada) == ("LT-0002",)
        assert await here.documents.elsewhere(PAPER + b" more", kind="certificate", case=bob) == ()


async def test_a_matter_that_is_begun_anew_may_have_the_papers_of_before(tmp_path: Path) -> None:
    """A new case of the same title finds the order that was paid for the first, and its documents."""
    async with bench(letters(subject=lambda letter: letter.to[0]), tmp_path) as here:
        first = await opened(here, "ada")
        await kept(here, first)
        async with here.store.engine.begin() as connection:
            await connection.execute(update(cases).values(final=True))
        assert await here.documents.elsewhere(PAPER, kind="certificate", case=await opened(here, "ada")) == ()


async def test_where_nobody_says_what_a_matter_is_about_each_is_another(tmp_path: Path) -> None:
    async with bench(letters(), tmp_path) as here:
        first, second = await opened(here, "ada"), await opened(here, "ada")
        await kept(here, first)
        assert await here.documents.elsewhere(PAPER, kind="certificate", case=second) == ("LT-0001",)
