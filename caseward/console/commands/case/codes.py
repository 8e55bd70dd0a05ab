"""`caseward case code`: the code that an owner read out, typed in by a person; it is sealed at once and never shown."""

from __future__ import annotations

import re
from typing import cast

from caseward.console.commands.case.orders import stands
from caseward.console.commands.case.uploads import owner_id
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from states.copyright.numbers import WIDE
from states.copyright.owners import lacking_codes
from states.copyright.registration import Registration
from workflow.engine.context import case_of
from workflow.flow.case import Case

SHAPE = re.compile(r"[0-9]{4,8}")
WITHIN = re.compile(r"[\s\-]+")


def enter(texts: Texts, number: str, *, owner: str, asks: bool, json: bool) -> int:
    """Refused for an owner whose code the bureau does not want: it would lie there until another round took it."""

    async def work(view: View) -> int:
        row = await view.row(number)
        claim = row.claim
        if claim.flow != "copyright":
            cause = texts("error.no_codes", number=claim.number)
            raise Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=claim.number), REFUSED))
        id_ = owner_id(texts, claim.data, owner)
        case = cast(Case[Registration], case_of(view.plan(claim.flow), claim, claim.data))
        name = case.data.owner(id_).name
        if id_ not in lacking_codes(case):
            cause = texts("error.no_code_wanted", number=claim.number, owner=name)
            raise Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=claim.number), REFUSED))
        code = WITHIN.sub("", secret(texts, texts("ask.code", owner=name), asks).translate(WIDE))
        if not SHAPE.fullmatch(code):
            raise Stopped(Complaint("usage", texts("error.code_shape", n=len(code)), texts("cure.code_shape"), USAGE))
        known = not await view.record.commands(person()).enter_code(claim.case, id_, code)
        return await stands(view, claim.case, "code.known" if known else "code.taken", json)

    return viewing(texts, work)
