"""`caseward case show` and `why`: what a case is about, what it waits for, and what would move it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError
from rich.cells import cell_len

from caseward.console.terminal.answers import Json
from caseward.console.terminal.view import Told, View, viewing
from caseward.console.text.output import BOUNDLESS, say
from caseward.console.wording.happenings import unsure
from caseward.console.wording.reasons import asked, cure, details, headline, plain_cause
from caseward.console.wording.seen import whole
from caseward.console.wording.shapes import (
    document_shape,
    effect_shape,
    facts_seen,
    in_doubt,
    incident_shape,
    notice_shape,
    why_shape,
)
from caseward.console.wording.texts import Texts
from caseward.console.wording.ways import nearest, tree
from workflow.engine.context import case_of
from workflow.engine.notices import Notice, notices
from workflow.flow.mistakes import FunctionFailed, Mistake, mistake_of
from workflow.intake.gives import WantedSecret, wanted_secrets
from workflow.intake.matter import Matter
from workflow.record.values import Check, Effect

PLAIN = re.compile(r"[\w.@-]+")
LABEL = 14
"""The width of the labels at the left."""


def show(texts: Texts, number: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        [told] = await view.told([await view.row(number)])
        claim, view = told.claim, view.about(told.claim)
        incidents = await view.record.store.incidents(case=claim.case)
        documents = [one for one in await view.record.documents.of_case(claim.case) if one.kind != "evidence"]
        told_of = await view.record.store.messages_of(claim.case)
        if json:
            more = {
                "data": dict(claim.data),
                "effects": [effect_shape(effect, view.moments) for effect in claim.effects],
                "incidents": [incident_shape(one, view.moments) for one in incidents],
                "documents": [document_shape(one, view.moments) for one in documents],
                "notices": [notice_shape(one, view.moments) for one in told_of],
                "matter": [{"name": name, "value": value} for name, value in await _shown(view, told)],
            }
            say(json.one({**view.shape(told), **more}))
            return 0
        lines = [
            (texts("label.state"), view.reader.labels("state", claim.state)),
            (texts("label.why"), headline(told.why, view.reader)),
            *details(told.why, view.reader),
            (texts("label.account"), _accounts(view, told)),
            (texts("label.auto"), texts("value.on" if claim.auto else "value.off")),
            (texts("label.round"), str(claim.round)),
            (texts("label.version"), str(claim.seq)),
        ]
        lines += await _matter(view, told)
        lines += [(texts("label.in_doubt"), _doubt(view, effect)) for effect in in_doubt(claim)]
        for one in incidents:
            what, cause = view.reader.labels("incident", one.kind), plain_cause(one.cause, one.seen, view.reader)
            lines.append((texts("label.incident"), f"{what}{texts('mark.dash')}{cause}"))
        lines += [(texts("label.notice"), said) for one in told_of if (said := unsure(one, view.reader))]
        kinds = [view.reader.labels("document", one.kind) for one in documents]
        lines += [
            (texts("label.document"), f"{one.name} ({kind}) {one.digest}")
            for one, kind in zip(documents, kinds, strict=True)
        ]
        say(heading(view, told), *labelled(view, lines))
        say("", texts("more.show", number=claim.number))
        return 0

    return viewing(texts, work)


async def _matter(view: View, told: Told) -> list[tuple[str, str]]:
    """What the case's system shows of it, in the words of its catalogues."""
    return [(view.reader.labels("seen", name), whole(value, view.reader)) for name, value in await _shown(view, told)]


async def _shown(view: View, told: Told) -> list[tuple[str, object]]:
    """The names and values of what the case's system shows of it; nothing where its data cannot be read."""
    record, claim = view.record, told.claim
    plan, own = record.plans.get(claim.flow), record.systems.of(claim.flow)
    shows = own.system.shows.get(claim.flow) if own is not None else None
    if plan is None or shows is None:
        return []
    try:
        case = case_of(plan, claim, claim.data)
    except ValidationError:  # a person puts its data right first
        return []
    looks = [one for one in await record.store.checks(claim.case) if one.body.get("state") == claim.state]
    for event in await record.store.events(claim.case):  # a look that led to something is one too
        body = event.body or {}
        if event.kind == "stayed" and body.get("facts") and event.at >= claim.entered_at:
            looks.append(Check("", event.at, event.at, 1, body))
    looks.sort(key=lambda one: one.first)
    return list(shows(Matter(case, view.moments.now, claim.codes_on_file, claim.effects, looks)))


def why(texts: Texts, number: str, *, json: Json | None, every: bool = False) -> int:
    """every: tell of all ways on, also of those for which nobody waits."""

    async def work(view: View) -> int:
        [told] = await view.told([await view.row(number)])
        view = view.about(told.claim)
        facts, (lacking, failed) = facts_seen(told.claim), _lacking(view, told)
        unsure_ones = [one for one in notices(await view.record.store.messages_of(told.claim.case)) if _is_unsure(one)]
        if json:
            shape = why_shape(told.why, facts, view.headline(told), cure(told.why, view.reader), view.moments)
            secrets = [{"kind": one.kind.name, "owner": one.owner, "name": one.name} for one in lacking]
            told_of = [notice_shape(one.last, view.moments) for one in unsure_ones]
            mistakes = [_mistake(one).seen() for one in failed]
            say(json.one({**shape, "secrets": secrets, "mistakes": mistakes, "notices": told_of}))
            return 0
        say(heading(view, told), *view.screen.wrapped(headline(told.why, view.reader), 2))
        say(*labelled(view, list(details(told.why, view.reader))))
        say(*labelled(view, [*_secrets(view, told, lacking), *_mistakes(view, failed)]))
        if told.why.lines:
            say("", *_ways(view, told, every))
        if facts:
            say("", texts("why.facts"), *labelled(view, list(asked(facts, view.reader))))
        if unsure_ones:
            said = [(texts("label.notice"), unsure(one.last, view.reader) or "") for one in unsure_ones]
            say("", texts("why.notices"), *labelled(view, said))
        say("", texts("more.why", number=told.claim.number))
        if any(one.lost for one in unsure_ones):
            say(texts("more.resend", number=told.claim.number))
        return 0

    return viewing(texts, work)


def _ways(view: View, told: Told, every: bool) -> Iterator[str]:
    lines = told.why.lines if every else nearest(told.why.lines)
    yield view.texts("why.lines", state=view.reader.labels("state", told.why.state))
    for depth, text in tree(lines, view.reader):
        yield from view.screen.wrapped(text, 4 + 4 * depth, "  →" if not depth else "     ")
    if left := len(told.why.lines) - len(lines):
        yield from view.screen.wrapped(view.texts("why.lines.more", n=left, number=told.claim.number), 4)


def _lacking(view: View, told: Told) -> tuple[list[WantedSecret], list[FunctionFailed]]:
    """The secrets that the case waits for: of its flow, wanted now, and not on file; and the kinds that cannot tell."""
    plan, claim = view.record.plans.get(told.claim.flow), told.claim
    if plan is None or told.row.final or not plan.knows(claim.state, claim.flow_version):
        return [], []
    try:
        case = case_of(plan, claim, claim.data)
    except ValidationError:  # what it waits for is a person who puts its data right
        return [], []
    wanted, failed = list[WantedSecret](), list[FunctionFailed]()
    for kind in view.record.systems.secrets(claim.flow):
        try:
            wanted += wanted_secrets([kind], case)
        except FunctionFailed as error:  # it is told, and so is all else
            failed.append(error)
    return [one for one in wanted if one.owner not in claim.codes_on_file.of(one.kind.name)], failed


def _secrets(view: View, told: Told, lacking: Sequence[WantedSecret]) -> Iterator[tuple[str, str]]:
    """Each with the command that hands it in."""
    texts = view.texts
    for one in lacking:
        what = view.reader.labels("secret", one.kind.name)
        yield texts("label.wanted"), texts("why.secret", what=what, owner=one.said)
    kinds = view.record.systems.secrets(told.claim.flow)
    for one in lacking[:1]:
        kind = f" {one.kind.name}" if len(kinds) > 1 else ""
        yield texts("label.helps"), f"caseward case code {told.claim.number}{kind} --owner {_typed(one.typed)}"


def _mistakes(view: View, failed: Sequence[FunctionFailed]) -> Iterator[tuple[str, str]]:
    """Each kind of secret of which the flow cannot say whether one is wanted, and where in its code."""
    for one in failed:
        yield view.texts("label.wanted"), view.texts("why.secrets_failed", what=one.what, why=one.why)
        if place := _mistake(one).place:
            yield view.texts("label.place"), place


def _mistake(failed: FunctionFailed) -> Mistake:
    return mistake_of(failed) or Mistake(failed.what, failed.why, "")


def _typed(name: str) -> str:
    """As it is typed: in quotes only where a shell would read it otherwise."""
    return name if PLAIN.fullmatch(name) else shlex.quote(name)


def _is_unsure(notice: Notice) -> bool:
    """Whether the notice reached nobody, or nobody knows."""
    return bool(notice.lost) or notice.is_doubtful


def heading(view: View, told: Told) -> str:
    label, name = view.reader.labels("state", told.claim.state), told.claim.state
    state = name if label == name else f"{label} ({name})"
    painted = view.screen.paint(told.claim.number, "bold")
    return f"{painted}  {told.title}  {view.screen.paint(state, COLOUR[told.why.standing])}"


COLOUR = {
    "done": "green",
    "moving": "blue",
    "waiting": "cyan",
    "checking": "yellow",
    "paused": "yellow",
    "blocked": "red",
}


def labelled(view: View, lines: list[tuple[str, str]]) -> Iterator[str]:
    indent = 2 + max([LABEL, *(cell_len(label) + 2 for label, _ in lines)])
    for label, text in lines:
        # a command is copied whole: broken over two lines it would be two
        whole = label == view.texts("label.helps")
        room = replace(view.screen, width=BOUNDLESS) if whole else view.screen
        yield from room.wrapped(text, indent, f"  {label}")


def _accounts(view: View, told: Told) -> str:
    """The login that it works with; of a flow that works on the accounts of several remotes the one at each."""
    none, labels = view.texts("value.none"), view.reader.labels
    if told.logins is None:
        return told.login or none
    named = [f"{labels('remote', remote)}: {login or none}" for remote, login in told.logins.items()]
    return view.texts("mark.enumeration").join(named)


def _doubt(view: View, effect: Effect) -> str:
    action = view.reader.labels("action", effect.action)
    deadline = view.moments.zoned(effect.deadline) if effect.deadline else view.texts("value.none")
    return view.texts("show.in_doubt", action=action, deadline=deadline)
