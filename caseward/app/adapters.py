"""Opens what a working process needs: the remotes of its systems, engines over them, and what does its runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import structlog

from caseward.app.installation import Record
from caseward.app.not_opened import NotOpened, not_opened
from caseward.app.systems import Installed
from workflow.engine.account_book import AccountBook
from workflow.engine.dependencies import Dependencies, Limits
from workflow.engine.seats import SeatWork
from workflow.engine.startup_checks import note_left_alone, recall_calls, take_back
from workflow.engine.sweep import Engine
from workflow.errors import NotSent
from workflow.flow import called
from workflow.flow.mistakes import words
from workflow.flow.pacing import Pace, paced
from workflow.flow.remotes import Opened, Remote, Remotes, check_methods
from workflow.queues import DEFAULT_QUEUE
from workflow.record.journal import Journal
from workflow.scheduler.jobs import Channel, JobContext, Probe
from workflow.scheduler.target_runs import TargetRunner, one_turn_a_queue
from workflow.schedules.targets import Job
from workflow.sentence import Sentence
from workflow.system import Opening

if TYPE_CHECKING:  # they import Playwright, which is not everywhere
    from adapters.browser.chromium_process import Browser
    from adapters.browser.chromium_search import Found

log = structlog.get_logger()

OPENS_WITHIN = 60.0
"""Seconds that a remote has to be opened: what hangs would keep all others waiting."""


@dataclass
class Workers:
    """The engines by queue over the opened remotes, the channels of notices, and the questions how remotes are."""

    dependencies: Mapping[str, Dependencies]
    channels: Mapping[str, Channel]
    probes: Sequence[Probe]
    browser: Browser | None = None
    paces: dict[str, Pace] = field(default_factory=dict)
    """By remote, how fast this process may call it."""
    unopened: Sequence[str] = ()
    """The remotes that could not be opened: what needs them waits, and they are opened anew after a while."""

    @property
    def remotes(self) -> Remotes:
        return self.dependencies[DEFAULT_QUEUE].remotes

    @property
    def process(self) -> str:
        return self.dependencies[DEFAULT_QUEUE].process

    @property
    def http(self) -> Engine:
        """Works on cases that need no seat."""
        return Engine(self.dependencies[DEFAULT_QUEUE])

    def seats(self, remote: str, at_once: int = 2) -> SeatWork:
        """Works on the seats of a remote, by its name."""
        entered = next(one for one in self.remotes.all() if one.name == remote)
        here = self.dependencies[entered.queue]
        return SeatWork(Engine(here), here, entered, at_once)


@asynccontextmanager
async def open_workers(
    record: Record,
    chromium: Found | None,
    *,
    browser: Browser | None = None,
    before: Workers | None = None,
    all_open: bool = False,
) -> AsyncIterator[Workers]:
    """Open all that claims need: flows are checked against remotes and live cases, forgotten calls adopted.

    chromium: with which a browser of its own is started; browser: one that is open already, and stays open. before:
    the workers of this process under older settings; ticks of both know of each other.

    A remote that cannot be opened stops no other: a call of it raises why. Where it was open before, or with all_open,
    NotOpened is raised: what was opened before goes on.
    """
    async with AsyncExitStack() as stack:
        if chromium is not None:
            from adapters.browser.chromium_process import Browser

            browser = Browser(chromium)
            stack.push_async_callback(browser.close)
        book, known = AccountBook(record.store, record.clock), list[Remote]()
        probes, unopened = list[Probe](), list[str]()
        paces: dict[str, Pace] = {} if before is None else before.paces
        for installed, remote in record.systems.opened:
            opening = Opening(installed.settings, installed.system.variables, record.store, record.clock, book, browser)
            try:
                opened = paced(remote, await _open(stack, installed, remote, opening), paces)
            except NotOpened as error:
                if before is not None and (all_open or remote.name not in before.unopened):
                    raise
                log.error("remote.not_opened", system=error.system, remote=remote.name, why=error.why)
                unopened.append(remote.name)
                opened = not_opened(remote, error.why)
            stands = replace(
                record.systems.as_set(remote),
                implementation=opened.implementation,
                connect=opened.connect,
                fence=opened.fence,
            )
            known.append(replace(stands, lacks=tuple(installed.lacks(remote.needs))))
            if opened.ask is not None:
                probes.append(Probe(remote.name, opened.ask))
        remotes = Remotes(known)
        channels = {
            name: _channel(installed, name, remotes)
            for installed in record.systems.installed
            for name in installed.system.channels
        }
        here = {queue: _dependencies(record, remotes, queue, channels, before) for queue in record.systems.queues}
        workers = Workers(here, channels, probes, browser, paces, unopened)
        if before is None:
            workers.http.check()
            await note_left_alone(record.store, record.plans, record.clock)
            systems = record.systems
            queues_of = record.rules.targets.queues_of
            await take_back(record.store, systems.remotes, record.plans, systems.queues, queues_of)
            await recall_calls(record.store, here[DEFAULT_QUEUE].journal, record.clock)
        yield workers


def target_runner(
    record: Record, workers: Workers, turns: Mapping[str, asyncio.Semaphore] | None = None
) -> TargetRunner:
    """What these workers do with a run. turns: by queue, held by each run of this process that works on seats there."""
    context = JobContext(
        record.store,
        record.clock,
        record.plans,
        record.settings.anchors,
        workers.process,
        record.settings.lease,
        workers.channels,
        workers.probes,
        workers.remotes,
        record.rules,
        record.systems.unsaid,
    )
    targets = record.rules.targets

    async def do_job(job: Job) -> Mapping[str, int]:
        does = targets.jobs[job.name].does
        assert does is not None, f"{job.name} was read as a target, and nothing does it"
        return await does(context, targets.given(job))

    turns = one_turn_a_queue() if turns is None else turns
    return TargetRunner(record.store, record.clock, targets, workers.dependencies, do_job, turns=turns)


async def _open(stack: AsyncExitStack, installed: Installed, remote: Remote, opening: Opening[Any]) -> Opened:
    """Open the remote, or return an empty Opened where a setting that it needs is missing. Raises NotOpened."""
    if installed.lacks(remote.needs):
        return Opened()
    if remote.opens is None:
        return Opened(remote.implementation, remote.connect, remote.fence)
    try:
        async with asyncio.timeout(OPENS_WITHIN):
            return await stack.enter_async_context(remote.opens(opening))
    except TimeoutError as error:
        why = f"it took longer than {OPENS_WITHIN:g} s, or an answer did"
        raise NotOpened(installed.system.name, remote.name, why) from error
    except Exception as error:
        raise NotOpened(installed.system.name, remote.name, words(error)) from error


def _channel(installed: Installed, name: str, remotes: Remotes) -> Channel:
    """The adapter that sends by this channel. Raises DefinitionError where it lacks a method that every channel has."""
    protocol = installed.system.channels[name]
    remote = next(one for one in remotes.all() if one.protocol is protocol)
    if remote.implementation is None:
        return UnsetChannel(name, " and ".join(remote.lacks))
    check_methods(
        called.within(called.system(installed.system.name), called.channel(name)), protocol, remote.implementation
    )
    return cast(Channel, remote.implementation)


async def ask_alone(installed: Installed, remote: Remote) -> None:
    """Ask a remote whether it is well, without a record.

    Raises RemoteError where it is not; nothing where nobody can ask. It is opened with its settings alone, since that
    question needs neither store nor browser.
    """
    if remote.opens is None or installed.lacks(remote.needs):
        return
    nothing: Any = None
    async with remote.opens(
        Opening(installed.settings, installed.system.variables, nothing, nothing, nothing)
    ) as opened:
        if opened.ask is not None:
            await opened.ask()


@dataclass(frozen=True)
class UnsetChannel:
    """A channel whose address is not set: notices for it are kept and tried again."""

    name: str
    variables: str

    def _unset(self) -> Sentence:
        return Sentence("setting_not_set", "{variables} is not set", variables=self.variables)

    async def send(self, to: str, text: str, reference: str) -> str:
        raise NotSent(self.name, "send", self._unset())

    async def delivered(self, number: str) -> bool | None:
        raise NotSent(self.name, "delivered", self._unset())


def _dependencies(
    record: Record, remotes: Remotes, queue: str, channels: Mapping[str, Channel], before: Workers | None
) -> Dependencies:
    settings = record.settings
    older = None if before is None else before.dependencies.get(queue)
    return Dependencies(
        store=record.store,
        clock=record.clock,
        remotes=remotes,
        documents=record.documents,
        journal=Journal(settings.journal),
        plans=record.plans,
        queue=queue,
        channels=frozenset(channels),
        unsaid=record.systems.unsaid,
        limits=Limits(
            lease=settings.lease,
            fact=settings.fact,
            action=settings.action,
            look_again=settings.look_again,
            deadline=settings.deadline,
        ),
        active={} if older is None else older.active,
        unfenced={} if older is None else older.unfenced,
    )
