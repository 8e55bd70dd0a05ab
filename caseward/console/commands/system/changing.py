"""`caseward settings set`: a setting changed for all processes without a restart, recorded with who and why."""

from __future__ import annotations

import os
from difflib import get_close_matches

from pydantic import SecretStr

from caseward.app.changed import FOUND_BY, AsSet, Place, counts, fits, fits_without, places
from caseward.app.installation import Record
from caseward.app.systems import Installed, Systems
from caseward.console.commands.system.origins import every_row, shape, shown
from caseward.console.terminal.complaints import NOT_FOUND, REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.engine.reasons import reason_given
from workflow.settings import PREFIX


def change(texts: Texts, name: str, value: str | None, *, unset: bool, reason: str, asks: bool, json: bool) -> int:
    """unset: back to what the environment says. A secret is read from standard input, and shown to nobody."""
    said = reason_given(reason)

    async def work(view: View) -> int:
        record = view.record
        place = _place(texts, record, name)
        if unset and value is not None:
            raise _usage(texts, texts("error.either", one="VALUE", other="--unset"))
        new = None if unset else _value(texts, place, value, asks)
        changes = await record.store.changes("setting", place.variable)
        before = record.said.get(place.variable)
        if new is None and (before is None or not counts(before)):
            raise _usage(texts, texts("error.not_changed", name=place.variable))
        installed = _system(record.systems, place)
        if new is not None:
            plain = new.get_secret_value() if isinstance(new, SecretStr) else new
            fits(place, plain, installed.settings if installed is not None else record.settings, installed)
        elif installed is not None and (at_start := _system(record.at_start, place)) is not None:
            fits_without(place, installed, at_start, record.said)
        was = _row(record, place.variable)
        made = await record.store.put_change(
            "setting",
            place.variable,
            new if isinstance(new, str) else None,
            secret=new if isinstance(new, SecretStr) else None,
            seen=changes[-1].number if changes else 0,
            actor=person(),
            reason=said,
            now=view.moments.now,
        )
        await record.refresh()
        now = _row(record, place.variable)
        if json:
            say(as_json(shape(now, view.moments)))
            return 0
        say(texts("settings.changed", name=place.variable, version=made.version))
        say(*view.screen.wrapped(f"{shown(was, texts)} → {shown(now, texts)}", 2))
        return 0

    return viewing(texts, work)


def _place(texts: Texts, record: Record, name: str) -> Place:
    """The setting of this name, with or without CASEWARD_ before it; one that no running process takes is refused."""
    known = places(record.systems)
    typed = name.strip().upper()
    meant = record.systems.variables
    for said in (typed, f"{PREFIX}{typed}"):
        if (place := known.get(meant.get(said, said))) is not None:
            break
    else:
        near = get_close_matches(typed, known, 3, 0.5)
        cure = texts("cure.one_of", names=", ".join(near)) if near else texts("cure.settings")
        cause = texts("error.not_found", kind=texts("kind.setting"), name=name)
        raise Stopped(Complaint("not_found", cause, cure, NOT_FOUND))
    if not place.live:
        why = "error.setting_finds_record" if place.field in FOUND_BY else "error.setting_at_start"
        cause = texts(why, name=place.variable)
        raise Stopped(Complaint("not_allowed", cause, texts("cure.setting_at_start", name=place.variable), REFUSED))
    return place


def _value(texts: Texts, place: Place, value: str | None, asks: bool) -> str | SecretStr:
    if place.secret:
        if value is not None:
            raise _usage(texts, texts("error.secret_typed", name=place.variable))
        return SecretStr(secret(texts, place.variable, asks))
    if value is None:
        raise _usage(texts, texts("usage.missing", what="VALUE"))
    return value


def _system(systems: Systems, place: Place) -> Installed | None:
    """The system whose setting it is; None: the engine's own."""
    for one in systems.installed:
        if one.system.settings is place.model and place.variable in one.system.variables.values():
            return one
    return None


def _row(record: Record, name: str) -> dict[str, object]:
    said = {name: one for name, one in record.said.items() if counts(one)}
    rows = every_row(AsSet(record.settings, record.systems, said), os.environ)
    return next(row for row in rows if row["name"] == name)


def _usage(texts: Texts, cause: str) -> Stopped:
    return Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward settings set"), USAGE))
