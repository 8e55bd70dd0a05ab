"""What pages tell people to type exists: commands, options, schedules, states and settings."""

from __future__ import annotations

import pytest

from tests.docs.command_lines import command_lines, unset, wrong
from tests.docs.pages import Page, pages
from tests.house.source import ROOT

PAGES = [found for found in pages() if found.path.name != "CHANGELOG.md"]


@pytest.mark.parametrize("found", PAGES, ids=lambda found: str(found.path.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists_with_its_options(found: Page) -> None:
    assert [said for words in command_lines(found) if (said := wrong(words))] == []


@pytest.mark.parametrize("found", PAGES, ids=lambda found: str(found.path.relative_to(ROOT)))
def test_every_setting_that_a_page_names_is_read(found: Page) -> None:
    assert unset(found) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["case", "lst"], "there is no command case lst"),
        (["case", "list", "--stat", "x"], "case list has no option --stat"),
        (["schedule", "log", "unproccessed"], "there is no schedule unproccessed"),
        (["schedule", "next", "13"], None),
        (["case", "list", "--state", "submited"], "there is no state submited"),
        (["case", "force", "N", "rejcted", "--reason", "x"], "there is no state rejcted"),
        (["case", "why", "N", "--lang", "en"], None),
    ],
)
def test_what_does_not_exist_is_seen(words: list[str], said: str | None) -> None:
    assert wrong(words) == said


def test_commands_are_found_in_blocks_and_in_prose() -> None:
    written = Page(ROOT / "docs" / "nowhere.md")
    written.__dict__["text"] = (
        "Say `caseward doctor`.\n\n```sh\nX=1 caseward case list  # all\nmake up\n```\nCASEWARD_LANGUAGE"
    )
    assert list(command_lines(written)) == [["case", "list"], ["doctor"]]
    assert unset(written) == ["LANGUAGE"]
