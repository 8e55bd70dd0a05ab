"""Corrects what is surely meant in a row: line breaks of forms, ways of writing days, blanks in numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from states.copyright.numbers import canonical
from states.copyright.older import of_today
from states.copyright.phones import canonical_phone
from states.copyright.rules import REGISTRATION_NUMBER
from states.copyright.words import CertificateKind

DAYS = ("completed_on", "first_published_on")
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_ZERO = date(1899, 12, 30)
"""From which tables count their days."""
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_050
"""1990 to 2099: a smaller number is no day that anybody hands in."""
DAY = re.compile(
    r"(?P<y>[0-9]{4})\s*(?:(?P<s>[-/.])\s*(?P<m>[0-9]{1,2})\s*(?P=s)\s*(?P<d>[0-9]{1,2})"
    r"|年\s*(?P<cm>[0-9]{1,2})\s*月\s*(?P<cd>[0-9]{1,2})\s*[日号]?|(?P<pm>[0-9]{2})(?P<pd>[0-9]{2}))"
)
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Wide letters, digits and signs as they are typed elsewhere; nothing else of a text changes."""
TIME = re.compile(
    r"[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)


def put_right(fields: Mapping[str, object]) -> dict[str, object]:
    """The row with what is surely meant corrected; the rest stays, to be named as a problem."""
    found = {name: _day(value) if name in DAYS else _text(value) for name, value in of_today(fields).items()}
    if isinstance(found.get("owners"), list):
        found["owners"] = [_party(one) for one in found["owners"]]  # type: ignore[attr-defined]
    if isinstance(former := found.get("former_registration_number"), str):
        found["former_registration_number"] = _registration(former)
    for party in ("applicant", "agent"):
        if party in found:
            found[party] = _party(found[party])
    if isinstance(owners := found.get("owners"), list):
        found["owners"] = _named(owners)
    if isinstance(title := found.get("full_name"), str):
        found["full_name"] = _title(title)
    if isinstance(version := found.get("version"), str):
        found["version"] = version.translate(NARROW).strip()
    return found


def _named(owners: list[object]) -> list[object]:
    """Each owner with an id, which tables rarely have: o1, o2 in their order, where that is not another one's."""
    taken = {one.get("id") for one in owners if isinstance(one, dict)}
    named: list[object] = []
    for place, one in enumerate(owners, 1):
        lacks = isinstance(one, dict) and one.get("id") is None and f"o{place}" not in taken
        named.append({**one, "id": f"o{place}"} if lacks and isinstance(one, dict) else one)
    return named


def _title(title: str) -> str:
    """Without the marks and blanks that stand around a whole title, and are no part of it."""
    plain = title.strip()
    inner = plain[1:-1]
    return inner.strip() if plain[:1] + plain[-1:] == "《》" and not {"《", "》"} & {*inner} else plain


def _registration(number: str) -> str:
    """As the register has it, where it can be only that: wide digits, blanks, small letters."""
    plain = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", number)).upper()
    return plain if REGISTRATION_NUMBER.fullmatch(plain) else number


def _text(value: object) -> object:
    """The text with plain line ends: HTML forms end lines with CRLF. A tab becomes a blank, since no form keeps it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if isinstance(value, list):
        return [_text(one) for one in value]
    if isinstance(value, dict):
        return {name: _text(one) for name, one in value.items()}
    return value


def _party(party: object) -> object:
    if not isinstance(party, dict):
        return party
    found: dict[str, Any] = dict(party)
    if isinstance(number := found.get("certificate_number"), str):
        kind = next((one for one in CertificateKind if one == found.get("certificate_kind")), None)
        found["certificate_number"] = canonical(kind, number)
    if isinstance(postcode := found.get("postcode"), str):
        found["postcode"] = unicodedata.normalize("NFKC", postcode).strip()
    if isinstance(phone := found.get("phone"), str):
        found["phone"] = canonical_phone(phone)
    return found


def _day(value: object) -> object:
    """A day as ISO 8601 has it, where it can be only one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _serial(value)
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", value).strip()
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return _serial(float(text), value)
    begin = DAY.match(text)
    if begin is None:
        return value
    rest = text[begin.end() :].strip()
    timed = TIME.fullmatch(text[begin.end() :]) or TIME.fullmatch(f" {rest}")
    if rest and timed is None:
        return value
    part = begin.groupdict()
    year, month, day = (
        int(part["y"]),
        int(part["m"] or part["cm"] or part["pm"]),
        int(part["d"] or part["cd"] or part["pd"]),
    )
    try:
        plain = date(year, month, day)
    except ValueError:
        return value
    if timed is None or not timed["zone"]:
        return plain.isoformat()
    return _in_shanghai(plain, rest, value)


def _in_shanghai(day: date, clock: str, value: object) -> object:
    """The day that an instant is where the bureau is: programs write its midnight as 16:00 the day before."""
    written = re.sub(r"\s+|^T", "", clock, flags=re.IGNORECASE).upper().replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{written}").astimezone(SHANGHAI).date().isoformat()
    except (ValueError, OverflowError):
        return value


def _serial(number: float, value: object = None) -> object:
    if FIRST_SERIAL <= number <= LAST_SERIAL and number == int(number):
        return (DAY_ZERO + timedelta(days=int(number))).isoformat()
    return number if value is None else value
