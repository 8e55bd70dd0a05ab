"""What is made of an answer that leads to another place: it is told where, and a write may have been taken."""

from __future__ import annotations

import httpx
import pytest

from adapters.elsewhere import Elsewhere
from adapters.generator import HttpGenerator
from adapters.http import Http
from workflow.errors import Drifted, NotSent, RemoteError, Unknown


def moved(status: int, to: str, kind: str) -> httpx.MockTransport:
    headers = {"location": to, "content-type": kind}
    return httpx.MockTransport(
        lambda _: httpx.Response(status, content=b"{}" if kind == "application/json" else b"", headers=headers)
    )


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
async def test_where_a_write_was_moved_to_is_told(status: int, kind: str) -> None:
    """It was told as "nothing with status 301 where JSON was due", and nobody saw the other host."""
    to = "https://user:pass@elsewhere.example/in?phone=13800138000"
    http = Http("generator", "http://remote/api", transport=moved(status, to, kind))
    with pytest.raises(Unknown, match=f"status {status} to https://elsewhere.example/in$"):
        await http.write("pay_order", "orders/G1/pay", {})
    with pytest.raises((NotSent, Drifted), match=f"status {status} to https://elsewhere.example/in$"):
        await http.ask("order", "orders/G1")


@pytest.mark.parametrize(
    ("to", "error"), [("http://remote/api/orders", Unknown), ("http://elsewhere.example/api/orders", Elsewhere)]
)
async def test_a_host_behind_tls_is_known_by_its_own_name_alone(to: str, error: type[RemoteError]) -> None:
    """Another host without TLS was taken for this one, and nobody was told to correct the address."""
    http = Http("generator", "https://remote/api", transport=moved(301, to, "text/html"))
    with pytest.raises(error, match=f"status 301 to {to}"):
        await HttpGenerator(http).place("A", "V1.0", 0, {})
