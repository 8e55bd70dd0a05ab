"""What several places tell of the bureau's site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.personal import apart, on_page
from workflow.errors import NotSent
from workflow.sentence import Sentence, Sentences

CLOSED = Sentence("site_closed", "the site says that it is closed")
BUSY = Sentence("site_busy", "the site says that it is busy")
ASKS_FOR_LOGIN = Sentence("site_asks_for_login", "the site asks for a login")
CHANGED = Sentence("changed_meanwhile", "changed while it was looked at")
FROZEN = Sentence("chromium_frozen", "Chromium was frozen and has been killed")
NO_PAGE = Sentence("page_unknown", "unknown")
"""What a page is called that does not call itself anything."""
NO_FILE = Sentence("site_gave_no_file", "no file came")


def shows(shown: str, due: str) -> Sentence:
    """shown: the page's words, or a sentence of ours. due: of ours, and told whole where that tells them apart."""
    told = shown if isinstance(shown, Sentence) else on_page(shown)
    meant = apart(due, told) if on_page(due) == told else due
    return Sentence("page_shows_not", "the page shows {shown}, not {due}", shown=told, due=meant)


def answered(status: int) -> Sentence:
    return Sentence("site_answered_status", "the site answered with status {status}", status=status)


def status_and_page(status: int, page: str) -> Sentence:
    return Sentence("status_and_page", "status {status}, page {page}", status=status, page=on_page(page) or NO_PAGE)


def after_the_click(status: int, page: str) -> Sentence:
    return Sentence(
        "after_the_click",
        "after the click came status {status}, page {page}",
        status=status,
        page=on_page(page) or NO_PAGE,
    )


def led_to(host: str) -> Sentence:
    return Sentence("site_led_to", "the site led to {host}", host=host)


def browser_says(words: str) -> Sentence:
    """By the first line of what the driver says."""
    return Sentence("browser_says", "the browser says: {words}", words=on_page(words.splitlines()[0]))


def led_nowhere(lost: NotSent) -> Sentence:
    return Sentence("click_led_nowhere", "the click led nowhere: {why}", why=lost.why)


def not_pressed(name: str, word: str, parts: Mapping[str, object]) -> Sentence:
    """Why a button was not pressed, by the word and the parts that portal_page.js answers."""
    match word:
        case "reads":
            reads, due = on_page(str(parts["reads"])), parts["words"]
            return Sentence("button_reads", "{name} reads {reads} instead of {due}", name=name, reads=reads, due=due)
        case "doubled":
            return Sentence("button_doubled", "{name} stands {n} times", name=name, n=parts["n"])
        case "leads":
            to, due = on_page(str(parts["to"])), parts["due"]
            return Sentence("button_leads", "{name} would send {to} instead of {due}", name=name, to=to, due=due)
        case _:
            return Sentence("button_unclickable", "{name} cannot be clicked", name=name)


def not_filled(problems: Sequence[tuple[str, Mapping[str, str]]]) -> Sentence:
    """What could not be filled in, by the words that portal_page.js answers."""
    told = Sentences(_field(word, parts["name"]) for word, parts in problems)
    return Sentence("not_filled_in", "not all is filled in: {problems}", problems=told)


def _field(word: str, name: str) -> Sentence:
    match word:
        case "gone":
            return Sentence("field_gone", "{name} is not there", name=name)
        case "unchosen":
            return Sentence("field_unchosen", "{name} cannot be chosen", name=name)
        case _:
            return Sentence("field_untaken", "{name} does not take its value", name=name)
