"""One draft after it was saved: its owners, their codes, the seal page."""

from __future__ import annotations

import hashlib
import random

from starlette.responses import Response

from caseward.sandbox.html import pdf_file
from caseward.sandbox.pdf import drafts_named
from caseward.sandbox.portal.fields import LABELS
from caseward.sandbox.portal.materials import KINDS, objection, status
from caseward.sandbox.portal.needs import CODE_LABELS, MISSING_LABELS, agreement_asked, owner_rows, still_missing
from caseward.sandbox.portal.seal_blank import blank_seal_page
from caseward.sandbox.portal.visit import Visit, go, missing
from caseward.sandbox.things import Draft

Error = dict[str, str]


def draft(visit: Visit) -> Response:
    found = visit.draft(visit.call.path["draft"])
    return detail_page(visit, found) if found is not None else missing()


def view(visit: Visit) -> Response:
    """All that the draft holds, to be read."""
    found = visit.draft(visit.call.path["draft"])
    if found is None:
        return missing()
    statuses = {kind: status(found, kind, visit.now) for kind in KINDS}
    return visit.page(
        "draft_view.html",
        page="draft-view",
        heading="登记信息",
        draft=found,
        labels=LABELS,
        kinds=KINDS,
        statuses=statuses,
    )


def request_code(visit: Visit) -> Response:
    found = visit.draft(visit.call.path["draft"])
    rows = {str(row.number): row for row in owner_rows(visit.world.state, found, visit.now)} if found else {}
    row = rows.get(visit.call.path["owner"])
    if found is None or row is None:
        return missing()
    problem = _not_saved(found)
    if not problem and not row.needs_code:
        problem = f"{row.name}：不需要验证码"
    if problem:
        return detail_page(visit, found, [{"text": problem, "owner": str(row.number)}])
    code = random.Random(f"{found.id} {row.number} {visit.world.state.seq}").randrange(10**6)
    visit.world.record(
        "code_sent",
        draft=found.id,
        owner=row.number,
        name=row.name,
        phone=row.phone,
        code=f"{code:06d}",
        title=found.full_name,
        version=found.version,
        round=found.round,
    )
    return go(f"/portal/drafts/{found.id}?done=code-{row.number}")


def enter_codes(visit: Visit) -> Response:
    """Each owner's answer stands alone: a right code counts even where another's is wrong."""
    found = visit.draft(visit.call.path["draft"])
    if found is None:
        return missing()
    problem = _not_saved(found)
    if problem:
        return detail_page(visit, found, [{"text": problem}])
    errors: list[Error] = []
    for row in owner_rows(visit.world.state, found, visit.now):
        code = found.code_of(row.number)
        if not row.needs_code or (code is not None and code.state == "verified"):
            continue
        typed = visit.call.field(f"code-{row.number}")
        if not typed:
            errors.append({"text": f"{row.name}：请填写验证码", "owner": str(row.number), "problem": "missing"})
            continue
        if code is not None and code.expired(visit.now):
            outcome, text = "expired", "验证码已过期"
        elif code is not None and code.state == "sent" and code.code == typed:
            outcome, text = "verified", ""
        else:
            outcome, text = "wrong", "验证码错误"
        visit.world.record(
            "code_entered",
            draft=found.id,
            owner=row.number,
            name=row.name,
            outcome=outcome,
            title=found.full_name,
            version=found.version,
            round=found.round,
        )
        if text:
            errors.append({"text": f"{row.name}：{text}", "owner": str(row.number), "problem": outcome})
    return detail_page(visit, found, errors) if errors else go(f"/portal/drafts/{found.id}?done=codes")


def seal_form(visit: Visit) -> Response:
    found = visit.draft(visit.call.path["draft"])
    if found is None or found.saved is None or found.round:
        return missing()
    if visit.world.of_another:
        others = [
            one for one in visit.world.state.drafts.values() if one.saved and one.id != found.id and not one.round
        ]
        found = others[-1] if others else found
    return pdf_file(blank_seal_page(found), f"签章页_{found.full_name}.pdf")


def upload_seal(visit: Visit) -> Response:
    found = visit.draft(visit.call.path["draft"])
    if found is None:
        return missing()
    file = visit.call.files.get("file")
    problem = _not_saved(found) or ("补正无需签章页" if found.round else objection(file))
    if not problem and file is not None and file.content == blank_seal_page(found):
        problem = "签章页尚未签章"
    if problem or file is None:
        return detail_page(visit, found, [{"text": problem, "field": "seal"}])
    visit.world.record(
        "seal_uploaded",
        draft=found.id,
        file_name=file.name,
        sha256=hashlib.sha256(file.content).hexdigest(),
        shows=drafts_named(file.content),
        title=found.full_name,
        version=found.version,
        round=found.round,
    )
    return go(f"/portal/drafts/{found.id}?done=seal")


def detail_page(visit: Visit, found: Draft, errors: list[Error] | None = None) -> Response:
    state, now = visit.world.state, visit.now
    rows = owner_rows(state, found, now)
    if found.confirmed(now):
        status = "已提交"
    else:
        status = "已保存" if found.saved is not None and found.saved.visible_at <= now else "填写中"
    return visit.page(
        "draft.html",
        page="draft",
        heading="登记详情",
        draft=found,
        status=status,
        owners=rows,
        flash="" if errors else _flash(visit, found),
        errors=errors or (),
        agreement_asked=agreement_asked(found),
        missing=still_missing(state, found, now),
        seal_shown=found.seal is not None and found.seal.visible_at <= now,
        code_labels=CODE_LABELS,
        missing_labels=MISSING_LABELS,
    )


def _not_saved(found: Draft) -> str:
    if found.confirmations:
        return "该登记已提交"
    return "请先保存登记信息" if found.saved is None else ""


def _flash(visit: Visit, found: Draft) -> str:
    done = visit.call.query.get("done", "")
    if done.startswith("code-"):
        for row in owner_rows(visit.world.state, found, visit.now):
            if done == f"code-{row.number}":
                return f"验证码已发送至 {row.masked_phone}"
    return {"saved": "保存成功", "codes": "验证码校验通过", "seal": "签章页已上传"}.get(done, "")
