"""How the bureau's website is asked whether it is well: its first page leads whom it does not know to its own login."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.bureau import selectors as on
from adapters.bureau import site_words
from adapters.bureau.sessions import LOGIN_STATUSES, leads_to_login, page_of
from adapters.bureau.sheets import Page
from adapters.elsewhere import Elsewhere, PerhapsElsewhere, leads_to, told_of
from adapters.http import NOT_THERE, OUR_ACCESS, Http, lets_in, too_many
from workflow.errors import NotSent

REASONS = frozenset({"elsewhere", "timeout", "required"})
"""Why the site wants a login, by its own words."""
ITS_PAGES = frozenset(
    {on.CLOSED, on.BUSY, on.MISSING, *(one.name for one in vars(on).values() if isinstance(one, Page))}
)
"""What its pages call themselves; no other site has a page of such a name where there is nothing."""
WELL = {on.HOME.name: (200,), on.LOGIN.name: LOGIN_STATUSES, on.CLOSED: (200, *OUR_ACCESS, *NOT_THERE)}
"""With these pages it answers at its first address, each with its statuses; closed it is well too."""
STEP = "health"


@dataclass(frozen=True)
class SiteProbe:
    """Whether the bureau's own site answers at the address; asked without a session, so that none is kept alive."""

    name: str
    http: Http

    async def ask(self) -> None:
        """Raises RemoteError, with the words for the person who set the address."""
        reply = await self.http.fetch(STEP, "")
        page = page_of(reply)
        location, address = reply.headers.get("location", ""), self.http.address
        if leads_to_login(reply.status, location, address, address) in REASONS or reply.status in WELL.get(page, ()):
            return
        if page == on.BUSY:
            raise NotSent(self.name, STEP, site_words.BUSY)
        lets_in(self.name, STEP, reply)
        if reply.status == 429:
            raise NotSent(self.name, STEP, too_many(reply))
        to, own = leads_to(reply, address), urlsplit(address)
        told: str = told_of(reply, address)
        if (reply.status in NOT_THERE and page not in ITS_PAGES) or (to is not None and to.hostname != own.hostname):
            raise Elsewhere(self.name, STEP, told, setting=self.http.setting)
        if page:
            told = site_words.status_and_page(reply.status, page)
        raise PerhapsElsewhere(self.name, STEP, told, setting=self.http.setting)
