"""A go-between before a real PostgreSQL that answers wrongly, in every way that a server, a pooler or a network can."""

from __future__ import annotations

import asyncio
import struct
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import URL, make_url

from tests.attack.dependencies.broker import listening, pause
from tests.attack.dependencies.wrong import AT_ONCE, DOORS, ERRORS, FATAL, MANNERS, ODD, READY, commits, error, ready

ENCRYPTED = {80877103, 80877104}
CANCEL = 80877102
SLOW, DROP = 0.7, 0.3
"""Seconds before each slow reply, and between two drops of one."""


@dataclass
class _Call:
    """One connection: what each prepared statement says, and the state of its transaction."""

    reader: Reader
    writer: Writer
    theirs: Reader
    ours: Writer
    prepared: dict[bytes, bytes] = field(default_factory=dict)
    state: bytes = b"I"


@dataclass
class Between:
    """way: how it answers from now on; empty: truly. asked: how often it answered in which way."""

    server: URL
    port: int = 0
    way: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    _calls: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    @property
    def address(self) -> str:
        where = self.server.set(drivername="postgresql", host="127.0.0.1", port=self.port, query={})
        return where.render_as_string(hide_password=False)

    def answer(self, way: str) -> None:
        """So from now on; who is connected is cut off where that belongs to it."""
        self.way = way
        if way in AT_ONCE:
            for call in self._calls:
                call.cancel()

    async def serve(self, reader: Reader, writer: Writer) -> None:
        opening = await _opening(reader, writer)
        if opening is None:
            return
        if self.way in DOORS or self.way == "refused":
            self.asked[self.way] += 1
            if self.way in DOORS:
                writer.write(error(FATAL, *DOORS[self.way]))
                await writer.drain()
            return
        theirs, ours = await self._connect()
        call = _Call(reader, writer, theirs, ours)
        try:
            ours.write(opening)
            if opening[4:8] == struct.pack("!I", CANCEL):
                return
            writer.write((await _reply(call))[0])
            await writer.drain()
            while asked := await _batch(call):
                await self._answer(*asked, call)
        finally:
            ours.close()

    async def _connect(self) -> tuple[Reader, Writer]:
        where = self.server
        folder = where.query.get("host")
        if isinstance(folder, str) and folder.startswith("/"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{where.port or 5432}", limit=1 << 24)
        return await asyncio.open_connection(where.host or "127.0.0.1", where.port or 5432, limit=1 << 24)

    async def _answer(self, batch: bytes, said: bytes, call: _Call) -> None:
        way, writer = self.way, call.writer
        if batch[:1] == b"X":
            call.ours.write(batch)
            await call.ours.drain()
            raise ConnectionAbortedError
        if way in ERRORS and ERRORS[way][3](said) and said != b"ROLLBACK":
            self.asked[way] += 1
            severity, code, words, _ = ERRORS[way]
            before = call.state
            if said == b"COMMIT":
                call.ours.write(b"Q\x00\x00\x00\x0dROLLBACK\x00")
                await _reply(call)
                before = b"I"
            writer.write(error(severity, code, words) + (b"" if severity == FATAL else ready(before)))
            await writer.drain()
            if severity == FATAL:
                raise ConnectionAbortedError
        elif way in ODD and ODD[way][1](said) and said != b"ROLLBACK":
            self.asked[way] += 1
            odd = ODD[way][0]
            writer.write(odd + call.state if odd.endswith(READY) else odd)
            await writer.drain()
        else:
            await self._truly(batch, said, call)

    async def _truly(self, batch: bytes, said: bytes, call: _Call) -> None:
        if self.way == "deaf" or (self.way == "cut before commit" and commits(said)):
            self.asked[self.way] += 1
            await _end(self.way, call)
        call.ours.write(batch)
        reply, call.state = await _reply(call)
        way = self.way  # it may have changed while the server was waited for
        if way in ("cut after commit", "silence after commit"):
            if commits(said):
                self.asked[way] += 1
                await _end(way, call)
        elif way in MANNERS and way != "cut before commit":
            self.asked[way] += 1
            await _manner(self, way, reply, call)
            return
        call.writer.write(reply)
        await call.writer.drain()


async def _end(way: str, call: _Call) -> None:
    """What was asked is never answered; who is silent hears nothing either, and keeps its server's transaction open."""
    if not way.startswith("cut"):
        await call.reader.read()
    raise ConnectionAbortedError


async def _manner(between: Between, way: str, reply: bytes, call: _Call) -> None:
    half, writer = reply[: max(1, len(reply) // 2)], call.writer
    if way == "slow":
        await pause(SLOW)
        writer.write(reply)
    elif way == "drop by drop":
        for at in range(len(reply)):
            writer.write(reply[at : at + 1])
            await writer.drain()
            if between.way == way:
                await pause(DROP)
    else:
        writer.write(half if way.startswith("half") else b"")
        await writer.drain()
        await _end("silence" if way.endswith("silence") else "cut", call)
    await writer.drain()


async def _opening(reader: Reader, writer: Writer) -> bytes | None:
    """What a client says first; it is told that nobody encrypts here. None: it hung up."""
    while True:
        head = await reader.readexactly(4)
        rest = await reader.readexactly(struct.unpack("!I", head)[0] - 4)
        if struct.unpack("!I", rest[:4])[0] not in ENCRYPTED:
            return head + rest
        writer.write(b"N")
        await writer.drain()


async def _frame(reader: Reader) -> bytes:
    """One message with its kind; empty where the other side hung up."""
    head = await reader.read(1)
    if not head:
        return b""
    size = await reader.readexactly(4)
    return head + size + await reader.readexactly(struct.unpack("!I", size)[0] - 4)


async def _batch(call: _Call) -> tuple[bytes, bytes] | None:
    """What a client says until it waits for an answer, and the statement in it, in capitals."""
    said, asked = b"", b""
    while frame := await _frame(call.reader):
        asked += frame
        body = frame[5:]
        if frame[:1] == b"Q":
            return asked, body.rstrip(b"\0").upper()
        if frame[:1] == b"P":
            name, statement = body.split(b"\0")[:2]
            call.prepared[name] = said = statement.upper()
        if frame[:1] == b"B":
            said = call.prepared.get(body.split(b"\0")[1], said)
        if frame[:1] in b"SX":
            return asked, said
    return None


async def _reply(call: _Call) -> tuple[bytes, bytes]:
    """All that the server says until it is ready, and the state of its transaction."""
    reply = b""
    while frame := await _frame(call.theirs):
        reply += frame
        if frame[:1] == b"Z":
            return reply, frame[5:]
        if frame[:1] == b"R" and frame[5:9] != b"\0\0\0\0":
            raise ConnectionAbortedError  # the server wants a password; tests run one that does not
    raise ConnectionAbortedError


@asynccontextmanager
async def go_between(server: str) -> AsyncIterator[Between]:
    """In front of the server at this address, until the block ends."""
    between = Between(make_url(server))
    async with listening(between.serve, between._calls) as port:
        between.port = port
        yield between
