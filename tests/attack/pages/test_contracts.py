"""No page with a changed, missing, doubled or new element is clicked on; each stops the hand with its words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.browser.chromium_process import Browser
from tests.adapters.conftest import Office, browser  # noqa: F401 - the browser is a fixture
from tests.adapters.forms import materials
from tests.attack.pages.contracts import STEPS, Ground, Step, one_owner
from tests.attack.pages.grounds import changing
from tests.attack.pages.rewriting import Rewriting
from workflow.errors import Drifted

BY_NAME = [pytest.param(step, id=step.name.replace(" ", "_")) for step in STEPS]


@pytest.fixture(scope="module")
def by_the_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Rewriting]]:
    with changing(tmp_path_factory.mktemp("changed-pages")) as ground:
        yield ground


@pytest.mark.parametrize("step", BY_NAME)
async def test_no_changed_page_is_clicked_on(by_the_double: tuple[Office, Rewriting], step: Step) -> None:
    """Every thirteenth change of every element; `make attack ARGS=pages` tries them all, and in Chromium too."""
    place = STEPS.index(step)
    ground = Ground(*by_the_double, f"office-{20 + place}")
    found = await ground.tries(step, lambda number: number % 13 == place)
    assert found.tried > 30
    assert found.shortcomings == []


@pytest.mark.parametrize("step", BY_NAME)
async def test_what_changes_no_word_lets_the_hand_through(by_the_double: tuple[Office, Rewriting], step: Step) -> None:
    ground = Ground(*by_the_double, f"office-{20 + STEPS.index(step)}")
    found = await ground.let_through(step, "as it is", "all at once")
    assert found.tried == 2
    assert found.shortcomings == []


REPEATABLE = {
    "another word on the button": ('<button id="save">保存', '<button id="save">提交申请', "提交申请"),
    "another address of the form": (
        'action="/portal/apply/check"',
        'action="/portal/drafts/{draft}/confirm"',
        "confirm",
    ),
    "another address of the button": (
        '<button id="save"',
        '<button formaction="/portal/drafts/{draft}/confirm" id="save"',
        "confirm",
    ),
}


async def pressed_otherwise(ground: Ground, change: str) -> None:
    """A button that may be pressed again is not pressed where it would do something else."""
    old, new, words = REPEATABLE[change]
    async with ground.at(STEPS[3]) as (portal, title):
        draft = await portal.draft(title, 0)
        assert draft is not None
        ground.hand.path = "/portal/apply/check"
        ground.hand.change = lambda html: html.replace(old, new.replace("{draft}", draft.number))
        ground.done("confirmed")
        with pytest.raises(Drifted, match=words):
            await portal.save_draft(title, 0, one_owner(title), materials())
        assert ground.done("confirmed") == 0


@pytest.mark.parametrize("change", REPEATABLE)
async def test_a_button_that_would_do_something_else_is_not_pressed(
    by_the_double: tuple[Office, Rewriting], change: str
) -> None:
    await pressed_otherwise(Ground(*by_the_double, "office-27"), change)


@pytest.mark.browser
async def test_no_changed_page_is_clicked_on_in_a_browser(
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,  # noqa: F811 - the fixture
) -> None:
    """Some of each kind of page, the harmless ones all at once; `make attack ARGS=pages` tries each fifth of all."""
    with changing(tmp_path_factory.mktemp("changed-in-a-browser"), browser) as (office, hand):
        for place, step in enumerate([STEPS[0], STEPS[3], STEPS[4], STEPS[6]]):
            found = await Ground(office, hand, f"office-{20 + place}").tries(step, lambda number: number % 250 == 16)
            assert found.tried >= 2
            assert found.shortcomings == []
        ground = Ground(office, hand, "office-26")
        await pressed_otherwise(ground, "another address of the form")
        assert (await ground.let_through(STEPS[3], "all at once")).shortcomings == []
