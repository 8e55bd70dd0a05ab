"""A variable may name a file with its value; what is no plain file of one value is refused at once, and never read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from time import monotonic

import pytest

from workflow.errors import SettingsError
from workflow.sources import origins

NAMES = {"broker_url": "CASEWARD_BROKER_URL"}


def refusal(file: Path) -> str:
    begun = monotonic()
    with pytest.raises(SettingsError) as refused:
        origins(NAMES, {"CASEWARD_BROKER_URL_FILE": str(file)}, None)
    assert monotonic() - begun < 2
    assert refused.value.cure
    return refused.value.what


def test_what_is_no_plain_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    assert "is a pipe, no file" in refusal(tmp_path / "pipe")
    assert "is a socket, no file" in refusal(tmp_path / "socket")
    assert "is a folder, no file" in refusal(tmp_path)
    assert "is a device, no file" in refusal(Path("/dev/zero"))


def test_too_much_and_nothing_are_named(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.touch()
    assert "holds nothing" in refusal(large)
    os.truncate(large, 1 << 40)
    assert "holds more than 65536 bytes" in refusal(large)


def test_what_cannot_be_read_or_is_no_text_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "missing")
    (tmp_path / "gbk").write_bytes("地址".encode("gbk"))
    assert "holds no text" in refusal(tmp_path / "gbk")
