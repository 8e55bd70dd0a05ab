"""An office through a year: matters come in, the clock goes on from working hour to working hour, people do their part.

Whoever acts does so as in life: staff by the commands of this program, owners by the texts in their inboxes, and all
of them by hand at the bureau's website.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.docs.days import LEAD, at_work
from tests.docs.seats import open_workers
from tests.scenes.stage import BEGIN, Scene, at_the_office
from tests.year.drawn import Draw, Matter, Row
from tests.year.kind import Deed
from workflow.demonstration import Act
from workflow.errors import WorkflowError
from workflow.store import CaseRow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKING = (0, 1, 2, 4, 7, 11)
"""Hours after nine in the morning at which the office is at work in the days after matters came in."""
QUIET = (0, 1)
"""And on the days after those."""


@dataclass(frozen=True)
class Pace:
    """On how many Mondays of the year matters come in, and the hours of the days that follow. last: a time in which
    nothing comes in ends the year."""

    waves: int = 6
    days: Sequence[Sequence[float]] = (WORKING,) * 3 + (QUIET,) * 6
    last: timedelta = timedelta(days=40)


LAST_HOURS = 8
"""At work at the end, so that the latest reader of pictures has let every account in."""
NIGHT = 14.6
"""At half past eleven in the evening somebody still works, and the bureau is closed."""
LATE_READER = "office-03"
"""Whoever reads the pictures of this login comes five hours later than the others."""
LOGINS = tuple({"login": f"office-0{place}", "password": f"pass-{place}"} for place in range(1, 5))
UNCONCERNED = ("adapter_health", "retention")
ACTS = tuple(
    Act("captcha_shown", 5 * (login == LATE_READER), "operator", "answer_captcha", {"account": login})
    for login in (one["login"] for one in LOGINS)
)


@dataclass
class YearOffice:
    """scene: the office as the scenes have it. said: what each command printed that ended otherwise than well."""

    scene: Scene
    folder: Path
    draw: Draw
    matters: list[Matter]
    processes: AsyncExitStack
    """What is opened anew when settings change."""
    landings: int = 0
    said: list[str] = field(default_factory=list)

    async def now(self) -> datetime:
        return await self.scene.record.clock.business()

    async def command(self, *args: str, typed: str = "", or_says: str = "") -> str:
        """What staff types. A command that fails is kept, to be told of, unless it fails with these words."""
        printed = await self.scene.command(*args, typed=typed)
        if has_failed(printed) and not (or_says and or_says in plain(printed)):
            self.said.append(f"$ caseward {' '.join(args)}\n{printed}")
        return printed

    async def refused(self, *args: str, because: str) -> None:
        """What staff types and the program must refuse, with these words: any other answer is kept, to be told of."""
        printed = await self.scene.command(*args)
        if not has_failed(printed) or because not in plain(printed):
            self.said.append(f"$ caseward {' '.join(args)}\nshould be refused with {because!r}: {printed}")

    async def row(self, matter: Matter) -> CaseRow:
        return await self.scene.record.store.case(matter.number)

    async def control(self, path: str, **said: Any) -> None:
        async with httpx.AsyncClient(base_url=self.scene.outside.url, trust_env=False) as hand:
            (await hand.post(f"/control/{path}", json=said)).raise_for_status()

    async def mend(self, fault: str) -> None:
        """A fault of the outside is over."""
        async with httpx.AsyncClient(base_url=self.scene.outside.url, trust_env=False) as hand:
            (await hand.delete(f"/control/faults/{fault}")).raise_for_status()

    # ---------------------------------------------------------------- the clock

    async def year(self, pace: Pace) -> None:
        """Wave after wave of matters comes in, each on a Monday, spread evenly over a year."""
        share = -(-len(self.matters) // pace.waves)
        shares = [self.matters[wave * share : (wave + 1) * share] for wave in range(pace.waves)]
        for wave, coming in enumerate(shares):
            await self.wave(BEGIN + wave * timedelta(weeks=52 // pace.waves), coming, pace)
        if pace.last:
            await self.land(await self.now() + pace.last)
            for _ in range(LAST_HOURS):
                await self.land(await self.now() + HOUR)

    async def wave(self, begins: datetime, coming: Sequence[Matter], pace: Pace) -> None:
        for day, hours in enumerate(pace.days):
            for hour in sorted({*hours, *(one.kind.comes for one in coming if not day)}):
                await self.land(begins + day * DAY + hour * HOUR + timedelta(minutes=5))
                if not day and (now := [one for one in coming if one.kind.comes == hour]):
                    await self.take_in(now)

    async def land(self, at: datetime) -> None:
        """On to this instant: what is due is done, and then people act on what they see."""
        office = self.scene.office
        self.landings += 1
        await office.clock.stand_at(at)
        await office.outside.set_clock(at + LEAD, keep_sessions=True)
        await office.beat.once()
        while await office.runs.look():
            await office.runs.idle()
        with suppress(WorkflowError):  # who was not answered tries again in an hour
            await office.people.act(at)
        from tests.year.people import act  # what people do knows the office

        await act(self, at)

    # ---------------------------------------------------------------- what comes in

    async def take_in(self, matters: Sequence[Matter], *options: str) -> None:
        """A clerk takes them in by one file, and the bureau has its mind about each."""
        for matter in matters:
            for fault in matter.kind.faults(matter.row):
                await self.control("faults", **fault)
            if matter.kind.before:
                await matter.kind.before(self, matter)
        for matter, told in zip(matters, await self.import_file([one.row for one in matters], *options), strict=True):
            matter.number, matter.begins = told["number"], await self.now()
            await self.control("plan", title=matter.number, review=[dict(step) for step in matter.kind.review])
            if matter not in self.matters:
                self.matters.append(matter)

    async def import_file(self, rows: Sequence[Row], *options: str) -> list[dict[str, Any]]:
        file = self.folder / "rows.json"
        file.write_text(json.dumps(list(rows), ensure_ascii=False), "utf-8")
        printed = await self.command("case", "import", str(file), *options, "--json")
        found: list[dict[str, Any]] = document(printed)["data"]
        return found

    async def settings_changed(self) -> None:
        """The processes are begun anew, with what is set by now."""
        await self.scene.record.refresh()
        workers = await self.processes.enter_async_context(open_workers(self.scene.record))
        office = self.scene.office
        self.scene.office = at_work(self.scene.record, office.clock, workers, self.scene.outside, ACTS)

    def due(self, matter: Matter, row: CaseRow, now: datetime) -> Deed | None:
        """The next deed of a matter, if its time has come."""
        if len(matter.done) >= len(matter.kind.deeds):
            return None
        deed = matter.kind.deeds[len(matter.done)]
        since = matter.begins if deed.after == "taken in" else row.claim.entered_at
        if deed.after not in ("taken in", row.claim.state) or deed.round not in (None, row.claim.round):
            return None
        if deed.needs and not row.claim.data.get(deed.needs):
            return None
        return deed if now - since >= timedelta(hours=deed.hours) else None


def has_failed(printed: str) -> bool:
    """Whether the command ended otherwise than well."""
    return re.search(r"exit \d+\n$", printed) is not None


def plain(printed: str) -> str:
    """In one line, as it was said before it was broken to the terminal's width."""
    return " ".join(printed.split())


def document(printed: str) -> Any:
    """The JSON that a command printed; what it warned of stands behind."""
    return json.JSONDecoder().raw_decode(printed)[0]


@asynccontextmanager
async def in_office(folder: Path, draw: Draw, matters: Sequence[Matter]) -> AsyncIterator[YearOffice]:
    """Opened for a year: nothing has come in yet."""
    minutes = {one.title: one.kind.minutes for one in matters}
    world = {"plans": {}, "generation": {"default_minutes": 30, "titles": minutes}}
    async with (
        at_the_office(folder, [], acts=ACTS, world=world, accounts=LOGINS, off=UNCONCERNED) as scene,
        AsyncExitStack() as processes,
    ):
        papers = folder / "papers"
        papers.mkdir(parents=True, exist_ok=True)
        yield YearOffice(scene, papers, draw, list(matters), processes)
