"""A year from the drawing of its matters to the judgement, as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.scenes.stage import BEGIN
from tests.year.bureau import look_through
from tests.year.drawn import Draw, Matter, Row
from tests.year.judge import Came, Judge
from tests.year.kind import Kind
from tests.year.ledger import read
from tests.year.office import LOGINS, Pace, YearOffice, document, in_office


def drawn(drawing: Draw, kinds: Sequence[Kind], matters: int) -> list[Matter]:
    """Each kind as often as the others, in an order that the seed shuffles, so that every wave has of many kinds."""
    chosen = [kinds[place % len(kinds)] for place in range(matters)]
    drawing.chance.shuffle(chosen)
    return [Matter(kind, _row(kind, drawing), BEGIN) for kind in chosen]


def _row(kind: Kind, drawing: Draw) -> Row:
    row = kind.draws(drawing)
    return {**row, "account": kind.account} if kind.account else row


async def play(folder: Path, kinds: Sequence[Kind], *, matters: int, seed: int, pace: Pace) -> dict[str, Any]:
    """The figures; `shortcomings` among them is empty where all is right."""
    playable = [kind for kind in kinds if not kind.needs]
    drawing = Draw(seed)
    async with in_office(folder, drawing, drawn(drawing, playable, matters)) as office:
        await office.year(pace)
        figures = await judged(office)
    missing = {kind.name: kind.needs for kind in kinds if kind.needs}
    return {"seed": seed, "matters": len(office.matters), **figures, "not_played": missing}


async def judged(office: YearOffice) -> dict[str, Any]:
    came = [await _came(office, matter) for matter in office.matters]
    scene = office.scene
    told = read(await scene.outside.ledger())
    await office.land(await office.now())
    judge = Judge(told, await look_through(scene, LOGINS, list(told.orders)))
    wrong = [f"{one.reference} {one.matter.kind.name}: {said}" for one in came for said in judge.wrongs(one)]
    kinds: dict[str, dict[str, Any]] = {}
    for one in came:
        of_kind = kinds.setdefault(one.matter.kind.name, {"matters": 0, "ends": Counter()})
        of_kind["matters"] += 1
        of_kind["ends"][one.end] += 1
    sandbox = await scene.outside.judgement()
    ledger = {
        "doubled": [*judge.doubled(), *_doubled(sandbox), *await _too_many(office)],
        "altered": [*judge.altered(came), *map(str, sandbox["altered"])],
        "lost": list(judge.lost(came)),
        "wrong_materials": [*judge.wrong_materials(came), *map(str, sandbox["strange"])],
        "wrong_seals": list(map(str, sandbox["wrong_seals"])),
    }
    waiting = [one for one in came if not one.final]
    untrue = {line.split(" ")[0] for line in wrong}
    return {
        "kinds": {name: {**of, "ends": dict(of["ends"])} for name, of in sorted(kinds.items())},
        "ends": dict(Counter(one.state if one.final else f"waits for {one.why['who']}" for one in came)),
        "reasons": {
            "right": sum(one.reference not in untrue for one in waiting),
            "wrong": sum(one.reference in untrue for one in waiting),
        },
        "ledger": {name: len(found) for name, found in ledger.items()},
        "landings": office.landings,
        "shortcomings": [
            *wrong,
            *(f"{name}: {one}" for name, found in ledger.items() for one in found),
            *(f"a command failed: {one}" for one in office.said),
        ],
    }


async def _came(office: YearOffice, matter: Matter) -> Came:
    row = await office.row(matter)
    if row.final:
        return Came(matter, row.claim.state, True, matter.number, {}, ())
    why = document(await office.command("case", "why", matter.number, "--json"))
    incidents = [one.kind for one in await office.scene.record.store.incidents(case=row.claim.case)]
    return Came(matter, row.claim.state, False, matter.number, why, incidents)


async def _too_many(office: YearOffice) -> list[str]:
    """Cases that nobody handed in."""
    numbers = {matter.number for matter in office.matters}
    return [f"{one} is nobody's" for one in await office.scene.numbered() if one not in numbers]


def _doubled(judgement: dict[str, Any]) -> list[str]:
    """What the sandbox's own judgement says; a second opinion beside the judge's."""
    return [f"{one['operation']} {one['object']}" for one in judgement["objects"] if one["doubled"]]
