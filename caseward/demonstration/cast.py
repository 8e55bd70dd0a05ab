"""The people of the demonstration. They use public commands, and know what people can see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from caseward.demonstration.desk import Desk
from caseward.demonstration.parts import Part
from workflow.demonstration import Act, Ask, Doing, Due, Scene
from workflow.errors import Conflict, NotAllowed
from workflow.store import CaseRow

log = structlog.get_logger()


@dataclass
class Cast:
    """Notices what came to pass, and acts when its time has come. memory: a file that keeps what was done."""

    desk: Desk
    parts: Sequence[Part]
    memory: Path | None = None
    asked: dict[str, Due] = field(default_factory=dict)
    """What is left for whoever watches: the newest occasion of each act and case."""
    _minded: dict[str, Due] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory.exists():
            self._done.update(json.loads(self.memory.read_text("utf-8")))

    async def act(self, now: datetime, *, look: bool = True) -> int:
        """Do what is due by now; how many acts it were. look: whether anything may have come to pass since."""
        if look:
            await self._notice(now)
        due = sorted((one for one in self._minded.values() if one.at <= now), key=lambda one: one.at)
        acted = 0
        for one in due:
            try:
                part, doing = await self._doing(one)
                await doing.does(Scene(self.desk, part.outside), one)
            except Conflict as error:
                log.info("cast.comes_back", who=one.act.who, does=one.act.does, case=one.case, why=str(error))
                continue
            except NotAllowed as error:
                # somebody else did it meanwhile
                log.info("cast.too_late", who=one.act.who, does=one.act.does, case=one.case, why=str(error))
            acted += 1
            del self._minded[one.occasion]
            self._remember(one.occasion)
            log.info("cast.acted", who=one.act.who, does=one.act.does, case=one.case)
        return acted

    async def open_asks(self) -> list[Due]:
        """What is left for whoever watches and nobody has done yet."""
        standing = []
        for place, due in list(self.asked.items()):
            row = await self.desk.case(due.case)
            _, doing = await self._doing(due)
            if row.claim.state != due.state or not doing.is_missing(row, due.act):
                self._remember(due.occasion)
                del self.asked[place]
            else:
                standing.append(due)
        return standing

    async def ask(self, due: Due, papers: Path, now: datetime) -> tuple[Due, str, Ask]:
        """With its flow, how whoever watches does it himself. His papers are written below this folder."""
        part, doing = await self._doing(due)
        claim = (await self.desk.case(due.case)).claim
        if doing.ask is not None:
            return due, claim.flow, await doing.ask(Scene(self.desk, part.outside), due, papers, now)
        return due, claim.flow, Ask(claim.number, due.act.who, ("case", "show", claim.number))

    def _remember(self, occasion: str) -> None:
        self._done.add(occasion)
        if self.memory is not None:
            written = self.memory.with_suffix(".new")
            written.write_text(json.dumps(sorted(self._done), ensure_ascii=False, indent=1), "utf-8")
            written.replace(self.memory)

    async def next(self) -> datetime | None:
        """When the next of them will act."""
        return min((one.at for one in self._minded.values()), default=None)

    # ---------------------------------------------------------------- what people see

    async def _notice(self, now: datetime) -> None:
        for part in self.parts:
            scene, rows = Scene(self.desk, part.outside), dict[str, list[CaseRow]]()
            for act in part.acts:
                sight = part.system.demonstration.sights[act.after]
                if sight.flow not in rows:
                    rows[sight.flow] = await self.desk.cases(sight.flow)
                for row in self._about(part, act, rows[sight.flow]):
                    for occasion, at in await sight.look(scene, row, act, now):
                        self._mind(part, act, row, occasion, at)

    def _about(self, part: Part, act: Act, rows: Sequence[CaseRow]) -> Iterator[CaseRow]:
        """The cases that an act is about: where it says one, that one alone."""
        for row in rows:
            known = part.system.demonstration.about(row)
            if all(known[name] == value for name, value in act.about.items() if name in known):
                yield row

    def _mind(self, part: Part, act: Act, row: CaseRow, occasion: str, at: datetime) -> None:
        name = f"{act.after}:{act.does}:{row.claim.number}:{occasion}"
        if name in self._done:
            return
        due = Due(at + timedelta(hours=act.hours), act, name, row.claim.number, row.claim.state)
        known = part.system.demonstration.about(row)
        if not any(one.holds(act, known) for one in part.left):
            self._minded.setdefault(name, due)
            return
        place = f"{act.does}:{row.claim.number}:{json.dumps(act.about, sort_keys=True)}"
        if place not in self.asked or self.asked[place].at <= due.at:
            self.asked[place] = due

    async def _doing(self, due: Due) -> tuple[Part, Doing]:
        """Whose act it is, and how it is done."""
        flow = (await self.desk.case(due.case)).claim.flow
        part = next(one for one in self.parts if any(flow == own.name for own in one.system.flows))
        return part, part.system.demonstration.doings[due.act.does]
