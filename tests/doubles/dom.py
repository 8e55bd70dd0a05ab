"""A page of HTML as a tree that answers the few kinds of selectors that the bureau's sheets use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "base", "wbr", "embed", "source"})
# what stands in there is no text of the page; it is kept as the attribute without a name
APART = frozenset({"template", "script", "style"})

COMPOUND = re.compile(r"(?P<tag>[\w-]+)?(?P<rest>(?:[#.][\w-]+|\[[\w-]+(?:=[^\]]*)?\]|:not\(\[[\w-]+\]\))*)")
ID = re.compile(r"#[\w-]+")
PART = re.compile(
    r":not\(\[(?P<lacks>[\w-]+)\]\)|#(?P<id>[\w-]+)|\.(?P<css>[\w-]+)|\[(?P<has>[\w-]+)(?:=(?P<is>[^\]]*))?\]"
)


@dataclass(eq=False)
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def inside(self) -> Iterator[Element]:
        """Everything below, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.inside()

    def closest(self, tag: str) -> Element | None:
        here: Element | None = self
        while here is not None and here.tag != tag:
            here = here.parent
        return here

    def all(self, selector: str) -> list[Element]:
        if ID.fullmatch(selector):
            return self._by_id.get(selector[1:], [])
        steps = selector.replace(">", " > ").split()
        return [element for element in self._below if _matches(element, steps)]

    @cached_property
    def _by_id(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in self._below:
            found.setdefault(element.attrs.get("id", ""), []).append(element)
        return found

    @cached_property
    def _below(self) -> list[Element]:
        return list(self.inside())

    def one(self, selector: str) -> Element | None:
        return next(iter(self.all(selector)), None)

    def read(self, path: str) -> str | None:
        """`css` reads an element's text, `css@name` its attribute, `@name` an attribute of this one."""
        css, at, name = path.partition("@")
        found = self.one(css) if css else self
        if found is None:
            return None
        value = found.attrs.get(name) if at else found.text
        return None if value is None else value.strip(" \t\r\n\f")


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self._apart = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._apart:
            self._apart += tag in APART
            return
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open[-1])
        self._open[-1].children.append(element)
        if tag in APART:
            self._apart = 1
        elif tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._apart:
            self._apart -= tag in APART
            return
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self._open[-1].children.append(data)
        elif isinstance(apart := self._open[-1].children[-1], Element):
            apart.attrs[""] = apart.attrs.get("", "") + data


def parse(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def _matches(element: Element, steps: list[str]) -> bool:
    if not _is(element, steps[-1]):
        return False
    if len(steps) == 1:
        return True
    if steps[-2] == ">":
        return element.parent is not None and _matches(element.parent, steps[:-2])
    above = element.parent
    while above is not None and not _matches(above, steps[:-1]):
        above = above.parent
    return above is not None


def _is(element: Element, compound: str) -> bool:
    tag, parts = _parts(compound)
    if tag and tag != element.tag:
        return False
    attrs = element.attrs
    for wanted in parts:
        if wanted["lacks"] and wanted["lacks"] in attrs:
            return False
        if wanted["id"] and attrs.get("id") != wanted["id"]:
            return False
        if wanted["css"] and wanted["css"] not in attrs.get("class", "").split():
            return False
        if wanted["has"] and wanted["has"] not in attrs:
            return False
        if wanted["is"] is not None and attrs.get(wanted["has"] or "") != wanted["is"].strip("\"'"):
            return False
    return True


@cache
def _parts(compound: str) -> tuple[str | None, list[dict[str, str | None]]]:
    found = COMPOUND.fullmatch(compound)
    if found is None:
        raise ValueError(f"{compound!r} is a selector that this double does not know")
    return found["tag"], [part.groupdict() for part in PART.finditer(found["rest"])]
