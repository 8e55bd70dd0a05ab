"""The small values a registration is made of: texts, references to documents, and what a matter gathers on its way."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from states.copyright.words import Answer


class Value(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories that show nothing or turn the line round; in a title they would hide what is filed."""


def _printable(text: str) -> str:
    for place, letter in enumerate(text):
        if letter != "\n" and unicodedata.category(letter) in UNPRINTABLE:
            raise PydanticCustomError(
                "unprintable", "character {place} is U+{code}", {"place": place + 1, "code": f"{ord(letter):04X}"}
            )
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("several_lines", "a line break stands in it")
    return _printable(text)


def _line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Text = Annotated[str, _line(2000), AfterValidator(_printable)]
"""Words for the larger boxes of the form; line breaks are kept."""

Line = Annotated[str, _line(200), AfterValidator(_one_line)]
"""Words for one line of the form."""

Version = Annotated[str, _line(30), AfterValidator(_one_line)]

OwnerId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""Names an owner within one registration; never shown to the bureau."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Document(Value):
    """A reference into the document store, which keeps files by the SHA-256 of their content."""

    digest: Digest
    name: Line
    media_type: Line = "application/pdf"


class Papers(Value):
    """The documents of one round as the generation system gave them for an order, and as they were handed in."""

    round: Annotated[int, Field(ge=0)]
    order: Line
    application: Document
    source: Document
    manual: Document


class Specimen(Value):
    """A signature that its owner gave, and the dated permission to set it under this filing (R77)."""

    signature: Document
    authorisation: Document
    authorised_on: date


class OwnersOfRound(Value):
    """Some owners, as true in one round; what round one gathered is never taken for round two."""

    round: Annotated[int, Field(ge=0)]
    owners: tuple[OwnerId, ...]


class Review(Value):
    """One answer of the bureau (R101): what it says, in which round, and when it was first seen."""

    round: Annotated[int, Field(ge=0)]
    answer: Answer
    remark: str = ""
    seen_at: AwareDatetime | None = None


class Notice(Value):
    """A correction notice of the bureau."""

    text: str
    issued_on: date


@dataclass(frozen=True)
class Contradiction:
    """One rule that the particulars break: where, with which value, and the cure in both languages."""

    field: str
    value: object
    rule: str
    en: str
    zh: str
