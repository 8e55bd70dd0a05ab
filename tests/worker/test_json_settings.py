"""Lists, sets, dictionaries and models among a system's settings are written as JSON, and shown the same way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, Field, SecretStr, field_validator

from caseward.app.systems import read_system
from tests.console.transcripts import spoken
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.errors import SettingsError
from workflow.settings import read_settings
from workflow.system import System, SystemSettings


class Fee(BaseModel):
    amount: Decimal
    currency: str = "CNY"


@dataclass(frozen=True)
class Open:
    at: str


def split(text: object) -> object:
    return text.split("+") if isinstance(text, str) else text


class Parts(SystemSettings):
    """Settings of every form."""

    offices: list[str] = Field(default_factory=list)
    limits: Mapping[str, int] = Field(default_factory=lambda: {"ada": 1})
    pages: frozenset[int] = frozenset()
    fee: Fee | None = None
    hours: Open = Open("08:00")
    mirrors: tuple[str, ...] | None = None
    either: str | list[str] = "one"
    plus: Annotated[tuple[str, ...], BeforeValidator(split)] = ()
    minus: tuple[str, ...] = ()
    keys: tuple[SecretStr, ...] = ()
    name: str = "[a]"

    @field_validator("minus", mode="before")
    @classmethod
    def apart(cls, text: object) -> object:
        return text.split("-") if isinstance(text, str) else text


SYSTEM = System("parts", "部件", "Parts", settings=Parts)


def read(monkeypatch: pytest.MonkeyPatch, folder: Path, field: str, text: str) -> Any:
    monkeypatch.setenv(SYSTEM.variables[field], text)
    return getattr(read_system(SYSTEM, read_settings(data_dir=folder)).settings, field)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("offices", '["Hall", "杭州"]', ["Hall", "杭州"]),
        ("limits", '{"ada": 3}', {"ada": 3}),
        ("pages", "[3, 1, 3]", frozenset({1, 3})),
        ("fee", '{"amount": "12.50"}', Fee(amount=Decimal("12.50"))),
        ("hours", '{"at": "09:00"}', Open("09:00")),
        ("mirrors", '["a"]', ("a",)),
        ("mirrors", "null", None),
        ("either", "two", "two"),
        ("plus", "a+b", ("a", "b")),
        ("minus", "a-b", ("a", "b")),
        ("name", '["a"]', '["a"]'),
    ],
)
def test_what_has_parts_is_read_as_json_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str, text: str, value: object
) -> None:
    assert read(monkeypatch, tmp_path, field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "what"),
    [
        (
            "offices",
            "Hall, Attic",
            r'it is no JSON \(Expecting value: .*\); write it as in \["a", "b"\] or {"a": 1}; unset',
        ),
        ("offices", '"Hall"', "valid list"),
        ("limits", '{"ada": "many"}', "valid integer"),
        ("limits", "[1]", r'valid dictionary; unset it, which means {"ada": 1}, or correct it'),
    ],
)
def test_what_does_not_parse_is_refused_with_how_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str, text: str, what: str
) -> None:
    with pytest.raises(SettingsError, match=f"{SYSTEM.variables[field]}: .*{what}"):
        read(monkeypatch, tmp_path, field, text)


def test_a_list_is_set_and_shown_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CASEWARD_APP", "tests.worker.test_json_settings:SYSTEM")
    monkeypatch.setenv("COLUMNS", "200")
    assert spoken(["migrate"])[0] == 0

    def told(*args: str) -> tuple[int, str]:
        code, out, err = spoken(["--lang", "en", "settings", *args])
        return code, out or err

    places = '["https://ada:secret@mirror.example", "杭州"]'
    code, said = told("set", "parts_offices", places, "--reason", "a try")
    assert (code, '["https://ada:••••••@mirror.example", "杭州"]' in said) == (0, True)
    assert "is not set → " in said or "→" in said
    _, listed = told("list")
    assert '["https://ada:••••••@mirror.example", "杭州"]' in listed
    assert '{"ada": 1}' in listed
    rows = {row["name"]: row["value"] for row in json.loads(told("list", "--json")[1])["data"]}
    assert rows["CASEWARD_PARTS_LIMITS"] == {"ada": 1}
    code, said = told("set", "parts_offices", "Hall, Attic", "--reason", "a try")
    assert code == 2
    assert 'it is no JSON (Expecting value: line 1 column 1 (char 0)); write it as in ["a", "b"]' in said
