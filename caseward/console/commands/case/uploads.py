"""`caseward case upload`: an agreement, a sealed page or a signature specimen, looked into before it is taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from caseward.console.commands.case.orders import stands
from caseward.console.intake.handing_in import filed, merged
from caseward.console.intake.scans import Scan, pages_in, pdf_of, picture_of
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import answer, hold_to
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from states.copyright.values import Document, Specimen
from workflow.errors import NotFound
from workflow.store import CaseRow
from workflow.store.documents import CAP

FIELDS = {"agreement": "agreement", "seal-page": "seal_page"}
KINDS = (*FIELDS, "specimen")
BEIJING = ZoneInfo("Asia/Shanghai")
"""Whose days the bureau counts."""


@dataclass(frozen=True)
class Permission:
    """Whose signature it is, and the dated paper that allows its use; what is left out is asked for."""

    owner: str | None = None
    paper: Path | None = None
    given_on: str | None = None


def upload(
    texts: Texts,
    number: str,
    kind: str,
    files: Sequence[Path],
    permission: Permission,
    *,
    version: int | None,
    asks: bool,
    json: bool,
) -> int:
    """Files are looked into before the record is opened: what does not fit leaves no trace."""
    if kind not in KINDS:
        raise not_one_of(texts, "paper", kind, KINDS)
    if kind == "specimen":
        return _specimen(texts, number, files, permission, version, asks, json)
    if permission != Permission():
        what = f"--owner, --authorisation, --authorised-on ({kind})"
        cause, cure = texts("usage.no_such_option", what=what), texts("cure.usage", command="caseward case upload")
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    scan, field = pdf_of(files, texts), FIELDS[kind]

    async def work(view: View) -> int:
        row = await _registration(view, number)
        hold_to(row, version)  # before anything is filed
        if field == "seal_page":
            await _same_pages(view, row, scan)
        document = await _filed(view, row, scan, field)
        await view.record.commands(person()).give(row.claim.case, {field: document}, f"{field} handed in", version)
        return await stands(view, row.claim.case, f"upload.{field}", json)

    return viewing(texts, work)


def _specimen(
    texts: Texts,
    number: str,
    files: Sequence[Path],
    permission: Permission,
    version: int | None,
    asks: bool,
    json: bool,
) -> int:
    """A signature goes nowhere without its owner's dated permission."""
    if len(files) != 1:
        cause = texts("usage.unexpected_argument", what=" ".join(map(str, files[1:])))
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward case upload"), USAGE))
    signature = picture_of(files[0], texts)
    whose = permission.owner or answer(texts, texts("ask.owner"), asks, "--owner")
    paper = permission.paper or Path(answer(texts, texts("ask.authorisation"), asks, "--authorisation"))
    allowed = pdf_of([paper], texts, CAP)  # it stays here
    day = _day(texts, permission.given_on or answer(texts, texts("ask.authorised_on"), asks, "--authorised-on"))

    async def work(view: View) -> int:
        row = await _registration(view, number)
        if day > view.moments.now.astimezone(BEIJING).date():
            raise Stopped(Complaint("usage", texts("error.future_day", day=day), texts("cure.future_day"), USAGE))
        id_ = owner_id(texts, row.claim.data, whose)
        hold_to(row, version)
        specimen = Specimen(
            signature=await _filed(view, row, signature, "specimen"),
            authorisation=await _filed(view, row, allowed, "authorisation"),
            authorised_on=day,
        )

        def patch(data: Mapping[str, Any]) -> Mapping[str, object]:
            return {"specimens": {**data["specimens"], id_: specimen}}

        people = view.record.commands(person())
        await merged(view.record, people, row.claim.case, patch, "specimen handed in", version)
        return await stands(view, row.claim.case, "upload.specimen", json)

    return viewing(texts, work)


def owner_id(texts: Texts, data: Mapping[str, Any], name: str) -> str:
    """The owner of this id or name. Raises Stopped where there is none, or several of that name."""
    owners = data.get("owners", ())
    ids = [one["id"] for one in owners if one["id"] == name] or [one["id"] for one in owners if one["name"] == name]
    if len(ids) != 1:
        raise not_one_of(texts, "owner", name, ids or [f"{one['name']} ({one['id']})" for one in owners])
    return str(ids[0])


async def _registration(view: View, number: str) -> CaseRow:
    row = await view.row(number)
    if row.claim.flow != "copyright":
        cause = view.texts("error.no_papers", number=row.claim.number)
        raise Stopped(Complaint("not_allowed", cause, view.texts("cure.no_papers"), REFUSED))
    return row


async def _same_pages(view: View, row: CaseRow, scan: Scan) -> None:
    """A sealed page that lost a leaf of the bureau's form is not the form."""
    form = row.claim.data.get("seal_form")
    if form is None:
        return
    try:
        wanted = pages_in(await view.record.documents.get(form["digest"]))
    except NotFound:
        return
    if wanted is not None and scan.pages != wanted:
        cause = view.texts("error.scan.other_pages", name=scan.name, n=scan.pages, wanted=wanted)
        raise Stopped(Complaint("unfit_file", cause, view.texts("cure.scan.other_pages"), USAGE))


async def _filed(view: View, row: CaseRow, scan: Scan, kind: str) -> Document:
    return await filed(view.record, row.claim.case, scan.content, name=scan.name, media_type=scan.media_type, kind=kind)


def _day(texts: Texts, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        cause = texts("usage.wrong_value", what="--authorised-on", why=written)
        raise Stopped(Complaint("usage", cause, texts("cure.day"), USAGE)) from None
