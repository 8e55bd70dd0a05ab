"""What a page opens on its own: dialogs are answered no and remembered by their words, popups are closed."""

from __future__ import annotations

import structlog
from playwright.async_api import Dialog
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from adapters.personal import on_page
from workflow.sentence import Sentence

log = structlog.get_logger()


class Interruptions:
    """Of one tab after another; cleared where a new page is asked for."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def watch(self, tab: Tab) -> None:
        tab.on("dialog", self._answer)
        tab.on("popup", self._close)

    def clear(self) -> None:
        self._words.clear()

    @property
    def told(self) -> list[Sentence]:
        """A sentence for each dialog."""
        told = [repr(on_page(words)) for words in self._words]
        return [Sentence("dialog_opened", "opened a dialog: {words}", words=words) for words in told]

    async def _answer(self, dialog: Dialog) -> None:
        log.warning("portal.dialog", kind=dialog.type)
        leaving = dialog.type == "beforeunload"  # the page asks whether we want to go where we are going
        if not leaving:
            self._words.append(dialog.message)
        try:
            await (dialog.accept() if leaving else dialog.dismiss())
        except PlaywrightError as gone:
            log.debug("portal.dialog_gone", why=gone.message.splitlines()[0])

    async def _close(self, popup: Tab) -> None:
        log.warning("portal.popup")
        try:
            await popup.close()
        except PlaywrightError as gone:
            log.debug("portal.popup_gone", why=gone.message.splitlines()[0])
