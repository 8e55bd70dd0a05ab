"""What others did at the bureau meanwhile: filed, answered, withdrew, deleted, decided; each says what it saw."""

from datetime import datetime
from typing import Any

from adapters.bureau.portal import Filing, FilingStatus
from states.copyright.facts import SECOND_LOOK, WITH_DRAFT
from states.copyright.registration import Registration
from states.copyright.sealing import page_draft
from states.copyright.values import Noticed
from states.copyright.whose import not_ours
from states.copyright.words import Answer
from workflow import Case, No, Verdict, Yes

DECIDED = (Answer.refused, Answer.issued)
FINAL = (FilingStatus.refused, FilingStatus.issued)
"""What the bureau says of a filing for good, whatever round it is in."""

# ---------------------------------------------------------------- before we file


def standing_is_news(case: Case[Registration], standing: Noticed) -> Verdict:
    """The bureau shows a filing of this round that we did not make, our draft no more or again, or another draft.

    In a correction: it ended the filing meanwhile, or shows it no more; and that this is not so any more.
    """
    before = case.data.noticed
    has_page = case.data.seal_form is not None or case.data.seal_page is not None
    is_other = has_page and standing.draft not in (None, page_draft(case.data))
    was_missed = before is not None and before.round == case.round and before.missed_at is not None
    is_back = was_missed and case.state in WITH_DRAFT and standing.draft is not None
    over = _over(standing)
    ended = bool(over) or bool(what_ended(case))
    if not (standing.filing or standing.missed_at or standing.draft_gone or is_other or is_back or ended):
        return No(filing=None)
    if before is not None and before.model_copy(update={"seen_at": standing.seen_at}) == standing:
        return No(filing=standing.filing, draft_gone=standing.draft_gone, **over)
    return Yes(filing=standing.filing, draft=standing.draft, draft_gone=standing.draft_gone, **over)


def filed_elsewhere(case: Case[Registration]) -> Verdict:
    """Somebody filed it by hand under our marker: it goes on as filed. Where it is another's, a person is asked."""
    seen = case.data.noticed
    if seen is None or seen.filing is None or seen.round < case.round:
        return No(filing=None)
    if strange := not_ours(case, "filing", seen.filing, seen):
        return No(filing=seen.filing, **strange, waits_for="operator")
    return Yes(filing=seen.filing, of_round=seen.round)


def draft_lost(case: Case[Registration]) -> Verdict:
    """The draft that we saved is at the bureau no more: it is saved anew."""
    seen = case.data.noticed
    gone = seen is not None and seen.round == case.round and seen.draft_gone
    return Yes(draft_gone=True) if gone else No(draft_gone=False)


def draft_missed(case: Case[Registration], now: datetime) -> Verdict:
    """The list showed no draft at the last look: it is looked for once more before it counts as gone."""
    seen = case.data.noticed
    if seen is None or seen.round != case.round or seen.missed_at is None:
        return No(draft_gone=False)
    again = seen.missed_at + SECOND_LOOK
    return Yes(draft_missed=True) if now >= again else No(draft_missed=True, waits_for="bureau", until=again)


def draft_listed(case: Case[Registration], now: datetime) -> Verdict:
    """The list showed the draft when it was asked last: nothing can be done with one that it does not show."""
    seen = case.data.noticed
    if seen is None or seen.round != case.round or seen.missed_at is None:
        return Yes(draft_gone=False)
    return No(draft_missed=True, waits_for="bureau", until=seen.missed_at + SECOND_LOOK)


# ---------------------------------------------------------------- while a correction is wanted


def decided_elsewhere(case: Case[Registration]) -> Verdict:
    """The bureau refused or issued it, though no correction was handed in. Withdrawn or gone, a person is asked."""
    seen = case.data.noticed
    if not (over := what_ended(case)):
        return No(answer=None)
    is_decided = seen is not None and seen.answer in DECIDED
    return Yes(**over) if is_decided else No(**over, waits_for="operator")


def what_ended(case: Case[Registration]) -> dict[str, Any]:
    """What was noticed in this round that leaves nothing to be answered; empty where nothing was."""
    seen = case.data.noticed
    return {} if seen is None or seen.round != case.round else _over(seen)


def correction_stands(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau waits for this round: it shows the filing, still wants its correction, and nobody withdrew it.

    Of a correction that was asked for otherwise, as by letter, a person's word says that it is wanted.
    """
    if filing is None:
        return No(filing=None, waits_for="operator")
    if strange := not_ours(case, "filing", filing.number, filing):
        return No(filing=filing.number, **strange, waits_for="operator")
    seen: dict[str, Any] = {"filing": filing.number, "of_round": filing.round, "says": filing.line}
    if filing.round + 1 != case.round:
        return No(**seen, round=case.round, waits_for="operator")
    if filing.status is FilingStatus.correction:
        return Yes(**seen)
    if filing.status in FINAL:
        return No(**seen, waits_for="bureau")
    is_said = case.data.correction_given == case.round and filing.status is not FilingStatus.withdrawn
    return Yes(**seen) if is_said else No(**seen, waits_for="operator")


def _over(seen: Noticed) -> dict[str, Any]:
    if seen.filing_gone:
        return {"filing_gone": True}
    return {} if seen.answer is None else {"answer": seen.answer.value}


# ---------------------------------------------------------------- after we filed


def filing_shown(case: Case[Registration], filing: Filing | None) -> Verdict:
    """The bureau shows the filing. One that is gone for half an hour is a person's matter."""
    if filing is None:
        return No(filing=None, round=case.round, waits_for="operator")
    if filing.round < case.round and filing.status not in FINAL:
        return No(filing=filing.number, of_round=filing.round, round=case.round, waits_for="operator")
    return Yes(filing=filing.number)


def status_known(filing: Filing | None) -> Verdict:
    """The bureau uses a word whose meaning is known here, or was taught by a person."""
    if filing is None or filing.status is FilingStatus.unknown:
        return No(
            says=filing.line if filing else None,
            certificate_number=filing.certificate_number if filing else None,
            waits_for="operator",
        )
    return Yes(says=filing.line)


def filing_stands(filing: Filing | None) -> Verdict:
    """Nobody withdrew it."""
    if filing is None or filing.status is FilingStatus.withdrawn:
        return No(says=filing.line if filing else None, waits_for="operator")
    return Yes(says=filing.line)


def answered_elsewhere(case: Case[Registration], filing: Filing | None) -> Verdict:
    """Somebody answered a correction by hand: the case goes on in the filing's round."""
    if filing is None or filing.round <= case.round:
        return No(of_round=filing.round if filing else None, round=case.round)
    if strange := not_ours(case, "filing", filing.number, filing):
        return No(filing=filing.number, **strange, waits_for="operator")
    return Yes(of_round=filing.round, round=case.round)
