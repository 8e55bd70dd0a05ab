"""`caseward case import --template`: the columns that a table of rows may have, shown, or written as its first line."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin

from caseward.app.systems import read_systems
from caseward.console.commands.case.imports import intake_of, labels_of
from caseward.console.intake.cell_values import element_of, kinds_in
from caseward.console.intake.headers import Asked, asked_columns
from caseward.console.intake.labels import Labels, folded
from caseward.console.terminal.complaints import REFUSED, Complaint, Stopped
from caseward.console.text.output import Column, listed, say, screen
from caseward.console.text.visible import path
from caseward.console.wording.texts import Texts
from workflow.settings import read_settings

MARK = "\ufeff"
"""By which table programs know that the file is UTF-8."""


def show(texts: Texts, file: Path | None, *, system: str | None, json: bool) -> int:
    """file: where the first line is written, - for standard output; without one the columns are shown."""
    systems = read_systems(read_settings(lang=texts.language))
    intake = intake_of(texts, systems, system)
    labels = labels_of(systems, intake.flow)
    columns = list(asked_columns(systems.plans[intake.flow].flow.data, intake.gathered))
    if file is not None:
        return _write(texts, file, _header(texts, columns, labels))
    if json:
        say(listed([_shape(one, labels) for one in columns]))
        return 0
    head = [Column(texts(f"column.{name}")) for name in ("field", "called", "needed", "asked")]
    say(*screen().table(head, [_cells(texts, one, labels) for one in columns]))
    say("", *screen().wrapped(texts("more.template")))
    return 0


def _cells(texts: Texts, column: Asked, labels: Labels) -> list[str]:
    kind, choices = asked(column.annotation)
    what = texts(f"asked.{kind}")
    said = texts("asked.choices", what=what, names=" | ".join(choices)) if choices else what
    called = labels.called(column.place)[texts.language != "en"]
    return [path(column.place), called, texts("value.yes") if column.needed else "", said]


def _shape(column: Asked, labels: Labels) -> dict[str, object]:
    kind, choices = asked(column.annotation)
    en, zh = labels.called(column.place)
    label = {"zh-CN": zh or None, "en": en or None}
    return {"name": path(column.place), "label": label, "kind": kind, "choices": choices, "needed": column.needed}


def asked(annotation: object) -> tuple[str, list[str]]:
    """What a cell is to hold, and the words of which it is one."""
    if (element := element_of(annotation)) is not None:
        return "list", asked(element)[1]
    for kind in kinds_in(annotation):
        if get_origin(kind) is Literal:
            return "choice", [str(one) for one in get_args(kind)]
        if isinstance(kind, type) and issubclass(kind, Enum):
            return "choice", [str(one.value) for one in kind]
    kinds = [kind for kind in kinds_in(annotation) if isinstance(kind, type)]
    named: dict[str, type | tuple[type, ...]] = {
        "truth": bool,
        "instant": datetime,
        "day": date,
        "whole": int,
        "number": (float, Decimal),
        "text": str,
    }
    return next((name for name, of in named.items() if any(issubclass(one, of) for one in kinds)), "json"), []


def _header(texts: Texts, columns: Sequence[Asked], labels: Labels) -> bytes:
    """In the reader's words where these name one column alone, else in fields' names."""
    called = [labels.called(one.place)[texts.language != "en"] for one in columns]
    often = Counter(map(folded, called))
    said = [
        word if word and often[folded(word)] == 1 else path(one.place)
        for word, one in zip(called, columns, strict=True)
    ]
    line = io.StringIO()
    csv.writer(line).writerow(said)
    return (MARK + line.getvalue()).encode()


def _write(texts: Texts, file: Path, content: bytes) -> int:
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return 0
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as out:
            out.write(content)
    except FileExistsError as error:
        cause = texts("error.file_exists", name=file)
        raise Stopped(Complaint("file_exists", cause, texts("cure.file_exists"), REFUSED)) from error
    say(texts("template.written", file=file))
    return 0
