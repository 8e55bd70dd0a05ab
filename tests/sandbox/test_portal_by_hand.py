"""A draft is shown whole; a hand changes one field of it; and what is filed so is told by the judge."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import TITLE
from tests.sandbox.office import LI, SIGNED, WANG, Outside, Seen

NO_CODE = {**WANG, "phone": ""}


def shown(page: Seen, field: str) -> str:
    return page.html.split(f'data-echo="{field}">')[1].split("<")[0]


async def edit(outside: Outside, draft: str, field: str, value: object) -> int:
    body = {"draft": draft, "field": field, "value": value}
    return (await outside.control.post("/control/edit", json=body)).status_code


async def test_the_view_shows_every_field_and_file(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    page = await clerk.get(f"/portal/drafts/{draft}/view")
    assert page.page == "draft-view"
    assert (shown(page, "full_name"), shown(page, "owners-1-phone"), shown(page, "rights")) == (TITLE, LI["phone"], "")
    assert page.rows("data-kind") == ["application", "source", "manual", "agreement", "attorney"]
    assert page.cell('data-kind="source"', "file-size").endswith(" 字节")
    assert page.cell('data-kind="agreement"', "status") == "未上传"
    assert (await clerk.get("/portal/drafts/D9999999/view")).page == "missing"


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("short_name", "别称", "short_name"),
        ("rights", ["复制权"], "rights"),
        ("owners-1-city", "上海市", "owners-1-city"),
        ("owners", [LI, NO_CODE], "owners"),
        ("applicant_phone", "13900000009", "applicant_phone"),
        ("material-manual", {"file_name": "另一.pdf", "bytes": 7}, "material-manual"),
    ],
)
async def test_what_was_changed_by_hand_stays_saved_and_is_judged_altered(
    outside: Outside, field: str, value: object, named: str
) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    before = (await clerk.get(f"/portal/drafts/{draft}/view")).html
    assert await edit(outside, draft, field, value) == 200
    assert (await clerk.get(f"/portal/drafts/{draft}/view")).html != before
    assert (await clerk.post(f"/portal/drafts/{draft}/confirm")).page == "receipt"
    (altered,) = (await outside.judgement())["altered"]
    assert (altered["title"], altered["round"], altered["fields"]) == (TITLE, 0, [named])
    assert await edit(outside, draft, field, value) == 409


async def test_a_draft_that_was_put_back_or_saved_anew_is_not_altered(outside: Outside) -> None:
    clerk = await outside.at_work()
    first, second = await outside.saved(clerk), await outside.saved(clerk)
    for draft in (first, second):
        await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
        assert await edit(outside, draft, "short_name", "别称") == 200
    assert await edit(outside, first, "short_name", "河畔借阅") == 200
    await clerk.post("/portal/apply/check", draft_id=second)
    for draft in (first, second):
        assert (await clerk.post(f"/portal/drafts/{draft}/confirm")).page == "receipt"
    assert (await outside.judgement())["altered"] == []


@pytest.mark.parametrize(
    ("draft", "field", "value", "status"),
    [
        ("D9999999", "short_name", "x", 404),
        ("", "no_such", "x", 422),
        ("", "owners-9-name", "x", 422),
        ("", "material-source", "x", 422),
    ],
)
async def test_what_is_nothing_of_a_draft_cannot_be_changed(
    outside: Outside, draft: str, field: str, value: str, status: int
) -> None:
    saved = await outside.saved(await outside.at_work())
    assert await edit(outside, draft or saved, field, value) == status
