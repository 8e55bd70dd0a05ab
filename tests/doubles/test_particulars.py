"""A draft whose particulars somebody changed by hand is not filed, whichever of those that the page shows it was."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.bureau.filing_form import FilingForm
from tests.adapters.conftest import Office
from tests.adapters.forms import form, person
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures
from workflow.errors import Drifted

TITLE, LOGIN = "改动核对软件", "office-24"
CHANGES: dict[str, tuple[str, dict[str, object], str]] = {
    "certificate kind": ("owners", {"certificate_kind": "护照"}, "护照"),
    "certificate number": ("owners", {"certificate_number": "110101199003074266"}, "110"),
    "passport": ("owners", {"certificate_kind": "护照", "certificate_number": "E12345678"}, "护照"),
    "completion date": ("software", {"completion_date": date(2025, 11, 4)}, "2025-11-04"),
    "publication": (
        "software", {"publication": "未发表", "publication_date": None, "publication_place": ""}, "未发表",
    ),
    "publication date": ("software", {"publication_date": date(2025, 12, 25)}, "2025-12-25"),
    "publication place": ("software", {"publication_place": "上海市"}, "上海市"),
    "address": ("applicant", {"address": "北京市海淀区清河路 13 号"}, "清河路 13 号"),
}  # fmt: skip


def ours() -> FilingForm:
    return form(TITLE, person("林知远"))


def changed(part: str, values: dict[str, object]) -> FilingForm:
    made = ours()
    if part == "owners":
        return made.model_copy(update={"owners": tuple(one.model_copy(update=values) for one in made.owners)})
    return made.model_copy(update={part: getattr(made, part).model_copy(update=values)})


@pytest.mark.parametrize("change", CHANGES)
async def test_a_draft_of_other_particulars_is_not_confirmed(office: Office, change: str) -> None:  # noqa: F811
    part, values, shown = CHANGES[change]
    marker = f"改动 {change}"
    async with office.at(LOGIN) as portal:
        session = {name: str(value) for name, value in office.book.sessions[LOGIN].items()}
        office.outside.prepare(session, marker, changed(part, values))
        with pytest.raises(Drifted, match=shown) as drifted:
            await portal.confirm(marker, 0, ours(), gate=office.gate)
    assert office.outside.applied("confirm", TITLE) == 0
    assert not any(number in drifted.value.why for number in ("110101199003074258", "110101199003074266", "E12345678"))


@pytest.mark.parametrize("change", ["publication", "passport"])
async def test_a_draft_that_is_ours_is_confirmed(office: Office, change: str) -> None:  # noqa: F811
    part, values, _ = CHANGES[change]
    marker, made = f"如实 {change}", changed(part, values)
    made = made.model_copy(update={"software": made.software.model_copy(update={"full_name": f"如实软件{change}"})})
    async with office.at(LOGIN) as portal:
        session = {name: str(value) for name, value in office.book.sessions[LOGIN].items()}
        office.outside.prepare(session, marker, made)
        await portal.confirm(marker, 0, made, gate=office.gate)
    assert office.outside.applied("confirm", made.software.full_name) == 1
