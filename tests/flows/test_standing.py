"""What others did at the bureau: what of it is news, what is taken over, and what a person is asked."""

from datetime import timedelta

import pytest

from adapters.bureau.portal import Filing, FilingStatus
from states.copyright.guards import certificate_issued, correction_wanted, not_accepted
from states.copyright.owners import codes_due
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.standing import (
    answered_elsewhere,
    correction_stands,
    decided_elsewhere,
    draft_lost,
    filed_elsewhere,
    filing_shown,
    filing_stands,
    standing_is_news,
    status_known,
)
from states.copyright.values import Noticed
from states.copyright.variables import CopyrightVariables, own_settings
from states.copyright.words import Answer
from tests.flows.matters import NOW, alone, case, filing, of_round, on_file, people
from workflow.flow.case import No, Verdict

TITLE, VERSION = "拾光手账时间管理软件", "V1.0"
OURS = Noticed(round=0, filing="F0000001", title=TITLE, version=VERSION, seen_at=NOW)
GONE = Noticed(round=0, draft_gone=True, drafts_lost=1, seen_at=NOW)


def test_what_was_noticed_is_news_once() -> None:
    later = OURS.model_copy(update={"seen_at": NOW + timedelta(hours=1)})
    assert standing_is_news(case("awaiting_seal"), OURS)
    assert not standing_is_news(case("awaiting_seal", alone(noticed=OURS)), later)
    assert standing_is_news(case("awaiting_seal", alone(noticed=OURS)), later.model_copy(update={"round": 1}))
    assert not standing_is_news(case("awaiting_seal"), Noticed(round=0, seen_at=NOW))


def test_another_softwares_filing_under_our_marker_is_a_persons() -> None:
    other = OURS.model_copy(update={"title": "另一软件"})
    said = filed_elsewhere(case("awaiting_seal", alone(noticed=other)))
    assert isinstance(said, No)
    assert (said.waits_for, said.seen["title"]) == ("operator", "另一软件")
    assert filed_elsewhere(case("awaiting_seal", alone(noticed=OURS)))


def test_what_was_noticed_of_a_former_round_is_over() -> None:
    assert not filed_elsewhere(case("needs_correction", alone(noticed=OURS), round=1))
    assert not draft_lost(case("awaiting_captcha", alone(noticed=GONE), round=1))
    assert draft_lost(case("awaiting_captcha", alone(noticed=GONE)))


def test_a_code_is_asked_for_anew_when_its_draft_is_gone() -> None:
    """The new draft knows of no code; its owner was texted about the old one."""
    wanted, settings = people(codes_wanted=of_round("o1")), CopyrightSettings()
    (before,) = codes_due(case("awaiting_captcha", wanted), on_file(), settings)
    lost = wanted.model_copy(update={"noticed": GONE})
    (after,) = codes_due(case("awaiting_captcha", lost), on_file(), settings)
    assert (before.id, after.id, after.count) == ("o1/1", "o1/2", 2)
    assert codes_due(case("awaiting_captcha", lost), on_file(o1=2), settings)
    assert not codes_due(case("awaiting_captcha", lost), on_file(o1=3), settings)


@pytest.mark.parametrize(
    "said",
    [
        filing_shown(case("submitted"), None),
        filing_shown(case("submitted", round=1), filing(round=0)),
        status_known(filing(FilingStatus.unknown, line="待缴费")),
        filing_stands(filing(FilingStatus.withdrawn, line="已撤回")),
    ],
    ids=["it is gone", "an older round", "a new word", "it was withdrawn"],
)
def test_what_nobody_here_did_waits_for_a_person(said: Verdict) -> None:
    assert isinstance(said, No)
    assert said.waits_for == "operator"


def test_a_correction_that_somebody_answered_is_followed_and_another_softwares_is_not() -> None:
    assert answered_elsewhere(case("submitted"), filing(round=1))
    assert not answered_elsewhere(case("submitted", round=1), filing(round=1))
    said = answered_elsewhere(case("submitted"), filing(round=1, title="另一软件"))
    assert isinstance(said, No)
    assert said.waits_for == "operator"


@pytest.mark.parametrize(
    ("found", "data", "stands", "who"),
    [
        (filing(FilingStatus.correction), alone(), True, None),
        (filing(FilingStatus.correction, owners=("易主前的公司",)), alone(), True, None),
        (filing(), alone(correction_given=1), True, None),
        (filing(), alone(), False, "operator"),
        (filing(FilingStatus.withdrawn), alone(correction_given=1), False, "operator"),
        (filing(FilingStatus.unknown), alone(), False, "operator"),
        (filing(FilingStatus.refused), alone(), False, "bureau"),
        (filing(FilingStatus.issued), alone(), False, "bureau"),
        (filing(FilingStatus.correction, title="另一软件"), alone(), False, "operator"),
        (filing(FilingStatus.correction, round=1), alone(), False, "operator"),
        (None, alone(correction_given=1), False, "operator"),
    ],
    ids=["it is wanted", "its owner is another one now", "a letter wants it",
         "nobody wants it", "withdrawn", "a new word", "refused", "issued",
         "another software's", "answered already", "gone"],
)  # fmt: skip
def test_a_correction_is_paid_for_only_while_the_bureau_waits_for_it(
    found: Filing | None, data: Registration, stands: bool, who: str | None
) -> None:
    said = correction_stands(case("needs_correction", data, round=1), found)
    assert bool(said) == stands
    if isinstance(said, No):
        assert said.waits_for == who


def test_what_ended_the_matter_while_a_correction_waits_is_news_and_so_is_its_return() -> None:
    gone, there = Noticed(round=1, filing_gone=True), Noticed(round=1)
    waiting = case("needs_correction", round=1)
    assert standing_is_news(waiting, gone)
    assert not standing_is_news(waiting, there)
    told = case("needs_correction", alone(noticed=gone), round=1)
    assert not standing_is_news(told, gone.model_copy(update={"seen_at": NOW}))
    assert standing_is_news(told, there)
    said = decided_elsewhere(told)
    assert isinstance(said, No)
    assert said.waits_for == "operator"
    refused = Noticed(round=1, answer=Answer.refused)
    assert decided_elsewhere(case("needs_correction", alone(noticed=refused), round=1))
    assert not decided_elsewhere(case("needs_correction", alone(noticed=refused), round=2))


@pytest.mark.parametrize("status", [FilingStatus.refused, FilingStatus.issued])
def test_what_the_bureau_says_for_good_counts_in_whatever_round(status: FilingStatus) -> None:
    of, found = case("submitted", round=1), filing(status, owners=("易主前的公司",))
    assert filing_shown(of, found)
    assert bool(not_accepted(of, found)) == (status is FilingStatus.refused)
    assert bool(certificate_issued(of, found)) == (status is FilingStatus.issued)
    assert not correction_wanted(of, filing(FilingStatus.correction))


def test_a_word_is_taught_by_a_setting_and_a_known_word_keeps_its_meaning() -> None:
    settings = own_settings(CopyrightVariables(status_words={"待受理": "received"}))
    assert settings.status_words == {"待受理": FilingStatus.received}
    with pytest.raises(ValueError, match="已发放 is known here, and means issued"):
        CopyrightVariables(status_words={"已发放": "refused"})
    with pytest.raises(ValueError, match="received"):
        CopyrightVariables.model_validate({"status_words": {"待受理": "somehow"}})
