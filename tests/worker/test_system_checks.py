"""What of a system would go wrong, or is set in vain, is told before a worker meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from caseward.app.changed import changed_systems, said_in
from caseward.app.process import open_runs
from caseward.app.system_checks import oddities, wrong_schedules
from caseward.app.systems import Installed, Systems
from caseward.app.upkeep import UPKEEP
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from tests.worker.test_systems import TILL, Till
from workflow.calendars import Calendar
from workflow.demonstration import Samples, Sandbox
from workflow.errors import SettingsError
from workflow.flow.remotes import Remote
from workflow.record.configuration import Change
from workflow.settings import read_settings
from workflow.system import System, SystemSettings, default_schedule
from workflow.testing import MORNING

ZONE = "Asia/Shanghai"


def told(system: System, strange: dict[str, str | None] | None = None) -> tuple[list[str], list[str]]:
    one = Installed(system, Till(), {})
    found = oddities(Systems((one,)), one, strange or {})
    return [str(said) for said in found.wrong], [str(said) for said in found.warnings]


def test_an_extra_and_a_folder_that_are_not_there_are_told(tmp_path: Path) -> None:
    assert told(TILL) == ([], [])
    wrong, _ = told(replace(TILL, extras=("paper",), samples=Samples(tmp_path / "samples")))
    assert wrong == [
        "names the extra paper, which Caseward has not; there are browser, papers, phones, postgres, reload, sandbox,"
        " tables",
        f"its samples are to stand in {tmp_path / 'samples'}, which is no folder",
    ]


def test_a_library_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseward.app.extras.find_spec", lambda name: None)
    assert told(replace(TILL, extras=("phones",)))[1] == [
        'no worker of it starts here: phonenumbers is not installed; pip install "caseward[phones]"'
    ]


def test_people_whom_nobody_waits_for_are_told() -> None:
    waited = str(TILL.flows[0].states[0].waits_for)
    assert told(replace(TILL, people=frozenset({waited})))[1] == []
    assert told(replace(TILL, people=frozenset({waited, "clerck"})))[1] == [
        "people names clerck, whom no state waits for"
    ]


def test_a_misspelt_variable_is_told_at_its_system() -> None:
    strange = {
        "CASEWARD_TILL_PLATFORM_ULR": "CASEWARD_TILL_PLATFORM_URL",
        "CASEWARD_TIL_PLATFORM_URL": "CASEWARD_TILL_PLATFORM_URL",
        "CASEWARD_TILL_X": None,
        "CASEWARD_LEASE_SECOND": "CASEWARD_LEASE_SECONDS",
    }
    assert told(TILL, strange)[1] == [
        "CASEWARD_TILL_PLATFORM_ULR sets nothing; CASEWARD_TILL_PLATFORM_URL is perhaps meant",
        "CASEWARD_TIL_PLATFORM_URL sets nothing; CASEWARD_TILL_PLATFORM_URL is perhaps meant",
        "CASEWARD_TILL_X sets nothing",
    ]


def test_a_sandbox_that_nothing_opens_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`demo` alone said it."""
    (tmp_path / "odd_sandbox.py").write_text("raise SystemExit(3)\n", "utf-8")
    (tmp_path / "bare_sandbox.py").write_text("import starlette.nothing_like_it\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    def of(opens: str) -> list[str]:
        return told(replace(TILL, sandbox=Sandbox({"platform_url": "{origin}"}, opens)))[0]

    assert of("tests.demonstration.till:opened") == []
    assert of("bare_sandbox:opened") == [], "a worker needs no library of it"
    for place in ("tests.demonstration.till:open", "tests.demonstration.tills:opened"):
        assert of(place) == [
            f"its sandbox is opened by {place}, and there is no such thing; correct the name in its Sandbox"
        ]
    assert of("odd_sandbox:opened") == ["its sandbox odd_sandbox:opened cannot be read: SystemExit: 3; mend it"]


async def test_a_worker_tells_at_its_start_what_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_ULR", "http://127.0.0.1:9")
    with capture_logs() as logged:
        settings = read_settings(data_dir=tmp_path / "data")
        async with open_runs(settings, ["http"], at_once=1, poll=timedelta(seconds=1)):
            pass
    assert [one["perhaps_meant"] for one in logged if one["event"] == "worker.sets_nothing"] == [
        "CASEWARD_COPYRIGHT_SMS_URL"
    ]


def test_what_the_beat_would_refuse_of_a_schedule_is_told() -> None:
    """Only names were looked at, and a field out of its bounds, or a circle, was found by the beat."""
    sweep = "sweep payments.ordered"
    wrong = [
        default_schedule("batch", sweep, batch=0),
        default_schedule("patience", sweep, recheck=timedelta(seconds=1)),
        default_schedule("past", sweep, timing="0 0 0 1 1 ? 2020"),
        default_schedule("chicken", sweep, after="egg"),
        default_schedule("egg", sweep, after="chicken"),
        default_schedule("12", sweep),
    ]
    till = Installed(replace(TILL, schedules=(*wrong, default_schedule("sound", sweep))), Till(), {})
    assert list(wrong_schedules(Systems((till,)), till, ZONE, MORNING)) == [one.name for one in wrong]


class Kiosk(Protocol):
    """Another remote."""


class Older(SystemSettings):
    """Its address was called otherwise."""

    url: str = ""


def older(name: str, *names: str) -> Installed:
    return Installed(System(name, "甲", "A", settings=Older, once_called={"url": names} if names else {}), Older(), {})


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (older("a", "CASEWARD_URL"), older("b", "CASEWARD_URL"), "CASEWARD_URL"),
        (older("a", "CASEWARD_B_URL"), older("b"), "CASEWARD_B_URL"),
        (older("a", "CASEWARD_B_URL_FILE"), older("b"), "CASEWARD_B_URL_FILE"),
        (older("a", "CASEWARD_DATA_DIR"), older("b"), "CASEWARD_DATA_DIR"),
    ],
)
def test_no_variable_is_read_by_two_systems(one: Installed, other: Installed, name: str) -> None:
    with pytest.raises(SettingsError, match=f"two systems bring a setting {name}: "):
        Systems((one, other))


def test_no_two_systems_have_one_name() -> None:
    with pytest.raises(SettingsError, match="two systems are called engine"):
        Systems((Installed(replace(TILL, name="engine"), Till(), {}), Installed(UPKEEP, SystemSettings(), {})))


def test_one_schedule_that_two_systems_bring_with_other_timings_is_refused() -> None:
    """Of two that differed in their timing, the second was left out, and nobody was told."""
    (health,) = [one for one in UPKEEP.schedules if one.name == "adapter_health"]
    upkeep = Installed(UPKEEP, SystemSettings(), {})
    same = replace(TILL, schedules=(replace(health, chinese="健康", english="Health", group="till"),))
    Systems((Installed(same, Till(), {}), upkeep))
    for other in (replace(health, timing="every 60 s"), replace(health, more={"timeout": timedelta(minutes=9)})):
        with pytest.raises(SettingsError, match="two systems bring a schedule adapter_health"):
            Systems((Installed(replace(TILL, schedules=(other,)), Till(), {}), upkeep))


def test_two_calendars_of_one_name_are_refused_those_of_remotes_too() -> None:
    """Hours that only a Remote brought were not looked at: those of one of the two counted for both."""
    hours, others = (Calendar("counter", time(8), time(closes), ZONE) for closes in (17, 18))
    one = replace(TILL, remotes=(replace(TILL.remotes[0], calendar=hours),))
    Systems((Installed(replace(one, calendars=(hours,)), Till(), {}),))
    with pytest.raises(SettingsError, match="the system till brings two: calendar counter"):
        Systems((Installed(replace(one, calendars=(others,)), Till(), {}),))
    other = System("kiosk", "亭", "Kiosk", remotes=(Remote("kiosk", Kiosk, calendar=others),))
    with pytest.raises(SettingsError, match="two systems bring a calendar counter"):
        Systems((Installed(one, Till(), {}), Installed(other, SystemSettings(), {})))


def test_the_day_of_what_is_given_is_that_of_the_calendar_that_counts_now() -> None:
    brought = Calendar("counter", time(8), time(17), ZONE)
    till = Installed(replace(TILL, calendars=(brought,)), Till(), {})
    usual = ZoneInfo("UTC")
    assert Systems((till,)).zone_of("payments", usual).key == ZONE
    moved = Calendar("counter", time(8), time(17), "Europe/Berlin", 2)
    assert Systems((till,), {"counter": moved}).zone_of("payments", usual).key == "Europe/Berlin"
    assert Systems((till,)).zone_of("visas", usual) is usual


def change(number: int, name: str, value: str | None) -> Change:
    return Change(number, "setting", name, number, value, None, "person:clerk", "a try", MORNING)


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ([("CASEWARD_URL", "old")], "old"),
        ([("CASEWARD_A_URL", "new"), ("CASEWARD_URL", "old")], "new"),
        ([("CASEWARD_URL", "old"), ("CASEWARD_A_URL", None)], ""),
    ],
)
def test_a_change_on_record_under_an_older_name_counts_too(changes: list[tuple[str, str | None]], url: str) -> None:
    """A field that code called anew lost what people had set of it at run time."""
    systems = Systems((older("a", "CASEWARD_URL"),))
    made = [change(number, *one) for number, one in enumerate(changes, 1)]
    (found,) = changed_systems(systems, said_in(made, systems), made).made.installed
    assert found.settings == Older(url=url)
    assert (found.origins.get("url") is not None) == bool(url)
