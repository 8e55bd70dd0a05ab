"""What several systems may bring together: one remote, channel or calendar of equal value; all else is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import Any, Protocol

import pytest

from caseward.app.adapters import open_workers
from caseward.app.installation import open_record
from caseward.app.system_checks import missing_channels, oddities
from caseward.app.systems import Installed, Systems
from tests.engine.letters import Letter, S, never
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.calendars import Calendar
from workflow.errors import SettingsError
from workflow.flow.case import Case
from workflow.flow.definition import Flow, State, To
from workflow.flow.functions import fact
from workflow.flow.remotes import Opened, Remote
from workflow.record.values import Message
from workflow.settings import Address, read_settings
from workflow.store import NewCase
from workflow.system import Opening, System, SystemSettings

OPENED: list[str] = []


class Gateway(Protocol):
    async def send(self, to: str, text: str, reference: str) -> str: ...
    async def delivered(self, number: str) -> bool | None: ...
    async def balance(self) -> int: ...


@dataclass
class PaperGateway:
    address: str
    asked: list[str] = field(default_factory=list)

    async def send(self, to: str, text: str, reference: str) -> str:
        return reference

    async def delivered(self, number: str) -> bool | None:
        return True

    async def balance(self) -> int:
        self.asked.append(self.address)
        return 3


class Shop(SystemSettings):
    """Where a gateway is."""

    gateway_url: Address = ""


@asynccontextmanager
async def opens(given: Opening[Shop]) -> AsyncIterator[Opened]:
    OPENED.append(given.variables["gateway_url"])
    yield Opened(PaperGateway(given.settings.gateway_url))


@fact
async def balance(gateway: Gateway) -> int:
    return await gateway.balance()


def paid(balance: int) -> bool:
    return balance > 0


GATEWAY = Remote("gateway", Gateway, needs=("gateway_url",), opens=opens)


def flow(name: str, source: Any = balance, guard: Any = paid) -> Flow:
    states = [
        State(S.written, "写好", To(S.posted, when=guard), waits_for="gateway"),
        State(S.posted, "已寄", To(S.answered, when=never), waits_for="reader"),
        State(S.answered, "已回", final=True),
    ]
    return Flow(name, version=1, data=Letter, facts=[source], prefix=name[:2].upper(), states=states)


def system(name: str, remote: Remote = GATEWAY, address: str = "", **more: Any) -> Installed:
    brought = System(name, name, name.title(), settings=Shop, **{"flows": (flow(name),), "remotes": (remote,), **more})
    return Installed(brought, Shop(gateway_url=address), {})


def refused(*systems: Installed) -> str:
    with pytest.raises(SettingsError) as raised:
        Systems(systems)
    return str(raised.value)


@pytest.mark.parametrize(("first", "second"), [("https://one.example", ""), ("", "https://one.example")])
async def test_a_remote_that_two_systems_bring_is_opened_once_where_its_settings_are(
    tmp_path: Path, first: str, second: str
) -> None:
    OPENED.clear()
    brought = [(name, address) for name, address in (("bakery", first), ("florist", second))]
    systems = Systems(tuple(system(name, address=address, channels={"sms": Gateway}) for name, address in brought))
    assert systems.unset == {}
    async with open_record(read_settings(data_dir=tmp_path), systems) as record, open_workers(record, None) as workers:
        now = await record.clock.business()
        new = [NewCase(name, 1, name[:2].upper(), "written", {}) for name in ("bakery", "florist")]
        await record.store.create(new, actor="person:clerk", reason=None, now=now)
        for name in ("bakery", "florist"):
            swept = await workers.http.sweep(name, "written")
            assert swept.counts == {"moved": 1}
        gateway = workers.channels["sms"]
        assert isinstance(gateway, PaperGateway)
        assert gateway.asked == ["https://one.example"] * 2
    assert ["CASEWARD_BAKERY_GATEWAY_URL" if first else "CASEWARD_FLORIST_GATEWAY_URL"] == OPENED


def test_what_is_not_set_of_a_shared_remote_is_named_once_for_each_flow() -> None:
    systems = Systems((system("bakery"), system("florist")))
    name = "CASEWARD_BAKERY_GATEWAY_URL"
    assert systems.unset == {"bakery": [name], "florist": [name]}
    other = system("florist", remotes=())
    assert Systems((system("bakery"), other)).unset == {"bakery": [name], "florist": [name]}, "it asks another's"


def test_a_second_address_of_a_shared_remote_is_told() -> None:
    one, two = system("bakery", address="https://one.example"), system("florist", address="https://two.example")
    (told,) = Systems((one, two)).overruled
    counts, variable = "CASEWARD_BAKERY_GATEWAY_URL", "CASEWARD_FLORIST_GATEWAY_URL"
    assert (told.remote, told.counts, told.variable) == ("gateway", counts, variable)
    assert Systems((one, system("florist", address="https://one.example"))).overruled == []


def test_two_remotes_of_one_name_are_refused_with_both_systems() -> None:
    said = refused(system("bakery"), system("florist", replace(GATEWAY, at_once=1)))
    assert "two systems bring a remote gateway: bakery and florist" in said
    assert "import one and the same value in both places" in said


def test_two_remotes_of_one_protocol_are_refused_with_both_systems() -> None:
    said = refused(system("bakery"), system("florist", replace(GATEWAY, name="gate")))
    assert "the remotes gateway of bakery and gate of florist stand behind one Protocol, Gateway" in said


def test_a_channel_or_calendar_of_one_name_is_shared_where_it_is_the_same() -> None:
    day, night = (Calendar("desk", time(opens), time(18), "Asia/Shanghai") for opens in (8, 9))
    Systems((system("bakery", calendars=(day,)), system("florist", replace(GATEWAY), calendars=(day,))))
    said = refused(system("bakery", calendars=(day,)), system("florist", calendars=(night,)))
    assert "two systems bring a calendar desk: bakery and florist" in said

    class Other(Protocol):
        async def send(self, to: str, text: str, reference: str) -> str: ...
        async def delivered(self, number: str) -> bool | None: ...

    second = system("florist", remotes=(Remote("other", Other),), flows=(), channels={"sms": Other})
    said = refused(system("bakery", channels={"sms": Gateway}), second)
    assert "two systems bring a channel sms: bakery and florist" in said


async def test_two_protocols_of_one_name_are_two(tmp_path: Path) -> None:
    """Functions ask by the class, never by its name."""
    first = Gateway

    def second() -> Any:
        class Gateway(Protocol):
            async def level(self) -> int: ...

        class Tank:
            async def level(self) -> int:
                return 1

        async def level(gateway: Gateway) -> int:
            return await gateway.level()

        level.__annotations__["gateway"] = Gateway

        def full(level: int) -> bool:
            return level > 0

        return system("florist", Remote("tank", Gateway, Tank()), flows=(flow("florist", fact(level), full),))

    one, two = system("bakery", address="https://one.example"), second()
    protocols = [each.system.remotes[0].protocol for each in (one, two)]
    assert protocols[0] is first
    assert [each.__name__ for each in protocols] == ["Gateway", "Gateway"]
    systems = Systems((one, two))
    async with open_record(read_settings(data_dir=tmp_path), systems) as record, open_workers(record, None) as workers:
        now = await record.clock.business()
        new = [NewCase(name, 1, name[:2].upper(), "written", {}) for name in ("bakery", "florist")]
        await record.store.create(new, actor="person:clerk", reason=None, now=now)
        for name in ("bakery", "florist"):
            assert (await workers.http.sweep(name, "written")).counts == {"moved": 1}


def test_a_channel_whose_system_is_off_is_told_with_what_brings_it() -> None:
    def told(one: Installed) -> list[str]:
        return [str(said) for said in missing_channels(Systems((one,)), one)]

    assert told(system("bakery", tells_by=("sms",))) == [
        "its notices go by the channel sms of copyright, which is off; name it in CASEWARD_SYSTEMS"
    ]
    assert told(system("bakery", tells_by=("pigeon",))) == [
        "its notices go by the channel pigeon, which no system brings; bring it, or correct tells_by"
    ]
    assert told(system("bakery", channels={"pigeon": Gateway}, tells_by=("pigeon",))) == []
    assert told(system("bakery")) == []


def test_a_system_whose_lines_tell_where_no_channel_is_says_so() -> None:
    def notice(case: Case[Letter]) -> tuple[Message, ...]:
        return ()

    states = [
        State(S.written, "写好", To(S.posted, tell=notice), waits_for="gateway"),
        State(S.posted, "已寄", final=True),
    ]
    tells = Flow("bakery", version=1, data=Letter, prefix="BA", states=states)
    one = system("bakery", flows=(tells,))
    assert [str(said) for said in missing_channels(Systems((one,)), one)] == [
        "its lines tell people, and no system that is on brings a channel"
    ]
    with_channel = system("florist", channels={"sms": Gateway})
    assert missing_channels(Systems((one, with_channel)), one) == []


def test_a_setting_that_does_not_count_is_named_by_the_check_of_its_system() -> None:
    one, two = system("bakery", address="https://one.example"), system("florist", address="https://two.example")
    systems = Systems((one, two))
    said = [str(each) for each in oddities(systems, two, {}).warnings]
    assert said == [
        "CASEWARD_FLORIST_GATEWAY_URL does not count: the remote gateway, which both systems bring, is opened with "
        "CASEWARD_BAKERY_GATEWAY_URL"
    ]
    assert oddities(systems, one, {}).warnings == ()
