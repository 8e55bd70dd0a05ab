"""What of a registration may still be changed, and what was made from the former particulars and is stale then."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.bureau.filing_form import FilingForm
from states.copyright.form import filing_form
from states.copyright.owners import lacking_codes
from states.copyright.registration import Registration
from states.copyright.values import ATTORNEY, Doubt, DoubtfulPaper, permission_of
from workflow import Case
from workflow.intake.edits import Changed, Edited
from workflow.intake.gives import NotTaken

DRAFT, MATERIALS, SEAL_PAGE = "draft", "materials", "seal_page"
AGREEMENT, PERMISSIONS = "agreement", "permissions"
UNORDERED = ("unprocessed", "needs_correction")
REACHED = ("phone", "carrier")
"""What may be changed of an owner while the bureau has the filing: it says where we reach them."""


def edited(case: Case[Registration], data: Registration, changed: tuple[Changed, ...]) -> Edited:
    """Refuse what the bureau has on file; of the rest, say what is to be ordered, saved or signed anew."""
    for one in changed:
        if one.place[0] == "account":
            raise NotTaken(
                "not_allowed",
                "the account is not changed like a field",
                "账号不能像普通项目那样修改",
                (f"caseward case assign {case.number} LOGIN --reason TEXT",) * 2,
            )
        if one.place[0] == "former_case":
            raise NotTaken(
                "not_allowed",
                "which refused case it files anew is said when it is opened, and stays so",
                "重新申请自哪个题目在新建时确定，不能修改",
                ("leave it as it is", "请保持原样"),
            )
        if case.state == "submitted" and not _is_reach(one):
            raise NotTaken(
                "not_allowed",
                "the bureau has it on file as it stands; only phones of owners can be changed now",
                "版权局已按现有内容受理，现在只能修改著作权人的电话和运营商",
                (
                    "wait for the bureau's answer: with a correction it can be changed",
                    "请等待版权局答复；如需补正，届时可以修改",
                ),
            )
    before, after = filing_form(case.data), filing_form(data)
    stale, patch = [], dict[str, object]()
    doubtful = _still_doubtful(case.data, data)
    if before != after and case.state != "submitted":
        stale.append(DRAFT)
        if _is_ordered(case):
            stale.append(MATERIALS)
        if _printed(before) != _printed(after) and (case.data.seal_form or case.data.seal_page):
            patch |= {"seal_form": None, "seal_form_code": None, "seal_page": None}
            doubtful.pop(SEAL_PAGE, None)
            stale.append(SEAL_PAGE)
        patch["stale"] = sorted({*case.data.stale, *stale} - {SEAL_PAGE})
    if case.state != "submitted":
        doubted = _doubted(case.data, data)
        stale += [name for name, papers in doubted.items() if papers]
        patch |= {name: None for name in (AGREEMENT, ATTORNEY) if doubted[name]}
        doubtful = doubted[AGREEMENT] | doubted[ATTORNEY] | doubted[PERMISSIONS] | doubtful
    if doubtful != case.data.doubtful:
        patch["doubtful"] = doubtful
    if case.data.identity != data.identity:
        patch["former_titles"] = sorted({*case.data.former_titles, case.data.identity})
    return Edited({**patch, **_of_owners(case.data, data), **_sent_elsewhere(case, data)}, tuple(stale))


def _sent_elsewhere(case: Case[Registration], data: Registration) -> Mapping[str, object]:
    """Another code for each owner whose last one went to a phone that was wrong, and was not taken by the bureau."""
    same, extra = _same_owners(case.data, data), case.data.extra_in(case.round)
    for owner in lacking_codes(case):
        asked = any(action == "request_code" and item.startswith(f"{owner}/") for action, item in case.done)
        if asked and owner in same and case.data.owner(owner).mobile != data.owner(owner).mobile:
            extra = extra.beside(owner, by_hand=True)
    return {} if extra == case.data.extra_in(case.round) else {"codes_extra": extra}


def _told(data: Registration) -> tuple[object, ...]:
    """What an agreement and a permission tell of the matter."""
    owners = sorted((one.name, one.certificate_kind, one.certificate_number) for one in data.owners)
    return data.full_name, data.version, owners


def _entrusted(data: Registration) -> tuple[object, ...]:
    """What a power of attorney tells of the matter."""
    return data.full_name, data.version, data.applicant_name, data.agent and data.agent.name


def _doubted(before: Registration, data: Registration) -> dict[str, dict[str, DoubtfulPaper]]:
    """The papers that were signed for the matter as it was told before: a person says whether they still hold."""
    why, same = (Doubt(code="edited"),), _same_owners(before, data)
    told, entrusted = _told(before) != _told(data), data.agent and _entrusted(before) != _entrusted(data)
    agreed, attorney = before.agreement if told else None, before.power_of_attorney if entrusted else None
    permitted = {owner: one.authorisation for owner, one in before.specimens.items() if told and one.matters == "this"}
    return {
        AGREEMENT: {AGREEMENT: DoubtfulPaper(document=agreed, doubts=why)} if agreed else {},
        ATTORNEY: {ATTORNEY: DoubtfulPaper(document=attorney, doubts=why)} if attorney else {},
        PERMISSIONS: {
            permission_of(owner): DoubtfulPaper(document=paper, doubts=why)
            for owner, paper in permitted.items()
            if owner in same
        },
    }


def _still_doubtful(before: Registration, data: Registration) -> dict[str, DoubtfulPaper]:
    """Without the permissions of owners who are others now."""
    gone = {permission_of(one.id) for one in before.owners} - {permission_of(id_) for id_ in _same_owners(before, data)}
    return {name: one for name, one in before.doubtful.items() if name not in gone}


def _is_reach(one: Changed) -> bool:
    return one.place[0] == "owners" and len(one.place) == 3 and one.place[2] in REACHED


def _is_ordered(case: Case[Registration]) -> bool:
    """Whether the materials of this round may have been ordered from the former particulars, or people gave them."""
    own = case.data.own_materials
    is_given = own is not None and own.round == case.round
    return is_given or case.state not in UNORDERED or any(action == "place_order" for action, _ in case.done)


def _printed(form: FilingForm) -> tuple[object, ...]:
    """What the bureau prints on the page that is to be sealed."""
    return form.software.full_name, form.software.version, form.applicant_name, tuple(form.owner_names)


def _of_owners(before: Registration, after: Registration) -> Mapping[str, object]:
    """What was gathered of an owner who is another one now, or none any more, is dropped."""
    same = _same_owners(before, after)
    gathered = {"specimens": before.specimens, "center_ids": before.center_ids}
    return {
        name: {owner: one for owner, one in had.items() if owner in same}
        for name, had in gathered.items()
        if had.keys() - same
    }


def _same_owners(before: Registration, after: Registration) -> set[str]:
    """The ids under which the same people and firms stand as before."""
    return {
        new.id
        for new in after.owners
        for old in before.owners
        if (old.id, old.name, old.certificate_number) == (new.id, new.name, new.certificate_number)
    }
