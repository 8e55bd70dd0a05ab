"""No page with a changed, missing, doubled or new element is clicked on; each stops the hand with its words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.http import Http
from adapters.sessions import HttpSessions
from tests.adapters.conftest import NOW, Office
from tests.adapters.outside import DEVICES, Book, running
from tests.attack.pages.contracts import STEPS, Ground, Step
from tests.attack.pages.rewriting import Rewriting
from tests.doubles.bureau import HttpBureau
from workflow.clock import SetClock

BY_NAME = [pytest.param(step, id=step.name.replace(" ", "_")) for step in STEPS]


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Rewriting]]:
    hands: list[Rewriting] = []

    def between(app: object) -> Rewriting:
        hands.append(Rewriting(app))  # type: ignore[arg-type]
        return hands[0]

    with running(tmp_path_factory.mktemp("changed-pages"), between) as outside:
        book = Book({login: (f"pass-{login}", 1) for login in DEVICES}, {})
        sessions = HttpSessions(Http("portal", outside.portal), book)
        bureau = HttpBureau(outside.portal, sessions, book, SetClock(NOW))
        yield Office(outside, bureau, sessions, book, bureau.browser), hands[0]


@pytest.mark.parametrize("step", BY_NAME)
async def test_no_changed_page_is_clicked_on(changing: tuple[Office, Rewriting], step: Step) -> None:
    """Every fourth change of every element; `make attack ARGS=pages` tries them all, and in Chromium too."""
    office, hand = changing
    place = STEPS.index(step)
    found = await Ground(office, hand, f"office-{20 + place}").tries(step, lambda number: number % 4 == place % 4)
    assert found.tried > 100
    assert found.shortcomings == []


@pytest.mark.parametrize("step", BY_NAME)
async def test_what_changes_no_word_lets_the_hand_through(changing: tuple[Office, Rewriting], step: Step) -> None:
    office, hand = changing
    found = await Ground(office, hand, f"office-{20 + STEPS.index(step)}").let_through(step, "as it is", "all at once")
    assert found.tried == 2
    assert found.shortcomings == []
