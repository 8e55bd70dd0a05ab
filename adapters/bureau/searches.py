"""Searches in the bureau's lists: a page that answers another search than ours is not believed."""

from __future__ import annotations

from adapters.bureau import selectors as on
from adapters.bureau.portal import Marker
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.seen import Row, Seen
from adapters.personal import on_page
from workflow.errors import Drifted
from workflow.sentence import Sentence, Sentences

EVERYTHING = Sentence("search_for_all", "everything")
NO_NUMBER = Sentence("row_of_no_number", "no number of ours")


async def drafted(screen: Screen, step: str, marker: str) -> list[Row]:
    """The drafts that bear our marker; where none does, the one whose number it names."""
    found = await ours(screen, step, marker, await screen.open(step, on.DRAFTS, "/drafts", reference=marker))
    if found or not isinstance(marker, Marker) or marker.draft is None:
        return found
    seen = await screen.open(step, on.DRAFTS, "/drafts", reference="", name="")
    await searched(screen, step, seen, "")
    return [row for row in seen.rows("rows") if row["number"] == marker.draft]


async def filed(screen: Screen, step: str, marker: str) -> list[Row]:
    """The filings that bear our marker, or the one whose number it names."""
    if not isinstance(marker, Marker) or marker.filing is None:
        return await ours(screen, step, marker, await screen.open(step, on.FILINGS, "/filings", reference=marker))
    seen = await screen.open(step, on.FILINGS, "/filings", reference="", name="")
    await searched(screen, step, seen, "")
    return [row for row in seen.rows("rows") if marker.filing in (row["number"], row["serial"])]


def is_named(marker: str, number: str) -> bool:
    """Whether the marker means this draft or filing though it does not stand under it."""
    return isinstance(marker, Marker) and number in (marker.draft, marker.filing)


async def ours(screen: Screen, step: str, marker: str, seen: Seen) -> list[Row]:
    """The rows of a search for our marker. A page of another search, or a row that was not searched for, is Drifted."""
    await searched(screen, step, seen, marker)
    if strange := [on_page(row["reference"]) or NO_NUMBER for row in seen.rows("rows") if row["reference"] != marker]:
        await screen.shoot(step)
        raise Drifted(
            ADAPTER,
            step,
            Sentence(
                "search_shows_others",
                "a search for {marker} shows rows of {others}",
                marker=marker,
                others=Sentences(strange[:3]),
            ),
        )
    return list(seen.rows("rows"))


async def searched(screen: Screen, step: str, seen: Seen, marker: str) -> None:
    """Drifted unless the page answers a search for this marker (empty: for all that the account has) and no name."""
    number, name = seen.text("searched"), seen.text("searched_name")
    if (number, name) != (marker, ""):
        await screen.shoot(step)
        raise Drifted(
            ADAPTER,
            step,
            Sentence(
                "search_of_other",
                "a search for {marker} shows the page of a search for {other}",
                marker=marker or EVERYTHING,
                other=_of_search(number, name),
            ),
        )


def _of_search(number: str, name: str) -> Sentence:
    """What a page was searched for, by its own words."""
    number, name = on_page(number), on_page(name)
    if number and name:
        return Sentence(
            "search_number_and_name",
            "the number {number} and the name {name}",
            number=repr(number),
            name=repr(name),
        )
    if number:
        return Sentence("search_number", "the number {words}", words=repr(number))
    return Sentence("search_name", "the name {words}", words=repr(name)) if name else EVERYTHING
