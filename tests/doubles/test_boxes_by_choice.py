"""A box that hangs on a choice is filled in where the page shows it, and only there."""

from __future__ import annotations

from typing import get_args

import pytest

from adapters.bureau.filing_form import COVERED, DepositWay
from tests.adapters.conftest import Office
from tests.adapters.forms import form, materials
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures

LOGIN = "office-22"


@pytest.mark.parametrize("way", [None, *get_args(DepositWay)])
async def test_each_way_of_handing_in_pages_is_filled_in(office: Office, way: DepositWay | None) -> None:  # noqa: F811
    """What the black lines cover was filled in for each way, and two of them have no such box."""
    title = f"交存软件{[None, *get_args(DepositWay)].index(way)}"
    made = form(title)
    said = {
        "deposit": "一般交存" if way is None else "例外交存",
        "deposit_way": way,
        "deposit_masked": "密钥的生成" if way == COVERED else "",
        "deposit_pages": "第20-50页" if way else "",
    }
    made = made.model_copy(update={"applicant": made.applicant.model_copy(update=said)})
    async with office.at(LOGIN) as portal:
        draft = await portal.save_draft(title, 0, made, materials())
        assert draft.saved
        assert await portal.differences(draft, made, {}) == ()
