"""Settings come from the environment, each with a default; a wrong one is named with its cure."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from caseward.app.systems import read_systems
from caseward.console.commands.system import health
from tests.systems import variables
from workflow.errors import SettingsError
from workflow.settings import PREFIX, Settings, kept_settings, origins_in, read_settings
from workflow.sources import FALLBACKS


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name, raising=False)
    for name in (name for names in FALLBACKS.values() for name in names):
        monkeypatch.delenv(name, raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.database == "sqlite:///caseward-data/caseward.db"
    assert settings.keys == Path("caseward-data/keys.json")
    assert (settings.timezone, settings.lang, settings.chromium) == ("Asia/Shanghai", None, None)
    assert settings.lease.total_seconds() == 60


def test_the_environment_counts_and_what_is_given_counts_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_DATA_DIR", "elsewhere")
    monkeypatch.setenv("CASEWARD_COPYRIGHT_PORTAL_URL", "https://bureau.example/")
    assert read_settings().documents == Path("elsewhere/documents")
    assert read_settings(data_dir=Path("given")).documents == Path("given/documents")
    assert variables().portal_url == "https://bureau.example"


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
        (
            "COPYRIGHT_PORTAL_URL",
            "bureau.example",
            "'bureau.example' is no address; write one such as https://host:port",
        ),
        ("LEASE_SECONDS", "14", "greater than or equal to 15"),
        ("FACT_SECONDS", "4", "greater than or equal to 5"),
        ("ACTION_SECONDS", "9", "greater than or equal to 10"),
        ("GRACE_SECONDS", "-1", "greater than or equal to 0"),
        ("LEASE_SECONDS", "soon", "valid integer"),
        ("RECONCILE_MINUTES", "100000", "less than or equal to 1440"),
        ("COPYRIGHT_GENERATOR_PRICE", "much", "valid decimal"),
        ("COPYRIGHT_GENERATOR_PRICE", "0", "greater than or equal to 0.01"),
        ("COPYRIGHT_GENERATOR_PRICE", "-300", "greater than or equal to 0.01"),
        ("COPYRIGHT_GENERATOR_PRICE", "1e9", "less than or equal to 100000"),
        ("COPYRIGHT_GENERATOR_PRICE", "NaN", "finite number"),
        ("COPYRIGHT_GENERATOR_PRICE", "300.001", "no more than 2 decimal places"),
        ("COPYRIGHT_GENERATOR_CURRENCY", "yuan", "'yuan' is no currency; write one such as CNY"),
        ("COPYRIGHT_GENERATOR_PAYEE", "", "at least 1 character"),
        ("COPYRIGHT_GENERATOR_PAYEE", "   ", "shows nothing"),
        ("COPYRIGHT_GENERATOR_PAYEE", "odd\u200btill", "shows nothing"),
        ("COPYRIGHT_CODES_URL", "http://", "is no address"),
        ("COPYRIGHT_PROGRESS_URL", "https://a.example/\u200bx", "holds a blank or a character that no address has"),
        ("COPYRIGHT_CODES_ADDRESS", "codes.example\nBcc: x", "nothing that people can type"),
        ("COPYRIGHT_CODES_ADDRESS", "codes example", "nothing that people can type"),
        ("COPYRIGHT_CODES_ADDRESS", "codes.example/\u202ex", "nothing that people can type"),
        ("COPYRIGHT_PROGRESS_ADDRESS", "https://p.example", "begins as a link"),
    ],
)
def test_a_wrong_value_is_named_with_variable_and_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(f"CASEWARD_{name}", value)
    with pytest.raises(SettingsError) as raised:
        read_systems(read_settings())
    assert str(raised.value).startswith(f"CASEWARD_{name}: ")
    assert what in str(raised.value)
    assert "unset it" in raised.value.cure


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN", "canary")
    assert "canary" not in repr(read_settings())


def test_a_data_folder_keeps_settings_of_its_own_and_the_environment_counts_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_settings(tmp_path).write_text(
        "CASEWARD_COPYRIGHT_SMS_URL=http://127.0.0.1:9\nCASEWARD_LEASE_SECONDS=17\n", "utf-8"
    )
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CASEWARD_LEASE_SECONDS", "18")
    assert (variables().sms_url, read_settings().lease_seconds) == ("http://127.0.0.1:9", 18)
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_URL", "")
    assert variables().sms_url == ""
    kept_settings(tmp_path).write_text("CASEWARD_LEASE_SECONDS=soon\n", "utf-8")
    monkeypatch.delenv("CASEWARD_LEASE_SECONDS")
    with pytest.raises(SettingsError, match="CASEWARD_LEASE_SECONDS"):
        read_settings()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("s3cret\n", "utf-8")
    return file


def test_a_setting_may_be_read_from_a_file_that_a_variable_names(
    monkeypatch: pytest.MonkeyPatch, secret: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN_FILE", str(secret))
    assert variables().sms_token.get_secret_value() == "s3cret"
    folder = tmp_path / "named"
    folder.write_text(f"{tmp_path}\n", "utf-8")
    kept_settings(tmp_path).write_text("CASEWARD_LEASE_SECONDS=17\n", "utf-8")
    monkeypatch.setenv("CASEWARD_DATA_DIR_FILE", str(folder))
    assert (read_settings().data_dir, read_settings().lease_seconds) == (tmp_path, 17)


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_may_be_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str) -> None:
    file = tmp_path / "value"
    usual = Settings.model_fields[field].default
    value = {
        "lang": "en",
        "chromium": "/usr/bin/chromium",
        "database_url": "postgresql://h/d",
        "generator_currency": "HKD",
    }.get(field)
    file.write_text(value or (str(usual) if isinstance(usual, int | Path | Decimal) else "Asia/Shanghai"), "utf-8")
    if field.endswith("_url") and field not in ("database_url", "broker_url"):
        file.write_text("https://host.example", "utf-8")
    monkeypatch.setenv(f"CASEWARD_{field.upper()}_FILE", str(file))
    assert origins_in(os.environ, tmp_path)[field].kind == "file"
    assert field in read_settings().model_fields_set


def test_a_variable_and_its_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch, secret: Path) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN_FILE", str(secret))
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN", "another")
    with pytest.raises(
        SettingsError, match="CASEWARD_COPYRIGHT_SMS_TOKEN: is set, and so is CASEWARD_COPYRIGHT_SMS_TOKEN_FILE"
    ) as raised:
        variables()
    assert raised.value.cure == "unset one of the two"
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN", "")
    assert variables().sms_token.get_secret_value() == "s3cret"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot be read: No such file"),
        (b"", "holds nothing"),
        (b"a\nb\n", "more than one line"),
        (b"\xff", "no text"),
    ],
)
def test_a_file_that_holds_no_value_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, what: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN_FILE", str(file))
    with pytest.raises(SettingsError, match=r"^CASEWARD_COPYRIGHT_SMS_TOKEN_FILE: names .*token") as raised:
        variables()
    assert what in str(raised.value)


def test_a_wrong_value_in_a_file_is_named_with_the_files_variable(
    monkeypatch: pytest.MonkeyPatch, secret: Path
) -> None:
    monkeypatch.setenv("CASEWARD_LEASE_SECONDS_FILE", str(secret))
    with pytest.raises(SettingsError, match=r"^CASEWARD_LEASE_SECONDS_FILE: input should be a valid integer"):
        read_settings()


@pytest.mark.parametrize(
    ("variable", "value", "field"),
    [
        ("DATABASE_URL", "postgresql://h/d", "database_url"),
        ("REDIS_URL", "redis://h:6379/1", "broker_url"),
        ("CELERY_BROKER_URL", "redis://h:6379/2", "broker_url"),
        ("TZ", "Europe/Berlin", "timezone"),
    ],
)
def test_a_variable_of_others_is_read_where_ours_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, field: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(read_settings(data_dir=tmp_path), field) == value
    assert origins_in(os.environ, tmp_path)[field].variable == variable
    kept_settings(tmp_path).write_text(f"CASEWARD_{field.upper()}=Asia/Tokyo\n", "utf-8")
    assert getattr(read_settings(data_dir=tmp_path), field) == "Asia/Tokyo"
    monkeypatch.setenv(f"CASEWARD_{field.upper()}", "Asia/Seoul")
    assert getattr(read_settings(data_dir=tmp_path), field) == "Asia/Seoul"


def test_celerys_own_variable_counts_before_that_of_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://h:6379/1")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://h:6379/2")
    assert read_settings().broker_url == "redis://h:6379/2"


def test_ours_set_to_nothing_keeps_others_variables_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/d")
    monkeypatch.setenv("CASEWARD_DATABASE_URL", "")
    assert read_settings().database.startswith("sqlite:///")


@pytest.mark.parametrize("rule", [":/etc/localtime", "CST-8", "<+08>-8", ""])
def test_a_zone_that_is_a_rule_or_a_path_has_no_name_to_go_by(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    monkeypatch.setenv("TZ", rule)
    assert read_settings().timezone == "Asia/Shanghai"


# ---------------------------------------------------------------- the folder's own settings


def test_the_folders_settings_may_name_a_file_with_the_value(tmp_path: Path, secret: Path) -> None:
    kept_settings(tmp_path).write_text(f"CASEWARD_COPYRIGHT_SMS_TOKEN_FILE={secret}\n")
    installed = read_systems(read_settings(data_dir=tmp_path)).of("copyright")
    assert installed is not None
    assert installed.origins["sms_token"].kind == "file"
    assert variables(tmp_path).sms_token.get_secret_value() == "s3cret"
    kept_settings(tmp_path).write_text(
        f"CASEWARD_COPYRIGHT_SMS_TOKEN_FILE={secret}\nCASEWARD_COPYRIGHT_SMS_TOKEN=another\n"
    )
    with pytest.raises(
        SettingsError, match="CASEWARD_COPYRIGHT_SMS_TOKEN: is set, and so is CASEWARD_COPYRIGHT_SMS_TOKEN_FILE"
    ):
        variables(tmp_path)


def test_the_environment_counts_before_a_file_that_the_folder_names(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_settings(tmp_path).write_text(f"CASEWARD_COPYRIGHT_SMS_TOKEN_FILE={secret}\n")
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN", "of-the-environment")
    assert variables(tmp_path).sms_token.get_secret_value() == "of-the-environment"


def test_a_dollar_in_the_folders_settings_stands_for_itself(tmp_path: Path) -> None:
    kept_settings(tmp_path).write_text("CASEWARD_COPYRIGHT_SMS_TOKEN=a${HOME}b$c\nexport CASEWARD_LEASE_SECONDS='77'\n")
    settings = read_settings(data_dir=tmp_path)
    assert (variables(tmp_path).sms_token.get_secret_value(), settings.lease_seconds) == ("a${HOME}b$c", 77)


@pytest.mark.parametrize("name", ["CASEWARD_DATA_DIR", "caseward_data_dir", "CASEWARD_DATA_DIR_FILE"])
def test_the_folders_settings_move_no_record(tmp_path: Path, name: str) -> None:
    kept_settings(tmp_path).write_text(f"{name}={tmp_path / 'elsewhere'}\n")
    with pytest.raises(SettingsError, match=r"CASEWARD_DATA_DIR.*: stands in .*; take it out of there"):
        read_settings(data_dir=tmp_path)
    kept_settings(tmp_path).write_text(f"CASEWARD_DATA_DIR={tmp_path}\n")
    assert read_settings(data_dir=tmp_path).data_dir == tmp_path


@pytest.mark.parametrize("line", ["CASEWARD_LANG", "CASEWARD_COPYRIGHT_SMS_TOKEN: x", "what is this", "= 7"])
def test_a_line_that_sets_nothing_is_named(tmp_path: Path, line: str) -> None:
    kept_settings(tmp_path).write_text(f"# ours\n\nCASEWARD_LEASE_SECONDS=17\n{line}\n")
    with pytest.raises(SettingsError, match=r"settings\.env: line 4 sets nothing"):
        read_settings(data_dir=tmp_path)


async def test_a_name_of_the_folders_settings_that_sets_nothing_is_told(tmp_path: Path) -> None:
    kept_settings(tmp_path).write_text("CASEWARD_COPYRIGHT_SMS_TOKN=x\nLEASE_SECONDS=7\nCASEWARD_LANG=en\n")
    (found,) = await health.variables(read_settings(data_dir=tmp_path))
    assert (
        found.parts["names"]
        == "CASEWARD_COPYRIGHT_SMS_TOKN (CASEWARD_COPYRIGHT_SMS_TOKEN?), LEASE_SECONDS (CASEWARD_LEASE_SECONDS?)"
    )
