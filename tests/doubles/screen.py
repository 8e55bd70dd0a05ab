"""A tab on the bureau's website without a browser: the same pages over HTTP, the same names for what fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from adapters.bureau import selectors as on
from adapters.bureau.contracts import PRESSED
from adapters.bureau.portal import Evidence
from adapters.bureau.screen import ADAPTER
from adapters.bureau.seen import Seen, flaw, seen_in, sheet
from adapters.bureau.sessions import leads_to_login
from adapters.bureau.sheets import Page
from adapters.bureau.site_words import BUSY, CLOSED, answered
from adapters.contract import Agreed, parts_of, told
from tests.doubles.dom import Element, parse
from tests.doubles.forms import Field, Typing
from tests.doubles.parts import parts
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, Unknown
from workflow.flow.case import Gate

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""What a page looks like to somebody without eyes: one transparent point, as PNG."""


class HttpScreen:
    """Does what adapters.bureau.screen.Screen does; the page objects above it are the product's own."""

    def __init__(self, client: httpx.AsyncClient, address: str, account: str, evidence: Evidence) -> None:
        self._client, self._address, self._account, self._evidence = client, address.rstrip("/"), account, evidence
        self._url, self._page = self._address, parse("")
        self._typing = Typing(self._page)

    @property
    def address(self) -> str:
        return self._address

    async def open(self, step: str, page: Page, path: str, **params: str) -> Seen:
        return await self._arrive(step, "GET", f"{self._address}{path}", (page,), params=params)

    async def click(self, step: str, selector: str, *pages: Page) -> Seen:
        method, url, body = self._press(step, selector)
        return await self._arrive(step, method, url, pages, **body)

    async def submit(self, step: str, selector: str, *pages: Page) -> Seen:
        seen = await self.click(step, selector, *pages)
        if seen.errors:
            await self.shoot(step)
            raise Refused(ADAPTER, step, seen.complaint)
        return seen

    async def press(self, step: str, agreed: Agreed, *pages: Page) -> Seen:
        await self.judge(step, agreed)
        await self.shoot(step)
        return await self.click(step, f"#{agreed.button}", *pages)

    async def commit(self, step: str, agreed: Agreed, gate: Gate, *pages: Page) -> Seen:
        await self.judge(step, agreed)
        method, url, body = self._press(step, f"#{agreed.button}")
        await self.shoot(f"{step}: before")
        await gate()
        try:
            reply = await self._client.request(method, url, **body)
        except httpx.ConnectError as error:
            raise NotSent(ADAPTER, step, str(error)) from error
        except httpx.HTTPError as error:
            await self.shoot(f"{step}: unexpected")
            raise Unknown(ADAPTER, step, f"{type(error).__name__}: {error}") from error
        seen = self._take(reply, pages)
        if reply.status_code < 400 and not flaw(seen, pages, self._account):
            await self.shoot(step)
            return seen
        await self.shoot(f"{step}: unexpected")
        first = reply.history[0] if reply.history else reply
        if leads_to_login(first.status_code, first.headers.get("location", ""), url, self._address) is not None:
            raise LoginNeeded(ADAPTER, step, seen.told("notice") or "the site asks for a login")
        if first.status_code == 200 and first is reply and seen.page == on.CLOSED:
            raise Closed(ADAPTER, step, CLOSED)
        if seen.page == on.BUSY:
            raise Unknown(ADAPTER, step, "after the click the site says that it is busy")
        raise Unknown(ADAPTER, step, f"after the click came status {reply.status_code}, page {seen.page or 'unknown'}")

    async def download(self, step: str, selector: str) -> bytes:
        method, url, body = self._press(step, selector)
        reply = await self._ask(step, method, url, **body)
        if not reply.content.startswith(b"%PDF"):
            await self._expect(step, self._take(reply, ()), (), reply)
            raise NotSent(ADAPTER, step, "no file came")
        return reply.content

    async def fill(self, step: str, fields: Sequence[Field]) -> None:
        if problems := self._typing.fill(fields):
            await self.shoot(step)
            raise Drifted(ADAPTER, step, "; ".join(problems))

    async def run(self, step: str, function: str, argument: int) -> list[str]:
        if function != "rows":
            raise ValueError(f"{function} is nothing that this double can do")
        return self._typing.rows(argument)

    async def attach(self, step: str, selector: str, name: str, content: bytes) -> None:
        self._typing.attach(self._element(step, selector), (name, content, "application/pdf"))

    async def picture(self, step: str, selector: str) -> bytes:
        image = self._element(step, selector)
        return (await self._ask(step, "GET", urljoin(self._url, image.attrs["src"]))).content

    async def has(self, step: str, selector: str) -> bool:
        return self._page.one(selector) is not None

    async def shoot(self, step: str, *, strange: bool = False) -> None:
        await self._evidence(step, PIXEL)

    async def judge(self, step: str, agreed: Agreed) -> None:
        differences = agreed.differences(parts_of(parts(self._page, self._url, self._typing.held)))
        if differences:
            await self.shoot(step)
            raise Drifted(ADAPTER, step, told(differences))

    def _element(self, step: str, selector: str) -> Element:
        element = self._page.one(selector)
        if element is None:
            raise Drifted(ADAPTER, step, f"{selector} is not there")
        return element

    def _press(self, step: str, selector: str) -> tuple[str, str, dict[str, Any]]:
        """The request that a click on this would make."""
        element = self._page.one(selector)
        if element is None:
            raise Drifted(ADAPTER, step, f"{selector} cannot be clicked")
        if element.tag == "a":
            return "GET", urljoin(self._url, element.attrs["href"]), {}
        form = element.closest("form")
        words = PRESSED.get(selector, element.text.strip())
        if element.text.strip() != words:
            raise Drifted(ADAPTER, step, f"{selector} reads {element.text.strip()} instead of {words}")
        if form is None:
            raise Drifted(ADAPTER, step, f"{selector} belongs to no form")
        fields, files = self._typing.sent(form)
        url = urljoin(self._url, element.attrs.get("formaction") or form.attrs.get("action", ""))
        if selector in PRESSED and urlsplit(url).path != urlsplit(self._url).path:
            raise Drifted(ADAPTER, step, f"{selector} would send to {url}")
        if form.attrs.get("method", "get") == "get":
            return "GET", url, {"params": fields}
        return "POST", url, {"data": fields, **({"files": files} if files else {})}

    async def _arrive(self, step: str, method: str, url: str, pages: Sequence[Page], **body: Any) -> Seen:
        reply = await self._ask(step, method, url, **body)
        return await self._expect(step, self._take(reply, pages), pages, reply)

    async def _ask(self, step: str, method: str, url: str, **body: Any) -> httpx.Response:
        try:
            return await self._client.request(method, url, **body)
        except httpx.HTTPError as error:
            raise NotSent(ADAPTER, step, f"{type(error).__name__}: {error}") from error

    def _take(self, reply: httpx.Response, pages: Sequence[Page]) -> Seen:
        self._url, self._page = str(reply.url), parse(reply.content.decode("utf-8", errors="replace"))
        self._typing = Typing(self._page)
        return seen_in(_read(self._page, [sheet(page) for page in (on.FRAME, *pages)]))

    async def _expect(self, step: str, seen: Seen, pages: Sequence[Page], reply: httpx.Response) -> Seen:
        if reply.status_code >= 500:
            raise NotSent(ADAPTER, step, answered(reply.status_code))
        if wrong := flaw(seen, pages, self._account):
            if seen.page == on.CLOSED:
                raise Closed(ADAPTER, step, CLOSED)
            if seen.page == on.BUSY:
                raise NotSent(ADAPTER, step, BUSY)
            if seen.page == on.LOGIN.name:
                raise LoginNeeded(ADAPTER, step, seen.told("notice") or "the site asks for a login")
            await self.shoot(step, strange=True)
            raise Drifted(ADAPTER, step, wrong)
        return seen


def _read(page: Element, sheets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What portal_page.js reads inside a browser."""
    found: dict[str, Any] = {"lost": [], "doubled": [], "texts": {}, "lists": {}}
    name = page.read("body@data-page")
    for one in sheets:
        if one["page"] not in ("frame", name):
            continue
        found["lost"] += [css for css in one["landmarks"] if page.one(css) is None]
        found["texts"] |= {key: page.read(path) for key, path in one["texts"].items()}
        found["doubled"] += _twice(page, one["texts"], "")
        for key, (css, cells) in one["lists"].items():
            rows = page.all(css)
            found["lists"][key] = [{cell: row.read(path) for cell, path in cells.items()} for row in rows]
            found["doubled"] += [name for row in rows for name in _twice(row, cells, f"{key}.")]
    return found


def _twice(root: Element, texts: Mapping[str, str], before: str) -> list[str]:
    paths = ((name, path.partition("@")[0]) for name, path in texts.items())
    return [before + name for name, css in paths if css and len(root.all(css)) > 1]
