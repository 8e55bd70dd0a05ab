"""What `caseward doctor` says of the broker: whether it answers, takes a word, and holds nothing strange of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from caseward.app.systems import read_systems
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.commands.system.origins import HIDDEN
from workflow.settings import Settings

WAIT = 1.0
"""Seconds that the broker has to answer: so long a worker waits for it, too."""
LONGEST = 120
REFUSALS = {
    "OOM": "full",
    "used memory": "full",
    "MISCONF": "full",
    "READONLY": "copy",
    "read only replica": "copy",
    "NOREPLICAS": "copy",
    "MASTERDOWN": "copy",
    "NOAUTH": "closed",
    "WRONGPASS": "closed",
    "Authentication": "closed",
    "invalid username": "closed",
    "no permission": "closed",
}
"""Words of a broker's refusal, and what is wrong with it."""


async def broker(settings: Settings) -> list[Finding]:
    """A broker only shortens the wait: without it workers look by themselves."""
    if settings.broker_url.startswith("memory:"):
        return [Finding("broker", Mark.well, "memory")]
    # read here: Celery is slow to come, and a broker in memory needs none of it
    from caseward.app.celery_app import app
    from caseward.app.celery_setup import PREFIX

    address, queues = settings.broker_url, read_systems(settings).queues
    parts: dict[str, Any] = {"poll": settings.poll_seconds}
    try:
        connection = app.connection_for_write(address, connect_timeout=WAIT)
        parts["address"] = connection.as_uri()
        strange = await asyncio.wait_for(asyncio.to_thread(_reached, connection, PREFIX, queues), 2 * WAIT)
    except Exception as error:  # noqa: BLE001 - every kind of broker has errors of its own
        parts |= {"address": address.rpartition("@")[2].rpartition("://")[2], "why": _told(error, address)}
        what = next((what for word, what in REFUSALS.items() if word in parts["why"]), "silent")
        return [Finding("broker", Mark.mind, what, parts, f"{what}.cure")]
    if strange:
        return [Finding("broker", Mark.mind, "strange", {**parts, "keys": ", ".join(strange)}, "strange.cure")]
    return [Finding("broker", Mark.well, "well", parts)]


def _reached(connection: Any, prefix: str, queues: Sequence[str]) -> list[str]:
    """Whether it takes a word: one is put behind a queue that is not there, and so is kept nowhere.

    Returns those of our keys that hold something of another kind.
    """
    with connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=WAIT)
        if connection.transport.driver_type != "redis":
            return []
        client = connection.default_channel.client
        client.execute_command("LPUSHX", f"{prefix}doctor", "")
        kinds = dict.fromkeys(queues, "list") | {f"_kombu.binding.{name}": "set" for name in queues}
        found = {
            f"{prefix}{name}": (client.execute_command("TYPE", f"{prefix}{name}"), kind) for name, kind in kinds.items()
        }
        return [name for name, (told, kind) in found.items() if _word(told) not in ("none", kind)]


def _word(told: Any) -> str:
    return told.decode() if isinstance(told, bytes) else str(told)


def _told(error: BaseException, url: str) -> str:
    said = (str(error) or type(error).__name__).splitlines()[0][:LONGEST]
    password = urlsplit(url).password
    return said.replace(password, HIDDEN) if password else said
