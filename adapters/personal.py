"""Finds numbers of people in the words of a page or a remote, and takes out their middle."""

from __future__ import annotations

import re

from workflow.sentence import Sentence

LETTER, GAP = "[A-Za-zＡ-Ｚａ-ｚ]", r"(?<=\d)[ \-－‐-―−](?=\d)"
ONE = rf"(?:\d|{LETTER})"
DAY, DRAFT = r"\d{4}-\d{2}-\d{2}(?!\d)", r"[DF]0\d{6}(?!\w)"
REGISTRATION = rf"\d{{4}}SR\d{{6,7}}(?!{ONE})"


def personal(least: int) -> re.Pattern[str]:
    """A certificate's number or a phone, wide or in groups, of so many letters and digits; six of them are digits.

    What else is so long is found too. A day is none, nor is the bureau's own number of a draft or a filing, nor
    that of a registration, which is public.
    """
    digits, letters = rf"(?=(?:(?:{LETTER}|{GAP})*\d){{6}})", rf"(?=(?:(?:{GAP})?{ONE}){{{least}}})"
    return re.compile(rf"(?<!\d)(?<!{LETTER})(?!{DAY}|{DRAFT}|{REGISTRATION}){digits}{letters}(?:{ONE}|{GAP})+")


LONG, SHORT = personal(9), personal(7)
"""In a remote's sentence, where orders and messages have numbers too; on a page, where passports stand."""


def without_numbers(text: str, found: re.Pattern[str] = LONG) -> str:
    """The text, with the middle of each number that may be a person's left out."""
    return found.sub(lambda number: f"{number[0][:3]}…{number[0][-2:]}", text)


def on_page(words: str | None) -> str:
    """The words of a page as they are told; empty where there are none."""
    return without_numbers(words or "", SHORT)


def apart(due: str, shown: str) -> str:
    """What is due, as people are told it beside another thing that is shown; it says so where both are told alike.

    Words of a page, or sentences of ours, which are told as they are.
    """
    told = due if isinstance(due, Sentence) else on_page(due)
    if told != (shown if isinstance(shown, Sentence) else on_page(shown)):
        return told
    return Sentence("differs_in_covered", "{due}, which differs in what is left out here", due=told)
