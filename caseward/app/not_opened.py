"""What stands behind a remote that could not be opened: whoever calls it hears why, and nothing has left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from workflow.errors import NotSent, WorkflowError
from workflow.flow.remotes import Evidence, Opened, Remote
from workflow.record.values import Seat
from workflow.sentence import Sentence


class NotOpened(WorkflowError):
    """A system's own function could not open a remote."""

    def __init__(self, system: str, remote: str, why: str) -> None:
        super().__init__(f"system {system}: remote {remote} could not be opened: {why}; mend what opens it")
        self.system, self.remote, self.why = system, remote, why


class Unopened:
    """Each of its calls says that it could not be opened."""

    def __init__(self, remote: str, why: str) -> None:
        self._remote, self._why = remote, why

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        if name.startswith("_"):
            raise AttributeError(name)

        async def call(*_: object, **__: object) -> None:
            why = Sentence("remote_not_opened", "it could not be opened: {why}", why=self._why)
            raise NotSent(self._remote, name, why)

        return call


def not_opened(remote: Remote, why: str) -> Opened:
    """Of a remote with seats each connection says it; its health is down."""
    behind = Unopened(remote.name, why)

    def connect(seat: Seat, evidence: Evidence) -> AbstractAsyncContextManager[object]:
        @asynccontextmanager
        async def connected() -> AsyncIterator[object]:
            await behind.connect()
            yield behind

        return connected()

    if remote.needs_seat:
        return Opened(connect=connect, ask=behind.ask)
    return Opened(implementation=behind, ask=behind.ask)
