"""`caseward case list`, `show` and `why`: where the cases are, what they wait for, and what would move them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError
from rich.cells import cell_len

from caseward.console.terminal.answers import Json, not_one_of
from caseward.console.terminal.spans import not_a_value
from caseward.console.terminal.view import Told, View, viewing
from caseward.console.text.output import BOUNDLESS, Column, complain, say
from caseward.console.wording.happenings import unsure
from caseward.console.wording.reasons import asked, cure, details, headline, in_brief, plain_cause, tree
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
from workflow.engine.context import case_of
from workflow.engine.notices import Notice, notices
from workflow.flow.mistakes import FunctionFailed, Mistake, mistake_of
from workflow.intake.gives import WantedSecret, wanted_secrets
from workflow.record.values import Effect
from workflow.store import Filters

NUMBER = re.compile(r"[A-Z]+-\d+")
PLAIN = re.compile(r"[\w.@-]+")
LABEL = 14
"""The width of the labels at the left."""


def list_cases(
    texts: Texts, *, state: str | None, flow: str | None, limit: int, cursor: str | None, json: Json | None
) -> int:
    async def work(view: View) -> int:
        _known(view, state, flow)
        if cursor is not None and not NUMBER.fullmatch(cursor):
            raise not_a_value(texts, "--cursor", cursor, "cure.cursor")
        filters = Filters(flow=flow, state=state)
        rows = await view.record.store.cases(filters, after=cursor, limit=limit + 1)
        further = rows[limit - 1].claim.number if len(rows) > limit else None
        told = await view.told(rows[:limit])
        if json:
            say(json.many([view.shape(one) for one in told], further))
            return 0
        if not told:
            complain(texts("list.none" if cursor is None else "list.no_more"))
            return 0
        columns = [
            Column(texts("column.number")),
            Column(texts("column.title"), 16),
            Column(texts("column.state")),
            Column(texts("column.waits_for"), 16),
            Column(texts("column.since"), right=True),
            Column(texts("column.auto")),
        ]
        say(*view.screen.table(columns, [_cells(view, one) for one in told]))
        if further:
            complain(texts("list.more", cursor=further))
        return 0

    return viewing(texts, work)


def show(texts: Texts, number: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        [told] = await view.told([await view.row(number)])
        claim, view = told.claim, view.of(told.claim.flow)
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
        lines += [(texts("label.in_doubt"), _doubt(view, effect)) for effect in in_doubt(claim)]
        for one in incidents:
            what, cause = view.reader.labels("incident", one.kind), plain_cause(one.cause, one.seen, view.reader)
            lines.append((texts("label.incident"), f"{what}{texts('mark.dash')}{cause}"))
        lines += [(texts("label.notice"), said) for one in told_of if (said := unsure(one, view.reader))]
        lines += [(texts("label.document"), f"{one.name} ({one.kind}) {one.digest}") for one in documents]
        say(_heading(view, told), *labelled(view, lines))
        say("", texts("more.show", number=claim.number))
        return 0

    return viewing(texts, work)


def why(texts: Texts, number: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        [told] = await view.told([await view.row(number)])
        view = view.of(told.claim.flow)
        facts, (lacking, failed) = facts_seen(told.claim), _lacking(view, told)
        unsure_ones = [one for one in notices(await view.record.store.messages_of(told.claim.case)) if _is_unsure(one)]
        if json:
            shape = why_shape(told.why, facts, view.headline(told), cure(told.why, view.reader), view.moments)
            secrets = [{"kind": one.kind.name, "owner": one.owner, "name": one.name} for one in lacking]
            told_of = [notice_shape(one.last, view.moments) for one in unsure_ones]
            mistakes = [_mistake(one).seen() for one in failed]
            say(json.one({**shape, "secrets": secrets, "mistakes": mistakes, "notices": told_of}))
            return 0
        say(_heading(view, told), *view.screen.wrapped(headline(told.why, view.reader), 2))
        say(*labelled(view, list(details(told.why, view.reader))))
        say(*labelled(view, [*_secrets(view, told, lacking), *_mistakes(view, failed)]))
        if told.why.lines:
            say("", texts("why.lines", state=view.reader.labels("state", told.why.state)))
            for depth, text in tree(told.why.lines, view.reader):
                say(*view.screen.wrapped(text, 4 + 4 * depth, "  →" if not depth else "     "))
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


def _known(view: View, state: str | None, flow: str | None) -> None:
    """Refuse a state or flow that does not exist: it is mistyped, and would look like an empty list."""
    plans = view.record.plans
    flows, states = list(plans), [name for plan in plans.values() for name in plan.states]
    for kind, name, known in (("flow", flow, flows), ("state", state, states)):
        if name is not None and name not in known:
            raise not_one_of(view.texts, kind, name, known)


def _cells(view: View, told: Told) -> list[str]:
    claim = told.claim
    return [
        claim.number,
        told.title,
        view.of(claim.flow).reader.labels("state", claim.state),
        in_brief(told.why, view.reader),
        view.moments.since(claim.entered_at),
        view.texts("value.on" if claim.auto else "value.off"),
    ]


def _heading(view: View, told: Told) -> str:
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
