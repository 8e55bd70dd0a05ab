"""The doors of the command line: every place where something is handed in, and a way to knock there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.console.tree import Path as Words
from tests.console.tree import commands, options

NEVER = {("up",), ("demo",), ("worker",), ("beat",), ("migrate",), ("browser", "find"), ("browser", "install"),
         ("account", "login")}  # fmt: skip
"""They serve until they are stopped, fetch something, or open a browser; what they take is knocked at elsewhere."""
USUAL = {
    "number": "RZ-0001", "files": "good.pdf", "file": "good.json", "kind": "agreement", "owner": "o1", "text": "a note",
    "reason": "for a reason", "effect": "pay_order", "state": "unprocessed", "switch": "off", "name": "sweep_submitted",
    "said": "agreement", "login": "office-01", "id_": "1", "operation": "confirm", "phone": "13800400001",
    "logins": "office-01", "paper": "seal-page", "who": "13800400001",
}  # fmt: skip
FIRST: Mapping[Words, list[str]] = {
    ("case", "watch"): ["--timeout", "1s"],
    ("case", "settle"): ["--not-happened"],
    ("case", "compare"): ["--out=pair.pdf"],
}


@dataclass(frozen=True)
class Door:
    """One argument or option of one command. file: a path is wanted there."""

    words: Words
    name: str
    file: bool
    before: tuple[str, ...]
    option: str | None

    @property
    def called(self) -> str:
        return " ".join((*self.words, self.option or self.name))

    def knock(self, given: str) -> list[str]:
        """The command with this handed in at the door, and what is usual at all others that must be open."""
        at_option = [f"{self.option}={given}"] if self.option else []
        rest = [given if one == "?" else one for one in self.before]
        return [*self.words, *at_option, *rest]


def doors() -> list[Door]:
    """All of them, by the tree that the command line builds; flags take nothing and are none."""
    return [door for words in sorted(commands()) if words not in NEVER for door in _of(words)]


def _of(words: Words) -> Iterator[Door]:
    params = options(words)
    for param in params:
        if getattr(param, "is_flag", False):
            continue
        is_option = param.param_type_name == "option"
        if param.metavar == "FOLDER":
            continue  # what is written there was asked for
        file = param.metavar == "FILE" or param.name in ("file", "files")
        yield Door(words, param.name, file, tuple(_usual(words, params, param)), param.opts[0] if is_option else None)


def _usual(words: Words, params: Sequence[Any], open_one: Any) -> Iterator[str]:
    yield from FIRST.get(words, [])
    for param in params:
        if param.param_type_name == "option" and param.required and param is not open_one:
            yield f"{param.opts[0]}={USUAL[param.name]}"
    if words == ("case", "upload") and open_one.name in ("owner", "authorisation", "authorised_on"):
        papers = {"owner": "o1", "authorisation": "good.pdf", "authorised_on": "2090-03-07"}
        yield from (f"--{name.replace('_', '-')}={value}" for name, value in papers.items() if name != open_one.name)
        yield from ("--", "RZ-0001", "specimen", "good.png")
        return
    yield "--"
    for param in params:
        if param is open_one and param.param_type_name == "argument":
            yield "?"
        elif param.param_type_name == "argument" and param.required:
            yield USUAL[param.name]
