"""An address that leads to another system: it is told with its setting, and no notice is lost by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from adapters.bureau.sessions import LOGIN_STATUSES
from adapters.bureau.site_probe import SiteProbe
from adapters.elsewhere import Elsewhere
from adapters.generator import HttpGenerator
from adapters.http import NOT_THERE, Http
from adapters.probes import Listing
from adapters.sms import HttpSms
from caseward.sandbox.app import create
from tests.engine.letters import Letter, PaperOffice, S, desk, letters
from workflow.backoff import FAILURES
from workflow.engine.outbox import deliver
from workflow.errors import Drifted, NotSent, RemoteError, Unknown
from workflow.flow.case import Case
from workflow.flow.definition import To
from workflow.record.values import Message

OURS = ("portal", "generator", "records", "sms")
MORNING = "2026-03-02T09:00:00+08:00"


def setting(name: str) -> str:
    return f"CASEWARD_COPYRIGHT_{name.upper()}_URL"


def probe_of(http: Http) -> SiteProbe | Listing:
    """What asks the remote whether it is itself, and well."""
    return SiteProbe("portal", http) if http.adapter == "portal" else Listing(http.adapter, http)


@dataclass
class World:
    """The sandbox, and clients of each system at any of its addresses."""

    transport: httpx.AsyncBaseTransport

    def client(self, name: str, at: str) -> Http:
        token = None if name == "portal" else f"sandbox-{name}"
        return Http(name, f"http://outside/{at}", token=token, setting=setting(name), transport=self.transport)

    async def control(self, path: str, **body: object) -> None:
        async with httpx.AsyncClient(transport=self.transport, base_url="http://outside") as client:
            (await client.post(f"/control/{path}", json=body)).raise_for_status()


@pytest.fixture
def world(tmp_path: Path) -> World:
    app = create(tmp_path / "outside", {"start": MORNING}, frozen=True, cut_error=lambda: httpx.ReadError("cut"))
    return World(httpx.ASGITransport(app))


def answering(status: int, content: bytes = b"", **headers: str) -> httpx.AsyncBaseTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers=headers))


@pytest.mark.parametrize("name", OURS)
async def test_each_system_is_known_by_its_own_answer(name: str, world: World) -> None:
    await probe_of(world.client(name, name)).ask()


async def test_a_site_that_is_closed_is_well_and_one_that_is_busy_is_not(world: World) -> None:
    probe = probe_of(world.client("portal", "portal"))
    await world.control("faults", operation="home", kind="busy_page")
    with pytest.raises(NotSent, match="says that it is busy"):
        await probe.ask()
    await world.control("clock", set="2026-03-02T23:05:00+08:00")
    await probe.ask()


@pytest.mark.parametrize("at", [*OURS, "control"])
@pytest.mark.parametrize("name", OURS)
async def test_another_system_of_ours_is_told_with_the_setting(name: str, at: str, world: World) -> None:
    """A knock found whatever answered well, and nobody heard why no notice arrived."""
    if name == at:
        return
    with pytest.raises(RemoteError, match=f"another system answers here.*{setting(name)}"):
        await probe_of(world.client(name, at)).ask()


STRANGERS = {
    "a page for all": answering(200, b"<h1>It works!</h1>", **{"content-type": "text/html"}),
    "nothing there": answering(404, b"<h1>Not Found</h1>", **{"content-type": "text/html"}),
    "a page that takes no question": answering(405),
    "a door to another address": answering(301, location="https://elsewhere.example/"),
    "a login of its own": answering(303, location="http://remote/api/login?next=/"),
    "a list of something else": answering(200, b'{"items": [], "total": 0}', **{"content-type": "application/json"}),
    "no such question": answering(400, b'{"message": "unknown method"}', **{"content-type": "application/json"}),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("name", OURS)
async def test_a_stranger_is_told_with_the_setting(name: str, stranger: str) -> None:
    http = Http(name, "http://remote/api", setting=setting(name), transport=STRANGERS[stranger])
    with pytest.raises(RemoteError, match=f"another system answers here.*{setting(name)}"):
        await probe_of(http).ask()


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("status", [401, 403, 407])
async def test_a_remote_that_does_not_know_us_is_not_well(name: str, status: int) -> None:
    transport = answering(status, b'{"message": "token revoked"}', **{"content-type": "application/json"})
    with pytest.raises(NotSent, match="it does not let us in: token revoked"):
        await probe_of(Http(name, "http://remote/api", transport=transport)).ask()


PORTAL = "http://remote/portal"
LOGIN_PAGE = '<body data-page="login"><h1>用户登录</h1></body>'.encode()
FIRST_PAGE = "<h1>新版首页</h1>".encode()
HTML = {"content-type": "text/html"}


def of_the_site(answer: httpx.AsyncBaseTransport) -> SiteProbe:
    return SiteProbe("portal", Http("portal", PORTAL, setting=setting("portal"), transport=answer))


@pytest.mark.parametrize("status", [200, 401, 403, 404])
async def test_a_closed_site_is_well_whatever_its_status(status: int) -> None:
    """With 403 it was told as one that does not let us in."""
    await of_the_site(answering(status, b'<body data-page="closed">', **HTML)).ask()


@pytest.mark.parametrize("status", [403, 404, 429])
async def test_a_busy_site_says_so_whatever_its_status(status: int) -> None:
    with pytest.raises(NotSent, match="says that it is busy"):
        await of_the_site(answering(status, b'<body data-page="busy">', **HTML)).ask()


@pytest.mark.parametrize("status", LOGIN_STATUSES)
async def test_the_sites_own_login_page_is_well_whatever_its_status(status: int) -> None:
    """With 401 or 403 it was told as one that does not let us in."""
    await of_the_site(answering(status, LOGIN_PAGE, **HTML)).ask()


async def test_a_site_that_is_asked_too_often_is_no_other_one() -> None:
    with pytest.raises(NotSent, match="too many requests") as told:
        await of_the_site(answering(429, b"<p>slow down</p>", **HTML)).ask()
    assert "another system" not in str(told.value)


CHANGED = {
    "a new first page": answering(200, FIRST_PAGE, **HTML),
    "a new page by name": answering(200, b'<body data-page="portal-home">', **HTML),
    "a login that was moved": answering(302, location="/sso/login"),
    "the same host by another scheme": answering(301, location="https://remote/portal/"),
    "a word of its own": answering(418, FIRST_PAGE, **HTML),
    "nowhere that can be read": answering(302, location="http://["),
    "nothing there, by its own page": answering(404, b'<body data-page="missing">', **HTML),
    "its own page, gone": answering(410, b'<body data-page="home">', **HTML),
}


@pytest.mark.parametrize("way", CHANGED)
async def test_a_site_that_answers_otherwise_on_its_own_host_may_be_the_same(way: str) -> None:
    """People were told to correct a setting that was right."""
    with pytest.raises(Drifted, match=f"or this one otherwise than was agreed on.*look at {setting('portal')}"):
        await of_the_site(CHANGED[way]).ask()


OTHERS = {
    **{f"nothing there, {status}": answering(status, b"<h1>Not Found</h1>", **HTML) for status in NOT_THERE},
    "a door to another host": answering(302, location="https://user:pass@elsewhere.example/in?phone=13800138000"),
}


@pytest.mark.parametrize("way", OTHERS)
async def test_another_site_is_told_with_the_setting_to_correct(way: str) -> None:
    with pytest.raises(Elsewhere, match=f"another system answers here.*correct {setting('portal')}") as told:
        await of_the_site(OTHERS[way]).ask()
    assert not any(word in str(told.value) for word in ("138", "phone", "pass", "user"))


@pytest.mark.parametrize("name", ["generator", "records", "sms"])
async def test_a_system_that_lists_what_nobody_has_is_not_well(name: str) -> None:
    row = b'{"orders": [{}], "codes": [{}], "messages": [{}], "total": 1}'
    lists = {"generator": "orders", "records": "codes", "sms": "messages"}[name]
    document = row.replace(b"[{}]", b"null").replace(f'"{lists}": null'.encode(), f'"{lists}": [{{}}]'.encode())
    http = Http(name, "http://remote", transport=answering(200, document, **{"content-type": "application/json"}))
    with pytest.raises(Drifted):
        await probe_of(http).ask()


@pytest.mark.parametrize("status", [404, 405, 410, 421, 301, 307, 308])
async def test_nothing_of_an_order_or_a_text_was_taken_where_neither_is(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"location": str(request.url.copy_with(scheme="https"))})

    http = Http("generator", "http://remote/api", transport=httpx.MockTransport(answer))
    with pytest.raises(NotSent, match="another system answers here"):
        await HttpGenerator(http).place("A", "V1.0", 0, {})
    with pytest.raises(NotSent, match="another system answers here"):
        await HttpSms(http).send("13800400001", "text", "occasion")


@pytest.mark.parametrize(
    "to",
    [
        "",
        "http://remote/api/orders/7",
        "orders/7",
        "https://other/",
        "http://remote/api/orders",
        "orders?id=7",
        "//[",
        "HTTP://Remote:80/api/orders",
        "//REMOTE:80/api/orders",
        "http://remote:99999/api/orders",
        "//user@remote/api/orders",
    ],
)
async def test_a_move_to_what_came_of_it_is_no_wrong_address(to: str) -> None:
    """Older sites answer a POST that they took with 301 to its result; the order was placed a second time."""
    http = Http("generator", "http://remote/api", transport=answering(301, location=to))
    with pytest.raises(Unknown):
        await HttpGenerator(http).place("A", "V1.0", 0, {})
    with pytest.raises(NotSent, match="another system answers here"):
        await HttpGenerator(http).find("A", "V1.0", 0)


@pytest.mark.parametrize(
    "to",
    [
        "https://remote:443/api/orders",
        "HTTPS://REMOTE/api/orders",
        "http://remote/api/orders",
        "http://remote:80/api/orders",
    ],
)
async def test_a_system_that_names_its_own_address_in_another_spelling_may_have_taken_it(to: str) -> None:
    """Behind a door that ends TLS it knows itself by http."""
    http = Http("generator", "https://remote/api", transport=answering(301, location=to))
    with pytest.raises(Unknown):
        await HttpGenerator(http).place("A", "V1.0", 0, {})


@pytest.mark.parametrize("name", ["generator", "records", "sms"])
async def test_a_system_that_answers_in_the_agreed_shape_is_not_called_another(name: str) -> None:
    """Its own word, that it has no such title, was told as a wrong address."""
    answer = answering(404, b'{"error": {"code": "no_title", "message": "no such title"}}')
    http = Http(name, "http://remote", setting=setting(name), transport=answer)
    with pytest.raises(
        Drifted, match="or this one otherwise than was agreed on: no_title: no such title; look at"
    ) as told:
        await Listing(name, http).ask()
    assert str(told.value).count("another system") == 1
    with pytest.raises(Drifted, match="no_title: no such title; look at"):
        await HttpSms(http).send("13800400001", "text", "occasion")


def told(case: Case[Letter]) -> tuple[Message, ...]:
    return (Message("posted_notice", "ada", "13800400001", "text"),)


@pytest.fixture
async def texting(world: World) -> AsyncIterator[dict[str, HttpSms]]:
    """The gateway by where its address leads."""
    clients = {at: world.client("sms", at) for at in ("generator", "records", "sms")}
    yield {at: HttpSms(http) for at, http in clients.items()}
    for http in clients.values():
        await http.close()


@pytest.mark.parametrize("wrong", ["generator", "records"])
async def test_a_notice_outlives_a_wrong_address(tmp_path: Path, texting: dict[str, HttpSms], wrong: str) -> None:
    """Each was taken for refused at once, and none went out when the address was corrected."""

    async def send_by(at: str) -> dict[str, int]:
        async def send(message: object) -> str:
            return await texting[at].send("13800400001", "text", "occasion")

        lease = bench.dependencies.limits.lease
        return dict(await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease))

    async with desk(letters(To(S.posted, tell=told)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        for _ in range(FAILURES):
            assert await send_by(wrong) == {"failed": 1}
            bench.clock.advance(timedelta(hours=1))
        (incident,) = await bench.store.incidents()
        assert incident.kind == "notice_unsent"
        assert "correct CASEWARD_COPYRIGHT_SMS_URL" in str(incident.seen["why"])
        bench.clock.advance(timedelta(hours=4))
        assert await send_by("sms") == {"sent": 1}
        assert await bench.store.incidents() == []
