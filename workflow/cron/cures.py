"""What somebody may have meant by a cron expression that cannot be read: corrections to be tried in this order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
AROUND = " \t\r\n\"'`()[]{}<>“”‘’「」（）【】"
DAY, WEEKDAY = 3, 5


def cures(text: str) -> Iterator[str]:
    """Each possible correction; whoever asks tries them."""
    # full-width signs are typed with a Chinese keyboard
    plain = unicodedata.normalize("NFKC", text.strip(AROUND).replace("、", ",")).strip(AROUND)
    fields = plain.split()
    if plain.lower() in NICKNAMES:
        yield NICKNAMES[plain.lower()]
    if fields != text.split():
        yield " ".join(fields)
    if "?" in fields:
        yield from _with_question(fields)
    elif fields:
        yield " ".join((*fields, *["*"] * (5 - len(fields))))
    if len(fields) > 5 and (len(fields) > 7 or fields[5].startswith(("/", "."))):
        # a whole line of a crontab, with its command
        yield " ".join(fields[:5])


def _with_question(fields: list[str]) -> Iterator[str]:
    """Quartz, with fields too few or a `?` too many."""
    if len(fields) < 6:
        if fields[-1] == "?":
            yield " ".join((*fields[:-1], *["*"] * (6 - len(fields)), "?"))
        if len(fields) == 5:
            # written as for Unix: the seconds are missing
            yield " ".join(("0", *fields))
            yield " ".join("*" if field == "?" else field for field in fields)
        return
    days = [
        "*" if field == "?" and (index not in (DAY, WEEKDAY) or (index == DAY and fields[WEEKDAY] == "?")) else field
        for index, field in enumerate(fields)
    ]
    yield " ".join(days)
