"""What the bureau's form asks and a registration does not say, or says in more or fewer characters than a box takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from adapters.bureau.boxes import LENGTHS
from states.copyright.parties import Owner
from states.copyright.registration import Registration
from states.copyright.words import Attribution, Deposit, DepositException, Nature
from workflow import Case, No, Verdict, Yes
from workflow.intake.rows import Contradiction

BOXES = {
    "modification_permission": "permission",
    "former_registration_number": "former_number",
    "first_published_country": "publication_country",
    "first_published_at": "publication_place",
    "applicant.name": "applicant_name",
    "applicant.address": "address",
    "applicant.contact": "contact",
    "applicant.email": "email",
}
"""The boxes of fields that are called otherwise there; an agent's are agent_ and the field."""
LIMITS = {box: (least, most) for box, least, most in LENGTHS}
PLAIN = ("full_name", "short_name", "version", "modification_note", "main_functions", "technical_features")
ASKED = (
    "development_hardware",
    "running_hardware",
    "development_system",
    "development_tools",
    "running_system",
    "supporting_software",
    "source_pages",
    "purpose",
    "industry",
    "features",
)
"""Each form asks them; a registration may come without, and gets them before anything is ordered."""
OF_OWNERS = ("name", "certificate_number", "nationality", "province", "city", "district", "address", "email", "alias")
OF_APPLICANT = ("name", "address", "contact", "email")


@dataclass(frozen=True)
class Gap:
    """A field by its path. length: of what stands there, 0 for nothing; least and most: what the box takes."""

    field: str
    length: int
    least: int
    most: int

    @property
    def is_too_long(self) -> bool:
        return self.length > self.most


def gaps(data: Registration) -> Iterator[Gap]:
    """In the order of the form."""
    for field, text in chain(_software(data), _parties(data), _program(data)):
        name = field.rpartition(".")[2] if field.startswith("owners") else field
        box = BOXES.get(field) or ("email" if name == "email" else name.replace("agent.", "agent_"))
        least, most = LIMITS.get(box, (1, 1_000_000))
        if not least <= len(text) <= most:
            yield Gap(field, len(text), least, most)


def form_complete(case: Case[Registration]) -> Verdict:
    """The registration says all that the bureau's form asks: before, nothing is ordered or filled in."""
    lacking = [gap.field for gap in gaps(case.data)]
    return No(incomplete=lacking, waits_for="operator") if lacking else Yes(incomplete=None)


def too_long(data: Registration) -> Iterator[Contradiction]:
    for gap in gaps(data):
        if gap.is_too_long:
            yield Contradiction(
                gap.field,
                gap.length,
                "too_long_for_box",
                f"the bureau's box takes {gap.most} characters, this has {gap.length}",
                f"申请表此项最多{gap.most}个字，现为{gap.length}个",
            )


def still_lacking(data: Registration) -> Iterator[Contradiction]:
    """What a row may lack: the case is opened, and waits for it before anything is ordered."""
    for gap in gaps(data):
        if not gap.length:
            yield Contradiction(
                gap.field,
                None,
                "form_asks",
                "the bureau's form asks this; the case is not begun before it is given",
                "申请表须填此项；未补全前不会开始办理",
            )
        elif not gap.is_too_long:
            yield Contradiction(
                gap.field,
                None,
                "too_short_for_box",
                f"the bureau asks at least {gap.least} characters, this has {gap.length}; the case is not begun before",
                f"版权局要求至少{gap.least}个字，现为{gap.length}个；未补全前不会开始办理",
            )


def _software(data: Registration) -> Iterator[tuple[str, str]]:
    made_of_another = data.nature is not Nature.original
    for field in PLAIN[:4]:
        if (text := getattr(data, field)) is not None:
            yield field, text
    if made_of_another:
        yield "modification_permission", data.modification_permission or ""
    if data.former_registration_number is not None:
        yield "former_registration_number", data.former_registration_number
    if data.first_published_at is not None:
        yield "first_published_country", data.first_published_country
        yield "first_published_at", data.first_published_at


def _parties(data: Registration) -> Iterator[tuple[str, str]]:
    for place, owner in enumerate(data.owners):
        for field in OF_OWNERS:
            text = getattr(owner, field)
            if text is not None or field in _asked_of(owner):
                yield f"owners[{place}].{field}", text or ""
    for field in OF_APPLICANT:
        if (text := getattr(data.applicant, field)) is not None:
            yield f"applicant.{field}", text
    if data.agent is not None:
        for field in OF_APPLICANT:
            yield f"agent.{field}", getattr(data.agent, field)


def _asked_of(owner: Owner) -> tuple[str, ...]:
    return ("alias",) if owner.attribution is Attribution.alias else ()


def _program(data: Registration) -> Iterator[tuple[str, str]]:
    yield "languages", "、".join(data.languages)
    for field in ASKED:
        value = getattr(data, field)
        yield field, "" if value is None else "、".join(value) if isinstance(value, tuple) else str(value)
    for field in PLAIN[4:]:
        yield field, getattr(data, field)
    if data.deposit is Deposit.exceptional:
        yield "deposit_pages", data.deposit_pages or ""
    if data.deposit_exception is DepositException.covered:
        yield "deposit_masked", data.deposit_masked or ""
