"""Systems plug in by one value: found in this house, installed by others, or named; their settings are read with it."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import SecretStr

from caseward.app.default_schedules import in_order, put_defaults
from caseward.app.found_systems import GROUP, known_systems, misnamed
from caseward.app.installation import open_record
from caseward.app.system_checks import wrong_schedules
from caseward.app.systems import Installed, Systems, read_system, read_systems
from tests.console.transcripts import spoken
from tests.engine.payments import PaperPlatform, Platform
from tests.engine.payments import flow as payments
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from tests.schedules.office import definition
from tests.systems import SYSTEMS, variables
from workflow.errors import DefinitionError, SettingsError
from workflow.flow.remotes import Remote
from workflow.settings import Address, kept_settings, read_settings, unknown_variables
from workflow.system import System, SystemSettings, default_schedule
from workflow.testing import MORNING


class Till(SystemSettings):
    """Where money comes in."""

    platform_url: Address = ""


TILL = System(
    "till",
    "收银",
    "Till",
    flows=(payments,),
    remotes=(Remote("payment_platform", Platform, PaperPlatform(), needs=("platform_url",)),),
    settings=Till,
)


def names(systems: Systems) -> list[str]:
    return [one.system.name for one in systems.installed]


def test_systems_are_picked_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(read_systems(read_settings())) == [*sorted(known_systems()), "engine"]
    monkeypatch.setenv("CASEWARD_SYSTEMS", " copyright ,")
    assert names(read_systems(read_settings())) == ["copyright", "engine"]
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyrights")
    with pytest.raises(SettingsError, match="CASEWARD_SYSTEMS: names copyrights, and there is no such system"):
        read_systems(read_settings())


def test_a_system_of_ones_own_is_named_by_its_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "my_till.py").write_text("from tests.worker.test_systems import TILL as system\nother = 3\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("CASEWARD_APP", "my_till:system")
    found = read_systems(read_settings())
    assert names(found) == ["till", "engine"]
    assert found.unset == {"payments": ["CASEWARD_TILL_PLATFORM_URL"]}
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    assert names(read_systems(read_settings())) == ["copyright", "till", "engine"]
    monkeypatch.setenv("CASEWARD_SYSTEMS", "till")
    assert names(read_systems(read_settings())) == ["till", "engine"], "it may be named as well"
    monkeypatch.setenv("CASEWARD_SYSTEMS", "tills")
    with pytest.raises(SettingsError, match="names tills, and there is no such system; known are copyright, till"):
        read_systems(read_settings())
    sys.modules.pop("my_till")


def test_an_entry_point_of_another_name_than_its_system_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`system list` showed it twice, on and off, and CASEWARD_SYSTEMS knew one name of the two."""
    point = EntryPoint("checkout", "tests.worker.test_systems:TILL", GROUP)
    monkeypatch.setattr("caseward.app.found_systems.entry_points", lambda group: [point])
    for name, value in (("DATA_DIR", str(tmp_path)), ("LANG", "en"), ("SYSTEMS", "checkout")):
        monkeypatch.setenv(f"CASEWARD_{name}", value)
    assert names(read_systems(read_settings())) == ["till", "engine"]
    assert misnamed(read_settings()) == {"till": "checkout"}
    listed = " ".join(spoken(["system", "list"])[1].split())
    assert "till: its entry point is called checkout, and CASEWARD_SYSTEMS takes checkout: call it till too" in listed
    assert "checkout off" not in listed
    code, checked, _ = spoken(["system", "check"])
    assert (code, "! its entry point is called checkout" in " ".join(checked.split())) == (0, True)
    monkeypatch.setenv("CASEWARD_SYSTEMS", "till")
    with pytest.raises(SettingsError, match="names till, and the entry point of that system is called checkout; write"):
        read_systems(read_settings())
    monkeypatch.setenv("CASEWARD_SYSTEMS", "checkout,copyright")
    monkeypatch.setenv("CASEWARD_APP", "tests.worker.test_systems:TILL")
    assert names(read_systems(read_settings())) == ["copyright", "till", "engine"], "one's own stands before it"


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("my_till", "'my_till' names no value of a module"),
        ("nowhere.at_all:system", "there is no module nowhere"),
        ("tests.worker.test_systems:nothing", "tests.worker.test_systems has no nothing"),
        ("tests.worker.test_systems:names", "is a function and no System"),
    ],
)
def test_a_wrong_name_of_a_system_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch, place: str, what: str) -> None:
    monkeypatch.setenv("CASEWARD_APP", place)
    with pytest.raises(SettingsError, match=what) as raised:
        read_systems(read_settings())
    assert "package.module:name" in raised.value.cure


def test_the_settings_of_a_system_have_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CASEWARD_TILL_PLATFORM_URL", "https://till.example/")
    installed = read_system(TILL, read_settings(data_dir=tmp_path))
    assert installed.addresses == ["https://till.example"]
    assert installed.origins["platform_url"].kind == "environment"
    assert Systems((installed,)).unset == {}
    assert read_system(TILL, read_settings(data_dir=tmp_path), {"platform_url": ""}).addresses == []
    monkeypatch.setenv("CASEWARD_TILL_PLATFORM_URL", "ftp://till.example")
    with pytest.raises(SettingsError, match=r"^CASEWARD_TILL_PLATFORM_URL: "):
        read_system(TILL, read_settings(data_dir=tmp_path))


def test_a_token_is_no_address(tmp_path: Path) -> None:
    """`caseward up` named every setting that a remote needs as a place where it works, tokens too."""

    class Kept(Till):
        platform_token: SecretStr = SecretStr("")

    kept = replace(TILL, settings=Kept, remotes=(replace(TILL.remotes[0], needs=("platform_url", "platform_token")),))
    said = {"platform_url": "https://till.example", "platform_token": "secret"}
    assert read_system(kept, read_settings(data_dir=tmp_path), said).addresses == ["https://till.example"]


def test_a_variable_keeps_its_older_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They had no name of a system in them while there was one."""
    kept_settings(tmp_path).write_text("CASEWARD_SMS_URL=http://127.0.0.1:9\n", "utf-8")
    monkeypatch.setenv("CASEWARD_PORTAL_URL", "https://bureau.example")
    assert (variables(tmp_path).portal_url, variables(tmp_path).sms_url) == (
        "https://bureau.example",
        "http://127.0.0.1:9",
    )
    monkeypatch.setenv("CASEWARD_COPYRIGHT_PORTAL_URL", "https://other.example")
    assert variables(tmp_path).portal_url == "https://other.example"
    here = {"CASEWARD_PORTAL_URL": "x", "CASEWARD_COPYRIGHT_SMS_URL": "x", "CASEWARD_COPYRIGHT_SMS_TOKEN_FILE": "x"}
    assert unknown_variables(here, (), SYSTEMS.variables) == {}


def test_two_systems_that_bring_the_same_are_refused() -> None:
    till = Installed(TILL, Till(), {})
    twin = Installed(replace(TILL, name="twin"), Till(), {})
    with pytest.raises(SettingsError, match="two systems bring a flow payments"):
        Systems((till, twin))


def test_a_flow_without_schedules_gets_a_sweep_of_each_state() -> None:
    targets = [one.target for one in TILL.default_schedules]
    assert targets == [f"sweep payments.{state.name}" for state in payments.states if not state.final]


def test_a_schedule_that_goes_after_another_is_added_behind_it() -> None:
    chain = [("expire", "grant"), ("notices", None), ("close", "expire"), ("grant", None)]
    found = [definition(name=name, after=after) for name, after in chain]
    assert [one.name for one in in_order(found)] == ["notices", "grant", "expire", "close"]
    circle = [definition(name="one", after="two"), definition(name="two", after="one")]
    assert len(in_order(circle)) == 2, "it is refused where it is added"


def test_a_schedule_is_given_only_what_a_schedule_has() -> None:
    with pytest.raises(DefinitionError, match="default schedule a: a schedule has no calender"):
        default_schedule("a", "job audit", calender="office")


async def test_a_wrong_schedule_is_named_and_stops_no_other(tmp_path: Path) -> None:
    """One ended the beat, and with it the schedules of every system."""
    wrong = [
        default_schedule("target", "sweep payments.orderd"),
        default_schedule("hours", "sweep payments.ordered", calendar="nowhere"),
        default_schedule("cron", "sweep payments.ordered", timing="61 * * * *"),
        default_schedule("later", "sweep payments.ordered", after="nobody"),
    ]
    sound = default_schedule("sound", "sweep payments.ordered")
    till = Installed(replace(TILL, schedules=(*wrong, sound)), Till(), {})
    systems = Systems((till,))
    assert list(wrong_schedules(systems, till, "Asia/Shanghai", MORNING)) == ["target", "hours", "cron", "later"]
    async with open_record(read_settings(data_dir=tmp_path), systems) as record:
        assert await put_defaults(record) == 1
        assert [one.definition.name for one in await record.store.schedules()] == ["sound"]


def test_a_variable_counts_in_any_case(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("caseward_till_platform_url", "https://till.example")
    assert read_system(TILL, read_settings(data_dir=tmp_path)).addresses == ["https://till.example"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import no_such_thing", "No module named 'no_such_thing'"),
        ("system = S.rejected", "NameError"),
        ("a b", "invalid syntax"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_package_that_cannot_be_read_is_named_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "broken_till.py").write_text(f"{text}\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("CASEWARD_APP", "broken_till:system")
    with pytest.raises(SettingsError, match="broken_till:system: cannot be read") as raised:
        read_systems(read_settings())
    assert what in str(raised.value)
    assert "unset CASEWARD_APP" in raised.value.cure
    sys.modules.pop("broken_till", None)


def test_a_system_takes_no_setting_of_another() -> None:
    class Folder(SystemSettings):
        dir: str = ""

    data = System("data", "数据", "Data", settings=Folder)
    with pytest.raises(SettingsError, match="two systems bring a setting CASEWARD_DATA_DIR"):
        Systems((Installed(data, Folder(), {}),))
