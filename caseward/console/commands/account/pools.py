"""`caseward account retire` and `restore`, `caseward case assign`: which logins are in use, and for which cases."""

from __future__ import annotations

from caseward.console.commands.account.views import accounts_at, held, named, one_of, shape
from caseward.console.commands.case.orders import stands
from caseward.console.terminal.complaints import REFUSED, Complaint, Stopped
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.engine.reasons import reason_given
from workflow.errors import NotAllowed
from workflow.record.values import Claim
from workflow.store import Account


def retire(texts: Texts, name: str, *, remote: str | None, reason: str, version: int | None, json: bool) -> int:
    """Names the cases that lean on it: they do not go on until each is moved."""
    said = reason_given(reason)

    async def work(view: View) -> int:
        account, _ = await named(view, name, remote)
        pools = view.record.pools(person())
        retired = await pools.retire(account.id, said, version)
        return await _told(view, retired, await pools.leaning(account.id), "account.retired", json)

    return viewing(texts, work)


def restore(texts: Texts, name: str, *, remote: str | None, reason: str | None, version: int | None, json: bool) -> int:
    """Its own case looks after its login again, and the cases that lean on it go on."""

    async def work(view: View) -> int:
        account, _ = await named(view, name, remote)
        pools = view.record.pools(person())
        restored = await pools.restore(account.id, reason, version)
        return await _told(view, restored, await pools.leaning(account.id), "account.restored", json)

    return viewing(texts, work)


def assign(
    texts: Texts, number: str, name: str,
    *, remote: str | None, reason: str, even_so: bool, version: int | None, json: bool,
) -> int:  # fmt: skip
    """Refused where the case has placed something under the account that it has, unless a person says even so."""
    said = reason_given(reason)

    async def work(view: View) -> int:
        row = await view.row(number)
        entered = [one.name for one in view.record.systems.remotes.entered(view.plan(row.claim.flow))]
        meant = [one for one in await accounts_at(view, remote) if one.login.casefold() == name.strip().casefold()]
        # an account of a remote that the flow does not work on is named by the refusal
        account = one_of(texts, name, [one for one in meant if one.adapter in entered] or meant[:1])
        pools = view.record.pools(person())
        try:
            await pools.assign(row.claim.case, account.id, said, even_so=even_so, version=version)
        except NotAllowed as refused:
            if refused.why.code == "begun_under_account":
                raise _begun(view.about(row.claim), row.claim, account.login, refused) from refused
            raise
        return await stands(view, row.claim.case, "order.assign", json)

    return viewing(texts, work)


async def _told(view: View, account: Account, leaning: list[str], done: str, json: bool) -> int:
    one = await held(view, account)
    claim = one.told.claim
    if json:
        say(as_json({**shape(view, one), "version": claim.seq, "leaning": leaning}))
        return 0
    say(view.texts(done, login=account.login, number=claim.number, version=claim.seq))
    if leaning:
        say(
            *view.screen.wrapped(view.texts("account.leaning", numbers=view.texts("mark.enumeration").join(leaning)), 2)
        )
    if leaning and account.retired is not None:
        others = [
            other.login
            for other in await view.record.store.accounts()
            if other.adapter == account.adapter and other.id != account.id and other.retired is None
        ]
        say("", view.texts("more.assign" if others else "more.no_account", number=leaning[0], login=", ".join(others)))
    return 0


def _begun(view: View, claim: Claim, login: str, refused: NotAllowed) -> Stopped:
    """What was begun under the account that the case has, and what it means for this case to move all the same."""
    why, state = view.reader.said(refused.why), claim.state
    cause = view.texts("error.not_allowed", case=claim.number, what=view.texts.told(refused.what), why=why)
    word = view.reader.labels("moved", state)
    name = "cure.begun" if word == state else "cure.begun.told"
    cure = view.texts(name, what=word, number=claim.number, login=login)
    return Stopped(Complaint("not_allowed", cause, cure, REFUSED))
