"""The pages of the form, each saving what it holds to the draft that is meant, and the page to check it all."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from caseward.sandbox.clock import day
from caseward.sandbox.portal import fields, forms
from caseward.sandbox.portal.materials import ASKED_KINDS, KINDS, status
from caseward.sandbox.portal.visit import Visit, go, missing
from caseward.sandbox.things import Draft

PAGES = ("software", "owners", "applicant", "materials", "check")
HEADINGS = {
    "software": "软件基本信息",
    "owners": "著作权人信息",
    "applicant": "申请人信息",
    "materials": "上传材料",
    "check": "核对信息",
}

NAMES = {"software": fields.SOFTWARE, "owners": fields.OWNER, "applicant": fields.APPLICANT}


def draft_page(visit: Visit) -> Response:
    return _opened(visit, visit.call.path["page"])


def check_page(visit: Visit) -> Response:
    return _opened(visit, "check")


def _opened(visit: Visit, name: str) -> Response:
    named = visit.call.query.get("draft", "")
    draft = visit.meant_draft(named)
    if draft is None:
        return missing() if named else go("/portal/drafts")
    return form_page(visit, draft, name, named) if name in PAGES else missing()


def fill_draft(visit: Visit) -> Response:
    """Saves page 1, 2 or 3, and goes on to the next."""
    named, name = visit.call.field("draft_id"), visit.call.path["page"]
    draft = visit.meant_draft(named)
    if draft is None or name not in PAGES[:3]:
        return missing() if named or name not in PAGES[:3] else go("/portal/drafts")
    if draft.confirmations:
        return form_page(visit, draft, name, named, problems=[("draft_id", "该登记已提交，不能修改")])
    values: Any
    if name == "software":
        values, problems = forms.software(visit.call, day(visit.now))
    elif name == "owners":
        values, problems = forms.owners(visit.call)
    else:
        values, problems = forms.applicant(visit.call, [owner["name"] for owner in draft.owners or ()])
    if problems:
        return form_page(visit, draft, name, named, typed=values, problems=problems)
    more = {"reference": visit.call.field("reference")} if name == "software" else {}
    visit.world.record("page_saved", draft=draft.id, page=name, values=values, **more)
    return go(step(PAGES[PAGES.index(name) + 1], named))


def save_draft(visit: Visit) -> Response:
    named = visit.call.field("draft_id")
    draft = visit.meant_draft(named)
    if draft is None:
        return missing() if named else go("/portal/drafts")
    problems = unready(draft, visit)
    if problems:
        return form_page(visit, draft, "check", named, problems=problems)
    visit.world.record("draft_saved", draft=draft.id, title=draft.full_name, version=draft.version, round=draft.round)
    return go(f"/portal/drafts/{draft.id}?done=saved")


def by_agent(draft: Draft) -> bool:
    """Whether somebody files for the applicant, who must have given him a power of attorney."""
    return draft.applicant is not None and draft.applicant["handled_by"] == fields.BY_AGENT


def unready(draft: Draft, visit: Visit) -> list[forms.Problem]:
    if draft.confirmations:
        return [("draft_id", "该登记已提交，不能修改")]
    problems = [(page, f"请先填写{HEADINGS[page]}") for page in PAGES[:3] if getattr(draft, page) is None]
    problems += [(kind, f"请上传{KINDS[kind]}") for kind in ASKED_KINDS if kind not in draft.materials]
    if by_agent(draft) and "attorney" not in draft.materials:
        problems.append(("attorney", f"请上传{KINDS['attorney']}"))
    if any(material.ready_at > visit.now for material in draft.materials.values()):
        problems.append(("materials", "材料处理中，请稍后保存"))
    return problems


def form_page(
    visit: Visit,
    draft: Draft,
    name: str,
    named: str,
    *,
    typed: Any = None,
    problems: list[forms.Problem] | None = None,
) -> Response:
    place = PAGES.index(name)
    return visit.page(
        f"apply_{name}.html",
        page=f"apply-{name}",
        heading=HEADINGS[name],
        draft=draft,
        named=named,
        values=typed if typed is not None else getattr(draft, name, None),
        errors=problems or (),
        back=step(PAGES[place - 1], named) if place else "/portal/drafts",
        onward=step(PAGES[place + 1], named) if place + 1 < len(PAGES) else "",
        choices=fields.CHOICES,
        labels=fields.LABELS,
        names=NAMES.get(name, ()),
        agent=fields.AGENT,
        blank={cell: "中国" if cell == "nationality" else "" for cell in fields.OWNER},
        kinds=KINDS,
        statuses={kind: status(draft, kind, visit.now) for kind in KINDS},
        steps=[HEADINGS[p] for p in PAGES],
        place=place,
    )


def step(page: str, named: str) -> str:
    return f"/portal/apply/{page}" + (f"?draft={named}" if named else "")
