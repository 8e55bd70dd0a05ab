"""What must stand on a page, from top to bottom, before something is done there that cannot be undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from adapters.personal import apart, on_page
from workflow.sentence import Sentence, Sentences

Values = Mapping[str, object]
"""What the holes of a contract are filled with: texts, yes or no for `when`, rows for Each."""

MOST = 8
"""So many differences are told; the others are counted."""
AMOUNT = re.compile(r"[¥￥$€]\s*\d|\d[\d,]*(?:\.\d+)?\s*(?:元|万元|人民币|CNY|RMB|USD)")
TYPED = re.compile(r"(^(?!hidden|file|checkbox|radio)\S+ \S*)=.*?(?= \[|$)")
LONGEST = 80
KINDS: Mapping[str, Sentence] = {
    "text": Sentence("kind_text", "text"),
    "hidden text": Sentence("kind_hidden_text", "hidden text"),
    "an amount": Sentence("kind_amount", "an amount"),
    "title": Sentence("kind_title", "title"),
    "button": Sentence("kind_button", "button"),
    "hidden button": Sentence("kind_hidden_button", "hidden button"),
    "link": Sentence("kind_link", "link"),
    "hidden link": Sentence("kind_hidden_link", "hidden link"),
    "field": Sentence("kind_field", "field"),
    "hidden field": Sentence("kind_hidden_field", "hidden field"),
    "form": Sentence("kind_form", "form"),
    "end": Sentence("kind_end", "end"),
    "script": Sentence("kind_script", "script"),
    "handler": Sentence("kind_handler", "handler"),
    "cover": Sentence("kind_cover", "cover"),
    "painted": Sentence("kind_painted", "painted"),
    "dialog": Sentence("kind_dialog", "dialog"),
}
"""What people call the kinds of parts; others are told by their tag."""


@dataclass(frozen=True, order=True)
class Part:
    """One thing that stands on a page: its kind, the id of its element, and what it says.

    Kinds: text, hidden text, title, button, link, field, form, end (of a form), script, handler (onclick and the like),
    cover (something that lies over the button), painted (text that a style sheet writes), and the tag of whatever else
    can hold something of its own: img, iframe, dialog.
    """

    kind: str
    id: str
    words: str

    @property
    def _untyped(self) -> str:
        """What was typed into a field may be a code or a person's, and is never told."""
        return TYPED.sub(r"\1=…", self.words) if "field" in self.kind else self.words

    @property
    def told(self) -> Sentence:
        """The part as people are told it."""
        words = on_page(self._untyped)
        told = f"{words[:LONGEST]!r}" if len(words) <= LONGEST else f"{words[:LONGEST]!r}…"
        kind = "an amount" if self.kind == "text" and AMOUNT.search(self.words) else self.kind
        named = f"{told} (#{self.id})" if self.id else told
        return Sentence("part_of_page", "{kind} {words}", kind=KINDS.get(kind, kind), words=named)


@dataclass(frozen=True)
class Line:
    """A part as it must read; {names} are filled from the values. `when` names a value that says whether it is there.

    An id is compared only where some line of the contract names it.
    """

    kind: str
    words: str
    id: str = ""
    when: str = ""


@dataclass(frozen=True)
class Each:
    """Lines that stand once for each row of a value, in the order of the rows."""

    rows: str
    lines: tuple[Line | Each, ...]


Lines = tuple[Line | Each, ...]


@dataclass(frozen=True)
class Agreed:
    """A contract filled for one matter: the button that may be pressed, and all that may stand on its page."""

    button: str
    """Its element's id."""
    parts: tuple[Part, ...]

    def differences(self, shown: Sequence[Part]) -> list[Sentence]:
        """What the page shows otherwise, in the words of the page; empty when it is what was agreed on."""
        ids = {part.id for part in self.parts}
        there = [part if part.id in ids else Part(part.kind, "", part.words) for part in shown]
        return list(_told(self.parts, there))


@dataclass(frozen=True)
class Contract:
    """One irreversible step: the button it presses, and the whole page on which that button must stand."""

    step: str
    button: str
    lines: Lines

    def filled(self, values: Values) -> Agreed:
        """For one matter. A name that the values lack is a mistake of ours and raises KeyError."""
        return Agreed(self.button.format_map(values), tuple(_filled(self.lines, values)))


def parts_of(read: Iterable[Sequence[str]]) -> list[Part]:
    """The parts that a page's reading gives as [kind, id, words]; blanks and line breaks count as one blank."""
    return [Part(kind, id_, " ".join(words.split())) for kind, id_, words in read]


def told(differences: Sequence[str]) -> Sentence:
    """One sentence of them."""
    more = len(differences) - MOST
    rest = [Sentence("and_more", "and {n} more", n=more)] if more > 0 else []
    return Sentence(
        "page_not_agreed",
        "the page is not what was agreed on: {differences}",
        differences=Sentences([*differences[:MOST], *rest]),
    )


def _filled(lines: Lines, values: Values) -> Iterator[Part]:
    for line in lines:
        if isinstance(line, Each):
            rows = values[line.rows]
            assert isinstance(rows, Sequence)
            for row in rows:
                yield from _filled(line.lines, {**values, **row})
        elif not line.when or values[line.when]:
            words = " ".join(line.words.format_map(values).split())
            if words or line.kind != "text":
                yield Part(line.kind, line.id.format_map(values), words)


def _told(agreed: Sequence[Part], shown: Sequence[Part]) -> Iterator[Sentence]:
    for what, a, b, c, d in SequenceMatcher(None, agreed, shown, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        wanted, found = list(agreed[a:b]), list(shown[c:d])
        while wanted and found:
            one, other = wanted.pop(0), found.pop(0)
            due = apart(one.told, other.told)
            yield Sentence("instead_of", "{shown} instead of {due}", shown=other.told, due=due)
        yield from (Sentence("page_lacks", "lacks {part}", part=part.told) for part in wanted)
        yield from (Sentence("page_shows_more", "shows {part}, which nobody expects", part=part.told) for part in found)
