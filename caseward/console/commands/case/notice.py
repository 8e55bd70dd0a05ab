"""`caseward case notice`: what became of each notice of a case, its text to be handed over, and those held back."""

from __future__ import annotations

from typing import Any

from caseward.console.commands.case.orders import stands
from caseward.console.commands.case.views import heading, labelled
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import complain, say
from caseward.console.text.visible import masked_surely
from caseward.console.wording.happenings import fate
from caseward.console.wording.shapes import notice_shape
from caseward.console.wording.texts import Texts
from workflow.engine.notices import Notice, notices
from workflow.engine.reasons import reason_given
from workflow.engine.resending import free, named_of
from workflow.engine.upgrades import read_case


def notice(
    texts: Texts,
    number: str,
    name: str | None,
    *,
    owner: str | None,
    release: bool | None,
    reason: str | None,
    json: Json | None,
) -> int:
    """Tell of the notices, or release those that are held back, or drop them."""
    if release is not None and reason is None:
        raise Stopped(
            Complaint(
                "usage", texts("usage.missing", what="--reason"), texts("cure.option", option="--reason TEXT"), USAGE
            )
        )

    async def work(view: View) -> int:
        [told] = await view.told([await view.row(number)])
        claim, record = told.claim, view.record
        view = view.about(claim)
        plan, kinds = view.plan(claim.flow), record.systems.secrets(claim.flow)
        if release is not None:
            await free(
                record.store, plan, record.commands(person()), claim, reason_given(reason or ""),
                kinds=kinds, now=await record.clock.business(), release=release, name=name, owner=owner,
            )  # fmt: skip
            return await stands(view, claim.case, "order.released" if release else "order.dropped", json is not None)
        known = notices(await record.store.messages_of(claim.case))
        chosen = known
        if name is not None or owner is not None:
            chosen = named_of(claim, read_case(plan, claim), known, kinds, name, owner)
        if json:
            say(
                json.one(
                    {"number": claim.number, "title": told.title, "notices": [_shape(view, one) for one in chosen]}
                )
            )
            return 0
        if not chosen:
            complain(texts("notice.nothing", number=claim.number))
            return 0
        say(heading(view, told))
        for one in chosen:
            last, who = one.last, view.reader.person(one.recipient)
            said = texts("notice.to", who=who, address=masked_surely(last.address), what=fate(one, view.reader))
            say("", *labelled(view, [(view.reader.labels("notice", one.occasion), said)]))
            say(*view.screen.wrapped(last.text or texts("value.none"), 4))
        say("", texts("more.notice", number=claim.number))
        return 0

    return viewing(texts, work)


def _shape(view: View, one: Notice) -> dict[str, Any]:
    last, due = one.last, one.last.due_at
    held = view.moments.iso(due) if one.is_held(view.moments.now) else None
    return {
        **notice_shape(last, view.moments),
        "stands": one.stands,
        "held_until": held,
        "address": masked_surely(last.address),
        "text": last.text,
        "said": view.both(lambda reader: fate(one, reader)),
    }
