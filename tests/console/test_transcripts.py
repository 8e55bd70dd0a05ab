"""What the commands print, word for word, in both languages on a narrow and a wide terminal."""

import re
import unicodedata
from pathlib import Path

import pytest

from caseward.console.terminal import complaints
from caseward.console.wording.words import LANGUAGES, Language
from tests.console.commands_page import PAGES, page
from tests.console.transcripts import SHOWN, path, transcript

ERRORS = ("错误", "  处理", "error", "  cure")


@pytest.mark.parametrize(("language", "width"), SHOWN)
def test_the_commands_print_what_the_transcript_shows(
    language: str, width: int, stage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))  # restored afterwards: the transcript sets its own
    assert transcript(language, width, stage) == path(language, width).read_text("utf-8")


@pytest.mark.parametrize(("language", "width"), SHOWN)
def test_no_line_but_an_errors_is_wider_than_the_terminal(language: str, width: int) -> None:
    def columns(line: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)

    lines = path(language, width).read_text("utf-8").splitlines()
    # a command is typed; cause and cure are one line each, so that they can be searched for
    assert [line for line in lines if columns(line) > width and not line.startswith((*ERRORS, "$ "))] == []


def test_no_control_character_of_a_remote_reaches_the_terminal() -> None:
    for language, width in SHOWN:
        assert "\x1b" not in path(language, width).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_commands_shows_what_they_print(language: Language) -> None:
    assert PAGES[language].read_text("utf-8") == page(language)


def test_the_page_of_the_commands_knows_every_exit_code() -> None:
    codes = {value for name, value in vars(complaints).items() if name.isupper() and isinstance(value, int)}
    for language in LANGUAGES:
        assert codes == {int(row) for row in re.findall(r"^\| (\d+) \|", page(language), re.MULTILINE)}
