"""What the owners still owe a registration: codes, specimens, the seal page; each answer says who is missing."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from states.copyright.facts import CenterIds
from states.copyright.parties import Owner
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import OwnerId, permission_of
from states.copyright.words import Development
from workflow import Case, CodesOnFile, No, Verdict, Yes
from workflow.intake.values import Value

CODE_HOLDS = timedelta(hours=10)
"""So long the bureau takes a code that it sent."""
BEIJING = ZoneInfo("Asia/Shanghai")
"""Whose days the bureau counts."""
EVERY = timedelta(hours=24)
"""A code is taken for ten hours: after a day it has run out, and its owner knows nothing of it."""
REMINDERS = 2
"""So often an owner who owes a code or a specimen is reminded, after 24 and 48 hours; after 72 a person is told."""
WAKING = time(8), time(21)
"""Nobody is reminded at night."""


class CodeRequest(Value):
    """One code for one owner; the count goes up when one was used up, has run out, was lost, or went with its draft."""

    id: str
    """owner/count"""
    owner: OwnerId
    count: int


class CodeBatch(Value):
    """The codes on file, handed in together; another batch may follow, for codes that came later or instead."""

    id: str
    """How many codes of this round are used up so far, plus one."""


def owners_together(data: Registration) -> bool:
    """Several owners developed it together, by an agreement."""
    return data.development is Development.cooperation and len(data.owners) > 1


# ---------------------------------------------------------------- codes


def lacking_codes(case: Case[Registration]) -> tuple[OwnerId, ...]:
    """The owners whose code the bureau wants in this round and has not taken."""
    taken = case.data.entered_in(case.round)
    return tuple(owner for owner in case.data.wanted_in(case.round) if owner not in taken)


def codes_due(
    case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings
) -> tuple[CodeRequest, ...]:
    """The codes that the bureau is to send: to owners who lack one here and there (R118, necessary ones only)."""
    found, extra = [], case.data.extra_in(case.round).by_owner
    for owner in lacking_codes(case):
        used, more = codes_on_file.used.get(owner, 0), extra.get(owner, 0)
        if owner not in codes_on_file and owner not in spent(case, codes_on_file, settings):
            count = used + more + case.data.drafts_lost(case.round) + 1
            found.append(CodeRequest(id=f"{owner}/{count}", owner=owner, count=count))
    return tuple(found)


def spent(case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings) -> tuple[OwnerId, ...]:
    """The owners who used up as many codes as may be asked for by themselves; a person has another one asked for."""
    extra = case.data.extra_in(case.round).by_owner
    lacking = (owner for owner in lacking_codes(case) if owner not in codes_on_file)
    return tuple(
        owner for owner in lacking if codes_on_file.used.get(owner, 0) >= settings.codes_per_owner + extra.get(owner, 0)
    )


def codes_to_request(case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings) -> Verdict:
    """Some owner needs a code that was not asked for yet (R115, R118), of a draft as the registration stands now."""
    if "draft" in case.data.stale:
        return No(stale="draft")
    due = [one for one in codes_due(case, codes_on_file, settings) if ("request_code", one.id) not in case.done]
    if due:
        return Yes(owners={case.data.owner(one.owner).name: masked(case.data.owner(one.owner).mobile) for one in due})
    if over := spent(case, codes_on_file, settings):
        return No(used_up=_names(case, over), codes=settings.codes_per_owner, waits_for="operator")
    return No(asked=_names(case, lacking_codes(case)), waits_for="owner")


def codes_complete(
    case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings, now: datetime
) -> Verdict:
    """Codes that the bureau has not taken lie ready: some owner's, or where it is set so every necessary one (R63-R66).

    Of a phone that owners share nobody knows whose code was filled in: a person here hands it in.
    """
    lacking = lacking_codes(case)
    missing = [owner for owner in lacking if owner not in codes_on_file]
    ready = [owner for owner in lacking if owner in codes_on_file]
    if missing and (settings.codes_together or not ready):
        sent, phones = case.data.sent_in(case.round).by_owner, [case.data.owner(owner).mobile for owner in lacking]
        shared = [owner for owner in missing if phones.count(case.data.owner(owner).mobile or "") > 1]
        over = [owner for owner in missing if owner in sent and now - sent[owner] >= CODE_HOLDS]
        up = spent(case, codes_on_file, settings)
        seen = {"missing": missing, "ran_out": over, "one_phone": shared, "used_up": up}
        told: dict[str, Any] = {name: _names(case, owners) for name, owners in seen.items() if owners}
        return No(waits_for="operator" if up or shared == missing else "owner", **told)
    if not lacking:
        return No(entered=_names(case, case.data.wanted_in(case.round)))
    return Yes(owners=_names(case, ready))


def code_batch(case: Case[Registration], codes_on_file: CodesOnFile) -> tuple[CodeBatch, ...]:
    """The one batch that can be handed in now."""
    return (CodeBatch(id=str(sum(codes_on_file.used.values()) + 1)),) if lacking_codes(case) else ()


def codes_entered(case: Case[Registration]) -> Verdict:
    """The bureau has taken every necessary code of this round (R66)."""
    wanted = case.data.codes_wanted
    if wanted is None or wanted.round != case.round:
        return No(wanted=None, round=case.round, waits_for="operator")
    if lacking := lacking_codes(case):
        return No(missing=_names(case, lacking), waits_for="owner")
    return Yes(owners=_names(case, wanted.owners))


# ---------------------------------------------------------------- 中心用户ID


def center_ids_missing(case: Case[Registration]) -> Verdict:
    """Some owner has no 中心用户ID here (R124)."""
    missing = [owner.id for owner in case.data.owners if owner.id not in case.data.center_ids]
    return Yes(owners=_names(case, missing)) if missing else No(missing=[])


def center_ids_given(case: Case[Registration], center_ids: CenterIds) -> Verdict:
    """The bureau has given one that we have not (R123)."""
    fresh = [owner for owner in center_ids.by_owner if owner not in case.data.center_ids]
    return Yes(owners=_names(case, fresh)) if fresh else No(given=[], waits_for="bureau")


# ---------------------------------------------------------------- the seal page


def only_people(case: Case[Registration]) -> Verdict:
    """No owner is an institution, so specimens can make the seal page (R73, R77)."""
    institutions = [owner.name for owner in case.data.owners if not owner.is_person]
    return No(institutions=institutions) if institutions else Yes(owners=len(case.data.owners))


def seal_form_on_file(case: Case[Registration]) -> Verdict:
    """The blank seal page lies here, to be signed (R81)."""
    form = case.data.seal_form
    return Yes(seal_form=form.name) if form else No(seal_form=None, waits_for="bureau")


def unpermitted(case: Case[Registration], now: datetime) -> list[str]:
    """The owners whose signature stands on the page by a permission that does not hold today."""
    page = case.data.seal_page
    if page is None or page.digest != case.data.signed_page:
        return []
    return [owner.name for owner in without_specimen(case, now)]


def seal_page_missing(case: Case[Registration], now: datetime) -> Verdict:
    """No signed seal page is on file that may be used (R74)."""
    page = case.data.seal_page
    if ended := unpermitted(case, now):
        return Yes(permission_ended=ended)
    return No(seal_page=page.name) if page else Yes(seal_page=None)


def seal_page_on_file(case: Case[Registration], now: datetime) -> Verdict:
    """The signed and sealed page is on file: uploaded by a person, or made from specimens (R74, R75, R80)."""
    page = case.data.seal_page
    if page is None and "seal_page" in case.data.doubtful:
        return doubtful(case, "seal_page")
    if ended := unpermitted(case, now):
        waiting = doubtful_permission(case)
        return No(permission_ended=ended, waits_for="owner") if waiting is None else waiting
    return Yes(seal_page=page.name) if page else No(seal_page=None, waits_for="owner")


def doubtful(case: Case[Registration], paper: str) -> No:
    """What a person is to look at in a paper that waits to be compared."""
    found, (kind, _, owner) = case.data.doubtful[paper], paper.partition(".")
    pages = sorted({one.page for one in found.doubts if one.page is not None})
    whose = [case.data.owner(owner).name] if owner else []
    names = list(dict.fromkeys([*whose, *(one.name for one in found.doubts if one.name is not None)]))
    doubts = list(dict.fromkeys(f"doubt_{one.code}" for one in found.doubts))
    seen: dict[str, Any] = {kind: found.document.name, "doubts": doubts}
    seen |= ({"pages": pages} if pages else {}) | ({"owners": names} if names else {})
    return No(waits_for="operator", **seen)


def doubtful_permission(case: Case[Registration]) -> No | None:
    """What a person is to look at first, where some owner's permission is doubtful."""
    waiting = [paper for owner in case.data.owners if (paper := permission_of(owner.id)) in case.data.doubtful]
    return doubtful(case, waiting[0]) if waiting else None


def without_specimen(case: Case[Registration], now: datetime) -> tuple[Owner, ...]:
    """The owners who gave no specimen, or no authorisation that holds today (R77), or one that is doubtful."""
    today, doubted = now.astimezone(BEIJING).date(), case.data.doubtful
    given = {
        owner for owner, one in case.data.specimens.items() if one.holds(today) and permission_of(owner) not in doubted
    }
    return tuple(owner for owner in case.data.owners if owner.id not in given)


def is_waking(now: datetime) -> bool:
    """Whether people may be reminded at this hour."""
    return WAKING[0] <= now.astimezone(BEIJING).time() < WAKING[1]


def unasked_for_specimens(case: Case[Registration], now: datetime) -> dict[str, list[Owner]]:
    """By occasion, whom to ask for a specimen now: at first whoever can be reached, then as a reminder the silent."""
    age = now - (case.here_since(now) or now)
    times = min(int(age / EVERY), REMINDERS) if is_waking(now) else 0
    found: dict[str, list[Owner]] = {}
    for owner in without_specimen(case, now):
        asked = [place for place in range(REMINDERS + 1) if (_occasion(place), owner.id) in case.done]
        if permission_of(owner.id) in case.data.doubtful:
            continue  # it is on us to compare what he gave
        if owner.mobile and (not asked or max(asked) < times):
            found.setdefault(_occasion(times), []).append(owner)
    return found


def _occasion(reminder: int) -> str:
    return f"specimen_request/{reminder + 1}" if reminder else "specimen_request"


def specimens_unasked(case: Case[Registration], now: datetime) -> Verdict:
    """Somebody who can be reached was not asked for a specimen yet, or is to be reminded (R77)."""
    lacking = [owner for owner in without_specimen(case, now) if owner.mobile]
    unasked = [owner for owners in unasked_for_specimens(case, now).values() for owner in owners]
    if unasked:
        return Yes(owners={owner.name: masked(owner.mobile) for owner in unasked})
    return No(asked=[owner.name for owner in lacking])


def specimens_complete(case: Case[Registration], now: datetime) -> Verdict:
    """Each person gave a signature specimen and a dated authorisation for this use (R77)."""
    if (waiting := doubtful_permission(case)) is not None:  # a No is false
        return waiting
    lacking = without_specimen(case, now)
    if not lacking:
        return Yes(owners=[owner.name for owner in case.data.owners])
    names = [owner.name for owner in lacking]
    if unreachable := [owner.name for owner in lacking if not owner.mobile]:
        return No(missing=names, without_phone=unreachable, waits_for="operator")
    late = now - (case.here_since(now) or now) >= EVERY * (REMINDERS + 1)
    return No(missing=names, waits_for="operator" if late else "owner")


def masked(phone: str | None) -> str | None:
    """138****0001, as the bureau shows it."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else None


def _names(case: Case[Registration], owners: Iterable[OwnerId]) -> list[str]:
    return [case.data.owner(owner).name for owner in owners]
