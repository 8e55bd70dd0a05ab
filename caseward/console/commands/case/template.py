"""`caseward case template`: the columns that a table of rows may have, shown, or written as a file to be filled in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from caseward.app.systems import read_systems
from caseward.console.commands.case.imports import intake_of, labels_of
from caseward.console.intake.blanks import WRITES
from caseward.console.intake.cell_values import choices_in, element_of, kinds_in
from caseward.console.intake.headers import Asked, asked_columns, place_named
from caseward.console.intake.labels import Label, Labels
from caseward.console.intake.sheets import MARKS
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.text.output import Column, listed, say, screen
from caseward.console.text.visible import path
from caseward.console.wording.texts import Texts
from workflow.settings import read_settings

JSON_BEGINS = ("", "[", "{")
UNPLAIN = frozenset({*MARKS, '"', "\r", "\n"})
"""By a name with one of these a table is told wrongly from JSON, or its columns from one another."""


def show(texts: Texts, file: Path | None, *, system: str | None, json: bool) -> int:
    """file: where an empty one is written, CSV, XLSX or JSON by its name; - for CSV on standard output.

    Without one the columns are shown.
    """
    systems = read_systems(read_settings(lang=texts.language))
    intake = intake_of(texts, systems, system)
    labels, model = labels_of(systems, intake.flow), systems.plans[intake.flow].flow.data
    columns = list(asked_columns(model, intake.gathered))
    if json and str(file) == "-":
        cause = texts("error.either", one="--json", other="FILE -")
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward case template"), USAGE))
    if file is not None:
        _write(texts, file, blank(texts, file, model, columns, labels))
    if json:
        said = {} if file is None else {"file": str(file)}
        say(listed([_shape(one, labels) for one in columns], **said))
    if json or str(file) == "-":
        return 0
    if file is not None:
        say(texts("template.written", file=file))
        return 0
    head = [Column(texts(f"column.{name}")) for name in ("field", "called", "needed", "asked")]
    say(*screen().table(head, [_cells(texts, one, labels) for one in columns]))
    say("", *screen().wrapped(texts("more.template")))
    return 0


def blank(texts: Texts, file: Path, model: type[BaseModel], columns: Sequence[Asked], labels: Labels) -> bytes:
    """The file, empty but for its names. Raises Stopped where its name says of no kind that it is."""
    ends = ".csv" if str(file) == "-" else file.suffix.lower()
    if ends not in WRITES:
        cause, names = texts("usage.wrong_value", what="FILE", why=file.name), ", ".join(f"FILE{one}" for one in WRITES)
        raise Stopped(Complaint("usage", cause, texts("cure.one_of", names=names), USAGE))
    words = [_choices(texts, one) if asked(one.annotation)[0] == "choice" else [] for one in columns]
    return WRITES[ends](header(texts, model, columns, labels), words, [one.place for one in columns])


def _cells(texts: Texts, column: Asked, labels: Labels) -> list[str]:
    what = texts(f"asked.{asked(column.annotation)[0]}")
    choices = _choices(texts, column)
    names = " | ".join(choices)
    said = texts("asked.choices", what=what, names=names) if choices else what
    called = labels.called(column.place)[texts.language != "en"]
    return [path(column.place), called, texts("value.yes") if column.needed else "", said]


def _choices(texts: Texts, column: Asked) -> list[str]:
    """In the reader's words where there are any; all of them are read."""
    choices = asked(column.annotation)[1]
    return [words[1] or key if texts.language != "en" else key for key, words in choices.items()]


def _shape(column: Asked, labels: Labels) -> dict[str, object]:
    kind, choices = asked(column.annotation)
    en, zh = labels.called(column.place)
    label = {"zh-CN": zh or None, "en": en or None}
    return {"name": path(column.place), "label": label, "kind": kind, "choices": list(choices), "needed": column.needed}


def asked(annotation: object) -> tuple[str, Mapping[str, Label]]:
    """What a cell is to hold, and the keys of which it is one, each with what people call it."""
    if (element := element_of(annotation)) is not None:
        return "list", asked(element)[1]
    if choices := choices_in(annotation):
        return "choice", choices
    kinds = [kind for kind in kinds_in(annotation) if isinstance(kind, type)]
    named: dict[str, type | tuple[type, ...]] = {
        "truth": bool,
        "instant": datetime,
        "day": date,
        "whole": int,
        "number": (float, Decimal),
        "text": str,
    }
    return next((name for name, of in named.items() if any(issubclass(one, of) for one in kinds)), "json"), {}


def header(texts: Texts, model: type[BaseModel], columns: Sequence[Asked], labels: Labels) -> list[str]:
    """In the reader's words where an import reads these as the same column, else in fields' names."""

    def said(one: Asked) -> str:
        word = labels.called(one.place)[texts.language != "en"]
        is_plain = word[:1] not in JSON_BEGINS and UNPLAIN.isdisjoint(word)
        return word if is_plain and place_named(model, word, labels) == one.place else path(one.place)

    return [said(one) for one in columns]


def _write(texts: Texts, file: Path, content: bytes) -> None:
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as out:
            out.write(content)
    except FileExistsError as error:
        cause = texts("error.file_exists", name=file)
        raise Stopped(Complaint("file_exists", cause, texts("cure.file_exists"), REFUSED)) from error
