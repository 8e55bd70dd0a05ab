"""Who stands on the form: the copyright owners and the applicant."""

from typing import Annotated

from pydantic import StringConstraints

from states.copyright.phones import gets_texts
from states.copyright.values import OwnerId
from states.copyright.words import Carrier, CertificateKind, OwnerKind
from workflow.intake.values import Line, Value

POSTCODE = r"^[0-9]{6}$"
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}$"


class Owner(Value):
    """A copyright owner (著作权人)."""

    id: OwnerId
    name: Line
    kind: OwnerKind
    certificate_kind: CertificateKind
    certificate_number: Line
    nationality: Line = "中国"
    province: Line
    city: Line
    phone: Line | None = None
    """Where the owner can be called."""
    carrier: Carrier | None = None
    """As the owner says; 携号转网 makes the number's first digits no proof."""

    @property
    def is_person(self) -> bool:
        return self.kind is OwnerKind.person

    @property
    def mobile(self) -> str | None:
        """The phone, where the bureau's codes and our notices can go there."""
        return self.phone if gets_texts(self.phone) else None


class Applicant(Value):
    """Who files and answers the bureau (申请人): one of the owners by id, or somebody else by name."""

    owner: OwnerId | None = None
    name: Line | None = None
    address: Line
    postcode: Annotated[str, StringConstraints(pattern=POSTCODE)]
    contact: Line
    phone: Line
    """Mobile or landline."""
    email: Annotated[str, StringConstraints(pattern=EMAIL)]
