"""A draft that somebody changed by hand after it was saved is not filed, whichever field of it that was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.form import echo
from adapters.bureau.portal import Difference, DraftDiffers, Files
from adapters.bureau.uploads import NAMES, sizes
from caseward.sandbox.portal.fields import AGENT, CHOICES, MANY
from tests.adapters.conftest import Office
from tests.adapters.forms import form, materials, pdf, person
from tests.adapters.outside import PREPARED, Outside, running
from tests.doubles.test_contract import office  # noqa: F401 - a fixture
from workflow.errors import LoginNeeded, Refused

TITLE, LOGIN = "改动核对软件", "office-24"
CARD, PHONES = "110101199003074258", ("13800000001", "13900000002")


def ours(title: str = TITLE, **software: object) -> FilingForm:
    """Two owners, of whom the bureau wants no code."""
    made = form(title, person("林知远", PHONES[0]), person("周闻"))
    changes = {"development_mode": "委托开发", **software}
    return made.model_copy(update={"software": made.software.model_copy(update=changes)})


def another(field: str, value: str) -> Any:
    """What a hand may put there instead, as the bureau itself would take it."""
    cell = field.rpartition("-")[2]
    if field in MANY:
        return {"rights": ["复制权"], "feature_kinds": ["小程序"]}[field]
    if cell in CHOICES:
        return next(choice for choice in CHOICES[cell] if choice != value)
    if cell.endswith("_date"):
        return (date.fromisoformat(value) - timedelta(days=1)).isoformat()
    if field == "applicant":
        return "周闻"
    if cell.endswith("phone"):
        return PHONES[1]
    if cell == "certificate_number":
        return "110101199003074266"
    if cell.endswith("email"):
        return "zhou@example.org"
    if cell.endswith("postcode"):
        return "100086"
    return {"line_count": "12841", "page_count": "61"}.get(field, f"{value}二")


SHOWN = echo(TITLE, ours())
LONG = ours().applicant.main_functions
FIELDS = [name for name in SHOWN if name != "reference"]
OTHER_FILES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    **{f"{kind} of another size": (kind, {"file_name": NAMES[kind], "bytes": PREPARED[kind] + 1}) for kind in PREPARED},
    **{f"{kind} of another name": (kind, {"file_name": "另一.pdf", "bytes": PREPARED[kind]}) for kind in PREPARED},
    "an agreement that is not ours": ("agreement", {"file_name": NAMES["agreement"], "bytes": 999}),
}


def before(field: str) -> Any:
    return SHOWN[field].split("、") if field in MANY else SHOWN[field]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with running(tmp_path_factory.mktemp("changed-by-hand")) as outside:
        yield outside


@pytest.fixture(scope="module")
def draft(outside: Outside) -> str:
    """The number of a draft that could be confirmed."""
    return outside.prepare(outside.log_in(LOGIN), TITLE, ours())


async def not_filed(office: Office, title: str = TITLE) -> tuple[Difference, ...]:  # noqa: F811 - the fixture
    async with office.at(LOGIN) as portal:
        shots = len(office.shots)
        with pytest.raises(DraftDiffers) as differs:
            await portal.confirm(title, 0, ours(title), PREPARED, gate=office.gate)
        assert len(office.shots) > shots
    assert office.outside.applied("confirm", title) == 0
    told = str(differs.value)
    assert not any(number in told for number in (CARD, *PHONES, "110101199003074266", "lin@", "zhou@"))
    return differs.value.differences


def test_every_field_that_is_filled_in_is_tried() -> None:
    parts = ours().model_dump()
    owners = [len(one) for one in parts["owners"]]
    # of the applicant owner and name are two boxes, and the agent is whether there is one; the marker is tried apart
    assert len(FIELDS) == len(parts["software"]) + sum(owners) + len(parts["applicant"]) + len(AGENT)


@pytest.mark.parametrize("field", FIELDS)
async def test_a_draft_with_another_field_is_not_filed(office: Office, draft: str, field: str) -> None:  # noqa: F811
    office.outside.edit(draft, field, another(field, SHOWN[field]))
    try:
        (difference,) = await not_filed(office)
    finally:
        office.outside.edit(draft, field, before(field))
    place, _, cell = field.removeprefix("owners-").partition("-")
    assert (difference.field, difference.place) == ((f"owner_{cell}", int(place)) if cell else (field, None))
    assert difference.ours != difference.theirs or difference.covered


@pytest.mark.parametrize("change", OTHER_FILES)
async def test_a_draft_with_another_file_is_not_filed(outside: Outside, office: Office, change: str) -> None:  # noqa: F811
    """A draft of its own: what was uploaded is not put back by hand."""
    kind, file = OTHER_FILES[change]
    title = f"{TITLE}{list(OTHER_FILES).index(change)}"
    number = outside.prepare(outside.log_in(LOGIN), title, ours(title))
    outside.edit(number, f"material-{kind}", file)
    (difference,) = await not_filed(office, title)
    assert difference.field == f"material_{kind}"
    assert difference.theirs == f"{file['file_name']} {file['bytes']} 字节"


async def test_a_draft_with_an_owner_more_or_less_is_not_filed(office: Office, draft: str) -> None:  # noqa: F811
    cells = [
        {name.split("-")[2]: value for name, value in SHOWN.items() if name.startswith(f"owners-{n}-")} for n in (1, 2)
    ]
    try:
        office.outside.edit(draft, "owners", [*cells, {**cells[1], "name": "沈牧"}])
        assert Difference(field="owner_name", ours="", theirs="沈牧", place=3) in await not_filed(office)
        office.outside.edit(draft, "owners", cells[:1])
        assert Difference(field="owner_name", ours="周闻", theirs="", place=2) in await not_filed(office)
    finally:
        office.outside.edit(draft, "owners", cells)


async def test_a_draft_that_bears_our_number_no_more_is_not_filed(office: Office, draft: str) -> None:  # noqa: F811
    office.outside.edit(draft, "reference", "别处的申请")
    async with office.at(LOGIN) as portal:
        with pytest.raises(Refused, match=f"no open draft {TITLE}"):
            await portal.confirm(TITLE, 0, ours(), PREPARED, gate=office.gate)
    office.outside.edit(draft, "reference", TITLE)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("main_functions", LONG.replace("统计", "统记"), "统记"),
        ("technical_features", "显式状态机，<可审计> & 可重放\u200b。", "\\u200b"),
        ("contact", "林知远 13900000002", "139…02"),
    ],
)
async def test_a_difference_is_told_where_it_is(
    office: Office,  # noqa: F811
    draft: str,
    field: str,
    value: str,
    told: str,
) -> None:
    """Also one that shows nothing, and without what may be a person's number."""
    office.outside.edit(draft, field, value)
    (difference,) = await not_filed(office)
    office.outside.edit(draft, field, before(field))
    assert told in difference.theirs


@pytest.mark.parametrize("field", ["short_name", "owners-2-city", "applicant_phone"])
async def test_no_seal_page_goes_up_with_a_changed_draft(outside: Outside, office: Office, field: str) -> None:  # noqa: F811
    title = f"签章核对软件{field}"
    number = outside.prepare(outside.log_in(LOGIN), title, ours(title), sealed=False)
    outside.edit(number, field, another(field, SHOWN[field]))
    async with office.at(LOGIN) as portal:
        with pytest.raises(DraftDiffers, match=field.rpartition("-")[2]):
            await portal.upload_seal_page(title, 0, ours(title), PREPARED, pdf("signed"), gate=office.gate)
        assert outside.applied("upload_seal", title) == 0
        outside.edit(number, field, before(field))
        await portal.upload_seal_page(title, 0, ours(title), PREPARED, pdf("signed"), gate=office.gate)
    assert outside.applied("upload_seal", title) == 1


@pytest.mark.parametrize("field", ["category", "material-manual"])
async def test_no_changed_correction_is_filed(outside: Outside, office: Office, field: str) -> None:  # noqa: F811
    title, notice = f"补正核对软件{field}", {"after_hours": 1, "status": "待补正", "notice": "请补正。"}
    outside.control("plan", {"title": title, "review": [notice]})
    outside.prepare(outside.log_in(LOGIN), title, ours(title))
    async with office.at(LOGIN) as portal:
        await portal.confirm(title, 0, ours(title), PREPARED, gate=office.gate)
    outside.next_morning()
    files: Files = sizes(materials(round=1), {})
    async with office.at(LOGIN) as portal:
        draft = await portal.save_draft(title, 1, ours(title), materials(round=1))
        changed = {"file_name": NAMES["manual"], "bytes": 7} if "-" in field else another(field, SHOWN[field])
        outside.edit(draft.number, field, changed)
        with pytest.raises(DraftDiffers, match=field.replace("-", "_")):
            await portal.confirm(title, 1, ours(title), files, gate=office.gate)
        assert outside.applied("confirm", title) == 1
        assert [one.field for one in await portal.differences(draft, ours(title), files)] == [field.replace("-", "_")]
        await portal.save_draft(title, 1, ours(title), materials(round=1))
        assert await portal.differences(draft, ours(title), files) == ()
        await portal.confirm(title, 1, ours(title), files, gate=office.gate)
    assert outside.applied("confirm", title) == 2
    assert not [one for one in outside.control("judgement")["altered"] if one["title"] == title]


@pytest.mark.parametrize("published", [True, False])
async def test_an_unchanged_draft_is_filed_once(outside: Outside, office: Office, published: bool) -> None:  # noqa: F811
    more = {} if published else {"publication": "未发表", "publication_date": None, "publication_place": ""}
    title = f"如实软件{published}"
    outside.prepare(outside.log_in(LOGIN), title, ours(title, **more))
    async with office.at(LOGIN) as portal:
        await portal.confirm(title, 0, ours(title, **more), PREPARED, gate=office.gate)
    assert outside.applied("confirm", title) == 1
    assert not [one for one in outside.control("judgement")["altered"] if one["title"] == title]


async def test_who_changes_it_after_it_was_read_back_ends_the_session_that_would_file(
    outside: Outside,
    office: Office,  # noqa: F811
) -> None:
    """A person has to log in for that, and an account has one session."""
    title, login = "插手核对软件", "office-25"
    number = outside.prepare(outside.log_in(login), title, ours(title))

    async def somebody_logs_in() -> None:
        outside.control("kick", {"account": login})
        outside.edit(number, "short_name", "别称")

    async with office.at(login) as portal:
        with pytest.raises(LoginNeeded):
            await portal.confirm(title, 0, ours(title), PREPARED, gate=somebody_logs_in)
    assert outside.applied("confirm", title) == 0


async def test_files_that_a_person_uploaded_are_not_compared_with_what_we_have_not(
    outside: Outside,
    office: Office,  # noqa: F811
) -> None:
    """Who saves a draft by hand, as where the materials cannot be read, names his files as he likes."""
    title = "代存核对软件"
    number = outside.prepare(outside.log_in(LOGIN), title, ours(title))
    outside.edit(number, "material-manual", {"file_name": "手册终稿.pdf", "bytes": 12345})
    async with office.at(LOGIN) as portal:
        await portal.confirm(title, 0, ours(title), {}, gate=office.gate)
    assert outside.applied("confirm", title) == 1


@pytest.mark.parametrize("size", [None, PREPARED["manual"]])
async def test_a_size_that_nobody_noted_is_not_compared(
    outside: Outside,
    office: Office,  # noqa: F811
    size: int | None,
) -> None:
    title = f"旧案核对软件{size}"
    number = outside.prepare(outside.log_in(LOGIN), title, ours(title))
    outside.edit(number, "material-manual", {"file_name": NAMES["manual"], "bytes": 12345})
    async with office.at(LOGIN) as portal:
        draft = await portal.draft(title, 0)
        assert draft is not None
        found = await portal.differences(draft, ours(title), {**PREPARED, "manual": size})
    assert [one.field for one in found] == ([] if size is None else ["material_manual"])
