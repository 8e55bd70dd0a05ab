"""Cases, orders, drafts and filings for the tests of the flows, and a look at a table with given facts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from adapters.bureau.portal import Draft, Filing, FilingStatus
from adapters.generator import Order
from states.copyright.facts import CenterIds
from states.copyright.flow import flow
from states.copyright.registration import Registration
from states.copyright.values import OwnersOfRound, Review, Specimen
from states.copyright.words import Answer
from tests.registration.particulars import COMPANY, applicant, owner, registration
from workflow.flow.case import Case
from workflow.flow.compiled import Evaluation, Plan
from workflow.flow.definition import Flow, Line
from workflow.intake.values import Document
from workflow.record.codes_on_file import CodesOnFile

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
PAPER = Document(digest="0" * 64, name="paper.pdf")
SPECIMEN = Specimen(signature=PAPER, authorisation=PAPER, authorised_on=date(2026, 11, 30))
SECOND = owner(
    id="o2", name="叶知棠", certificate_number="51000019911125462X", phone="18644700002", carrier="unicom"
)  # fmt: skip
THIRD = owner(id="o3", name="司徒晏", certificate_number="510000198809020310", phone="13300040010", carrier="telecom")
PLANS: dict[str, Plan] = {}


def alone(**gathered: object) -> Registration:
    """One person, who applies: no code is wanted."""
    return registration().model_copy(update=gathered)


def people(**gathered: object) -> Registration:
    """Three persons of three carriers, none of whom applies: each needs a code."""
    row: dict[str, Any] = {
        "owners": [owner(), SECOND, THIRD],
        "development": "cooperation",
        "applicant": {**applicant(name="重庆澜汐知识产权代理有限公司"), "owner": None},
    }
    return registration(**row).model_copy(update=gathered)


def company(**gathered: object) -> Registration:
    """A person and a company."""
    row: dict[str, Any] = {"owners": [owner(), COMPANY], "development": "cooperation"}
    return registration(**row).model_copy(update=gathered)


def case(
    state: str,
    data: Registration | None = None,
    *,
    round: int = 0,
    done: frozenset[tuple[str, str]] = frozenset(),
) -> Case[Registration]:
    return Case(
        id="c1", number="RZ-0001", flow="copyright", state=state, data=data or alone(), round=round,
        opened_at=NOW, entered_at=NOW, account="a1", done=done,
    )  # fmt: skip


def order(**changes: object) -> Order:
    plain = Order(
        number="G0000001", title="拾光手账时间管理软件", version="V1.0", round=0, paid=True, ready=True,
        amount=Decimal("300.00"),
    )  # fmt: skip
    return plain.model_copy(update=changes)


def draft(**changes: object) -> Draft:
    plain = Draft(
        marker="RZ-0001", round=0, number="D0000001", title="拾光手账时间管理软件", version="V1.0", saved=True
    )  # fmt: skip
    return plain.model_copy(update=changes)


def filing(status: FilingStatus = FilingStatus.reviewing, **changes: object) -> Filing:
    plain = Filing(
        marker="RZ-0001", round=0, number="F0000001", title="拾光手账时间管理软件", version="V1.0",
        status=status, line="审查中",
    )  # fmt: skip
    return plain.model_copy(update=changes)


def review(answer: Answer = Answer.reviewing, round: int = 0) -> Review:
    return Review(round=round, answer=answer, seen_at=NOW)


def of_round(*owners: str, round: int = 0) -> OwnersOfRound:
    return OwnersOfRound(round=round, owners=owners)


def center(**by_owner: str) -> CenterIds:
    return CenterIds(by_owner=by_owner)


def on_file(*unused: str, **used: int) -> CodesOnFile:
    return CodesOnFile(unused=frozenset(unused), used=used)


def look(
    of: Flow, case: Case[Any], facts: Mapping[str, object] | None = None, *, only: str | None = None
) -> Line | None:
    """The line that the table takes. Facts that are not given were not asked: to need one raises Missing."""
    plan = PLANS.setdefault(of.name, Plan(of))
    given = {"case": case, "now": NOW, "settings": of.settings, "deadline": None, **(facts or {})}
    return plan.decide(Evaluation(case.state, given, only=only))


def taken(case: Case[Registration], only: str | None = None, /, **facts: object) -> str | None:
    """The key of the line that the registration's table takes, or None: it waits."""
    line = look(flow, case, facts, only=only)
    return line.key if line else None
