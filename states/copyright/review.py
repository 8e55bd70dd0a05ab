"""What will be filed, on one page, and a person's yes to exactly that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

from adapters.bureau.filing_form import BESIDE
from states.copyright.form import filing_form
from states.copyright.owners import masked
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Approved
from workflow import Case, No, Verdict, Yes
from workflow.intake.reviews import Review, Section
from workflow.intake.values import Document

FIRST, EACH = "first", "each"


def papers(data: Registration, round: int) -> dict[str, Document]:
    """All papers that go to the bureau in this round, as far as they are there."""
    made = data.materials if data.materials is not None and data.materials.round == round else None
    found = {
        "material_application": made.application if made else None,
        "material_source": made.source if made else None,
        "material_manual": made.manual if made else None,
        "material_agreement": data.agreement,
        "material_attorney": data.power_of_attorney,
        "seal_page": data.seal_page if not round else None,
    }
    return {name: paper for name, paper in found.items() if paper is not None}


def mark_of(case: Case[Registration]) -> str:
    """Equal for equal particulars and papers of a round: a yes to one says nothing of another."""
    form = filing_form(case.data).model_dump(mode="json", exclude={*BESIDE})
    held = {name: paper.digest for name, paper in papers(case.data, case.round).items()}
    told = json.dumps([case.round, form, held, case.data.deposit_exception], sort_keys=True, ensure_ascii=False)
    return sha256(told.encode()).hexdigest()


def demanded(data: Registration, settings: CopyrightSettings) -> str:
    """When a person's yes is wanted of this matter: as set of its customer, else of its applicant, else of all."""
    names = [name for name in (data.customer, data.applicant_name) if name and name in settings.review_of]
    return settings.review_of[names[0]] if names else settings.review


def filing_agreed(case: Case[Registration], settings: CopyrightSettings) -> Verdict:
    """A person said yes to what will be filed, as it stands now; or none is wanted."""
    wanted = demanded(case.data, settings)
    if wanted != EACH and not (wanted == FIRST and not case.round):
        return Yes(review=wanted)
    given = case.data.approved
    if given is None or given.round != case.round:
        return No(approved=False, waits_for="operator")
    if given.mark != mark_of(case):
        return No(approved=False, changed_since=True, waits_for="operator")
    return Yes(approved=True)


def sheet(case: Case[Registration], settings: CopyrightSettings) -> Iterator[Section]:
    form = filing_form(case.data).model_dump(mode="json", exclude={*BESIDE})
    yield Section("software", tuple(_rows(form["software"])))
    for place, owner in enumerate(form["owners"], 1):
        told = {f"owner_{name}": value for name, value in owner.items()}
        yield Section("owner", tuple(_rows(told)), str(place))
    applicant = dict(form["applicant"])
    yield Section("applicant", tuple(_rows({"applicant": applicant.pop("owner", None) or "", **_called(applicant)})))
    held = papers(case.data, case.round)
    yield Section("papers", tuple((name, _paper(held.get(name))) for name in _expected(case)))
    price = settings.price
    rows = [("round", str(case.round)), ("amount", f"{price.amount} {price.currency} × {case.round + 1}")]
    yield Section("matter", (*rows, ("payee", price.payee)))


def _expected(case: Case[Registration]) -> list[str]:
    names = ["material_application", "material_source", "material_manual"]
    names += ["material_agreement"] if case.data.agreement is not None else []
    names += ["material_attorney"] if case.data.agent is not None else []
    return names if case.round else [*names, "seal_page"]


def _called(applicant: Mapping[str, object]) -> dict[str, object]:
    names = {"name": "applicant_name", "phone": "applicant_phone"}
    told = {names.get(name, name): value for name, value in applicant.items()}
    agent = told.pop("agent")
    return {**told, **{f"agent_{name}": value for name, value in agent.items()}} if isinstance(agent, dict) else told


def _rows(fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Numbers of people without their middle, as everywhere."""
    for name, value in fields.items():
        told = "、".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)
        if name.endswith("phone"):
            told = masked(told) or ""
        elif name.endswith("certificate_number"):
            shown = len(told) // 4
            told = f"{told[:shown]}…{told[len(told) - shown :]}"
        yield name, told


def _paper(paper: Document | None) -> str:
    return "" if paper is None else f"{paper.name}  {paper.size or '?'}  {paper.digest[:16]}"


def _yes(case: Case[Registration], settings: CopyrightSettings) -> Mapping[str, object]:
    return {"approved": Approved(round=case.round, mark=mark_of(case))}


REVIEWS = (Review("copyright", sheet, lambda case, settings: mark_of(case), _yes),)
