"""A page request of somebody logged in: who, when, and which draft is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from caseward.sandbox.call import Call
from caseward.sandbox.html import missing_page, render
from caseward.sandbox.things import Draft, Filing, Session
from caseward.sandbox.world import World

IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)

Answer = Callable[[World, Call], Response]


@dataclass(frozen=True)
class Visit:
    world: World
    call: Call
    session: Session
    now: datetime

    def page(self, template: str, *, page: str, heading: str, **values: Any) -> Response:
        return render(template, page=page, heading=heading, account=self.session.account, now=self.now, **values)

    def draft(self, number: str) -> Draft | None:
        """This account's draft, which thereby becomes the one that the session has open."""
        draft = self.world.state.drafts.get(number)
        if draft is None or draft.account != self.session.account or draft.removed:
            return None
        if self.session.open_draft != number:
            self.world.record("draft_opened", token=self.session.token, draft=number)
        return draft

    def meant_draft(self, named: str) -> Draft | None:
        """The draft that a form names, else the one that the session has open, whichever tab asks."""
        return self.draft(named or self.session.open_draft)

    def filing(self, number: str) -> Filing | None:
        filing = self.world.state.filings.get(number)
        if filing is None or filing.account != self.session.account or filing.removed:
            return None
        return filing


Page = Callable[[Visit], Response]


def inside(page: Page) -> Answer:
    """A page that only a live session sees; others are sent to the login page."""

    def answer(world: World, call: Call) -> Response:
        found = live_session(world, call)
        if isinstance(found, str):
            return go(f"/portal/login?why={found}")
        touch(world, found)
        return page(Visit(world, call, found, world.now()))

    return answer


def live_session(world: World, call: Call) -> Session | str:
    """The session, or why there is none: elsewhere, timeout, required."""
    session = world.state.sessions.get(call.cookies.get("token", ""))
    if session is None or session.key != call.cookies.get("key") or session.ended == "logout":
        return "required"
    if session.ended:
        return session.ended
    return "timeout" if idle(world, session) else session


def idle(world: World, session: Session) -> bool:
    return world.now() - session.seen_at >= IDLE


def live_sessions(world: World) -> list[Session]:
    return [one for one in world.state.sessions.values() if not one.ended and not idle(world, one)]


def touch(world: World, session: Session) -> None:
    now = world.now()
    if now - session.seen_at >= SEEN_EVERY:
        world.record("session_seen", token=session.token)


def go(url: str) -> Response:
    return RedirectResponse(url, status_code=303)


def missing() -> Response:
    return missing_page()
