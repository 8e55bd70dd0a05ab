"""Every setting is at work: each is given an odd value, and that value is found where the work is done."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.bureau.portal import FilingStatus
from adapters.generator_contract import Price
from caseward.app.adapters import Workers, open_workers, target_runner
from caseward.app.celery_setup import configured
from caseward.app.default_schedules import default_schedules
from caseward.app.installation import Record, open_record
from caseward.app.process import open_runs
from caseward.console.terminal.view import viewing
from caseward.console.wording.texts import Texts
from states.copyright.settings import CopyrightSettings
from states.copyright.variables import CopyrightVariables
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from tests.systems import SYSTEMS
from workflow.scheduler.target_runs import TargetRunner
from workflow.settings import VARIABLES, Settings, read_settings


@dataclass(frozen=True)
class Here:
    """What is open with the odd values."""

    settings: Settings
    record: Record
    workers: Workers
    work: TargetRunner

    def limit(self, name: str) -> list[timedelta]:
        """The same in both queues."""
        return [getattr(one.limits, name) for one in self.workers.dependencies.values()]

    def client(self, name: str) -> Any:
        return next(probe.ask.__self__.http for probe in self.workers.probes if probe.name == name)  # type: ignore[attr-defined]

    def token(self, name: str) -> str:
        return str(self.client(name)._client.headers.get("authorization"))

    def told(self, name: str) -> object:
        return getattr(self.record.plans["copyright"].flow.settings, name)

    def price(self) -> Price:
        """By what orders are paid."""
        settings = self.record.plans["copyright"].flow.settings
        assert isinstance(settings, CopyrightSettings)
        return settings.price


At = Callable[[Here], object]
SECONDS = timedelta(seconds=1)
WORDS = {"待缴费": FilingStatus.received}
ODD: Mapping[str, tuple[str, At, object]] = {
    "database_url": ("sqlite:///{folder}/odd.db", lambda here: str(here.record.database.url.database)[-6:], "odd.db"),
    "timezone": ("Asia/Urumqi", lambda here: default_schedules(SYSTEMS, here.settings.timezone)[0].zone, "Asia/Urumqi"),
    "broker_url": ("redis://127.0.0.1:7007/3", lambda here: configured(here.settings)["broker_url"], "redis://127.0.0.1:7007/3"),
    "lease_seconds": ("37", lambda here: here.limit("lease"), [37 * SECONDS] * 2),
    "fact_seconds": ("38", lambda here: here.limit("fact"), [38 * SECONDS] * 2),
    "action_seconds": ("39", lambda here: here.limit("action"), [39 * SECONDS] * 2),
    "look_again_minutes": ("41", lambda here: here.limit("look_again"), [41 * 60 * SECONDS] * 2),
    "reconcile_minutes": ("43", lambda here: here.limit("deadline"), [43 * 60 * SECONDS] * 2),
}  # fmt: skip
"""Each setting: an odd value, where it is looked for, and what is found there."""
OF_THE_REGISTRATION: Mapping[str, tuple[str, At, object]] = {
    "portal_url": ("http://127.0.0.1:7001/portal", lambda here: here.client("portal").address, "http://127.0.0.1:7001/portal/"),
    "generator_url": ("http://127.0.0.1:7002", lambda here: here.client("generator").address, "http://127.0.0.1:7002/"),
    "generator_token": ("odd-g", lambda here: here.token("generator"), "Bearer odd-g"),
    "generator_price": ("312.50", lambda here: here.price().amount, Decimal("312.50")),
    "generator_currency": ("HKD", lambda here: here.price().currency, "HKD"),
    "generator_payee": ("odd till", lambda here: here.price().payee, "odd till"),
    "records_url": ("http://127.0.0.1:7003", lambda here: here.client("records").address, "http://127.0.0.1:7003/"),
    "records_token": ("odd-r", lambda here: here.token("records"), "Bearer odd-r"),
    "sms_url": ("http://127.0.0.1:7004", lambda here: here.client("sms").address, "http://127.0.0.1:7004/"),
    "sms_token": ("odd-s", lambda here: here.token("sms"), "Bearer odd-s"),
    "codes_url": ("http://127.0.0.1:7005/c", lambda here: here.told("codes_link"), "http://127.0.0.1:7005/c"),
    "codes_address": ("odd.example", lambda here: here.told("codes_address"), "odd.example"),
    "progress_url": ("http://127.0.0.1:7006/p", lambda here: here.told("progress_link"), "http://127.0.0.1:7006/p"),
    "progress_address": ("even.example", lambda here: here.told("progress_address"), "even.example"),
    "review_before_filing": ("first", lambda here: here.told("review"), "first"),
    "review_of": ('{{"蓝汐科技": "each"}}', lambda here: here.told("review_of"), {"蓝汐科技": "each"}),
    "corrections": ("after_yes", lambda here: here.told("corrections"), "after_yes"),
    "status_words": ('{{"待缴费": "received"}}', lambda here: here.told("status_words"), WORDS),
    "refusals_after_hours": ("7", lambda here: here.told("refusals_after"), timedelta(hours=7)),
    "codes_together": ("yes", lambda here: here.told("codes_together"), True),
    "seal_form_code": ("no", lambda here: here.told("seal_form_code"), False),
}  # fmt: skip
"""The same of a system."""
VARIABLES_OF = {**VARIABLES, **SYSTEMS.installed[0].system.variables}
ELSEWHERE = {
    "systems": "tests.worker.test_systems:test_systems_are_picked_by_name",
    "app": "tests.worker.test_systems:test_a_system_of_ones_own_is_named_by_its_module",
    "data_dir": "tests.record.test_identity:test_a_folder_may_have_any_name",
    "lang": "tests.console.test_process:test_option_before_variable_before_locale_says_the_language",
    "chromium": "tests.chromium.test_finding:test_a_chromium_named_in_the_settings_is_used",
    "grace_seconds": "tests.crash.test_told_to_stop:"
    "test_without_it_the_click_stays_open_and_the_next_worker_settles_it",
    "poll_seconds": f"{__name__}:test_a_worker_looks_by_itself_as_often_as_it_is_told",
}
"""Settings that are seen at work by tests of their own."""


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Here]:
    for field, (value, _, _) in {**ODD, **OF_THE_REGISTRATION}.items():
        monkeypatch.setenv(VARIABLES_OF[field], value.format(folder=tmp_path))
    settings = read_settings(data_dir=tmp_path / "data")
    async with open_record(settings) as record, open_workers(record, None) as workers:
        yield Here(settings, record, workers, target_runner(record, workers))


async def test_each_setting_is_found_at_work(here: Here) -> None:
    asked = {**ODD, **OF_THE_REGISTRATION}
    found = {field: at(here) for field, (_, at, _) in asked.items()}
    assert found == {field: wanted for field, (_, _, wanted) in asked.items()}


def test_no_setting_is_left_out() -> None:
    """A new setting fails here until it is seen at work."""
    assert ODD.keys() | ELSEWHERE.keys() == Settings.model_fields.keys()
    assert OF_THE_REGISTRATION.keys() == CopyrightVariables.model_fields.keys()
    for name in ELSEWHERE.values():
        module, _, test = name.partition(":")
        assert callable(getattr(importlib.import_module(module), test)), name


def test_the_zone_is_that_of_the_commands_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_TIMEZONE", "Asia/Urumqi")
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    zones = []

    async def look(view: Any) -> int:
        zones.append(view.moments.zone)
        return 0

    viewing(Texts("en"), look, begins=True)
    assert zones == [ZoneInfo("Asia/Urumqi")]


async def test_a_worker_looks_by_itself_as_often_as_it_is_told(here: Here) -> None:
    settings = here.settings.model_copy(update={"poll_seconds": 17})
    async with open_runs(settings, ["http"], at_once=1, poll=settings.poll) as working:
        assert working.runs.poll == 17 * SECONDS


def test_every_name_that_celery_is_given_is_there() -> None:
    """Celery imports them when a worker begins: a module that was renamed ends it there."""
    given = configured(read_settings())
    for name in ("worker_consumer", "beat_scheduler"):
        module, _, member = str(given[name]).rpartition(".")
        assert hasattr(importlib.import_module(module), member), given[name]
