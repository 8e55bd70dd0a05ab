"""The settings' page is what the settings' model says, in both languages."""

from __future__ import annotations

import pytest

from caseward.console.commands.system.origins import table
from caseward.console.wording.words import LANGUAGES, Language
from tests.docs.pages import page
from workflow.settings import VARIABLES
from workflow.sources import FALLBACKS

NAMES = {"en": "docs/settings.md", "zh-CN": "docs/settings.zh-CN.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_page_is_made_of_the_settings(language: Language) -> None:
    assert page(NAMES[language]).text.endswith(f"\n\n{table(language)}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_names_every_setting_and_every_variable_of_others(language: Language) -> None:
    shown = table(language)
    others = [variable for variables in FALLBACKS.values() for variable in variables]
    assert [name for name in (*VARIABLES.values(), *others) if f"`{name}`" not in shown] == []
