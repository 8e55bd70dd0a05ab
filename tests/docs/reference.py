"""The signatures of the reference page, as the code has them: python -m tests.docs.reference writes them into it."""

from __future__ import annotations

import inspect
import re
import textwrap
import types
import typing
from collections.abc import Iterator

import workflow
import workflow.system
import workflow.testing
from tests.docs.pages import Page, page

PAGES = [page("docs/reference.md"), page("docs/reference.zh-CN.md")]
SECTION = re.compile(
    r"(?<=^### )(?P<name>\w+)(?P<between>\n\n```text\n)(?P<said>.*?)(?P<after>\n```$)", re.MULTILINE | re.DOTALL
)
WIDE = 110
GIVEN = ("Bench", "JobContext")
"""What a reader is given and never makes: the page shows its methods."""


HOMES = (workflow, workflow.system, workflow.testing)


def names() -> list[tuple[str, object]]:
    """Every public name and what it is."""
    return [(name, getattr(home, name)) for home in HOMES for name in home.__all__]


def imported(name: str) -> str:
    """The line by which it is imported."""
    home = next(home for home in HOMES if name in home.__all__)
    return f"from {home.__name__} import {name}"


def signature(name: str, value: object) -> str:
    """How it is called, or what it is."""
    if inspect.isfunction(value):
        return _call(name, inspect.signature(value))
    if not isinstance(value, type):
        return f"{name} = {_type(value)}"
    if getattr(value, "_is_protocol", False) or name in GIVEN:
        return "\n".join([f"class {name}", *(textwrap.indent(line, "    ") for line in _members(value))])
    own = list(_members(value)) if name == "Twin" else []
    bases = [base.__name__ for base in value.__bases__ if issubclass(base, Exception)]
    is_plain = not any("__init__" in vars(base) for base in value.__mro__[:-1] if base.__module__ != "builtins")
    head = (name if is_plain else _call(name, inspect.signature(value))) + (f": {bases[0]}" if bases else "")
    return "\n".join([head, *(textwrap.indent(line, "    ") for line in own)])


def _members(value: type) -> Iterator[str]:
    """Its public methods and properties, in the order of the code."""
    for name, member in vars(value).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.fget is not None:
            yield f"{name}: {_hint(inspect.signature(member.fget).return_annotation)}"
        elif inspect.isfunction(member):
            shown = inspect.signature(member)
            left = [parameter for parameter in shown.parameters.values() if parameter.name != "self"]
            wait = "await " if inspect.iscoroutinefunction(member) else ""
            yield wait + _call(name, shown.replace(parameters=left))


def _call(name: str, shown: inspect.Signature) -> str:
    parameters = [_parameter(one) for one in shown.parameters.values()]
    kinds = [one.kind for one in shown.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parameters.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    if inspect.Parameter.POSITIONAL_ONLY in kinds:
        parameters.insert(kinds.count(inspect.Parameter.POSITIONAL_ONLY), "/")
    answer = shown.return_annotation
    gives = "" if answer in (inspect.Signature.empty, None, "None") else f" -> {_hint(answer)}"
    line = f"{name}({', '.join(parameters)}){gives}"
    if len(line) <= WIDE:
        return line
    return f"{name}(\n" + "".join(f"    {parameter},\n" for parameter in parameters) + f"){gives}"


def _parameter(one: inspect.Parameter) -> str:
    star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")  # type: ignore[call-overload]
    said = f"{star}{one.name}" + (f": {_hint(one.annotation)}" if one.annotation is not one.empty else "")
    if one.default is one.empty:
        return said
    if "factory" in repr(one.default):
        return f"{said} = …"
    default = one.default.__name__ if hasattr(one.default, "__name__") else repr(one.default)
    return f"{said} = {default.removeprefix('_').replace('datetime.', '')}"


def _hint(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else _type(annotation)


def _type(value: object) -> str:
    if typing.get_origin(value) is typing.Annotated:
        return _type(typing.get_args(value)[0])
    if typing.get_origin(value) in (types.UnionType, typing.Union):
        return " | ".join(_type(part) for part in typing.get_args(value))
    if isinstance(value, type) and not typing.get_args(value):
        return "None" if value is types.NoneType else value.__name__
    return re.sub(r"\b(?:workflow|datetime|typing|collections)[\w.]*\.", "", str(value))


def written(found: Page) -> str:
    """The page with the signatures of the code."""
    told = dict(names())

    def replaced(match: re.Match[str]) -> str:
        name, said = match["name"], match["said"]
        if name in told:
            said = f"{imported(name)}\n\n{signature(name, told[name])}"
        return f"{name}{match['between']}{said}{match['after']}"

    return SECTION.sub(replaced, found.path.read_text("utf-8"))


if __name__ == "__main__":
    for each in PAGES:
        each.path.write_text(written(each), "utf-8")
