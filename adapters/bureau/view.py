"""The whole draft read back from the bureau, field by field and file by file: is it still what was meant?

The fields are compared one by one, so that a difference has its name; then the whole page is held against its contract,
so that a page which shows anything else, or anything otherwise, is never read as the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from adapters.bureau import selectors as on
from adapters.bureau.boxes import LABELS
from adapters.bureau.contracts import FILES, VIEW
from adapters.bureau.filing_form import BESIDE
from adapters.bureau.form import OWNER_CELLS, differ, echo, one_line
from adapters.bureau.matter import Matter
from adapters.bureau.portal import Difference, DraftDiffers, Files
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.seen import Row, Seen
from adapters.bureau.site_words import shows
from adapters.bureau.uploads import NAMES
from adapters.personal import on_page
from workflow.errors import Drifted
from workflow.plain_text import escaped
from workflow.sentence import Sentence

PERSONAL = frozenset({"certificate_number", "phone", "applicant_phone", "email", "agent_phone", "agent_email"})
OWNER = re.compile(rf"owners-(\d+)-({'|'.join(OWNER_CELLS)})")
BYTES = re.compile(r"[1-9]\d{0,8} 字节")
LONGEST, BEFORE = 40, 12
"""So much of a value is told, beginning so many characters before the two begin to differ."""


async def unchanged(screen: Screen, step: str, matter: Matter, files: Files, number: str) -> None:
    """DraftDiffers unless the draft is the one that was meant."""
    if found := await differences(screen, step, matter, files, number):
        await screen.shoot(step)
        raise DraftDiffers(ADAPTER, step, found)


async def differences(screen: Screen, step: str, matter: Matter, files: Files, number: str) -> tuple[Difference, ...]:
    """None only where the whole page is the one that is due; Drifted where it is no page of this draft."""
    seen = await screen.open(step, on.VIEW, f"/drafts/{number}/view")
    if seen.text("draft") != number:
        await screen.shoot(step)
        raise Drifted(ADAPTER, step, shows(seen.text("draft"), number))
    fields = Counter(row["field"] or "" for row in seen.rows("echo"))
    kinds = Counter(row["kind"] or "" for row in seen.rows("materials"))
    due = echo(matter.marker, matter.form)
    strange = [name for name in fields if name not in due and not OWNER.fullmatch(name)]
    strange += [kind for kind in kinds if kind not in FILES]
    if strange:
        await screen.shoot(step)
        told = on_page(", ".join(strange))
        why = Sentence("fields_nobody_knows", "the page shows what nobody knows here: {names}", names=told)
        raise Drifted(ADAPTER, step, why)
    lacking = [*_lacking(due, fields), *(kind for kind in FILES if kind not in kinds)]
    await _once(screen, step, [*(name for name, times in [*fields.items(), *kinds.items()] if times > 1), *lacking])
    if found := (*_fields(matter, seen.rows("echo")), *_files(files, seen.rows("materials"))):
        return found
    agreed = VIEW.filled(_values(matter, screen.address, files, seen))
    await screen.judge(step, agreed)
    await screen.shoot(f"{step}: the draft")
    return ()


def _lacking(due: Iterable[str], shown: Collection[str]) -> Iterator[str]:
    """What the page must show and does not; an owner behind the last one that it shows was taken away by hand."""
    last = max((int(owner[1]) for name in shown if (owner := OWNER.fullmatch(name))), default=1)
    for name in due:
        owner = OWNER.fullmatch(name)
        if name not in shown and (owner is None or int(owner[1]) <= last):
            yield name


async def _once(screen: Screen, step: str, wrong: Sequence[str]) -> None:
    """Drifted where the page shows a field or a file not once: it is the site that changed, and not the draft."""
    if wrong:
        await screen.shoot(step)
        told = on_page(", ".join(wrong))
        why = Sentence("not_once_by_name", "the page does not show once and by its name: {names}", names=told)
        raise Drifted(ADAPTER, step, why)


def _fields(matter: Matter, rows: Sequence[Row]) -> Iterator[Difference]:
    meant = echo(matter.marker, matter.form)
    shown = {row["field"] or "": row["value"] or "" for row in rows}
    for name in {**meant, **shown}:
        ours, theirs = meant.get(name, ""), shown.get(name, "")
        if differ(ours, theirs):
            of_owner = OWNER.fullmatch(name)
            field = of_owner[2] if of_owner else name
            told = _told(f"owner_{field}" if of_owner else name, ours, theirs, personal=field in PERSONAL)
            yield told.model_copy(update={"place": int(of_owner[1])}) if of_owner else told


def _files(files: Files, rows: Sequence[Row]) -> Iterator[Difference]:
    shown = {row["kind"] or "": (row["file"] or "", row["size"] or "") for row in rows}
    for kind in FILES:
        theirs = shown[kind]
        ours = _due(kind, files, theirs)
        if ours != theirs:
            yield _told(f"material_{kind}", " ".join(ours), " ".join(theirs), personal=False)


def _due(kind: str, files: Files, shown: tuple[str, str]) -> tuple[str, str]:
    """The name and the size that a file of this kind must have, in the words of the page.

    Of a kind of which we handed in none a person did, by hand, and the page alone knows the file; but an agreement that
    is not ours is nobody's. Ours may be missing where the bureau never asked for it.
    """
    if kind not in files:
        return ("", "") if kind == "agreement" else shown
    if kind in BESIDE and shown == ("", ""):
        return shown
    size = files[kind]
    if size is None:
        return NAMES[kind], shown[1] if BYTES.fullmatch(shown[1]) else ""
    return NAMES[kind], f"{size} 字节"


def _told(field: str, ours: str, theirs: str, *, personal: bool) -> Difference:
    """Both without what is personal, from where they begin to differ."""
    one, other = (_hidden(text) if personal else on_page(_visible(text)) for text in (ours, theirs))
    same = next((n for n, (a, b) in enumerate(zip_longest(one, other)) if a != b), 0)
    begin = max(0, same - BEFORE) if max(len(one), len(other)) > LONGEST else 0
    return Difference(field=field, ours=_cut(one, begin), theirs=_cut(other, begin), covered=one == other)


def _hidden(text: str) -> str:
    """Enough of something personal to know it by."""
    name, at, host = text.rpartition("@")
    if at:
        return f"{name[:1]}…@{host}"
    first, last = (3, 2) if len(text) > 8 else (1, 1) if len(text) > 4 else (0, 0)
    return f"{text[:first]}…{text[len(text) - last :]}" if text else ""


def _visible(text: str) -> str:
    """On one line, and what shows nothing as its number."""
    line = one_line(text)
    return "".join(escaped(one) if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") else one for one in line)


def _cut(text: str, begin: int) -> str:
    part = text[begin : begin + LONGEST]
    return f"{'…' if begin and part else ''}{part}{'…' if len(text) > begin + LONGEST else ''}"


def _values(matter: Matter, portal: str, files: Files, seen: Seen) -> dict[str, object]:
    """For a page that showed no difference."""
    meant = echo(matter.marker, matter.form)
    names = list(meant)
    owners, applying = names.index(on.owner_field("1", OWNER_CELLS[0])), names.index("applicant")
    rows = {row["kind"]: row for row in seen.rows("materials")}
    return {
        **matter.names,
        "heading": on.VIEW.heading,
        "portal": portal,
        "number": seen.text("draft"),
        "software": [_pair(name, meant) for name in names[:owners]],
        "owners": [_pair(name, meant) for name in names[owners:applying]],
        "applying": [_pair(name, meant) for name in names[applying:]],
        "materials": [{"kind": label, **_file(kind, files, rows[kind])} for kind, label in FILES.items()],
    }


def _pair(name: str, meant: Mapping[str, str]) -> dict[str, str]:
    of_owner = OWNER.fullmatch(name)
    label = f"{of_owner[1]}. {LABELS[of_owner[2]]}" if of_owner else LABELS[name]
    return {"label": label, "value": meant[name]}


def _file(kind: str, files: Files, row: Row) -> dict[str, str]:
    name, size = _due(kind, files, (row.get("file") or "", row.get("size") or ""))
    status = on.PROCESSED if row.get("status") == on.PROCESSED else on.RECEIVED
    return {"file": name, "size": size, "status": status if name else on.NOT_UPLOADED}
