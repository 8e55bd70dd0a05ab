"""One client a remote: what it refuses to read, where it refuses to go, and when it rests."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from adapters.breaker import Breaker
from adapters.http import Http
from workflow.errors import Drifted, NotSent, Refused, RemoteError, Unknown

ANSWERS = {
    "good": (200, "application/json", b'{"a": 1}'),
    "nan": (200, "application/json", b'{"a": NaN}'),
    "twice": (200, "application/json", b'{"a": 1, "a": 2}'),
    "half": (200, "application/json", b'{"a": '),
    "no_encoding": (200, "application/json", b'{"a": "\xff\xff"}'),
    "html": (200, "text/html", "<h1>系统繁忙</h1>".encode()),
    "empty": (204, "application/json", b"null"),
    "many": (429, "application/json", b"{}"),
    "down": (503, "application/json", b"{}"),
    "no": (422, "application/json", b'{"error": {"code": "invalid", "message": "the title is empty"}}'),
    "long": (200, "application/json", b'"' + b"x" * 3000 + b'"'),
}


async def answer(request: Request) -> Response:
    status, kind, content = ANSWERS[request.path_params["name"]]
    return Response(content, status, media_type=kind)


async def elsewhere(request: Request) -> Response:
    return RedirectResponse("http://169.254.169.254/latest/meta-data")


async def file(request: Request) -> Response:
    reply = Response(b"%PDF-1.4", media_type="application/pdf")
    reply.raw_headers.append((b"content-disposition", "attachment; filename=签章页_河道.pdf".encode("gbk")))
    return reply


APP = Starlette(
    routes=[
        Route("/api/elsewhere", elsewhere, methods=["GET", "POST"]),
        Route("/api/file", file),
        Route("/api/{name}", answer, methods=["GET", "POST"]),
    ]
)


def client(breaker: Breaker | None = None) -> Http:
    return Http("remote", "http://remote/api", transport=httpx.ASGITransport(APP), breaker=breaker, cap=2000)


CERTAIN: list[tuple[str, type[RemoteError], type[RemoteError]]] = [
    ("nan", Drifted, Unknown),
    ("twice", Drifted, Unknown),
    ("half", NotSent, Unknown),
    ("no_encoding", Drifted, Unknown),
    ("html", NotSent, Unknown),
    ("empty", Drifted, Unknown),
    ("many", NotSent, NotSent),
    ("down", NotSent, Unknown),
    ("no", Refused, Refused),
    ("long", Drifted, Unknown),
    ("elsewhere", NotSent, Unknown),
]


@pytest.mark.parametrize(("name", "asked", "written"), CERTAIN)
async def test_each_bad_answer_has_its_name(name: str, asked: type[RemoteError], written: type[RemoteError]) -> None:
    http = client()
    with pytest.raises(asked) as question:
        await http.ask("ask", name)
    with pytest.raises(written) as order:
        await http.write("write", name, {"a": 1})
    assert (type(question.value), type(order.value)) == (asked, written)
    assert await http.ask("ask", "good") == {"a": 1}


async def test_a_refusal_carries_the_words_of_the_remote() -> None:
    with pytest.raises(Refused, match="remote: write: invalid: the title is empty"):
        await client().write("write", "no", {})


async def test_a_file_name_in_gbk_is_read() -> None:
    assert (await client().file("file", "file")).file_name == "签章页_河道.pdf"


@pytest.mark.parametrize("path", ["http://169.254.169.254/x", "//other/api/good", "file:///etc/passwd"])
async def test_no_request_leaves_for_another_host(path: str) -> None:
    with pytest.raises(NotSent, match="not the host"):
        await client().ask("ask", path)


async def test_a_port_where_nobody_listens_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    http = Http("remote", address)
    with pytest.raises(NotSent, match="no connection"):
        await http.write("write", "good", {})
    await http.close()


async def test_after_five_failures_in_a_row_it_rests_and_then_tries_once() -> None:
    seconds = [1000.0]
    http = client(Breaker(monotonic=lambda: seconds[0]))
    for _ in range(5):
        with pytest.raises(NotSent):
            await http.ask("ask", "down")
    assert http.breaker.state.startswith("open")
    with pytest.raises(NotSent, match="rests"):
        await http.write("write", "good", {})
    seconds[0] += 31
    assert http.breaker.state.startswith("half")
    with pytest.raises(NotSent, match="503"):
        await http.ask("ask", "down")
    assert (http.breaker.state, http.breaker.open_for) == ("open", 31)
    seconds[0] += 31
    assert await http.ask("ask", "good") == {"a": 1}
    assert (http.breaker.state, http.breaker.open_for) == ("closed", 0)


async def test_a_definite_no_is_no_failure() -> None:
    http = client()
    for _ in range(9):
        with pytest.raises(Refused):
            await http.ask("ask", "no")
    assert http.breaker.state == "closed"


def packed(times: int, size: int) -> bytes:
    content = b'"' + b" " * size + b'"'
    for _ in range(times):
        content = gzip.compress(content, mtime=0)
    return content


class Raw(httpx.AsyncByteStream):
    """A body as it comes over the wire."""

    def __init__(self, content: bytes, ends: bool = True) -> None:
        self._content, self._ends = content, ends

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        if not self._ends:
            await asyncio.Event().wait()


def answering(body: Raw, seen: list[str], **headers: str) -> Http:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["accept-encoding"])
        named = {"content-type": "application/json"} | {name.replace("_", "-"): told for name, told in headers.items()}
        return httpx.Response(200, stream=body, headers=named)

    return Http("remote", "http://remote", transport=httpx.MockTransport(answer), cap=2000, whole=0.2)


@pytest.mark.parametrize(
    ("times", "said"),
    [(2, "gzip, gzip"), (3, "gzip,gzip , GZIP"), (1, "br"), (1, "x-gzip"), (1, "gzip, identity, deflate")],
)
async def test_a_body_that_is_packed_twice_or_by_nobody_knows_what_is_not_unpacked(times: int, said: str) -> None:
    """5 kB that were packed twice took all memory of a worker."""
    seen: list[str] = []
    http = answering(Raw(packed(times, 100)), seen, content_encoding=said)
    with pytest.raises(Drifted, match="is packed by"):
        await http.ask("ask", "x")
    with pytest.raises(Unknown, match="is packed by"):
        await http.write("write", "x", {})
    assert seen == ["identity", "identity"], "nobody was asked to pack it"


async def test_a_body_that_is_packed_once_is_read_up_to_its_cap() -> None:
    assert await answering(Raw(packed(1, 100)), [], content_encoding="gzip, identity").ask("ask", "x") == " " * 100
    with pytest.raises(Drifted, match="longer than 2000"):
        await answering(Raw(packed(1, 10_000_000)), [], content_encoding="gzip").ask("ask", "x")
    with pytest.raises(NotSent):
        await answering(Raw(b"no gzip"), [], content_encoding="gzip").ask("ask", "x")


async def test_an_answer_that_comes_to_no_end_is_given_up() -> None:
    """A byte every five seconds held a job as long as the remote liked."""
    http = answering(Raw(b'{"a": ', ends=False), [])
    with pytest.raises(NotSent, match=r"no end within 0\.2 s"):
        await http.ask("ask", "x")
    with pytest.raises(Unknown, match=r"no end within 0\.2 s"):
        await http.write("write", "x", {})
    assert http.breaker.failures == 2


async def test_who_rests_says_what_it_failed_by_first() -> None:
    """The incident said that it failed five times in a row and rests, and nobody knew by what."""
    seconds = [1000.0]
    http = client(Breaker(monotonic=lambda: seconds[0]))
    for name in ("down",) * 5:
        with pytest.raises(NotSent):
            await http.ask("ask", name)
    with pytest.raises(NotSent, match=r"rests, .* first: status 503") as first:
        await http.ask("ask", "good")
    seconds[0] += 31
    with pytest.raises(NotSent, match="status 503"):
        await http.ask("ask", "down")
    with pytest.raises(NotSent) as later:
        await http.ask("ask", "good")
    assert str(later.value) == str(first.value), "equal waits are one on record"
    seconds[0] += 31
    await http.ask("ask", "good")
    assert http.breaker.first == ""
