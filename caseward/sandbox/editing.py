"""Somebody changes one thing of a draft by hand at the bureau, or the bureau loses something: control endpoints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from caseward.sandbox.call import Call
from caseward.sandbox.portal import fields
from caseward.sandbox.portal.materials import KINDS
from caseward.sandbox.replies import Invalid, document, error, reply, text
from caseward.sandbox.things import Draft
from caseward.sandbox.world import World


def edit(world: World, call: Call) -> Response:
    """`field` is called as the view page calls it; nothing is checked, as little as a hand that slips is."""
    number, field = text(call, "draft"), text(call, "field")
    draft = world.state.drafts.get(number)
    if draft is None:
        return error(404, "not_found", f"no draft {number}")
    if draft.confirmations:
        return error(409, "confirmed", f"{number} was confirmed and cannot be changed")
    if "value" not in document(call):
        raise Invalid("value", "is missing")
    world.record("draft_edited", draft=number, field=field, **_edited(world, draft, field, document(call)["value"]))
    return reply({"draft": number, "field": field})


def remove(world: World, call: Call) -> Response:
    """The bureau takes a draft or a filing out of its lists, and tells nobody."""
    number = text(call, "object")
    kind = "draft" if number in world.state.drafts else "filing"
    if number not in (*world.state.drafts, *world.state.filings):
        return error(404, "not_found", f"no draft or filing {number}")
    world.record(f"{kind}_removed", **{kind: number})
    return reply({"removed": number})


def _edited(world: World, draft: Draft, field: str, value: Any) -> dict[str, Any]:
    kind = field.removeprefix("material-")
    if field.startswith("material-") and kind in KINDS:
        return {"page": "materials", "material": kind, **_file(value), "ready_at": world.now().isoformat()}
    if field == "owners" and isinstance(value, list):
        return {"page": "owners", "values": [{cell: one.get(cell, "") for cell in fields.OWNER} for one in value]}
    software, owners, applicant = dict(draft.software or {}), [dict(one) for one in draft.owners or ()], draft.applicant
    if field == "reference":
        return {"page": "software", "values": software, "reference": value}
    if field in fields.SOFTWARE:
        return {"page": "software", "values": {**software, field: value}, "reference": draft.reference}
    name = "phone" if field == "applicant_phone" else field
    if name in fields.APPLICANT and field != "phone":
        return {"page": "applicant", "values": {**(applicant or {}), name: value}}
    part, _, rest = field.partition("-")
    place, _, cell = rest.partition("-")
    if part == "owners" and cell in fields.OWNER and place.isdigit() and 0 < int(place) <= len(owners):
        owners[int(place) - 1][cell] = value
        return {"page": "owners", "values": owners}
    raise Invalid("field", f"{field} is none of this draft")


def _file(value: Any) -> dict[str, Any]:
    """A file by its name and its size; no bytes of it are needed."""
    if not isinstance(value, Mapping) or not {"file_name", "bytes"} <= value.keys():
        raise Invalid("value", "of a material is file_name and bytes")
    digest = hashlib.sha256(f"{value['file_name']} {value['bytes']} by hand".encode()).hexdigest()
    return {"file_name": value["file_name"], "bytes": value["bytes"], "sha256": digest}
