"""`caseward sandbox`: the simulated outside world started by hand, and its clock, inboxes and faults at the console."""

from __future__ import annotations

import asyncio
import json as reading
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx

from caseward.console.intake.scans import unfit_file
from caseward.console.terminal.answers import Json, not_one_of
from caseward.console.terminal.complaints import CONFLICT, ERROR, NOT_FOUND, USAGE, Complaint, Stopped
from caseward.console.terminal.spans import instant_of, span_of
from caseward.console.text.output import Column, as_json, complain, say, screen
from caseward.console.wording.texts import Texts
from workflow.demonstration import Sandbox
from workflow.files.plain import Unfit, read_plain
from workflow.settings import read_settings
from workflow.system import System

OURS = "caseward.demonstration.outside:opened"
"""What opens the simulated outside whose clock, inboxes and faults these commands turn."""
URL = "http://127.0.0.1:8701"
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")
MOST_OF_A_WORLD = 8_000_000
"""Bytes of a file that says what is out there."""
ENDS = {400: USAGE, 404: NOT_FOUND, 409: CONFLICT, 422: USAGE}
"""The exit code of each refusal."""

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


def start(texts: Texts, *, system: str | None, port: int | None, data: Path | None, world: Path | None) -> int:
    """Serves until Ctrl-C; what a worker needs to know of it is printed as settings."""
    from caseward.app.played import opener
    from caseward.demonstration.parts import addresses

    settings = read_settings(lang=texts.language)
    folder, begun = data or settings.data_dir / "sandbox", _world(texts, world)
    asked = _simulated(texts, system, alone="--port" if port else "--world" if world else None)

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            for one, sandbox in asked:
                place, wanted = folder / one.name, port or sandbox.port
                place.mkdir(parents=True, exist_ok=True)
                outside = await stack.enter_async_context(opener(one)(place, begun, wanted))
                if wanted and (at := urlsplit(outside.url).port) != wanted:
                    complain(texts("sandbox.port", wanted=wanted, port=at))
                complain(texts("sandbox.serves", url=outside.url, folder=place))
                say(*(f"export {name}={value}" for name, value in addresses(one, outside.url).items()))
            sys.stdout.flush()
            complain(texts("sandbox.stop"))
            await asyncio.Event().wait()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        complain(texts("sandbox.stopped", folder=folder))
    return 0


def _simulated(texts: Texts, name: str | None, *, alone: str | None) -> list[tuple[System, Sandbox]]:
    """The systems that bring a sandbox, or the one that is named. alone: an option that is about one of them."""
    from caseward.app.systems import read_systems

    systems = read_systems(read_settings(lang=texts.language)).systems
    known = {one.name: (one, one.sandbox) for one in systems if one.sandbox is not None}
    if name is not None and name not in known:
        raise not_one_of(texts, "system", name, list(known))
    if name is None and alone is not None and len(known) > 1:
        cause, cure = texts("usage.missing", what="--system"), texts("cure.one_of", names=", ".join(known))
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    return [known[name]] if name is not None else list(known.values())


def clock(texts: Texts, *, advance: str | None, to: str | None, url: str | None, json: Json | None) -> int:
    """What time it is there; forward only."""
    body = _move(texts, advance, to)
    answer = _asked(
        texts, url, lambda out: out.post("/control/clock", json=body) if body else out.get("/control/clock")
    )
    if json:
        say(json.one(answer))
    else:
        open_ = texts("value.yes" if answer["portal_open"] else "value.no")
        zone = ZoneInfo(read_settings(lang=texts.language).timezone)
        now = datetime.fromisoformat(answer["now"]).astimezone(zone)
        say(texts("caseward.sandbox.clock", now=f"{now:%Y-%m-%d %H:%M:%S} ({zone.key})", open=open_))
    return 0


def inbox(texts: Texts, phone: str, *, url: str | None, json: Json | None) -> int:
    """Every text that this number received, the bureau's and ours."""
    answer = _asked(texts, url, lambda out: out.get(f"/control/inbox/{phone}"))
    if json:
        say(json.many(answer["messages"], phone=answer["phone"], carrier=answer["carrier"]))
        return 0
    if not answer["messages"]:
        complain(texts("sandbox.no_texts", phone=phone))
    wide, zone = screen(), ZoneInfo(read_settings(lang=texts.language).timezone)
    for text in answer["messages"]:
        at = datetime.fromisoformat(text["at"]).astimezone(zone)
        say(wide.paint(f"{at:%Y-%m-%d %H:%M:%S}  {text['from']}", "dim"))
        say(*wide.wrapped(text["text"], 2))
    return 0


def faults(texts: Texts, *, url: str | None, json: Json | None) -> int:
    answer = _asked(texts, url, lambda out: out.get("/control/faults"))
    if json:
        say(json.many(answer["faults"]))
        return 0
    if not answer["faults"]:
        complain(texts("sandbox.no_faults"))
        return 0
    columns = [
        Column(texts("column.name"), 16), Column(texts("column.operation")), Column(texts("column.kind")),
        Column(texts("column.fired"), right=True), Column(texts("column.count"), right=True),
    ]  # fmt: skip
    rows = [
        [one["name"], one["operation"], one["kind"], str(one["fired"]), str(one["count"] or texts("value.no_limit"))]
        for one in answer["faults"]
    ]
    say(*screen().table(columns, rows))
    return 0


def fault(texts: Texts, operation: str, kind: str, given: Mapping[str, object], *, url: str | None, json: bool) -> int:
    """Switches a fault on; the sandbox itself says which operations and kinds there are."""
    body = {"operation": operation, "kind": kind, **{name: value for name, value in given.items() if value is not None}}
    made = _asked(texts, url, lambda out: out.post("/control/faults", json=body))["fault"]
    say(as_json(made) if json else texts("sandbox.fault", name=made["name"]))
    return 0


def mend(texts: Texts, name: str, *, url: str | None, json: bool) -> int:
    left = _asked(texts, url, lambda out: out.delete(f"/control/faults/{name}"))["faults"]
    say(as_json({"data": left, "next_cursor": None}) if json else texts("sandbox.mended", name=name, n=len(left)))
    return 0


def kick(texts: Texts, login: str, *, url: str | None, json: bool) -> int:
    """As if somebody had logged in to the account elsewhere."""
    answer = _asked(texts, url, lambda out: out.post("/control/kick", json={"account": login}))
    say(as_json(answer) if json else texts("sandbox.kicked" if answer["kicked"] else "sandbox.not_in", login=login))
    return 0


def _asked(texts: Texts, said: str | None, ask: Ask) -> dict[str, Any]:
    """The sandbox's answer. Raises Stopped where it refuses, or none answers there."""
    url = said or _here(texts)

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(base_url=url.rstrip("/"), trust_env=False, timeout=10) as client:
            return await ask(client)

    try:
        answer = asyncio.run(asked())
    except (httpx.HTTPError, httpx.InvalidURL, OSError, OverflowError, ValueError, ExceptionGroup) as error:
        cause = texts("error.no_sandbox", url=url)
        raise Stopped(Complaint("no_sandbox", cause, texts("cure.no_sandbox"), NOT_FOUND)) from error
    try:
        found: dict[str, Any] = answer.json()
    except ValueError:
        found = {}
    if answer.is_success and found:
        return found
    why = found.get("error", found)
    told = str(why.get("message") or why.get("detail") or why) if isinstance(why, Mapping) else str(why)
    cause = texts("error.sandbox", status=answer.status_code, said=told or "-")
    raise Stopped(Complaint("sandbox", cause, texts("cure.sandbox"), ENDS.get(answer.status_code, ERROR)))


def _here(texts: Texts) -> str:
    """Where the sandbox of the running system serves; never an address outside this machine."""
    from caseward.app.systems import read_systems

    installed = read_systems(read_settings(lang=texts.language)).installed
    ours = (one for one in installed if one.system.sandbox is not None and one.system.sandbox.opens == OURS)
    found = (address.rpartition("/")[0] for one in ours for address in one.addresses)
    return next((origin for origin in found if origin.startswith(LOOPBACK)), URL)


def _move(texts: Texts, advance: str | None, to: str | None) -> dict[str, object] | None:
    if advance is not None and to is not None:
        cause = texts("error.either", one="--advance", other="--to")
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward sandbox clock"), USAGE))
    if advance is not None:
        return {"advance_seconds": span_of(texts, "--advance", advance).total_seconds()}
    if to is not None:
        return {"set": instant_of(texts, "--to", to).isoformat()}
    return None


def _world(texts: Texts, file: Path | None) -> Mapping[str, Any]:
    if file is None:
        return {}
    try:
        found = reading.loads(read_plain(file, MOST_OF_A_WORLD))
    except Unfit as unfit:
        raise unfit_file(texts, file.name, unfit) from unfit
    except (ValueError, RecursionError) as error:
        cause = texts("error.file", name=file, why=str(error))
        raise Stopped(Complaint("file", cause, texts("cure.file"), USAGE)) from error
    if not isinstance(found, dict):
        raise Stopped(Complaint("file", texts("error.file", name=file, why="{…}"), texts("cure.file"), USAGE))
    return found
