"""The only way out for a browser context: a proxy of its own that passes requests to one host and nowhere else.

It has a second purpose. When a connection dies without an answer and had been opened or used before, Chromium sends the
request anew on its own, a POST too: a confirmation whose reply is lost would be made twice. So plain requests get a
connection each, and while the egress is armed it lets one POST pass (or one tunnel, where it cannot look inside).
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger()

HEAD_LIMIT = 64 * 1024
READS = (b"GET", b"HEAD")
CHUNK = 64 * 1024
CONNECT_DEADLINE = 10.0


class Egress:
    """Listens on a port of its own while it is entered; host and port are the bureau's."""

    def __init__(self, host: str, port: int) -> None:
        self._allowed = (host.lower(), port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._shots: int | None = None
        self.passed = False
        """A request that may change something at the bureau went out since the egress was armed."""
        self.refused: list[str] = []
        """Hosts that the browser wanted to reach and could not."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        self._cut()
        for task in tuple(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def address(self) -> str:
        if self._server is None:
            raise RuntimeError("the egress is not entered")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def arm(self) -> None:
        """Close every connection and let one irreversible request pass from now on, and no second one."""
        self._cut()
        self._shots, self.passed = 1, False

    def shut(self) -> None:
        """Let no request pass that may change something at the bureau, until it is disarmed."""
        self._shots = 0

    def disarm(self) -> None:
        self._shots = None

    def _cut(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()
        self._open.clear()

    def _may_pass(self) -> bool:
        if self._shots is None:
            return True
        self._shots -= 1
        return self._shots >= 0

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
        self._open.add(writer)
        try:
            await self._pass_on(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            log.debug("egress.cut", why=repr(error))
        except asyncio.CancelledError:
            pass  # the context is gone; asyncio's server would report the cancellation as an error
        finally:
            self._open.discard(writer)
            writer.transport.abort()
            if task is not None:
                self._serving.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        request, *headers = head[:-4].split(b"\r\n")
        method, target, protocol = request.split(b" ", 2)
        tunnel = method == b"CONNECT"
        url = urlsplit(f"//{target.decode('latin-1')}" if tunnel else target.decode("latin-1"))
        port = url.port or (443 if tunnel or url.scheme == "https" else 80)
        if ((url.hostname or "").lower(), port) != self._allowed:
            self.refused.append(f"{url.hostname}:{port}")
            await _answer(writer, b"403 Forbidden")
            return
        if method not in READS and not self._may_pass():
            log.warning("egress.sent_anew", method=method.decode("latin-1"))
            await _answer(writer, b"409 Conflict")
            return
        try:
            async with asyncio.timeout(CONNECT_DEADLINE):
                from_bureau, to_bureau = await asyncio.open_connection(*self._allowed)
        except OSError:  # a TimeoutError is one too
            await _answer(writer, b"502 Bad Gateway")
            return
        self._open.add(to_bureau)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self.passed = True  # nobody can see what goes through a tunnel
                await _both_ways(reader, writer, from_bureau, to_bureau)
            else:
                origin = (url.path or "/") + (f"?{url.query}" if url.query else "")
                self.passed = self.passed or method not in READS
                to_bureau.write(_head(b" ".join([method, origin.encode("latin-1"), protocol]), headers))
                await _pump(reader, to_bureau, _length(headers) or 0)
                status, *said = (await from_bureau.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
                writer.write(_head(status, said))
                await _pump(from_bureau, writer, _length(said))
                writer.close()
                await writer.wait_closed()
        finally:
            self._open.discard(to_bureau)
            to_bureau.transport.abort()


async def _both_ways(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    from_bureau: asyncio.StreamReader,
    to_bureau: asyncio.StreamWriter,
) -> None:
    upwards = asyncio.create_task(_pump(reader, to_bureau, None))
    try:
        await _pump(from_bureau, writer, None)
    finally:
        upwards.cancel()
        await asyncio.gather(upwards, return_exceptions=True)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, length: int | None) -> None:
    """Pass on so many bytes, or all until the end."""
    while length is None or length > 0:
        chunk = await source.read(CHUNK if length is None else min(CHUNK, length))
        if not chunk:
            if length:
                raise EOFError(f"{length} bytes are missing")
            return
        length = None if length is None else length - len(chunk)
        sink.write(chunk)
        await sink.drain()


def _head(first: bytes, headers: list[bytes]) -> bytes:
    """The head of a message, changed so that its connection carries this one request."""
    kept = [line for line in headers if not line.lower().startswith((b"connection:", b"keep-alive:", b"proxy-"))]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


def _length(headers: list[bytes]) -> int | None:
    lengths = [line.split(b":", 1)[1] for line in headers if line.lower().startswith(b"content-length:")]
    return int(lengths[0]) if lengths else None


async def _answer(writer: asyncio.StreamWriter, status: bytes) -> None:
    body = b"refused by the egress"  # without a body Chromium sometimes shows a page of its own
    writer.write(_head(b"HTTP/1.1 " + status, [b"Content-Type: text/plain", b"Content-Length: %d" % len(body)]) + body)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
