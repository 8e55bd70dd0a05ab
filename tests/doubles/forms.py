"""A form of a page as a person fills it in: what stands in each field, and what is sent when its button is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from caseward.sandbox.portal.fields import ONLY_WITH
from tests.doubles.dom import Element

Field = tuple[str, str, str | bool]
File = tuple[str, bytes, str]


class Typing:
    """What was typed, ticked and attached on one page."""

    def __init__(self, page: Element) -> None:
        self._page = page
        self._values: dict[str, str] = {}
        self._ticked: dict[str, bool] = {}
        self._files: dict[int, File] = {}
        """By the element itself: two of one id are two."""
        self._gone: set[str] = set()
        self._added: list[str] = []

    def rows(self, count: int) -> list[str]:
        """Add or take away rows of owners until there are so many; their numbers."""
        there = [row.attrs["data-row"] for row in self._page.all("fieldset.owner")]
        self._gone = set(there[count:])
        self._added = [str(len(there) + number) for number in range(max(0, count - len(there)))]
        return [*there[:count], *self._added]

    def fill(self, fields: Sequence[Field]) -> list[str]:
        """Fill these in; what cannot be."""
        return [problem for name, kind, value in fields if (problem := self._fill(name, kind, value))]

    def attach(self, element: Element, file: File) -> None:
        self._files[id(element)] = file

    def held(self, element: Element) -> str:
        """What a field holds, as portal_page.js tells it: a file by name and size, a box by whether it is ticked."""
        kind = element.attrs.get("type", "text")
        if element.tag == "input" and kind == "file":
            file = self._files.get(id(element))
            return f"{file[0]} {len(file[1])}" if file else ""
        if element.tag == "input" and kind in ("checkbox", "radio"):
            return f"{element.attrs.get('value', 'on')} {'' if self._is_ticked(element) else 'not '}ticked"
        return self._value(element)

    def sent(self, form: Element) -> tuple[dict[str, list[str]], dict[str, File]]:
        """What the form would send: its fields in their order, and its files."""
        fields: dict[str, list[str]] = {}
        files: dict[str, File] = {}
        for element in form.inside():
            name, kind = element.attrs.get("name"), element.attrs.get("type", "text")
            if name is None or self._is_taken_away(element):
                continue
            if element.tag == "input" and kind == "file":
                if id(element) in self._files:
                    files[name] = self._files[id(element)]
            elif element.tag == "input" and kind in ("radio", "checkbox"):
                if self._is_ticked(element):
                    fields.setdefault(name, []).append(element.attrs.get("value", "on"))
            elif element.tag in ("input", "textarea", "select"):
                fields.setdefault(name, []).append(self._value(element))
        if form.one("fieldset.owner"):
            for name, value in self._values.items():
                if self._is_added(name):
                    fields.setdefault(name, []).append(value)
        return fields, files

    def _fill(self, name: str, kind: str, value: str | bool) -> str:
        if isinstance(value, str) and self._is_added(name):
            self._values[name] = value
            return ""
        element = next((one for one in self._page.inside() if one.attrs.get("id") == name), None)
        if element is None or not self._is_shown(element.attrs.get("name", "")):
            return f"{name} is not there"
        if kind == "tick":
            if element.attrs.get("type") == "radio":
                for other in self._page.inside():
                    if other.attrs.get("name") == element.attrs["name"]:
                        self._ticked[other.attrs["id"]] = False
            self._ticked[name] = bool(value)
        elif element.tag == "select" and value not in [_option(one) for one in element.all("option")]:
            return f"{name} does not take its value"
        else:
            self._values[name] = str(value)
        return ""

    def _value(self, element: Element) -> str:
        typed = self._values.get(element.attrs.get("id", ""))
        if typed is not None:
            return typed
        if element.tag == "textarea":
            return element.text
        if element.tag == "select":
            options = element.all("option")
            chosen = next((one for one in options if "selected" in one.attrs), options[0])
            return _option(chosen)
        return element.attrs.get("value", "")

    def _is_shown(self, name: str) -> bool:
        """Whether the scripts of the page show a box: many hang on a choice that is made on the same page."""
        if name not in ONLY_WITH:
            return True
        decides, chosen = ONLY_WITH[name]
        boxes = [one for one in self._page.inside() if one.attrs.get("name") == decides]
        held = {self._value(one) for one in boxes if one.attrs.get("type") != "radio" or self._is_ticked(one)}
        return bool(held.intersection(chosen))

    def _is_ticked(self, element: Element) -> bool:
        return self._ticked.get(element.attrs.get("id", ""), "checked" in element.attrs)

    def _is_taken_away(self, element: Element) -> bool:
        row = element.closest("fieldset")
        return row is not None and row.attrs.get("data-row") in self._gone

    def _is_added(self, name: str) -> bool:
        return name.startswith("owners-") and name.split("-")[1] in self._added


def _option(option: Element) -> str:
    return option.attrs.get("value", option.text)
