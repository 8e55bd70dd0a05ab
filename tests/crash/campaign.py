"""Kills workers at every step of every story: which steps there are, how they are dealt out, what must hold after."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from caseward.demonstration.audit import applied, audit, claimed
from tests.crash.play import FORKS, Play, Story, playing
from tests.crash.stage import Stage, stage
from tests.systems import part
from workflow.record.values import EffectStatus

APART = 8
"""So many kinds of steps lie between two deaths of one run, so that each has recovered before the next."""
PLACE = re.compile(
    r"(commit (?:claim|commit(?:_many)?) \w+) \w+ round \d+"
    r"(:? (?:waits|by|handed|deferred|moved to (?:alive|lapsed)).*)"
)
AGAIN = 3
"""A death may let a later step be skipped for good; such steps get runs of their own, so often."""
MAY_BE_LOST = re.compile(
    r"commit commit .*(?:decided, )?request_code \S+ intended: after|journal request_code.*"
    r"|call request_code round \d: (?:before|through the gate)|commit due_messages: after|call send: before"
)
"""A blind call is taken as made: who dies between its intent and the call has lost that one, and never made two."""
OVER_A_NOTICE = re.compile(r"commit due_messages.*: after|call send: (?:before|after)|commit _settle.*: before")
"""Whose notice it was is nobody's to know, and a person is told."""


@dataclass(frozen=True)
class Job:
    """One run of a story."""

    story: Story
    folder: Path
    deadly: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ran:
    """What came of it. steps: what its workers lived to tell; killed: where they died."""

    story: str
    steps: tuple[str, ...]
    killed: tuple[str, ...]
    problems: tuple[str, ...]


def kind(step: str) -> str:
    """Where a case stands is no matter to how it is claimed, waits, or changes hands."""
    return PLACE.sub(r"\1\2", step)


def deal(steps: Iterable[str], known: set[str], wanted: Callable[[str], bool]) -> list[frozenset[str]]:
    """The wanted steps of a kind not known yet, dealt out to as few runs as leave those of one run apart."""
    runs: list[tuple[int, set[str]]] = []
    for place, step in enumerate(dict.fromkeys(steps)):
        if kind(step) in known or not wanted(step):
            continue
        known.add(kind(step))
        free = next((number for number, (last, _) in enumerate(runs) if place - last >= APART), None)
        if free is None:
            runs.append((place, {step}))
        else:
            runs[free] = (place, runs[free][1] | {step})
    return [frozenset(dealt) for _, dealt in runs]


async def run(job: Job, on: Stage) -> Ran:
    async with playing(job.story, job.folder, on) as play:
        play.deadly = job.deadly
        problems = []
        try:
            await play.to_its_end()
        except AssertionError as wrong:
            row = await play.case()
            problems.append(f"{wrong}; it stands in {row.claim.state}, {row.claim.check and row.claim.check.body}")
        problems += [*play.faults, *await shortcomings(play)]
        problems += [f"{path} was called by a worker" for path in on.trespasses]
        return Ran(job.story.name, tuple(play.steps), tuple(play.killed), tuple(problems))


async def shortcomings(play: Play) -> list[str]:
    """I1, I3, I4, and the end: what does not hold once a story is over."""
    row = await play.case()
    found = []
    if (row.claim.state, row.claim.round) != (play.story.end, play.story.rounds):
        found.append(f"it ended {row.claim.state} in round {row.claim.round}")
    played = part(play.outside)
    audited = await audit(play.record, [played])
    if audited["ledger"]["doubled"]:
        found.append(f"{audited['ledger']['doubled']} doubled")
    if not audited["history"]["verified"]:
        found.append("the history does not verify")
    opened = await play.record.store.incidents(open_only=False)
    if causes := [one.cause for one in opened if one.kind != "notice_unsure"]:
        found.append(f"incidents: {', '.join(causes)}")
    over_notices = sum(bool(OVER_A_NOTICE.fullmatch(step)) for step in play.killed)
    if len(unsure := [one.cause for one in opened if one.kind == "notice_unsure"]) > over_notices:
        found.append(f"{len(unsure)} notices in doubt, and {over_notices} died over one")
    ours, theirs = await claimed(play.record, played), await applied(played)
    found += [f"{deed} was applied {count} times more than we know" for deed, count in (theirs - ours).items()]
    missing = ours - theirs
    may_be = sum(bool(MAY_BE_LOST.fullmatch(step)) for step in play.killed)
    blind: Counter[str] = Counter()
    for deed, count in missing.items():
        blind["blind" if deed[0] in ("request_code", "sms_send") else str(deed)] += count
    found += [f"{deed} is not in the ledger" for deed in blind if deed != "blind"]
    if blind["blind"] > may_be:
        found.append(f"{dict(missing)} are not in the ledger, and {may_be} may be lost")
    done = Counter(
        (effect.action, effect.item_id, effect.round) for effect in row.claim.effects if _is_done(effect.status)
    )
    found += [f"{deed} is done {count} times" for deed, count in done.items() if count > 1 and deed[0] in ONCE]
    return found


ONCE = frozenset({"place_order", "pay_order", "request_code", "upload_seal_page", "confirm"})


def _is_done(status: EffectStatus) -> bool:
    return status is EffectStatus.done


class Post:
    """A process that plays jobs one after another, with an outside of its own."""

    def __init__(self) -> None:
        self._line, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=_serve, args=(theirs,))
        self._process.start()
        theirs.close()

    async def play(self, job: Job) -> Ran:
        self._line.send(job)
        ran: Ran = await asyncio.to_thread(self._line.recv)
        return ran

    def close(self) -> None:
        self._line.send(None)
        self._process.join()


def _serve(line: Connection) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with stage() as on:
        while job := line.recv():
            line.send(asyncio.run(run(job, on)))


@dataclass
class Told:
    """One story, played in peace and then with a death at every wanted step that no story before had."""

    quiet: Ran
    deadly: frozenset[str]
    ran: list[Ran]

    @property
    def killed(self) -> frozenset[str]:
        return frozenset(step for one in self.ran for step in one.killed)

    @property
    def missed(self) -> frozenset[str]:
        """Where nobody died although somebody should have."""
        return self.deadly - self.killed

    @property
    def shortcomings(self) -> list[str]:
        return [
            *(f"in peace: {problem}" for problem in self.quiet.problems),
            *(f"killed at {'; '.join(ran.killed)}: {problem}" for ran in self.ran for problem in ran.problems),
            *(f"nobody died at {step}" for step in sorted(self.missed)),
        ]


async def tell(
    story: Story,
    folder: Path,
    posts: Sequence[Post],
    known: set[str],
    wanted: Callable[[str], bool] = lambda step: True,
) -> Told:
    """wanted: the steps at which somebody is to die."""
    (quiet,) = await play_all(posts, [Job(story, folder / "in peace")])
    dealt = deal(quiet.steps, known, wanted)
    jobs = [Job(story, folder / str(number), deadly) for number, deadly in enumerate(dealt)]
    told = Told(quiet, frozenset().union(*dealt), await play_all(posts, jobs))
    for again in range(AGAIN):
        if told.missed:
            told.ran += await play_all(posts, [Job(story, folder / f"again {again}", told.missed)])
    return told


async def play_all(posts: Sequence[Post], jobs: Iterable[Job]) -> list[Ran]:
    """Each job at the next post that is free."""
    waiting, played = iter(list(jobs)), list[Ran]()

    async def work(post: Post) -> None:
        for job in waiting:
            played.append(await post.play(job))

    await asyncio.gather(*(work(post) for post in posts))
    return played
