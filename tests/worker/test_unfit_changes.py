"""A value that a system cannot work with is refused before it is written, and one on record locks nobody out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BeforeValidator, SecretStr, model_validator
from structlog.testing import capture_logs

from caseward.app.changed import changed_systems, fits, fits_without, places
from caseward.app.systems import Installed, Systems, read_system
from tests.console.transcripts import spoken
from tests.engine.payments import flow as payments
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.errors import SettingsError
from workflow.record.configuration import Change
from workflow.settings import read_settings
from workflow.system import System, SystemSettings
from workflow.testing import MORNING


class Shared(SystemSettings):
    """The price is shared among so many."""

    shares: int = 2
    token: SecretStr | None = None


SYSTEM = System(
    "shared",
    "分摊",
    "Shared",
    flows=(payments,),
    settings=Shared,
    flow_settings=lambda said: {"payments": 100 // said.shares},
)
INSTALLED = Installed(SYSTEM, Shared(), {})


def test_what_a_system_makes_of_a_value_is_tried_before_it_is_written() -> None:
    place = places(Systems((INSTALLED,)))["CASEWARD_SHARED_SHARES"]
    assert fits(place, "4", INSTALLED.settings, INSTALLED) == Shared(shares=4)
    with pytest.raises(SettingsError, match="CASEWARD_SHARED_SHARES: the system cannot work with it: ZeroDivision"):
        fits(place, "0", INSTALLED.settings, INSTALLED)


def test_a_value_on_record_that_nobody_can_work_with_counts_for_nothing() -> None:
    """Each command ended in it, the one that takes it back too."""
    change = Change(1, "setting", "CASEWARD_SHARED_SHARES", 1, "0", None, "person:clerk", "a try", MORNING)
    found = changed_systems(Systems((INSTALLED,)), {change.name: change}, [change]).made
    assert found.installed[0].settings == Shared(shares=2)
    assert found.plans["payments"].flow.settings == 50
    sound = replace(change, value="5")
    assert (
        changed_systems(Systems((INSTALLED,)), {change.name: sound}, [sound]).made.plans["payments"].flow.settings == 20
    )


def test_a_secret_is_one_by_its_type_whatever_its_default() -> None:
    assert places(Systems((INSTALLED,)))["CASEWARD_SHARED_TOKEN"].secret


def split(text: str) -> list[str]:
    return text.split(",")


def rated(text: str) -> int:
    return {"low": 1, "high": 9}[text]


class Odd(SystemSettings):
    """Validators as people write them: of texts alone, and with whatever error."""

    names: Annotated[tuple[str, ...], BeforeValidator(split)] = ("nobody",)
    rate: Annotated[int, BeforeValidator(rated)] = 1
    wide: int | bool = 0
    least: int = 1
    most: int = 9
    shares: int = 2

    @model_validator(mode="after")
    def ordered(self) -> Odd:
        if self.least > self.most:
            raise ValueError("the least is more than the most")
        return self


ODD = replace(
    SYSTEM, name="odd", settings=Odd, flow_settings=lambda said: {"payments": (100 // said.shares, said.names)}
)


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installed:
    monkeypatch.setenv("CASEWARD_ODD_NAMES", "one,two")
    return read_system(ODD, read_settings(data_dir=tmp_path))


def changed_to(odd: Installed, **values: str) -> tuple[Odd, list[str]]:
    """The settings with these changes, in their order; and which of them were left out."""
    changes = [
        Change(number, "setting", ODD.variables[field], 1, value, None, "person:clerk", "a try", MORNING)
        for number, (field, value) in enumerate(values.items(), 1)
    ]
    with capture_logs() as logged:
        found = changed_systems(Systems((odd,)), {one.name: one for one in changes}, changes).told()
    settings = found.installed[0].settings
    assert isinstance(settings, Odd)
    assert settings.names == ("one", "two")
    assert found.plans["payments"].flow.settings == (100 // settings.shares, ("one", "two"))
    left = [
        line["setting"].removeprefix("CASEWARD_ODD_").lower() for line in logged if line["event"] == "setting.unfit"
    ]
    taken = {name for name, origin in found.installed[0].origins.items() if origin.kind == "run_time"}
    assert taken == set(values) - set(left)
    return settings, left


def test_what_is_read_from_a_text_is_read_from_it_again_when_another_setting_changes(odd: Installed) -> None:
    assert changed_to(odd, most="7") == (Odd.model_construct(**{**dict(odd.settings), "most": 7}), [])
    place = places(Systems((odd,)))["CASEWARD_ODD_MOST"]
    found = fits(place, "7", odd.settings, odd)
    assert isinstance(found, Odd)
    assert (found.names, found.most) == (("one", "two"), 7)


def test_a_validator_may_raise_whatever_it_likes(odd: Installed) -> None:
    place = places(Systems((odd,)))["CASEWARD_ODD_RATE"]
    with pytest.raises(SettingsError, match="CASEWARD_ODD_RATE: the system cannot work with it: KeyError"):
        fits(place, "middling", odd.settings, odd)
    settings, left = changed_to(odd, rate="middling", most="7")
    assert (settings.rate, settings.most, left) == (1, 7, ["rate"])


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"wide": "neither", "most": "7"}, ["wide"]),
        ({"shares": "0", "most": "7"}, ["shares"]),
        ({"most": "7", "shares": "0"}, ["shares"]),
        ({"shares": "0", "rate": "middling", "wide": "neither", "most": "7"}, ["shares", "rate", "wide"]),
        ({"least": "20", "most": "30"}, []),
        ({"least": "20", "shares": "4"}, ["least"]),
    ],
)
def test_what_does_not_fit_is_left_out_by_name_and_nothing_else(
    odd: Installed, values: dict[str, str], left: list[str]
) -> None:
    settings, found = changed_to(odd, **values)
    assert sorted(found) == sorted(left)
    for name in set(values) - set(left):
        assert getattr(settings, name) == int(values[name])


def test_a_rule_over_two_fields_names_the_setting_that_was_to_be_changed(odd: Installed) -> None:
    place = places(Systems((odd,)))["CASEWARD_ODD_LEAST"]
    with pytest.raises(SettingsError, match="CASEWARD_ODD_LEAST: the least is more than the most; unset it, which"):
        fits(place, "20", odd.settings, odd)


def test_a_rule_over_two_fields_holds_when_a_change_is_taken_back(odd: Installed) -> None:
    """It was written, and then left out another change that had fitted, at every look and in the log alone."""
    said = {
        ODD.variables[field]: Change(
            number, "setting", ODD.variables[field], 1, value, None, "person:clerk", "a try", MORNING
        )
        for number, (field, value) in enumerate({"most": "20", "least": "12", "shares": "0"}.items(), 1)
    }
    systems = Systems((odd,))
    changed = changed_systems(systems, said, list(said.values())).made.installed[0]
    with pytest.raises(SettingsError) as refused:
        fits_without(places(systems)["CASEWARD_ODD_MOST"], changed, odd, said)
    assert str(refused.value) == (
        "CASEWARD_ODD_MOST: without it the system cannot work with what else is set: the least is more than the most;"
        " change what else is set first, or give this another value"
    )
    for sound in ("LEAST", "SHARES"):
        fits_without(places(systems)[f"CASEWARD_ODD_{sound}"], changed, odd, said)


def test_the_command_refuses_to_take_back_what_another_change_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*args: str) -> tuple[int, str]:
        code, _, err = spoken(["--lang", "en", "settings", "set", *args, "--reason", "a try"])
        return code, err

    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CASEWARD_APP", "tests.worker.test_unfit_changes:ODD")
    assert spoken(["migrate"])[0] == 0
    assert told("odd_most", "20") == (0, "")
    assert told("odd_least", "12") == (0, "")
    code, err = told("odd_most", "--unset")
    assert (code, "the least is more than the most" in err) == (2, True)
    assert told("odd_least", "--unset") == (0, "")
    assert told("odd_most", "--unset") == (0, "")
