"""Finds a Chromium that starts on this machine, and launches it, the same way for every caller."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from adapters.browser.chromium_install import (
    NotInstalled,
    installed_by_npm,
    installed_by_playwright,
    npm_install,
    playwright_install,
    run,
    said,
)
from adapters.browser.scratch import make_scratch
from workflow.sentence import Quote, Said, Sentence, Sentences

FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SYSTEM = (
    "chromium-headless-shell",  # first: it fills forms three times as fast as the full browser
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
DRIVER_CURE = Sentence(
    "chromium_driver_cure",
    "install what the driver misses (Debian: apt-get install libatomic1), or put the dependencies in place anew",
)
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
FONT_NAMES = ("*CJK*", "wqy-*", "DroidSansFallback*", "PingFang*", "STHeiti*", "Songti*", "msyh*", "simsun*")


@dataclass(frozen=True)
class Found:
    """A Chromium that opened a page here; `executable` is None where Playwright knows the path by itself."""

    source: str
    executable: str | None
    version: str
    sandboxed: bool


@dataclass(frozen=True)
class Tried:
    """One place that was tried, and why it gave no Chromium."""

    source: str
    executable: str | None
    reason: Said


@dataclass(frozen=True)
class NotFound:
    """No Chromium starts here; `str()` tells a person what was tried, and the cure."""

    tried: tuple[Tried, ...]
    cure: Sentence

    def __str__(self) -> str:
        lines = [f"  {t.source}{f' ({t.executable})' if t.executable else ''}: {t.reason}" for t in self.tried]
        return "\n".join(["no Chromium starts on this machine:", *lines, f"the cure: {self.cure}"])


DRIVER_DEADLINE = 30.0
"""Seconds for Playwright's own driver, which is no candidate and is started once."""

_proved: dict[str | Path, Found] = {}
"""What was proved, by the executable that was named, or by the download folder where none was."""


async def find(
    *, browsers: Path, executable: str | None = None, install: bool = False, deadline: float = 30.0
) -> Found | NotFound:
    """The first Chromium that opens a page within `deadline` seconds; nothing is downloaded unless `install` is given.

    `browsers` is the folder that downloads go to. A Chromium named in the settings (`executable`) is used or refused,
    never passed over in silence. What was proved once is not proved again in this process.
    """
    if known := _proved.get(executable or browsers):
        if executable and known.source != "setting":
            known = _proved[executable] = replace(known, source="setting")
        return known
    scratch = await asyncio.to_thread(make_scratch)
    try:
        async with asyncio.timeout(max(deadline, DRIVER_DEADLINE)):
            with scratch.for_driver():
                playwright = await async_playwright().start()
    except Exception as error:  # noqa: BLE001 - the driver's end has no class of its own, and a person needs its last words
        scratch.clear()
        return NotFound((await _driver_ended(error),), DRIVER_CURE)
    tried: list[Tried] = []
    try:
        async for source, candidate in _candidates(executable, browsers, install, tried):
            answer = await _prove(playwright, source, candidate, deadline)
            if isinstance(answer, Found):
                _proved[executable or browsers] = answer
                if answer.executable:
                    _proved[answer.executable] = answer
                return answer
            tried.append(answer)
    finally:
        await playwright.stop()
        scratch.clear()
    return NotFound(tuple(tried), _cure(executable, install))


async def launch(playwright: Playwright, found: Found, *more: str, deadline: float = 30.0) -> Browser:
    """The found Chromium, started headless with the flags that keep it from talking to anybody on its own, and more.

    A signal to all of a terminal's processes is ours to answer: a driver that heard of it first would end the browser
    in the middle of a step.
    """
    return await playwright.chromium.launch(
        executable_path=found.executable,
        args=[*FLAGS, *more],
        chromium_sandbox=found.sandboxed,
        timeout=deadline * 1000,
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )


async def cjk_fonts() -> tuple[Path, ...]:
    """Font files with Chinese characters; without any, pages and screenshots show empty boxes."""
    if shutil.which("fc-list"):
        code, output = await run("fc-list", ":lang=zh-cn", "file", deadline=20)
        if code == 0:
            return tuple(sorted({Path(line.rstrip(": ")) for line in output.splitlines() if line.strip()}))
    return tuple(
        sorted(
            {file for folder in FONT_FOLDERS for name in FONT_NAMES for file in folder.rglob(name) if file.is_file()}
        )
    )


async def _candidates(
    executable: str | None, browsers: Path, install: bool, tried: list[Tried]
) -> AsyncIterator[tuple[str, str | None]]:
    if executable:
        yield "setting", executable
        return
    if own := installed_by_playwright(browsers):
        yield "playwright", own
    yield "playwright", None
    for name in SYSTEM:
        if path := shutil.which(name):
            yield "system", path
    if kept := installed_by_npm(browsers):
        yield "npm", kept
    if not install:
        return
    for source, download in (("playwright install", playwright_install), ("npm", npm_install)):
        try:
            yield source, await download(browsers)
        except NotInstalled as error:
            tried.append(Tried(source, None, error.said))


async def _prove(playwright: Playwright, source: str, executable: str | None, deadline: float) -> Found | Tried:
    reasons = list[Said]()
    for sandboxed in _sandboxes():
        candidate = Found(source, executable, "", sandboxed)
        try:
            async with asyncio.timeout(deadline):
                browser = await launch(playwright, candidate, deadline=deadline)
                try:
                    page = await browser.new_page()
                    await page.goto("data:text/html,<title>a page</title>")
                    if await page.title() == "a page":
                        return Found(source, executable, browser.version, sandboxed)
                    reasons.append(Sentence("chromium_shows_nothing", "it starts, but shows no page"))
                finally:
                    # a frozen browser does not close; it ends with its driver
                    async with asyncio.timeout(deadline / 3):
                        await browser.close()
        except TimeoutError:
            seconds = f"{deadline:g}"
            reasons.append(Sentence("chromium_opened_nothing", "it opened no page within {seconds} s", seconds=seconds))
        except PlaywrightError as error:
            reasons.append(_reason(error))
    return Tried(source, executable, Sentences(dict.fromkeys(reasons)))


def _sandboxes() -> tuple[bool, ...]:
    # root cannot be sandboxed by Chromium, and many containers refuse it to everybody
    return (False,) if not hasattr(os, "geteuid") or os.geteuid() == 0 else (True, False)


async def _driver_ended(error: Exception) -> Tried:
    _, output = await run(sys.executable, "-m", "playwright", "--version", deadline=30)
    why = Sentence("driver_ended", "{error}; it says: {words}", error=Quote(str(error)), words=said(output))
    return Tried("Playwright's driver", None, why)


def _reason(error: PlaywrightError) -> Said:
    """What the browser itself said last, where it said something, and else the driver's first line."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    told = [line for line in lines if "[err]" in line or "error while loading" in line or "sandboxing failed" in line]
    if not lines:
        return Sentence("chromium_ended", "it ended without a word")
    return Quote((told or lines)[0].removeprefix("BrowserType.launch: "))


def _cure(executable: str | None, install: bool) -> Sentence:
    if executable:
        return Sentence(
            "chromium_setting_cure",
            "name another Chromium in the settings than {executable}, or none, and the usual places are searched",
            executable=executable,
        )
    if install:
        return Sentence(
            "chromium_system_cure",
            "install Chromium by the system's own means (Debian: apt-get install chromium-headless-shell)",
        )
    return Sentence(
        "chromium_cure",
        "install Chromium (Debian: apt-get install chromium-headless-shell), or run `make test`, "
        "which fetches one into the data folder",
    )
