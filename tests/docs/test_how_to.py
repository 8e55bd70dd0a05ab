"""The how-to pages show what the commands print: a day of an office is played, and every answer is compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from caseward.app.default_schedules import default_schedules
from states.copyright.flow import flow
from states.copyright.parties import Owner
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from tests.docs.pages import Page, page
from tests.docs.terminal import answers, language_of, rewritten, shown, steady
from tests.systems import LABELS, SYSTEMS

PAGES = [*shown("en"), *shown("zh-CN")]
INDEXES = ("docs/how-to/README.md", "docs/how-to/README.zh-CN.md")
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \| ([^|]+) \| `([^`]+)` \| \[[^\]]+\]\(([^)]+)\) \|$", re.MULTILINE)
NAME = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")
TASKS = default_schedules(SYSTEMS, "Asia/Shanghai")[:12]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.docs.terminal import photographed

    return photographed(tmp_path_factory.mktemp("story"))


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.path.name)
def test_every_command_of_a_how_to_prints_what_the_page_shows(found: Page, scenes: Path) -> None:
    """To write them anew: python -m tests.docs.terminal."""
    written = [steady(block.text.removeprefix("$ ")) for block in found.blocks if block.language == "console"]
    printed = [steady(f"{command}\n{text}") for command, text in answers(found, scenes)]
    assert printed
    assert written == printed


def test_a_page_is_written_anew_as_it_stands(scenes: Path) -> None:
    found = page("docs/how-to/02-unprocessed.md")
    assert steady(rewritten(found, scenes)) == steady(found.text)


def test_an_answer_that_changed_is_seen() -> None:
    shown_then, shown_now = "Took 0.3s\n10:30:01  1 waiting (2cfad839)", "Took 12.1s\n10:30:04  2 waiting (bdc27b75)"
    assert steady(shown_then) != steady(shown_now)
    assert steady(shown_then) == steady(shown_now.replace("2 waiting", "1 waiting"))


@pytest.mark.parametrize("name", INDEXES)
def test_the_index_has_the_twelve_tasks_with_the_timing_that_an_installation_begins_with(name: str) -> None:
    rows = ROW.findall(page(name).text)
    assert [(int(number), task, label, timing) for number, task, label, timing, _ in rows] == [
        (number, task.name, LABELS[task.name][0], task.timing) for number, task in enumerate(TASKS, 1)
    ]
    pages = {found.path.name for found in PAGES if language_of(found) == ("zh-CN" if "zh-CN" in name else "en")}
    assert {link for *_, link in rows} == pages


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.path.name)
def test_a_how_to_names_its_schedule_with_its_timing(found: Page) -> None:
    task = TASKS[int(found.path.name[:2]) - 1]
    assert f"`{task.name}`" in found.prose
    assert task.timing.startswith("every") or f"`{task.timing}`" in found.prose


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.path.name)
def test_a_how_to_names_no_state_schedule_field_or_choice_that_does_not_exist(found: Page) -> None:
    known = set(LABELS) | {str(state.name) for state in flow.states}
    known |= set(Registration.model_fields) | set(Owner.model_fields)
    known |= {"needs_person", "wrong_password"}
    for kind in get_type_hints(CopyrightSettings).values():
        known |= {choice for choice in get_args(kind) if isinstance(choice, str)}
    assert sorted(set(NAME.findall(found.prose)) - known) == []
