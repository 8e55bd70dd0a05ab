"""The written pages as tests read them: headings, blocks with what they are, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.house.source import ROOT, files

FENCE = re.compile(r"^```(\w*)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|\b(?:src|srcset|href)=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is a part of, its text."""

    language: str
    file: str
    text: str


@dataclass(frozen=True)
class Page:
    """A Markdown file of this repository."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """All but the blocks."""
        return FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[Block]:
        return [Block(*found.groups()) for found in FENCE.finditer(self.text)]

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [(len(marks), words) for marks, words in HEADING.findall(self.prose)]

    @property
    def links(self) -> list[str]:
        return [target or source for target, source in LINK.findall(self.prose)]

    @property
    def anchors(self) -> set[str]:
        """What a link may name after the #, as GitHub makes it of a heading."""
        return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in self.headings}

    def files(self) -> dict[str, str]:
        """The files that the blocks make up, each from its parts in order."""
        made: dict[str, str] = {}
        for block in self.blocks:
            if block.file:
                made[block.file] = f"{made[block.file]}\n\n{block.text}" if block.file in made else block.text
        return made


def page(name: str) -> Page:
    return Page(ROOT / name)


def pages() -> list[Page]:
    """Every Markdown file that is committed."""
    return [Page(path) for path in files() if path.suffix == ".md"]
