"""Text that can be shown: what would move the cursor is escaped, and numbers of people lose their middle."""

import json
import re

from caseward.console.text.hidden import is_later

LONGEST_SHOWN = 80
LEAST_DIGITS = 8
PERSONAL = re.compile(r"[0-9A-Za-z０-９+][0-9A-Za-z０-９ ()（）\-]{6,}[0-9A-Za-z０-９)）]")
SURELY = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}|1[3-9][0-9]{9})(?![0-9A-Za-z])"
)
INSTANT = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[T ][0-9]{2})?$")


def shown(value: object) -> str:
    """A value as it stands in the file, cut where it is long; what may be a card or a phone shows only its ends."""
    try:
        short = value[: 4 * LONGEST_SHOWN] if isinstance(value, str) else value
        text = masked(visible(json.dumps(short, ensure_ascii=False, default=str)[: 4 * LONGEST_SHOWN]))
    except RecursionError:
        return "[[[…"  # brackets a thousand deep: nobody needs to read them
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def masked(text: str) -> str:
    """Without the middle of any number that may be a person's: nine digits or more, however they are set apart."""
    return PERSONAL.sub(lambda found: _ends(found.group()), text)


def masked_surely(text: str) -> str:
    """The same for cards, credit codes and mobiles alone: sizes, versions and keys stay as they are."""
    return SURELY.sub(lambda found: f"{found.group()[:3]}****{found.group()[-2:]}", text)


def _ends(number: str) -> str:
    if INSTANT.match(number) or sum(letter.isdigit() for letter in number) < LEAST_DIGITS:
        return number
    return f"{number[:3]}****{number[-2:]}"


def visible(text: str) -> str:
    """The text with everything escaped that would move the cursor, turn the line round or show nothing."""
    return "".join(
        letter if letter.isprintable() or is_later(letter) else letter.encode("unicode_escape").decode()
        for letter in text
    )


def path(parts: tuple[int | str, ...]) -> str:
    written = ""
    for part in parts:
        written += f"[{part}]" if isinstance(part, int) else f".{part}" if written else part
    return visible(written)
