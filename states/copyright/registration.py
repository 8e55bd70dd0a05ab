"""A registration: what the form 计算机软件著作权登记申请表 asks, and what the matter gathers on its way."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from adapters.bureau.boxes import MOST_OWNERS
from adapters.names import Spelling
from states.copyright.parties import Agent, Applicant, Owner
from states.copyright.values import (
    Approved,
    CodesExtra,
    CodesSent,
    Compared,
    DoubtfulPaper,
    Named,
    Notice,
    Noticed,
    OrdersAnew,
    OwnerId,
    OwnersOfRound,
    Papers,
    Review,
    SealPageSent,
    Specimen,
    Version,
    Warned,
)
from states.copyright.words import (
    Acquisition,
    Category,
    Deposit,
    DepositException,
    Development,
    Feature,
    Nature,
    Permission,
    PublicationStatus,
    Right,
    Scope,
    Succession,
)
from workflow.intake.values import Document, Line, Text, Value


class Registration(Value):
    """The data of one case.

    The model holds shapes only: it is read at every look at the case, and must go on reading what an older rule let
    in. Whether the particulars agree with one another and with the day is asked at the door, by rules.contradictions.
    """

    # the software
    full_name: Line
    short_name: Line | None = None
    version: Version
    category: Category
    nature: Nature = Nature.original
    modification_note: Text | None = None
    """What was modified, translated or compiled, and how."""
    modification_permission: Permission | None = None
    former_registration_number: Line | None = None
    """登记号 of the original, where that is registered."""
    development: Development
    completed_on: date
    publication: PublicationStatus
    first_published_on: date | None = None
    first_published_country: Line = "中国"
    first_published_at: Line | None = None
    """City of first publication."""

    # the rights
    acquisition: Acquisition = Acquisition.original
    succession: Succession | None = None
    scope: Scope = Scope.all
    rights: tuple[Right, ...] = ()

    # the parties
    owners: Annotated[tuple[Owner, ...], Field(min_length=1, max_length=MOST_OWNERS)]
    applicant: Applicant
    agent: Agent | None = None
    """Who files for the applicant; None: the applicant does."""

    # the program
    development_hardware: Text | None = None
    running_hardware: Text | None = None
    development_system: Text | None = None
    """The operating system on which it was developed."""
    development_tools: Text | None = None
    running_system: Text | None = None
    """The platform or operating system on which it runs."""
    supporting_software: Text | None = None
    languages: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    source_lines: Annotated[int, Field(gt=0, lt=1_000_000_000)]
    source_pages: Annotated[int, Field(gt=0, lt=1_000_000)] | None = None
    purpose: Line | None = None
    """开发目的"""
    industry: Line | None = None
    """面向领域/行业"""
    main_functions: Text
    features: Annotated[tuple[Feature, ...], Field(max_length=len(Feature))] = ()
    technical_features: Text
    deposit: Deposit = Deposit.ordinary
    deposit_exception: DepositException | None = None
    deposit_masked: Text | None = None
    """What the black lines cover."""
    deposit_pages: Line | None = None
    """Which pages are covered, or chosen, as 第20-50页."""

    # the office's own; the bureau sees none of it
    reference: Line | None = None
    customer: Line | None = None
    price: Annotated[Decimal, Field(ge=0, lt=10_000_000, max_digits=9, decimal_places=2)] | None = None
    """What the customer pays, in yuan."""
    account: Line | None = None
    """The login at the bureau that the case is to be filed under; None: any that has room."""
    former_case: Line | None = None
    """The number of the case that was refused, where this one files the same anew."""
    draft_number: Line | None = None
    """Of a draft that stands at the bureau already: the case takes it over."""
    filing_number: Line | None = None
    """Of a filing that stands there already, or its 流水号: the case takes it over, and files nothing."""

    # gathered on the way
    agreement: Document | None = None
    """The cooperation agreement."""
    power_of_attorney: Document | None = None
    """委托书: the applicant's, for the agent."""
    specimens: Mapping[OwnerId, Specimen] = Field(default_factory=dict)
    seal_form: Document | None = None
    """The blank signature page, as the bureau made it for this filing."""
    seal_form_code: str | None = None
    """Our code, printed in the corners of the blank; None where it bears none."""
    seal_form_draft: Line | None = None
    """The number of the draft that the blank names; None where nobody kept it."""
    seal_page: Document | None = None
    """The signature page, signed and sealed."""
    seal_sent: SealPageSent | None = None
    """The signature page that lies at the bureau."""
    doubtful: Mapping[str, DoubtfulPaper] = Field(default_factory=dict)
    """Papers that wait for a person who compares them: agreement, seal_page, a material, permission.OWNER."""
    compared: tuple[Compared, ...] = ()
    signed_page: str | None = None
    """The digest of the signature page that was made from specimens, by which it is known."""
    center_ids: Mapping[OwnerId, str] = Field(default_factory=dict)
    """中心用户ID of each owner, once the bureau has given one."""
    codes_wanted: OwnersOfRound | None = None
    codes_entered: OwnersOfRound | None = None
    codes_extra: CodesExtra | None = None
    codes_sent: CodesSent | None = None
    doubled_order: str | None = None
    """The paid order of the round beside which another one was seen; a person was told of it."""
    stale: tuple[Line, ...] = ()
    """What was made from particulars that were changed since: draft, materials. It is not used again."""
    former_titles: tuple[str, ...] = ()
    """The identities that the matter had before its title was changed."""
    order_wished: bool = False
    """A person said that materials are to be ordered for a draft that was taken over."""
    placed: tuple[Named, ...] = ()
    """The orders and drafts that this case made."""
    ours: tuple[Named, ...] = ()
    """What a person said is this matter's, whoever made it."""
    not_ours: tuple[Named, ...] = ()
    """What a person said is another's, and what the former case had."""
    correction_given: int | None = None
    """The round of which a person said that what only people can give was given."""
    warned: Warned | None = None
    orders_anew: OrdersAnew | None = None
    """What a person wants ordered once more in a round."""
    own_materials: Papers | None = None
    """The documents of a round that people handed in, in place of what the generation system makes."""
    materials: Papers | None = None
    """What was uploaded in the latest round."""
    acceptance_number: str | None = None
    """受理号 of the latest round."""
    serial_number: str | None = None
    """流水号"""
    reviews: tuple[Review, ...] = ()
    refusal: str | None = None
    notice: Notice | None = None
    certificate: Document | None = None
    certificate_number: str | None = None
    """登记号, as the bureau's page and the certificate name it."""
    certified_on: date | None = None
    """发证日期"""
    approved: Approved | None = None
    """A person's yes to what will be filed."""
    noticed: Noticed | None = None
    """What somebody else did at the bureau, as it was seen last."""

    @property
    def title(self) -> str:
        """What people call the matter: full name and version."""
        return f"{self.full_name} {self.version}"

    @property
    def identity(self) -> str:
        return self.identity_of(self.full_name, self.version)

    @property
    def matter(self) -> str:
        """Equal for registrations of one software by the same owners; others may bear the same title."""
        return self.matter_of(self.identity, [owner.certificate_number for owner in self.owners])

    @staticmethod
    def matter_of(identity: str, certificate_numbers: Iterable[str]) -> str:
        """The numbers are personal, and stand in no subject."""
        told = "\n".join(sorted(certificate_numbers))
        return f"{identity} {sha256(told.encode()).hexdigest()[:12]}"

    @property
    def spelling(self) -> Spelling:
        """Title and version as we write them, for whoever compares them with what a remote system shows."""
        return Spelling(self.full_name, self.version)

    @staticmethod
    def identity_of(full_name: str, version: str) -> str:
        """Equal for titles that only differ in blanks, width, capitals or the V of the version: they are one filing."""
        return Spelling(full_name, version).identity

    def owner(self, owner_id: str) -> Owner:
        for owner in self.owners:
            if owner.id == owner_id:
                return owner
        raise KeyError(f"{self.title} has no owner {owner_id!r}; it has {', '.join(owner.id for owner in self.owners)}")

    @property
    def applicant_name(self) -> str:
        return self.applicant.name or self.owner(self.applicant.owner or "").name

    @property
    def has_institution(self) -> bool:
        return any(not owner.is_person for owner in self.owners)

    def needs_no_code(self, owner: Owner) -> bool:
        """The applicant who is an owner has signed in already (R64)."""
        return owner.id == self.applicant.owner

    def drafts_lost(self, round: int) -> int:
        """How many drafts of this round have gone at the bureau."""
        return self.noticed.drafts_lost if self.noticed is not None and self.noticed.round == round else 0

    def extra_in(self, round: int) -> CodesExtra:
        """The codes that are asked for in this round though none was used up."""
        return self.codes_extra if self.codes_extra and self.codes_extra.round == round else CodesExtra(round=round)

    def sent_in(self, round: int) -> CodesSent:
        """When codes were last asked for in this round."""
        return self.codes_sent if self.codes_sent and self.codes_sent.round == round else CodesSent(round=round)

    def wanted_in(self, round: int) -> tuple[str, ...]:
        """The owners whose codes the bureau wants in this round."""
        return self.codes_wanted.owners if self.codes_wanted and self.codes_wanted.round == round else ()

    def entered_in(self, round: int) -> frozenset[str]:
        """The owners whose codes the bureau has taken in this round."""
        if self.codes_entered is None or self.codes_entered.round != round:
            return frozenset()
        return frozenset(self.codes_entered.owners)
