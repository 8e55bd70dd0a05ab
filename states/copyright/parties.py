"""Who stands on the form: the copyright owners and the applicant."""

from typing import Annotated

from pydantic import StringConstraints

from states.copyright.phones import gets_texts
from states.copyright.values import OwnerId
from states.copyright.words import Attribution, Carrier, CertificateKind, OwnerKind
from workflow.intake.values import Line, Value

POSTCODE = r"^[0-9]{6}$"
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}$"


AT_HOME = frozenset({"中国", "中国大陆", "中华人民共和国", "CN", "China"})
"""Nationalities whose firms and offices have a unified social credit code."""
Postcode = Annotated[str, StringConstraints(pattern=POSTCODE)]
Email = Annotated[str, StringConstraints(pattern=EMAIL)]


class Owner(Value):
    """A copyright owner (著作权人)."""

    id: OwnerId
    name: Line
    kind: OwnerKind
    certificate_kind: CertificateKind
    certificate_number: Line
    nationality: Line = "中国"
    province: Line | None = None
    city: Line | None = None
    """Both are asked of owners of the mainland."""
    district: Line | None = None
    address: Line | None = None
    phone: Line | None = None
    """Where the owner can be called."""
    carrier: Carrier | None = None
    """As the owner says; 携号转网 makes the number's first digits no proof."""
    email: Email | None = None
    attribution: Attribution = Attribution.signed
    alias: Line | None = None

    @property
    def is_person(self) -> bool:
        return self.kind is OwnerKind.person

    @property
    def mobile(self) -> str | None:
        """The phone, where the bureau's codes and our notices can go there."""
        return self.phone if gets_texts(self.phone) else None


class Agent(Value):
    """Who files on behalf of the applicant (代理人), by a power of attorney (委托书)."""

    name: Line
    address: Line
    postcode: Postcode
    contact: Line
    phone: Line
    email: Email


class Applicant(Value):
    """Who files and answers the bureau (申请人): one of the owners by id, or somebody else by name."""

    owner: OwnerId | None = None
    name: Line | None = None
    address: Line
    postcode: Postcode
    contact: Line
    phone: Line
    """Mobile or landline."""
    email: Email
