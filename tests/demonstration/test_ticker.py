"""What `caseward up` prints for a system that has few words of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from caseward.app.systems import Systems, read_system
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language
from caseward.demonstration.up import ticker_of
from tests.worker.test_systems import TILL
from workflow.settings import read_settings


@pytest.mark.parametrize(("language", "line"), [("en", "03-07  a new day"), ("zh-CN", "03-07  新的一天")])
def test_a_new_day_is_told_to_a_flow_without_words_for_the_night(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: Language, line: str
) -> None:
    """It fell back to a sentence of ours of the same name, whose places stood there unfilled."""
    systems = Systems((read_system(TILL, read_settings(data_dir=tmp_path)),))
    shown = ticker_of(Texts(language), systems)
    for day in (6, 7):
        shown.below(datetime(2090, 3, day, 4, tzinfo=UTC), {flow: {} for flow in systems.plans}, 0)
    assert line in capsys.readouterr().out.splitlines()
