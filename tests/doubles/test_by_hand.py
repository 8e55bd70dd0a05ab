"""What somebody files by hand under our accounts is seen, however he writes the software: else it is filed twice."""

from __future__ import annotations

import pytest

from tests.adapters.conftest import Office
from tests.adapters.forms import form, materials
from tests.doubles.test_contract import office, outside  # noqa: F401 - fixtures

SPELT = {
    "without the V": ("{title}", "1.0"),
    "with a small v": ("{title}", "v1.0"),
    "with a wide V": ("{title}", "Ｖ１．０"),
    "with words": ("{title}", "版本1.0"),
    "with a blank in the name": ("馆藏 {title}", "V1.0"),
    "with a wide blank": ("馆藏　{title}", "V1.0"),
    "with a blank that takes no room": ("馆藏\u200b{title}", "V1.0"),
    "with a blank that counts as a letter": ("馆藏\u3164{title}", "V1.0"),
    "with wide letters": ("{title}ＡＢＣ", "V1.0"),
    "with small letters": ("{title}abc", "V1.0"),
}
"""How a person may write the same software, against what we write."""


@pytest.mark.parametrize("spelt", SPELT)
@pytest.mark.parametrize("filed", [False, True], ids=["begun", "filed"])
async def test_the_same_software_filed_by_hand_is_strange_however_it_is_written(
    office: Office,  # noqa: F811 - the fixture
    spelt: str,
    filed: bool,
) -> None:
    """The same as at the door, where both would be one registration."""
    login, bare = f"office-{6 + filed:02}", f"图书{list(SPELT).index(spelt)}{'件' if filed else '稿'}"
    name, version = SPELT[spelt][0].format(title=bare), SPELT[spelt][1]
    ours = form(f"馆藏{bare}" if "馆藏" in name else f"{bare}ABC" if name != bare else bare)
    theirs = form(name).model_copy(update={"software": form(name).software.model_copy(update={"version": version})})
    async with office.at(login) as portal:
        office.outside.prepare(office.book.sessions[login], f"{bare} by hand", theirs)
        if filed:
            await portal.confirm(f"{bare} by hand", 0, theirs, {}, gate=office.gate)
        draft = await portal.save_draft(bare, 0, ours, materials())
        assert len(draft.namesakes) == 1


async def test_another_version_or_software_is_no_stranger(
    office: Office,  # noqa: F811 - the fixture
) -> None:
    async with office.at("office-08") as portal:
        session = office.book.sessions["office-08"]
        office.outside.prepare(session, "other version", form("客流统计软件"))
        office.outside.prepare(session, "longer name", form("客流统计软件二期"))
        second = form("客流统计软件")
        second = second.model_copy(update={"software": second.software.model_copy(update={"version": "V1.1"})})
        assert (await portal.save_draft("RZ-0108", 0, second, materials())).namesakes == ()
