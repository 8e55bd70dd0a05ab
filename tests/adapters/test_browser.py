"""A frozen or dead Chromium or driver costs one step: it is killed whole, replaced, and nothing of it is left."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.browser.chromium_search import Found
from adapters.browser.processes import driver_of, marked
from tests.adapters.conftest import Office, office_at
from tests.adapters.forms import form
from tests.adapters.outside import Outside
from workflow.errors import NotSent, Unknown

pytestmark = pytest.mark.browser

TITLE = "冻结核对"


@pytest.fixture
async def frail(outside: Outside, chromium: Found) -> AsyncIterator[Office]:
    """An office whose browser is given up after four seconds."""
    browser = Browser(chromium, Deadlines(page=3.0, step=4.0, close=1.0))
    yield office_at(outside, browser, outside.portal)
    await browser.close()


def profiles(processes: list[psutil.Process]) -> set[Path]:
    """The profile folders that these processes were started with; other programs have theirs beside them."""
    flag = "--user-data-dir="
    return {Path(part.removeprefix(flag)) for one in processes for part in one.cmdline() if part.startswith(flag)}


def family(browser: Browser) -> list[psutil.Process]:
    marker = browser.marker
    assert marker is not None
    driver = driver_of(marker)
    assert driver is not None
    return [*marked(marker), psutil.Process(driver)]


@pytest.mark.parametrize("whom", ["chromium", "driver"])
async def test_a_frozen_one_is_killed_with_its_tree_and_the_next_step_has_a_new_one(frail: Office, whom: str) -> None:
    async with frail.at("office-13") as portal:
        assert await portal.draft("RZ-0131", 0) is None
        old = family(frail.browser)
        used = profiles(old)
        for process in old if whom == "chromium" else old[-1:]:
            process.send_signal(signal.SIGSTOP)
        with pytest.raises(NotSent, match="frozen"):
            await portal.draft("RZ-0131", 0)
        assert not [process for process in old if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    async with frail.at("office-13") as portal:
        assert await portal.draft("RZ-0131", 0) is None
    assert frail.browser.replaced == 1
    assert used
    assert not [folder for folder in used if folder.exists()]


@pytest.mark.parametrize("whom", ["chromium", "driver"])
async def test_a_dead_one_is_replaced_when_it_is_next_wanted(frail: Office, whom: str) -> None:
    async with frail.at("office-14") as portal:
        assert await portal.draft("RZ-0132", 0) is None
        old = family(frail.browser)
        for process in old[:-1] if whom == "chromium" else old[-1:]:
            process.kill()
        with pytest.raises(NotSent):
            await portal.draft("RZ-0132", 0)
    async with frail.at("office-14") as portal:
        assert await portal.draft("RZ-0132", 0) is None
    assert not [process for process in old if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


async def test_a_chromium_that_freezes_after_the_click_leaves_it_unknown(frail: Office) -> None:
    session = frail.outside.log_in("office-15")
    frail.outside.prepare(session, TITLE, form(TITLE))
    frail.outside.fault("confirm", "hang", TITLE, applied=True)
    async with frail.bureau.connect(frail.seat("office-15", session), frail.keep) as portal:
        with pytest.raises(Unknown):
            await portal.confirm(TITLE, 0, form(TITLE), {}, gate=frail.gate)
    assert frail.outside.applied("confirm", TITLE) == 1


async def test_a_signal_to_the_processes_of_the_terminal_ends_no_step(frail: Office) -> None:
    async with frail.at("office-17") as portal:
        for process in family(frail.browser):
            if os.getpgid(process.pid) == os.getpgrp():  # a terminal signals the group that it shows
                process.send_signal(signal.SIGINT)
        assert await portal.draft("RZ-0133", 0) is None
    assert frail.browser.replaced == 0


async def test_after_it_is_closed_no_process_and_no_profile_is_left(frail: Office) -> None:
    async with frail.at("office-16"):
        old = family(frail.browser)
        used = profiles(old)
    await frail.browser.close()
    assert not [process for process in old if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert used
    assert not [folder for folder in used if folder.exists()]


async def test_a_chromium_that_does_not_start_means_that_nothing_was_sent(outside: Outside, chromium: Found) -> None:
    office = office_at(outside, Browser(replace(chromium, executable="/bin/false")), outside.portal)
    with pytest.raises(NotSent, match="does not start"):
        async with office.at("office-17"):
            pytest.fail("a context without a Chromium")
