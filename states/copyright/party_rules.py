"""The parties of a registration against the rules: owners with their certificates and phones, and the applicant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from states.copyright.numbers import certificate_flaw, mobile_flaw, phone_flaw
from states.copyright.registration import Registration
from states.copyright.values import Contradiction
from states.copyright.words import CertificateKind, OwnerKind

CERTIFICATES: dict[OwnerKind, tuple[CertificateKind, ...]] = {
    OwnerKind.person: (CertificateKind.identity_card, CertificateKind.passport, CertificateKind.other),
    OwnerKind.enterprise: (CertificateKind.credit_code,),
    OwnerKind.government: (CertificateKind.credit_code, CertificateKind.other),
    OwnerKind.public_institution: (CertificateKind.institution_certificate, CertificateKind.credit_code),
    OwnerKind.association: (CertificateKind.association_certificate, CertificateKind.credit_code),
    OwnerKind.other: (CertificateKind.credit_code, CertificateKind.other),
}


def owner_contradictions(data: Registration, today: date) -> Iterator[Contradiction]:
    for owner_id in twice([owner.id for owner in data.owners]):
        yield Contradiction(
            "owners", owner_id, "owner_ids_differ", "give each owner an id of its own", "每个著作权人的 id 须各不相同"
        )
    for number in twice([owner.certificate_number for owner in data.owners]):
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


def applicant_contradictions(data: Registration) -> Iterator[Contradiction]:
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


def twice(values: Iterable[str]) -> list[str]:
    """What is listed more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
