"""What people do about accounts: one is retired or restored, and a case is moved to another of the same remote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflow.engine import refusals
from workflow.engine.commands import Commands
from workflow.engine.reasons import reason_given
from workflow.errors import Conflict, NotFound
from workflow.queues import DEFAULT_QUEUE
from workflow.record.events import Event
from workflow.record.values import Claim, Commit, Effect, EffectStatus
from workflow.sentence import Sentence
from workflow.store import Account, CaseRow, Filters
from workflow.store.accounts import not_retired, retired_already

MANY = 1000
"""The live cases of an account are read in pages of this size."""


class Pools(Commands):
    """What a person does with accounts, by remote."""

    async def retire(self, account: str, reason: str, version: int | None = None) -> Account:
        """Retire an account: no seat of it is leased, no case is given to it, and its own case is held.

        Refused while its own case is leased. version: of its own case. The cases that work with it stay, and wait until
        they are moved.
        """
        reason, found = reason_given(reason), await self._store.account(account)

        def build(claim: Claim) -> Commit:
            if found.retired is not None:
                raise refusals.not_retired(claim, retired_already(found.login))
            entries = (self._entry("changed", {"patch": {}, "retired": found.login}, reason),)
            if claim.held:
                return Commit(guard="version", entries=entries, retired=reason)
            held = self._entry("held", {"reason": reason}, reason)
            return Commit(guard="version", entries=(*entries, held), held=reason, retired=reason)

        await self._do(_own(found), version, build)
        return await self._store.account(account)

    async def restore(self, account: str, reason: str | None = None, version: int | None = None) -> Account:
        """Restore an account. Its own case is due at once, unless a person held it for another reason."""
        found, now = await self._store.account(account), await self._clock.business()

        def build(claim: Claim) -> Commit:
            if found.retired is None:
                raise refusals.not_restored(claim, not_retired(found.login))
            entries = (self._entry("changed", {"patch": {}, "restored": found.login}, reason),)
            given: dict[str, Any] = {"retired": "", "wakes": "seat"}
            if claim.held != found.retired:
                return Commit(guard="version", entries=entries, **given)
            resumed = self._entry("resumed", {}, reason)
            return Commit(guard="version", entries=(*entries, resumed), held="", due_at=now, **given)

        await self._do(_own(found), version, build)
        return await self._store.account(account)

    async def leaning(self, account: str) -> list[str]:
        """The numbers of the live cases that work with the account, without its own case."""
        own, rows = (await self._store.account(account)).case, list[CaseRow]()
        while True:
            after = rows[-1].claim.number if rows else None
            page = await self._store.cases(Filters(account=account, final=False), after=after, limit=MANY)
            rows += page
            if len(page) < MANY:
                return [row.claim.number for row in rows if row.claim.case != own]

    async def assign(
        self, case: str, account: str, reason: str, *, even_so: bool = False, version: int | None = None
    ) -> Claim:
        """The case works with this account at its remote from now on; it is due at once.

        even_so: also where an action may have left something under the account that the case has. That stays at the
        remote, where only the old account sees it, so the flow may do it a second time.
        """
        reason, now, real = reason_given(reason), await self._clock.business(), await self._clock.real()
        row = await self._store.case(case)
        to = await self._store.account(account)
        held = [await self._store.account(one) for one in row.claim.all_accounts]
        before = next((one for one in held if one.adapter == to.adapter), None)
        events = await self._store.events(row.claim.case)

        def build(claim: Claim) -> Commit:
            self._nobody_at_work(claim, real)
            if set(claim.all_accounts) != set(row.claim.all_accounts):
                raise Conflict(claim.number, Sentence("given_account_meanwhile", "it was given an account meanwhile"))
            self._may_move(claim, held, to)
            begun = self._begun(claim, to.adapter)
            if begun is not None and before is not None and not even_so:
                why = Sentence(
                    "begun_under_account",
                    "under account {login} was begun: {action}; what came of it stays there; "
                    "--even-so moves it all the same",
                    action=begun.action,
                    login=_login_then(events, begun, to.adapter) or before.login,
                )
                raise refusals.not_moved(claim, why)
            plan = self._plan(claim)
            names = {"from": before.login if before is not None else None, "to": to.login}
            if len(self._remotes.entered(plan)) > 1:
                names["remote"] = to.adapter
            return Commit(
                guard="version",
                entries=(
                    *self._abandoned(claim, reason),
                    self._entry("changed", {"patch": {}, "account": names}, reason),
                ),
                account=to.id,
                seat=self._remotes.seat_in(plan, claim.state),
                decision="clear",
                due_at=now,
                deferred="",
                queue=DEFAULT_QUEUE,
            )

        return await self._do(row.claim.case, version, build)

    def _may_move(self, claim: Claim, held: Sequence[Account], to: Account) -> None:
        refused, plan = refusals.not_moved, self._plan(claim)
        if plan.state(claim.state).final:
            raise refused(claim, Sentence("has_ended", "it has ended"))
        if own := next((one for one in held if one.case == claim.case), None):
            raise refused(claim, Sentence("own_case_of", "it is the own case of account {login}", login=own.login))
        remotes = [remote.name for remote in self._remotes.entered(plan)]
        if not remotes:
            raise refused(claim, Sentence("flow_without_accounts", "its flow works with no accounts"))
        if to.adapter not in remotes:
            why = Sentence(
                "account_of_other",
                "account {login} is one of {other}, not of {remote}",
                login=to.login,
                other=to.adapter,
                remote=", ".join(remotes),
            )
            raise refused(claim, why)
        if to.retired is not None:
            raise refused(claim, Sentence("account_named_retired", "account {login} is retired", login=to.login))
        if to.id in claim.all_accounts:
            raise refused(claim, Sentence("account_the_same", "it works with account {login} already", login=to.login))

    def _begun(self, claim: Claim, remote: str) -> Effect | None:
        """The newest action that may have left something at a remote with seats, in this round or before; else None.

        A refused or failed action may have got half its way, and so may one without an answer. An action that the flow
        no longer has may have been at any remote.
        """
        actions = self._plan(claim).flow.actions
        for effect in reversed(claim.effects):
            known = actions.get(effect.action)
            asked = self._remotes.behind(known.needs) if known is not None else []
            seated = known is None or any(one.needs_seat and one.whole == remote for one in asked)
            left = effect.status is not EffectStatus.not_sent or effect.key_stays or effect.renewed > 0
            if seated and left:
                return effect
        return None


def _login_then(events: Sequence[Event], effect: Effect, remote: str) -> str | None:
    """Under which account an effect was begun, where the case was moved to another since; None where it was not."""
    decided = [one.seq for one in events if one.kind == "decided" and _body(one).get("number") == effect.decision]
    since = max(decided, default=0)
    moved = (_body(one)["account"] for one in events if one.seq > since and "account" in _body(one))
    return next((one["from"] for one in moved if one.get("remote") in (None, remote)), None)


def _body(event: Event) -> Mapping[str, Any]:
    return event.body or {}


def _own(account: Account) -> str:
    """The account's own case, whose history holds what was done about the account."""
    if account.case is None:
        raise NotFound("case", f"of account {account.login}")
    return account.case
