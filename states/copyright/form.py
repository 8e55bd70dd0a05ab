"""Fills the bureau's form from a registration, in the bureau's own words."""

from collections.abc import Sequence
from typing import Any

from adapters.bureau.filing_form import BESIDE, FilingForm
from adapters.bureau.portal import Difference
from states.copyright.parties import AT_HOME, Owner
from states.copyright.registration import Registration
from states.copyright.values import OwnerId

HOME = "中国"
"""As the bureau's form has it."""
MOST = 10
"""This many differences are told; the others are counted."""


def filing_form(data: Registration, agreement: bytes | None = None, attorney: bytes | None = None) -> FilingForm:
    """The whole form; agreement and attorney are the files of the cooperation agreement and the power of attorney."""
    return FilingForm.model_validate(
        {
            "software": _software(data),
            "owners": [_owner(owner) for owner in data.owners],
            "applicant": _applicant(data),
            "agreement": agreement,
            "attorney": attorney,
        }
    )


def files(data: Registration, round: int) -> dict[str, int | None]:
    """What was handed in with the form of this round, by kind, with its bytes as far as they are known."""
    found: dict[str, int | None] = {}
    papers = data.materials
    if papers is not None and papers.round == round:
        found = {"application": papers.application.size, "source": papers.source.size, "manual": papers.manual.size}
    beside = {"agreement": data.agreement, "attorney": data.power_of_attorney}
    return {**found, **{kind: paper.size for kind, paper in beside.items() if paper is not None}}


def as_seen(differences: Sequence[Difference]) -> dict[str, Any]:
    """The differences by their fields' names, as people read them: the first ones, and how many more there are."""
    seen: dict[str, Any] = {}
    for one in differences[:MOST]:
        name = one.field if one.place is None else f"{one.field}/{one.place}"
        seen[name] = {"ours": one.ours, "theirs": one.theirs, **({"covered": True} if one.covered else {})}
    more = len(differences) - MOST
    return {**seen, "more": more} if more > 0 else seen


def names(data: Registration) -> dict[OwnerId, str]:
    """The owners by our ids, each by the name that tells it from the others on the bureau's pages."""
    return dict(zip((owner.id for owner in data.owners), filing_form(data).owner_names, strict=True))


def particulars(data: Registration) -> dict[str, object]:
    """What the generation system writes the documents from."""
    return filing_form(data).model_dump(mode="json", exclude={*BESIDE})


def _software(data: Registration) -> dict[str, object]:
    return {
        "full_name": data.full_name,
        "short_name": data.short_name or "",
        "version": data.version,
        "category": data.category.zh,
        "work_kind": data.nature.zh,
        "modification_note": data.modification_note or "",
        "permission": data.modification_permission.zh if data.modification_permission else None,
        "former_number": data.former_registration_number or "",
        "development_mode": data.development.zh,
        "completion_date": data.completed_on,
        "publication": data.publication.zh,
        "publication_date": data.first_published_on,
        "publication_country": data.first_published_country if data.first_published_on else "",
        "publication_place": data.first_published_at or "",
        "acquisition": data.acquisition.zh,
        "succession": data.succession.zh if data.succession else None,
        "scope": data.scope.zh,
        "rights": [right.zh for right in data.rights],
    }


def _owner(owner: Owner) -> dict[str, object]:
    return {
        "name": owner.name,
        "kind": owner.kind.zh,
        "certificate_kind": owner.certificate_kind.zh,
        "certificate_number": owner.certificate_number,
        "nationality": HOME if owner.nationality in AT_HOME else owner.nationality,
        "province": owner.province or "",
        "city": owner.city or "",
        "district": owner.district or "",
        "address": owner.address or "",
        "phone": owner.mobile or "",
        "email": owner.email or "",
        "attribution": owner.attribution.zh,
        "alias": owner.alias or "",
    }


def _applicant(data: Registration) -> dict[str, object]:
    applicant = data.applicant
    return {
        "owner": data.owner(applicant.owner).name if applicant.owner else None,
        "name": applicant.name or "",
        "address": applicant.address,
        "postcode": applicant.postcode,
        "contact": applicant.contact,
        "phone": applicant.phone,
        "email": applicant.email,
        "agent": data.agent.model_dump() if data.agent else None,
        "development_hardware": data.development_hardware or "",
        "running_hardware": data.running_hardware or "",
        "development_system": data.development_system or "",
        "development_tools": data.development_tools or "",
        "running_system": data.running_system or "",
        "supporting_software": data.supporting_software or "",
        "languages": "、".join(data.languages),
        "line_count": data.source_lines,
        "page_count": data.source_pages,
        "purpose": data.purpose or "",
        "industry": data.industry or "",
        "main_functions": data.main_functions,
        "feature_kinds": [feature.zh for feature in data.features],
        "technical_features": data.technical_features,
        "deposit": data.deposit.zh,
        "deposit_way": data.deposit_exception.zh if data.deposit_exception else None,
        "deposit_masked": data.deposit_masked or "",
        "deposit_pages": data.deposit_pages or "",
    }
