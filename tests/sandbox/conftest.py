"""A sandbox with a stopped clock on a Monday morning, and ways to talk to it in process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox.office import Outside

TITLE = "河畔图书借阅管理软件"


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with Outside(tmp_path, world()) as running:
        yield running


@pytest.fixture
def cut() -> type[Exception]:
    return httpx.ReadError


def world(**parts: object) -> dict[str, object]:
    return {
        "start": "2026-03-02T09:00:00+08:00",
        "accounts": [
            {"login": "office-01", "password": "right", "known_devices": ["desk"]},
            {"login": "office-02", "password": "right", "known_devices": ["desk-2"]},
        ],
        "phones": {"13800000001": "移动", "13300000001": "电信", "13000000001": "联通"},
        **parts,
    }
