"""A value that a system cannot work with is refused before it is written, and one on record locks nobody out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from caseward.app.changed import changed_systems, fits, places
from caseward.app.systems import Installed, Systems
from tests.engine.payments import flow as payments
from workflow.errors import SettingsError
from workflow.record.configuration import Change
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
    found = changed_systems(Systems((INSTALLED,)), {change.name: change}, [change])
    assert found.installed[0].settings == Shared(shares=2)
    assert found.plans["payments"].flow.settings == 50
    sound = replace(change, value="5")
    assert changed_systems(Systems((INSTALLED,)), {change.name: sound}, [sound]).plans["payments"].flow.settings == 20


def test_a_secret_is_one_by_its_type_whatever_its_default() -> None:
    assert places(Systems((INSTALLED,)))["CASEWARD_SHARED_TOKEN"].secret
