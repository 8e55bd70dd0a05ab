"""The parties of a registration against the rules: owners with their certificates and phones, and the applicant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from states.copyright.numbers import certificate_flaw, place_unknown
from states.copyright.parties import AT_HOME, Owner
from states.copyright.phones import gets_texts, of_a_firm, phone_flaw
from states.copyright.registration import Registration
from states.copyright.words import Attribution, CertificateKind, OwnerKind
from workflow.intake.rows import Contradiction

CERTIFICATES: dict[OwnerKind, tuple[CertificateKind, ...]] = {
    OwnerKind.person: (
        CertificateKind.identity_card,
        CertificateKind.passport,
        CertificateKind.hk_macao_permit,
        CertificateKind.taiwan_permit,
        CertificateKind.residence_permit,
        CertificateKind.permanent_residence,
        CertificateKind.other,
    ),
    OwnerKind.enterprise: (CertificateKind.credit_code,),
    OwnerKind.government: (CertificateKind.credit_code, CertificateKind.other),
    OwnerKind.public_institution: (CertificateKind.institution_certificate, CertificateKind.credit_code),
    OwnerKind.association: (CertificateKind.association_certificate, CertificateKind.credit_code),
    OwnerKind.other: (CertificateKind.credit_code, CertificateKind.other),
}


def fitting(owner: Owner) -> tuple[CertificateKind, ...]:
    """The certificates that an owner of this kind may have; firms and offices from elsewhere have other ones."""
    at_home = CERTIFICATES[owner.kind]
    if owner.is_person or owner.nationality in AT_HOME:
        return at_home
    return tuple(dict.fromkeys((*at_home, CertificateKind.foreign_registration, CertificateKind.other)))


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
        if owner.certificate_kind not in (kinds := fitting(owner)):
            keys, labels = ", ".join(kinds), "、".join(f"{kind}（{kind.zh}）" for kind in kinds)
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
        if owner.phone is not None and (flaw := phone_flaw(owner.phone)):
            yield Contradiction(f"{at}.phone", owner.phone, "phone_number", flaw.en, flaw.zh)
        elif owner.phone is not None and owner.is_person and of_a_firm(owner.phone):
            yield Contradiction(
                f"{at}.phone",
                owner.phone,
                "phone_of_a_person",
                "this is a service number of a firm; give the owner's own",
                "这是企业的服务号码，请填写著作权人本人的号码",
            )
        if owner.attribution is not Attribution.alias and owner.alias is not None:
            yield Contradiction(
                f"{at}.alias",
                owner.alias,
                "alias_signs",
                "drop it, or set attribution to alias",
                "请去掉别名，或把 attribution 改为 alias（别名）",
            )
        for field in ("province", "city"):
            if owner.nationality in AT_HOME and getattr(owner, field) is None:
                yield Contradiction(
                    f"{at}.{field}",
                    None,
                    "place_at_home",
                    "owners of the mainland say province and city",
                    "内地著作权人须填写省份和城市",
                )
        if owner.phone is None and owner.carrier is not None:
            yield Contradiction(
                f"{at}.carrier",
                owner.carrier,
                "carrier_needs_phone",
                "give the phone too, or drop the carrier",
                "请填写手机号，或去掉运营商",
            )


def owner_warnings(data: Registration) -> Iterator[Contradiction]:
    """What is taken, and what people should look at once more."""
    for place, owner in enumerate(data.owners):
        at, number, phone = f"owners[{place}]", owner.certificate_number, owner.phone
        if owner.certificate_kind is CertificateKind.identity_card and (doubt := place_unknown(number)):
            yield Contradiction(f"{at}.certificate_number", number, "place_unknown", doubt.en, doubt.zh)
        if phone is not None and not gets_texts(phone):
            yield Contradiction(
                f"{at}.phone",
                phone,
                "no_texts",
                "codes and notices go to mobiles of mainland China only: this owner gets none, and the form's box "
                "stays empty",
                "验证码和通知只能发到中国大陆手机号：该著作权人收不到，申请表上此项留空",
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
    elif applicant.owner is not None and _bearers(data, data.applicant_name) > 1:
        yield Contradiction(
            "applicant.owner",
            applicant.owner,
            "applicant_stands_alone",
            "two owners bear this name, and the bureau's form knows the applicant by name; let another one apply",
            "有两个著作权人同名，而申请表按姓名识别申请人；请由其他人申请",
        )
    for name, party in (("applicant", applicant), ("agent", data.agent)):
        if party is not None and (flaw := phone_flaw(party.phone)):
            yield Contradiction(f"{name}.phone", party.phone, "phone_number", flaw.en, flaw.zh)


def _bearers(data: Registration, name: str) -> int:
    """How many owners bear this name, told apart by their certificates."""
    return len({owner.certificate_number for owner in data.owners if owner.name == name})


def twice(values: Iterable[str]) -> list[str]:
    """The values that are listed more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
