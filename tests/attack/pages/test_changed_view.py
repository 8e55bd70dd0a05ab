"""What the page of a whole draft shows otherwise: a person's edit is told as one, and what the site changes is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from adapters.browser.chromium_process import Browser
from adapters.bureau.portal import Difference, Files
from tests.adapters.conftest import Office, browser  # noqa: F401 - the browser is a fixture
from tests.adapters.outside import PREPARED
from tests.attack.pages.contracts import DRAFT, STEPS, Ground, filled, one_owner
from tests.attack.pages.grounds import changing
from tests.attack.pages.rewriting import Rewriting
from workflow.errors import Drifted, Unknown

VIEW = DRAFT + "/view"
CONFIRM = next(step for step in STEPS if step.name == "confirm")
REQUEST = next(step for step in STEPS if step.name == "request code")
FULL_NAME, NAME = '<td data-echo="full_name">', '<td data-echo="short_name">'
WIDE = ("\u3000", "&nbsp;", "\u2003")
"""Blanks that are letters: a field may hold one, and the site would register it."""


@pytest.fixture(scope="module")
def by_the_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Rewriting]]:
    with changing(tmp_path_factory.mktemp("changed-view")) as ground:
        yield ground


@pytest.fixture
def ground(by_the_double: tuple[Office, Rewriting]) -> Ground:
    return Ground(*by_the_double, "office-28")


async def differences(ground: Ground, changes: Mapping[str, str], files: Files = PREPARED) -> tuple[Difference, ...]:
    """What is told of the page after these changes, each of which must be one."""
    async with ground.at(CONFIRM) as (portal, title):
        draft = await portal.draft(title, 0)
        assert draft is not None

        def change(html: str) -> str:
            for old, new in changes.items():
                assert old in html
                html = html.replace(old, new)
            return html

        ground.hand.path, ground.hand.change = VIEW, change
        try:
            return await portal.differences(draft, one_owner(title), files)
        finally:
            ground.hand.path = ""


@pytest.mark.parametrize("blank", WIDE)
async def test_a_wide_blank_at_the_edge_of_a_value_is_a_difference(ground: Ground, blank: str) -> None:
    """They were trimmed away as the page was read, and the short name was registered with one."""
    (found,) = await differences(ground, {NAME: NAME + blank})
    assert found.field == "short_name"
    assert await differences(ground, {NAME: f"{NAME} \n\t"}) == ()


@pytest.mark.browser
async def test_a_wide_blank_at_the_edge_is_a_difference_in_a_browser(
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,  # noqa: F811 - the fixture
) -> None:
    with changing(tmp_path_factory.mktemp("wide-blanks"), browser) as (office, hand):
        ground = Ground(office, hand, "office-28")
        for blank in WIDE:
            (found,) = await differences(ground, {NAME: NAME + blank})
            assert found.field == "short_name"
        assert await differences(ground, {NAME: f"{NAME} \n\t"}) == ()


@pytest.mark.parametrize("name", ["kind", "draft", "self", "remark", "owners-1-remark", "owners-1", "material-source"])
async def test_a_field_that_the_site_adds_is_nobodys_edit(ground: Ground, name: str) -> None:
    """It was told as one, or ended in a TypeError: people are told by the field's name."""
    row = f'<tr><td class="label">备注</td><td data-echo="{name}">无</td></tr>'
    shots = len(ground.office.shots)
    with pytest.raises(Drifted, match=f"nobody knows here: {name}") as told:
        await differences(ground, {"</table>\n<h2>著作权人</h2>": f"{row}</table>\n<h2>著作权人</h2>"})
    assert type(told.value) is Drifted
    assert len(ground.office.shots) > shots


async def test_a_file_of_a_kind_that_the_site_adds_is_nobodys_edit(ground: Ground) -> None:
    with pytest.raises(Drifted, match="nobody knows here: photo") as told:
        await differences(ground, {'data-kind="agreement"': 'data-kind="photo"'})
    assert type(told.value) is Drifted


async def test_a_field_that_is_shown_twice_is_nobodys_edit(ground: Ground) -> None:
    row = '<tr><td class="label">简称</td><td data-echo="short_name">别称</td></tr>'
    with pytest.raises(Drifted, match="once and by its name: short_name") as told:
        await differences(ground, {"<table>": f"<table>{row}"})
    assert type(told.value) is Drifted


MARKS = {
    "short_name": 'data-echo="short_name"',
    "email": 'data-echo="email"',
    "owners-2-name": 'data-echo="owners-2-name"',
    "owners-1-certificate_number": 'data-echo="owners-1-certificate_number"',
    "manual": 'class="material" data-kind="manual"',
    "agreement": 'class="material" data-kind="agreement"',
}
"""What marks a field or a file on the page, by its name."""


@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize("edited", [False, True], ids=["alone", "beside_an_edit"])
async def test_what_the_site_drops_is_nobodys_edit(ground: Ground, name: str, edited: bool) -> None:
    """It was told as one, by a person who had emptied it."""
    mark = MARKS[name]
    edit = {FULL_NAME: f"{FULL_NAME}改"} if edited else {}
    with pytest.raises(Drifted, match=f"once and by its name: {name}$") as told:
        await differences(ground, {mark: f'data-v2="{name}"', **edit})
    assert type(told.value) is Drifted


async def test_no_owner_at_all_is_nobodys_edit(ground: Ground) -> None:
    """A person can take away all but one."""
    with pytest.raises(Drifted, match="once and by its name: owners-1-name, owners-1-kind"):
        await differences(ground, {'data-echo="owners-': 'data-v2-echo="owners-'})


async def test_an_owner_who_is_gone_from_the_end_was_taken_away_by_hand(ground: Ground) -> None:
    found = await differences(ground, {'data-echo="owners-2-': 'data-v2-echo="owners-2-'})
    assert {one.place for one in found} == {2}
    assert {one.field for one in found} >= {"owner_name", "owner_certificate_number"}


@pytest.mark.parametrize("mark", ['data-echo="short_name"', 'data-kind="manual"'])
@pytest.mark.parametrize("name", ["", " ", "&nbsp;", "\u200b"])
async def test_a_row_without_a_name_is_told_by_its_place(ground: Ground, mark: str, name: str) -> None:
    """People read that the page shows what nobody knows here, and then nothing."""
    with pytest.raises(Drifted, match=r"row \d+ of \w+ shows nothing in (field|kind)$"):
        await differences(ground, {mark: f'{mark.split("=")[0]}="{name}"'})


@pytest.mark.parametrize("shown", ["未知", "0 字节"])
async def test_a_size_that_is_none_is_told_as_it_is_shown(ground: Ground, shown: str) -> None:
    """Where we did not note how many bytes a file has, people were told "None 字节"."""
    size = f"{PREPARED['manual']} 字节"
    (found,) = await differences(
        ground,
        {f'说明书.pdf</td><td class="file-size">{size}': f'说明书.pdf</td><td class="file-size">{shown}'},
        {**PREPARED, "manual": None},
    )
    assert (found.field, found.ours, found.theirs) == ("material_manual", "说明书.pdf", f"说明书.pdf {shown}")


async def test_a_number_that_the_answer_shows_whole_is_not_told(ground: Ground) -> None:
    async with ground.at(REQUEST) as (portal, title):
        ground.hand.path, ground.hand.answers = DRAFT, True
        ground.hand.change = lambda html: html.replace("已发送至 139****0110", "已发送至 13900000110（护照 E1234567）")
        with pytest.raises(Unknown, match="does not say that a code was sent") as told:
            await portal.request_code(title, 0, filled(title), "周闻", gate=ground.office.gate)
        ground.hand.path, ground.hand.answers = "", False
    assert "139…10" in str(told.value)
    assert not any(number in str(told.value) for number in ("13900000110", "E1234567"))
