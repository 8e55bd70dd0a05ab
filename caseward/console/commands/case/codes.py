"""`caseward case code`: a secret that somebody read out, typed in by a person; it is sealed at once and never shown."""

from __future__ import annotations

from caseward.console.commands.case.orders import stands
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from workflow.engine import secret_entry
from workflow.engine.secret_entry import BadShape, NotWanted, SeveralWanted
from workflow.record.codes_on_file import CODE


def enter(texts: Texts, number: str, kind: str | None, *, owner: str | None, asks: bool, json: bool) -> int:
    """Nobody is asked for a secret that nobody wants."""

    async def work(view: View) -> int:
        claim = (await view.row(number)).claim
        view = view.of(claim.flow)
        kinds = view.record.systems.secrets(claim.flow)
        try:
            wanted = secret_entry.wanted_secret(view.plan(claim.flow), claim, kinds, kind, owner)
        except NotWanted as error:
            raise _not_wanted(view, error) from error
        except SeveralWanted as error:
            what = "--owner" if error.of == "owner" else "KIND"
            cause, cure = texts("usage.missing", what=what), texts("cure.one_of", names=", ".join(error.names))
            raise Stopped(Complaint("usage", cause, cure, USAGE)) from error
        said = {"number": claim.number, "owner": wanted.said, "what": view.reader.labels("secret", wanted.kind.name)}
        name = "code" if wanted.kind.name == CODE else "secret"
        typed = secret(texts, texts(f"ask.{name}", **said), asks)
        try:
            was_new = await secret_entry.enter(view.record.commands(person()), claim, wanted, typed)
        except BadShape as error:
            cause = texts(f"error.{name}_shape", n=error.length, **said)
            raise Stopped(Complaint("usage", cause, texts(f"cure.{name}_shape"), USAGE)) from error
        return await stands(view, claim.case, f"{name}.taken" if was_new else f"{name}.known", json)

    return viewing(texts, work)


def _not_wanted(view: View, error: NotWanted) -> Stopped:
    """In the words that the flow has for its secrets."""
    texts = view.texts
    if error.owner is None:
        cause = texts("error.no_codes", number=error.case)
    elif list(error.kinds) == [CODE]:
        cause = texts("error.no_code_wanted", number=error.case, owner=error.owner)
    else:
        what = texts("mark.enumeration").join(view.reader.labels("secret", kind) for kind in error.kinds)
        cause = texts("error.no_secret_wanted", number=error.case, owner=error.owner, what=what)
    return Stopped(Complaint("not_allowed", cause, texts("cure.not_allowed", case=error.case), REFUSED))
