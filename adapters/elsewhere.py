"""Where an address leads: what is said when another system answers there, and of the place that a reply leads to."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from adapters.replies import Reply, as_told
from workflow.errors import Drifted, NotSent
from workflow.plain_text import plain_text
from workflow.sentence import Sentence


class Elsewhere(NotSent):
    """The address leads to another system: what was asked reached nobody whom it concerns, and may be asked again."""

    def __init__(self, adapter: str, step: str, told: str, *, setting: str) -> None:
        super().__init__(
            adapter,
            step,
            Sentence(
                "another_system_answers_here",
                "another system answers here: {told}; correct {setting}",
                told=told,
                setting=setting,
            ),
        )


class PerhapsElsewhere(Drifted):
    """The answer is not the agreed one: nobody here can tell whether the system is another or has changed."""

    def __init__(self, adapter: str, step: str, told: str, *, setting: str) -> None:
        super().__init__(
            adapter,
            step,
            Sentence(
                "another_system_answers_here_or",
                "another system answers here, or this one otherwise than was agreed on: {told}; look at {setting}",
                told=told,
                setting=setting,
            ),
        )


def leads_to(reply: Reply, asked: str) -> SplitResult | None:
    """Where a reply to this address leads by its Location; None where it leads nowhere, or nobody knows where."""
    return place_of(str(reply.headers.get("location", "")), asked)


def place_of(location: str, asked: str) -> SplitResult | None:
    """The place that a Location in the answer to this address names; None where it names none that can be read."""
    try:
        return urlsplit(urljoin(asked, location)) if location else None
    except ValueError:
        return None


def told_of(reply: Reply, asked: str) -> str | Sentence:
    """What a reply says of where it leads: its status with scheme, host and path, else its words.

    A query may hold what was asked, so it is told to nobody.
    """
    to = leads_to(reply, asked)
    if to is None:
        return reply.words
    host = to.netloc.rpartition("@")[2]  # who logs in stands before it
    place = as_told(plain_text(f"{to.scheme}://{host}{to.path}"))
    return Sentence("status_to", "status {status} to {place}", status=reply.status, place=place)
