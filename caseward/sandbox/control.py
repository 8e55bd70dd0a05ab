"""The control endpoints: clock, inboxes, faults, kicks, ledger, judgement; for tests, demonstration and cast only."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from datetime import datetime, timedelta

from starlette.responses import Response

from caseward.sandbox import captcha, faults, scenario
from caseward.sandbox.call import Call
from caseward.sandbox.clock import open_throughout, portal_open
from caseward.sandbox.judge import judge
from caseward.sandbox.portal.visit import idle, live_sessions, touch
from caseward.sandbox.replies import Invalid, document, error, reply, text
from caseward.sandbox.things import ORDER_TURNS
from caseward.sandbox.timeline import next_change, standings
from caseward.sandbox.world import World


def clock(world: World, call: Call) -> Response:
    now = world.now()
    offset = world.clock.offset.total_seconds()
    return reply({"now": now.isoformat(), "offset_seconds": offset, "portal_open": portal_open(now)})


def move_clock(world: World, call: Call) -> Response:
    body = document(call)
    if "advance_seconds" in body:
        seconds = body["advance_seconds"]
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise Invalid("advance_seconds", "is no number")
        to = world.now() + timedelta(seconds=seconds)
    else:
        try:
            to = datetime.fromisoformat(text(call, "set"))
        except ValueError as problem:
            raise Invalid("set", "is no ISO 8601 time") from problem
        if to.tzinfo is None:
            raise Invalid("set", "lacks its offset")
    if to < world.now():
        return error(409, "backwards", f"it is {world.now().isoformat()} already")
    kept = document(call).get("keep_sessions", False)
    if not isinstance(kept, bool):
        raise Invalid("keep_sessions", "is neither true nor false")
    live = live_sessions(world) if kept and open_throughout(world.now(), to) else []
    world.move_clock(to)
    for session in live:
        touch(world, session)
    return clock(world, call)


def coming(world: World, call: Call) -> Response:
    found = next_change(world.state, world.now())
    if found is None:
        return reply({"at": None, "what": None, "object": None})
    return reply({"at": found.at.isoformat(), "what": found.what, "object": found.object})


def inbox(world: World, call: Call) -> Response:
    phone = call.path["phone"]
    received = world.state.inboxes.get(phone, ())
    return reply(
        {
            "phone": phone,
            "carrier": scenario.carrier_of(world.state.scenario, phone),
            "messages": [{"id": m.id, "at": m.at.isoformat(), "from": m.sender, "text": m.text} for m in received],
        }
    )


def read_captcha(world: World, call: Call) -> Response:
    if isinstance(call.json, dict):
        encoded = call.json.get("png_base64", "")
        try:
            png = base64.b64decode(encoded, validate=True)
        except (binascii.Error, TypeError, ValueError) as problem:
            raise Invalid("png_base64", "is no base64") from problem
        read = captcha.seen_by_a_person(world.state, sha256=call.json.get("sha256", ""), png=png)
    else:
        read = captcha.seen_by_a_person(world.state, png=call.body)
    return reply({"text": read}) if read else error(404, "not_found", "no captcha that was shown looks like this")


def list_faults(world: World, call: Call) -> Response:
    return reply({"faults": [{**asdict(f), "fired": world.state.fault_fired[f.name]} for f in faults.listed(world)]})


def switch_on_fault(world: World, call: Call) -> Response:
    try:
        fault = faults.switch_on(world, call.json)
    except faults.BadFault as problem:
        return error(422, "invalid", str(problem), field="fault")
    return reply({"fault": asdict(fault)}, 201)


def remove_fault(world: World, call: Call) -> Response:
    name = call.path["name"]
    if name not in world.state.fault_documents:
        return error(404, "not_found", f"no fault {name}")
    world.record("fault_removed", name=name)
    return list_faults(world, call)


def kick(world: World, call: Call) -> Response:
    login = text(call, "account")
    account = world.state.accounts.get(login)
    if account is None:
        return error(404, "not_found", f"no account {login}")
    session = world.state.sessions.get(account.token)
    live = session is not None and not session.ended and not idle(world, session)
    if live:
        world.record("kicked", account=login)
    return reply({"kicked": live})


def change_password(world: World, call: Call) -> Response:
    login, password = text(call, "account"), text(call, "password")
    if login not in world.state.accounts:
        return error(404, "not_found", f"no account {login}")
    world.record("password_changed", account=login, password=password)
    return reply({"account": login})


def set_plan(world: World, call: Call) -> Response:
    title = text(call, "title")
    document_of_plan = {key: value for key, value in document(call).items() if key != "title"}
    try:
        scenario.plan(document_of_plan, title)
    except scenario.BadWorld as problem:
        return error(422, "invalid", str(problem), field="plan")
    world.record("plan_set", title=title, plan=document_of_plan)
    return reply({"title": title})


def turn_order(world: World, call: Call) -> Response:
    """What becomes of an order at the generation system beside its usual way."""
    order, turn = world.state.orders.get(call.path["order"]), text(call, "turn")
    if order is None:
        return error(404, "not_found", f"no order {call.path['order']}")
    if turn not in ORDER_TURNS:
        raise Invalid("turn", f"is none of {', '.join(ORDER_TURNS)}")
    world.record("order_turned", order=order.id, turn=turn)
    return reply({"order": order.id})


def ledger(world: World, call: Call) -> Response:
    after, kind = call.query.get("after", "0"), call.query.get("kind")
    if not after.isdigit():
        raise Invalid("after", "is no whole number")
    entries = [e for e in world.ledger.entries(int(after)) if kind in (None, "", e["kind"])]
    return reply({"entries": entries})


def judgement(world: World, call: Call) -> Response:
    state = world.state

    def refused(filing: str, at: datetime) -> bool:
        steps = standings(state, state.filings[filing])
        return any(one.status == "不予受理" and one.at <= at for one in steps)

    return reply(judge(world.ledger.entries(), refused))
