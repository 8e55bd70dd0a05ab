"""A remote that cannot be opened is named with its system, and stops no other; it is opened anew after a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from caseward.app.adapters import Workers, open_workers
from caseward.app.generations import Generations, open_generations
from caseward.app.installation import Record, open_record
from caseward.app.systems import Systems, read_system
from caseward.app.upkeep import UPKEEP
from caseward.console.commands.system.findings import Mark
from caseward.console.commands.system.health import remotes
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.errors import DefinitionError, NotSent
from workflow.flow.remotes import Opened, Remote
from workflow.settings import Address, read_settings
from workflow.system import Opening, System, SystemSettings

TROUBLE: dict[str, str] = {}
"""By remote, what becomes of its opening: it raises this, or hangs."""


class Counter(Protocol):
    async def ask(self, number: int) -> int: ...


class Pager(Protocol):
    async def send(self, to: str, text: str, reference: str) -> str: ...

    async def delivered(self, number: str) -> bool | None: ...


class Desk:
    """Behind both."""

    def __init__(self, place: str) -> None:
        self.place = place

    async def ask(self, number: int) -> int:
        return number

    async def send(self, to: str, text: str, reference: str) -> str:
        return "1"

    async def delivered(self, number: str) -> bool | None:
        return True


class Deaf:
    async def send(self, to: str, text: str, reference: str) -> str:
        return "1"


class DeskSettings(SystemSettings):
    place: str = "hall"


def opens(name: str) -> Any:
    @asynccontextmanager
    async def opened(opening: Opening[DeskSettings]) -> AsyncIterator[Opened]:
        match TROUBLE.get(name):
            case None:
                desk = Desk(opening.settings.place)
                yield Opened(desk, ask=desk.ask)  # type: ignore[arg-type]
            case "hangs":
                await asyncio.Event().wait()
            case why:
                raise KeyError(why)

    return opened


class AskedSettings(SystemSettings):
    url: Address = ""
    token: SecretStr = SecretStr("")
    branch: str = ""


@asynccontextmanager
async def opened_to_ask(opening: Opening[AskedSettings]) -> AsyncIterator[Opened]:
    async def ask() -> None:
        raise KeyError("the answer has no status")

    yield Opened(Desk("hall"), ask=ask)


ASKED = System(
    "asked",
    "问询",
    "Asked",
    remotes=(Remote("counter", Counter, needs=("url", "token", "branch"), opens=opened_to_ask),),
    settings=AskedSettings,
)
SYSTEM = System(
    "desk",
    "柜台",
    "Desk",
    remotes=(
        Remote("counter", Counter, opens=opens("counter"), at_once=1),
        Remote("pager", Pager, opens=opens("pager")),
    ),
    settings=DeskSettings,
    channels={"page": Pager},
)


@pytest.fixture
async def record(tmp_path: Path) -> AsyncIterator[Record]:
    TROUBLE.clear()
    settings = read_settings(data_dir=tmp_path / "data")
    systems = Systems(tuple(read_system(one, settings) for one in (SYSTEM, UPKEEP)))
    async with open_record(settings, systems) as opened:
        yield opened


def behind(workers: Workers, name: str) -> Any:
    return next(one.implementation for one in workers.remotes.all() if one.name == name)


async def set_place(record: Record, value: str) -> None:
    now = await record.clock.business()
    await record.store.put_change(
        "setting", "CASEWARD_DESK_PLACE", value, actor="person:clerk", reason="a try", now=now
    )


async def test_a_remote_that_cannot_be_opened_is_named_and_stops_no_other(record: Record) -> None:
    """Its error ended the whole worker, and named neither the remote nor the system."""
    TROUBLE["counter"] = "stool"
    with capture_logs() as logged:
        async with open_workers(record, None) as workers:
            (told,) = [one for one in logged if one["event"] == "remote.not_opened"]
            assert (told["system"], told["remote"], told["why"]) == ("desk", "counter", "KeyError: 'stool'")
            assert await workers.channels["page"].send("ada", "text", "1") == "1"
            with pytest.raises(NotSent, match="it could not be opened: KeyError: 'stool'"):
                await behind(workers, "counter").ask(1)
            probe = next(one for one in workers.probes if one.name == "counter")
            with pytest.raises(NotSent, match="stool"):
                await probe.ask()


async def test_it_is_opened_anew_after_a_while(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    TROUBLE["counter"] = "stool"
    async with open_generations(record, None) as generations:
        TROUBLE.clear()
        assert not await generations.refresh(), "no minute has gone by"
        monkeypatch.setattr("caseward.app.generations.OPENS_AGAIN", timedelta(0))
        assert await generations.refresh()
        assert await behind(generations.newest.workers, "counter").ask(7) == 7
        assert not await generations.refresh(), "all of it is open"


async def test_a_change_is_taken_though_another_remote_stays_unopened(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    TROUBLE["counter"] = "stool"
    async with open_generations(record, None) as generations:
        await set_place(record, "attic")
        assert await generations.refresh()
        assert place(generations) == "attic"
        monkeypatch.setattr("caseward.app.generations.OPENS_AGAIN", timedelta(0))
        before = generations.newest
        assert not await generations.refresh()
        assert generations.newest is before, "what is opened in vain takes the place of nothing"


async def test_a_change_with_which_a_remote_cannot_be_opened_leaves_the_old_at_work(record: Record) -> None:
    async with open_generations(record, None) as generations:
        TROUBLE["pager"] = "ink"
        await set_place(record, "attic")
        with capture_logs() as logged:
            assert not await generations.refresh()
            assert not await generations.refresh()
        assert place(generations) == "hall"
        (told,) = [one["why"] for one in logged if one["event"] == "worker.not_taken"]
        assert "system desk: remote pager could not be opened: KeyError: 'ink'" in told


def place(generations: Generations) -> str:
    return str(behind(generations.newest.workers, "pager").place)


async def test_an_opening_that_hangs_is_given_up(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change it stopped the worker for ever."""
    async with open_generations(record, None) as generations:
        TROUBLE["pager"] = "hangs"
        monkeypatch.setattr("caseward.app.adapters.OPENS_WITHIN", 0)
        await set_place(record, "attic")
        async with asyncio.timeout(30):
            assert not await generations.refresh()
        assert place(generations) == "hall"


async def test_a_remote_keeps_its_pace_over_changes(record: Record) -> None:
    """Each change gave it a new one: twice as many calls were under way while the older systems ended."""
    async with open_generations(record, None) as generations:
        paces = [generations.newest.workers.paces["counter"]]
        await set_place(record, "attic")
        assert await generations.refresh()
        paces.append(generations.newest.workers.paces["counter"])
        assert behind(generations.newest.workers, "counter")._pace is paces[0] is paces[1]


async def test_a_doctor_tells_of_a_question_that_fails_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended in the error of one remote's own code, and said nothing of anything else."""

    async def well(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(well, "127.0.0.1", 0)
    monkeypatch.setenv("CASEWARD_APP", "tests.worker.test_opening:ASKED")
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("CASEWARD_ASKED_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("CASEWARD_ASKED_TOKEN", "a token is asked nothing")
    monkeypatch.setenv("CASEWARD_ASKED_BRANCH", "nor is any other text that is no address")
    async with server:
        (found,) = await remotes(read_settings(data_dir=tmp_path))
    for name in ("URL", "TOKEN", "BRANCH"):
        monkeypatch.delenv(f"CASEWARD_ASKED_{name}")
    lacking = await remotes(read_settings(data_dir=tmp_path))
    unset = ["CASEWARD_ASKED_URL", "CASEWARD_ASKED_TOKEN", "CASEWARD_ASKED_BRANCH"]
    assert [one.parts["setting"] for one in lacking] == unset
    assert (found.mark, found.what) == (Mark.ill, "odd")
    assert "the answer has no status" in str(found.parts["why"])


async def test_a_channel_that_cannot_say_what_arrived_is_refused(record: Record) -> None:
    """It failed at each run of notices, every ten seconds."""
    deaf = replace(SYSTEM, remotes=(SYSTEM.remotes[0], Remote("pager", Pager, Deaf())))
    record.systems = Systems((read_system(deaf, record.settings), read_system(UPKEEP, record.settings)))
    with pytest.raises(DefinitionError, match="channel page: Deaf, which stands behind Pager, lacks delivered"):
        async with open_workers(record, None):
            pass
