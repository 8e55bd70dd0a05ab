"""The bureau's website as the flow sees it: what it asks for, what it answers, and what can be done there.

A marker is the caller's own reference of a matter, written into the bureau's field for it. Drafts and filings are found
by it; what somebody else began is found by its number there. Rounds count the corrections: 0 is the first filing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from adapters.bureau.filing_form import FilingForm
from adapters.generator import Materials
from adapters.names import Spelling
from workflow.errors import Drifted
from workflow.flow.case import Gate
from workflow.sentence import Sentence, Sentences

Files = Mapping[str, int | None]
"""The files that were handed in with a form, by kind (application, source, manual, agreement, attorney): how many
bytes each has, None where that is not known. Of a kind that is not named nothing of ours was handed in."""

Evidence = Callable[[str, bytes], Awaitable[None]]
"""Awaited once a portal step with the step's name and a masked screenshot (PNG)."""


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Marker(str):
    """A marker that stands under something only once we saved it: until then the bureau's numbers tell what is meant.

    draft: the number of a draft. filing: the number or 流水号 of a filing.
    """

    draft: str | None
    filing: str | None

    def __new__(cls, text: str, *, draft: str | None = None, filing: str | None = None) -> Marker:
        made = super().__new__(cls, text)
        vars(made).update(draft=draft, filing=filing)
        return made


class Answer(BaseModel):
    """What the bureau's pages said; a frozen value that can be recorded."""

    model_config = ConfigDict(frozen=True)


class Namesake(Answer):
    """A draft or filing of the same software under another marker, or none."""

    number: str
    reference: str
    status: str
    """In the bureau's own words."""
    owners: tuple[str, ...] = ()


class Draft(Answer):
    """A draft of one round; confirmed is true once the bureau has taken it as a filing."""

    marker: str
    """By which it was found."""
    round: int
    number: str
    title: str
    """The full name of the software."""
    version: str
    reference: str = ""
    """The caller's own reference that stands under it; another than the marker where it was found by its number."""
    of_case: str = ""
    """Another matter whose reference this is; the caller says it."""
    saved: bool = False
    """It stands saved and complete but for codes, agreement and seal page; only then codes can be asked for."""
    codes_wanted: tuple[str, ...] = ()
    """Names of the owners whose code the bureau wants in this round, accepted ones included."""
    codes_accepted: tuple[str, ...] = ()
    agreement_wanted: bool = False
    """The bureau asks for the cooperation agreement and has none."""
    agreement_on_file: bool = False
    seal_uploaded: bool = False
    confirmed: bool = False
    owners: tuple[str, ...] = ()
    """Their names as the page shows them; empty where none stand there yet."""
    namesakes: tuple[Namesake, ...] = ()
    """Drafts and filings of the same software on this account, however written, that do not bear the marker."""
    strangers: int = 0
    """How many of them may be the same matter; the caller says it, who knows the matter."""


class FilingStatus(StrEnum):
    """What the bureau says about a filing. unknown: by a word that nobody here knows; it stands in the line."""

    received = "received"
    reviewing = "reviewing"
    correction = "correction"
    refused = "refused"
    issued = "issued"
    withdrawn = "withdrawn"
    unknown = "unknown"

    @classmethod
    def called(cls, word: str) -> FilingStatus:
        """What a word of the bureau's means."""
        return STATUS_WORDS.get(word, cls.unknown)


STATUS_WORDS: Mapping[str, FilingStatus] = MappingProxyType(
    {
        "已提交材料": FilingStatus.received,
        "审查中": FilingStatus.reviewing,
        "待补正": FilingStatus.correction,
        "不予受理": FilingStatus.refused,
        "已发放": FilingStatus.issued,
        "已撤回": FilingStatus.withdrawn,
    }
)
"""The bureau's words for what becomes of a filing."""


class Notice(Answer):
    """A correction notice; round is the round that it found wanting."""

    text: str
    on: date
    round: int = 0


class Filing(Answer):
    """A confirmed filing; round is the number of confirmed corrections."""

    marker: str
    round: int
    number: str
    title: str
    version: str
    status: FilingStatus
    line: str
    """The status in the bureau's own words."""
    reference: str = ""
    """As a draft's."""
    of_case: str = ""
    acceptance_number: str | None = None
    """受理号, given with the confirmation."""
    serial_number: str | None = None
    """流水号, given some hours later."""
    notices: tuple[Notice, ...] = ()
    """Oldest first."""
    remark: str = ""
    certificate_number: str | None = None
    """登记号"""
    certified_on: date | None = None
    """发证日期"""
    owners: tuple[str, ...] = ()
    """Their names as the page shows them."""


class CenterUsers(Answer):
    """中心用户ID by owner name, of those who have one."""

    by_owner: dict[str, str] = {}


class CodesResult(Answer):
    """What became of codes that were entered: each owner's answer stands alone."""

    accepted: tuple[str, ...] = ()
    refused: dict[str, str] = {}
    """Owner name: wrong, expired or missing."""


class Receipt(Answer):
    """The bureau's word that a filing was confirmed: its acceptance number."""

    number: str


class Difference(Answer):
    """One field of a draft that the bureau shows otherwise than it was meant, both without what is personal.

    place: of which owner, counted from 1. covered: they differ in what is left out here.
    """

    field: str
    ours: str
    theirs: str
    place: int | None = None
    covered: bool = False

    @property
    def told(self) -> Sentence:
        name: str = self.field
        if self.place is not None:
            name = Sentence("field_of_owner", "{field} of owner {place}", field=self.field, place=self.place)
        if not self.covered:
            return Sentence(
                "field_reads",
                "{field} reads {theirs} instead of {ours}",
                field=name,
                theirs=repr(self.theirs),
                ours=repr(self.ours),
            )
        return Sentence(
            "field_reads_covered",
            "{field} reads {theirs} instead of {ours}, which differ in what is left out here",
            field=name,
            theirs=repr(self.theirs),
            ours=repr(self.ours),
        )


class DraftDiffers(Drifted):
    """The draft that lies at the bureau is not the one that was meant: a person says which of them is right."""

    def __init__(self, adapter: str, step: str, differences: Sequence[Difference]) -> None:
        told = Sentences([one.told for one in differences])
        why = Sentence("draft_not_meant", "the draft is not what was meant: {differences}", differences=told)
        super().__init__(adapter, step, why)
        self.differences = tuple(differences)


@dataclass(frozen=True)
class BlankSealPage:
    """The page to be signed and sealed, and the draft that it names."""

    draft: str
    pdf: bytes = field(repr=False)


class Portal(Protocol):
    """One account's seat at the bureau. A step with a gate awaits it last before its irreversible click.

    Such a step takes the form that the draft was filled with: before the click the whole page is compared with it and
    with the step's contract (adapters/bureau/contracts.py). Any difference is Drifted, with the words seen; so is a
    click that leads nowhere. NotSent when the site is busy. After the click: Unknown when no definite answer page came
    back. LoginNeeded and Closed are the site's own word, before anything was done.
    """

    async def draft(self, marker: str, round: int) -> Draft | None:
        """The draft of this round, confirmed or not, or None."""

    async def differences(self, draft: Draft, form: FilingForm, files: Files) -> tuple[Difference, ...]:
        """In what this draft, read back whole, is not the form and the files that were meant."""

    async def save_draft(self, marker: str, round: int, form: FilingForm, materials: Materials) -> Draft:
        """Find or make the draft (of a later round: open the correction), fill it whole, upload, check, save."""

    async def request_code(self, marker: str, round: int, form: FilingForm, owner_name: str, *, gate: Gate) -> None:
        """Have the bureau send this owner a code; every call sends one and voids the one before."""

    async def enter_codes(
        self, marker: str, round: int, form: FilingForm, codes: Mapping[str, str], *, gate: Gate
    ) -> CodesResult:
        """Hand in codes by owner name; accepted ones stay accepted."""

    async def blank_seal_page(self, marker: str, software: Spelling) -> BlankSealPage:
        """The page to be signed and sealed, which names the draft, the title and the version: else Drifted."""

    async def upload_seal_page(
        self, marker: str, round: int, form: FilingForm, files: Files, pdf: bytes, *, gate: Gate, draft: str = ""
    ) -> None:
        """DraftDiffers where the draft, read back whole, is not the one that was meant.

        draft: the number that it must have, where that is known; Refused where another one is there.
        """

    async def confirm(
        self, marker: str, round: int, form: FilingForm, files: Files, *, gate: Gate, draft: str = ""
    ) -> Receipt:
        """File it: title, version, parties, certificates, days, the fee, the button's words, and no more.

        Before, and in the same session, the whole draft is read back; DraftDiffers where it is not the one meant.
        draft: as for the seal page.
        """

    async def draft_number(self, marker: str, round: int) -> str | None:
        """The number under which the list of drafts shows one of this round; less is asked than by draft()."""

    async def filing(self, marker: str) -> Filing | None: ...

    async def center_users(self, marker: str) -> CenterUsers: ...

    async def certificate(self, marker: str, software: Spelling, number: str) -> bytes:
        """The certificate (PDF) of this number; Refused while there is none, Drifted where it is another's."""
