"""Whose a file of the bureau is: its page and its own text must name the matter that it was fetched for."""

from __future__ import annotations

from adapters.bureau.screen import ADAPTER, Screen
from adapters.names import Spelling, same_title
from adapters.papers.pdf_text import TITLE, VERSION, lacking
from adapters.personal import on_page
from workflow.errors import Drifted
from workflow.sentence import Sentence


async def of_software(screen: Screen, step: str, software: Spelling, shown: str) -> None:
    """Drifted unless the page shows this title and version, in this order."""
    if not same_title(shown, f"{software.title}{software.version}"):
        await screen.shoot(step)
        raise Drifted(
            ADAPTER,
            step,
            Sentence(
                "page_is_about",
                "the page is about {shown}, not {title} {version}",
                shown=on_page(shown),
                title=software.title,
                version=software.version,
            ),
        )


async def of_matter(screen: Screen, step: str, pdf: bytes, software: Spelling, **numbers: str) -> bool:
    """Whether the text of the file can be read; Drifted where it can, and names another software or number."""
    found = await lacking(pdf, {TITLE: software.title, VERSION: software.version, **numbers})
    if found:
        told = ", ".join(f"{name} {numbers.get(name) or getattr(software, name)}" for name in found)
        await screen.shoot(step)
        why = Sentence("file_of_another", "the file is of another matter: its text lacks the {lacking}", lacking=told)
        raise Drifted(ADAPTER, step, why)
    return found is not None
