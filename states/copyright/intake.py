"""The rules by which a row of a file becomes a registration."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from states.copyright.edits import edited
from states.copyright.flow import S
from states.copyright.gathered import GATHERED
from states.copyright.people import carried
from states.copyright.put_right import put_right
from states.copyright.registration import Registration
from states.copyright.rules import contradictions, warnings
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Named
from states.copyright.words import Word
from workflow import Case
from workflow.intake.gives import Cost
from workflow.intake.rows import Intake, Key

PATTERNS: Mapping[str, tuple[str, str]] = {
    "postcode": ("six digits, as in 400000", "6位数字，如 400000"),
    "email": ("an e-mail address, as in name@example.com", "电子邮箱，如 name@example.com"),
    "id": (
        "1 to 32 letters, digits, _ or -, beginning with a letter or digit",
        "1至32位字母、数字、_ 或 -，以字母或数字开头",
    ),
    "owner": ("the id of an owner, as given under owners", "著作权人的 id，与 owners 中一致"),
}


def _key(fields: Mapping[str, object]) -> Key | None:
    name, version = fields.get("full_name"), fields.get("version")
    if not isinstance(name, str) or not isinstance(version, str):
        return None
    owners = fields.get("owners")
    numbers = (
        [str(one.get("certificate_number")) for one in owners if isinstance(one, Mapping)]
        if isinstance(owners, list)
        else []
    )
    matter = Registration.matter_of(Registration.identity_of(name, version), numbers)
    return Key(matter, f"{name} {version}"[:120], "full_name", "title_twice")


def _follow(data: Registration, former: Case[Registration]) -> Registration:
    """The case that files anew what was refused takes nothing that the former one had."""
    had, papers = [one for one in former.data.placed if one.what == "order"], former.data.materials
    if papers is not None and papers.order is not None:
        had.append(Named(what="order", number=papers.order, round=papers.round))
    before = [*former.data.not_ours, *had]
    return data.model_copy(update={"former_case": former.number, "not_ours": tuple(dict.fromkeys(before))})


def _cost(data: Registration, settings: CopyrightSettings) -> Cost | None:
    """The materials of the first round; what stands at the bureau already orders none by itself."""
    if data.filing_number or data.draft_number:
        return None
    return Cost(settings.price.amount, settings.price.currency, settings.price.payee)


def _keys_of(word: str) -> Collection[str]:
    return [one.value for words in Word.__subclasses__() for one in words if one.zh == word]


INTAKE = Intake(
    "copyright",
    gathered=GATHERED,
    put_right=put_right,
    contradictions=contradictions,
    doubts=warnings,
    key=_key,
    keys_of=_keys_of,
    patterns=PATTERNS,
    account=lambda data: data.account,
    edited=edited,
    former=lambda data: data.former_case,
    former_field="former_case",
    stays=frozenset({"former_case", "draft_number", "filing_number", "account"}),
    follow=_follow,
    carry=carried,
    customer=lambda data: data.customer or data.applicant_name,
    cost=_cost,
    begins=lambda data: S.submitted if data.filing_number else S.unprocessed,
)
