"""`caseward browser find` and `install`: which Chromium starts here, and where it comes from."""

from __future__ import annotations

import asyncio
from typing import Any

from adapters.browser.chromium_search import Found, NotFound, cjk_fonts, find
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import NOT_FOUND, Complaint, Stopped
from caseward.console.text.output import complain, say
from caseward.console.text.visible import visible
from caseward.console.wording.texts import Texts
from workflow.settings import Settings, read_settings

__all__ = ["Found", "cjk_fonts", "found", "proved", "run"]


async def found(settings: Settings, *, install: bool = False) -> Found | NotFound:
    """The Chromium of these settings, proved by a launch."""
    named = str(settings.chromium) if settings.chromium else None
    return await find(browsers=settings.data_dir / "browsers", executable=named, install=install)


async def proved(settings: Settings, texts: Texts) -> Found:
    """The same; raises Stopped where there is none."""
    answer = await found(settings)
    if isinstance(answer, Found):
        return answer
    raise Stopped(_none(answer, texts, "cure.browser"))


def run(texts: Texts, *, install: bool, json: Json | None) -> int:
    """Nothing is downloaded unless it was asked for, and then only where none starts already."""
    settings = read_settings(lang=texts.language)
    if install:
        complain(texts("browser.looking", folder=settings.data_dir / "browsers"))
    answer = asyncio.run(found(settings, install=install))
    if not isinstance(answer, Found):
        raise Stopped(_none(answer, texts, "cure.browser.system" if install else "cure.browser"))
    if json:
        say(json.one(shape(answer)))
    else:
        say(texts("browser.found", version=answer.version, source=answer.source, path=answer.executable or "-"))
        if not answer.sandboxed:
            say(texts("browser.unsandboxed"))
    return 0


def shape(answer: Found) -> dict[str, Any]:
    names = ("version", "source", "executable", "sandboxed")
    return {name: getattr(answer, name) for name in names}


def _none(answer: NotFound, texts: Texts, cure: str) -> Complaint:
    why = [texts.told(one.reason) for one in answer.tried]
    tried = [
        f"{one.source}{f' ({one.executable})' if one.executable else ''}: {visible(told)}"
        for one, told in zip(answer.tried, why, strict=True)
    ]
    errors = [
        {"source": one.source, "executable": one.executable, "why": told}
        for one, told in zip(answer.tried, why, strict=True)
    ]
    return Complaint("no_browser", texts("error.no_browser"), texts(cure), NOT_FOUND, errors, tried)
