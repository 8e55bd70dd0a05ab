"""What a command looks through: the record, opened for as long as it runs, and the language and zone of its reader."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from caseward.app.installation import Record, open_record
from caseward.app.systems import Systems, read_systems
from caseward.console.terminal.complaints import NOT_FOUND, Complaint, Stopped
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.terminal.surroundings import around
from caseward.console.text.output import Screen, complain, screen
from caseward.console.wording.moments import Moments
from caseward.console.wording.reasons import headline
from caseward.console.wording.seen import Labels, Reader
from caseward.console.wording.shapes import Both, both, case_shape, incident_shape, title_of
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language, Words
from workflow.engine.upgrades import read_case
from workflow.errors import NotFound, WorkflowError
from workflow.flow.compiled import Plan
from workflow.flow.explain import Explanation, explain
from workflow.flow.surroundings import Surroundings
from workflow.intake.gives import who_is_known
from workflow.record.migrations import NEWEST
from workflow.record.values import Claim
from workflow.settings import Settings, read_settings
from workflow.store import Account, CaseRow, Incident


@dataclass(frozen=True)
class Told:
    """A case as it is shown: its row, its title, and why it is where it is."""

    row: CaseRow
    title: str
    why: Explanation
    login: str | None
    logins: Mapping[str, str | None] | None = None
    """By remote, of a flow that works on the accounts of several; None: of one."""

    @property
    def claim(self) -> Claim:
        return self.row.claim


@dataclass(frozen=True)
class View:
    """real: when the command began, for leases; business time is the moments' now."""

    record: Record
    reader: Reader
    screen: Screen
    real: datetime
    flow: str = ""
    """Of which flow the words are."""

    def of(self, flow: str) -> View:
        """The same, with the words of this flow."""
        return replace(self, flow=flow, reader=self.reader.of(flow))

    def about(self, claim: Claim) -> View:
        """The same, with the words of the case's flow, and the names of those who have ids in it."""
        view = self.of(claim.flow)
        return replace(view, reader=replace(view.reader, people=view._people(claim)))

    def _people(self, claim: Claim) -> Mapping[str, str]:
        """As far as the flow's secrets know them; nobody where the case cannot be read."""
        plan, kinds = self.record.plans.get(claim.flow), self.record.systems.secrets(claim.flow)
        if plan is None:
            return {}
        try:
            case = read_case(plan, claim)
            return {id_: name for kind in kinds for id_, name in who_is_known(kind, case).items()}
        except (WorkflowError, ValidationError):  # whoever puts it right is told of it elsewhere
            return {}

    @property
    def texts(self) -> Texts:
        return self.reader.texts

    @property
    def moments(self) -> Moments:
        return self.reader.moments

    def both(self, say: Callable[[Reader], str]) -> Both:
        """A text in either language, for JSON."""

        def reading(language: Language) -> Reader:
            texts = Texts(language, self.texts.systems)
            words = labels(texts, self.record.systems).of(self.flow)
            return Reader(texts, words, replace(self.moments, texts=texts), self.reader.people)

        return both(lambda language: say(reading(language)))

    def headline(self, told: Told) -> Both:
        return self.both(lambda reader: headline(told.why, reader))

    def shape(self, told: Told) -> dict[str, object]:
        """The case as JSON."""
        state = self.of(told.claim.flow).both(lambda reader: reader.labels("state", told.claim.state))
        shape = case_shape(told.row, told.title, told.why, told.login, state, self.headline(told), self.moments)
        return shape if told.logins is None else {**shape, "accounts": dict(told.logins)}

    def plan(self, flow: str) -> Plan:
        if flow not in self.record.plans:
            raise NotFound("flow", flow)
        return self.record.plans[flow]

    async def row(self, number: str) -> CaseRow:
        """The case of this number, however it is typed, or of this id. Raises NotFound with the number as typed."""
        for name in dict.fromkeys((number, number.strip().upper())):
            try:
                return await self.record.store.case(name, real=self.real)
            except NotFound:
                continue
        raise NotFound("case", number)

    async def told(self, rows: Sequence[CaseRow]) -> list[Told]:
        """What is to be said of these cases."""
        alone = rows[0].claim.case if len(rows) == 1 else None
        known = await self.record.store.incidents(case=alone) if any(row.barred for row in rows) else []
        accounts = await self.record.store.accounts()
        by_id = {account.id: account for account in accounts}
        clock = self.record.clock  # a command that follows a case began long ago
        seen = await around(self.record, accounts, now=await clock.business(), real=await clock.real())
        return [self._told(row, known, by_id, seen.of(row)) for row in rows]

    def _told(
        self, row: CaseRow, known: Sequence[Incident], accounts: Mapping[str, Account], seen: Surroundings
    ) -> Told:
        plan = self.record.plans.get(row.claim.flow)
        barring = [one for one in known if one.case == row.claim.case and one.bars]
        why = explain(
            plan,
            row.claim,
            due_at=row.due_at,
            deferred=row.deferred,
            incidents=[incident_shape(one, self.moments) for one in barring],
            real=self.real,
            around=seen,
        )
        held = [accounts[one] for one in row.claim.all_accounts if one in accounts]
        entered = self.record.systems.remotes.entered(plan) if plan is not None else []
        logins = {one.name: next((of.login for of in held if of.adapter == one.name), None) for one in entered}
        now = accounts.get(row.claim.account or "")
        login = now.login if now is not None else None
        return Told(row, title_of(plan, row), why, login, logins if len(entered) > 1 else None)


def viewing(texts: Texts, work: Callable[[View], Awaitable[int]], *, begins: bool = False) -> int:
    """Opens the record, does the work, closes it; the exit code. begins: a record that is not there yet is made."""
    settings = read_settings(lang=texts.language)
    systems = read_systems(settings)
    texts.systems = systems.systems
    if not begins and not has_record(settings):
        cause = texts("error.no_record", folder=settings.data_dir)
        raise Stopped(Complaint("no_record", cause, texts("cure.no_record"), NOT_FOUND))

    warnings_to_stderr()

    async def opened() -> int:
        async with open_record(settings, systems) as record:
            say_migrated(record, texts)
            moments = Moments(await record.clock.business(), ZoneInfo(settings.timezone), texts)
            reader = Reader(texts, labels(texts, record.systems), moments)
            return await work(View(record, reader, screen(), await record.clock.real()))

    return asyncio.run(opened())


def say_migrated(record: Record, texts: Texts) -> None:
    """Say that opening the record migrated it: processes of the older code end by that."""
    if record.migrated_from is not None:
        complain(texts("migrate.brought", before=record.migrated_from, now=NEWEST))


@dataclass(frozen=True)
class Vocabulary:
    """The words of the systems that are on, then the command line's, then the name itself."""

    texts: Texts
    plans: Mapping[str, Plan]
    words: Words

    def __call__(self, kind: str, name: str) -> str:
        key = f"{kind}.{name}"
        return self.texts(key) if key not in self.words and key in self.texts else self.words(kind, name)

    def of(self, flow: str) -> Vocabulary:
        plan = self.plans.get(flow)
        return replace(self, words=self.words.of(plan.flow if plan is not None else None, flow))


def labels(texts: Texts, systems: Systems) -> Labels:
    """systems: whose catalogues have the words, and whose tables say what those lack."""
    return Vocabulary(texts, systems.plans, Words(texts.language, systems=systems.systems))


def has_record(settings: Settings) -> bool:
    """Whether there is something to read: a database of one's own address is there, or says itself that it is not.

    Anchors and journal are left by a record; where its file is gone, opening says so.
    """
    left = (settings.data_dir / "caseward.db", settings.anchors, settings.journal)
    return settings.database_url is not None or any(path.exists() for path in left)


def person() -> str:
    """Who gives the command, for the record."""
    try:
        return f"person:{getpass.getuser()}"
    except (KeyError, OSError):
        return "person:unknown"
