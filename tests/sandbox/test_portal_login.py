"""The bureau's login: one live session an account, captchas now and then, closed at night."""

from __future__ import annotations

from tests.sandbox.office import Outside


async def test_a_known_device_logs_in_without_a_captcha(outside: Outside) -> None:
    clerk = outside.clerk()
    assert "captcha-image" not in (await clerk.get("/portal/login")).html
    page = await clerk.log_in()
    assert (page.page, page.text("account-name")) == ("home", "office-01")


async def test_a_new_device_is_asked_for_a_captcha_that_a_person_can_read(outside: Outside) -> None:
    clerk = outside.clerk(device="")
    asked = await clerk.log_in()
    assert asked.errors == ["请输入图片验证码"]
    number = asked.html.split('name="captcha_id" value="')[1].split('"')[0]
    picture = await clerk.client.get(f"/portal/captcha/{number}.png")
    assert picture.content.startswith(b"\x89PNG")
    read = await outside.control.post("/control/captcha", content=picture.content)
    page = await clerk.log_in(captcha=read.json()["text"].lower(), captcha_id=number)
    assert page.page == "home"
    await clerk.post("/portal/logout")
    assert (await clerk.log_in()).page == "home"


async def test_a_captcha_counts_once(outside: Outside) -> None:
    clerk = outside.clerk(device="")
    asked = await clerk.log_in()
    number = asked.html.split('name="captcha_id" value="')[1].split('"')[0]
    picture = await clerk.client.get(f"/portal/captcha/{number}.png")
    text = (await outside.control.post("/control/captcha", content=picture.content)).json()["text"]
    assert (await clerk.log_in(password="wrong", captcha=text, captcha_id=number)).errors == [
        "账号或密码错误，请核对后重新输入"
    ]
    assert (await clerk.log_in(captcha=text, captcha_id=number)).errors == ["图片验证码错误"]


async def test_a_wrong_password_is_said_definitely_and_the_next_try_wants_a_captcha(outside: Outside) -> None:
    clerk = outside.clerk()
    assert (await clerk.log_in(password="wrong")).errors == ["账号或密码错误，请核对后重新输入"]
    assert (await clerk.log_in()).errors == ["请输入图片验证码"]


async def test_a_login_elsewhere_ends_the_session_and_says_so(outside: Outside) -> None:
    clerk = await outside.at_work()
    assert (await outside.control.post("/control/kick", json={"account": "office-01"})).json() == {"kicked": True}
    thrown_out = await clerk.get("/portal/")
    assert thrown_out.page == "login"
    assert thrown_out.text("login-notice") == "您的账号已在其他地点登录，您已被迫下线"
    assert (await clerk.log_in()).errors == ["请输入图片验证码"]


async def test_a_fresh_login_on_the_same_device_replaces_the_session_without_a_captcha(outside: Outside) -> None:
    old, new = await outside.at_work(), await outside.at_work()
    assert "why=elsewhere" in (await old.get("/portal/")).url
    assert (await new.get("/portal/")).page == "home"
    assert (await outside.clerk().log_in()).page == "home"


async def test_token_and_key_are_valid_only_as_a_pair(outside: Outside) -> None:
    clerk = await outside.at_work()
    clerk.client.cookies.set("key", "another", domain="bureau.example", path="/portal")
    assert (await clerk.get("/portal/")).page == "login"


async def test_half_an_hour_without_a_request_ends_a_session(outside: Outside) -> None:
    clerk = await outside.at_work()
    for _ in range(3):
        await outside.later(seconds=25 * 60)
        assert (await clerk.get("/portal/")).page == "home"
    await outside.later(seconds=31 * 60)
    assert (await clerk.get("/portal/")).text("login-notice") == "登录超时，请重新登录"


async def test_every_page_is_shut_from_eleven_at_night_to_eight(outside: Outside) -> None:
    clerk = await outside.at_work()
    await outside.control.post("/control/clock", json={"set": "2026-03-02T22:59:59+08:00"})
    assert (await clerk.log_in()).page == "home"
    await outside.later(seconds=1)
    for page in [await clerk.get("/portal/"), await clerk.log_in(), await clerk.get("/portal/nowhere")]:
        assert (page.page, page.status) == ("closed", 200)
    await outside.control.post("/control/clock", json={"set": "2026-03-03T08:00:00+08:00"})
    assert (await clerk.log_in()).page == "home"


async def test_a_foreign_number_is_a_page_with_status_200_too(outside: Outside) -> None:
    mine, other = await outside.at_work(), await outside.at_work("office-02", "desk-2")
    draft = await mine.begin()
    page = await other.get(f"/portal/drafts/{draft}")
    assert (page.page, page.status) == ("missing", 200)


async def test_hours_jumped_over_end_no_session_when_they_are_said_to_be_kept(outside: Outside) -> None:
    clerk = await outside.at_work()
    afternoon = {"set": "2026-03-02T15:00:00+08:00", "keep_sessions": True}
    assert (await outside.control.post("/control/clock", json=afternoon)).status_code == 200
    assert (await clerk.get("/portal/")).page == "home"
    morning = {"set": "2026-03-03T09:00:00+08:00", "keep_sessions": True}
    await outside.control.post("/control/clock", json=morning)
    assert "why=timeout" in (await clerk.get("/portal/")).url


async def test_a_session_that_had_ended_is_not_kept(outside: Outside) -> None:
    clerk = await outside.at_work()
    await outside.control.post("/control/clock", json={"advance_seconds": 3600})
    await outside.control.post("/control/clock", json={"advance_seconds": 60, "keep_sessions": True})
    assert "why=timeout" in (await clerk.get("/portal/")).url
    assert (await outside.control.post("/control/clock", json={"keep_sessions": 1})).status_code == 422
