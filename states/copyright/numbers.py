"""Checks whether a certificate number can exist by its standard; where it was issued is never a reason to refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from states.copyright.words import CertificateKind

CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CARD_CHECKS = "10X98765432"
"""GB 11643: the check character by the weighted sum modulo 11."""
CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and capitals without I, O, S, V and Z."""
RESIDENCE = ("810000", "820000", "830000")
"""Residence permits for people of Hong Kong, Macau and Taiwan, which stand in no list of places."""
PASSPORT = re.compile(r"[A-Z0-9]{5,17}")
HK_MACAO = re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")
TAIWAN = re.compile(r"[0-9]{8}|[0-9]{10}")
PERMANENT = re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]")
"""Of the cards of 2004 to 2023, and of those since."""
ALMOST_ANYTHING = re.compile(r"(?=.*[0-9A-Za-z])[0-9A-Za-z()./\-\u4e00-\u9fff ]{4,40}")
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Digits, letters and marks as wide as a Chinese character, which stand for the plain ones."""
CAPITALS = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
WITHIN = re.compile(r"[\s\-]+")
CARD, CREDIT = CertificateKind.identity_card, CertificateKind.credit_code
ELSEWHERE = (
    CertificateKind.passport,
    CertificateKind.hk_macao_permit,
    CertificateKind.taiwan_permit,
    CertificateKind.residence_permit,
    CertificateKind.permanent_residence,
)
OFFICES = (CertificateKind.institution_certificate, CertificateKind.association_certificate)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a number, for people in both languages, with the cure; the number itself is never in it."""

    en: str
    zh: str


def canonical(kind: CertificateKind | None, number: str) -> str:
    """The number as its certificate has it, however it was typed: wide digits, blanks, small letters."""
    plain = number.translate(WIDE).strip()
    closed = WITHIN.sub("", plain).translate(CAPITALS)
    if kind in (CARD, CREDIT, *ELSEWHERE) or (kind in OFFICES and len(closed) == 18):
        return closed
    return plain


def certificate_flaw(kind: CertificateKind, number: str, today: date) -> Flaw | None:
    """The first thing wrong with a certificate number, or None."""
    if number != canonical(kind, number):
        return Flaw("write it without blanks, in plain digits and capitals", "请去掉空格，并使用半角数字和大写字母")
    match kind:
        case CertificateKind.identity_card:
            return _card_flaw(number, today)
        case CertificateKind.passport:
            return _shaped(PASSPORT, number, "5 to 17 capital letters and digits", "5至17位大写字母或数字")
        case CertificateKind.hk_macao_permit:
            return _shaped(HK_MACAO, number, "H or M and 8 digits, as in H01234567", "H 或 M 加8位数字，如 H01234567")
        case CertificateKind.taiwan_permit:
            return _shaped(TAIWAN, number, "8 digits", "8位数字")
        case CertificateKind.permanent_residence:
            return _shaped(PERMANENT, number, "3 letters and 12 digits, or 18 digits", "3位字母加12位数字，或18位数字")
        case CertificateKind.residence_permit:
            if number[:6] not in RESIDENCE:
                return Flaw("it begins with 810000, 820000 or 830000", "应以 810000、820000 或 830000 开头")
            return _card_flaw(number, today)
        case CertificateKind.credit_code:
            return _credit_flaw(number)
        case CertificateKind.institution_certificate | CertificateKind.association_certificate if len(number) == 18:
            return _credit_flaw(number)
        case _:
            return _shaped(
                ALMOST_ANYTHING, number, "4 to 40 letters, digits, hyphens, brackets", "4至40位字母、数字、连字符或括号"
            )


def place_unknown(number: str) -> Flaw | None:
    """Whether the list of places that was read lacks this card's code in the year of birth.

    It is no reason to refuse: lists lack places that were given up or set up, and cards are issued anew elsewhere.
    """
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    if number.startswith(RESIDENCE):
        return None
    try:
        ric.get_birth_place(number)
    except (ValidationError, LookupError, ValueError):  # the list lacks the code, its county, or there is no such day
        return Flaw(
            "the list of places has no such code in that year; compare digits 1-6 with the certificate",
            "行政区划代码表中查不到该年份的此代码，请核对第1至6位",
        )
    return None


def _card_flaw(number: str, today: date) -> Flaw | None:
    if len(number) != 18:
        return Flaw(
            f"an identity card number has 18 characters, this has {len(number)}",
            f"居民身份证号应为18位，现为{len(number)}位",
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return Flaw(
            "an identity card number holds only digits, and perhaps an X at the end",
            "居民身份证号只含数字，末位可为 X，请核对",
        )
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Flaw(
            "the date of birth in it does not exist; compare digits 7-14 with the certificate",
            "其中的出生日期不存在，请核对第7至14位",
        )
    if CARD_CHECKS[sum(int(d) * w for d, w in zip(number, CARD_WEIGHTS, strict=False)) % 11] != number[17]:
        return Flaw(
            "the check character is wrong for an identity card number; compare it with the certificate, digit by digit",
            "居民身份证号的校验位不符，请与证件逐位核对",
        )
    if born > today:
        return Flaw(
            f"the date of birth in it is after {today}; compare digits 7-14 with the certificate",
            f"其中的出生日期晚于 {today}，请核对第7至14位",
        )
    return None


def _credit_flaw(number: str) -> Flaw | None:
    if len(number) != 18:
        return Flaw(
            f"a unified social credit code has 18 characters, this has {len(number)}",
            f"统一社会信用代码应为18位，现为{len(number)}位",
        )
    if any(letter not in CREDIT_LETTERS for letter in number):
        return Flaw(
            "a unified social credit code holds only digits and capital letters, none of I, O, S, V, Z",
            "统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z，请核对",
        )
    if not number[2:8].isdigit():
        return Flaw(
            "characters 3-8 of a unified social credit code are digits; compare them with the certificate",
            "统一社会信用代码第3至8位应为数字，请与证件核对",
        )
    total = sum(CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(number[:17]))
    if CREDIT_LETTERS[-total % 31] != number[17]:
        return Flaw(
            "the check character is wrong for a unified social credit code; compare it with the certificate, "
            "digit by digit",
            "统一社会信用代码的校验位不符，请与证件逐位核对",
        )
    return None


def _shaped(shape: re.Pattern[str], number: str, en: str, zh: str) -> Flaw | None:
    return None if shape.fullmatch(number) else Flaw(f"it is to be {en}", f"应为{zh}")
