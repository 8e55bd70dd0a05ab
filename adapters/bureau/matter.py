"""What the contracts of the bureau's pages are filled with: what we know of the matter, and what the bureau alone can.

What the bureau alone knows (whether a code is wanted, an owner's number there, a notice's text) is taken from the page
and must be of the kind that is due; everything else is ours, and the page must say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.bureau import selectors as on
from adapters.bureau.filing_form import FilingForm
from adapters.bureau.seen import Row, Seen
from adapters.days import day_of
from adapters.names import trimmed

CODES = {"none": "未发送", "sent": "已发送", "verified": "已验证", "expired": "已过期", "rejected": "已作废"}
CENTER_ID = re.compile(r"[A-Z]{2}\d{6,12}")
ACCEPTANCE = re.compile(r"[A-Z]{2}\d{8,20}")
SERIAL = re.compile(r"\d{4}R\d{2}[A-Z]\d{5,10}")


@dataclass(frozen=True)
class Matter:
    """One round of one filing on one account, as every page about it must name it."""

    account: str
    """The login name."""
    marker: str
    round: int
    form: FilingForm

    @property
    def names(self) -> Mapping[str, object]:
        return {
            "account": self.account,
            "marker": self.marker,
            "round": str(self.round),
            "title": self.form.software.full_name,
            "version": self.form.software.version,
            "applicant": self.form.applicant_name,
        }

    def number_of(self, owner: str) -> str:
        """The owner's place on the form, counted from 1."""
        return str(self.form.owner_names.index(owner) + 1)


def detail(
    matter: Matter, portal: str, seen: Seen, *, owner: str = "", typed: Mapping[str, str] | None = None, file: str = ""
) -> dict[str, object]:
    """For the page of a saved draft: `typed` are codes by the owner's name, `file` the name and bytes of an upload."""
    owners = _owners(matter, seen.rows("owners"))
    open_owners = [
        {"n": str(place), "name": owner.name, "typed": (typed or {}).get(told, "")}
        for place, (owner, told, one) in enumerate(
            zip(matter.form.owners, matter.form.owner_names, owners, strict=True), 1
        )
        if one["open"]
    ]
    wanted = {
        "materials": any(row["what"] == "materials" for row in seen.rows("missing")),
        "agreement": seen.text("agreement") == on.AGREEMENT_WANTED,
        "codes": bool(open_owners),
        "seal": matter.round == 0 and seen.text("seal") != on.UPLOADED,
    }
    rows = [row["what"] for row in seen.rows("missing")]
    missing = [
        {"words": _consistent(on.STILL_MISSING[what], rows[place : place + 1], what)}
        for place, what in enumerate(what for what, yes in wanted.items() if yes)
    ]
    return {
        **matter.names,
        "heading": on.DETAIL.heading,
        "portal": portal,
        "number": seen.text("draft"),
        "owner": owner,
        "owners": owners,
        "owners_total": str(len(owners)),
        "open_owners": open_owners,
        "agreement_asked": wanted["agreement"],
        "agreement": on.AGREEMENT_WANTED if wanted["agreement"] else _agreement(matter, seen),
        "first": matter.round == 0,
        "seal": on.UPLOADED if seen.text("seal") == on.UPLOADED else on.NOT_UPLOADED,
        "file": file,
        "missing": missing,
        "complete": not missing,
    }


def confirmation(matter: Matter, portal: str, number: str) -> dict[str, object]:
    """For the page that files: nothing on it is the bureau's to say but the number of the draft that we opened."""
    form = matter.form
    return {
        **matter.names,
        "heading": on.CONFIRM.heading,
        "portal": portal,
        "number": number,
        "address": form.applicant.address,
        "completion_date": str(form.software.completion_date),
        "publication": form.software.publication,
        "publication_date": str(form.software.publication_date or ""),
        "publication_place": form.software.publication_place,
        "owners": [
            {**named, "certificate_kind": one.certificate_kind, "certificate_number": one.certificate_number}
            for named, one in zip(_named(matter), form.owners, strict=True)
        ],
    }


def correction(matter: Matter, portal: str, seen: Seen, row: Row) -> dict[str, object]:
    """For the page of a filing that came back. The notices are the bureau's own words, one for each round that was.

    Title and version are those that were filed, as the list of filings says in its row: between rounds ours may have
    become others, and so may the owners.
    """
    notices = [
        {
            "text": row["text"] or "",
            "date": _day(row["date"] or "") or "(the day of the notice)",
            "round": _consistent("", [row["round"]], str(place)),
        }
        for place, row in enumerate(seen.rows("notices"))
    ]
    notices += [
        {"text": f"(notice of round {place})", "date": "", "round": ""} for place in range(len(notices), matter.round)
    ]
    owners = [{"name": row["name"] or "", "center_id": _center_id(row)} for row in seen.rows("owners")]
    return {
        **matter.names,
        "title": row["name"] or "",
        "version": row["version"] or "",
        "heading": on.FILING.heading,
        "portal": portal,
        "filing": seen.text("number"),
        "filed_round": str(matter.round - 1),
        "acceptance": _like(ACCEPTANCE, seen.text("acceptance")) or "(受理编号)",
        "serial": _like(SERIAL, seen.text("serial")),
        "remark": notices[-1]["text"],
        "notices": notices,
        "owners_total": str(len(owners)),
        "owners": owners,
    }


def _named(matter: Matter) -> list[dict[str, object]]:
    return [{"n": str(n), "name": one.name, "kind": one.kind} for n, one in enumerate(matter.form.owners, 1)]


def _owners(matter: Matter, rows: Sequence[Row]) -> list[dict[str, object]]:
    """The owners of the form, each with what the row at the same place says of codes."""
    found = []
    for place, (named, owner) in enumerate(zip(_named(matter), matter.form.owners, strict=True)):
        row: Row = rows[place] if place < len(rows) else {}
        applies = trimmed(owner.name) == trimmed(matter.form.applicant_name)
        needed, code = row.get("needed"), row.get("code")
        wanted = needed == "yes" and bool(owner.phone) and not applies
        due = "需要" if wanted else "不需要（申请人本人）" if applies else "不需要"
        found.append(
            {
                "n": _consistent(str(named["n"]), [row.get("number")], str(named["n"])),
                "name": _consistent(owner.name, [row.get("name")], trimmed(owner.name)),
                "kind": named["kind"],
                "phone": masked(owner.phone),
                "center_id": _center_id(row),
                "needed": _consistent(due, [needed], "yes" if wanted else "no"),
                "code": CODES.get(code or "", f"({code})"),
                "open": wanted and code != "verified",
            }
        )
    return found


def _agreement(matter: Matter, seen: Seen) -> str:
    """What the page is due to say of the agreement: needless where the bureau asks for none, even if one came since."""
    if matter.form.agreement is None or seen.text("agreement") == on.AGREEMENT_NEEDLESS:
        return on.AGREEMENT_NEEDLESS
    return on.UPLOADED


def _consistent(words: str, said: Sequence[str | None], due: str) -> str:
    """The words, unless the page's own mark of them differs; then words that no page shows."""
    return words if list(said) == [due] else f"{words} ({', '.join(map(str, said)) or 'unmarked'})"


def _day(shown: str) -> str:
    """A day as the page writes it, in any of the habits of days; otherwise nothing."""
    try:
        day_of(shown)
    except ValueError:
        return ""
    return shown


def _center_id(row: Row) -> str:
    """The bureau's id of the owner; the page shows none for some hours."""
    return _like(CENTER_ID, row.get("center_id") or "")


def _like(kind: re.Pattern[str], given: str) -> str:
    """A value that only the bureau knows, where it has the right form.

    Otherwise nothing, which the page does not match.
    """
    return given if kind.fullmatch(given) else ""


def masked(phone: str) -> str:
    """138****0001, as the bureau shows it."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
