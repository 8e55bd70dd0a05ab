"""A page that names another account is read by nobody: the site can mix up sessions, and its absences are not ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest

from adapters.browser.chromium_process import Browser
from adapters.bureau import selectors as on
from adapters.bureau.portal import Portal
from adapters.bureau.seen import Seen, flaw
from adapters.bureau.sheets import Page
from adapters.names import Spelling
from tests.adapters.conftest import Office, browser  # noqa: F401 - the browser is a fixture
from tests.adapters.forms import form, materials
from tests.attack.pages.contracts import STEPS, Ground
from tests.attack.pages.grounds import changing
from tests.attack.pages.reading import QUESTIONS, Question
from tests.attack.pages.rewriting import Rewriting
from workflow.errors import Drifted

PAGES = [one for one in vars(on).values() if isinstance(one, Page) and one not in (on.FRAME, on.LOGIN)]
WRITES = frozenset(
    {"draft_made", "draft_saved", "page_saved", "material_uploaded", "code_sent", "code_entered"}
    | {"seal_uploaded", "confirmed", "correction_opened"}
)
LOOKS: dict[str, Callable[[Portal, str], Awaitable[object]]] = {
    "the draft": lambda portal, title: portal.draft(title, 0),
    "the filing": lambda portal, title: portal.filing(title),
    "the owners' numbers": lambda portal, title: portal.center_users(title),
    "the blank seal page": lambda portal, title: portal.blank_seal_page(title, Spelling(title, "V1.0")),
    "the certificate": lambda portal, title: portal.certificate(title, Spelling(title, "V1.0"), "2026SR0000001"),
    "saving": lambda portal, title: portal.save_draft(title, 0, form(title), materials()),
    "saving anew": lambda portal, title: portal.save_draft(f"{title}-9", 0, form(title), materials()),
}
FORM = [
    r"/portal/drafts",
    r"/portal/filings",
    r"/portal/drafts/new",
    r"/portal/apply/software",
    r"/portal/apply/owners",
    r"/portal/apply/applicant",
    r"/portal/apply/materials",
    r"/portal/apply/check",
    r"/portal/drafts/D\d+",
]
"""The pages that a draft is found, opened, filled, checked and read on."""


@pytest.fixture(scope="module")
def by_the_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Rewriting]]:
    with changing(tmp_path_factory.mktemp("other-accounts")) as ground:
        yield ground


def of_another(html: str) -> str:
    return html.replace('<span id="account-name">office-', '<span id="account-name">another-')


def of_nobody(html: str) -> str:
    return html.replace('<span id="account-name">', '<span id="somebody">')


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("named", ["office-02", "", None])
def test_each_page_inside_is_no_page_of_ours_under_another_account(page: Page, named: str | None) -> None:
    said: dict[str, str | None] = {"page": page.name, "heading": page.heading, "account": named}
    assert "account" in str(flaw(Seen(page.name, said, {}), (page,), "office-01"))
    assert "account" not in str(flaw(Seen(page.name, {**said, "account": "office-01"}, {}), (page,), "office-01"))


@pytest.mark.parametrize("question", [pytest.param(one, id=one.name.replace(" ", "_")) for one in QUESTIONS])
async def test_no_page_of_another_account_answers_a_question(
    by_the_double: tuple[Office, Rewriting], question: Question
) -> None:
    ground = Ground(*by_the_double, f"office-{20 + QUESTIONS.index(question)}")
    step = next(one for one in STEPS if one.name == ("open the correction" if question.filed else "confirm"))
    async with ground.at(step) as (portal, title):
        for path in question.paths:
            ground.hand.path, ground.hand.change = path, lambda html: html
            await question.ask(portal, title)
            for ground.hand.change in (of_another, of_nobody):
                shots = len(ground.office.shots)
                with pytest.raises(Drifted, match="account"):
                    await question.ask(portal, title)
                assert len(ground.office.shots) > shots
        ground.hand.path = ""


@pytest.mark.parametrize("look", LOOKS)
async def test_where_every_page_is_of_another_account_nothing_is_read_or_written(
    by_the_double: tuple[Office, Rewriting], look: str
) -> None:
    await nothing_comes_of(Ground(*by_the_double, "office-26"), LOOKS[look])


@pytest.mark.parametrize("path", FORM)
async def test_no_page_of_the_form_is_filled_under_another_account(
    by_the_double: tuple[Office, Rewriting], path: str
) -> None:
    """From the first page of another account on nothing more is written; what was before it may stand."""
    ground = Ground(*by_the_double, "office-27")
    async with ground.at(STEPS[0]) as (portal, title):
        ground.done("draft_saved")
        ground.hand.path, ground.hand.change = path, of_another
        with pytest.raises(Drifted, match="another-27"):
            await portal.save_draft(f"{title}-9", 0, form(title), materials())
        ground.hand.path = ""
        assert ground.done("draft_saved") == (path == FORM[-1]), "the page of a draft is read once it is saved"


@pytest.mark.browser
async def test_nothing_is_read_or_written_in_a_browser_either(
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,  # noqa: F811 - the fixture
) -> None:
    with changing(tmp_path_factory.mktemp("other-accounts-in-a-browser"), browser) as (office, hand):
        for look in ("the draft", "the filing", "saving anew"):
            await nothing_comes_of(Ground(office, hand, "office-26"), LOOKS[look])


async def nothing_comes_of(ground: Ground, look: Callable[[Portal, str], Awaitable[object]]) -> None:
    async with ground.at(STEPS[0]) as (portal, title):
        ground.done("")
        ground.hand.path, ground.hand.change = r"/portal/.*", of_another
        try:
            with pytest.raises(Drifted, match="account"):
                await look(portal, title)
        finally:
            ground.hand.path = ""
        entries = ground.office.outside.control(f"ledger?after={ground.read}")["entries"]
        assert not WRITES & {entry["kind"] for entry in entries}
