"""`caseward case give` and `upload`: what a person hands in, looked into before the record is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from caseward.app.systems import Systems, read_systems
from caseward.console.commands.case import codes
from caseward.console.commands.case.orders import stands
from caseward.console.intake import apart
from caseward.console.intake.scans import pages_in, pdf_of, picture_of, unfit_file
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import answer
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Words as FlowWords
from workflow.engine.give_entry import hand_in
from workflow.files.plain import Unfit
from workflow.intake.gives import Give, Part
from workflow.intake.values import holds_documents
from workflow.settings import read_settings
from workflow.store import CaseRow

Words = Mapping[str, Sequence[str]]
"""By part, what was typed for it; nothing where it was left out."""
WordsOf = Callable[[Give], Words]
"""What was typed for the parts of a Give. Raises Stopped where something is none of them."""


def give(texts: Texts, number: str, said: Sequence[str], *, version: int | None, asks: bool, json: bool) -> int:
    """KIND PART=VALUE ..., or FIELD=VALUE alone where people may set a field by its own name."""
    kind, words = parts_said(texts, said)
    systems = read_systems(read_settings(lang=texts.language))
    texts.systems = systems.systems
    named = [one for one in _gives(systems) if one.name == kind]
    if not named and kind in {one.name for one in systems.all_secrets}:
        return _secret(texts, number, kind, words, asks, json)
    if not named and (flows := _documents_of(systems, kind)):
        raise _by_file(texts, number, kind, [one for one in _gives(systems) if one.flow in flows and one.files])

    def words_of(chosen: Give) -> Words:
        if kind in words and kind not in chosen.parts and chosen.files:
            raise _by_file(texts, number, kind, [chosen])
        if of_all := [f"{name}={words[name][0]}" for name in words if name in chosen.of_party]:
            cause, cure = texts("error.of_party", said=of_all[0]), texts("cure.of_party", kind=chosen.name)
            raise Stopped(Complaint("usage", cause, cure, USAGE))
        return of_parts(texts, chosen, words)

    return _hand_in(texts, number, _named(texts, _gives(systems), kind), words_of, "{name}=", version, asks, json)


def of_parts(texts: Texts, chosen: Give, words: Words) -> Words:
    """The same words. Raises Stopped where one is for no part of it."""
    if strange := [name for name in words if name not in chosen.parts]:
        cause = texts("error.no_such_part", kind=chosen.name, name=strange[0])
        raise Stopped(Complaint("usage", cause, texts("cure.one_of", names=", ".join(chosen.parts)), USAGE))
    return words


def _secret(texts: Texts, number: str, kind: str, words: Words, asks: bool, json: bool) -> int:
    """What is secret is asked for, or read from standard input, and never taken from the command line."""
    owners = words.get("owner", ())
    if strange := [name for name in words if name != "owner"] or list(owners[1:]):
        command, name = f"caseward case code {number} {kind}", strange[0]
        cause = texts("error.secret_on_line" if name == kind else "error.no_such_part", kind=kind, name=name)
        raise Stopped(Complaint("usage", cause, texts("cure.secret_on_line", command=command), USAGE))
    return codes.enter(texts, number, kind, owner=owners[0] if owners else None, asks=asks, json=json)


def upload(
    texts: Texts, number: str, kind: str, files: Sequence[Path], options: Mapping[str, str | None],
    *, version: int | None, asks: bool, json: bool,
) -> int:  # fmt: skip
    """The same for files. options: the parts that are not given as the files."""
    systems = read_systems(read_settings(lang=texts.language))
    texts.systems = systems.systems
    papers = _named(texts, [one for one in _gives(systems) if one.files], kind)

    def words_of(chosen: Give) -> Words:
        return _of_upload(texts, chosen, files, options)

    return _hand_in(texts, number, papers, words_of, "--{name}", version, asks, json)


def given_by(texts: Texts, number: str, kind: str, words: Words, *, version: int | None, json: bool) -> int:
    """The same for a command that says all parts by itself."""
    systems = read_systems(read_settings(lang=texts.language))
    texts.systems = systems.systems
    return _hand_in(
        texts, number, named_gives(texts, systems, kind), lambda chosen: words, "{name}=", version, False, json
    )


def named_gives(texts: Texts, systems: Systems, kind: str) -> list[Give]:
    """All of this name: each flow may have one. Raises Stopped where there is none."""
    return _named(texts, _gives(systems), kind)


def _of_upload(texts: Texts, chosen: Give, files: Sequence[Path], options: Mapping[str, str | None]) -> Words:
    kind, first = chosen.name, chosen.files[0]
    usage = texts("cure.usage", command="caseward case upload")
    needed = [name for name, part in chosen.parts.items() if name != first and not part.optional]
    if beside := [name for name in needed if name not in options]:
        cause = texts("error.part_beside_upload", kind=kind, name=beside[0])
        said = " ".join(f"{name}={name.upper()}" for name in chosen.parts)
        raise Stopped(Complaint("usage", cause, texts("cure.part_beside_upload", kind=kind, parts=said), USAGE))
    if strange := [name for name, value in options.items() if value is not None and name not in chosen.parts]:
        cause = texts("usage.no_such_option", what=f"--{strange[0].replace('_', '-')} ({kind})")
        raise Stopped(Complaint("usage", cause, usage, USAGE))
    if len(files) != 1 and not chosen.parts[first].several:
        cause = texts("usage.unexpected_argument", what=" ".join(map(str, files[1:])))
        raise Stopped(Complaint("usage", cause, usage, USAGE))
    return {name: [value] for name, value in options.items() if value is not None} | {first: list(map(str, files))}


def _hand_in(
    texts: Texts, number: str, named: Sequence[Give], words_of: WordsOf, option: str, version: int | None, asks: bool,
    json: bool,
) -> int:  # fmt: skip
    """named: all of one name. Of one alone the parts are read before the record is opened; of several the case's."""

    def read(chosen: Give) -> dict[str, Any]:
        return parts_of(texts, chosen, words_of(chosen), asks, option)

    before = read(named[0]) if len(named) == 1 else None

    async def work(view: View) -> int:
        row = await view.row(number)
        chosen = of_its_flow(texts, row, named)
        given = before if before is not None else read(chosen)
        record = view.record
        zone = record.systems.zone_of(chosen.flow, view.moments.zone)
        try:
            became = await hand_in(
                record.store,
                record.clock,
                record.documents,
                view.plan(row.claim.flow),
                record.commands(person()),
                row,
                chosen,
                given,
                today=view.moments.now.astimezone(zone).date(),
                pages_in=pages_in,
                look=apart.looked,
                version=version,
            )
        except Unfit as unfit:
            raise unfit_file(texts, ", ".join(given[name].name for name in chosen.looks), unfit) from unfit
        return await stands(view, row.claim.case, "order.given", json, given=became.replace("-", "_"))

    return viewing(texts, work)


def parts_of(texts: Texts, chosen: Give, words: Words, asks: bool, option: str = "{name}=") -> dict[str, Any]:
    """What was typed for each part, read as its kind. option: how a part is called where it is wrong."""
    return {
        name: _part(
            texts, chosen.flow, name, part, words.get(name, ()), option.format(name=name.replace("_", "-")), asks
        )
        for name, part in chosen.parts.items()
    }


def of_its_flow(texts: Texts, row: CaseRow, named: Sequence[Give]) -> Give:
    """The one of the case's flow. Raises Stopped where there is none."""
    chosen = next((one for one in named if one.flow == row.claim.flow), None)
    if chosen is None:
        flows = texts("mark.enumeration").join(one.flow for one in named)
        cause = texts("error.not_given", number=row.claim.number, name=named[0].name)
        raise Stopped(Complaint("not_allowed", cause, texts("cure.not_given", flow=flows), REFUSED))
    return chosen


def parts_said(texts: Texts, said: Sequence[str]) -> tuple[str, Words]:
    """The kind and its parts; a part that stands twice has several values."""
    kind = said[0] if said and "=" not in said[0] else None
    words: dict[str, list[str]] = {}
    for word in said if kind is None else said[1:]:
        name, mark, value = word.partition("=")
        if not mark or not name.strip():
            cause = texts("usage.wrong_value", what="PART=VALUE", why=word)
            raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward case give"), USAGE))
        words.setdefault(name.strip().replace("-", "_"), []).append(value)
    if kind is None:
        if len(words) != 1:
            cause = texts("usage.missing", what="KIND")
            raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward case give"), USAGE))
        (kind,) = words
    return kind, words


def _documents_of(systems: Systems, field: str) -> list[str]:
    """The flows in whose data this field holds documents."""
    fields = {plan.flow.name: plan.flow.data.model_fields.get(field) for plan in systems.plans.values()}
    return [flow for flow, info in fields.items() if info is not None and holds_documents(info.annotation)]


def _by_file(texts: Texts, number: str, field: str, gives: Sequence[Give]) -> Stopped:
    """A file is given as a part of one of these, and not as the value of a field."""
    written = [
        f"caseward case give {number} {one.name} {' '.join(f'{part}={part.upper()}' for part in one.parts)}"
        for one in gives
    ]
    cure = texts("cure.by_file", commands=" · ".join(written)) if written else texts("cure.no_give_of_files")
    return Stopped(Complaint("usage", texts("error.by_file", name=field), cure, USAGE))


def _gives(systems: Systems) -> list[Give]:
    return [give for one in systems.installed for give in one.system.gives]


def _named(texts: Texts, gives: Sequence[Give], kind: str) -> list[Give]:
    """All of this name: each flow may have one."""
    found = [one for one in gives if one.name == kind]
    if not found:
        raise not_one_of(texts, "paper", kind, dict.fromkeys(one.name for one in gives))
    return found


def _part(texts: Texts, flow: str, name: str, part: Part, said: Sequence[str], option: str, asks: bool) -> Any:
    """What was typed for a part, read as its kind; asked for where it was left out. Files are looked into."""
    if part.optional and not said:
        return None
    question = FlowWords(texts.language, name=flow, systems=texts.systems)("part", name)
    typed = list(said) or [answer(texts, question, asks, option)]
    if part.kind == "pdf":
        return pdf_of([Path(one) for one in typed], texts, part.most)
    if len(typed) > 1:
        cause = texts("usage.unexpected_argument", what=" ".join(typed[1:]))
        raise Stopped(Complaint("usage", cause, texts("cure.option", option=option), USAGE))
    (value,) = typed
    if part.kind == "picture":
        return picture_of(Path(value), texts)
    if part.kind == "day":
        return _day(texts, value, option)
    return value


def _day(texts: Texts, written: str, option: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        cause = texts("usage.wrong_value", what=option, why=written)
        raise Stopped(Complaint("usage", cause, texts("cure.day"), USAGE)) from None
