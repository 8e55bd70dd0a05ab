"""Owners as records: a person or firm is one by kind and number of its certificate, in all its matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from states.copyright.numbers import canonical
from states.copyright.owners import masked
from states.copyright.parties import Owner
from states.copyright.registration import Registration
from states.copyright.shown import ends
from states.copyright.values import OwnerId, Specimen, permission_of
from workflow import Case
from workflow.intake.parties import Party


def parties(data: Registration) -> Iterator[Party]:
    """The owners, each with how it is reached in this matter and with what it gave for it."""
    for owner in data.owners:
        told = {"kind": owner.kind.value, "phone": masked(owner.phone), "place": _place(owner)}
        if data.applicant.owner == owner.id:
            told |= {"contact": data.applicant.contact, "address": data.applicant.address}
        given = data.specimens.get(owner.id)
        yield Party(
            key(owner), owner.id, owner.name, ends(owner.certificate_number),
            (canonical(owner.certificate_kind, owner.certificate_number),),
            {name: value for name, value in told.items() if value},
            () if given is None else (("specimen", _dates(given)),),
        )  # fmt: skip


def key(owner: Owner) -> str:
    return f"{owner.certificate_kind.value} {canonical(owner.certificate_kind, owner.certificate_number)}"


def carried(data: Registration, cases: Sequence[Case[Registration]]) -> Registration:
    """With the specimens that owners gave for all their matters: of several the newest that nobody took back."""
    found: dict[OwnerId, Specimen] = {}
    for owner in data.owners:
        given = [
            specimen.model_copy(update={"given_in": specimen.given_in or case.number})
            for case in cases
            for one in case.data.owners
            if key(one) == key(owner)
            and permission_of(one.id) not in case.data.doubtful
            and (specimen := case.data.specimens.get(one.id)) is not None
        ]
        ended = {one.authorisation.digest for one in given if one.revoked_on is not None}
        open_ = [one for one in given if one.matters == "all" and one.authorisation.digest not in ended]
        if open_:
            found[owner.id] = max(open_, key=lambda one: one.authorised_on)
    return data.model_copy(update={"specimens": {**found, **data.specimens}}) if found else data


def _dates(given: Specimen) -> Mapping[str, object]:
    told = {
        "authorised_on": given.authorised_on.isoformat(), "until": given.until and given.until.isoformat(),
        "matters": given.matters, "revoked_on": given.revoked_on and given.revoked_on.isoformat(),
        "given_in": given.given_in,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _place(owner: Owner) -> str:
    """Some firms stand in a city that is a province of its own."""
    return "".join(dict.fromkeys(filter(None, (owner.province, owner.city))))
