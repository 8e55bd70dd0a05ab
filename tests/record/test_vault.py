"""What is sealed opens at its own place alone, and keys that are not kept safe are refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from workflow.errors import SettingsError
from workflow.record.vault import Unsealable, Vault, add_key, make_keys, open_vault

PLACE = {"table": "accounts", "row": "1", "column": "password"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


@pytest.fixture
def vault(path: Path) -> Vault:
    make_keys(path)
    return open_vault(path)


def test_what_was_sealed_opens_at_its_place(vault: Vault) -> None:
    sealed = vault.seal("密码".encode(), **PLACE)
    assert "密码".encode() not in sealed
    assert vault.open(sealed, **PLACE).decode() == "密码"


@pytest.mark.parametrize("moved", [{"table": "secrets"}, {"row": "2"}, {"column": "session"}])
def test_it_opens_nowhere_else(vault: Vault, moved: dict[str, str]) -> None:
    sealed = vault.seal(b"secret", **PLACE)
    with pytest.raises(Unsealable, match="belongs to another row"):
        vault.open(sealed, **{**PLACE, **moved})


def test_no_bit_of_it_can_be_changed(vault: Vault) -> None:
    sealed = vault.seal(b"secret", **PLACE)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Unsealable):
            vault.open(changed, **PLACE)
    for cut in (b"", sealed[:5], sealed[:-1]):
        with pytest.raises(Unsealable):
            vault.open(cut, **PLACE)


def test_the_same_value_is_sealed_differently_each_time(vault: Vault) -> None:
    assert vault.seal(b"secret", **PLACE) != vault.seal(b"secret", **PLACE)


def test_keys_are_made_once_and_for_their_owner_alone(path: Path, vault: Vault) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_vault(path).open(vault.seal(b"x", **PLACE), **PLACE) == b"x"
    assert os.listdir(path.parent) == ["keys.json"]


def test_keys_that_others_can_read_are_refused_with_the_cure(path: Path, vault: Vault) -> None:
    path.chmod(0o640)
    with pytest.raises(SettingsError, match=r"mode 0640.*; chmod 600"):
        open_vault(path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"sealing": [], "chain": []}', '{"sealing": [{"id": "a"}]}'])
def test_a_file_that_is_no_key_file_is_refused(path: Path, vault: Vault, text: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"not a key file|holds nothing"):
        open_vault(path)


def test_a_short_key_is_refused(path: Path, vault: Vault) -> None:
    rings = json.loads(path.read_text())
    rings["sealing"][0]["key"] = "c2hvcnQ="
    path.write_text(json.dumps(rings))
    with pytest.raises(SettingsError, match="has 5 bytes, not 32"):
        open_vault(path)


def test_a_new_key_seals_and_the_old_one_still_opens(path: Path, vault: Vault) -> None:
    old = vault.seal(b"secret", **PLACE)
    add_key(path)
    rotated = open_vault(path)
    assert rotated.open(old, **PLACE) == b"secret"
    assert rotated.key_of(rotated.seal(b"secret", **PLACE)) not in (rotated.key_of(old), "")
    with pytest.raises(Unsealable, match="not in the key ring"):
        vault.open(rotated.seal(b"secret", **PLACE), **PLACE)
    assert path.stat().st_mode & 0o777 == 0o600


def test_equal_values_have_equal_fingerprints_that_tell_nothing(path: Path, vault: Vault) -> None:
    mark = vault.fingerprint("case", "739164")
    assert mark == vault.fingerprint("case", "739164") != vault.fingerprint("case", "739165")
    add_key(path)
    assert open_vault(path).fingerprint("case", "739164") == mark, "a rotation makes no used code look new"


def test_a_key_ring_shows_no_key(vault: Vault) -> None:
    assert repr(vault.chain) == f"Ring({vault.chain.newest})"
