"""`caseward case compare`: a doubtful paper beside its blank in a file, and what a person found."""

from __future__ import annotations

from pathlib import Path

from caseward.app.systems import read_systems
from caseward.console.commands.case.gives import given_by, named_gives, of_its_flow
from caseward.console.intake import apart
from caseward.console.intake.scans import unfit_file
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.new_files import write_new
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.engine.give_entry import shown
from workflow.engine.reasons import reason_given
from workflow.files.plain import Unfit
from workflow.intake.gives import COMPARISON
from workflow.intake.reviews import SHORTEST
from workflow.settings import read_settings

SHOWN = 12
"""So many characters of a mark are shown."""


def compare(
    texts: Texts,
    number: str,
    paper: str,
    *,
    same: bool | None,
    seen: str | None,
    reason: str | None,
    version: int | None,
    json: bool,
) -> int:
    """A person says whether a doubtful paper is what it is to be. seen: the mark of what was written for him."""
    if same is None or reason is None:
        what = "--out | --yes | --no" if same is None else "--reason"
        raise Stopped(Complaint("usage", texts("usage.missing", what=what), texts("cure.option", option=what), USAGE))
    if seen is None or len(seen.strip()) < SHORTEST:
        cause = texts("usage.missing", what="--seen")
        raise Stopped(Complaint("usage", cause, texts("cure.compare", number=number, paper=paper), USAGE))
    words = {"paper": [paper], "same": ["yes" if same else "no"], "seen": [seen], "reason": [reason_given(reason)]}
    return given_by(texts, number, COMPARISON, words, version=version, json=json)


def write_pair(texts: Texts, number: str, paper: str, out: Path, *, json: bool) -> int:
    """Writes what is to be compared side by side into a PDF that is not there yet."""
    systems = read_systems(read_settings(lang=texts.language))
    texts.systems = systems.systems
    gives = named_gives(texts, systems, COMPARISON)

    async def work(view: View) -> int:
        row = await view.row(number)
        chosen = of_its_flow(texts, row, gives)
        papers, mark = await shown(view.record.documents, view.plan(row.claim.flow), chosen, row, {"paper": paper})
        try:
            content = apart.side_by_side(papers)
        except Unfit as unfit:
            raise unfit_file(texts, paper, unfit) from unfit
        write_new(texts, out, content)
        claim = row.claim
        if json:
            say(
                as_json(
                    {"number": claim.number, "version": claim.seq, "seen": mark, "file": str(out), "size": len(content)}
                )
            )
            return 0
        say(texts("compare.written", file=out, number=claim.number))
        say("", texts("more.compare", number=claim.number, paper=paper, mark=mark[:SHOWN]))
        return 0

    return viewing(texts, work)
