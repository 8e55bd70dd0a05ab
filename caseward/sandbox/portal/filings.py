"""What was confirmed and how the bureau's review of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from caseward.sandbox.clock import day
from caseward.sandbox.html import pdf_file
from caseward.sandbox.pdf import Text, write
from caseward.sandbox.portal.needs import owner_rows
from caseward.sandbox.portal.visit import Visit, go, missing
from caseward.sandbox.state import State
from caseward.sandbox.things import Draft, Filing
from caseward.sandbox.timeline import Standing, certificate_number, confirmation, serial_number, shown_standings


@dataclass(frozen=True)
class FilingRow:
    """A filing as the bureau's pages show it at one moment; `draft` is its last confirmed round."""

    filing: Filing
    draft: Draft
    standings: list[Standing]
    serial: str

    @property
    def standing(self) -> Standing:
        return self.standings[-1]

    @property
    def can_be_withdrawn(self) -> bool:
        return self.standing.status in ("已提交材料", "审查中", "待补正")

    @property
    def remark(self) -> str:
        return self.standing.text if self.standing.status in ("待补正", "不予受理") else ""

    @property
    def notices(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.status == "待补正"]

    @property
    def acceptance(self) -> str:
        return self.draft.confirmations[-1].number

    @property
    def confirmed_at(self) -> datetime:
        return confirmation(self.draft).at


def row_of(state: State, filing: Filing, now: datetime) -> FilingRow | None:
    """None while no confirmation is visible yet."""
    rounds = [draft for draft in state.rounds_of(filing) if draft.confirmed(now)]
    if not rounds:
        return None
    return FilingRow(filing, rounds[-1], shown_standings(state, filing, now), serial_number(state, filing, now))


def filings(visit: Visit) -> Response:
    reference, name = visit.call.query.get("reference", "").strip(), visit.call.query.get("name", "").strip()
    state = visit.world.state
    own = [f for f in reversed(state.filings.values()) if f.account == visit.session.account and not f.removed]
    rows = [
        row
        for row in (row_of(state, filing, visit.now) for filing in own)
        if row is not None and reference in ("", row.draft.reference) and name in row.draft.full_name
    ]
    return visit.page("filings.html", page="filings", heading="我的登记", rows=rows, reference=reference, name=name)


def filing(visit: Visit) -> Response:
    row = _row(visit)
    if row is None:
        return missing()
    granted = row.standing.status == "已发放"
    written = visit.world.state.scenario.days
    return visit.page(
        "filing.html",
        page="filing",
        heading="登记进度",
        row=row,
        owners=owner_rows(visit.world.state, row.draft, visit.now),
        day=lambda at: written.format(day(at)),
        certificate=certificate_number(row.filing, row.standing) if granted else "",
        certified=written.format(day(row.standing.at)) if granted else "",
    )


def correct(visit: Visit) -> Response:
    """Opens the draft of the next round, made at the first call."""
    row = _row(visit)
    if row is None or row.standing.status != "待补正":
        return missing()
    last = visit.world.state.drafts[row.filing.drafts[-1]]
    if last.confirmations and not last.confirmed(visit.now):
        return missing()  # the page that asked was stale: the next round is confirmed already
    if last.confirmations:
        number = f"D{len(visit.world.state.drafts) + 1:07d}"
        visit.world.record("correction_opened", draft=number, filing=row.filing.id, round=last.round + 1)
    else:
        number = last.id
    visit.draft(number)
    return go(f"/portal/drafts/{number}")


def withdraw(visit: Visit) -> Response:
    """Whoever is logged in withdraws a filing, with one click in the list; its review ends."""
    row = _row(visit)
    if row is None or not row.can_be_withdrawn:
        return missing()
    visit.world.record("filing_withdrawn", filing=row.filing.id)
    return go("/portal/filings")


def certificate(visit: Visit) -> Response:
    row = _row(visit)
    if row is None or row.standing.status != "已发放":
        return missing()
    if visit.world.of_another:
        state = visit.world.state
        rows = [row_of(state, filing, visit.now) for filing in state.filings.values() if filing.id != row.filing.id]
        row = next((one for one in reversed(rows) if one and one.standing.status == "已发放"), row)
    marks = [
        Text(150, 740, "计算机软件著作权登记证书", 24),
        Text(90, 680, f"登记号：{certificate_number(row.filing, row.standing)}"),
        Text(90, 650, f"流水号：{row.serial}"),
        Text(90, 620, f"软件名称：{row.draft.full_name} {row.draft.version}"),
        Text(90, 590, f"著作权人：{'、'.join(owner['name'] for owner in row.draft.owners or ())}"),
        Text(90, 560, f"发证日期：{day(row.standing.at)}"),
    ]
    return pdf_file(write([marks]), f"登记证书_{row.draft.full_name}.pdf")


def _row(visit: Visit) -> FilingRow | None:
    found = visit.filing(visit.call.path["filing"])
    return row_of(visit.world.state, found, visit.now) if found is not None else None
