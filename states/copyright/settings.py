"""What an installation says of itself to owners and to the bureau; the flow's functions name it as `settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from adapters.bureau.portal import FilingStatus, Marker
from adapters.generator_contract import Price
from states.copyright.registration import Registration
from states.copyright.words import Carrier
from workflow import Case

Language = Literal["zh-CN", "en"]
Corrections = Literal["at_once", "as_asked", "after_yes"]
Demand = Literal["never", "first", "each"]


@dataclass(frozen=True)
class CopyrightSettings:
    """Links are whole addresses to tap; the addresses beside them are bare host names that a person types."""

    sender: str = "软著登记"
    """How texts to owners are signed."""
    language: Language = "zh-CN"
    """The language of texts to owners."""
    codes_link: str = "https://codes.example/records"
    """Where owners fill in the bureau's code (R120)."""
    codes_address: str = "codes.example"
    progress_link: str = "https://progress.example/cases"
    """The public page of this system's own states (R83, R86)."""
    progress_address: str = "progress.example"
    link_carriers: frozenset[Carrier] = frozenset({Carrier.mobile, Carrier.unicom})
    """Carriers that deliver a text with a link (R84); the others, and those nobody named, get an address to type."""
    refusals_after: timedelta = timedelta(hours=24)
    """Owners are told of a refusal only after so long: until then staff can call them, release the text, or drop it."""
    codes_together: bool = False
    """Codes are given to the bureau only all together, once the last owner handed his in; else each as it comes."""
    codes_per_owner: int = 3
    """This many codes of one owner may be used up in a round before a person looks into it."""
    price: Price = field(default_factory=Price)
    """What the generation of one round's materials costs. Another amount, currency or payee is not paid."""
    review: Demand = "never"
    """Before which filings a person says yes to what will be filed: none, the first of a matter, or each."""
    review_of: Mapping[str, Demand] = field(default_factory=dict)
    """The same by customer, where it is otherwise."""
    corrections: Corrections = "as_asked"
    """When a correction's materials are ordered: at once; once people gave what the notice asks of them; or after a
    person's yes in every case."""
    status_words: Mapping[str, FilingStatus] = field(default_factory=dict)
    """What a person said that the bureau's words mean, of those that nobody here knows."""
    marker_prefix: str = ""
    """Stands before the case number in the bureau's 内部编号. Drafts are found by it: never change it under way."""
    seal_form_code: bool = True
    """Print a code in the corners of the blank seal page, by which the page is known when it is back."""


def marker(case: Case[Registration], settings: CopyrightSettings) -> Marker:
    """Our reference of a matter at the bureau; the same in every round. What was taken over has a number there.

    A number of which a person said that it is another's names nothing of ours any more.
    """
    data = case.data
    others = {(one.what, one.number) for one in data.not_ours}
    draft, filing = (
        None if (what, number) in others else number
        for what, number in (("draft", data.draft_number), ("filing", data.filing_number))
    )
    return Marker(f"{settings.marker_prefix}{case.number}", draft=draft, filing=filing)
