"""No changed page of a list, a draft or a filing is read as something else than what stands there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.browser.chromium_process import Browser
from tests.adapters.conftest import Office, browser  # noqa: F401 - the browser is a fixture
from tests.attack.pages.contracts import STEPS, Ground
from tests.attack.pages.grounds import changing
from tests.attack.pages.reading import QUESTIONS, Question, answers
from tests.attack.pages.rewriting import Rewriting
from workflow.errors import Drifted

BY_NAME = [pytest.param(one, id=one.name.replace(" ", "_")) for one in QUESTIONS]


@pytest.fixture(scope="module")
def by_the_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Rewriting]]:
    with changing(tmp_path_factory.mktemp("read-pages")) as ground:
        yield ground


@pytest.mark.parametrize("question", BY_NAME)
async def test_no_changed_page_is_read_as_another_answer(
    by_the_double: tuple[Office, Rewriting], question: Question
) -> None:
    """Every seventh change; `make attack ARGS=pages` tries them all, and in Chromium too."""
    place = QUESTIONS.index(question)
    read = await answers(Ground(*by_the_double, f"office-{20 + place}"), question, lambda number: number % 7 == place)
    assert read.tried > 10
    assert read.drifted * 4 >= read.tried
    assert read.shortcomings == []


@pytest.mark.browser
async def test_no_changed_page_is_read_as_another_answer_in_a_browser(
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,  # noqa: F811 - the fixture
) -> None:
    with changing(tmp_path_factory.mktemp("read-in-a-browser"), browser) as (office, hand):
        for place, question in enumerate(QUESTIONS[:4]):
            read = await answers(
                Ground(office, hand, f"office-{20 + place}"), question, lambda number: number % 40 == 7
            )
            assert read.tried >= 2
            assert read.shortcomings == []


@pytest.mark.parametrize("path", ["/portal/drafts", "/portal/filings"])
@pytest.mark.parametrize("box", [True, False], ids=["of_another_search", "with_rows_of_others"])
async def test_a_page_that_answers_another_question_is_no_answer(
    by_the_double: tuple[Office, Rewriting], path: str, box: bool
) -> None:
    """Yesterday's page, or a filter that is ignored: the rows are others', and their number is right."""
    ground = Ground(*by_the_double, "office-27")
    step = next(one for one in STEPS if one.name == ("open the correction" if path.endswith("filings") else "confirm"))
    async with ground.at(step) as (portal, title):
        ground.hand.path = path
        if box:
            ground.hand.change = lambda html: html.replace(title, "别处的申请")
        else:
            ground.hand.change = lambda html: html.replace(f'class="reference">{title}', 'class="reference">别处的申请')
        made = ground.done("draft_made")
        with pytest.raises(Drifted, match="a search for"):
            await (portal.filing(title) if path.endswith("filings") else portal.draft(title, 0))
        ground.hand.path = ""
        assert ground.done("draft_made") == 0
        assert made >= 0
