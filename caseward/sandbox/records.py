"""The code record system: a public page where an owner leaves a code, and the query that fetches it."""

from __future__ import annotations

import re

from starlette.responses import Response

from caseward.sandbox.call import Call
from caseward.sandbox.html import render
from caseward.sandbox.replies import Invalid, reply
from caseward.sandbox.world import World


def record_page(world: World, call: Call) -> Response:
    return _form(call.query.get("title", ""), call.query.get("version", ""))


def record_code(world: World, call: Call) -> Response:
    """Takes any six digits; whether they are right only the bureau knows."""
    title, version = call.field("title"), call.field("version")
    phone, code = call.field("phone"), call.field("code")
    errors = [
        (name, "请填写" + label)
        for name, label in (("title", "软件全称"), ("version", "版本号"))
        if not call.field(name)
    ]
    if not re.fullmatch(r"1\d{10}", phone):
        errors.append(("phone", "手机号应为 11 位数字"))
    if not re.fullmatch(r"\d{6}", code):
        errors.append(("code", "验证码应为 6 位数字"))
    if errors:
        return _form(title, version, phone, errors)
    number = f"C{len(world.state.recorded_codes) + 1:07d}"
    world.record("code_recorded", id=number, title=title, version=version, phone=phone, code=code)
    return render("plain.html", page="recorded", heading="已收到", text=f"已收到您为《{title}》{version} 填写的验证码")


def find_codes(world: World, call: Call) -> Response:
    title, version = call.query.get("title"), call.query.get("version")
    if not title or not version:
        raise Invalid("version" if title else "title", "is missing")
    now = world.now()
    found = [
        {
            "id": c.id,
            "title": c.title,
            "version": c.version,
            "phone": c.phone,
            "code": c.code,
            "entered_at": c.entered_at.isoformat(),
        }
        for c in world.state.recorded_codes
        if (world.unfiltered or (c.title, c.version) == (title, version)) and c.visible_at <= now
    ]
    return reply({"codes": found, "total": len(found)})


def _form(title: str, version: str, phone: str = "", errors: list[tuple[str, str]] | None = None) -> Response:
    return render(
        "record.html",
        page="record-code",
        heading="填写验证码",
        title=title,
        version=version,
        phone=phone,
        errors=errors or (),
    )
