"""Tables that are right, each a neighbour of one that is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.flows.paper_values import Coerced, Named, PaperField, S, Settings, Stamp
from tests.flows.papers import (
    HOUR,
    Make,
    better,
    counting,
    doing,
    filed,
    flow,
    for_each,
    giving,
    good,
    learning,
    of_any_case,
    of_any_page,
    of_any_settings,
    of_maybe_settings,
    of_ticket,
    of_values,
    saying,
    stamp_it,
    stamps_due,
    stamps_one_by_one,
    under_limit,
    untold_items,
    uses_settings,
)
from workflow import Stay, To, Verdict


def named(name: str, kind: Any) -> Any:
    done = giving(kind)
    done.name = name
    return done


def patches() -> list[tuple[Any, Any]]:
    """A guard and an action for each way to say what is given back."""
    kinds: tuple[Any, ...] = (
        None,
        Any,
        dict[str, str],
        Mapping[str, object],
        dict[str, Stamp | int] | None,
        Named,
        dict[PaperField, int],
        dict,
        dict[str, Any],
    )
    return [(numbered_guard(at), named(f"give_{at}", kind)) for at, kind in enumerate(kinds)]


def numbered_guard(at: int) -> Any:
    def holds(answer: str) -> Verdict:
        return answer == str(at)

    holds.__name__ = f"holds_{at}"
    return holds


RIGHT: dict[str, Make] = {
    "a recheck of nought": lambda: flow(To(S.done, when=good), recheck=timedelta()),
    "what may be repeated, once a round": lambda: doing(saying(repeatable=True, once="round", takes=HOUR)),
    "more guards first": lambda: flow(To(S.done, when=[good, better]), To(S.done, when=good)),
    "the same guards below a Stay": lambda: flow(Stay(when=good, do=stamp_it), To(S.done, when=good)),
    "the same guards below what comes back here": lambda: flow(
        To(S.new, when=good, do=stamp_it), To(S.done, when=good)
    ),
    "the same guards in a named line": lambda: flow(To(S.done, when=good), Stay(when=good, do=stamp_it, name="stamp")),
    "one name in two states": lambda: flow(
        Stay(when=good, do=stamp_it, name="stamp"),
        To(S.filed, when=better),
        more=(filed(Stay(when=better, do=stamp_it, name="stamp"), To(S.done, when=good)),),
    ),
    "a lambda that tells": lambda: flow(To(S.done, when=good, tell=lambda case: ())),
    "any settings where there are none": lambda: flow(To(S.done, when=of_maybe_settings)),
    "settings": lambda: flow(To(S.done, when=[under_limit, of_any_settings], do=uses_settings), settings=Settings()),
    "a guard of any case": lambda: flow(To(S.done, when=[of_any_case, of_values])),
    "a guard that asks another first whether there is one": lambda: flow(To(S.done, when=[good, of_ticket])),
    "a guard of any page": lambda: flow(To(S.done, when=of_any_page)),
    "learning what may be absent": lambda: learning("pages", "ticket.number"),
    "learning a text, an instant, a number as a number": lambda: flow(
        To(S.done, when=good, learn={"title": "ticket.name", "seen_on": "ticket.at", "pages": "slip.number"})
    ),
    "learning an instant from a text": lambda: learning("seen_on", "answer"),
    "learning what a number is shown as": lambda: learning("title", "ticket.shown"),
    "learning a value of an enumeration": lambda: learning("title", "ticket.kind"),
    "learning from a dataclass, a row": lambda: flow(
        To(S.done, when=better, learn={"title": "slip.text"}), Stay(when=good, learn={"title": "row.text"})
    ),
    "learning from what nobody knows": lambda: flow(
        To(S.done, when=better, learn={"title": "anything.at.all"}), Stay(when=good, learn={"pages": "open_.number"})
    ),
    "learning what one of several has": lambda: learning("title", "either.text"),
    "learning a model, several, one more": lambda: flow(
        To(S.done, when=better, learn={"stamp": "ticket.stamp"}),
        Stay(when=good, learn={"stamps": "ticket.stamps"}),
        Stay(when=good, learn={"stamps+": "ticket.wrapped.stamp"}),
    ),
    "a field that makes a text of anything": lambda: flow(
        To(S.done, when=of_values, learn={"title": "count"}), data=Coerced, facts=[counting()]
    ),
    "patches": lambda: flow(*(To(S.done, when=guard, do=done) for guard, done in patches())),
    "items by a generator": lambda: doing(for_each(stamps_one_by_one)),
    "items that nobody annotated": lambda: doing(for_each(untold_items)),
    "items": lambda: doing(for_each(stamps_due)),
}
