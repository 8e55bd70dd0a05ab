"""Whose an order, a draft or a filing is: known by its number and our marker, held against owners and applicant.

Several matters may bear one title. What this case placed is its own; what another case of ours placed is never taken;
what nobody of ours placed is taken only where owners and content are the same, else a person is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from adapters.bureau.portal import Draft, Filing, Namesake
from adapters.generator import Order
from adapters.names import Spelling
from states.copyright.form import MOST, particulars
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings, marker
from states.copyright.values import Named, Noticed
from states.copyright.words import Answer
from workflow import Case

Differs = dict[str, Any]
"""By field, what ours says and what theirs says; empty where they are the same."""
Found = TypeVar("Found", Draft, Filing)
REFUSED = "不予受理"


def is_ours(case: Case[Registration], what: Literal["order", "draft", "filing"], number: str) -> bool:
    """This case placed it, or a person said that it is the case's."""
    return any((one.what, one.number) == (what, number) for one in (*case.data.placed, *case.data.ours))


def is_anothers(case: Case[Registration], what: Literal["order", "draft", "filing"], number: str) -> bool:
    """A person said that it is not the case's, or the case that this one follows had it."""
    return any((one.what, one.number) == (what, number) for one in case.data.not_ours)


def placed(case: Case[Registration], what: Literal["order", "draft"], number: str) -> tuple[Named, ...]:
    """All that the case placed, with this one."""
    one = Named(what=what, number=number, round=case.round)
    return case.data.placed if is_ours(case, what, number) else (*case.data.placed, one)


def of_another_case(case: Case[Registration], settings: CopyrightSettings, reference: str) -> bool:
    """It bears the marker of another case of ours."""
    prefix = case.number.rpartition("-")[0]
    ours = re.fullmatch(rf"{re.escape(settings.marker_prefix + prefix)}-\d+", reference)
    return ours is not None and reference != marker(case, settings)


# ---------------------------------------------------------------- the order


def order_of(case: Case[Registration], settings: CopyrightSettings, listed: Sequence[Order]) -> Order | None:
    """The order of this round that is the case's, or may be: then it says in what it is not for this matter."""
    of_round = [one for one in listed if one.round == case.round and not is_anothers(case, "order", one.number)]
    ours = [one for one in of_round if _is_placed(case, settings, one)]
    free = [
        one for one in of_round
        if one not in ours and not of_another_case(case, settings, one.reference)
    ]  # fmt: skip
    found = [*(_held(case, one, whole=False) for one in ours), *(_held(case, one, whole=True) for one in free)]
    fitting = [one for one in found if not one.differs]
    # what fits beside ours is a second one of ours; what does not is another's matter
    chosen = fitting or found[: max(len(ours), 1)]
    chosen = [one for one in chosen if not one.ended] or chosen
    chosen.sort(key=lambda one: not one.paid)
    return chosen[0].model_copy(update={"twins": len(chosen)}) if chosen else None


def _is_placed(case: Case[Registration], settings: CopyrightSettings, order: Order) -> bool:
    if order.reference:
        return order.reference == marker(case, settings) or is_ours(case, "order", order.number)
    papers = case.data.materials
    known = {
        one.number for one in (*case.data.placed, *case.data.ours) if (one.what, one.round) == ("order", case.round)
    }
    if papers is not None and papers.round == case.round:
        known |= {papers.order} if papers.order else set()
    # an order whose number nobody kept: of an older version of this flow, or of a reply that was lost
    return order.number in known if known else ("place_order", "") in case.done


def _held(case: Case[Registration], order: Order, *, whole: bool) -> Order:
    """The order with its differences. whole: its content is compared too, and owners must be told."""
    ours, theirs = particulars(case.data), order.particulars
    if any((one.what, one.number) == ("order", order.number) for one in case.data.ours):
        return order  # a person saw both
    differs = _owners_differ(ours, theirs, whole)
    told = theirs.get("applicant")
    if isinstance(told, Mapping) and (name := told.get("owner") or told.get("name")):
        differs |= _differ("applicant", case.data.applicant_name, str(name))
    for part in ("software", "applicant") if whole else ():
        mine, shown = ours[part], theirs.get(part)
        if isinstance(mine, Mapping) and isinstance(shown, Mapping):
            for field in mine.keys() & shown.keys() - {"owner", "name"}:
                differs |= _differ(field, _text(mine[field]), _text(shown[field]))
    return order.model_copy(update={"differs": dict(sorted(differs.items())[:MOST])})


def _owners_differ(ours: Mapping[str, Any], theirs: Mapping[str, Any], must: bool) -> Differs:
    """must: owners that are not told are a difference."""
    mine, told = list(ours["owners"]), theirs.get("owners")
    shown = [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    if not shown:
        return _differ("owners", _named(mine), "") if must else {}
    parts = ["name", *(["certificate_number"] if all(one.get("certificate_number") for one in shown) else [])]

    def known(owners: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(_plain(str(one.get(part, ""))) for part in parts) for one in owners)

    if known(mine) == known(shown):
        return {}
    return {"owners": {"ours": _named(mine, parts[1:]), "theirs": _named(shown, parts[1:])}}


def _named(owners: Iterable[Mapping[str, Any]], also: Sequence[str] = ()) -> str:
    """The names, each with so much of its number as tells it from another."""
    return "、".join(" ".join([str(one["name"]), *(_hidden(str(one[part])) for part in also)]) for one in owners)


def _hidden(number: str) -> str:
    return f"{number[:3]}…{number[-4:]}" if len(number) > 8 else "…"


def _differ(field: str, ours: str, theirs: str) -> Differs:
    return {} if _plain(ours) == _plain(theirs) else {field: {"ours": ours, "theirs": theirs}}


def _text(value: object) -> str:
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


# ---------------------------------------------------------------- drafts and filings


def of_whom(case: Case[Registration], settings: CopyrightSettings, found: Found) -> Found:
    """The draft or filing with the marker of another case of ours, where it bears that."""
    other = found.reference if of_another_case(case, settings, found.reference) else ""
    return found.model_copy(update={"of_case": other})


def draft_of(case: Case[Registration], draft: Draft) -> Draft:
    """The draft with those of its namesakes alone that may be this matter under another marker."""
    names = _names(case)
    rivals = tuple(
        one for one in draft.namesakes
        if one.status != REFUSED
        and (not one.owners or names & {_plain(name) for name in one.owners})
        and not any(is_anothers(case, what, one.number) for what in ("draft", "filing"))
    )  # fmt: skip
    return draft.model_copy(update={"namesakes": rivals, "strangers": len(rivals)})


def not_ours(
    case: Case[Registration], what: Literal["draft", "filing"], number: str, found: Draft | Filing | Noticed
) -> Differs:
    """In what a draft or filing under our marker is another's; one that the case made is its own.

    What was filed in a round before tells the owners as they were then.
    """
    if any((one.what, one.number) == (what, number) for one in case.data.ours):
        return {}  # a person saw both
    if is_anothers(case, what, number):
        return {"not_ours": True}
    if found.of_case:
        return {"reference": {"ours": case.number, "theirs": found.of_case}}
    known = (case.data.identity, *case.data.former_titles)
    if found.title and Registration.identity_of(found.title, found.version) not in known:
        return {"title": found.title, "version": found.version}
    if not found.owners or found.round < case.round or is_ours(case, what, number):
        return {}
    if Counter(map(_plain, found.owners)) == Counter(_plain(owner.name) for owner in case.data.owners):
        return {}
    ours = "、".join(owner.name for owner in case.data.owners)
    return {"owners": {"ours": ours, "theirs": "、".join(found.owners)}}


def stood_so(case: Case[Registration], answer: Answer) -> bool:
    """The matter was taken over when the bureau had answered so already: that is no news to its owners."""
    return case.data.filing_number is not None and {one.answer for one in case.data.reviews} == {answer}


def side_by_side(case: Case[Registration], rivals: Iterable[Namesake]) -> Differs:
    """The first of those that may be this matter, beside it."""
    seen: Differs = {}
    for one in [*rivals][:3]:
        ours = f"{case.number}: {'、'.join(owner.name for owner in case.data.owners)}"
        theirs = " ".join(filter(None, (one.reference and f"{one.reference}:", "、".join(one.owners), one.status)))
        seen[one.number] = {"ours": ours, "theirs": theirs}
    return seen


def _plain(text: str) -> str:
    """Equal for texts that differ only in blanks, width or capitals."""
    return Spelling(text, "").identity


def _names(case: Case[Registration]) -> set[str]:
    return {_plain(owner.name) for owner in case.data.owners}
