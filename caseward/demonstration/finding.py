"""Looks for a Chromium while the rest of the program is still being read: it is another process's work."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from adapters.browser.chromium_search import Found, NotFound, find
from caseward.app.event_loop import bridge
from workflow.settings import read_settings

Finding = Future[Found | NotFound]


def begin_finding(*, install: bool = False) -> Finding:
    """The Chromium of the settings, or the first that starts. install: one may be downloaded."""
    settings = read_settings()
    named = str(settings.chromium) if settings.chromium else None
    looking = find(browsers=settings.data_dir / "browsers", executable=named, install=install)
    return asyncio.run_coroutine_threadsafe(looking, bridge().loop)
