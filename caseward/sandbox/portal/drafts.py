"""The list of an account's drafts, and beginning a new one."""

from __future__ import annotations

from starlette.responses import Response

from caseward.sandbox.portal.visit import Visit, go, missing

LONGEST_REFERENCE = 64


def drafts(visit: Visit) -> Response:
    reference, name = visit.call.query.get("reference", "").strip(), visit.call.query.get("name", "").strip()
    rows = [
        draft
        for draft in visit.world.state.drafts_of(visit.session.account)
        if not draft.removed
        and draft.visible_at <= visit.now
        and not draft.confirmed(visit.now)
        and reference in ("", draft.reference)
        and name in draft.full_name
    ]
    return visit.page("drafts.html", page="drafts", heading="我的草稿", rows=rows, reference=reference, name=name)


def new_draft_page(visit: Visit) -> Response:
    return visit.page("new_draft.html", page="new-draft", heading="新建登记")


def new_draft(visit: Visit) -> Response:
    reference = visit.call.field("reference")
    if len(reference) > LONGEST_REFERENCE:
        problem = ("reference", f"内部编号最多 {LONGEST_REFERENCE} 个字符")
        return visit.page("new_draft.html", page="new-draft", heading="新建登记", errors=[problem])
    number = f"D{len(visit.world.state.drafts) + 1:07d}"
    visit.world.record("draft_made", draft=number, account=visit.session.account, reference=reference)
    visit.world.record("draft_opened", token=visit.session.token, draft=number)
    return go("/portal/apply/software")


def delete_draft(visit: Visit) -> Response:
    """Whoever is logged in deletes a draft that was not confirmed, with one click in the list."""
    draft = visit.draft(visit.call.path["draft"])
    if draft is None or draft.confirmations:
        return missing()
    visit.world.record("draft_removed", draft=draft.id)
    return go("/portal/drafts")
