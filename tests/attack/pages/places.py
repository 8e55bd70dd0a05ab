"""A page of HTML as a tree of elements and texts, each with the place where it stands in the HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})


@dataclass
class Node:
    """An element or a text, by where it stands in the HTML."""

    tag: str
    attrs: list[tuple[str, str | None]]
    start: int
    inner: int = 0
    outer: int = 0
    end: int = 0
    inside: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        for node in self.inside:
            yield node
            yield from node.all()

    @property
    def speaks(self) -> bool:
        """It holds words or something that can be used."""
        return any(one.tag in ("#text", "input", "button", "a", "form") for one in (self, *self.all()))


class _Places(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.root = Node("#root", [], 0)
        self._open = [self.root]
        self.feed(html)
        self.close()

    @property
    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here
        inner = start + len(self.get_starttag_text() or "")
        node = Node(tag, attrs, start, inner, inner, inner)
        self._open[-1].inside.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        node = self._open.pop()
        assert node.tag == tag, f"{node.tag} closed by {tag}"
        node.outer = self._here
        node.end = self._html.index(">", node.outer) + 1

    def handle_data(self, data: str) -> None:
        self._text(len(data), bool(data.strip()))

    def handle_entityref(self, name: str) -> None:
        self._text(len(name) + 2, True)

    def handle_charref(self, name: str) -> None:
        self._text(len(name) + 3, True)

    def _text(self, length: int, speaks: bool) -> None:
        """Characters that are written as &amp; and the like are part of the words around them."""
        start, there = self._here, self._open[-1].inside
        if there and there[-1].tag == "#text" and there[-1].end == start:
            there[-1].outer = there[-1].end = start + length
        elif speaks:
            there.append(Node("#text", [], start, start, start + length, start + length))


def page(html: str) -> Node:
    return _Places(html).root
