"""What can be set of the registration from outside: CASEWARD_COPYRIGHT_ and the name in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from adapters.bureau.portal import FilingStatus
from adapters.generator_contract import Price
from states.copyright.settings import CopyrightSettings, Corrections, Demand
from workflow.intake.values import one_line, words
from workflow.sentence import Sentence
from workflow.settings import Address, Link, Token, Typed
from workflow.system import SystemSettings


def _payee(value: str) -> str:
    """Compared with the system's own words, letter by letter: what nobody sees would never agree."""
    if not value.strip() or not value.strip().isprintable():
        raise ValueError(
            Sentence("holds_character_that_shows", "it holds a character that shows nothing; type it anew")
        )
    return value.strip()


def _unknown(word: str) -> str:
    meaning = FilingStatus.called(word)
    if meaning is not FilingStatus.unknown:
        raise ValueError(
            Sentence("word_known", "{word} is known here, and means {meaning}", word=word, meaning=str(meaning))
        )
    return word


def _currency(value: str) -> str:
    if not (len(value) == 3 and value.isascii() and value.isupper()):
        raise ValueError(
            Sentence(
                "no_currency_write_one",
                "{value} is no currency; write one such as {currency}",
                value=repr(value),
                currency="CNY",
            )
        )
    return value


Word = Annotated[str, words(40), AfterValidator(one_line), AfterValidator(_unknown)]
Name = Annotated[str, words(200), AfterValidator(one_line)]
Meaning = Literal["received", "reviewing", "correction", "refused", "issued", "withdrawn"]


class CopyrightVariables(SystemSettings):
    """An empty address means that this remote is not configured."""

    portal_url: Address = ""
    generator_url: Address = ""
    generator_token: Token = SecretStr("")
    generator_price: Annotated[Decimal, Field(ge=Decimal("0.01"), le=100_000, decimal_places=2)] = Decimal("300.00")
    """What the materials of one round cost; an order of another price is not paid."""
    generator_currency: Annotated[str, AfterValidator(_currency)] = "CNY"
    generator_payee: Annotated[str, Field(min_length=1), AfterValidator(_payee)] = "材料生成服务（模拟）"
    """Who takes the money, in the system's own words; an order of another payee is not paid."""
    review_before_filing: Demand = "never"
    """Whether a person says yes to what will be filed: never, before a matter's first filing, or before each."""
    review_of: Mapping[Name, Demand] = Field(default_factory=dict)
    """The same of single customers, by the customer, else by the applicant."""
    corrections: Corrections = "as_asked"
    """When new materials are ordered for a correction: at_once, after_yes (of a person), or as_asked: after it
    unless the notice asks for materials alone."""
    status_words: Mapping[Word, Meaning] = Field(default_factory=dict)
    """What words of the bureau's mean that nobody here knows, as in {"待受理": "received"}."""
    records_url: Address = ""
    records_token: Token = SecretStr("")
    sms_url: Address = ""
    sms_token: Token = SecretStr("")
    codes_url: Link = ""
    """Where owners fill in the bureau's code; notices hold it as a link."""
    codes_address: Typed = ""
    """The same as people type it, where their carrier swallows links: a bare host name."""
    progress_url: Link = ""
    """Where owners follow their matter; notices hold it as a link."""
    progress_address: Typed = ""
    refusals_after_hours: Annotated[int, Field(ge=0, le=720)] = 24
    """Owners are told of a refusal only after so many hours, in which staff can call them, release or drop the text."""
    codes_together: bool = False
    """Give codes to the bureau only all together; else each as soon as its owner handed it in."""
    seal_form_code: bool = True
    """A code of ours in the corners of the blank seal page; without it a person compares many pages that come back."""


_NEVER = ("refusals_after_hours", "codes_together", "seal_form_code")
ONCE_CALLED = {
    field: (f"CASEWARD_{field.upper()}",) for field in CopyrightVariables.model_fields if field not in _NEVER
}
"""As they were called while there was one system."""


def own_settings(said: CopyrightVariables) -> CopyrightSettings:
    """What the flow's functions are given. Addresses that are not set stay examples."""
    links = {
        "codes_link": said.codes_url,
        "codes_address": said.codes_address,
        "progress_link": said.progress_url,
        "progress_address": said.progress_address,
    }
    given = {name: value for name, value in links.items() if value}
    own = {
        "price": Price(said.generator_price, said.generator_currency, said.generator_payee),
        "review": said.review_before_filing,
        "review_of": said.review_of,
        "seal_form_code": said.seal_form_code,
        "corrections": said.corrections,
        "status_words": {word: FilingStatus(meaning) for word, meaning in said.status_words.items()},
        "refusals_after": timedelta(hours=said.refusals_after_hours),
        "codes_together": said.codes_together,
    }
    return CopyrightSettings(**own, **given)  # type: ignore[arg-type]
