"""`caseward party give`: what a person or firm gives once for all its cases, or takes back in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from caseward.app.systems import read_systems
from caseward.console.commands.case.gives import of_parts, parts_of, parts_said
from caseward.console.commands.party.views import name_of, named
from caseward.console.intake import apart
from caseward.console.intake.parties import unread
from caseward.console.intake.scans import pages_in, unfit_file
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import ERROR, complaint_of
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import complain, listed, say
from caseward.console.wording.texts import Texts
from workflow.engine.give_entry import hand_in
from workflow.errors import CommandError
from workflow.files.plain import NotLooked, Unfit
from workflow.intake.gives import DOUBTFUL, Give, NotTaken
from workflow.settings import read_settings
from workflow.store import CaseRow


def give(texts: Texts, who: str, said: Sequence[str], *, asks: bool, json: bool) -> int:
    """Each case takes or refuses it by its own rule; those that refuse are named, and the others have it.

    A case that could not take it, since it cannot be read or is worked on, is named, and the command did not succeed.
    """
    kind, words = parts_said(texts, said)
    systems = read_systems(read_settings(lang=texts.language))
    texts.systems = systems.systems
    gives = [one for own in systems.installed for one in own.system.gives if one.party]
    if kind not in {one.name for one in gives}:
        raise not_one_of(texts, "paper", kind, dict.fromkeys(one.name for one in gives))

    async def work(view: View) -> int:
        one = await named(view, who)
        flow = one[-1].row.claim.flow
        chosen = next((give for give in gives if (give.name, give.flow) == (kind, flow)), None)
        if chosen is None:
            raise not_one_of(texts, "paper", kind, [give.name for give in gives if give.flow == flow])
        fixed = {name: [value] for name, value in chosen.of_party.items()}
        given = parts_of(texts, chosen, {**fixed, **of_parts(texts, chosen, words), chosen.party: [""]}, asks)
        record, told, doubtful = view.record, list[tuple[str, str | None]](), dict[str, str]()
        missed = [row.claim.number for row in await unread(record, flow) if _takes(chosen, row)]
        today = view.moments.now.astimezone(record.systems.zone_of(flow, view.moments.zone)).date()
        for at in one:
            if not _takes(chosen, at.row):
                continue
            try:
                became = await hand_in(
                    record.store, record.clock, record.documents, view.plan(flow), record.commands(person()), at.row,
                    chosen, {**given, chosen.party: at.party.id}, today=today, pages_in=pages_in,
                    look=apart.looked,
                )  # fmt: skip
                told.append((at.row.claim.number, None))
                if became.endswith(DOUBTFUL):
                    doubtful[at.row.claim.number] = became.removesuffix(DOUBTFUL)
            except Unfit as unfit:
                raise unfit_file(texts, ", ".join(given[name].name for name in chosen.looks), unfit) from unfit
            except (CommandError, NotLooked) as error:
                told.append((at.row.claim.number, complaint_of(error, texts).cause))
                missed += [] if isinstance(error, NotTaken) else [at.row.claim.number]
        told += [(number, texts("party.unread")) for number in missed if number not in {one for one, _ in told}]
        if json:
            say(listed([{"number": one, "refused": why, "doubtful": one in doubtful} for one, why in told]))
        else:
            for number, why in told:
                what = texts("party.gave", number=number) if why is None else f"{number}: {why}"
                say(*view.screen.wrapped(what))
            if doubtful:
                first, paper = next(iter(doubtful.items()))
                parts = {"numbers": ", ".join(doubtful), "first": first, "paper": paper, "who": who}
                say("", *view.screen.wrapped(texts("party.doubtful", **parts)))
            if not told:
                complain(texts("party.no_case", name=name_of(one)))
        return 0 if not missed and any(why is None for _, why in told) else ERROR

    return viewing(texts, work)


def _takes(chosen: Give, row: CaseRow) -> bool:
    """Whether it is of use in the state of the case."""
    return row.claim.state in chosen.states if chosen.states else not row.final
