"""The particulars of a registration against one another and against the day: what the bureau would send back."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from states.copyright.numbers import certificate_flaw, mobile_flaw, phone_flaw
from states.copyright.registration import Registration
from states.copyright.words import (
    Acquisition,
    CertificateKind,
    Deposit,
    Development,
    Nature,
    OwnerKind,
    PublicationStatus,
    Scope,
)

REGISTRATION_NUMBER = re.compile(r"[0-9]{4}SR[0-9]{6,7}")
EARLIEST = date(1990, 1, 1)
"""Where the bureau's calendar begins."""

CERTIFICATES: dict[OwnerKind, tuple[CertificateKind, ...]] = {
    OwnerKind.person: (CertificateKind.identity_card, CertificateKind.passport, CertificateKind.other),
    OwnerKind.enterprise: (CertificateKind.credit_code,),
    OwnerKind.government: (CertificateKind.credit_code, CertificateKind.other),
    OwnerKind.public_institution: (CertificateKind.institution_certificate, CertificateKind.credit_code),
    OwnerKind.association: (CertificateKind.association_certificate, CertificateKind.credit_code),
    OwnerKind.other: (CertificateKind.credit_code, CertificateKind.other),
}


@dataclass(frozen=True)
class Contradiction:
    """One rule that the particulars break: where, with which value, and the cure in both languages."""

    field: str
    value: object
    rule: str
    en: str
    zh: str


def contradictions(data: Registration, today: date) -> tuple[Contradiction, ...]:
    """All of them, in the order of the form."""
    return (
        *_nature(data),
        *_development(data),
        *_dates(data, today),
        *_rights(data),
        *_owners(data, today),
        *_applicant(data),
        *_deposit(data),
    )


def _nature(data: Registration) -> Iterator[Contradiction]:
    note, former = data.modification_note, data.former_registration_number
    if data.nature is Nature.modified and note is None:
        yield Contradiction(
            "modification_note",
            None,
            "modified_needs_note",
            "a modified work says what was modified",
            "修改作品须填写修改说明",
        )
    if data.nature is Nature.original and note is not None:
        yield Contradiction(
            "modification_note",
            note,
            "original_has_no_note",
            "drop it, or set nature to modified",
            "原创作品不填修改说明；如为修改作品请把 nature 改为 modified",
        )
    if data.nature is Nature.original and former is not None:
        yield Contradiction(
            "former_registration_number",
            former,
            "original_was_not_registered",
            "drop it, or set nature to modified",
            "原创作品没有前登记号；如为修改作品请把 nature 改为 modified",
        )
    if former is not None and not REGISTRATION_NUMBER.fullmatch(former):
        yield Contradiction(
            "former_registration_number",
            former,
            "registration_number",
            "year, SR and 6 or 7 digits, as in 2021SR0123456",
            "应为年份、SR加6至7位数字，如 2021SR0123456",
        )


def _development(data: Registration) -> Iterator[Contradiction]:
    if data.acquisition is not Acquisition.original:
        return  # heirs may own together what one person wrote
    mode, owners = data.development, len(data.owners)
    if mode is Development.cooperation and owners < 2:
        yield Contradiction(
            "development",
            mode,
            "cooperation_needs_owners",
            "name all who developed it as owners, or say sole",
            "合作开发须有两个以上著作权人；否则请改为 sole（单独开发）",
        )
    if mode is Development.sole and owners > 1:
        yield Contradiction(
            "development",
            mode,
            "sole_has_one_owner",
            f"{owners} owners are named: say cooperation, commission or assigned",
            f"列出了{owners}个著作权人，请改为 cooperation、commission 或 assigned",
        )


def _dates(data: Registration, today: date) -> Iterator[Contradiction]:
    done, shown, place = data.completed_on, data.first_published_on, data.first_published_at
    if not EARLIEST <= done <= today:
        yield Contradiction(
            "completed_on",
            done,
            "completed_in_the_past",
            f"between {EARLIEST} and today, {today}",
            f"应在 {EARLIEST} 与今天（{today}）之间",
        )
    if data.publication is PublicationStatus.unpublished:
        for field, value in (("first_published_on", shown), ("first_published_at", place)):
            if value is not None:
                yield Contradiction(
                    field,
                    value,
                    "unpublished_has_no_publication",
                    "drop it, or set publication to published",
                    "未发表不填首次发表信息；如已发表请把 publication 改为 published",
                )
        return
    if place is None:
        yield Contradiction(
            "first_published_at",
            None,
            "published_needs_place",
            "say where it was first published",
            "已发表须填写首次发表地点",
        )
    if shown is None:
        yield Contradiction(
            "first_published_on",
            None,
            "published_needs_date",
            "say when it was first published",
            "已发表须填写首次发表日期",
        )
    elif shown < done:
        yield Contradiction(
            "first_published_on",
            shown,
            "published_after_completion",
            f"not before completed_on, {done}",
            f"不得早于开发完成日期 {done}",
        )
    elif shown > today:
        yield Contradiction(
            "first_published_on",
            shown,
            "published_in_the_past",
            f"not after today, {today}",
            f"不得晚于今天（{today}）",
        )


def _rights(data: Registration) -> Iterator[Contradiction]:
    if data.acquisition is Acquisition.succession and data.succession is None:
        yield Contradiction(
            "succession",
            None,
            "succession_needs_kind",
            "say assignment, assumption or inheritance",
            "继受取得须注明 assignment（受让）、assumption（承受）或 inheritance（继承）",
        )
    if data.acquisition is Acquisition.original and data.succession is not None:
        yield Contradiction(
            "succession",
            data.succession,
            "original_has_no_succession",
            "drop it, or set acquisition to succession",
            "原始取得不填继受方式；否则请把 acquisition 改为 succession",
        )
    if data.scope is Scope.partial and not data.rights:
        yield Contradiction(
            "rights", data.rights, "partial_needs_rights", "list the rights it covers", "部分权利须逐项列出"
        )
    if data.scope is Scope.all and data.rights:
        yield Contradiction(
            "rights",
            list(data.rights),
            "all_lists_none",
            "drop the list, or set scope to partial",
            "全部权利不列明细；否则请把 scope 改为 partial",
        )
    for right in _twice(list(data.rights)):
        yield Contradiction("rights", right, "listed_once", "list each right once", "每项权利只列一次")


def _owners(data: Registration, today: date) -> Iterator[Contradiction]:
    for owner_id in _twice([owner.id for owner in data.owners]):
        yield Contradiction(
            "owners", owner_id, "owner_ids_differ", "give each owner an id of its own", "每个著作权人的 id 须各不相同"
        )
    for number in _twice([owner.certificate_number for owner in data.owners]):
        yield Contradiction(
            "owners",
            number,
            "owners_differ",
            "two owners carry this certificate number; name each owner once",
            "两个著作权人的证件号码相同；每人只列一次",
        )
    for place, owner in enumerate(data.owners):
        at = f"owners[{place}]"
        fitting = CERTIFICATES[owner.kind]
        if owner.certificate_kind not in fitting:
            keys, labels = ", ".join(fitting), "、".join(f"{kind}（{kind.zh}）" for kind in fitting)
            yield Contradiction(
                f"{at}.certificate_kind",
                owner.certificate_kind,
                "certificate_fits_owner",
                f"for {owner.kind} it is one of {keys}",
                f"{owner.kind.zh}应为 {labels}",
            )
        elif flaw := certificate_flaw(owner.certificate_kind, owner.certificate_number, today):
            yield Contradiction(
                f"{at}.certificate_number", owner.certificate_number, "certificate_number", flaw.en, flaw.zh
            )
        if owner.phone is not None and (flaw := mobile_flaw(owner.phone)):
            yield Contradiction(f"{at}.phone", owner.phone, "mobile_number", flaw.en, flaw.zh)
        if owner.phone is None and owner.carrier is not None:
            yield Contradiction(
                f"{at}.carrier",
                owner.carrier,
                "carrier_needs_phone",
                "give the phone too, or drop the carrier",
                "请填写手机号，或去掉运营商",
            )


def _applicant(data: Registration) -> Iterator[Contradiction]:
    applicant, known = data.applicant, [owner.id for owner in data.owners]
    if (applicant.owner is None) == (applicant.name is None):
        yield Contradiction(
            "applicant",
            applicant.name,
            "applicant_is_named_once",
            "give owner (the id of an owner) or name, one of the two",
            "owner（著作权人 id）与 name（姓名或名称）二者填其一",
        )
    if applicant.owner is not None and applicant.owner not in known:
        yield Contradiction(
            "applicant.owner",
            applicant.owner,
            "applicant_is_an_owner",
            f"the owners are {', '.join(known)}",
            f"著作权人 id 有：{'、'.join(known)}",
        )
    if flaw := phone_flaw(applicant.phone):
        yield Contradiction("applicant.phone", applicant.phone, "phone_number", flaw.en, flaw.zh)


def _deposit(data: Registration) -> Iterator[Contradiction]:
    how = data.deposit_exception
    if data.deposit is Deposit.exceptional and how is None:
        yield Contradiction(
            "deposit_exception",
            None,
            "exceptional_needs_way",
            "say covered, chosen_pages or object_code",
            "例外交存须注明方式：covered、chosen_pages 或 object_code",
        )
    if data.deposit is Deposit.ordinary and how is not None:
        yield Contradiction(
            "deposit_exception",
            how,
            "ordinary_has_no_way",
            "drop it, or set deposit to exceptional",
            "一般交存不填例外方式；否则请把 deposit 改为 exceptional",
        )


def _twice(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
