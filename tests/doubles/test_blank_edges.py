"""A name or a title of ours that ends in what shows nothing is the one that the page shows without it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.portal import Portal
from adapters.bureau.seen import Seen, owner_rows
from adapters.names import trimmed
from tests.adapters.conftest import Office
from tests.adapters.forms import form, person
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures

LOGIN, BLANK = "office-23", "\u3164"


def filled(title: str, *, phone: str = "") -> FilingForm:
    """The bureau wants a code of the second owner where he has a phone."""
    made = form(title, person("林知远", "13800000001"), person(f"周闻{BLANK}", phone))
    return made.model_copy(update={"software": made.software.model_copy(update={"development_mode": "委托开发"})})


@asynccontextmanager
async def ready(office: Office, marker: str, made: FilingForm) -> AsyncIterator[Portal]:  # noqa: F811
    async with office.at(LOGIN) as portal:
        session = {name: str(value) for name, value in office.book.sessions[LOGIN].items()}
        office.outside.prepare(session, marker, made)
        yield portal


@pytest.mark.parametrize("names", [[f"周闻{BLANK}"], [f"周闻{BLANK}", "周闻"], ["周闻", f"\u3000周闻{BLANK}"]])
def test_owners_are_called_as_the_page_calls_them(names: list[str]) -> None:
    """Two that differ in what shows nothing alone bear one name on the page."""
    names = [*names, "许临"]  # the form knows the applicant by name
    people = [person(name).model_copy(update={"certificate_number": str(n)}) for n, name in enumerate(names)]
    page = Seen("detail", {}, {"owners": [{"name": trimmed(name)} for name in names]})
    assert [name for name, _ in owner_rows(page)] == form("A", *people, applicant="许临").owner_names


async def test_a_receipt_for_a_title_that_ends_in_what_shows_nothing_is_ours(office: Office) -> None:  # noqa: F811
    """Whether it was filed was unknown."""
    made = filled(f"空白收尾{BLANK}")
    async with ready(office, "BLANK-1", made) as portal:
        assert (await portal.confirm("BLANK-1", 0, made, {}, gate=office.gate)).number


async def test_a_code_is_asked_for_an_owner_whose_name_ends_in_what_shows_nothing(office: Office) -> None:  # noqa: F811
    """The page showed 0 owners of that name."""
    made = filled("空白姓名", phone="13900000110")
    async with ready(office, "BLANK-2", made) as portal:
        await portal.request_code("BLANK-2", 0, made, made.owner_names[1], gate=office.gate)
        entered = await portal.enter_codes("BLANK-2", 0, made, {made.owner_names[1]: "000000"}, gate=office.gate)
    assert entered.refused == {"周闻": "wrong"}
