"""What each kind of ledger entry does to the state: the only place where the outside world changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from caseward.sandbox import scenario
from caseward.sandbox.ledger import Entry
from caseward.sandbox.removals import CHANGES as REMOVALS
from caseward.sandbox.removals import minutes
from caseward.sandbox.state import State
from caseward.sandbox.things import (
    BESIDE,
    Account,
    Captcha,
    Code,
    Draft,
    Filing,
    Material,
    Message,
    Order,
    Received,
    RecordedCode,
    Session,
    Stamp,
)


def apply(state: State, entry: Entry) -> None:
    state.seq, state.at = entry["seq"], _at(entry)
    if (change := CHANGES.get(entry["kind"]) or REMOVALS.get(entry["kind"])) is not None:
        change(state, entry)


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry["at"])


def _visible(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry["visible_at"] if "visible_at" in entry else entry["at"])


def _stamp(entry: Entry, number: str = "") -> Stamp:
    return Stamp(_at(entry), _visible(entry), number)


def _world(state: State, entry: Entry) -> None:
    state.scenario = scenario.check(entry["document"])
    for account in state.scenario.accounts:
        login = account["login"]
        state.accounts[login] = Account(login, account["password"], set(account["known_devices"]))
    for order in state.scenario.orders:
        number = f"G{len(state.orders) + 1:07d}"
        at = _at(entry)
        made = _order(number, order, at, at)
        if order["status"] != "未支付":
            made.payments["paid-before"] = Stamp(at, at)
            made.finished_at = at
        if order["status"] == "生成中":
            made.finished_at = at + timedelta(minutes=minutes(state, order["title"]))
        state.orders[number] = made
    for fault in entry["faults"]:
        _fault_set(state, {**entry, "fault": fault})


def _plan_set(state: State, entry: Entry) -> None:
    state.scenario.plans[entry["title"]] = scenario.plan(entry["plan"], entry["title"])


def _captcha_shown(state: State, entry: Entry) -> None:
    state.captchas[entry["captcha"]] = Captcha(entry["captcha"], entry["text"], entry["sha256"], _at(entry))


def _captcha_used(state: State, entry: Entry) -> None:
    state.used_captchas.add(entry["captcha"])


def _login_failed(state: State, entry: Entry) -> None:
    account = state.accounts.get(entry["account"])
    if account is not None:
        account.captcha_due = True


def _logged_in(state: State, entry: Entry) -> None:
    account = state.accounts[entry["account"]]
    old = state.sessions.get(account.token)
    if old is not None and not old.ended:
        old.ended = "elsewhere"
    account.captcha_due = entry["from_other_device"]
    account.devices.add(entry["device"])
    account.token = entry["token"]
    state.sessions[entry["token"]] = Session(
        entry["token"], entry["key"], entry["account"], entry["device"], seen_at=_at(entry)
    )


def _logged_out(state: State, entry: Entry) -> None:
    state.sessions[entry["token"]].ended = "logout"


def _kicked(state: State, entry: Entry) -> None:
    account = state.accounts[entry["account"]]
    state.sessions[account.token].ended = "elsewhere"
    account.captcha_due = True


def _session_seen(state: State, entry: Entry) -> None:
    state.sessions[entry["token"]].seen_at = _at(entry)


def _draft_opened(state: State, entry: Entry) -> None:
    state.sessions[entry["token"]].open_draft = entry["draft"]


def _draft_made(state: State, entry: Entry) -> None:
    number = entry["draft"]
    state.drafts[number] = Draft(
        number, entry["account"], entry["reference"], 0, created_at=_at(entry), visible_at=_visible(entry)
    )


def _page_saved(state: State, entry: Entry) -> None:
    _page_filled(state, entry)
    state.drafts[entry["draft"]].saved = None


def _page_filled(state: State, entry: Entry) -> None:
    draft = state.drafts[entry["draft"]]
    values: Any = entry["values"]
    if entry["page"] == "software":
        draft.software = values
        draft.reference = entry["reference"]
    elif entry["page"] == "owners":
        former = draft.owners or []
        kept = {n for n, (old, new) in enumerate(zip(former, values, strict=False), start=1) if _same_person(old, new)}
        draft.codes = [code for code in draft.codes if code.owner in kept]
        draft.owners = values
    else:
        draft.applicant = values


def _same_person(old: dict[str, str], new: dict[str, str]) -> bool:
    return all(old[part] == new[part] for part in ("name", "certificate_number", "phone"))


def _material_uploaded(state: State, entry: Entry) -> None:
    state.drafts[entry["draft"]].materials[entry["material"]] = Material(
        entry["material"],
        entry["file_name"],
        entry["sha256"],
        datetime.fromisoformat(entry["ready_at"]),
        entry["bytes"],
    )


def _draft_edited(state: State, entry: Entry) -> None:
    """Somebody changed it by hand and saved it again; it stands as saved as before."""
    if entry["page"] == "materials":
        _material_uploaded(state, entry)
    else:
        _page_filled(state, entry)


def _draft_saved(state: State, entry: Entry) -> None:
    draft = state.drafts[entry["draft"]]
    draft.saved = _stamp(entry)
    draft.first_saved_at = draft.first_saved_at or _at(entry)
    for owner in draft.owners or ():
        state.centers.setdefault(owner["certificate_number"], _at(entry))


def _code_sent(state: State, entry: Entry) -> None:
    draft = state.drafts[entry["draft"]]
    former = draft.code_of(entry["owner"])
    if former is not None and former.state == "sent":
        former.state = "voided"
    draft.codes.append(Code(entry["owner"], entry["code"], _at(entry), visible_at=_visible(entry)))
    text = f"【版权登记中心】您正在办理软件《{entry['title']}》{entry['version']}的著作权登记，"
    _deliver(state, entry, entry["phone"], "版权登记中心", text + f"验证码：{entry['code']}，10小时内有效。")


def _code_entered(state: State, entry: Entry) -> None:
    code = state.drafts[entry["draft"]].code_of(entry["owner"])
    if code is not None and entry["outcome"] != "expired":
        code.state = "verified" if entry["outcome"] == "verified" else "rejected"


def _seal_uploaded(state: State, entry: Entry) -> None:
    state.drafts[entry["draft"]].seal = _stamp(entry)


def _confirmed(state: State, entry: Entry) -> None:
    draft = state.drafts[entry["draft"]]
    draft.confirmations.append(_stamp(entry, entry["acceptance"]))
    draft.filing = entry["filing"]
    if entry["filing"] not in state.filings:
        state.filings[entry["filing"]] = Filing(entry["filing"], draft.account, [draft.id], len(state.filings) + 1)


def _correction_opened(state: State, entry: Entry) -> None:
    filing = state.filings[entry["filing"]]
    last = state.drafts[filing.drafts[-1]]
    filing.drafts.append(entry["draft"])
    state.drafts[entry["draft"]] = Draft(
        entry["draft"], last.account, last.reference, last.round + 1, _at(entry), _visible(entry), filing.id,
        software=last.software, owners=last.owners, applicant=last.applicant,
        former_digests=frozenset(m.sha256 for m in last.materials.values() if m.kind not in BESIDE),
        materials={kind: m for kind, m in last.materials.items() if kind in BESIDE},
    )  # fmt: skip


def _order_placed(state: State, entry: Entry) -> None:
    state.orders[entry["order"]] = _order(entry["order"], entry, _at(entry), _visible(entry))


def _order(number: str, about: Entry, at: datetime, visible: datetime) -> Order:
    named = {"reference": about.get("reference", ""), "particulars": about["particulars"]}
    return Order(number, about["title"], about["version"], about["round"], at, visible, **named)


def _order_paid(state: State, entry: Entry) -> None:
    order = state.orders[entry["order"]]
    order.payments[entry["out_trade_no"]] = _stamp(entry)
    order.finished_at = order.finished_at or _at(entry) + timedelta(minutes=minutes(state, order.title))


def _code_recorded(state: State, entry: Entry) -> None:
    parts = (entry["title"], entry["version"], entry["phone"], entry["code"])
    state.recorded_codes.append(RecordedCode(entry["id"], *parts, _at(entry), _visible(entry)))


def _sms_accepted(state: State, entry: Entry) -> None:
    number, to, text = entry["message"], entry["to"], entry["text"]
    state.messages[number] = Message(
        number, to, text, entry["reference"], _at(entry), entry["swallowed"], _visible(entry)
    )
    if not entry["swallowed"]:
        _deliver(state, entry, to, "10690000", text)


def _deliver(state: State, entry: Entry, phone: str, sender: str, text: str) -> None:
    received = Received(f"R{entry['seq']:07d}", _at(entry), sender, text)
    state.inboxes.setdefault(phone, []).append(received)


def _fault_set(state: State, entry: Entry) -> None:
    name = entry["fault"]["name"]
    state.fault_documents[name] = entry["fault"]
    state.fault_seen[name] = state.fault_fired[name] = 0


def _fault_removed(state: State, entry: Entry) -> None:
    del state.fault_documents[entry["name"]]


def _fault_met(state: State, entry: Entry) -> None:
    state.fault_seen[entry["name"]] = entry["seen"]
    state.fault_fired[entry["name"]] += entry["fired"]


CHANGES: dict[str, Callable[[State, Entry], None]] = {
    "world": _world,
    "plan_set": _plan_set,
    "captcha_shown": _captcha_shown,
    "captcha_used": _captcha_used,
    "login_failed": _login_failed,
    "logged_in": _logged_in,
    "logged_out": _logged_out,
    "kicked": _kicked,
    "session_seen": _session_seen,
    "draft_opened": _draft_opened,
    "draft_made": _draft_made,
    "page_saved": _page_saved,
    "material_uploaded": _material_uploaded,
    "draft_edited": _draft_edited,
    "draft_saved": _draft_saved,
    "code_sent": _code_sent,
    "code_entered": _code_entered,
    "seal_uploaded": _seal_uploaded,
    "confirmed": _confirmed,
    "correction_opened": _correction_opened,
    "order_placed": _order_placed,
    "order_paid": _order_paid,
    "code_recorded": _code_recorded,
    "sms_accepted": _sms_accepted,
    "fault_set": _fault_set,
    "fault_removed": _fault_removed,
    "fault_met": _fault_met,
}
