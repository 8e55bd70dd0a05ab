"""What stands on a page, top to bottom: as the function parts of portal_page.js tells it, without a browser.

Style sheets are not read here: what they hide, paint or lay over a button is seen by Chromium alone, and only styles
that stand in the elements themselves are seen by both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from tests.doubles.dom import Element

TAKES = (
    "form", "required", "disabled", "readonly", "multiple", "pattern", "minlength", "maxlength", "accept", "placeholder"
)  # fmt: skip
PRESSES = ("name", "value", "form", "formaction", "formmethod", "formenctype", "formtarget", "disabled")
NOTHING = frozenset({"style", "template", "noscript", "br", "hr", "wbr"})
OF_ITS_OWN = frozenset({"img", "iframe", "frame", "object", "embed", "video", "audio", "canvas", "svg"})
HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])")
COVERS = re.compile(r"position\s*:\s*fixed")

Part = list[str]


def parts(page: Element, url: str, held: Callable[[Element], str]) -> list[Part]:
    """`held` says what a field holds at present."""
    return list(_Reading(url, held).page(page))


class _Reading:
    def __init__(self, url: str, held: Callable[[Element], str]) -> None:
        self._url, self._held = url, held
        self._covers: list[Part] = []

    def page(self, page: Element) -> Iterator[Part]:
        head, body = page.one("head"), page.one("body")
        for element in head.inside() if head is not None else ():
            if element.tag in ("base", "script") or (element.tag == "meta" and "http-equiv" in element.attrs):
                attrs = element.attrs
                yield [element.tag, attrs.get("id", ""), attrs.get("href") or attrs.get("content") or _source(element)]
        title = page.one("title")
        yield ["title", "", title.text if title is not None else ""]
        if body is not None:
            yield from self._itself(body)
        yield from self._covers

    def _itself(self, element: Element) -> Iterator[Part]:
        tag, attrs = element.tag, element.attrs
        name = attrs.get("id", "")
        yield from (["handler", name, f"{key}={value}"] for key, value in attrs.items() if key.startswith("on"))
        if COVERS.search(attrs.get("style", "")):
            self._covers.append(["cover", name, element.text.strip() or "something without words"])
        if tag == "script":
            yield ["script", name, _source(element)]
        elif tag in NOTHING:
            return
        elif tag == "button":
            kind = attrs.get("type", "submit")
            yield [
                _kind("button", element),
                name,
                element.text + ("" if kind == "submit" else f" [type={kind}]") + _said(element, PRESSES),
            ]
        elif tag == "a":
            to = urljoin(self._url, attrs.get("href", ""))
            yield [_kind("link", element), name, f"{element.text} → {to}{_said(element, ('target', 'download'))}"]
        elif tag in ("input", "textarea", "select"):
            type_ = attrs.get("type", "text") if tag == "input" else tag
            words = f"{type_} {attrs.get('name', '')}={self._held(element)}{_said(element, TAKES)}"
            yield ["field" if type_ == "hidden" else _kind("field", element), name, words]
        elif tag == "form":
            to = urljoin(self._url, attrs.get("action", self._url))
            yield ["form", name, f"{attrs.get('method', 'get').lower()} {to}{_said(element, ('enctype', 'target'))}"]
            yield from self._inside(element)
            yield ["end", "", "form"]
        elif tag in OF_ITS_OWN:
            yield [tag, name, attrs.get("alt") or attrs.get("src") or element.text]
        else:
            if tag == "dialog":
                yield ["dialog", name, "open" if "open" in attrs else "closed"]
            yield from self._inside(element)

    def _inside(self, element: Element) -> Iterator[Part]:
        text = ""
        for child in [*element.children, None]:
            if isinstance(child, str):
                text += child
                continue
            if text.strip():
                yield [_kind("text", element), element.attrs.get("id", ""), text]
            text = ""
            if child is not None:
                yield from self._itself(child)


def _kind(name: str, element: Element) -> str:
    here: Element | None = element
    while here is not None:
        closed = here.tag == "dialog" and "open" not in here.attrs
        if closed or "hidden" in here.attrs or HIDES.search(here.attrs.get("style", "")):
            return f"hidden {name}"
        here = here.parent
    return name


def _said(element: Element, names: tuple[str, ...]) -> str:
    given = ((name, element.attrs[name]) for name in names if name in element.attrs)
    return "".join(f" [{name}={value}]" if value else f" [{name}]" for name, value in given)


def _source(element: Element) -> str:
    return element.attrs.get("src") or element.attrs.get("", "")
