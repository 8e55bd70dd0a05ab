"""A broker that answers wrongly: between a client of Redis and a real server of its protocol, by the word of a test."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
CALM = {b"PING", b"INFO", b"SELECT", b"CLIENT", b"HELLO", b"AUTH", b"EXEC", b"MULTI", b"DISCARD", b"QUIT", b"TYPE"}
"""What is answered truly where only keys are the matter."""
GROWS = {b"LPUSH", b"RPUSH", b"LPUSHX", b"SADD", b"ZADD", b"HSET", b"HSETNX", b"SET", b"EVAL", b"EVALSHA", b"EXPIRE"}
WRITES = GROWS | {b"BRPOP", b"RPOP", b"DEL", b"ZREM", b"HDEL", b"SREM"}
ERRORS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "out of memory": ("OOM command not allowed when used memory > 'maxmemory'.", lambda word: word in GROWS),
    "cannot save": (
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
        lambda word: word in WRITES,
    ),
    "replica": ("READONLY You can't write against a read only replica.", lambda word: word in WRITES),
    "too few replicas": ("NOREPLICAS Not enough good replicas to write.", lambda word: word in WRITES),
    "master down": (
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        lambda word: word not in CALM,
    ),
    "loading": ("LOADING Redis is loading the dataset in memory", lambda _: True),
    "no login": ("NOAUTH Authentication required.", lambda _: True),
    "wrong password": ("WRONGPASS invalid username-password pair or user is disabled.", lambda _: True),
    "no permission": ("NOPERM this user has no permissions to run the command", lambda word: word not in CALM),
    "wrong type": ("WRONGTYPE Operation against a key holding the wrong kind of value", lambda word: word not in CALM),
    "another shard": ("MOVED 3999 127.0.0.1:6381", lambda word: word not in CALM),
    "cluster down": ("CLUSTERDOWN The cluster is down", lambda word: word not in CALM),
    "busy script": ("BUSY Redis is busy running a script. You can only call SCRIPT KILL.", lambda _: True),
    "unknown command": ("ERR unknown command", lambda word: word not in CALM),
    "unblocked": (
        "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
        lambda word: word == b"BRPOP",
    ),
    "error without words": ("", lambda _: True),
}
"""Replies that are errors: what is said, and to which commands."""
ODD = {
    "a number": b":1\r\n",
    "nothing": b"$-1\r\n",
    "no list": b"*-1\r\n",
    "an empty list": b"*0\r\n",
    "fine": b"+OK\r\n",
    "a list of one": b"*1\r\n$1\r\nx\r\n",
    "bytes of no language": b"$4\r\n\xff\xfe\x00\x80\r\n",
    "web page": b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>",
    "noise": bytes(range(256)) * 4,
    "impossible length": b"$-7\r\n",
    "endless length": b"$9999999999\r\nabc",
    "endless list": b"*2147483647\r\n:1\r\n",
}
"""What no command is ever answered with, or only some other one."""
MANNERS = ("half, then cut", "half, then silence", "silence", "cut", "drop by drop", "twice", "max clients", "refused")
WAYS = (*ERRORS, *ODD, *MANNERS)


@dataclass
class Broker:
    """way: how it answers from now on; empty: truly. asked: how often it answered in which way."""

    port: int
    server: int
    way: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    truly: Counter[bytes] = field(default_factory=Counter)
    """Commands that were answered truly."""
    _calls: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answer(self, way: str) -> None:
        """So from now on; who is connected is cut off where that belongs to it."""
        self.way = way
        if way in ("max clients", "refused", "cut"):
            for call in self._calls:
                call.cancel()

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        if self.way in ("max clients", "refused"):
            self.asked[self.way] += 1
            if self.way == "max clients":
                writer.write(b"-ERR max number of clients reached\r\n")
            return
        theirs, ours = await asyncio.open_connection("127.0.0.1", self.server)
        try:
            while command := await _one(reader):
                await self._answer(command, theirs, ours, writer)
        finally:
            ours.close()

    async def _answer(self, command: bytes, theirs: Reader, ours: Writer, writer: Writer) -> None:
        word, way = command.split(b"\r\n", 3)[2].upper(), self.way
        if way in ERRORS and ERRORS[way][1](word):
            self.asked[way] += 1
            writer.write(f"-{ERRORS[way][0]}\r\n".encode())
        elif way in ODD:
            self.asked[way] += 1
            writer.write(ODD[way])
        else:
            ours.write(command)
            reply = await _one(theirs)
            way = self.way  # it may have changed while the server was waited for
            if way in MANNERS:
                self.asked[way] += 1
                await _manner(way, reply, writer)
            else:
                self.truly[word] += 1
                writer.write(reply)
        await writer.drain()


async def _manner(way: str, reply: bytes, writer: Writer) -> None:
    half = reply[: max(1, len(reply) // 2)]
    if way == "twice":
        writer.write(reply * 2)
    elif way == "drop by drop":
        for at in range(len(reply)):
            writer.write(reply[at : at + 1])
            await writer.drain()
            await pause(2)
    elif way == "silence":
        await pause(3600)
    elif way == "half, then silence":
        writer.write(half)
        await writer.drain()
        await pause(3600)
    else:
        writer.write(half if way == "half, then cut" else b"")
        await writer.drain()
        raise ConnectionAbortedError


async def pause(seconds: float) -> None:
    """Who is attacked lives by the wall clock, and so do its enemies."""
    await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=seconds)


async def _one(reader: Reader) -> bytes:
    """One whole word of the protocol, with all that it holds; empty where the other side hung up."""
    line = await reader.readline()
    kind, rest = line[:1], line[1:].strip()
    if kind == b"$" and int(rest) >= 0:
        return line + await reader.readexactly(int(rest) + 2)
    if kind in b"*~>%" and line and int(rest) > 0:
        count = int(rest) * (2 if kind == b"%" else 1)
        return line + b"".join([await _one(reader) for _ in range(count)])
    return line


@asynccontextmanager
async def lying_broker(server: int) -> AsyncIterator[Broker]:
    """In front of the server on this port."""
    broker = Broker(0, server)
    async with listening(broker._serve, broker._calls) as port:
        broker.port = port
        yield broker


@asynccontextmanager
async def listening(
    serve: Callable[[Reader, Writer], Awaitable[None]], calls: set[asyncio.Task[None]]
) -> AsyncIterator[int]:
    """A port of this machine at which each call is served apart, until the block ends."""

    async def call(reader: Reader, writer: Writer) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                await serve(reader, writer)
        finally:
            writer.close()

    def begin(reader: Reader, writer: Writer) -> None:
        task = asyncio.ensure_future(call(reader, writer))
        calls.add(task)
        task.add_done_callback(calls.discard)

    listener = await asyncio.start_server(begin, "127.0.0.1", 0, limit=1 << 20)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for task in list(calls):
            task.cancel()
