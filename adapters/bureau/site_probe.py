"""How the bureau's website is asked whether it is well: its first page leads whom it does not know to its own login."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from adapters.bureau import selectors as on
from adapters.bureau import site_words
from adapters.bureau.sessions import LOGIN_STATUSES, page_of
from adapters.elsewhere import Elsewhere, PerhapsElsewhere, leads_to, told_of
from adapters.http import NOT_THERE, Http, lets_in, too_many
from adapters.replies import Reply
from workflow.errors import NotSent

REASONS = frozenset({"elsewhere", "timeout", "required"})
"""Why the site wants a login, by its own words."""
ITS_PAGES = frozenset({on.HOME.name, on.LOGIN.name, on.CLOSED})
"""With one of these it answers at its first address; closed it is well too."""
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
        if self._leads_to_login(reply) or (reply.status == 200 and page in ITS_PAGES):
            return
        if page == on.LOGIN.name and reply.status in LOGIN_STATUSES:
            return
        lets_in(self.name, STEP, reply)
        if reply.status == 429:
            raise NotSent(self.name, STEP, too_many(reply))
        if page == on.BUSY:
            raise NotSent(self.name, STEP, site_words.BUSY)
        to, own = leads_to(reply, self.http.address), urlsplit(self.http.address)
        told: str = told_of(reply, self.http.address)
        if reply.status in NOT_THERE or (to is not None and to.hostname != own.hostname):
            raise Elsewhere(self.name, STEP, told, setting=self.http.setting)
        if page:
            told = site_words.status_and_page(reply.status, page)
        raise PerhapsElsewhere(self.name, STEP, told, setting=self.http.setting)

    def _leads_to_login(self, reply: Reply) -> bool:
        """Other sites send people to a login too: this one to its own, and with its own word for why."""
        to, own = leads_to(reply, self.http.address), urlsplit(urljoin(self.http.address, "login"))
        if to is None or reply.status != 303 or (to.hostname, to.path) != (own.hostname, own.path):
            return False
        return parse_qs(to.query).get("why", [""])[0] in REASONS
