"""`caseward case review`: what will be done for good, on one page, and a person's yes to exactly that."""

from __future__ import annotations

from collections.abc import Iterable

from caseward.console.commands.case.orders import stands
from caseward.console.commands.case.views import labelled
from caseward.console.terminal.complaints import CONFLICT, REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.engine.context import case_of
from workflow.engine.reasons import reason_given
from workflow.intake.reviews import SHORTEST, Section

SHOWN = 12
"""So many characters of a mark are shown."""


def review(texts: Texts, number: str, *, yes: str | None, reason: str | None, json: bool) -> int:
    """yes: the mark of the page that the person saw; without it the page is shown."""
    said = reason_given(reason or "") if yes is not None else ""
    if yes is not None and len(yes.strip()) < SHORTEST:
        cause = texts("usage.wrong_value", what="--yes", why=yes)
        raise Stopped(Complaint("usage", cause, texts("cure.review", number=number), USAGE))

    async def work(view: View) -> int:
        row = await view.row(number)
        claim, plan = row.claim, view.plan(row.claim.flow)
        page = view.record.systems.review(claim.flow)
        if page is None or row.final:
            why = "error.no_review" if page is None else "error.review_over"
            cure = texts("cure.no_review", number=claim.number)
            raise Stopped(Complaint("not_allowed", texts(why, number=claim.number), cure, REFUSED))
        case = case_of(plan, claim, claim.data)
        mark = page.mark(case, plan.flow.settings)
        if yes is not None:
            if not mark.startswith(yes.strip().lower()):
                cause, cure = texts("error.review_changed", number=claim.number), texts("cure.review", number=number)
                raise Stopped(Complaint("conflict", cause, cure, CONFLICT))
            patch = dict(page.yes(case, plan.flow.settings))
            await view.record.commands(person()).give(claim.case, patch, said, claim.seq)
            return await stands(view, claim.case, "order.review", json)
        sections = list(page.sheet(case, plan.flow.settings))
        [told] = await view.told([row])
        if json:
            say(as_json({"number": claim.number, "account": told.login, "mark": mark, "sections": _shape(sections)}))
            return 0
        own = view.of(claim.flow)
        say(f"{claim.number}  {told.title}", *labelled(own, [(texts("label.account"), told.login or "-")]))
        for section in sections:
            heading = " ".join(filter(None, (own.reader.labels("review", section.name), section.place)))
            rows = [(own.reader.labels("seen", name), value or texts("value.none")) for name, value in section.rows]
            say("", heading, *labelled(own, rows))
        say("", texts("more.review", number=claim.number, mark=mark[:SHOWN]))
        return 0

    return viewing(texts, work)


def _shape(sections: Iterable[Section]) -> list[dict[str, object]]:
    return [{"name": one.name, "place": one.place, "fields": dict(one.rows)} for one in sections]
