"""Schedules that are added from the keyboard: with any field, foreseen, refused where wrong; and the list of fields."""

import dataclasses
from typing import get_args

import pytest

from caseward.console.terminal.schedule_fields import FIELDS
from tests.console.test_schedules import WHY, told
from tests.console.transcripts import spoken
from workflow.schedules.schedule import Definition, Misfire, Overlap

ADDED = ("add", "monthly", "--target", "job audit; job notices", "--cron", "0 0 4 1 * ?", "--reason", WHY)


@pytest.mark.usefixtures("copied")
def test_a_schedule_is_added_with_any_of_its_fields_and_foresees_its_instants() -> None:
    more = ("--after", "submitted", "--group", "points", "--calendar", "bureau", "--recheck", "12h", "--retries", "2")
    made = told(*ADDED, *more, "--zone", "UTC", "--batch", "50", "--disable")
    assert (made["target"], made["timing"], made["zone"], made["after"]) == (ADDED[3], ADDED[5], "UTC", "submitted")
    assert (made["group"], made["calendar"], made["recheck_s"], made["retries"]) == ("points", "bureau", 43200, 2)
    assert (made["batch"], made["state"], made["version"], made["dry"]) == (50, "disabled", 1, False)
    assert (len(made["next"]), made["next"][0]["skipped"]) == (5, "disabled")
    [version] = told("show", "monthly")["versions"]
    assert (version["kind"], version["reason"]) == ("created", WHY)
    assert told("next", "monthly")["after"] == "submitted"


@pytest.mark.usefixtures("copied")
def test_what_nobody_says_of_a_new_schedule_is_as_in_its_definition() -> None:
    made = told(*ADDED)
    assert (made["group"], made["group_label"]["en"], made["zone"]) == ("own", "Own", "Asia/Shanghai")
    assert (made["after"], made["overlap"], made["catch_up_s"], made["state"]) == (None, "skip", 3600, "on")
    assert told("edit", "monthly", "--after", "audit", "--reason", WHY)["after"] == "audit"
    assert told("edit", "monthly", "--after", "none", "--reason", WHY)["after"] is None


@pytest.mark.usefixtures("on_stage")
def test_a_dry_addition_foresees_and_adds_nothing() -> None:
    foreseen = told(*ADDED, "--dry")
    assert (foreseen["dry"], foreseen["next"][0]["at"]) == (True, "2090-04-01T04:00:00+08:00")
    told("show", "monthly", code=3)
    code, out, _ = spoken(["schedule", *ADDED, "--after", "submitted", "--dry"])
    assert (code, "once those of submitted up to the same instant have ended" in " ".join(out.split())) == (0, True)


@pytest.mark.parametrize(
    ("wrong", "code", "said", "cure"),
    [
        (("monthly",), 2, "--target", "--target"),
        (("monthly", "--target", "job audit"), 2, "--cron | --every", "--cron"),
        (("monthly", "--every", "1m", "--cron", "* * * * *"), 2, "exclude", "schedule add --help"),
        (("monthly", "--target", "job audit; job audlt", "--every", "1h"), 2, "character 16", "job audit; job audit"),
        (("monthly", "--target", "job audit;", "--every", "1h"), 2, "a target is missing", "schedule add --help"),
        (("monthly", "--target", "job audit", "--every", "1h", "--after", "submited"), 2, "after:", "submitted"),
        (("monthly", "--target", "job audit", "--every", "1h", "--after", "x"), 2, "no schedule x", "schedule list"),
        (("monthly", "--target", "job audit", "--every", "1h", "--after", "monthly"), 2, "itself", "add --help"),
        (("monthly", "--target", "job audit", "--every", "1h", "--retries", "11"), 2, "0 to 10", "add --help"),
        (("12", "--target", "job audit", "--every", "1h"), 2, "name: a number", "add --help"),
        ((" ", "--target", "job audit", "--every", "1h"), 2, "name:", "add --help"),
        (("audit", "--target", "job audit", "--every", "1h"), 5, "this name", "schedule show audit"),
        (("audit", "--target", "job audit", "--every", "1h", "--dry"), 5, "this name", "schedule show audit"),
    ],
)
@pytest.mark.usefixtures("on_stage")
def test_what_is_wrong_with_an_addition_is_named_with_its_cure_and_nothing_is_added(
    wrong: tuple[str, ...], code: int, said: str, cure: str
) -> None:
    error = told("add", *wrong, "--reason", WHY, code=code)
    assert said in error["detail"]
    assert cure in error["hint"]
    assert "monthly" not in [row["name"] for row in told("list")["data"]]


def test_each_field_that_people_may_say_has_its_option_and_the_values_that_its_definition_takes() -> None:
    unsaid = {"name", "paused_until", "paused_reason"}
    assert {field.name for field in FIELDS} == {field.name for field in dataclasses.fields(Definition)} - unsaid
    choices = {field.name: field.metavar for field in FIELDS if field.name in ("overlap", "misfire")}
    assert choices == {"overlap": "|".join(get_args(Overlap)), "misfire": "|".join(get_args(Misfire))}
