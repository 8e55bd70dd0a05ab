"""A Chromium that answers wrongly: pages that hang, die, ask, download or never end, and processes that are killed."""

from __future__ import annotations

import asyncio
import signal
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.browser.chromium_search import Found
from adapters.browser.processes import driver_of, marked
from tests.adapters.conftest import Office, office_at
from tests.adapters.outside import Outside, running
from workflow.errors import RemoteError

DEADLINES = Deadlines(page=3.0, step=4.0, launch=8.0, close=1.0)
WITHIN = 45.0
"""Seconds within which a look ends, whatever Chromium does: its steps have four each, and each start has eight."""
LOGIN, MARKER = "office-20", "RZ-0777"
HTML = (b"content-type", b"text/html; charset=utf-8")
SCRIPTS = {
    "a script without end": "while (true) {}",
    "a dialog": "alert('please confirm')",
    "dialogs without end": "while (true) alert('again')",
    "a question before leaving": "onbeforeunload = (event) => event.preventDefault()",
    "a page that loads itself again": "location.reload()",
    "a page that leads away": "location.href = 'http://192.0.2.1/'",
    "a page that closes itself": "window.open('', '_self'); window.close()",
    "windows without end": "while (true) window.open('about:blank')",
    "a page that prints": "window.print()",
    "a page without a body": "document.documentElement.remove()",
}
"""What stands in the page that comes instead of the one that was asked for."""
REPLIES: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = {
    "a download": (200, [(b"content-disposition", b"attachment; filename=list.bin")], b"0" * 4096),
    "bytes of no kind": (200, [(b"content-type", b"application/octet-stream")], bytes(range(256)) * 16),
    "no content": (204, [], b""),
    "a redirect to itself": (302, [(b"location", b"?again")], b""),
    "half a page": (200, [HTML, (b"content-length", b"100000")], b"<html><body data-page='filings'>"),
    "a page of fifty megabytes": (200, [HTML], b"<html><body>" + b"<p>wide</p>" * 5_000_000),
    "a picture": (200, [(b"content-type", b"image/png")], b"\x89PNG\r\n\x1a\n"),
    "a certificate to choose": (401, [(b"www-authenticate", b"Basic realm=bureau")], b""),
}
NEVER = "a page that never ends"
KILLED: dict[str, Callable[[psutil.Process], bool]] = {
    "a tab that is out of memory": lambda one: "--type=renderer" in one.cmdline(),
    "a network process that dies": lambda one: any("NetworkService" in word for word in one.cmdline()),
    "a Chromium that dies": lambda one: "--type=" not in " ".join(one.cmdline()),
}
"""Whom the kernel kills in the middle of a look."""
FROZEN = "a Chromium that freezes"
DRIVER = "a driver that dies"
PROGRAMS = {
    "a program that ends": "#!/bin/sh\nexit 7\n",
    "a program that says nothing": "#!/bin/sh\nexec sleep 600\n",
    "a program that answers in noise": "#!/bin/sh\nwhile true; do printf 'noise\\0' >&4 2>/dev/null || exit; done\n",
}
WAYS = (*SCRIPTS, *REPLIES, NEVER, *KILLED, FROZEN, DRIVER, *PROGRAMS)


class Odd:
    """Between the portal and its callers. way: what comes instead of the lists of drafts and filings."""

    def __init__(self) -> None:
        self.way, self.asked = "", 0
        self._portal: ASGIApp | None = None

    def before(self, portal: ASGIApp) -> ASGIApp:
        self._portal = portal
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._portal is not None
        listed = scope["path"] in ("/portal/drafts", "/portal/filings")
        if not self.way or not listed:
            await self._portal(scope, receive, send)
            return
        self.asked += 1
        if self.way in SCRIPTS:
            status, headers, body = 200, [HTML], f"<html><body><script>{SCRIPTS[self.way]}</script>".encode()
        elif self.way == NEVER:
            await send({"type": "http.response.start", "status": 200, "headers": [HTML]})
            await send({"type": "http.response.body", "body": b"<html><body>", "more_body": True})
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        else:
            status, headers, body = REPLIES[self.way]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def under_a_lying_chromium(folder: Path, chromium: Found, ways: tuple[str, ...]) -> dict[str, Any]:
    """A look in each way, which must end in time and find nothing; and a look afterwards, which must be good."""
    found: dict[str, Any] = {"ways": len(ways), "slowest_look": 0.0, "slowest_look_afterwards": 0.0, "replaced": 0}
    wrong: list[str] = []
    odd = Odd()
    with running(folder / "outside", odd.before) as outside:
        for way in ways:
            wrong += [f"{way}: {one}" for one in await _lived_through(way, odd, outside, chromium, folder, found)]
    return {**found, "shortcomings": wrong}


async def _lived_through(
    way: str, odd: Odd, outside: Outside, chromium: Found, folder: Path, found: dict[str, Any]
) -> list[str]:
    loop, wrong = asyncio.get_running_loop(), []
    program = _program(folder, way)
    browser = Browser(chromium if program is None else replace(chromium, executable=str(program)), DEADLINES)
    office = office_at(outside, browser, outside.portal)
    odd.way, odd.asked = way if way in (*SCRIPTS, *REPLIES, NEVER) else "", 0
    begun = loop.time()
    try:
        async with asyncio.timeout(WITHIN):
            said = await _look(office, way)
        wrong += [] if said is None else [said]
    except RemoteError:
        pass
    except TimeoutError:
        wrong.append(f"the look did not end within {WITHIN:.0f} s")
    except Exception as error:  # noqa: BLE001 - what no class of ours says is what is looked for
        wrong.append(f"{type(error).__name__}: {error}")
    found["slowest_look"] = max(found["slowest_look"], round(loop.time() - begun, 1))
    if odd.way and not odd.asked:
        wrong.append("nobody asked, so that nothing was tried")
    odd.way, begun = "", loop.time()
    browser.found = chromium
    try:
        async with asyncio.timeout(WITHIN), office.at(LOGIN) as portal:
            if await portal.draft(MARKER, 0) is not None:
                wrong.append("a draft was found where there is none")
    except (RemoteError, TimeoutError) as error:
        wrong.append(f"the look afterwards: {error}")
    found["slowest_look_afterwards"] = max(found["slowest_look_afterwards"], round(loop.time() - begun, 1))
    found["replaced"] += browser.replaced
    await browser.close()
    return wrong


async def _look(office: Office, way: str) -> str | None:
    async with office.at(LOGIN) as portal:
        if way in (*KILLED, FROZEN, DRIVER):
            await portal.draft(MARKER, 0)
            marker = office.browser.marker
            assert marker is not None
            _strike(way, marker)
        draft = await portal.draft(MARKER, 0)
    if way in KILLED and draft is None:
        return None  # Chromium began that part of itself anew, and the page was there
    return f"the look came to {draft!r}, as if the page had been read"


def _strike(way: str, marker: str) -> None:
    family = marked(marker)
    if way == DRIVER:
        driver = driver_of(marker)
        assert driver is not None
        psutil.Process(driver).kill()
    elif way == FROZEN:
        for one in family:
            one.send_signal(signal.SIGSTOP)
    else:
        below = {child.pid: child for one in family for child in (one, *one.children(recursive=True))}
        struck = [one for one in below.values() if KILLED[way](one)]
        assert struck, f"{way}: there is none"
        for one in struck:
            one.kill()


def _program(folder: Path, way: str) -> Path | None:
    if way not in PROGRAMS:
        return None
    path = folder / f"program-{list(PROGRAMS).index(way)}"
    path.write_text(PROGRAMS[way])
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
