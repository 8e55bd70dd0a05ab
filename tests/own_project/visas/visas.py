"""A visa from the draft to the decision: a fee paid once, two appointments, papers that come later, reminders."""

from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from workflow import (
    Case,
    Done,
    Flow,
    Message,
    No,
    NotDone,
    ProofAnswer,
    State,
    Stay,
    To,
    Verdict,
    action,
    fact,
)


class S(StrEnum):
    draft = auto()
    fee_paid = auto()
    first_appointment = auto()
    documents_incomplete = auto()
    second_appointment = auto()
    issued = auto()
    refused = auto()


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Application(Frozen):
    passport: str
    name: str
    phone: str
    papers: tuple[str, ...] = ()
    first_at: datetime | None = None
    second_at: datetime | None = None
    visa: str | None = None


class File(Frozen):
    """What the centre says of an application."""

    paid: bool = False
    first_at: datetime | None = None
    second_at: datetime | None = None
    attended: int = 0
    missing: tuple[str, ...] = ()
    decision: str | None = None
    visa: str | None = None


class Centre(Protocol):
    async def pay(self, passport: str, key: str) -> None: ...
    async def book(self, passport: str, number: int) -> None: ...
    async def hand_in(self, passport: str, papers: tuple[str, ...]) -> None: ...
    async def file(self, passport: str) -> File: ...


@fact
async def file(case: Case[Application], centre: Centre) -> File:
    return await centre.file(case.data.passport)


async def paid(case: Case[Application], centre: Centre) -> ProofAnswer:
    return Done() if (await centre.file(case.data.passport)).paid else NotDone()


@action(proof=paid, once="case", takes=timedelta(minutes=2))
async def pay(case: Case[Application], centre: Centre, key: str) -> None:
    await centre.pay(case.data.passport, key)


@action(repeatable=True, takes=timedelta(minutes=2))
async def book_first(case: Case[Application], centre: Centre) -> None:
    await centre.book(case.data.passport, 1)


@action(repeatable=True, takes=timedelta(minutes=2))
async def book_second(case: Case[Application], centre: Centre) -> None:
    await centre.book(case.data.passport, 2)


@action(blind="incident", once="round", takes=timedelta(minutes=2))
async def hand_in(case: Case[Application], centre: Centre) -> dict[str, object]:
    await centre.hand_in(case.data.passport, case.data.papers)
    return {"papers": ()}


def first_booked(file: File) -> Verdict:
    return file.first_at is not None or No(waits_for="centre")


def second_booked(file: File) -> Verdict:
    return file.second_at is not None or No(waits_for="centre")


def papers_missing(file: File) -> Verdict:
    return bool(file.missing) or No(missing=file.missing)


def papers_given(case: Case[Application], file: File) -> Verdict:
    lacking = [paper for paper in file.missing if paper not in case.data.papers]
    return not lacking or No(lacking=lacking, waits_for="applicant")


def first_attended(file: File, now: datetime) -> Verdict:
    return file.attended >= 1 or No(until=file.first_at if file.first_at and file.first_at > now else None)


def granted(file: File) -> Verdict:
    return file.decision == "granted" or No(decision=file.decision, waits_for="centre")


def denied(file: File) -> Verdict:
    return file.decision == "denied" or No(decision=file.decision, waits_for="centre")


def first_is_near(case: Case[Application], now: datetime) -> Verdict:
    at = case.data.first_at
    return (at is not None and at - now <= timedelta(hours=24)) or No(first_at=at)


def reminder(case: Case[Application]) -> list[Message]:
    text = f"{case.data.name}, your appointment is on {case.data.first_at:%d %b at %H:%M}."
    return [Message("first appointment", case.data.passport, case.data.phone, text)]


flow = Flow(
    "visas",
    version=1,
    data=Application,
    facts=[file],
    prefix="VS",
    subject=lambda application: application.passport,
    states=[
        State(S.draft, "草稿", To(S.fee_paid, do=pay), waits_for="centre"),
        State(
            S.fee_paid,
            "已缴费",
            To(S.first_appointment, when=first_booked, learn={"first_at": "file.first_at"}),
            Stay(do=book_first),
            waits_for="centre",
            recheck=timedelta(hours=12),
        ),
        State(
            S.first_appointment,
            "第一次预约",
            To(S.documents_incomplete, when=papers_missing),
            To(S.second_appointment, when=[first_attended, second_booked], learn={"second_at": "file.second_at"}),
            Stay(when=first_attended, do=book_second),
            Stay(when=first_is_near, tell=reminder, name="remind"),
            waits_for="applicant",
            recheck=timedelta(hours=12),
        ),
        State(
            S.documents_incomplete,
            "材料不全",
            To(S.first_appointment, when=papers_given, do=hand_in, new_round=True),
            waits_for="applicant",
            recheck=timedelta(hours=12),
        ),
        State(
            S.second_appointment,
            "第二次预约",
            To(S.issued, when=granted, learn={"visa": "file.visa"}),
            To(S.refused, when=denied),
            waits_for="centre",
            recheck=timedelta(hours=12),
        ),
        State(S.issued, "已发签证", final=True),
        State(S.refused, "拒签", final=True),
    ],
)
