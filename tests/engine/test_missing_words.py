"""A setting that a notice holds, or that only a named line needs: the line waits, nothing that was begun is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.letters import Letter, S, done, never, post
from tests.engine.parcels import LOST, MINUTE, PLATFORM, charge, is_paid, offices
from workflow import Case, Message, Stay, To
from workflow.record.values import EffectStatus


def posted_notice(case: Case[Letter]) -> list[Message]:
    return [Message("posted", "ada", "13800138000", "It is posted; see it at our page.")]


async def test_a_line_waits_whose_words_hold_a_setting_that_is_missing(tmp_path: Path) -> None:
    telling = To(S.posted, do=post, tell=posted_notice)
    async with offices(tmp_path, telling) as here:
        here.bench.dependencies.unsaid = {"parcels": {"posted_notice": ("CASEWARD_PAGE_URL",)}}
        await here.sweep()
        parcel = await here.parcel()
        assert (parcel.claim.state, parcel.claim.effects) == (S.written, ())
        assert (await here.why(parcel)).detail == {"settings": ["CASEWARD_PAGE_URL"]}
        here.bench.dependencies.unsaid = {}
        await here.live(10 * MINUTE)
        assert (await here.parcel()).claim.state == S.posted


async def test_what_was_begun_is_written_down_though_its_words_lack_a_setting(tmp_path: Path) -> None:
    async with offices(tmp_path, To(S.posted, do=post, tell=posted_notice)) as here:
        here.office.loses, here.office.answers = [None, LOST], [done("asked")]
        await here.sweep()
        here.bench.dependencies.unsaid = {"parcels": {"posted_notice": ("CASEWARD_PAGE_URL",)}}
        await here.live(5 * MINUTE, 5 * MINUTE)
        parcel = await here.parcel()
        assert (parcel.claim.state, [one.status for one in parcel.claim.effects]) == (S.written, [EffectStatus.done])
        assert await here.bench.store.messages_of(parcel.claim.case) == []
        here.bench.dependencies.unsaid = {}
        await here.live(10 * MINUTE)
        parcel = await here.parcel()
        assert parcel.claim.state == S.posted
        assert len(await here.bench.store.messages_of(parcel.claim.case)) == 1


def in_order(case: Case[Letter]) -> bool:
    return case.data.stamp != "none"


@pytest.mark.parametrize(("stamp", "missed"), [(None, [PLATFORM]), ("none", [])])
async def test_a_wait_names_what_a_line_of_its_state_lacks_that_a_name_alone_takes(
    stamp: str | None, missed: list[str], tmp_path: Path
) -> None:
    """The sweep of such a line says nothing of the case; where its guards refuse it, it lacks nothing."""
    named = Stay(when=[in_order, is_paid], do=charge, name="charge")
    async with offices(tmp_path, named, To(S.posted, when=never), stamp=stamp) as here:
        here.lack(PLATFORM)
        await here.bench.engine.sweep("parcels", "written", only="charge")
        await here.sweep()
        told = await here.why(await here.parcel())
        assert told.detail.get("settings", []) == missed
        assert [one.line for one in told.lines] == [To(S.posted, when=never).key]
        here.lack()
        await here.live(10 * MINUTE)
        assert (await here.why(await here.parcel())).reason == "guard_false"
