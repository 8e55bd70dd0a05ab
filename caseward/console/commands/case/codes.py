"""`caseward case code`: the code that an owner read out, typed in by a person; it is sealed at once and never shown."""

from __future__ import annotations

from caseward.console.commands.case.orders import stands
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from workflow.engine.context import case_of


def enter(texts: Texts, number: str, *, owner: str, asks: bool, json: bool) -> int:
    """Refused for an owner whose code nobody wants: it would lie there until another round took it."""

    async def work(view: View) -> int:
        row = await view.row(number)
        claim = row.claim
        secrets = view.record.systems.secrets(claim.flow)
        if not secrets:
            cause = texts("error.no_codes", number=claim.number)
            raise Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=claim.number), REFUSED))
        case = case_of(view.plan(claim.flow), claim, claim.data)
        known = {id_: name for kind in secrets for id_, name in kind.known(case).items()}
        ids = [id_ for id_ in known if id_ == owner] or [id_ for id_, name in known.items() if name == owner]
        if len(ids) != 1:
            raise not_one_of(texts, "owner", owner, ids or [f"{name} ({id_})" for id_, name in known.items()])
        (id_,) = ids
        wanted = [kind for kind in secrets if id_ in kind.known(case) and id_ in kind.wanted(case)]
        if not wanted:
            cause = texts("error.no_code_wanted", number=claim.number, owner=known[id_])
            raise Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=claim.number), REFUSED))
        typed = secret(texts, texts("ask.code", owner=known[id_]), asks)
        code = wanted[0].read(typed)
        if code is None:
            cause = texts("error.code_shape", n=len(typed.strip()))
            raise Stopped(Complaint("usage", cause, texts("cure.code_shape"), USAGE))
        was_known = not await view.record.commands(person()).enter_code(claim.case, id_, code)
        return await stands(view, claim.case, "code.known" if was_known else "code.taken", json)

    return viewing(texts, work)
