"""What programs read: stable names, lists in one shape, times with an offset, texts in both languages."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import open_record
from tests.console.transcripts import spoken
from workflow.settings import read_settings

CASE = {
    "number", "title", "flow", "state", "state_label", "final", "standing", "reason", "who", "headline", "since",
    "next_look", "opened_at", "auto", "held", "account", "round", "version",
}  # fmt: skip
WHY = {
    "case", "flow", "state", "standing", "reason", "who", "since", "looked_at", "looks", "next_look", "lines",
    "detail", "further", "headline", "cure", "facts", "zone", "secrets", "mistakes", "notices",
}  # fmt: skip
REASONS = {
    "RZ-0001": ("waiting", "input_missing", "owner"),
    "RZ-0002": ("paused", "held", "operator"),
    "RZ-0003": ("blocked", "incident_open", "operator"),
    "RZ-0004": ("checking", "outcome_unknown", "system"),
    "RZ-0005": ("waiting", "closed", "portal"),
    "RZ-0006": ("waiting", "login_needed", "operator"),
    "RZ-0007": ("waiting", "retry_backoff", "system"),
    "RZ-0008": ("paused", "auto_off", "operator"),
    "RZ-0009": ("done", "terminal", "nobody"),
    "RZ-0010": ("moving", "not_looked_at", "system"),
}


def said(*args: str) -> Any:
    code, out, err = spoken([*args, "--json"])
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.usefixtures("on_stage")
def test_a_list_has_data_and_a_cursor_that_goes_on() -> None:
    first = said("case", "list", "--flow", "copyright", "--limit", "6")
    assert set(first) == {"data", "next_cursor"}
    rest = said("case", "list", "--flow", "copyright", "--limit", "6", "--cursor", first["next_cursor"])
    assert [row["number"] for row in first["data"] + rest["data"]] == [f"RZ-{n:04d}" for n in range(1, 11)]
    assert rest["next_cursor"] is None
    assert all(set(row) == CASE for row in first["data"])


@pytest.mark.usefixtures("on_stage")
def test_a_cursor_that_no_page_named_is_refused() -> None:
    code, _, err = spoken(["case", "list", "--cursor", "first", "--json"])
    assert (code, "next_cursor" in json.loads(err)["error"]["hint"]) == (2, True)


@pytest.mark.usefixtures("on_stage")
def test_a_list_is_narrowed_by_state_and_may_be_empty() -> None:
    assert [row["number"] for row in said("case", "list", "--state", "granted")["data"]] == ["RZ-0009"]
    assert said("case", "list", "--state", "rejected") == {"data": [], "next_cursor": None}


@pytest.mark.usefixtures("on_stage")
def test_each_case_says_why_it_waits_and_who_can_change_it() -> None:
    rows = {row["number"]: row for row in said("case", "list", "--flow", "copyright")["data"]}
    assert {number: (row["standing"], row["reason"], row["who"]) for number, row in rows.items()} == REASONS
    assert all(set(row["headline"]) == {"zh-CN", "en"} for row in rows.values())


@pytest.mark.usefixtures("on_stage")
def test_why_names_guard_evidence_person_and_the_next_look_in_the_offices_zone() -> None:
    why = said("case", "why", "rz-0001")
    assert set(why) == WHY
    assert why["next_look"] == "2090-03-07T19:54:00+08:00"
    assert why["zone"] == "Asia/Shanghai"
    (guard,) = why["lines"][0]["guards"]
    assert (guard["guard"], guard["ok"], guard["seen"], guard["waits_for"]) == (
        "codes_complete", False, {"missing": ["李四"]}, "owner",
    )  # fmt: skip
    assert list(why["facts"]) == ["codes_on_file"]


@pytest.mark.usefixtures("on_stage")
def test_history_shows_what_each_transition_rests_on_and_its_evidence() -> None:
    history = said("case", "history", "RZ-0001")
    assert history["verified"] is True
    assert [line["kind"] for line in history["data"]] == ["created", "decided", "moved", "moved", "looked"]
    paid, drafted, looked = history["data"][2:]
    assert paid["facts"]["order"]["value"]["paid"] is False, "an outcome rests on the facts of its decision"
    (step,) = drafted["evidence"]
    assert (step["of"], step["step"]) == ("draft", "draft_opened")
    assert (looked["looks"], looked["until"]) == (48, "2090-03-07T19:42:00+08:00")


@pytest.mark.usefixtures("on_stage")
def test_show_adds_data_effects_incidents_documents_and_notices() -> None:
    case = said("case", "show", "RZ-0004")
    assert set(case) == CASE | {"matter", "data", "effects", "incidents", "documents", "notices"}
    assert [(effect["action"], effect["status"]) for effect in case["effects"]] == [("confirm", "unknown")]
    assert [one["kind"] for one in said("case", "show", "RZ-0003")["incidents"]] == ["drifted"]


@pytest.mark.usefixtures("on_stage")
def test_an_error_is_one_object_too() -> None:
    code, out, err = spoken(["case", "show", "RZ-0099", "--json"])
    assert (code, out) == (3, "")
    assert json.loads(err)["error"] == {
        "code": "not_found",
        "detail": "there is no case RZ-0099",
        "hint": "look for its number: caseward case list",
        "errors": [],
    }


def test_a_document_is_written_out_by_the_beginning_of_its_reference(on_stage: Path, tmp_path: Path) -> None:
    history = said("case", "history", "RZ-0001")
    reference = history["data"][3]["evidence"][0]["document"]
    out = tmp_path / "step.png"
    args = ["case", "history", "RZ-0001", "--document", reference[:12], "--out", str(out)]
    assert spoken(args)[0] == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    code, _, err = spoken(args)
    assert (code, err.splitlines()[1].strip()) == (6, "cure: name a file that is not there yet")


@pytest.mark.usefixtures("on_stage")
def test_a_document_of_another_case_is_not_found(tmp_path: Path) -> None:
    reference = said("case", "history", "RZ-0001")["data"][3]["evidence"][0]["document"]
    args = ["case", "history", "RZ-0002", "--document", reference, "--out", str(tmp_path / "step.png")]
    assert spoken(args)[0] == 3
    assert not (tmp_path / "step.png").exists()


async def _sent_back(number: str) -> None:
    async with open_record(read_settings()) as record:
        people = record.commands("person:何清")
        await people.force(number, "needs_correction", "版权中心来函补正", new_round=True)
        await people.force(number, "unprocessed", "仍在同一轮办理中")


@pytest.mark.usefixtures("copied")
def test_history_says_that_a_round_begins_with_the_event_that_begins_it() -> None:
    asyncio.run(_sent_back("RZ-0010"))
    lines = said("case", "history", "RZ-0010")["data"]
    assert [(line["kind"], line["begins_round"]) for line in lines] == [
        ("created", None), ("forced", 1), ("forced", None),
    ]  # fmt: skip
    assert spoken(["case", "history", "RZ-0010"])[1].count("a new round begins: 1") == 1
    assert spoken(["--lang", "zh-CN", "case", "history", "RZ-0010"])[1].count("新一轮开始：1") == 1
