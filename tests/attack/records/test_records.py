"""Each kind of tampering once, on SQLite; some of them on PostgreSQL. The full size is `make attack ARGS=records`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.records.full import judged, tried
from tests.attack.records.kinds import KINDS
from tests.attack.records.record import original
from tests.servers import database_of_its_own


async def test_a_sound_record_gives_no_alarm_and_each_kind_of_tampering_is_found_by_name(tmp_path: Path) -> None:
    async with original(tmp_path / "sound") as sound:
        assert await judged(sound.url, sound.folder, sound, None) == []
        figures = await tried(sound, tmp_path, list(KINDS), 11, len(KINDS))
    assert figures["shortcomings"] == []
    assert figures["tries"] > len(KINDS) * 0.9
    assert len(KINDS) >= 37


@pytest.mark.postgres
async def test_and_so_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    url = await database_of_its_own(postgres_url, "records")
    async with original(tmp_path / "sound", url) as sound:
        assert await judged(sound.url, sound.folder, sound, None) == []
        figures = await tried(sound, tmp_path, list(KINDS)[::4], 12, len(KINDS) // 4)
    assert figures["shortcomings"] == []
    assert figures["tries"] > len(KINDS) // 4 * 0.8
