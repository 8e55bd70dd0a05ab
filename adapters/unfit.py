"""What is wrong with a file, by the name of its texts."""

from __future__ import annotations


class Unfit(Exception):
    """A file is not taken. wrong: the end of its texts' names, error.scan. and cure.scan.; parts: what they fill in."""

    def __init__(self, wrong: str, **parts: object) -> None:
        super().__init__(f"{wrong} {parts}" if parts else wrong)
        self.wrong, self.parts = wrong, parts
