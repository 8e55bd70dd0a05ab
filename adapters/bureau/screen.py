"""A tab on the bureau's website: opened, read, submitted, photographed, and every failure given its name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import structlog
from playwright.async_api import BrowserContext, Download, FilePayload, Response
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from adapters.browser.chromium_process import Browser
from adapters.browser.egress import Egress
from adapters.bureau import selectors as on
from adapters.bureau import site_words
from adapters.bureau.contracts import PRESSED
from adapters.bureau.download import pdf_of
from adapters.bureau.interruptions import Interruptions
from adapters.bureau.portal import Evidence
from adapters.bureau.seen import Seen, flaw, seen_in, sheet
from adapters.bureau.sessions import leads_to_login
from adapters.bureau.sheets import Page
from adapters.contract import Agreed, parts_of, told
from workflow.addresses import origin
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, RemoteError, Unknown
from workflow.flow.case import Gate
from workflow.flow.sending import note_left
from workflow.plain_text import plain
from workflow.sentence import Sentence

T = TypeVar("T")
log = structlog.get_logger()

ADAPTER = "portal"
SCRIPT = files("adapters.bureau").joinpath("portal_page.js").read_text(encoding="utf-8")


class Screen:
    """A tab of one account's context. Every call of the driver has a deadline outside the driver.

    `account` is the login that every page inside must name.
    """

    def __init__(
        self, tab: Tab, context: BrowserContext, browser: Browser, egress: Egress, address: str, account: str,
        evidence: Evidence,
    ) -> None:  # fmt: skip
        self._tab, self._context, self._browser, self._egress = tab, context, browser, egress
        self._marker = browser.marker
        self._address, self._account, self._evidence = address.rstrip("/"), account, evidence
        self._armed = self._spoiled = False
        self._interruptions = Interruptions()
        self._interruptions.watch(tab)

    @property
    def address(self) -> str:
        """The portal's, as the links of its pages begin."""
        return self._address

    async def open(self, step: str, page: Page, path: str, **params: str) -> Seen:
        """Go to an address of the portal and see the page that was expected there."""
        if self._spoiled:
            await self._drive(step, self._fresh_tab())
        query = f"?{urlencode(params)}" if params else ""
        return await self._arrive(step, lambda: self._tab.goto(f"{self._address}{path}{query}"), (page,))

    async def click(self, step: str, selector: str, *pages: Page) -> Seen:
        """Click what leads to one of these pages; nothing irreversible hangs on it, so it may be done by script."""

        async def press() -> None:
            if problem := await self._run("press", [selector, PRESSED.get(selector, "")]):
                await self.shoot(step)
                raise Drifted(ADAPTER, step, site_words.not_pressed(selector, *problem))

        return await self._arrive(step, press, pages)

    async def submit(self, step: str, selector: str, *pages: Page) -> Seen:
        """Send a form that can be sent again; Refused with the page's own words when it was not taken."""
        seen = await self.click(step, selector, *pages)
        if seen.errors:
            await self.shoot(step)
            raise Refused(ADAPTER, step, seen.complaint)
        return seen

    async def press(self, step: str, agreed: Agreed, *pages: Page) -> Seen:
        """Press a button that can be pressed again, on a page that is whole as it was agreed on."""
        judged = await self.judge(step, agreed)
        await self.shoot(step)
        return await self._arrive(step, lambda: self._press(step, agreed, judged), pages)

    async def commit(self, step: str, agreed: Agreed, gate: Gate, *pages: Page) -> Seen:
        """The irreversible click, on a page that is whole as it was agreed on; before and answer are photographed.

        The page is read and judged, photographed, the gate asked; then one script reads it again and clicks if nothing
        has changed. Between that reading and the click no script of the page runs. What stays open: what a listener of
        the page sends by itself at the click, and what only a picture shows (words in an image, colours).
        """
        judged = await self.judge(step, agreed)
        await self.shoot(f"{step}: before")
        await gate()
        note_left()
        self._egress.arm()
        self._armed = True
        try:
            response, seen = await self._navigate(step, lambda: self._press(step, agreed, judged), pages)
            answered = await self._definite(step, response, seen, pages)
        except NotSent as lost:
            raise await self._led_nowhere(step, agreed, lost) from lost
        except Drifted:
            await self.shoot(step)
            raise
        finally:
            self._armed = False
            self._egress.disarm()
        await self._shoot_answer(step)
        return answered

    async def download(self, step: str, selector: str) -> bytes:
        """Click a link to a PDF and take the file."""
        coming: asyncio.Future[Download] = asyncio.get_running_loop().create_future()
        elsewhere: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def downloads(download: Download) -> None:
            if not coming.done():
                coming.set_result(download)

        def leads_elsewhere(_: object) -> None:
            if not elsewhere.done():
                elsewhere.set_result(None)

        self._tab.on("download", downloads)
        self._tab.on("domcontentloaded", leads_elsewhere)
        try:
            await self._drive(step, self._tab.click(selector))
            waiting: set[asyncio.Future[Any]] = {coming, elsewhere}
            await asyncio.wait(waiting, timeout=self._browser.deadlines.page, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                if elsewhere.done():
                    await self._expect(step, await self._read(step, ()), (), None)
                raise NotSent(ADAPTER, step, site_words.NO_FILE)
            return await self._drive(step, pdf_of(ADAPTER, step, coming.result()))
        finally:
            self._tab.remove_listener("download", downloads)
            self._tab.remove_listener("domcontentloaded", leads_elsewhere)

    async def fill(self, step: str, fields: Sequence[tuple[str, str, str | bool]]) -> None:
        problems = await self.run(step, "fill", [list(field) for field in fields])
        if problems:
            await self.shoot(step)
            raise Drifted(ADAPTER, step, site_words.not_filled(problems))

    async def run(self, step: str, function: str, argument: object) -> Any:
        """One of the functions of portal_page.js, inside the page."""
        return await self._drive(step, self._run(function, argument))

    async def attach(self, step: str, selector: str, name: str, content: bytes) -> None:
        file = FilePayload(name=name, mimeType="application/pdf", buffer=content)
        await self._drive(step, self._tab.set_input_files(selector, file))

    async def picture(self, step: str, selector: str) -> bytes:
        """An image of the page as a person would see it (PNG)."""
        return await self._drive(step, self._tab.locator(selector).screenshot())

    async def has(self, step: str, selector: str) -> bool:
        return await self._drive(step, self._tab.locator(selector).count()) > 0

    async def shoot(self, step: str, *, strange: bool = False) -> None:
        """Hand a masked screenshot of the whole page to the evidence."""
        mask = on.MASKED_ON_STRANGE_PAGES if strange else on.MASKED
        png = await self._drive(
            step,
            self._tab.screenshot(
                full_page=True,
                mask=[self._tab.locator(mask), self._tab.get_by_text(on.NUMBERS)],
                mask_color=on.MASK_COLOUR,
                # the boxes are laid over the page and can slip when it is scrolled; what they cover is painted out too
                style=f":is({mask}) {{ color: transparent !important; filter: brightness(0) !important }}",
                animations="disabled",
            ),
        )
        await self._evidence(step, png)

    async def judge(self, step: str, agreed: Agreed) -> list[list[str]]:
        """The whole page as it was read and found right; Drifted, with what differs, where it is not."""
        read: list[list[str]] = await self.run(step, "parts", agreed.button)
        differences = [*self._interruptions.told, *agreed.differences(parts_of(read))]
        if differences:
            await self.shoot(step)
            raise Drifted(ADAPTER, step, told(differences))
        return read

    async def _press(self, step: str, agreed: Agreed, judged: list[list[str]]) -> None:
        if opened := self._interruptions.told:
            raise Drifted(ADAPTER, step, told(opened))
        now = await self._run("press_agreed", [agreed.button, judged])
        if now is not None:
            changed = agreed.differences(parts_of(now)) or [site_words.CHANGED]
            raise Drifted(ADAPTER, step, told(changed))

    async def _led_nowhere(self, step: str, agreed: Agreed, lost: NotSent) -> RemoteError:
        """Why no page came after the click: it is settled first that nothing was sent, and that nothing will be."""
        self._egress.shut()
        if self._egress.passed:
            return Unknown(ADAPTER, step, lost.why)
        differences = agreed.differences(parts_of(await self.run(step, "parts", agreed.button)))
        await self.shoot(step)
        await self._drive(step, self._fresh_tab())  # before the egress opens again: its scripts may still be at work
        return Drifted(ADAPTER, step, told([*self._interruptions.told, *differences, site_words.led_nowhere(lost)]))

    async def _run(self, function: str, argument: object) -> Any:
        return plain(await self._tab.evaluate(f"argument => ({SCRIPT}).{function}(argument)", argument))

    async def _shoot_answer(self, step: str, *, strange: bool = False) -> None:
        try:
            await self.shoot(step, strange=strange)
        except Exception as error:  # noqa: BLE001 - the answer is definite and stays so, photographed or not
            log.warning("portal.no_evidence", step=step, why=str(error))

    async def _arrive(self, step: str, act: Callable[[], Awaitable[object]], pages: Sequence[Page]) -> Seen:
        self._interruptions.clear()
        response, seen = await self._navigate(step, act, pages)
        return await self._expect(step, seen, pages, response)

    async def _navigate(
        self, step: str, act: Callable[[], Awaitable[object]], pages: Sequence[Page]
    ) -> tuple[Response, Seen]:
        async def whole() -> Response:
            async with self._tab.expect_navigation(wait_until="domcontentloaded") as coming:
                await act()
            response = await coming.value
            await response.finished()  # raises when the body was cut
            return response

        self._spoiled = True  # until it has arrived: what is still on its way would interrupt the next step
        response = await self._drive(step, whole())
        self._spoiled = False
        return response, await self._read(step, pages)

    async def _read(self, step: str, pages: Sequence[Page]) -> Seen:
        return seen_in(await self.run(step, "read", [sheet(page) for page in (on.FRAME, *pages)]))

    async def _expect(self, step: str, seen: Seen, pages: Sequence[Page], response: Response | None) -> Seen:
        """The page, if it is one of these; else the error that says what the site means by it."""
        if response is not None and response.status >= 500:
            raise NotSent(ADAPTER, step, site_words.answered(response.status))
        if wrong := self._flaw(seen, pages):
            if seen.page == on.CLOSED:
                raise Closed(ADAPTER, step, site_words.CLOSED)
            if seen.page == on.BUSY:
                raise NotSent(ADAPTER, step, site_words.BUSY)
            if seen.page == on.LOGIN.name:
                raise LoginNeeded(ADAPTER, step, seen.told("notice") or site_words.ASKS_FOR_LOGIN)
            await self.shoot(step, strange=True)
            raise Drifted(ADAPTER, step, wrong)
        return seen

    def _flaw(self, seen: Seen, pages: Sequence[Page]) -> Sentence | None:
        """What is wrong with a page that is to be one of these; None when nothing is."""
        if origin(self._tab.url) != origin(self._address):
            return site_words.led_to(urlsplit(self._tab.url).netloc)
        return flaw(seen, pages, self._account)

    async def _definite(self, step: str, response: Response, seen: Seen, pages: Sequence[Page]) -> Seen:
        """What the answer to an irreversible click says for certain, by the answer to the POST itself."""
        if response.status < 400 and not self._flaw(seen, pages):
            return seen
        request = response.request
        while request.redirected_from is not None:
            request = request.redirected_from
        first = await self._drive(step, request.response())
        await self._shoot_answer(f"{step}: unexpected", strange=True)
        if request.method == "POST" and first is not None:
            if leads_to_login(first.status, first.headers.get("location", ""), first.url, self._address) is not None:
                raise LoginNeeded(ADAPTER, step, seen.told("notice") or site_words.ASKS_FOR_LOGIN)
            if first.status == 200 and first == response and seen.page == on.CLOSED:
                raise Closed(ADAPTER, step, site_words.CLOSED)
        raise Unknown(ADAPTER, step, site_words.after_the_click(response.status, seen.page))

    async def _fresh_tab(self) -> None:
        old, self._tab = self._tab, await self._context.new_page()
        self._interruptions.watch(self._tab)
        self._spoiled = False
        await old.close()

    async def _drive(self, step: str, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._browser.deadlines.step):
                return await call
        except TimeoutError as frozen:
            await self._browser.replace(f"{step}: no answer within {self._browser.deadlines.step:g} s", self._marker)
            raise self._lost(step, site_words.FROZEN) from frozen
        except PlaywrightError as error:
            raise self._lost(step, site_words.browser_says(error.message)) from error

    def _lost(self, step: str, why: str) -> RemoteError:
        return Unknown(ADAPTER, step, why) if self._armed and self._egress.passed else NotSent(ADAPTER, step, why)
