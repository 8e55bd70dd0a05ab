"""What a worker's log leaves out."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest

from adapters.http import Http
from caseward.app.celery_app import _log_as_we_do, _without_query


@pytest.fixture
def as_a_worker_logs() -> Iterator[None]:
    """The level and the filter are taken off again."""
    of_httpx = logging.getLogger("httpx")
    before = of_httpx.level
    of_httpx.setLevel(logging.INFO)
    _log_as_we_do()
    try:
        yield
    finally:
        of_httpx.removeFilter(_without_query)
        of_httpx.setLevel(before)


@pytest.mark.usefixtures("as_a_worker_logs")
async def test_no_query_of_an_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A question names owners and phones there."""
    asked = list[str]()

    def answers(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return httpx.Response(200, json={"ok": True})

    http = Http("codes", "http://codes.example/api", transport=httpx.MockTransport(answers))
    with caplog.at_level(logging.INFO, "httpx"):
        await http.ask("list", "codes", phone="13800400001")
    await http.close()
    assert asked == ["phone=13800400001"]
    (line,) = [one.getMessage() for one in caplog.records if one.name == "httpx"]
    assert line == 'HTTP Request: GET http://codes.example/api/codes "HTTP/1.1 200 OK"'
