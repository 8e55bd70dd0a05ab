"""The SMS gateway: it takes every text, and one carrier says nothing about those that it swallows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from starlette.responses import Response

from caseward.sandbox.call import Call
from caseward.sandbox.replies import Invalid, error, reply, text
from caseward.sandbox.scenario import carrier_of
from caseward.sandbox.things import Message
from caseward.sandbox.timeline import DELIVERED_AFTER
from caseward.sandbox.world import World

LINK = re.compile(r"https?://|www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?/", re.IGNORECASE)
LONGEST = 500


def sms_send(world: World, call: Call) -> Response:
    to, content, reference = text(call, "to"), text(call, "text"), text(call, "reference")
    if not re.fullmatch(r"1\d{10}", to):
        raise Invalid("to", "is no mobile number of 11 digits")
    if len(content) > LONGEST:
        raise Invalid("text", f"is longer than {LONGEST} characters")
    swallowed = carrier_of(world.state.scenario, to) == "电信" and LINK.search(content) is not None
    number = f"M{len(world.state.messages) + 1:07d}"
    world.record("sms_accepted", message=number, to=to, text=content, reference=reference, swallowed=swallowed)
    return reply({"message": shown(world.state.messages[number], world.now())}, 202)


def sms_status(world: World, call: Call) -> Response:
    found = world.state.messages.get(call.path["message"])
    if found is None or found.visible_at > world.now():
        return error(404, "not_found", f"no message {call.path['message']}")
    return reply({"message": shown(found, world.now())})


def sms_list(world: World, call: Call) -> Response:
    reference, now = call.query.get("reference"), world.now()
    if not reference:
        raise Invalid("reference", "is missing")
    found = [m for m in world.state.messages.values() if m.reference == reference and m.visible_at <= now]
    return reply({"messages": [shown(message, now) for message in found], "total": len(found)})


def shown(message: Message, now: datetime) -> dict[str, Any]:
    if now < message.accepted_at + DELIVERED_AFTER:
        status = "accepted"
    else:
        status = "unknown" if message.swallowed else "delivered"
    return {
        "id": message.id,
        "to": message.to,
        "reference": message.reference,
        "status": status,
        "accepted_at": message.accepted_at.isoformat(),
    }
