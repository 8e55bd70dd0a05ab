"""Logging in to the bureau: account, password, and now and then a captcha; one live session an account."""

from __future__ import annotations

import hashlib
import secrets

from starlette.responses import Response

from caseward.sandbox import captcha
from caseward.sandbox.call import Call
from caseward.sandbox.html import render
from caseward.sandbox.portal.visit import Visit, go, idle, live_session, missing
from caseward.sandbox.world import World

NOTICES = {
    "elsewhere": "您的账号已在其他地点登录，您已被迫下线",
    "timeout": "登录超时，请重新登录",
    "required": "请先登录",
}
A_YEAR = 365 * 24 * 3600


def login_page(world: World, call: Call) -> Response:
    device = call.cookies.get("device", "")
    known = [a for a in world.state.accounts.values() if device in a.devices]
    asks = not known or any(account.captcha_due for account in known)
    return _form(world, notice=NOTICES.get(call.query.get("why", ""), ""), captcha_asked=asks)


def login(world: World, call: Call) -> Response:
    login, device = call.field("account"), call.cookies.get("device", "")
    account = world.state.accounts.get(login)
    asks = account is None or account.captcha_due or device not in account.devices
    if asks:
        typed, captcha_id = call.field("captcha"), call.field("captcha_id")
        right = captcha.accepted(world.state, captcha_id, typed, world.now())
        if captcha_id in world.state.captchas and captcha_id not in world.state.used_captchas:
            world.record("captcha_used", captcha=captcha_id)
        if not typed:
            return _refused(world, login, "captcha", "请输入图片验证码")
        if not right:
            world.record("login_failed", account=login, problem="captcha")
            return _refused(world, login, "captcha", "图片验证码错误")
    if account is None or not secrets.compare_digest(account.password.encode(), call.field("password").encode()):
        world.record("login_failed", account=login, problem="password")
        return _refused(world, login, "password", "账号或密码错误，请核对后重新输入")
    old = world.state.sessions.get(account.token)
    token, key, device = secrets.token_hex(16), secrets.token_hex(16), device or secrets.token_hex(16)
    other = old is not None and not old.ended and not idle(world, old) and old.device != device
    world.record("logged_in", account=login, token=token, key=key, device=device, from_other_device=other)
    reply = go("/portal/")
    reply.set_cookie("token", token, path="/portal", httponly=True, samesite="lax")
    reply.set_cookie("key", key, path="/portal", httponly=True, samesite="lax")
    reply.set_cookie("device", device, path="/portal", max_age=A_YEAR, httponly=True, samesite="lax")
    return reply


def logout(world: World, call: Call) -> Response:
    session = live_session(world, call)
    if not isinstance(session, str):
        world.record("logged_out", token=session.token)
    return go("/portal/login")


def captcha_image(world: World, call: Call) -> Response:
    number = call.path["captcha"]
    if number not in world.state.captchas:
        return missing()
    return Response(captcha.draw(number), media_type="image/png", headers={"cache-control": "no-store"})


def home(visit: Visit) -> Response:
    return visit.page("home.html", page="home", heading="首页")


def _refused(world: World, login: str, field: str, problem: str) -> Response:
    return _form(world, typed=login, captcha_asked=True, errors=[(field, problem)])


def _form(
    world: World,
    *,
    notice: str = "",
    typed: str = "",
    captcha_asked: bool,
    errors: list[tuple[str, str]] | None = None,
) -> Response:
    captcha_id = ""
    if captcha_asked:
        captcha_id = secrets.token_hex(8)
        digest = hashlib.sha256(captcha.draw(captcha_id)).hexdigest()
        world.record("captcha_shown", captcha=captcha_id, text=captcha.text_of(captcha_id), sha256=digest)
    return render(
        "login.html",
        page="login",
        heading="用户登录",
        notice=notice,
        typed=typed,
        captcha_id=captcha_id,
        errors=errors or (),
    )
