"""The pages of the bureau's form: what is filled in where, and whether the check page shows the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from adapters.bureau import selectors as on
from adapters.bureau.contracts import FILES
from adapters.bureau.filing_form import (
    COVERED,
    ORIGINAL,
    Applicant,
    DepositWay,
    FeatureKind,
    FilingForm,
    Owner,
    Right,
    Software,
)
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.seen import Row
from adapters.personal import on_page
from workflow.errors import Drifted
from workflow.sentence import Sentence

Field = tuple[str, str, str | bool]
"""An element's id, how it is filled (text, tick or day; a select is filled as text is), and with what."""
OTHER = "other"
OWNER_CELLS = (
    "name",
    "kind",
    "certificate_kind",
    "certificate_number",
    "nationality",
    "province",
    "city",
    "district",
    "address",
    "phone",
    "email",
    "attribution",
    "alias",
)  # fmt: skip
AGENT_CELLS = ("name", "address", "postcode", "contact", "phone", "email")
BY_AGENT, BY_OWNERS = "由代理人申请", "由著作权人申请"
ALIAS = "别名"


async def fill_pages(screen: Screen, number: str, marker: str, form: FilingForm) -> None:
    """Fill and send the three form pages of a draft; ends on the materials page."""
    seen = await screen.open("software", on.SOFTWARE, "/apply/software", draft=number)
    _is_ours("software", seen.texts, number)
    await screen.fill("software", software_fields(marker, form.software))
    await screen.shoot("software")
    seen = await screen.submit("software", on.NEXT, on.OWNERS, on.SOFTWARE)
    _is_ours("owners", seen.texts, number)
    rows = await screen.run("owners", "rows", len(form.owners))
    if len(rows) != len(form.owners):
        raise Drifted(ADAPTER, "owners", Sentence("rows_not_changed", "rows cannot be added or taken away"))
    await screen.fill("owners", owner_fields(rows, form.owners))
    await screen.shoot("owners")
    seen = await screen.submit("owners", on.NEXT, on.APPLICANT, on.OWNERS)
    _is_ours("applicant", seen.texts, number)
    await screen.fill("applicant", applicant_fields(form.applicant))
    await screen.shoot("applicant")
    await screen.submit("applicant", on.NEXT, on.MATERIALS, on.APPLICANT)


async def check_and_save(screen: Screen, number: str, marker: str, form: FilingForm) -> None:
    """Compare the check page with the form, save; ends on the detail page."""
    seen = await screen.open("check", on.CHECK, "/apply/check", draft=number)
    _is_ours("check", seen.texts, number)
    await screen.shoot("check")
    shown = {row["field"] or "": row["value"] or "" for row in seen.rows("echo")}
    apart = {f"material-{kind}": shown.get(f"material-{kind}", "") for kind in FILES}
    meant = {**echo(marker, form), **apart, "material-source": on.RECEIVED}
    wrong = [name for name in {**meant, **shown} if differ(meant.get(name), shown.get(name))]
    if wrong:
        raise Drifted(
            ADAPTER,
            "check",
            Sentence(
                "check_shows_other",
                "the check page does not show what was filled in: {fields}",
                fields=on_page(", ".join(wrong)),
            ),
        )
    await screen.submit("save", on.SAVE, on.DETAIL, on.CHECK)


def software_fields(marker: str, software: Software) -> list[Field]:
    fields: list[Field] = [
        ("reference", "text", marker),
        ("full_name", "text", software.full_name),
        ("short_name", "text", software.short_name),
        ("version", "text", software.version),
        ("category", "text", software.category),
        (f"work_kind-{software.work_kind}", "tick", True),
    ]
    if software.work_kind != ORIGINAL:
        fields += [
            ("modification_note", "text", software.modification_note),
            ("permission", "text", software.permission or ""),
            ("former_number", "text", software.former_number),
        ]
    fields += [
        ("development_mode", "text", software.development_mode),
        ("completion_date", "day", software.completion_date.isoformat()),
        (f"publication-{software.publication}", "tick", True),
    ]
    if software.publication_date is not None and software.publication == "已发表":
        fields += [
            ("publication_date", "day", software.publication_date.isoformat()),
            ("publication_country", "text", software.publication_country),
            ("publication_place", "text", software.publication_place),
        ]
    fields.append((f"acquisition-{software.acquisition}", "tick", True))
    if succession := _succession(software):
        fields.append(("succession", "text", succession))
    fields.append((f"scope-{software.scope}", "tick", True))
    if software.scope == "部分权利":
        fields += [(f"rights-{right}", "tick", right in software.rights) for right in get_args(Right)]
    return fields


def owner_fields(rows: Sequence[str], owners: Sequence[Owner]) -> list[Field]:
    return [
        (on.owner_field(row, cell), "text", value)
        for row, owner in zip(rows, owners, strict=True)
        for cell, value in _cells(owner).items()
    ]


def applicant_fields(applicant: Applicant) -> list[Field]:
    fields: list[Field] = [("applicant", "text", applicant.owner or OTHER)]
    if applicant.owner is None:
        fields.append(("applicant_name", "text", applicant.name))
    fields += [(cell, "text", value) for cell, value in _reached(applicant).items()]
    fields.append((f"handled_by-{BY_AGENT if applicant.agent else BY_OWNERS}", "tick", True))
    if applicant.agent is not None:
        fields += [(cell, "text", value) for cell, value in _agent(applicant).items()]
    for cell, value in _program(applicant).items():
        if cell == "feature_kinds":
            fields += [(f"{cell}-{kind}", "tick", kind in applicant.feature_kinds) for kind in get_args(FeatureKind)]
        else:
            fields.append((cell, "text", value))
    fields.append((f"deposit-{applicant.deposit}", "tick", True))
    if (way := _exception(applicant)) is not None:
        held = _deposit(applicant)
        asked = (
            ("deposit_way", "deposit_masked", "deposit_pages") if way == COVERED else ("deposit_way", "deposit_pages")
        )
        fields += [(cell, "text", held[cell]) for cell in asked]  # the page hides the box of any other way
    return fields


def echo(marker: str, form: FilingForm) -> dict[str, str]:
    """Every value of the form as the bureau shows it, by the bureau's names and in its order.

    What hangs on a choice that was not made is empty there, whatever we hold of it.
    """
    software, applicant = form.software, form.applicant
    modified, published = software.work_kind != ORIGINAL, software.publication == "已发表"
    dated = published and software.publication_date is not None
    shown = {
        "reference": marker,
        "full_name": software.full_name,
        "short_name": software.short_name,
        "version": software.version,
        "category": software.category,
        "work_kind": software.work_kind,
        "modification_note": software.modification_note if modified else "",
        "permission": software.permission or "" if modified else "",
        "former_number": software.former_number if modified else "",
        "development_mode": software.development_mode,
        "completion_date": software.completion_date.isoformat(),
        "publication": software.publication,
        "publication_date": str(software.publication_date or "") if published else "",
        "publication_country": software.publication_country if dated else "",
        "publication_place": software.publication_place if dated else "",
        "acquisition": software.acquisition,
        "succession": _succession(software),
        "scope": software.scope,
        "rights": "、".join(right for right in get_args(Right) if right in software.rights)
        if software.scope == "部分权利"
        else "",
    }
    for number, owner in enumerate(form.owners, 1):
        shown |= {on.owner_field(str(number), cell): value for cell, value in _cells(owner).items()}
    shown |= {
        "applicant": applicant.owner or on.AGENT,
        "applicant_name": applicant.name if applicant.owner is None else "",
    }
    shown |= {"applicant_phone" if name == "phone" else name: text for name, text in _reached(applicant).items()}
    shown |= {"handled_by": BY_AGENT if applicant.agent else BY_OWNERS, **_agent(applicant), **_program(applicant)}
    return {**shown, "deposit": applicant.deposit, **_deposit(applicant)}


def differ(meant: str | None, shown: str | None) -> bool:
    """What is not there is empty."""
    return one_line(meant or "") != one_line(shown or "")


def _cells(owner: Owner) -> dict[str, str]:
    """An alias stands there only where the work is signed by it."""
    return {
        cell: "" if cell == "alias" and owner.attribution != ALIAS else getattr(owner, cell) for cell in OWNER_CELLS
    }


def _succession(software: Software) -> str:
    return software.succession or "" if software.acquisition == "继受取得" else ""


def _reached(applicant: Applicant) -> dict[str, str]:
    return {cell: getattr(applicant, cell) for cell in ("address", "postcode", "contact", "phone", "email")}


def _agent(applicant: Applicant) -> dict[str, str]:
    agent = applicant.agent
    return {f"agent_{cell}": "" if agent is None else getattr(agent, cell) for cell in AGENT_CELLS}


def _program(applicant: Applicant) -> dict[str, str]:
    kinds = [kind for kind in get_args(FeatureKind) if kind in applicant.feature_kinds]
    return {
        "development_hardware": applicant.development_hardware,
        "running_hardware": applicant.running_hardware,
        "development_system": applicant.development_system,
        "development_tools": applicant.development_tools,
        "running_system": applicant.running_system,
        "supporting_software": applicant.supporting_software,
        "languages": applicant.languages,
        "line_count": str(applicant.line_count),
        "page_count": str(applicant.page_count or ""),
        "purpose": applicant.purpose,
        "industry": applicant.industry,
        "main_functions": applicant.main_functions,
        "feature_kinds": "、".join(kinds),
        "technical_features": applicant.technical_features,
    }


def _exception(applicant: Applicant) -> DepositWay | None:
    """How other pages are handed in than the ordinary ones, where that was chosen."""
    return applicant.deposit_way if applicant.deposit == "例外交存" else None


def _deposit(applicant: Applicant) -> dict[str, str]:
    way = _exception(applicant)
    return {
        "deposit_way": way or "",
        "deposit_masked": applicant.deposit_masked if way == COVERED else "",
        "deposit_pages": applicant.deposit_pages if way else "",
    }


def _is_ours(step: str, texts: Row, number: str) -> None:
    """The portal writes to whatever draft the session has open unless the page names one."""
    if texts.get("draft") != number or texts.get("named") != number:
        named = on_page(texts.get("named")) or Sentence("no_named_draft", "no named draft")
        why = Sentence("page_writes_to", "the page writes to {draft}, not to {due}", draft=named, due=number)
        raise Drifted(ADAPTER, step, why)


def one_line(text: str) -> str:
    """As a page shows it: blanks and line breaks count as one blank. A wide blank is another letter."""
    return " ".join(re.split(r"[ \t\r\n\f]+", text.strip(" \t\r\n\f")))
