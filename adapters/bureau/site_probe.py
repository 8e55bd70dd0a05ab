"""How the bureau's website is asked whether it is well: its first page leads whom it does not know to its own login."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from adapters.bureau import selectors as on
from adapters.bureau.sessions import page_of
from adapters.elsewhere import Elsewhere, PerhapsElsewhere
from adapters.http import Http, lets_in
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
        lets_in(self.name, STEP, reply)
        page = page_of(reply)
        if self._leads_to_login(reply) or (reply.status == 200 and page in ITS_PAGES):
            return
        if page == on.BUSY:
            raise NotSent(self.name, STEP, "the site says that it is busy")
        if to := reply.headers.get("location"):
            raise Elsewhere(self.name, STEP, f"status {reply.status} to {to[:200]}", setting=self.http.setting)
        if page:
            raise PerhapsElsewhere(self.name, STEP, f"status {reply.status}, page {page}", setting=self.http.setting)
        raise Elsewhere(self.name, STEP, reply.words, setting=self.http.setting)

    def _leads_to_login(self, reply: Reply) -> bool:
        """Other sites send people to a login too: this one to its own, and with its own word for why."""
        to = urlsplit(urljoin(self.http.address, reply.headers.get("location", "")))
        own = urlsplit(urljoin(self.http.address, "login"))
        is_own = (to.hostname, to.path) == (own.hostname, own.path)
        return reply.status == 303 and is_own and parse_qs(to.query).get("why", [""])[0] in REASONS
