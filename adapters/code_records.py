"""The code record system: where owners fill in the codes that the bureau sent to their phones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol

import structlog
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from adapters.http import Http
from adapters.lists import rows
from adapters.names import same_title, same_version
from adapters.numbers import number_text
from adapters.phones import Dialled
from workflow.errors import Drifted
from workflow.sentence import Sentence, Sentences
from workflow.unfit import misfits

log = structlog.get_logger()

LONGEST_NUMBER = 80
"""So many characters may the number of a row have."""


@dataclass(frozen=True)
class FilledCode:
    """A code as somebody filled it in; the system knows the phone and no name, and not whether the code is right."""

    number: str
    phone: str = field(repr=False)
    code: str = field(repr=False)
    filled_at: datetime


@dataclass(frozen=True)
class OddRow:
    """A row of the record system that cannot be read; it is set apart, and the others count."""

    number: str
    """The row's own number, or, where it has none, its place in the answer and how many there are: once another row
    comes, nobody may take it for the same."""
    why: Sentence | Sentences
    """What does not fit, by field; the values are not quoted."""


@dataclass(frozen=True)
class FilledCodes:
    """All that was filled in for a title and version, oldest first; of one phone the later one counts."""

    codes: tuple[FilledCode, ...]
    odd: tuple[OddRow, ...] = ()


class CodeRecords(Protocol):
    async def codes(self, title: str, version: str) -> FilledCodes:
        """What was filled in for a title and version. Raises Drifted where the answer is of other software too."""


def _digits(value: object) -> object:
    """Digits as people type them: full-width ones and blanks between them are surely meant."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)) if isinstance(value, str) else value


def _phone(value: object) -> object:
    """A mobile of the mainland as eleven digits, however it was typed; any other number without its blanks."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    return Dialled(value).mobile or re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", value))


class _About(BaseModel):
    """Which software a row is of, whatever else it says."""

    title: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]


class _Filled(_About):
    """A code as the record system writes it; errors about it do not quote it."""

    model_config = ConfigDict(hide_input_in_errors=True)
    id: Annotated[str, BeforeValidator(number_text), Field(min_length=1, max_length=LONGEST_NUMBER)]
    phone: Annotated[str, BeforeValidator(_phone), Field(min_length=1)]
    code: Annotated[str, BeforeValidator(_digits), Field(pattern=r"^[0-9]{4,8}$")]
    entered_at: AwareDatetime


class HttpCodeRecords:
    """The code record system over its JSON interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def codes(self, title: str, version: str) -> FilledCodes:
        said = await self._http.ask("find_codes", "api/codes", fixed=True, title=title, version=version)
        listed = rows(self._http, "find_codes", said, "codes", title=title, version=version)
        named = [(_name(row, place, len(listed)), row) for place, row in enumerate(listed, 1)]
        if strange := [name for name, row in named if _is_of_other(row, title, version)]:
            # the phone of a row is no proof: one owner may have several matters, and a wrong code is used up
            why = Sentence(
                "codes_of_other",
                "the answer is of other software than was asked for: {n} rows, {first} first",
                n=len(strange),
                first=strange[0],
            )
            raise Drifted(self._http.adapter, "find_codes", why)
        found: dict[str, FilledCode] = {}
        odd: list[OddRow] = []
        for name, row in named:
            try:
                one = _Filled.model_validate(row)
            except ValidationError as error:
                odd.append(OddRow(name, misfits(error)))
                continue
            code = FilledCode(one.id, one.phone, one.code, one.entered_at)
            if found.setdefault(one.id, code) != code:
                why = Sentence("rows_of_one_id", "two rows have this id, and they are not the same")
                odd.append(OddRow(one.id, why))
        for row in odd:
            found.pop(row.number, None)
            log.warning("records.odd_row", row=row.number, why=str(row.why))
        return FilledCodes(tuple(found.values()), tuple(odd))


def _is_of_other(row: object, title: str, version: str) -> bool:
    """Whether a row says that it is of other software. One that does not say of which it is cannot be read."""
    try:
        about = _About.model_validate(row)
    except ValidationError:
        return False
    return not (same_title(about.title, title) and same_version(about.version, version))


def _name(row: object, place: int, of: int) -> str:
    known: Any = number_text(row.get("id")) if isinstance(row, Mapping) else None
    return known[:LONGEST_NUMBER] if isinstance(known, str) and known else f"#{place}/{of}"
