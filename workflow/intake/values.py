"""Values that are handed in: texts without characters that hide, and references to documents."""

import unicodedata
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


class Value(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories that show nothing or turn the line round: in a title they would hide what it says."""


def printable(text: str) -> str:
    """The text. Raises PydanticCustomError where a character of it shows nothing."""
    for place, letter in enumerate(text):
        if letter != "\n" and unicodedata.category(letter) in UNPRINTABLE:
            raise PydanticCustomError(
                "unprintable", "character {place} is U+{code}", {"place": place + 1, "code": f"{ord(letter):04X}"}
            )
    return text


def one_line(text: str) -> str:
    """The text. Raises PydanticCustomError where it has a line break, or a character that shows nothing."""
    if "\n" in text:
        raise PydanticCustomError("several_lines", "a line break stands in it")
    return printable(text)


def words(longest: int) -> StringConstraints:
    """Some words, without the blanks around them."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Text = Annotated[str, words(2000), AfterValidator(printable)]
"""Words for the larger boxes of a form; line breaks stay."""

Line = Annotated[str, words(200), AfterValidator(one_line)]
"""Words for one line of a form."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Document(Value):
    """A reference into the document store, which keeps files by the SHA-256 of their content."""

    digest: Digest
    name: Line
    media_type: Line = "application/pdf"
    size: Annotated[int, Field(ge=0)] | None = None
    """Its size in bytes; None for files that were stored before this was."""


def holds_documents(annotation: object) -> bool:
    """Whether a field so annotated is a Document, or holds some."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return True
    return any(
        holds_documents(one) for one in (*get_args(annotation), *get_args(getattr(annotation, "__value__", None)))
    )
