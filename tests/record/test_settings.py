"""Settings come from the environment, each with a default; a wrong one is named with its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.errors import SettingsError
from workflow.settings import PREFIX, Settings, kept_settings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{field.upper()}", raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.database == "sqlite:///caseward-data/caseward.db"
    assert settings.keys == Path("caseward-data/keys.json")
    assert (settings.timezone, settings.lang, settings.chromium) == ("Asia/Shanghai", None, None)
    assert settings.lease.total_seconds() == 60


def test_the_environment_counts_and_what_is_given_counts_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_DATA_DIR", "elsewhere")
    monkeypatch.setenv("CASEWARD_PORTAL_URL", "https://bureau.example/")
    assert read_settings().documents == Path("elsewhere/documents")
    assert read_settings(data_dir=Path("given")).documents == Path("given/documents")
    assert read_settings().portal_url == "https://bureau.example"


@pytest.mark.parametrize(
    ("value", "lang"), [("zh", "zh-CN"), ("zh_CN.UTF-8", "zh-CN"), ("zh-Hans", "zh-CN"), ("en_GB", "en"), ("", None)]
)
def test_the_language_may_be_written_as_a_locale(monkeypatch: pytest.MonkeyPatch, value: str, lang: str | None) -> None:
    monkeypatch.setenv("CASEWARD_LANG", value)
    assert read_settings().lang == lang


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("TIMEZONE", "Peking", "'Peking' is no time zone; write one such as Asia/Shanghai"),
        ("LANG", "fr", "input should be 'zh-CN' or 'en'"),
        ("PORTAL_URL", "bureau.example", "'bureau.example' is no address; write one such as https://host:port"),
        ("LEASE_SECONDS", "0", "greater than or equal to 1"),
        ("LEASE_SECONDS", "soon", "valid integer"),
        ("RECONCILE_MINUTES", "100000", "less than or equal to 1440"),
    ],
)
def test_a_wrong_value_is_named_with_variable_and_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(f"CASEWARD_{name}", value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value).startswith(f"CASEWARD_{name}: ")
    assert what in str(raised.value)
    assert "unset it" in raised.value.cure


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_SMS_TOKEN", "canary")
    assert "canary" not in repr(read_settings())


def test_a_data_folder_keeps_settings_of_its_own_and_the_environment_counts_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_settings(tmp_path).write_text("CASEWARD_SMS_URL=http://127.0.0.1:9\nCASEWARD_LEASE_SECONDS=7\n", "utf-8")
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CASEWARD_LEASE_SECONDS", "8")
    settings = read_settings()
    assert (settings.sms_url, settings.lease_seconds) == ("http://127.0.0.1:9", 8)
    assert read_settings(sms_url="").sms_url == ""
    kept_settings(tmp_path).write_text("CASEWARD_LEASE_SECONDS=soon\n", "utf-8")
    monkeypatch.delenv("CASEWARD_LEASE_SECONDS")
    with pytest.raises(SettingsError, match="CASEWARD_LEASE_SECONDS"):
        read_settings()
