"""docs/commands.md and its Chinese twin: the main commands with what they really print, taken from the transcripts.

Written anew by `python -m tests.console.commands_page`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from caseward.console.wording.words import LANGUAGES, Language
from tests.console.commands_sections import FOOT, HEAD, SECTIONS
from tests.console.conftest import ROOT
from tests.console.transcripts import path

PAGES: Mapping[Language, Path] = {
    "en": ROOT / "docs" / "commands.md",
    "zh-CN": ROOT / "docs" / "commands.zh-CN.md",
}
WIDTH = 80


def page(language: Language) -> str:
    """The whole page. Raises KeyError where a command is in no transcript."""
    shown = blocks(language)
    parts = [HEAD[language]]
    for each in SECTIONS:
        parts += [f"## {each.heading[language]}\n", f"{each.told[language]}\n"]
        parts += [f"```console\n{shown[command]}\n```\n" for command in each.commands]
    return "\n".join([*parts, FOOT[language]])


def blocks(language: Language) -> dict[str, str]:
    """What was shown by command; a command that was given again has its later turns under its name and ¹, ² ..."""
    found: dict[str, str] = {}
    for command, text in _turns(path(language, WIDTH).read_text("utf-8")):
        name, again = command, 0
        while name in found:
            again += 1
            name = command + "¹²³"[again - 1]
        found[name] = text
    return found


def _turns(text: str) -> Iterator[tuple[str, str]]:
    for turn in re.split(r"^(?=\$ caseward )", text, flags=re.MULTILINE):
        if turn:
            yield turn.split("\n")[0].removeprefix("$ caseward "), turn.rstrip("\n")


if __name__ == "__main__":
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), "utf-8")
