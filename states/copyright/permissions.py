"""An owner's permission to sign for him: whose it is, from when and until when it holds, and for which matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.copyright.registration import Registration
from states.copyright.values import DoubtfulPaper, Specimen, permission_of
from workflow import Case
from workflow.intake.gives import NotTaken

MATTERS: Mapping[str, str] = {"this": "this", "本件": "this", "all": "all", "全部": "all"}
"""For which matters a specimen may be used, as people may call it."""


def owner_id(data: Registration, name: str) -> str:
    """The owner of this id or name. Raises NotTaken where there is none, or several of that name."""
    ids = [one.id for one in data.owners if one.id == name] or [one.id for one in data.owners if one.name == name]
    if len(ids) == 1:
        return ids[0]
    known = ids or [f"{one.name} ({one.id})" for one in data.owners]
    en = f"there is no owner {name}" if not ids else f"several owners are called {name}"
    zh = f"没有著作权人 {name}" if not ids else f"有多位著作权人名为 {name}"
    raise NotTaken("usage", en, zh, (f"name one of: {', '.join(known)}", f"请指明：{'、'.join(known)}"))


def _whose_and_when(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Check whose signature it is, and that its owner's permission holds from a day that is not to come."""
    if given["authorised_on"] > today:
        day = given["authorised_on"]
        cure = ("write the day on which the permission was signed", "写授权书的签署日期")
        raise NotTaken("usage", f"{day} has not come yet", f"{day} 尚未到来", cure)
    until = given["until"]
    if until is not None and until < max(today, given["authorised_on"]):
        cure = ("have the owner sign a new one", "请著作权人重新签署授权书")
        raise NotTaken("usage", f"the permission ended on {until}", f"授权已于 {until} 到期", cure)
    matters = MATTERS.get((given["matters"] or "this").strip().lower())
    if matters is None:
        cure = ("matters is one of: this, all", "matters 为其一：this（本件）、all（全部）")
        raise NotTaken("usage", f"there is no {given['matters']}", f"没有 {given['matters']}", cure)
    return {**given, "owner": owner_id(case.data, given["owner"]), "matters": matters}


def specimen_kept(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
    """In place of the one before; a doubtful permission is not used before a person compared it."""
    parts = ("signature", "authorisation", "authorised_on", "until", "matters")
    specimen, paper = Specimen.model_validate({name: given[name] for name in parts}), permission_of(given["owner"])
    doubtful = {name: one for name, one in (data.get("doubtful") or {}).items() if name != paper}
    if given["doubts"]:
        doubtful[paper] = DoubtfulPaper(document=given["authorisation"], doubts=given["doubts"])
    return {"specimens": {**data["specimens"], given["owner"]: specimen}, "doubtful": doubtful}


def permission_held(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Check whose permission it is, that there is one to take back, and since when."""
    owner, day = owner_id(case.data, given["owner"]), given["revoked_on"]
    specimen, name = case.data.specimens.get(owner), case.data.owner(owner).name
    if specimen is None or specimen.revoked_on is not None:
        cure = ("nothing is to be done", "无需处理")
        raise NotTaken("not_allowed", f"no permission of {name} holds here", f"此处没有{name}的有效授权", cure)
    if specimen.matters == "all" and given["matters"] != "all":
        command = f"caseward party give {name} revocation revoked_on={day}"
        raise NotTaken(
            "not_allowed",
            f"{name} gave the permission for all matters: taken back here alone it would go on in the others",
            f"{name}的授权用于其全部题目：仅在此撤回，其他题目仍会继续使用",
            (f"take it back in all of them: {command}", f"在全部题目中撤回：{command}"),
        )
    if day > today:
        cure = ("give it once the day has come", "请到当日再提交")
        raise NotTaken("usage", f"{day} has not come yet", f"{day} 尚未到来", cure)
    return {"owner": owner, "revoked_on": day}


def permission_ended(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
    """It stays on record, with the day from which it holds no more."""
    specimen = Specimen.model_validate(data["specimens"][given["owner"]])
    ended = specimen.model_copy(update={"revoked_on": given["revoked_on"]})
    return {"specimens": {**data["specimens"], given["owner"]: ended}}


def specimen_of_use(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Check that a specimen is of use, whose it is, and when it may be used."""
    if institutions := [one.name for one in case.data.owners if not one.is_person]:
        raise NotTaken(
            "of_no_use",
            f"{institutions[0]} must seal the page itself, so no specimen is used",
            f"{institutions[0]} 须在签章页上盖章，不使用签名样本",
            ("hand in the sealed page: `case upload N seal-page FILE`", "请提交签章页：`case upload N seal-page FILE`"),
        )
    return _whose_and_when(case, given, today)
