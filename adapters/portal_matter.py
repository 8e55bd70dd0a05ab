"""What the contracts of the bureau's pages are filled with: what we know of the matter, and what the bureau alone can.

What the bureau alone knows (whether a code is wanted, an owner's number there, a notice's text) is taken from the page
and must be of the kind that is due; everything else is ours, and the page must say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters import portal_selectors as on
from adapters.filing_form import FilingForm
from adapters.portal_seen import Row, Seen

CODES = {"none": "未发送", "sent": "已发送", "verified": "已验证", "expired": "已过期", "rejected": "已作废"}
CENTER_ID = re.compile(r"[A-Z]{2}\d{6,12}")
NO_CENTER_ID = "(中心用户ID)"


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
        """Where this owner stands on the form, from 1."""
        return str(self.form.owner_names.index(owner) + 1)


def detail(
    matter: Matter, portal: str, seen: Seen, *, owner: str = "", typed: Mapping[str, str] | None = None, file: str = ""
) -> dict[str, object]:
    """For the page of a saved draft: `typed` are codes by the owner's name, `file` the name and bytes of an upload."""
    owners = _owners(matter, seen.rows("owners"))
    codes = [(typed or {}).get(name, "") for name in matter.form.owner_names]
    open_owners = [{**one, "typed": code} for one, code in zip(owners, codes, strict=True) if one["open"]]
    wanted = {
        "materials": any(row["what"] == "materials" for row in seen.rows("missing")),
        "agreement": seen.texts.get("agreement") is not None,
        "codes": bool(open_owners),
        "seal": matter.round == 0 and seen.text("seal") != on.UPLOADED,
    }
    missing = [{"words": on.STILL_MISSING[what]} for what, yes in wanted.items() if yes]
    return {
        **matter.names,
        "heading": on.DETAIL.heading,
        "portal": portal,
        "number": seen.text("draft"),
        "owner": owner,
        "owners": owners,
        "open_owners": open_owners,
        "agreement_asked": wanted["agreement"],
        "first": matter.round == 0,
        "seal": on.UPLOADED if seen.text("seal") == on.UPLOADED else on.NOT_UPLOADED,
        "file": file,
        "missing": missing,
        "complete": not missing,
    }


def confirmation(matter: Matter, portal: str, number: str) -> dict[str, object]:
    """For the page that files: nothing on it is the bureau's to say but the number of the draft that we opened."""
    return {
        **matter.names,
        "heading": on.CONFIRM.heading,
        "portal": portal,
        "number": number,
        "owners": _named(matter),
    }


def correction(matter: Matter, portal: str, seen: Seen) -> dict[str, object]:
    """For the page of a filing that came back; what was filed is what the page shows, and what the notice says too."""
    return {
        **matter.names,
        "heading": on.FILING.heading,
        "portal": portal,
        "filing": seen.text("number"),
        "filed_title": seen.text("name"),
        "filed_version": seen.text("version"),
        "filed_round": str(matter.round - 1),
        **{name: seen.text(name) for name in ("acceptance", "serial", "remark")},
        "notices": seen.rows("notices"),
        "owners": [{"name": row["name"], "center_id": _center_id(row)} for row in seen.rows("owners")],
    }


def _named(matter: Matter) -> list[dict[str, object]]:
    return [{"n": str(n), "name": one.name, "kind": one.kind} for n, one in enumerate(matter.form.owners, 1)]


def _owners(matter: Matter, rows: Sequence[Row]) -> list[dict[str, object]]:
    """The owners of the form, each with what the row of the same place says of codes."""
    found = []
    for place, (named, owner) in enumerate(zip(_named(matter), matter.form.owners, strict=True)):
        row: Row = rows[place] if place < len(rows) else {}
        applies = owner.name == matter.form.applicant_name
        wanted = row.get("needed") == "yes" and bool(owner.phone) and not applies
        code = row.get("code") or "none"
        found.append(
            {
                **named,
                "phone": masked(owner.phone),
                "center_id": _center_id(row),
                "needed": "需要" if wanted else "不需要（申请人本人）" if applies else "不需要",
                "code": CODES.get(code, CODES["none"]),
                "open": wanted and code != "verified",
            }
        )
    return found


def _center_id(row: Row) -> str:
    """Empty for some hours; what is there must look like one."""
    given = row.get("center_id") or ""
    return given if not given or CENTER_ID.fullmatch(given) else NO_CENTER_ID


def masked(phone: str) -> str:
    """138****0001, as the bureau shows it."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
