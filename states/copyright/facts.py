"""The questions of a registration: to the generation system and to the bureau, each asked at most once a look."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from adapters.bureau.portal import Draft, Filing, FilingStatus, Portal
from adapters.generator import Generator, Order
from states.copyright.form import as_seen, files, filing_form, names
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings, marker
from states.copyright.values import Notice, Noticed, OwnerId, OwnersOfRound, Review
from states.copyright.whose import draft_of, not_ours, of_whom, order_of
from states.copyright.words import Answer
from workflow import Case, Drifted, fact
from workflow.intake.values import Value
from workflow.sentence import Sentence

WITH_DRAFT = ("awaiting_agreement", "awaiting_captcha", "awaiting_seal")
"""States in which our draft stands saved at the bureau."""
SECOND_LOOK = timedelta(minutes=10)
"""A draft that a list does not show is gone if a list of so much later does not show it either."""


ENDS = (FilingStatus.refused, FilingStatus.issued, FilingStatus.withdrawn)


class CenterIds(Value):
    """中心用户ID by our own owner ids, those known before included."""

    by_owner: Mapping[OwnerId, str] = Field(default_factory=dict)


@fact
async def order(case: Case[Registration], settings: CopyrightSettings, generator: Generator) -> Order | None:
    """The generation order of this matter and round, or one that may be it, or None (R46, R130)."""
    return order_of(case, settings, await generator.find(case.data.full_name, case.data.version, case.round))


@fact
async def draft(case: Case[Registration], settings: CopyrightSettings, portal: Portal) -> Draft | None:
    """The bureau's draft of this round that bears our marker, confirmed or not, or None (R59)."""
    found = await portal.draft(marker(case, settings), case.round)
    return None if found is None else draft_of(case, of_whom(case, settings, found))


@fact
async def draft_differences(case: Case[Registration], draft: Draft | None, portal: Portal) -> Mapping[str, Any]:
    """In what the draft that stands saved is not the registration as it stands now: each field, ours and theirs."""
    if draft is None or not draft.saved or draft.confirmed:
        return {}
    return as_seen(await portal.differences(draft, filing_form(case.data), files(case.data, case.round)))


@fact
async def codes_asked(case: Case[Registration], draft: Draft | None) -> OwnersOfRound | None:
    """The owners whose codes the bureau wants in this round, by our own ids (R63)."""
    if draft is None:
        return None
    return OwnersOfRound(round=case.round, owners=owner_ids(case.data, draft.codes_wanted))


@fact
async def codes_taken(case: Case[Registration], draft: Draft | None) -> OwnersOfRound | None:
    """The owners whose codes the bureau has taken in this round, by our own ids.

    It forgets the code of an owner who is changed: what it shows now counts, and not what was taken before.
    """
    if draft is None:
        return None
    return OwnersOfRound(round=case.round, owners=owner_ids(case.data, draft.codes_accepted))


@fact
async def filing(case: Case[Registration], settings: CopyrightSettings, portal: Portal) -> Filing | None:
    """What the bureau says about the filing, or None while it shows none (R131); a word that was taught is known."""
    shown = await portal.filing(marker(case, settings))
    found = None if shown is None else of_whom(case, settings, shown)
    if found is None or found.status is not FilingStatus.unknown:
        return found
    return found.model_copy(update={"status": settings.status_words.get(found.line, FilingStatus.unknown)})


@fact(volatile=("seen_at",))
async def standing(
    case: Case[Registration], now: datetime, settings: CopyrightSettings, filing: Filing | None, portal: Portal
) -> Noticed:
    """What stands at the bureau of this matter that is not as we left it.

    A filing of this round; no draft; or, where a correction is wanted, an answer or no filing at all.
    """
    lost = case.data.drafts_lost(case.round)
    if filing is not None and filing.round >= case.round:
        return Noticed(
            round=filing.round,
            filing=filing.number,
            title=filing.title,
            version=filing.version,
            owners=filing.owners,
            of_case=filing.of_case,
            acceptance_number=filing.acceptance_number,
            drafts_lost=lost,
            seen_at=now,
        )
    answer, filing_gone = None if filing is None else _ended(case, filing), filing is None and case.round > 0
    if case.state not in WITH_DRAFT:
        return Noticed(round=case.round, answer=answer, filing_gone=filing_gone, drafts_lost=lost, seen_at=now)
    number = await portal.draft_number(marker(case, settings), case.round)
    before = case.data.noticed
    since = before.missed_at if before is not None and before.round == case.round else None
    gone = number is None and since is not None and now - since >= SECOND_LOOK
    return Noticed(
        round=case.round,
        answer=answer,
        filing_gone=filing_gone,
        draft=number,
        missed_at=None if number is not None else since or now,
        draft_gone=gone,
        drafts_lost=lost + gone,
        seen_at=now,
    )


def _ended(case: Case[Registration], filing: Filing) -> Answer | None:
    """How the filing ended of which a correction is wanted; another's answer says nothing of it."""
    if filing.status not in ENDS or not_ours(case, "filing", filing.number, filing):
        return None
    return Answer[filing.status.name]


@fact(volatile=("seen_at",))
async def review(now: datetime, filing: Filing | None) -> Review | None:
    """The bureau's answer as a record with the time of asking (R101); a word that nobody knows is none."""
    if filing is None or filing.status is FilingStatus.unknown:
        return None
    return Review(round=filing.round, answer=Answer[filing.status.name], remark=filing.remark, seen_at=now)


@fact
async def notice(case: Case[Registration], filing: Filing | None) -> Notice | None:
    """The correction notice of the filing's present round (R103)."""
    if filing is None:
        return None
    of_round = [one for one in filing.notices if one.round == filing.round]
    if not of_round:
        return None
    last, had = of_round[-1], case.data.agreement
    return Notice(text=last.text, issued_on=last.on, round=filing.round, agreement=had.digest if had else None)


@fact
async def center_ids(case: Case[Registration], settings: CopyrightSettings, portal: Portal) -> CenterIds:
    """The bureau's own ids of the owners (R123)."""
    users = await portal.center_users(marker(case, settings))
    named = {owner: users.by_owner[name] for owner, name in names(case.data).items() if name in users.by_owner}
    return CenterIds(by_owner={**case.data.center_ids, **named})


facts = [order, draft, draft_differences, codes_asked, codes_taken, filing, standing, review, notice, center_ids]


def owner_ids(data: Registration, named: Iterable[str]) -> tuple[OwnerId, ...]:
    """Our ids of the owners whom the bureau names."""
    by_name = {name: owner for owner, name in names(data).items()}
    if strange := [name for name in named if name not in by_name]:
        raise Drifted(
            "portal",
            "draft",
            Sentence(
                "names_no_owner",
                "it names {names}, who is no owner of {title}",
                names=", ".join(strange),
                title=data.title,
            ),
        )
    return tuple(by_name[name] for name in named)
