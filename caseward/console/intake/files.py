"""Takes in a file of rows that become cases, or of accounts: all rows or none, every problem named with its cure."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from caseward.console.intake.json_rows import Broken, RawRow, texts_in
from caseward.console.intake.labels import Labels
from caseward.console.intake.problems import SHAPES, in_table, of_shapes
from caseward.console.intake.row_files import rows_of_file
from caseward.console.text.hidden import hidden
from caseward.console.text.problem import Problem
from caseward.console.text.visible import masked, path, shown, visible
from workflow.intake.rows import Contradiction, Intake, Key
from workflow.intake.times import digits_as_times
from workflow.intake.values import Line, Text

NO_LABELS = Labels()
MOST_PROBLEMS = 1000
"""After this many problems a file is read no further: nobody corrects more at a time."""
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Row(Generic[T]):
    """One row that is taken. The digest is equal for rows that say the same, however they are written."""

    number: int
    line: int
    data: T
    digest: str


@dataclass(frozen=True)
class TakenIn(Generic[T]):
    """All rows and no problem, or problems and no row. warnings: about rows that are taken all the same."""

    rows: tuple[Row[T], ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


class PortalAccount(BaseModel):
    """A login at the bureau that the office holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@-]{1,64}$")]
    password: Annotated[SecretStr, Field(min_length=1, max_length=128)]
    region: Line | None = None
    notes: Text | None = None


def read(source: Path | bytes, today: date, model: type[T], intake: Intake, labels: Labels = NO_LABELS) -> TakenIn[T]:
    """Read a file of rows that are to become cases.

    day: today, by which dates are judged. labels: what the header of a table may say beside the names of fields.
    """

    def disagreements(data: T) -> Iterator[Problem]:
        yield from map(_problem, intake.contradictions(data, today))

    taken = _read(source, model, intake, disagreements, labels)
    doubts = [
        replace(_problem(one), row=row.number, title=masked(visible(title_of(row.data))), line=row.line)
        for row in taken.rows
        for one in intake.doubts(row.data)
    ]
    return replace(taken, warnings=(*taken.warnings, *doubts))


def title_of(data: BaseModel, subject: Callable[[Any], str] | None = None) -> str:
    """A row as people call it: its title, the part that no other case may share with it, or its first field."""
    titled = getattr(data, "title", None) or (subject(data) if subject is not None else None)
    return str(titled or next((value for _, value in data if value), type(data).__name__))


def read_accounts(source: Path | bytes) -> TakenIn[PortalAccount]:
    """Read a file of portal accounts. The digest leaves the password out; that is compared with the stored one."""
    taken = _read(source, PortalAccount, OF_ACCOUNTS, lambda data: iter(()), ACCOUNT_LABELS)
    return replace(taken, problems=tuple(_discreet(problem) for problem in taken.problems))


def _discreet(problem: Problem) -> Problem:
    """A password may stand under a misspelt name or in the wrong place, so only plain open fields are shown."""
    if problem.rule == "unknown_column":
        return replace(problem, field="")
    plain = problem.field in {"login", "region", "notes"} and problem.value.startswith('"')
    return problem if plain or not problem.value else replace(problem, value="••••••")


def _read(
    source: Path | bytes,
    model: type[T],
    intake: Intake,
    disagreements: Callable[[T], Iterator[Problem]],
    labels: Labels = NO_LABELS,
) -> TakenIn[T]:
    rows: list[Row[T]] = []
    problems: list[Problem] = []
    said: tuple[Problem, ...] = ()
    first: dict[str, int] = {}
    try:
        found, said = rows_of_file(source, model, intake.gathered, labels)
        for raw in found:
            wrong = _problems_of(raw, model, intake, disagreements, first, rows)
            in_words = isinstance(raw, RawRow) and raw.columns
            problems += map(labels.beside, wrong) if in_words else wrong
            if len(problems) >= MOST_PROBLEMS:
                raise Broken(_enough(raw.row if isinstance(raw, Problem) else raw.number))
    except Broken as broken:
        problems.append(broken.problem)
    return TakenIn((), tuple(problems)) if problems else TakenIn(tuple(rows), (), said)


def _problems_of(
    raw: RawRow | Problem,
    model: type[T],
    intake: Intake,
    disagreements: Callable[[T], Iterator[Problem]],
    first: dict[str, int],
    rows: list[Row[T]],
) -> list[Problem]:
    """The problems of one row; a bad row does not stop the others.

    A row without problems joins those that are taken.
    """
    if isinstance(raw, Problem):
        return [raw]
    named: Key | None = None
    try:
        named = intake.key(raw.fields)
        twice = first.setdefault(named.compared, raw.number) if named is not None else raw.number
        row, wrong = _row(raw, model, intake, disagreements)
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a bad row, it is that row's problem
        return [_not_understood(raw, error)]
    title = masked(visible(named.named)) if named else None
    found = [] if named is None or twice == raw.number else [_twice(raw, named, twice)]
    if row is not None:
        rows.append(row)
    if raw.columns:
        wrong = [in_table(one, raw.column_of(one.field)) for one in wrong]
    return found + [replace(one, row=raw.number, title=title, line=raw.line) for one in wrong]


def _not_understood(raw: RawRow, error: Exception) -> Problem:
    kind = type(error).__name__
    en = f"something in this row cannot be checked ({kind}); compare it with a row that is taken, field by field"
    zh = f"此条中有无法校验的内容（{kind}），请与可导入的条目逐项对照"
    return Problem("not_understood", en, zh, raw.number, line=raw.line)


def _enough(row: int | None) -> Problem:
    en = f"{MOST_PROBLEMS} problems up to here; mend these first, the rest of the file was not looked at"
    zh = f"至此已有 {MOST_PROBLEMS} 个问题；请先修正，其余内容未检查"
    return Problem("more_problems", en, zh, row)


def _row(
    raw: RawRow, model: type[T], intake: Intake, disagreements: Callable[[T], Iterator[Problem]]
) -> tuple[Row[T] | None, list[Problem]]:
    fields = intake.put_right(raw.fields)
    early = [_gathered(name, value) for name, value in fields.items() if name in intake.gathered]
    early += list(_hidden(fields))
    given = {name: value for name, value in fields.items() if name not in intake.gathered}
    try:
        data = model.model_validate_json(json.dumps(given), strict=True)
    except ValidationError as error:
        shapes = of_shapes(error.errors(include_url=False), lambda at: _known_at(model, at), intake)
        known = {one.field for one in early}
        return None, early + [one for one in shapes if one.rule != "unprintable" or one.field not in known]
    early += [_digits(at, given) for at in digits_as_times(given, data)]
    return Row(raw.number, raw.line, data, digest(data, intake)), early + list(disagreements(data))


def _digits(at: tuple[int | str, ...], given: object) -> Problem:
    value: Any = given
    for step in at:
        value = value[step]
    en = "digits alone are no day and no instant; write it as 2026-03-31 or 2026-03-31T09:30:00+08:00"
    zh = "只有数字不是日期或时刻，请写作 2026-03-31 或 2026-03-31T09:30:00+08:00"
    return Problem("digits_as_time", en, zh, field=path(at), value=shown(value))


def _hidden(fields: dict[str, object]) -> Iterator[Problem]:
    """Problems of texts with characters that show nothing, wherever they stand."""
    for at, text in texts_in(fields):
        if text is not None and (found := hidden(text)):
            en, zh = (one.format(place=found[0], code=found[1]) for one in SHAPES["hidden"])
            yield Problem("hidden", en, zh, field=path(at), value=shown(text))


def digest(data: BaseModel, intake: Intake) -> str:
    """SHA-256 of what the row says, without what stands at its default, so that a new optional field changes none."""
    left_out = {*intake.gathered, "password"}
    said = data.model_dump(mode="json", exclude_defaults=True, exclude=left_out)
    values = data.model_dump(exclude_defaults=True, exclude=left_out)
    canonical = json.dumps(_even(said, values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _even(said: object, value: object) -> object:
    """The same value with 12.50 as 12.5: a table shows an amount with other zeros than JSON does."""
    if isinstance(value, Decimal) and value.is_finite():
        return format(value.normalize(), "f")
    if isinstance(said, dict) and isinstance(value, Mapping):
        return {name: _even(one, inner) for (name, one), inner in zip(said.items(), value.values(), strict=True)}
    if isinstance(said, list) and isinstance(value, (list, tuple)):
        return [_even(one, inner) for one, inner in zip(said, value, strict=True)]
    return said


def _problem(one: Contradiction) -> Problem:
    value = "" if one.value is None else shown(one.value)
    return Problem(one.rule, one.en, one.zh, field=one.field, value=value)


def _gathered(name: str, value: object) -> Problem:
    en, zh = (
        "this comes while the case runs and is not handed in; take it out",
        "此项在办理过程中产生，导入时不填，请删除",
    )
    return Problem("comes_later", en, zh, field=name, value=shown(value))


def _twice(raw: RawRow, key: Key, earlier: int) -> Problem:
    en = f"the same stands in row {earlier} and row {raw.number}; keep one of them"
    zh = f"第{earlier}条与第{raw.number}条相同，请只留一条"
    return Problem(
        key.rule, en, zh, raw.number, masked(visible(key.named)), raw.line, None, key.field, shown(key.named)
    )


def _login_key(fields: Mapping[str, object]) -> Key | None:
    login = fields.get("login")
    return Key(login.casefold(), login[:64], "login", "login_twice") if isinstance(login, str) else None


OF_ACCOUNTS = Intake(
    "", key=_login_key, patterns={"login": ("1 to 64 letters, digits or . _ @ -", "1至64位字母、数字或 . _ @ -")}
)
"""The rules of rows of logins."""
CALLED = {
    "login": ("Login", "账号"),
    "password": ("Password", "密码"),
    "region": ("Region", "地区"),
    "notes": ("Notes", "备注"),
}
ACCOUNT_LABELS = Labels(lambda name: CALLED.get(name, ("", "")))
"""What the header of a table of logins may say."""


def _known_at(model: type[BaseModel], at: tuple[int | str, ...]) -> tuple[str, ...]:
    """The names of the fields of the object at a place."""
    here: type[BaseModel] | None = model
    for part in at:
        if here is None or isinstance(part, int) or part not in here.model_fields:
            continue
        here = _model_in(here.model_fields[part].annotation)
    return tuple(here.model_fields) if here else ()


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
