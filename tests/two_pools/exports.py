"""A system of two pools: goods are declared on an account of customs, duty is paid on one of a bank, by turns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from workflow import Case, Codes, CodesOnFile, Flow, No, State, System, To, Verdict, action, fact
from workflow.flow.remotes import Evidence, Remote
from workflow.intake.gives import SecretKind
from workflow.intake.rows import Intake
from workflow.record.values import Seat
from workflow.system import AccountPool

SOON = timedelta(minutes=2)


class S(StrEnum):
    declared = auto()
    to_pay = auto()
    to_release = auto()
    released = auto()


class Export(BaseModel):
    """Goods that leave the country."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    goods: str = "tea"
    payer: str = "ada"
    declaration: str | None = None
    receipt: str | None = None
    broker: str | None = None
    teller: str | None = None


class Customs(Protocol):
    """The website of customs, as one account sees it."""

    async def declare(self, goods: str, pin: str) -> str: ...
    async def is_released(self, declaration: str) -> bool: ...


class Bank(Protocol):
    """The website of a bank, as one account sees it."""

    async def pay(self, declaration: str, tan: str) -> str: ...


@dataclass
class Website:
    """Customs and bank at once: who did what, by the login under which it was done."""

    done: list[tuple[str, str]] = field(default_factory=list)
    login: str = ""
    secrets: list[tuple[str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def connect(self, seat: Seat, evidence: Evidence) -> AsyncIterator[Website]:
        yield Website(self.done, seat.login, self.secrets)

    def _note(self, what: str) -> None:
        self.done.append((self.login, what))

    async def declare(self, goods: str, pin: str) -> str:
        self._note("declare")
        self.secrets.append(("declare", pin))
        return f"D-{goods}"

    async def is_released(self, declaration: str) -> bool:
        self._note("is_released")
        return True

    async def pay(self, declaration: str, tan: str) -> str:
        self._note("pay")
        self.secrets.append(("pay", tan))
        return f"R-{declaration}"


@fact
async def released(case: Case[Export], customs: Customs) -> bool:
    """Whether customs let the goods go."""
    return case.data.declaration is not None and await customs.is_released(case.data.declaration)


def goods_released(released: bool) -> Verdict:
    """The goods may go."""
    return released or No(waits_for="customs")


@action(repeatable=True, takes=SOON)
async def declare(case: Case[Export], customs: Customs, codes: Codes) -> dict[str, str]:
    """Declare the goods at customs, with the exporter's PIN where there is one."""
    pins = await codes.values("pin")
    return {"declaration": await customs.declare(case.data.goods, pins.get("exporter", ""))}


@action(repeatable=True, takes=SOON)
async def pay(case: Case[Export], bank: Bank, codes: Codes) -> dict[str, str]:
    """Pay the duty at the bank, with the payer's TAN where there is one."""
    tans = await codes.values("tan")
    return {"receipt": await bank.pay(case.data.declaration or "", tans.get("payer", ""))}


def pin_given(codes_on_file: CodesOnFile) -> Verdict:
    """The exporter's PIN is here."""
    return "exporter" in codes_on_file.of("pin") or No(waits_for="exporter")


def tan_given(codes_on_file: CodesOnFile) -> Verdict:
    """The payer's TAN is here."""
    return "payer" in codes_on_file.of("tan") or No(waits_for="payer")


FLOW = Flow(
    "exports",
    version=1,
    data=Export,
    facts=[released],
    prefix="EX",
    states=[
        State(S.declared, "已申报", To(S.to_pay, do=declare), waits_for="customs"),
        State(S.to_pay, "待缴税", To(S.to_release, do=pay), waits_for="bank"),
        State(S.to_release, "待放行", To(S.released, when=goods_released), waits_for="customs"),
        State(S.released, "已放行", final=True),
    ],
)


def _people(case: Case[Export]) -> Mapping[str, str]:
    return {"exporter": "Eve", "payer": case.data.payer}


def _pin_wanted(case: Case[Export]) -> list[str]:
    return ["exporter"] if case.state == S.declared else []


def _tan_wanted(case: Case[Export]) -> list[str]:
    return ["payer"] if case.state in (S.declared, S.to_pay) else []


def _digits(count: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        found = text.replace(" ", "")
        return found if len(found) == count and found.isdigit() else None

    return read


SECRETS = (
    SecretKind("pin", "exports", _people, _pin_wanted, _digits(4)),
    SecretKind("tan", "exports", _people, _tan_wanted, _digits(6)),
)


class Login(BaseModel):
    """The data of an account's case."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    login: str
    region: str | None = None
    notes: str | None = None


class CustomsSignIn(Protocol):
    """Logs an account of customs in."""

    async def log_in(self, account: str) -> None: ...


class BankSignIn(Protocol):
    """Logs an account of the bank in."""

    async def log_in(self, account: str) -> None: ...


@action(repeatable=True, takes=SOON)
async def enter_customs(case: Case[Login], customs: CustomsSignIn) -> None:
    """Log in at customs."""
    await customs.log_in(case.account or "")


@action(repeatable=True, takes=SOON)
async def enter_bank(case: Case[Login], bank: BankSignIn) -> None:
    """Log in at the bank."""
    await bank.log_in(case.account or "")


def never(case: Case[Login]) -> Verdict:
    """It is asked to log in again."""
    return No(waits_for="operator")


class A(StrEnum):
    logged_out = auto()
    logged_in = auto()


def _accounts(name: str, prefix: str, enter: Any) -> Flow:
    states = [
        State(A.logged_out, "未登录", To(A.logged_in, do=enter, wakes="seat"), waits_for="nobody"),
        State(A.logged_in, "已登录", To(A.logged_out, when=never), waits_for="nobody"),
    ]
    return Flow(name, version=1, data=Login, facts=[], prefix=prefix, states=states)


CUSTOMS_ACCOUNTS = _accounts("customs_accounts", "CA", enter_customs)
BANK_ACCOUNTS = _accounts("bank_accounts", "BA", enter_bank)


async def by_hand(case: Case[Login], now: Any, sign_in: Any, ask: Any) -> Mapping[str, object]:
    """A person helps with the login."""
    return {}


def remotes(site: Website) -> tuple[Remote, ...]:
    """Customs and bank, each with the page on which one logs in there."""
    given: dict[str, Any] = {"connect": site.connect, "queue": "browser"}
    return (
        Remote("customs", Customs, **given),
        Remote("customs_sign_in", CustomsSignIn, part_of="customs", **given),
        Remote("bank", Bank, **given),
        Remote("bank_sign_in", BankSignIn, part_of="bank", **given),
    )


system = System(
    "exports",
    "出口",
    "Exports",
    flows=(FLOW, CUSTOMS_ACCOUNTS, BANK_ACCOUNTS),
    remotes=remotes(Website()),
    accounts=(
        AccountPool("customs", "customs_accounts", CustomsSignIn, by_hand, Login),
        AccountPool("bank", "bank_accounts", BankSignIn, by_hand, Login),
    ),
    people=frozenset({"exporter", "payer"}),
)

GUARDED = replace(
    FLOW,
    states=[
        State(S.declared, "已申报", To(S.to_pay, when=pin_given, do=declare), waits_for="exporter"),
        State(S.to_pay, "待缴税", To(S.to_release, when=tan_given, do=pay), waits_for="payer"),
        *FLOW.states[2:],
    ],
)
with_secrets = replace(system, flows=(GUARDED, CUSTOMS_ACCOUNTS, BANK_ACCOUNTS), secrets=SECRETS)
"""The same, where each step waits for a secret of another kind."""


def forgets(case: Case[Export]) -> list[str]:
    """A mistake of the flow's author: nothing is called so."""
    return [_people(case)["exporters"]]


def says_one(case: Case[Export]) -> Any:
    """A mistake of the flow's author: one id, where several are asked for."""
    return "exporter"


with_mistake = replace(with_secrets, secrets=(replace(SECRETS[0], wanted=forgets), SECRETS[1]))
with_one_id = replace(with_secrets, secrets=(replace(SECRETS[0], wanted=says_one), SECRETS[1]))
"""The same, where the flow cannot say whether a PIN is wanted."""

with_logins = replace(
    system, intake=Intake("exports", account=lambda data: {"customs": data.broker, "bank": data.teller})
)
"""The same, where rows name the logins that their cases shall work with."""
