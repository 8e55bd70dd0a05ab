"""The small values a registration is made of: texts, references to documents, and what a matter gathers on its way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from states.copyright.words import Answer
from workflow.intake.values import Document, Line, Text, Value, one_line, words

Version = Annotated[str, words(30), AfterValidator(one_line)]

OwnerId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""Names an owner within one registration; never shown to the bureau."""

PERMISSION, ATTORNEY = "permission", "power_of_attorney"


def permission_of(owner: OwnerId) -> str:
    """The name of an owner's permission among the doubtful papers."""
    return f"{PERMISSION}.{owner}"


class Papers(Value):
    """The documents of one round as they are handed in. order: for which they were made; None: people gave them."""

    round: Annotated[int, Field(ge=0)]
    order: Line | None = None
    application: Document
    source: Document
    manual: Document


class Named(Value):
    """An order, a draft or a filing by its number at the remote, in one round."""

    what: Literal["order", "draft", "filing"]
    number: Line
    round: Annotated[int, Field(ge=0)]


class OrdersAnew(Value):
    """How often, in one round, a person had the materials ordered once more."""

    round: Annotated[int, Field(ge=0)]
    count: Annotated[int, Field(ge=1)]


class Specimen(Value):
    """A signature that its owner gave, and the dated permission to set it under this filing (R77)."""

    signature: Document
    authorisation: Document
    authorised_on: date
    until: date | None = None
    """The last day on which the permission holds; None: it has no end of its own."""
    matters: Literal["this", "all"] = "this"
    """Whether it holds for this matter alone, or for all matters of its owner."""
    revoked_on: date | None = None
    """From this day on it holds no more."""
    given_in: str | None = None
    """The case in which it was given, where that was another one."""

    def holds(self, day: date) -> bool:
        within = self.authorised_on <= day and (self.until is None or day <= self.until)
        return within and (self.revoked_on is None or day < self.revoked_on)


class OwnersOfRound(Value):
    """Some owners, in one round; what round one gathered is never taken for round two."""

    round: Annotated[int, Field(ge=0)]
    owners: tuple[OwnerId, ...]


class CodesExtra(Value):
    """Codes that are asked for in one round though none was used up: the one before had run out, or was lost."""

    round: Annotated[int, Field(ge=0)]
    by_owner: Mapping[OwnerId, int] = Field(default_factory=dict)
    renewed: Mapping[OwnerId, int] = Field(default_factory=dict)
    """How many of them in a row nobody but the clock asked for; a person's wish begins to count anew."""

    def beside(self, owner: OwnerId, *, by_hand: bool, least: int = 0) -> CodesExtra:
        """The same with one more of this owner, with so many at least: those that were tried in vain do not count."""
        more = {**self.by_owner, owner: max(self.by_owner.get(owner, 0) + 1, least)}
        renewed = {**self.renewed, owner: 0 if by_hand else self.renewed.get(owner, 0) + 1}
        return CodesExtra(round=self.round, by_owner=more, renewed=renewed)


class CodesSent(Value):
    """When the bureau was last asked to send each owner's code, in one round."""

    round: Annotated[int, Field(ge=0)]
    by_owner: Mapping[OwnerId, AwareDatetime] = Field(default_factory=dict)


class Review(Value):
    """One answer of the bureau (R101): what it says, in which round, and when it was first seen."""

    round: Annotated[int, Field(ge=0)]
    answer: Answer
    remark: str = ""
    seen_at: AwareDatetime | None = None


class Noticed(Value):
    """What was seen at the bureau that we did not do: a filing under our marker, or that the draft is there no more."""

    round: Annotated[int, Field(ge=0)]
    """Of the filing; where there is none, of the case."""
    filing: str | None = None
    """Its number at the bureau."""
    title: str = ""
    """The full name of the software that it is about."""
    version: str = ""
    owners: tuple[str, ...] = ()
    """Their names as its page shows them."""
    of_case: str = ""
    """The marker of another case of ours, where the filing bears that."""
    acceptance_number: str | None = None
    draft: str | None = None
    """The number of the draft that the list shows, where one is looked for."""
    missed_at: AwareDatetime | None = None
    """Since when the list shows no draft; one list may fail, and the draft is gone only if it is not in a later one."""
    draft_gone: bool = False
    answer: Answer | None = None
    """What the bureau came to though the correction was not handed in: it refused, issued or withdrew the filing."""
    filing_gone: bool = False
    """The filing that is to be corrected is there no more."""
    drafts_lost: Annotated[int, Field(ge=0)] = 0
    """So many drafts of the round have gone: of each the bureau forgot the codes."""
    seen_at: AwareDatetime | None = None


class SealPageSent(Value):
    """The seal page that went up last, by its digest, and to which draft."""

    draft: Line
    digest: str
    count: Annotated[int, Field(ge=1)]
    """So many pages went up to this draft."""
    at: AwareDatetime
    again: bool = False
    """The same page went up before, and was not shown."""


class Approved(Value):
    """A person's yes to what will be filed in a round, as it stood then; who said it, and why, is in the record."""

    round: Annotated[int, Field(ge=0)]
    mark: str
    """The digest of the particulars and of all papers."""


class Warned(Value):
    """In which round people were warned of the bureau's deadline, and with how many days left; -1: it was over."""

    round: Annotated[int, Field(ge=0)]
    days: int


class Notice(Value):
    """A correction notice of the bureau."""

    text: str
    issued_on: date
    round: Annotated[int, Field(ge=0)] = 0
    """The round that it found wanting; the next one answers it."""
    agreement: str | None = None
    """The digest of the cooperation agreement that the bureau had when it wrote it."""
    answer_by: date | None = None
    """The last day as a person said it, where the bureau gave another time."""


class Doubt(Value):
    """Why it is not certain that a paper is what it is to be. page: where; name: on whose line."""

    code: Line
    page: int | None = None
    name: Line | None = None


class DoubtfulPaper(Value):
    """A paper that was handed in and is not used before a person compared it."""

    document: Document
    doubts: tuple[Doubt, ...]


class Compared(Value):
    """What a person found about a doubtful paper; who and when stands in the history."""

    paper: Line
    digest: str
    same: bool
    reason: Text
