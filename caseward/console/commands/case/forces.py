"""`caseward case force`: a state by a person's word, with what it skips and where it leads, said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caseward.console.commands.case.orders import not_stated, stands
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.engine.forcing import ForcePlan, force_plan
from workflow.engine.reasons import LEAST, reason_given
from workflow.errors import NotStated
from workflow.store import CaseRow


def force(
    texts: Texts,
    number: str,
    state: str,
    *,
    reason: str,
    happened: Sequence[str],
    not_happened: Sequence[str],
    new_round: bool,
    dry: bool,
    even_so: bool,
    version: int | None,
    json: bool,
) -> int:
    """Force a state. Refused while it is unknown whether something happened, unless the person states it.

    Refused, too, where the case would not go on from there, unless even_so. dry: say what it would do, and do nothing.
    """
    said = reason_given(reason, LEAST)

    async def work(view: View) -> int:
        row = await view.row(number)
        meant = _meant(view, row, state, new_round, [one for one in not_happened if one not in happened])
        if dry:
            _say_dry(view, row, meant, json)
            return 0
        if meant.stuck is not None and not even_so:
            raise meant.stuck
        try:
            await view.record.commands(person()).force(
                row.claim.case,
                state,
                said,
                happened=happened,
                not_happened=not_happened,
                new_round=new_round,
                version=version,
            )
        except NotStated as error:
            raise not_stated(view, row, error) from error
        is_here = row.claim.state == state and not new_round
        told = "order.force.here" if is_here else "order.force"
        return await stands(view, row.claim.case, told, json, beside=_skipped(view, row, meant))

    return viewing(texts, work)


def _meant(view: View, row: CaseRow, state: str, new_round: bool, not_happened: Sequence[str]) -> ForcePlan:
    flow = row.claim.flow
    rules = {name: rule for one in view.record.systems.installed for name, rule in one.system.dead_ends.items()}
    plan = view.plan(flow)
    return force_plan(plan, row.claim, state, new_round=new_round, not_happened=not_happened, dead_end=rules.get(flow))


def _say_dry(view: View, row: CaseRow, meant: ForcePlan, json: bool) -> None:
    texts, claim = view.texts, row.claim
    stuck = None if meant.stuck is None else meant.stuck.told(texts.language)
    if json:
        told = {"from": claim.state, "to": meant.state, "round": meant.round, "skipped": list(meant.skipped)}
        say(as_json({"number": claim.number, **told, "stuck": stuck[0] if stuck else None, "dry": True}))
        return
    labels = view.of(claim.flow).reader.labels
    parts = {"number": claim.number, "before": labels("state", claim.state), "after": labels("state", meant.state)}
    say(*view.screen.wrapped(texts("force.dry", **parts, round=meant.round)))
    for line in _skipped(view, row, meant):
        say(*view.screen.wrapped(line, 2))
    if stuck is not None:
        say(*view.screen.wrapped(texts("force.stuck", why=stuck[0], way=stuck[1]), 2))
    else:
        say(*view.screen.wrapped(texts("force.ends" if meant.final else "force.goes_on"), 2))


def _skipped(view: View, row: CaseRow, meant: ForcePlan) -> Iterator[str]:
    if meant.skipped:
        labels = view.of(row.claim.flow).reader.labels
        names = view.texts("mark.enumeration").join(labels("action", name) for name in meant.skipped)
        yield view.texts("force.skipped", actions=names, round=meant.round)
