"""What must hold of draft and filing before a registration goes on; each answer says what it saw."""

from collections.abc import Mapping
from typing import Any

from adapters.bureau.portal import Draft, Filing, FilingStatus
from states.copyright.edits import DRAFT
from states.copyright.facts import owner_ids
from states.copyright.owners import doubtful, owners_together
from states.copyright.registration import Registration
from states.copyright.standing import FINAL, draft_lost
from states.copyright.values import Review
from states.copyright.whose import not_ours, side_by_side, stood_so
from states.copyright.words import Answer
from workflow import Case, No, Verdict, Yes

# ---------------------------------------------------------------- the draft


def is_correction(case: Case[Registration]) -> Verdict:
    """It was filed before and came back (R58, R67)."""
    return Yes(round=case.round) if case.round else No(round=0)


def is_new(case: Case[Registration]) -> Verdict:
    """It is filed for the first time (R57, R70)."""
    return No(round=case.round) if case.round else Yes(round=0)


def draft_unrivalled(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The matter is at the bureau once, and our marker is under it: else one filing would be too many, or another's."""
    if draft is None:
        return Yes(draft=None)
    if draft.strangers:
        return No(strangers=draft.strangers, **side_by_side(case, draft.namesakes), waits_for="operator")
    if strange := not_ours(case, "draft", draft.number, draft):
        return No(draft=draft.number, **strange, waits_for="operator")
    return Yes(draft=draft.number)


def draft_behind(case: Case[Registration], draft: Draft | None, draft_differences: Mapping[str, Any]) -> Verdict:
    """The bureau has no draft of this round, or not as the registration stands now (R57, R58, R67)."""
    number = draft.number if draft else None
    if draft is not None and draft.confirmed:
        return No(draft=number, confirmed=True)
    if draft_lost(case):  # also where it is there again: only saving takes that back
        return Yes(draft=number, draft_gone=True)
    lag = _lag(case, draft)
    if lag:
        return Yes(draft=number, lacks=lag)
    if DRAFT in case.data.stale:
        return Yes(draft=number, stale=DRAFT)
    return Yes(draft=number, **draft_differences) if draft_differences else No(draft=number)


def draft_stale(case: Case[Registration]) -> Verdict:
    """The registration was changed since the draft was saved: it is saved anew."""
    return Yes(stale=DRAFT) if DRAFT in case.data.stale else No(stale=None)


def filed_already(case: Case[Registration], draft: Draft | None) -> Verdict:
    """This round was confirmed, by us or by somebody's own hand: it is never confirmed again."""
    if draft is None or not draft.confirmed:
        return No(draft=draft.number if draft else None, confirmed=False)
    if strange := not_ours(case, "filing", draft.number, draft):
        return No(draft=draft.number, **strange, waits_for="operator")
    return Yes(draft=draft.number)


def agreement_outdated(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The bureau's draft bears an agreement that was made for the matter as it was told before."""
    gone = draft is not None and draft.agreement_on_file and case.data.agreement is None
    if gone and ("agreement" in case.data.doubtful or owners_together(case.data)):
        return Yes(draft=draft.number if draft else None)
    return No(agreement=case.data.agreement is not None)


def agreement_current(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The bureau's draft bears no such agreement: it can be saved."""
    if agreement_outdated(case, draft):
        return No(agreement=None, waits_for="owner")
    return Yes(agreement=case.data.agreement is not None)


def agreement_asked(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The bureau wants the cooperation agreement, and we have none (R59)."""
    asked = draft is not None and draft.agreement_wanted and case.data.agreement is None
    return Yes(owners=len(case.data.owners)) if asked else No(agreement=case.data.agreement is not None)


def agreement_on_file(case: Case[Registration]) -> Verdict:
    """The cooperation agreement was uploaded (R126, R127)."""
    agreement = case.data.agreement
    if agreement is None and "agreement" in case.data.doubtful:
        return doubtful(case, "agreement")
    return Yes(agreement=agreement.name) if agreement else No(agreement=None, waits_for="owner")


def codes_needed(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The bureau still wants codes of some owners (R59, R63, R64)."""
    if draft is None or _lag(case, draft) or draft.agreement_wanted:
        return No(draft=draft.number if draft else None, complete=False)
    lacking = tuple(name for name in draft.codes_wanted if name not in draft.codes_accepted)
    owner_ids(case.data, lacking)
    return Yes(owners=list(lacking)) if lacking else No(draft=draft.number)


def draft_complete(case: Case[Registration], draft: Draft | None) -> Verdict:
    """The draft stands saved as the registration stands, and the bureau asks for neither codes nor agreement."""
    lag = _lag(case, draft)
    if draft is None or lag:
        return No(draft=draft.number if draft else None, lacks=lag)
    if draft.agreement_wanted:
        return No(draft=draft.number, lacks="agreement", waits_for="owner")
    if lacking := [name for name in draft.codes_wanted if name not in draft.codes_accepted]:
        return No(draft=draft.number, lacks_codes_of=lacking, waits_for="owner")
    return Yes(draft=draft.number)


def _lag(case: Case[Registration], draft: Draft | None) -> str | None:
    """What the bureau's draft lacks that we could give it now."""
    if draft is None:
        return "draft"
    if not draft.saved:
        return "saving"
    papers = case.data.materials
    has_ours = papers is not None and papers.round == case.round
    if not has_ours and not any((one.what, one.number) == ("draft", draft.number) for one in case.data.ours):
        return "materials"  # nobody knows whose lie there, unless a person said that the draft is ours as it is
    return "agreement" if draft.agreement_wanted and case.data.agreement is not None else None


# ---------------------------------------------------------------- the filing


def acceptance_number_is_new(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau's page names another acceptance number than we know: each confirmation has its own."""
    number = filing.acceptance_number if filing else None
    if not number or number == case.data.acceptance_number:
        return No(acceptance_number=number)
    return Yes(acceptance_number=number)


def serial_number_is_new(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau has given a serial number that we have not (R100)."""
    if filing is None or not filing.serial_number:
        return No(serial_number=None, waits_for="bureau")
    if filing.serial_number == case.data.serial_number:
        return No(serial_number=filing.serial_number)
    return Yes(serial_number=filing.serial_number)


def review_is_new(case: Case[Registration], review: Review | None) -> Verdict:
    """The bureau's answer is not among the review records yet (R101, R102)."""
    if review is None:
        return No(filing=None, waits_for="bureau")
    known = (review.round, review.answer, review.remark) in [
        (one.round, one.answer, one.remark) for one in case.data.reviews
    ]
    answer = review.answer.value
    return No(answer=answer, of_round=review.round) if known else Yes(answer=answer, of_round=review.round)


def certificate_issued(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau granted it (R105)."""
    return _answered(case, filing, FilingStatus.issued)


def grant_is_new(case: Case[Registration], filing: Filing | None) -> Verdict:
    """Some owner was not told of the grant, or its number is not known here yet (R106)."""
    number = filing.certificate_number if filing else None
    told = {owner for notice, owner in case.done if notice == "certificate_notice"}
    reached = [] if stood_so(case, Answer.issued) else [owner for owner in case.data.owners if owner.mobile]
    untold = [owner.name for owner in reached if owner.id not in told]
    day = filing.certified_on if filing else None
    if untold or (number and number != case.data.certificate_number) or (day and day != case.data.certified_on):
        return Yes(certificate_number=number, untold=untold)
    return No(certificate_number=case.data.certificate_number)


def not_accepted(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau does not accept it: 不予受理 (R104)."""
    return _answered(case, filing, FilingStatus.refused)


def correction_wanted(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau sent this round back (R103); a notice that was answered is no news."""
    return _answered(case, filing, FilingStatus.correction)


def certificate_missing(case: Case[Registration]) -> Verdict:
    """We have not fetched the certificate yet (R107)."""
    certificate = case.data.certificate
    return No(certificate=certificate.name) if certificate else Yes(certificate=None)


def certificate_on_file(case: Case[Registration]) -> Verdict:
    """The certificate lies here, ready for its owners (R107)."""
    certificate = case.data.certificate
    return Yes(certificate=certificate.name) if certificate else No(certificate=None)


def _answered(case: Case[Registration], filing: Filing | None, wanted: FilingStatus) -> Verdict:
    if filing is None:
        return No(filing=None, waits_for="bureau")
    if strange := not_ours(case, "filing", filing.number, filing):
        return No(filing=filing.number, **strange, waits_for="operator")
    if filing.round > case.round or (filing.round < case.round and filing.status not in FINAL):
        return No(filing=filing.number, of_round=filing.round, round=case.round, waits_for="bureau")
    if filing.status is not wanted:
        return No(filing=filing.number, says=filing.line, waits_for="bureau")
    return Yes(filing=filing.number, says=filing.line)
