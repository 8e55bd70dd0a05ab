"""The parts of an installation as docker-compose.yml and the systemd units say them: command, settings, order, end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
COMPOSE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECONDS = re.compile(r"(\d+)(s|min|m)?")
ONCE = "once"
"""What must have ended well before the next begins; all else must be there."""

Unit = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Part:
    """One process, or as many alike as there are copies. after: those that come before it."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    after: Mapping[str, str] = field(default_factory=dict)
    stops_within: float = 10
    healthy: tuple[str, ...] = ()
    copies: int = 1


def ordered(parts: Sequence[Part]) -> list[Part]:
    """Each behind all that it comes after."""
    done: list[Part] = []
    while left := [part for part in parts if part not in done]:
        names = {part.name for part in left}
        ready = [part for part in left if not names & part.after.keys()]
        assert ready, f"{sorted(names)} wait for each other"
        done += ready
    return done


def values(path: Path) -> dict[str, str]:
    """NAME=value, as both Docker and systemd read such a file."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def compose(env: Mapping[str, str]) -> dict[str, Any]:
    """The file with env in place of its variables; what it demands and env lacks is an error, as it is to Docker."""

    def put(found: re.Match[str]) -> str:
        name, sign, word = found.groups()
        value = env.get(name, "")
        assert value or sign != "?", f"{name}: {word}"
        return value or (word if sign == "-" else "")

    read: dict[str, Any] = yaml.safe_load(VARIABLE.sub(put, COMPOSE.read_text("utf-8")))
    return read


def composed(env: Mapping[str, str]) -> list[Part]:
    """The services, in the order in which they begin."""
    parts = []
    for name, service in compose(env)["services"].items():
        own = {name: str(value) for name, value in service.get("environment", {}).items()}
        test = service.get("healthcheck", {}).get("test", ["CMD"])
        assert test[0] == "CMD"
        parts.append(
            Part(
                name,
                tuple(map(str, service["command"])),
                {**(env if ".env" in service.get("env_file", ()) else {}), **own},
                {
                    before: ONCE if how["condition"] == "service_completed_successfully" else "there"
                    for before, how in service.get("depends_on", {}).items()
                },
                seconds(service.get("stop_grace_period", "10s")),
                tuple(test[1:]),
                service.get("deploy", {}).get("replicas", 1),
            )
        )
    return ordered(parts)


def unit(path: Path) -> Unit:
    """Sections, their settings, and all that each was given."""
    read: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = read.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            name, value = line.split("=", 1)
            section.setdefault(name, []).append(value)
    return read


def united(env: Mapping[str, str]) -> list[Part]:
    """What caseward.target wants, in the order in which systemd begins it."""
    wanted = words(unit(UNITS / "caseward.target"), "Unit", "Wants")
    parts = []
    for name in wanted:
        stem, _, instance = name.removesuffix(".service").partition("@")
        read = unit(UNITS / (f"{stem}@.service" if instance else name))
        once = read["Service"]["Type"] == ["oneshot"]
        (line,) = read["Service"]["ExecStart"]
        expanded = line.replace("%%", "\0").replace("%i", instance).replace("\0", "%")
        own = dict(pair.split("=", 1) for pair in words(read, "Service", "Environment"))
        after = {before: ONCE for before in words(read, "Unit", "After") if before in wanted}
        ends = read["Service"].get("TimeoutStopSec", ["90s"])[0]
        parts.append(Part(name, tuple(shlex.split(expanded)), {**env, **own}, after, 0 if once else seconds(ends)))
    return ordered(parts)


def words(read: Unit, section: str, name: str) -> list[str]:
    return [word for value in read[section].get(name, ()) for word in shlex.split(value)]


def seconds(text: str) -> float:
    return sum(int(number) * (1 if unit in ("s", "") else 60) for number, unit in SECONDS.findall(text))
