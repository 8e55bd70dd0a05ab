"""What docker-compose.yml and the units promise: nothing open to the outside, nobody is root, no stop too short."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from states.copyright.system import system as registration
from tests.deploy.parts import COMPOSE, ROOT, UNITS, Part, compose, composed, ordered, seconds, unit, united, values
from tests.deploy.stage import SCRIPTS
from workflow.settings import Settings

ENV = values(ROOT / "deploy" / "compose.env.example") | {"POSTGRES_PASSWORD": "open sesame"}
SERVICES = compose(ENV)["services"]
ALL_UNITS = sorted(UNITS.glob("caseward*.service"))
GRACE = float(Settings.model_fields["grace_seconds"].default)


def test_no_port_is_published_and_the_servers_reach_nobody() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == []
    assert compose(ENV)["networks"]["inside"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if service["networks"] == ["inside"]} == {"postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_locked_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user") or service["image"].startswith("caseward"), "our images say USER themselves"
    assert "privileged" not in service


def test_the_images_end_as_nobody_of_power() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    for stage in (" AS caseward", " AS browser"):
        begin = next(number for number, line in enumerate(lines) if line.endswith(stage))
        end = next((number for number in range(begin + 1, len(lines)) if lines[number].startswith("FROM")), len(lines))
        assert [line for line in lines[begin:end] if line.startswith("USER")][-1] == "USER caseward"


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_what_runs_is_watched_and_begun_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_no_container_bears_anothers_name() -> None:
    """A worker takes a process of its own host's name that it cannot see for dead, and would begin its action anew."""
    assert [name for name, service in SERVICES.items() if {"hostname", "pid", "uts"} & service.keys()] == []


def test_all_processes_of_ours_share_one_data_folder() -> None:
    ours = [service for service in SERVICES.values() if service["image"].startswith("caseward")]
    assert len(ours) == 4
    assert {(*service["volumes"], service["environment"]["CASEWARD_DATA_DIR"]) for service in ours} == {
        ("data:/var/lib/caseward", "/var/lib/caseward")
    }


def test_both_files_start_the_same_plain_commands() -> None:
    """But for the names by which Celery tells two workers of one host apart."""

    def said(parts: list[Part]) -> list[str]:
        lines = [
            " ".join((Path(part.command[0]).name, *part.command[1:]))
            for part in parts
            for _ in range(part.copies)
            if part.name not in ("postgres", "redis")
        ]
        return sorted(re.sub(r" --hostname \S+", "", line) for line in lines)

    assert said(composed(ENV)) == said(united(ENV))
    assert "celery -A worker worker -Q browser --loglevel WARNING" in said(composed(ENV))
    assert "celery -A worker beat -S schedules.DatabaseScheduler --loglevel WARNING" in said(composed(ENV))


def test_a_worker_has_twice_its_grace_to_stop() -> None:
    running = [part for part in (*composed(ENV), *united(ENV)) if "worker" in part.name or "beat" in part.name]
    assert len(running) == 3 + 5
    assert {part.name for part in running if part.stops_within < 2 * GRACE} == set()


def test_servers_come_before_migrate_and_migrate_before_the_rest() -> None:
    names = [part.name for part in composed(ENV)]
    assert names.index("postgres") < names.index("migrate")
    assert set(names[: names.index("migrate")]) <= {"postgres", "redis"}
    assert united(ENV)[0].name == "caseward-migrate.service"
    with pytest.raises(AssertionError, match="wait for each other"):
        ordered([Part("a", (), {}, {"b": "there"}), Part("b", (), {}, {"a": "there"})])


def test_every_example_of_a_setting_is_a_setting() -> None:
    known = {f"CASEWARD_{name.upper()}" for name in Settings.model_fields} | set(registration.variables.values())
    for said in (values(UNITS / "environment.example"), ENV):
        assert {name for name in said if name.startswith("CASEWARD_")} <= known
        assert {name for name in said if not name.startswith("CASEWARD_")} <= {"PGPASSWORD", "POSTGRES_PASSWORD"}


@pytest.mark.parametrize("path", ALL_UNITS, ids=lambda path: path.name)
def test_a_unit_gives_no_power_away(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == ["caseward"]
    for name, value in (("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("CapabilityBoundingSet", "")):
        assert service[name] == [value]
    # a worker must see whether another one's process lives, or it takes it for dead
    assert not {"ProtectProc", "ProcSubset", "PrivatePIDs"} & service.keys()


def test_a_chromium_is_left_to_its_worker_when_a_unit_stops() -> None:
    for path in ALL_UNITS:
        if "migrate" not in path.name:
            assert unit(path)["Service"]["KillMode"] == ["mixed"], path.name
    browser = unit(UNITS / "caseward-worker-browser.service")["Service"]
    assert not {"MemoryDenyWriteExecute", "RestrictNamespaces", "SystemCallFilter"} & browser.keys()


def test_the_operators_command_can_be_read_by_a_shell() -> None:
    said = subprocess.run(["sh", "-n", UNITS / "caseward"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for path in (*ALL_UNITS, UNITS / "caseward.target"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace("/opt/caseward/bin", str(SCRIPTS)), "utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    # whatever else is installed on this machine may have its own faults
    assert [line for line in said.stderr.splitlines() if "caseward" in line] == []
    assert said.returncode == 0


def compose_client() -> list[str] | None:
    """Docker's own, of a version that reads today's files; no daemon is needed to read one."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            said = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False)
            if said.returncode == 0 and not said.stdout.startswith("1."):
                return command
    return None


@pytest.fixture(scope="module")
def client() -> list[str]:
    found = compose_client()
    if found is None:
        pytest.skip("docker compose is not here")
    return found


def test_the_compose_client_reads_the_file_as_these_tests_do(client: list[str], tmp_path: Path) -> None:
    (tmp_path / COMPOSE.name).write_text(COMPOSE.read_text("utf-8"), "utf-8")
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in ENV.items()), "utf-8")
    said = subprocess.run(
        [*client, "config", "--format", "json"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, said.stderr) == (0, "")
    services = json.loads(said.stdout)["services"]
    ours = {part.name: part for part in composed(ENV)}
    assert services.keys() == ours.keys()
    for name, part in ours.items():
        theirs = services[name]
        assert tuple(theirs["command"]) == part.command
        assert theirs.get("environment", {}) == part.environment
        assert theirs.get("depends_on", {}).keys() == part.after.keys()
        assert theirs.get("deploy", {}).get("replicas", 1) == part.copies
        assert seconds(theirs.get("stop_grace_period", "10s")) == part.stops_within


def test_the_compose_client_asks_for_the_password(client: list[str], tmp_path: Path) -> None:
    (tmp_path / COMPOSE.name).write_text(COMPOSE.read_text("utf-8"), "utf-8")
    shutil.copy(ROOT / "deploy" / "compose.env.example", tmp_path / ".env")
    said = subprocess.run(
        [*client, "config", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert said.returncode != 0
    assert "POSTGRES_PASSWORD" in said.stderr
