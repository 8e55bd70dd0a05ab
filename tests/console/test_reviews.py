"""`case review`: what will be filed on one page, and a yes that counts for that page alone."""

import asyncio
import json

import pytest

from caseward.app.installation import open_record
from tests.console.test_orders import event, ordered
from tests.console.transcripts import spoken
from workflow.settings import read_settings


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_names_fields_papers_account_and_money(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_LANG", language)
    code, out, err = spoken(["case", "review", "RZ-0001"])
    assert (code, err) == (0, "")
    for said in {"en": ("Software", "Papers", "amount", "To agree:"), "zh-CN": ("软件基本信息", "材料", "同意提交：")}[
        language
    ]:
        assert said in out
    assert "copyright." not in out


@pytest.mark.usefixtures("copied")
def test_a_yes_is_on_record_with_who_and_why_and_counts_for_what_was_seen() -> None:
    page = ordered("case", "review", "RZ-0001")
    assert {one["name"] for one in page["sections"]} >= {"software", "owner", "applicant", "papers", "matter"}
    assert ordered("case", "review", "RZ-0001", "--yes", "abcdef123456", "--reason", "客户已确认", code=5)
    assert ordered("case", "review", "RZ-0001", "--yes", "ab", "--reason", "客户已确认", code=2)
    assert spoken(["case", "review", "RZ-0001", "--yes", page["mark"][:12]])[0] == 2
    ordered("case", "review", "RZ-0001", "--yes", page["mark"][:12], "--reason", "客户已确认")
    said = event("RZ-0001", "changed")
    assert said["reason"] == "客户已确认"
    assert said["actor"].startswith("person:")
    assert ordered("case", "show", "RZ-0001")["data"]["approved"] == {"round": 0, "mark": page["mark"]}


@pytest.mark.usefixtures("copied")
def test_an_account_or_an_ended_case_has_no_such_page() -> None:
    assert ordered("case", "review", "ZH-0001", code=6)["code"] == "not_allowed"


def test_data_that_changed_since_the_page_was_seen_wants_another_look(copied: object) -> None:
    page = ordered("case", "review", "RZ-0001")

    async def change() -> None:
        async with open_record(read_settings()) as record:
            case = (await record.store.case("RZ-0001")).claim.case
            await record.commands("person:何清").change(case, {"main_functions": "改正后的功能说明。"}, "客户来函")

    asyncio.run(change())
    assert "caseward case review" in json.dumps(
        ordered("case", "review", "RZ-0001", "--yes", page["mark"], "--reason", "客户已确认", code=5)
    )
