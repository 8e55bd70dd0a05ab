"""The irreversible step: the page that echoes what is confirmed, and the receipt."""

from __future__ import annotations

from starlette.responses import Response

from caseward.sandbox.clock import day
from caseward.sandbox.portal.detail import detail_page
from caseward.sandbox.portal.needs import MISSING_LABELS, still_missing
from caseward.sandbox.portal.visit import Visit, missing
from caseward.sandbox.things import Draft


def confirm_page(visit: Visit) -> Response:
    found = visit.draft(visit.call.path["draft"])
    if found is None:
        return missing()
    return _incomplete(visit, found) or visit.page("confirm.html", page="confirm", heading="确认提交", draft=found)


def confirm(visit: Visit) -> Response:
    """Takes a second confirmation as it took the first: the portal does not look whether there was one."""
    found = visit.draft(visit.call.path["draft"])
    if found is None:
        return missing()
    incomplete = _incomplete(visit, found)
    if incomplete is not None:
        return incomplete
    state = visit.world.state
    given = sum(len(draft.confirmations) for draft in state.drafts.values())
    acceptance = f"SL{day(visit.now):%Y%m%d}{given + 1:04d}"
    filing = found.filing or f"F{len(state.filings) + 1:07d}"
    visit.world.record(
        "confirmed",
        draft=found.id,
        filing=filing,
        acceptance=acceptance,
        reference=found.reference,
        title=found.full_name,
        version=found.version,
        round=found.round,
        materials={kind: material.sha256 for kind, material in found.materials.items()},
    )
    return visit.page(
        "receipt.html", page="receipt", heading="提交成功", draft=found, acceptance=acceptance, filing=filing
    )


def _incomplete(visit: Visit, found: Draft) -> Response | None:
    wanted = still_missing(visit.world.state, found, visit.now)
    if not wanted:
        return None
    return detail_page(visit, found, [{"text": f"不能提交：{MISSING_LABELS[name]}", "field": name} for name in wanted])
