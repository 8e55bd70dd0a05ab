"""`caseward account login`, `answer` and `refresh`: a person helps a login at the keyboard, and sessions are tested."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from caseward.app.adapters import Workers, open_workers
from caseward.app.changed import not_set
from caseward.console.commands.account.views import Held, accounts_at, held, named, shape
from caseward.console.commands.browser.chromium import proved
from caseward.console.commands.case.orders import stands
from caseward.console.intake.logins import answer_captcha, log_in_with_person
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import ERROR, REFUSED, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import Column, as_json, complain, say
from caseward.console.wording.reasons import headline
from caseward.console.wording.texts import Texts
from workflow.engine.commands import due_look
from workflow.store import Account
from workflow.store.accounts import account_retired

POLL = 0.2
"""Seconds between two looks for a picture."""


def answer(texts: Texts, name: str, *, remote: str | None, asks: bool, json: bool) -> int:
    """What a person reads in the picture; the process that holds the page open puts it in."""

    async def work(view: View) -> int:
        account, row = await named(view, name, remote)
        if account.lease_until is None or account.lease_until <= view.real:
            cause, cure = texts("error.no_login", login=account.login), texts("cure.no_login", login=account.login)
            raise Stopped(Complaint("not_allowed", cause, cure, REFUSED))
        said = secret(texts, texts("ask.captcha"), asks).strip()
        await answer_captcha(view.record, row.claim.case, said)
        shown = {"login": account.login, "number": row.claim.number}
        say(as_json(shown) if json else texts("account.answered", number=row.claim.number))
        return 0

    return viewing(texts, work)


def refresh(texts: Texts, names: Sequence[str], *, remote: str | None, json: Json | None) -> int:
    """Asks the bureau about each listed session now; a dead one is 失效 at once (R37-R39)."""

    async def work(view: View) -> int:
        store = view.record.store
        listed = (
            [await named(view, name, remote) for name in names]
            if names
            else [
                (account, await store.case(account.case))
                for account in await accounts_at(view, remote)
                if account.case and account.retired is None
            ]
        )
        for account, _ in listed:
            _in_use(account)
        before = {row.claim.case: row.claim.state for _, row in listed}
        _addressed(view, {row.claim.flow for _, row in listed})
        async with open_workers(view.record, None) as workers:
            for _, row in listed:
                await _look(view, workers, row.claim.case)
        after = [await held(view, account) for account, _ in listed]
        if json:
            say(json.many([{**shape(view, one), "before": before[one.told.claim.case]} for one in after]))
        else:
            columns = [
                Column(texts("column.number")),
                Column(texts("column.login"), 12),
                Column(texts("column.before")),
                Column(texts("column.now"), 12),
            ]
            say(*view.screen.table(columns, [_cells(view, one, before[one.told.claim.case]) for one in after]))
        return 0

    return viewing(texts, work)


def log_in(texts: Texts, name: str, *, remote: str | None, asks: bool, json: bool) -> int:
    """Opens the bureau's page, fills in account and password, and leaves the picture to a person (R32-R36)."""

    async def work(view: View) -> int:
        account, row = await named(view, name, remote)
        _in_use(account)
        complain(texts("login.begins", login=account.login))
        _addressed(view, [row.claim.flow])
        found = await proved(view.record.settings, texts)
        case, number = row.claim.case, row.claim.number
        picture = view.record.settings.data_dir / "captchas" / f"{number}.png"
        async with open_workers(view.record, found) as workers:
            job = asyncio.create_task(log_in_with_person(view.record, workers, case, person()))
            try:
                await _attend(view, job, case, number, picture, asks)
            finally:
                job.cancel()
                await asyncio.wait([job])
                picture.unlink(missing_ok=True)
            await _look(view, workers, case)
        code = await stands(view, case, "login.ended", json)
        if not (await view.record.store.account(account.id)).usable:
            cause = texts("error.not_logged_in", login=account.login)
            raise Stopped(Complaint("not_logged_in", cause, texts("cure.not_allowed", case=number), ERROR))
        return code

    return viewing(texts, work)


def _in_use(account: Account) -> None:
    """Raise Conflict where the account is retired: no login of it is tried."""
    if account.retired is not None:
        raise account_retired(account.login)


def _addressed(view: View, flows: Iterable[str]) -> None:
    """Raises SettingsError while nobody has said where the remote of such accounts is."""
    for name in (name for flow in flows for name in view.record.systems.unset.get(flow, ())):
        raise not_set(name)


async def _attend(view: View, job: asyncio.Task[None], case: str, number: str, picture: Path, asks: bool) -> None:
    """Write each picture that the page shows to a file; the answer comes from this terminal or another one."""
    known = {shown.digest for shown in await view.record.documents.of_case(case, "captcha")}
    typed = Typed() if asks or not sys.stdin.isatty() else None
    pictures = answers = 0
    try:
        while not job.done():
            for shown in await view.record.documents.of_case(case, "captcha"):
                if shown.digest not in known:
                    if pictures:
                        complain(view.texts("login.again"))
                    pictures += 1
                    known.add(shown.digest)
                    _write(picture, await view.record.documents.get(shown.digest))
                    complain(view.texts("login.picture", file=picture))
                    complain(view.texts("login.here" if typed and typed.may_come else "login.elsewhere", number=number))
            if typed and answers < pictures and (line := typed.line()):
                answers += 1
                await answer_captcha(view.record, case, line)
            await asyncio.wait([job], timeout=POLL)
    finally:
        if typed:
            typed.close()
    await job


class Typed:
    """Lines of standard input, from a terminal, a pipe or a file, read while something else is awaited too."""

    def __init__(self) -> None:
        self._lines, self._rest, self._loop = list[str](), b"", asyncio.get_running_loop()
        self._file: int | None = None
        try:
            file = sys.stdin.fileno()
            self._loop.add_reader(file, self._read)
            self._file = file
        except (OSError, ValueError):  # no terminal and no pipe: all of it is there at once
            self._lines = sys.stdin.read().splitlines()

    @property
    def may_come(self) -> bool:
        """Whether there is a line, or one may still come."""
        return self._file is not None or bool(self._lines)

    def _read(self) -> None:
        assert self._file is not None
        chunk = os.read(self._file, 4096)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk:
            lines.append(self._rest)
            self.close()
        self._lines += [line.decode(errors="replace") for line in lines]

    def line(self) -> str | None:
        """The next one that says something."""
        while self._lines:
            if said := self._lines.pop(0).strip():
                return said
        return None

    def close(self) -> None:
        if self._file is not None:
            self._loop.remove_reader(self._file)
            self._file = None


def _write(picture: Path, content: bytes) -> None:
    """Write a file for this user alone, in place of the older picture."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.unlink(missing_ok=True)
    with os.fdopen(os.open(picture, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


async def _look(view: View, workers: Workers, case: str) -> None:
    """Look at the case here, so that its new state is known at once and not at a worker's next look."""
    now = view.moments.now
    asked = await view.record.store.command(
        case,
        None,
        # a login that waits for a browser is no reason to wait with a question that needs none
        lambda claim: due_look(claim, now),
        now=now,
        real=await view.record.clock.real(),
    )
    await workers.http.sweep(asked.flow, asked.state)


def _cells(view: View, one: Held, before: str) -> list[str]:
    claim, why = one.told.claim, one.told.why
    label = view.of(claim.flow).reader.labels
    asked = why.looked_at is not None and why.looked_at >= view.moments.now
    in_vain = why.reason == "lease_held" or (asked and why.reason in ("closed", "retry_backoff"))
    now = headline(why, view.reader) if in_vain else label("state", claim.state)
    return [claim.number, one.account.login, label("state", before), now]
