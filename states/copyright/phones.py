"""Checks telephone numbers: which can exist, how they are written, and which of them get texts."""

from __future__ import annotations

import re

from adapters.phones import Dialled
from states.copyright.numbers import WIDE, Flaw

MOBILE = re.compile(r"1[3-9][0-9]{9}")
"""Of mainland China; which beginnings are given out, and to whom, changes every year, and is nobody's to guess."""
LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})-?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?")
SERVICE = re.compile(r"[48]00-?[0-9]{3}-?[0-9]{4}|9[56][0-9]{3,4}")
FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}")
BLANKS = re.compile(r"[\s().·]+")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
ASKED = Flaw(
    "it is to be a number that can be called: 11 digits (mobile), 0, area code and number (landline), "
    "or +, country and number",
    "应为可拨打的号码：11位手机号、带区号的固定电话，或以 + 和国家（地区）代码开头的境外号码",
)


def canonical_phone(number: str) -> str:
    """The number as it is stored: a mobile as 11 digits, a landline with its area code, any other from its +."""
    if (mobile := Dialled(number).mobile) is not None:
        return mobile
    plain = BLANKS.sub("", Dialled(number.translate(WIDE).strip()).untabled.translate(DASHES))
    digits = plain.replace("-", "")
    abroad = "+" + digits[2:] if digits.startswith("00") else digits
    if abroad.startswith("+86"):
        home = abroad[3:].removeprefix("0")
        return home if SERVICE.fullmatch(home) else f"0{home}"
    return abroad if abroad.startswith("+") else plain


def phone_flaw(number: str) -> Flaw | None:
    """Why nobody can be called by it, or None."""
    if number != canonical_phone(number):
        return Flaw("write it without blanks, in plain digits", "请去掉空格，并使用半角数字")
    if MOBILE.fullmatch(number) or LANDLINE.fullmatch(number) or SERVICE.fullmatch(number):
        return None
    if FOREIGN.fullmatch(number):
        return _foreign_flaw(number)
    if re.fullmatch(r"[2-9][0-9]{6,7}", number):
        return Flaw(
            "the area code is missing, as 023 in 023-67891234; a number abroad begins with + and the country, as +852",
            "缺少区号，如 023-67891234；境外号码应以 + 和国家（地区）代码开头，如 +852",
        )
    if re.fullmatch(r"1[0-9]{3,}", number) and len(number) != 11:
        return Flaw(
            f"a mobile number of mainland China has 11 digits, this has {len(number)}",
            f"中国大陆手机号应为11位，现为{len(number)}位",
        )
    return ASKED


def of_a_firm(number: str) -> bool:
    """Whether it is a firm's number, such as 400-… or 95…, and no person's."""
    return SERVICE.fullmatch(number) is not None


def gets_texts(number: str | None) -> bool:
    """Whether the bureau's codes and our notices can go there: the bureau's form and the gateway know no others."""
    return number is not None and MOBILE.fullmatch(number) is not None


def _foreign_flaw(number: str) -> Flaw | None:
    """Only what can be no number of its country by its length is refused: number plans change."""
    import phonenumbers

    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        possible = False
    if possible:
        return None
    return Flaw(
        "no country has such a number; write +, the country's code and the number without its first 0",
        "没有这样的境外号码；应写 +、国家（地区）代码和去掉首位 0 的号码",
    )
