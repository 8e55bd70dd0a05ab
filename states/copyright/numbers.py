"""Certificate and phone numbers: is the number one that can exist, written the way the bureau's form takes it."""

import re
from dataclasses import dataclass
from datetime import date
from types import ModuleType

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError

from states.copyright.words import CertificateKind

PASSPORT = re.compile(r"[A-Z0-9]{5,17}")
ALMOST_ANYTHING = re.compile(r"[A-Za-z0-9()（）\-]{4,40}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a number, for people in both languages, with the cure."""

    en: str
    zh: str


def certificate_flaw(kind: CertificateKind, number: str, today: date) -> Flaw | None:
    """The first thing wrong with a certificate number, or None."""
    match kind:
        case CertificateKind.identity_card:
            return _checked(ric, number, "an identity card number", "居民身份证号") or _birth_flaw(number, today)
        case CertificateKind.passport:
            return _shaped(PASSPORT, number, "5 to 17 capital letters and digits", "5至17位大写字母或数字")
        case CertificateKind.other:
            return _shaped(ALMOST_ANYTHING, number, "4 to 40 letters, digits, hyphens", "4至40位字母、数字或连字符")
        case _:
            return _checked(uscc, number, "a unified social credit code", "统一社会信用代码")


def mobile_flaw(number: str) -> Flaw | None:
    """The first thing wrong with a number that is to receive text messages, or None."""
    return _phone_flaw(number, {PhoneNumberType.MOBILE})


def phone_flaw(number: str) -> Flaw | None:
    """The first thing wrong with a number that is to be called, mobile or landline, or None."""
    return _phone_flaw(number, {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE})


def _checked(standard: ModuleType, number: str, en: str, zh: str) -> Flaw | None:
    closed = number.replace(" ", "")
    try:
        plain = standard.validate(closed)
    except InvalidLength:
        return Flaw(f"{en} has 18 characters, this has {len(closed)}", f"{zh}应为18位，现为{len(closed)}位")
    except InvalidChecksum:
        return Flaw(
            f"the check character is wrong for {en}; compare it with the certificate, digit by digit",
            f"{zh}的校验位不符，请与证件逐位核对",
        )
    except InvalidComponent:
        return Flaw(
            f"place or date of birth in {en} does not exist; compare digits 1-14 with the certificate",
            f"{zh}中的地区或出生日期不存在，请核对第1至14位",
        )
    except ValidationError:
        return Flaw(
            f"{en} holds only digits and the capital letters its standard allows", f"{zh}含有标准以外的字符，请核对"
        )
    if plain != number:
        return Flaw(f"write it without blanks, in capitals: {plain}", f"请去掉空格并使用大写：{plain}")
    return None


def _birth_flaw(number: str, today: date) -> Flaw | None:
    born = ric.get_birth_date(number)
    if born <= today:
        return None
    return Flaw(
        f"the date of birth in it, {born}, is after {today}; compare digits 7-14 with the certificate",
        f"其中的出生日期 {born} 晚于 {today}，请核对第7至14位",
    )


def _shaped(shape: re.Pattern[str], number: str, en: str, zh: str) -> Flaw | None:
    return None if shape.fullmatch(number) else Flaw(f"it is to be {en}", f"应为{zh}")


def _phone_flaw(number: str, allowed: set[int]) -> Flaw | None:
    asked = (
        ("a mobile number of mainland China, 11 digits", "中国大陆11位手机号")
        if allowed == {PhoneNumberType.MOBILE}
        else ("a mobile or landline number of mainland China", "中国大陆手机号或固定电话")
    )
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return Flaw(f"it is to be {asked[0]}", f"应为{asked[1]}")
    if parsed.country_code != 86 or not phonenumbers.is_valid_number(parsed):
        shown = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        return Flaw(f"{shown} is assigned to nobody; it is to be {asked[0]}", f"{shown} 不是有效号码，应为{asked[1]}")
    kind = phonenumbers.number_type(parsed)
    if kind not in allowed:
        return Flaw(f"it is to be {asked[0]}", f"应为{asked[1]}")
    digits = phonenumbers.national_significant_number(parsed)
    if kind == PhoneNumberType.FIXED_LINE:
        return _shaped(LANDLINE, number, f"written as 0{digits}, or with a hyphen after the area code", f"0{digits}")
    return None if number == digits else Flaw(f"write it as {digits}", f"请写成 {digits}")
