"""A system that contradicts itself is refused where it is made: no name that it has not, no channel without a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
from pydantic import BaseModel, ConfigDict

from adapters.bureau.sessions import SignIn
from caseward.app.systems import Installed, Systems
from states.accounts import Account
from states.copyright.system import system as copyright_system
from tests.engine.payments import Platform, order_paid
from tests.engine.payments import S as OrderState
from tests.engine.payments import flow as payments
from tests.worker.test_systems import TILL, Till
from workflow.demonstration import Demonstration
from workflow.errors import DefinitionError
from workflow.flow.definition import Flow, State
from workflow.flow.remotes import Remote
from workflow.intake.gives import Give, Part, SecretKind, field_given
from workflow.intake.rows import Intake
from workflow.intake.values import Document
from workflow.system import AccountPool, JobKind, SystemSettings, default_schedule


class Pays(SystemSettings):
    amount: int


class Pager(Protocol):
    """It sends, and knows of no receipts."""

    async def send(self, to: str, text: str, reference: str) -> str: ...


def channel(protocol: type) -> dict[str, object]:
    return {"remotes": (*TILL.remotes, Remote("pager", protocol)), "channels": {"sms": protocol}}


def told_at(data: object, recipient: str) -> str | None:
    return None


async def logged_in(*_: object) -> dict[str, object]:
    raise AssertionError("nobody logs in")


def pool(remote: str, flow: str) -> AccountPool:
    return AccountPool(remote, flow, Platform, logged_in, Account)


CODE = SecretKind("code", "payment", lambda case: {}, lambda case: (), str)


@dataclass(frozen=True)
class Wrong:
    what: str
    given: dict[str, object]


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("its name is not of small letters", {"name": "My Till"}),
        Wrong("names the setting platfrom_url, which there is not", {"notice_needs": {order_paid: ("platfrom_url",)}}),
        Wrong("channel sms names SignIn, and no remote stands behind it", {"channels": {"sms": SignIn}}),
        Wrong("the setting amount has no default", {"settings": Pays, "remotes": ()}),
        Wrong("no schedule can name its flow my flow", {"flows": (payments, replace(payments, name="my flow"))}),
        Wrong("two flows are called payments", {"flows": (payments, payments)}),
        Wrong("two schedules are called a", {"schedules": (default_schedule("a", "job a"),) * 2}),
        Wrong(
            "two schedules are called payments.ordered", {"schedules": (default_schedule("payments.ordered", "job a"),)}
        ),
        Wrong("channel sms goes by Pager, which has no delivered; write delivered.number", channel(Pager)),
        Wrong("channel sms goes by Platform, which has no send", channel(Platform)),
        Wrong("address_of names the flow payment, .*; write payments", {"address_of": {"payment": told_at}}),
        Wrong("intake names the flow visas, .*; correct the name; there are payments", {"intake": Intake("visas")}),
        Wrong(
            "gathered names the field nmber, .*; write number",
            {"intake": Intake("payments", gathered=frozenset({"nmber", "number"}))},
        ),
        Wrong("demonstration names the state payd, .*; write paid", {"demonstration": Demonstration(ends={"payd": 2})}),
        Wrong("give paper names the flow payment,", {"gives": (field_given("payment", "paper"),)}),
        Wrong(
            "give paid names the state orderd, .*; write ordered",
            {"gives": (field_given("payments", "paid", states=("orderd",)),)},
        ),
        Wrong("secret code names the flow payment,", {"secrets": (CODE,)}),
        Wrong("jobs holds 3, which is no JobKind", {"jobs": (3,)}),
        Wrong("job tidy has nothing that does it; give it does=", {"jobs": (JobKind("tidy"),)}),
        Wrong("calendars holds 'x', which is no Calendar", {"calendars": ("x",)}),
        Wrong("flows is Flow.*, which is no tuple", {"flows": payments}),
        Wrong("people is 'owner', which is no frozenset", {"people": "owner"}),
        Wrong("extras is 'papers', which is no tuple", {"extras": "papers"}),
        Wrong("samples is 'samples', which is no Samples", {"samples": "samples"}),
        Wrong("settings is <class 'dict'>, which is no .*SystemSettings", {"settings": dict}),
        Wrong("address_of holds 3, which is no Callable", {"address_of": {"payments": 3}}),
        Wrong("accounts names the flow payment,", {"accounts": (pool("payment_platform", "payment"),)}),
        Wrong("accounts names the remote platform, ", {"accounts": (pool("platform", "payments"),)}),
    ],
    ids=lambda wrong: wrong.what,
)
def test_a_system_that_contradicts_itself_is_refused_where_it_is_made(wrong: Wrong) -> None:
    with pytest.raises(DefinitionError, match=wrong.what):
        replace(TILL, **wrong.given)  # type: ignore[arg-type]


def test_a_state_that_no_schedule_of_the_system_sweeps_gets_one() -> None:
    """A schedule for one state took the sweeps from all the others, and their cases were never looked at."""
    own = (
        default_schedule("a", "job notices; sweep accounts.alive,lapsed"),
        default_schedule("b", "line copyright.request_codes"),
    )
    added = replace(copyright_system, schedules=own).default_schedules[2:]
    live = [f"{flow.name}.{state.name}" for flow in copyright_system.flows for state in flow.states if not state.final]
    assert {"accounts.alive", "accounts.lapsed", "copyright.awaiting_captcha"} < set(live)
    assert [one.name for one in added] == [name for name in live if name not in ("accounts.alive", "accounts.lapsed")]
    assert copyright_system.default_schedules == copyright_system.schedules, "its twelve tasks sweep every state"


class Scan(BaseModel):
    """What holds a document."""

    model_config = ConfigDict(frozen=True)
    scans: tuple[Document, ...] | None = None


def test_a_field_of_documents_is_not_given_as_a_value() -> None:
    """People who gave it were told of digests."""
    scans = Flow("payments", version=1, data=Scan, states=[State(OrderState.paid, "已付款", final=True)])
    with pytest.raises(
        DefinitionError, match=r'give scans: scans holds documents.*; write a Give whose part is Part\("'
    ):
        replace(TILL, flows=(scans,), gives=(field_given("payments", "scans"),))
    by_file = Give("scans", "payments", {"scans": Part("pdf", "scan")}, lambda data, given: given)
    assert replace(TILL, flows=(scans,), gives=(by_file,)).gives == (by_file,)


def test_what_is_set_of_a_flow_that_there_is_not_is_refused() -> None:
    lost = Installed(replace(TILL, flow_settings=lambda said: {"payment": said}), Till(), {})
    with pytest.raises(DefinitionError, match="system till: flow_settings names the flow payment, which there is not"):
        _ = lost.flows


def test_a_part_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DefinitionError, match="part: there is no kind photo; name one of pdf, picture, text"):
        Part("photo")  # type: ignore[arg-type]


def test_what_flow_settings_cannot_make_is_told_with_its_system() -> None:
    def fails(settings: Any) -> dict[str, object]:
        return {"payments": settings.nothing_like_it}

    till = Installed(replace(TILL, flow_settings=fails), Till(), {})
    with pytest.raises(DefinitionError, match=r"system till: its flow_settings failed: AttributeError.*mend it"):
        _ = Systems((till,)).plans
