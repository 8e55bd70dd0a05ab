"""Uploads of materials: taken at once, processed later; done when the page says that they are received."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from adapters.bureau import selectors as on
from adapters.bureau.contracts import FILES, PAPERS
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.site_words import shows
from adapters.generator import Materials
from workflow.errors import Drifted, NotSent
from workflow.sentence import Sentence

NAMES = {kind: f"{words}.pdf" for kind, words in FILES.items()}
PAUSE = 0.25


async def upload_all(screen: Screen, number: str, materials: Materials, beside: Mapping[str, bytes]) -> None:
    """Upload everything; the site works on it while the other pages are filled."""
    await screen.open("upload", on.MATERIALS, "/apply/materials", draft=number)
    for kind, content in _wanted(materials, beside).items():
        await screen.attach("upload", on.upload_file(kind), NAMES[kind], content)
        await screen.submit("upload", on.upload_button(kind), on.MATERIALS)


async def wait_until_received(
    screen: Screen, number: str, materials: Materials, beside: Mapping[str, bytes], *, received: float
) -> None:
    """Look at most `received` seconds at the materials page until it has everything; it must be the page shown."""
    deadline = asyncio.get_running_loop().time() + received
    while True:
        seen = await screen.click("materials", on.REFRESH, on.MATERIALS)
        if seen.text("draft") != number:
            raise Drifted(ADAPTER, "materials", shows(seen.text("draft"), number))
        status = {row["kind"]: row["status"] for row in seen.rows("materials")}
        waiting = [NAMES[kind] for kind in _wanted(materials, beside) if status.get(kind) != on.RECEIVED]
        if not waiting:
            break
        if asyncio.get_running_loop().time() > deadline:
            raise NotSent(
                ADAPTER,
                "materials",
                Sentence(
                    "not_received",
                    "after {seconds} s still not received: {files}",
                    seconds=f"{received:g}",
                    files=", ".join(waiting),
                ),
            )
        await asyncio.sleep(PAUSE)
    await screen.shoot("materials")


def sizes(materials: Materials, beside: Mapping[str, bytes]) -> Mapping[str, int]:
    """How many bytes each file has that is uploaded."""
    return {kind: len(content) for kind, content in _wanted(materials, beside).items()}


def _wanted(materials: Materials, beside: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {**{kind: getattr(materials, kind) for kind in PAPERS}, **beside}
