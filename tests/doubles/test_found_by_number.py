"""What is found by its number at the bureau says whose reference stands under it."""

from __future__ import annotations

from adapters.bureau.portal import Marker
from tests.adapters.conftest import Office
from tests.adapters.forms import form
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures

LOGIN = "office-21"


async def test_the_reference_under_it_is_told_with_it(office: Office) -> None:  # noqa: F811
    """It was taken for ours, and that another case of ours had made it was told to nobody."""
    title, made = "号码接管软件", form("号码接管软件")
    async with office.at(LOGIN) as portal:
        session = {name: str(value) for name, value in office.book.sessions[LOGIN].items()}
        number = office.outside.prepare(session, "RZ-0002", made)
        draft = await portal.draft(Marker("RZ-0007", draft=number), 0)
        assert draft is not None
        assert (draft.marker, draft.reference) == ("RZ-0007", "RZ-0002")
        await portal.confirm("RZ-0002", 0, made, {}, gate=office.gate)
        (row,) = [one for one in (await portal.draft("RZ-0002", 0),) if one is not None]
        assert (row.confirmed, row.reference) == (True, "RZ-0002")
        filing = await portal.filing(Marker("RZ-0007", filing=row.number))
        assert filing is not None
        assert (filing.title, filing.reference) == (title, "RZ-0002")
