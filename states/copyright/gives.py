"""What people may give a registration: papers, signatures, codes, and whose a thing out there is, each by its rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from states.copyright.attorney import ATTORNEY_GIVE
from states.copyright.correction import notice_of
from states.copyright.correction_gives import CORRECTION_GIVES
from states.copyright.edits import MATERIALS
from states.copyright.flow import S
from states.copyright.looks import (
    check_comparison,
    compared_documents,
    comparison_mark,
    comparison_patch,
    judge_agreement,
    judge_permission,
    judge_seal_page,
    paper_patch,
)
from states.copyright.notice_text import asked_by
from states.copyright.numbers import WIDE
from states.copyright.order_gives import FLOW, ORDER_GIVES
from states.copyright.owners import lacking_codes, owners_together
from states.copyright.permissions import owner_id, permission_ended, permission_held, specimen_kept, specimen_of_use
from states.copyright.registration import Registration
from states.copyright.remotes import PAPER_LOOK, SEAL_PAGE_LOOK
from states.copyright.values import CodesExtra, Named
from workflow import Case
from workflow.intake.gives import COMPARISON, Give, Look, NotTaken, Part, SecretKind

STAYS_HERE = 20 * 1024 * 1024
"""Bytes of a paper that does not go to the bureau."""
CODE, WITHIN = re.compile(r"[0-9]{4,8}"), re.compile(r"[\s\-]+")


def _who_waits(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Check that the owner's code is wanted, and not taken yet."""
    owner = owner_id(case.data, given["owner"])
    if owner not in lacking_codes(case):
        name = case.data.owner(owner).name
        command = f"caseward case why {case.number}"
        cure = (f"see what is wanted: {command}", f"查看还要什么：{command}")
        raise NotTaken("usage", f"no code of {name} is wanted now", f"目前不需要{name}的验证码", cure)
    tried = [item for action, item in case.done if action == "enter_codes"]
    return {"owner": owner, "round": case.round, "tried": len(tried)}


def _new_code(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
    """The bureau is asked for another code of the owner, though nothing was handed in."""
    known = CodesExtra.model_validate(data.get("codes_extra") or {"round": given["round"]})
    extra = known if known.round == given["round"] else CodesExtra(round=given["round"])
    return {"codes_extra": extra.beside(given["owner"], by_hand=True, least=given["tried"])}


def _seal_form(data: Mapping[str, Any]) -> str | None:
    """The digest of the bureau's form: a sealed page must have as many pages."""
    form = data.get("seal_form")
    return None if form is None else str(form["digest"])


def _has_stale_materials(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    if MATERIALS not in case.data.stale:
        cure = ("nothing is to be done", "无需处理")
        raise NotTaken("not_allowed", "the materials are not stale", "材料没有失效", cure)
    return given


def _keep_materials(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
    """They are the matter's, though it is told otherwise by now."""
    orders = [one for one in data.get("placed") or () if one["what"] == "order"]
    known = data.get("ours") or ()
    return {
        "stale": tuple(one for one in data["stale"] if one != MATERIALS),
        "ours": [*known, *(one for one in orders if one not in known)],
    }


EVERY = tuple(map(str, S))
WHATS: Mapping[str, str] = {"order": "订单", "draft": "草稿", "filing": "登记"}
"""What may be the case's or not, as people may call it."""


def _whose(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Which thing at a remote is meant. It is not looked for there: the next look does that."""
    what = next((one for one, zh in WHATS.items() if given["what"].strip().lower() in (one, zh)), None)
    if what is None:
        known = f"what is one of: {', '.join(WHATS)}", f"what 为其一：{'、'.join(WHATS.values())}"
        raise NotTaken("usage", f"there is no {given['what']}", f"没有 {given['what']}", known)
    return {"what": what, "number": given["number"].strip(), "round": case.round}


def _said(field: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, object]]:
    """The latest word about a thing counts."""

    def patch(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
        one = Named(what=given["what"], number=given["number"], round=given["round"])
        kept = {
            name: [old for old in map(Named.model_validate, data.get(name) or ()) if not _same(old, one)]
            for name in ("ours", "not_ours")
        }
        return {**kept, field: [*kept[field], one]}

    return patch


def _same(old: Named, one: Named) -> bool:
    return (old.what, old.number) == (one.what, one.number)


def _form_on_file(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """A page can be signed only after its blank was fetched."""
    if case.data.seal_form is None:
        raise NotTaken(
            "too_early",
            "the bureau's blank seal page was not fetched yet, so nobody can have signed it",
            "尚未取得版权中心的空白签章页，不可能已签章",
            ("wait until `case show` names the blank, and have that one signed", "待 `case show` 列出空白页后再签章"),
        )
    return given


def _agreement_of_use(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Several owners who developed together need one, or whoever the bureau asks, on its page or in a notice."""
    notice = notice_of(case)
    is_asked = case.state == "awaiting_agreement" or (notice and "agreement" in asked_by(notice.text).papers)
    if not owners_together(case.data) and not is_asked:
        raise NotTaken(
            "of_no_use",
            "the bureau asks no cooperation agreement of this matter",
            "版权中心不要求本件提交合作协议",
            ("hand it in where one is asked for: `case why` says it", "仅在要求时提交，见 `case why`"),
        )
    return given


def _seal_page(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
    if _seal_form(data) != given["form"]:
        en, zh = "the blank was fetched anew meanwhile", "期间空白签章页已重新取得"
        raise NotTaken("changed", en, zh, ("compare the page with that one, and hand it in again", "请核对后重新提交"))
    return paper_patch(data, given, "seal_page")


def _of_the_form(case: Case[Registration]) -> Mapping[str, Any]:
    owners = [{"name": owner.name, "sealed": not owner.is_person} for owner in case.data.owners]
    return {"code": case.data.seal_form_code, "owners": owners}


def _of_a_paper(kind: str) -> Callable[[Case[Registration]], Mapping[str, Any]]:
    return lambda case: {"kind": kind, "title": case.data.full_name, "names": _owners(case)}


BEFORE_FILING = ("unprocessed", "generating", "awaiting_agreement", "awaiting_captcha", "awaiting_seal")
"""A filing that came back needs neither a seal page nor specimens."""
GIVES = (
    ATTORNEY_GIVE,
    *CORRECTION_GIVES,
    *ORDER_GIVES,
    Give(
        "keep-materials",
        FLOW,
        {"reason": Part("text")},
        _keep_materials,
        check=_has_stale_materials,
    ),
    Give(
        "agreement",
        FLOW,
        {"file": Part("pdf", "agreement", several=True)},
        lambda data, given: paper_patch(data, given, "agreement"),
        check=_agreement_of_use,
        states=(*BEFORE_FILING, "needs_correction"),
        looks={"file": Look(PAPER_LOOK, _of_a_paper("agreement"))},
        judge=judge_agreement,
    ),
    Give(
        "seal-page",
        FLOW,
        {"file": Part("pdf", "seal_page", several=True)},
        _seal_page,
        check=_form_on_file,
        states=("awaiting_seal",),
        pages_of=_seal_form,
        looks={"file": Look(SEAL_PAGE_LOOK, _of_the_form, beside=lambda data: (str(data["seal_form"]["digest"]),))},
        judge=judge_seal_page,
    ),
    Give(
        COMPARISON,
        FLOW,
        {**{name: Part("text") for name in ("paper", "same", "seen", "reason")}, "owner": Part("text", optional=True)},
        comparison_patch,
        check=check_comparison,
        shows=compared_documents,
        mark=comparison_mark,
        party="owner",
    ),
    Give("new-code", FLOW, {"owner": Part("text")}, _new_code, check=_who_waits, states=("awaiting_captcha",)),
    Give(
        "specimen",
        FLOW,
        {
            "signature": Part("picture", "specimen"),
            "owner": Part("text"),
            "authorisation": Part("pdf", "authorisation", most=STAYS_HERE),
            "authorised_on": Part("day"),
            "until": Part("day", optional=True),
            "matters": Part("text", optional=True),
        },
        specimen_kept,
        check=specimen_of_use,
        states=BEFORE_FILING,
        looks={"authorisation": Look(PAPER_LOOK, _of_a_paper("permission"))},
        judge=judge_permission,
        party="owner",
        of_party={"matters": "all"},
    ),
    Give(
        "revocation",
        FLOW,
        {"owner": Part("text"), "revoked_on": Part("day"), "matters": Part("text", optional=True)},
        permission_ended,
        check=permission_held,
        states=EVERY,  # what ended says what its owners gave for all their matters
        party="owner",
        of_party={"matters": "all"},
    ),
    Give("ours", FLOW, {"what": Part("text"), "number": Part("text")}, _said("ours"), check=_whose),
    Give("not-ours", FLOW, {"what": Part("text"), "number": Part("text")}, _said("not_ours"), check=_whose),
)


def _owners(case: Case[Registration]) -> Mapping[str, str]:
    return {owner.id: owner.name for owner in case.data.owners}


def _code(text: str) -> str | None:
    code = WITHIN.sub("", text.translate(WIDE))
    return code if CODE.fullmatch(code) else None


SECRETS = (SecretKind("code", FLOW, _owners, lacking_codes, _code),)
