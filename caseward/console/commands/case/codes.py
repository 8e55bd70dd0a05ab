"""`caseward case code`: a code, or a secret of another kind, typed in by a person; sealed at once and never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caseward.console.commands.case.orders import stands
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.seen import Labels
from caseward.console.wording.texts import Texts
from workflow.engine.context import case_of
from workflow.flow.case import Case
from workflow.intake.gives import SecretKind, WantedSecret, wanted_secrets
from workflow.record.codes_on_file import CODE


def enter(texts: Texts, number: str, kind: str | None, *, owner: str | None, asks: bool, json: bool) -> int:
    """Refused for an owner of whom nobody wants one: it would lie there until another round took it."""

    async def work(view: View) -> int:
        row = await view.row(number)
        claim, view = row.claim, view.of(row.claim.flow)
        kinds = _kinds(texts, view.record.systems.secrets(claim.flow), kind, claim.number)
        case = case_of(view.plan(claim.flow), claim, claim.data)
        wanted = _wanted(texts, view.reader.labels, kinds, case, owner)
        said = {"number": claim.number, "owner": wanted.name, "what": view.reader.labels("secret", wanted.kind.name)}
        name = "code" if wanted.kind.name == CODE else "secret"
        typed = secret(texts, texts(f"ask.{name}", **said), asks)
        read = wanted.kind.read(typed)
        if read is None:
            cause = texts(f"error.{name}_shape", n=len(typed.strip()), **said)
            raise Stopped(Complaint("usage", cause, texts(f"cure.{name}_shape"), USAGE))
        people = view.record.commands(person())
        was_new = await people.enter_code(claim.case, wanted.owner, read, kind=wanted.kind.name)
        return await stands(view, claim.case, f"{name}.taken" if was_new else f"{name}.known", json)

    return viewing(texts, work)


def _kinds(texts: Texts, kinds: Sequence[SecretKind], name: str | None, number: str) -> Sequence[SecretKind]:
    if not kinds:
        raise _refused(texts, texts("error.no_codes", number=number), number)
    if name is None:
        return kinds
    if not (named := [kind for kind in kinds if kind.name == name]):
        raise not_one_of(texts, "secret", name, [kind.name for kind in kinds])
    return named


def _wanted(
    texts: Texts, labels: Labels, kinds: Sequence[SecretKind], case: Case[Any], owner: str | None
) -> WantedSecret:
    """The one that is meant: of this owner, where one is named. Raises Stopped."""
    known = {id_: name for kind in kinds for id_, name in kind.known(case).items()}
    wanted = wanted_secrets(kinds, case)
    if owner is not None:
        ids = [id_ for id_ in known if id_ == owner] or [id_ for id_, name in known.items() if name == owner]
        if len(ids) != 1:
            raise not_one_of(texts, "owner", owner, ids or [f"{name} ({id_})" for id_, name in known.items()])
        wanted = [one for one in wanted if one.owner == ids[0]]
        if not wanted and [kind.name for kind in kinds] == [CODE]:
            cause = texts("error.no_code_wanted", number=case.number, owner=known[ids[0]])
            raise _refused(texts, cause, case.number)
        if not wanted:
            what = texts("mark.enumeration").join(labels("secret", kind.name) for kind in kinds)
            cause = texts("error.no_secret_wanted", number=case.number, owner=known[ids[0]], what=what)
            raise _refused(texts, cause, case.number)
    if not wanted:
        raise _refused(texts, texts("error.no_codes", number=case.number), case.number)
    for option, names in (
        ("--owner", dict.fromkeys(one.name for one in wanted)),
        ("KIND", dict.fromkeys(one.kind.name for one in wanted)),
    ):
        if len(names) > 1:
            cause, cure = texts("usage.missing", what=option), texts("cure.one_of", names=", ".join(names))
            raise Stopped(Complaint("usage", cause, cure, USAGE))
    return wanted[0]


def _refused(texts: Texts, cause: str, number: str) -> Stopped:
    return Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=number), REFUSED))
