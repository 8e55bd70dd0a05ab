"""`caseward up`: the whole system in this process, on sample cases and a simulated outside, or on your own remotes."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caseward.console.terminal.complaints import CONFLICT, INTERRUPTED, REFUSED, Complaint, Stopped, complaint_of
from caseward.console.text.output import complain, say, screen
from caseward.console.text.visible import visible
from caseward.console.wording.texts import Texts
from workflow.errors import SchemaIsNewer, SettingsError
from workflow.files.disk import put
from workflow.files.plain import read_own
from workflow.record.folder import keep_private
from workflow.settings import PREFIX, Settings, kept_settings, read_settings
from workflow.sources import LARGEST, LINES

if TYPE_CHECKING:
    from caseward.app.systems import Systems
    from caseward.console.terminal.interrupts import Interrupts
    from caseward.demonstration.stage import Stage
    from caseward.demonstration.ticker import Ticker

OURS = ("caseward.db", "caseward.db-wal", "caseward.db-shm", "keys.json", "journal.jsonl", "anchors.jsonl")
OUR_FOLDERS = ("documents", "sandbox", "papers", "captchas")
"""What --fresh takes away; downloaded browsers stay."""
PATIENCE = timedelta(seconds=60)
"""So long time waits for whoever is asked: the bureau's code holds ten hours of its clock, and it closes at night."""
WRITTEN = "# Written by caseward up for other terminals, and gone when it stops."


def up(texts: Texts, *, by_hand: bool, real_time: bool, fresh: bool) -> int:
    """Until Ctrl-C. Whatever happens, the state is kept for the next time."""
    settings = read_settings(lang=texts.language)
    folder = settings.data_dir
    say(*screen().wrapped(texts("up.header", version="0.1", folder=folder)))
    sys.stdout.flush()
    from caseward.console.terminal.interrupts import interrupts

    try:
        with interrupts() as interrupted, _alone(folder, texts):
            own = _has_remotes(folder)
            settings = read_settings(lang=texts.language)  # without what an earlier one left in the folder
            _say_strange(settings, texts)
            if fresh:
                _clear(settings, texts, own)
            if own:
                _on_remotes(settings, texts, interrupted)
            else:
                _on_stage(folder, texts, interrupted, by_hand=by_hand, real_time=real_time)
    except KeyboardInterrupt:
        complain(texts("up.interrupted"))
        return INTERRUPTED
    except SchemaIsNewer as error:
        told = complaint_of(error, texts)
        complain(texts("line.error", cause=visible(told.cause)), texts("line.cure", cure=visible(told.cure)))
        code = told.exit
    else:
        say(texts("up.stopped", folder=folder, program=program()))
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    # everything is closed; the interpreter's own end would wait for threads that hang in a call
    os._exit(code)


def program() -> str:
    """What a person types in this folder to call us."""
    if shutil.which("caseward"):
        return "caseward"
    called = Path(sys.argv[0])
    return os.path.relpath(called) if called.name == "caseward" and called.exists() else "caseward"


def _on_stage(folder: Path, texts: Texts, interrupted: Interrupts, *, by_hand: bool, real_time: bool) -> None:
    # what the stage is built of takes a second to read: the browser starts meanwhile
    from caseward.app.systems import read_systems
    from caseward.console.terminal.logs import warnings_to_stderr
    from caseward.demonstration.parts import played

    warnings_to_stderr()
    finding = None
    if any("browser" in one.extras for one in played(read_systems(read_settings()))):
        from caseward.demonstration.finding import begin_finding

        finding = begin_finding()

    from caseward.app.embedded import known
    from caseward.demonstration.stage import NotOurs, staged

    def told(step: str, **figures: Any) -> None:
        name = step if step != "time" else "real_time" if real_time else "jumps"
        say(texts(f"up.{name}", **{**figures, "found": _name(figures.get("found"), texts), "program": program()}))
        sys.stdout.flush()

    try:
        with _for_others(folder), staged(folder, texts.language, finding, told) as stage:
            write_settings(folder)
            say(texts("up.ready", program=program()), "")
            sys.stdout.flush()
            try:
                play = _play(stage, texts, by_hand=by_hand, real_time=real_time)
                interrupted.run(known(stage.working, play))
            except KeyboardInterrupt:
                _stopping(texts)
        _say_cut(stage.working.runs.cut_off, texts)
    except NotOurs as error:
        raise Stopped(Complaint("not_ours", str(error), texts("cure.not_ours"), REFUSED)) from error


def _on_remotes(settings: Settings, texts: Texts, interrupted: Interrupts) -> None:
    """Worker and beat against the remotes that the settings name; nobody is played, and no time jumps."""
    from caseward.app.embedded import embedded, known
    from caseward.console.terminal.logs import warnings_to_stderr
    from caseward.console.terminal.view import say_migrated
    from caseward.demonstration.listening import Listener

    warnings_to_stderr()
    with embedded(settings) as working:
        say_migrated(working.record, texts)
        systems = working.record.systems
        addresses = [address for one in systems.installed for address in one.addresses]
        say(texts("up.remotes", portal=", ".join(addresses) or "-"))
        for flow, lacking in systems.unset.items():
            say(*screen().wrapped(texts("up.unset", flow=flow, settings=", ".join(lacking)), 4, "  !"))
        sys.stdout.flush()
        try:
            ticker = ticker_of(texts, working.record.systems)
            interrupted.run(known(working, Listener(working.record, ticker.hear).forever()))
        except KeyboardInterrupt:
            _stopping(texts)
    _say_cut(working.runs.cut_off, texts)


async def _play(stage: Stage, texts: Texts, *, by_hand: bool, real_time: bool) -> None:
    from caseward.console.intake.samples import Left
    from caseward.demonstration.cast import Cast
    from caseward.demonstration.desk import Desk
    from caseward.demonstration.listening import Listener
    from caseward.demonstration.play import PAUSE, Play
    from caseward.demonstration.stage import ACTOR, OUTSIDE

    working, folder = stage.working, Path(os.environ["CASEWARD_DATA_DIR"])
    record = working.record
    parts = [replace(one, left=[Left(act.after, {}) for act in one.acts]) if by_hand else one for one in stage.parts]
    cast = Cast(Desk(record, working.workers, ACTOR), parts, folder / OUTSIDE / "cast.json")
    flows = [part.flow for part in parts]
    ticker = ticker_of(texts, record.systems)
    listener = Listener(record, ticker.hear)

    def tell(sent: object) -> None:
        working.runs.wake()

    play = Play(record, stage.outside, cast, listener, tell, jumps=not real_time, browser=stage.has_browser)
    try:
        await play.begin()
        while True:
            turn = await play.turn()
            now = await record.clock.business()
            asks = [await cast.ask(due, folder / "papers", now) for due in await cast.open_asks()]
            if ticker.ask(asks) and ticker.live and not real_time and not by_hand:
                play.patient_until = await record.clock.real() + PATIENCE
                ticker.line(texts("up.patient", n=int(PATIENCE.total_seconds())))
            counts = {flow: await listener.counts(flow) for flow in flows}
            ticker.below(now, counts, len(asks))
            if turn == "idle" and not asks and not any([await listener.any_open(flow) for flow in flows]):
                ticker.over()
            await asyncio.sleep(PAUSE[turn])
    finally:
        ticker.end()
        await play.end()


def ticker_of(texts: Texts, systems: Systems) -> Ticker:
    """For standard output, with the words and states of these systems."""
    from zoneinfo import ZoneInfo

    from caseward.console.terminal.view import labels
    from caseward.demonstration.ticker import Ticker

    wide = screen()
    zone = ZoneInfo(read_settings().timezone)
    states = {name: {str(state.name): state.kind for state in plan.flow.states} for name, plan in systems.plans.items()}
    logins = {pool.flow for one in systems.systems for pool in one.accounts}
    return Ticker(texts, labels(texts, systems), wide, zone, states, logins, program(), live=sys.stdout.isatty())


def _name(found: Any, texts: Texts) -> str:
    """Its version and where it comes from; of none that was found, why."""
    if found is None:
        return ""
    if hasattr(found, "version"):
        source = texts("up.system") if found.source == "system" else found.source
        return f"{found.version.split('.')[0]} ({source})"
    return "; ".join(f"{one.executable or one.source}: {texts.told(one.reason)}" for one in found.tried[:1])


def _has_remotes(folder: Path) -> bool:
    """Whether somebody named remotes: in the environment, or in a settings file. One that `up` left is taken away."""
    from caseward.app.played import is_played
    from caseward.app.systems import read_systems

    file = kept_settings(folder)
    with suppress(FileNotFoundError, NotADirectoryError, SettingsError):  # read_settings says what is wrong with it
        if read_own(file, LARGEST, LINES).startswith(WRITTEN.encode()):
            file.unlink()
    settings = read_settings()
    systems = read_systems(settings)
    return systems.is_configured or not any(is_played(one) for one in systems.systems)


def _say_strange(settings: Settings, texts: Texts) -> None:
    """A misspelt variable sets nothing: what it was to set is then simulated, or waits."""
    from caseward.app.system_checks import sets_nothing, strange_variables
    from caseward.app.systems import read_systems

    for name, meant in strange_variables(read_systems(settings), settings).items():
        say(*screen().wrapped(texts.told(sets_nothing(name, meant)), 4, "  !"))
    sys.stdout.flush()


@contextmanager
def _alone(folder: Path, texts: Texts) -> Iterator[None]:
    """One at a time on a data folder: two would jump over each other's time."""
    keep_private(folder)
    with (folder / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            cause = texts("error.up_runs", folder=folder)
            raise Stopped(Complaint("up_runs", cause, texts("cure.up_runs"), CONFLICT)) from error
        yield


@contextmanager
def _for_others(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        kept_settings(folder).unlink(missing_ok=True)


def write_settings(folder: Path) -> None:
    """Which systems are on and where their simulated remotes are, for workers and commands in other terminals."""
    from caseward.app.systems import read_systems
    from caseward.demonstration.parts import addresses

    settings = read_settings()
    systems = read_systems(settings).systems
    shared = {*RECORD, *(name for one in systems for name in addresses(one, ""))}
    kept = {name: value for name, value in os.environ.items() if name in shared}
    kept |= {f"{PREFIX}SYSTEMS": settings.systems or "", f"{PREFIX}APP": settings.app or ""}
    said = ((name, value.replace("'", "\\'")) for name, value in sorted(kept.items()) if value)
    lines = [WRITTEN, *(f"{name}='{value}'" for name, value in said)]
    put(kept_settings(folder), "".join(f"{line}\n" for line in lines).encode())


RECORD = ("CASEWARD_DATABASE_URL", "CASEWARD_BROKER_URL")
"""Where the record is."""


def _clear(settings: Settings, texts: Texts, own: bool) -> None:
    """Everything that an earlier run left; refused where the folder holds what it did not make."""
    from caseward.demonstration.stage import has_own_database

    folder = settings.data_dir
    made = (folder / "sandbox").exists()

    if own or has_own_database(os.environ) or ((folder / "caseward.db").exists() and not made):
        raise Stopped(Complaint("not_ours", texts("error.not_fresh", folder=folder), texts("cure.not_ours"), REFUSED))
    if not made and not (folder / "caseward.db").exists():
        return  # what lies there was not made by an earlier run
    for name in OURS:
        (folder / name).unlink(missing_ok=True)
    for name in OUR_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


def _stopping(texts: Texts) -> None:
    """What is under way has its grace; another Ctrl-C ends the process at once, and what it started with it."""
    if sys.stdout.isatty():
        sys.stdout.write("\r\x1b[K")  # what stood below, and the ^C
        sys.stdout.flush()
    complain(texts("up.stopping"))


def _say_cut(runs: int, texts: Texts) -> None:
    if runs:
        complain(texts("up.cut", n=runs))
