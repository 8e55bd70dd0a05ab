"""What the bureau still wants of a draft: codes, agreement, seal page, materials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from caseward.sandbox.portal.materials import ASKED_KINDS, status
from caseward.sandbox.state import State
from caseward.sandbox.things import BESIDE, Draft
from caseward.sandbox.timeline import center_id, plan_of

CODE_LABELS = {
    "none": "未发送",
    "sent": "已发送",
    "verified": "已验证",
    "expired": "已过期",
    "rejected": "已作废",
}
MISSING_LABELS = {
    "save": "尚未保存",
    "materials": "材料尚未全部接收",
    "agreement": "请上传合作协议",
    "codes": "验证码尚未全部校验",
    "seal": "请上传签章页",
}


@dataclass(frozen=True)
class OwnerRow:
    """One owner as the detail page shows it; `code` is none, sent, verified, expired or rejected."""

    number: int
    name: str
    kind: str
    phone: str
    center_id: str
    needs_code: bool
    is_applicant: bool
    code: str

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone else ""


def owner_rows(state: State, draft: Draft, now: datetime) -> list[OwnerRow]:
    return [
        OwnerRow(
            number=number,
            name=owner["name"],
            kind=owner["kind"],
            phone=owner["phone"],
            center_id=center_id(state, owner["certificate_number"], now),
            needs_code=needs_code(state, draft, owner),
            is_applicant=owner["name"] == draft.applicant_name(),
            code=code_status(draft, number, now),
        )
        for number, owner in enumerate(draft.owners or (), start=1)
    ]


def needs_code(state: State, draft: Draft, owner: dict[str, str]) -> bool:
    if not owner["phone"] or owner["name"] == draft.applicant_name():
        return False
    return draft.round == 0 or plan_of(state, draft).correction_codes


def code_status(draft: Draft, owner: int, now: datetime) -> str:
    code = draft.code_of(owner)
    if code is None or (code.visible_at is not None and code.visible_at > now):
        return "none"
    return "expired" if code.expired(now) else code.state


def agreement_asked(draft: Draft) -> bool:
    cooperation = draft.software is not None and draft.software["development_mode"] == "合作开发"
    return cooperation and len(draft.owners or ()) > 1 and "agreement" not in draft.materials


def still_missing(state: State, draft: Draft, now: datetime) -> list[str]:
    """What stands between this draft and its confirmation."""
    missing = []
    if draft.saved is None:
        missing.append("save")
    kinds = (*ASKED_KINDS, *(kind for kind in BESIDE if kind in draft.materials))
    if any(status(draft, kind, now) != "已接收" for kind in kinds):
        missing.append("materials")
    if agreement_asked(draft):
        missing.append("agreement")
    if any(row.needs_code and row.code != "verified" for row in owner_rows(state, draft, now)):
        missing.append("codes")
    if draft.round == 0 and draft.seal is None:
        missing.append("seal")
    return missing
