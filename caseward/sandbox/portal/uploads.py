"""The upload page's form, one kind of material at a time."""

from __future__ import annotations

from starlette.responses import Response

from caseward.sandbox.portal.apply import form_page, step
from caseward.sandbox.portal.materials import KINDS, upload
from caseward.sandbox.portal.visit import Visit, go, missing


def upload_material(visit: Visit) -> Response:
    named, kind = visit.call.field("draft_id"), visit.call.field("kind")
    draft = visit.meant_draft(named)
    if draft is None:
        return missing() if named else go("/portal/drafts")
    if kind not in KINDS:
        problem = "材料种类不正确"
    elif draft.confirmations:
        problem = "该登记已提交，不能修改"
    else:
        problem = upload(visit.world, draft, kind, visit.call.files.get("file"))
    if problem:
        return form_page(visit, draft, "materials", named, problems=[("file", problem)])
    return go(step("materials", named))
