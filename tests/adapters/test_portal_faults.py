"""What is certain after each fault of the bureau: nothing done, refused, or something that may have happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.browser.chromium_process import Browser
from adapters.bureau.filing_form import FilingForm
from adapters.bureau.portal import Portal
from adapters.names import Spelling
from tests.adapters.conftest import Office, office_at
from tests.adapters.forms import form, materials, pdf, person
from tests.adapters.outside import running
from workflow.errors import Closed, Drifted, Fenced, LoginNeeded, NotSent, Refused, RemoteError, Unknown
from workflow.sentence import Sentence

pytestmark = pytest.mark.browser

LOGIN, NAME = "office-10", "林知远"
LOGINS: dict[str, type[RemoteError]] = {
    "{portal}/login?why=timeout": LoginNeeded,
    "/portal/login": LoginNeeded,
    "/portal/drafts/login": Unknown,
    "/mail/login": Unknown,
    "http://[/portal/login": Unknown,
    "http://elsewhere.invalid/portal/login": Unknown,
}
"""Where an answer to the last click leads, and what is certain then."""


def filled(title: str) -> FilingForm:
    """What the draft of this title is filled with."""
    people = (person(NAME), person("周闻", "13900000110")) if "合作" in title else (person(NAME),)
    made = form(title, *people)
    return made.model_copy(update={"software": made.software.model_copy(update={"development_mode": "委托开发"})})


@asynccontextmanager
async def ready(office: Office, title: str, *, sealed: bool = True, login: str = LOGIN) -> AsyncIterator[Portal]:
    """The portal with a saved draft of this title, whose marker is the title too."""
    async with office.at(login) as portal:
        session = {name: str(value) for name, value in office.book.sessions[login].items()}
        office.outside.prepare(session, title, filled(title), sealed=sealed)
        yield portal


async def confirmed(office: Office, portal: Portal, title: str) -> None:
    await portal.confirm(title, 0, filled(title), {}, gate=office.gate)


@pytest.mark.parametrize("kind", ["apply_drop_reply", "half_reply", "error_500", "hang"])
async def test_a_confirmation_without_its_reply_may_have_happened_and_is_made_once(office: Office, kind: str) -> None:
    """Chromium itself would send it anew when the connection dies; the egress lets one pass."""
    title = f"失联{kind}"
    async with ready(office, title) as portal:
        office.outside.fault("confirm", kind, title, applied=True, count=5)
        with pytest.raises(Unknown):
            await confirmed(office, portal, title)
    assert office.outside.applied("confirm", title) == 1
    assert office.shots[-1][0].startswith("confirm")


@pytest.mark.parametrize("fenced", [False, True])
async def test_a_confirmation_that_lands_late_is_stopped_by_a_fence(office: Office, fenced: bool) -> None:
    title = f"迟到{'有' if fenced else '无'}隔离"
    async with ready(office, title, login="office-18") as portal:
        office.outside.fault("confirm", "apply_late", title, seconds=60)
        with pytest.raises(Unknown):
            await confirmed(office, portal, title)
    if fenced:
        assert await office.bureau.fence(office.seat("office-18", office.book.sessions["office-18"]))
    office.outside.control("clock", {"advance_seconds": 120})
    assert office.outside.applied("confirm", title) == (0 if fenced else 1)


async def test_a_busy_page_after_the_click_may_hide_a_confirmation(office: Office) -> None:
    async with ready(office, "繁忙之后") as portal:
        office.outside.fault("confirm", "busy_page", "繁忙之后", applied=True)
        with pytest.raises(Unknown, match="busy"):
            await confirmed(office, portal, "繁忙之后")
    assert office.outside.applied("confirm", "繁忙之后") == 1


async def test_a_busy_page_before_the_click_means_that_nothing_was_sent(office: Office) -> None:
    async with ready(office, "繁忙之前") as portal:
        office.outside.fault("confirm_page", "busy_page", "繁忙之前")
        with pytest.raises(NotSent):
            await confirmed(office, portal, "繁忙之前")
        await confirmed(office, portal, "繁忙之前")
    assert office.outside.applied("confirm", "繁忙之前") == 1


async def test_a_changed_page_stops_the_hand_before_the_click(office: Office) -> None:
    async with ready(office, "改版之前") as portal:
        office.outside.fault("confirm_page", "changed_page", "改版之前")
        with pytest.raises(Drifted, match="新版"):
            await confirmed(office, portal, "改版之前")
    assert office.outside.applied("confirm", "改版之前") == 0
    assert office.shots[-1][0] == "confirm"


async def test_a_receipt_that_looks_different_is_no_definite_answer(office: Office) -> None:
    async with ready(office, "改版之后") as portal:
        office.outside.fault("confirm", "changed_page", "改版之后")
        with pytest.raises(Unknown):
            await confirmed(office, portal, "改版之后")
    assert office.outside.applied("confirm", "改版之后") == 1


async def test_somebody_elses_login_ends_the_session_before_anything_is_applied(office: Office) -> None:
    async with ready(office, "被踢下线", login="office-11") as portal:
        office.outside.fault("confirm", "kick", "被踢下线")
        with pytest.raises(LoginNeeded, match="其他地点"):
            await confirmed(office, portal, "被踢下线")
        with pytest.raises(LoginNeeded):
            await portal.draft("被踢下线", 0)
    assert office.outside.applied("confirm", "被踢下线") == 0


class Leading:
    """A door before the sandbox that takes a confirmation and leads elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.to = app, ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = self.to and scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/confirm")
        answer: ASGIApp = Response(status_code=303, headers={"location": self.to}) if taken else self._app
        await answer(scope, receive, send)


async def test_only_the_bureaus_own_login_says_that_nothing_was_filed(tmp_path: Path, browser: Browser) -> None:
    """Any address that ended in /login was taken for it, and the filing was made again."""
    doors: list[Leading] = []

    def between(app: ASGIApp) -> ASGIApp:
        doors.append(Leading(app))
        return doors[0]

    with running(tmp_path / "leading", between) as outside:
        office = office_at(outside, browser, outside.portal)
        for place, (to, error) in enumerate(LOGINS.items()):
            async with ready(office, f"引向{place}") as portal:
                doors[0].to = to.format(portal=outside.portal)
                with pytest.raises(error):
                    await confirmed(office, portal, f"引向{place}")
                doors[0].to = ""


async def test_a_page_of_another_title_or_applicant_is_not_confirmed(office: Office) -> None:
    async with ready(office, "回显核对") as portal:
        with pytest.raises(Drifted, match="full_name"):
            await portal.confirm("回显核对", 0, filled("另一软件"), {}, gate=office.gate)
        other = form("回显核对", person("周闻"))
        with pytest.raises(Drifted, match="applicant"):
            await portal.confirm("回显核对", 0, other, {}, gate=office.gate)
    assert office.outside.applied("confirm", "回显核对") == 0


async def test_a_lost_right_at_the_gate_stops_the_click(office: Office) -> None:
    async def gone() -> None:
        raise Fenced("RZ-0001", Sentence("lost", "the lease is another's"))

    async with ready(office, "失去权利", sealed=False) as portal:
        with pytest.raises(Fenced):
            await portal.upload_seal_page("失去权利", 0, filled("失去权利"), {}, pdf("signed"), gate=gone)
    assert office.outside.applied("upload_seal", "失去权利") == 0


async def test_a_seal_page_without_its_reply_was_uploaded_once(office: Office) -> None:
    async with ready(office, "签章失联", sealed=False) as portal:
        office.outside.fault("upload_seal", "apply_drop_reply", "签章失联", count=5)
        with pytest.raises(Unknown):
            await portal.upload_seal_page("签章失联", 0, filled("签章失联"), {}, pdf("signed"), gate=office.gate)
        draft = await portal.draft("签章失联", 0)
        assert draft is not None
        assert draft.seal_uploaded
    assert office.outside.applied("upload_seal", "签章失联") == 1


async def test_the_blank_page_is_refused_as_a_seal_page(office: Office) -> None:
    async with ready(office, "空白签章", sealed=False) as portal:
        blank = (await portal.blank_seal_page("空白签章", Spelling("空白签章", "V1.0"))).pdf
        with pytest.raises(Refused, match="尚未签章"):
            await portal.upload_seal_page("空白签章", 0, filled("空白签章"), {}, blank, gate=office.gate)
        with pytest.raises(Refused, match="签章页"):
            await confirmed(office, portal, "空白签章")


async def test_a_code_request_without_its_reply_is_made_once(office: Office) -> None:
    title = "合作失联"
    async with ready(office, title) as portal:
        office.outside.fault("request_code", "apply_drop_reply", title, count=5)
        with pytest.raises(Unknown):
            await portal.request_code(title, 0, filled(title), "周闻", gate=office.gate)
    assert office.outside.applied("request_code", title) == 1


async def test_a_wrong_code_is_an_answer_and_not_an_error(office: Office) -> None:
    title = "合作错码"
    async with ready(office, title) as portal:
        await portal.request_code(title, 0, filled(title), "周闻", gate=office.gate)
        result = await portal.enter_codes(title, 0, filled(title), {"周闻": "000000"}, gate=office.gate)
        assert result.accepted == ()
        assert result.refused == {"周闻": "wrong"}
        with pytest.raises(Refused, match="no code"):
            await portal.request_code(title, 0, filled(title), NAME, gate=office.gate)


async def test_a_success_page_without_effect_shows_only_in_the_question_afterwards(office: Office) -> None:
    async with ready(office, "空头回执") as portal:
        office.outside.fault("confirm", "reply_not_apply", "空头回执")
        await confirmed(office, portal, "空头回执")
        draft = await portal.draft("空头回执", 0)
        assert draft is not None
        assert not draft.confirmed


async def test_a_value_that_the_bureau_does_not_take_is_refused_in_its_own_words(office: Office) -> None:
    wrong = form("邮编有误软件")
    wrong = wrong.model_copy(update={"applicant": wrong.applicant.model_copy(update={"postcode": "12"})})
    async with office.at(LOGIN) as portal:
        with pytest.raises(Refused, match="邮"):
            await portal.save_draft("邮编有误软件", 0, wrong, materials())


async def test_a_closed_bureau_says_so_and_the_draft_is_found_the_next_morning(office: Office) -> None:
    async with ready(office, "闭馆之前") as portal:
        office.outside.at_night()
        with pytest.raises(Closed):
            await confirmed(office, portal, "闭馆之前")
        with pytest.raises(Closed):
            await office.sessions.state(LOGIN)
    office.outside.next_morning()
    async with office.at(LOGIN) as portal:
        await confirmed(office, portal, "闭馆之前")
    assert office.outside.doubled == 0
