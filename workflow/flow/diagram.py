"""Draws a flow from its table: a Mermaid state diagram and a Markdown table, in the words that the caller gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from workflow.flow.definition import Flow, Line, State
from workflow.flow.functions import name_of

Label = Callable[[str, str], str]
"""(kind, name) -> what people call it. Kinds: state, guard, action, notice, fact, learned, line, who, page."""

REQUIREMENT = re.compile(r"\bR(\d+)(?:-R?(\d+))?\b")


def mermaid(flow: Flow, label: Label) -> str:
    """The states with their transitions; what a state does without moving stands inside it."""
    lines = ["stateDiagram-v2", *(f'    state "{label("state", str(s.name))}" as {s.name}' for s in flow.states)]
    lines.append(f"    [*] --> {flow.states[0].name}")
    for state in flow.states:
        inner = [_effect(line, label) for line in state.lines if line.dest is None]
        lines += [f"    {state.name} : {_plain(done)}" for done in dict.fromkeys(inner)]
        for dest in dict.fromkeys(line.dest for line in state.lines if line.dest is not None):
            ways = "<br/>".join(_plain(_edge(line, label)) for line in state.lines if line.dest == dest)
            lines.append(f"    {state.name} --> {dest} : {ways}")
        if state.final:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join(lines) + "\n"


def table(flow: Flow, label: Label) -> str:
    """One row a line, in the order in which the engine reads them, with the requirements that its functions name."""
    columns = ("state", "when", "does", "leads_to", "sources")
    rows = [
        " | ".join(label("page", column) for column in columns),
        " | ".join("---" for _ in columns),
        *(row for state in flow.states for row in _rows(state, flow, label)),
    ]
    return "\n".join(f"| {row} |" for row in rows) + "\n"


def requirements(texts: Iterable[str | None]) -> list[str]:
    """The requirement numbers in the texts, in order; ranges are written out."""
    found: set[int] = set()
    for text in texts:
        for first, last in REQUIREMENT.findall(text or ""):
            found.update(range(int(first), int(last or first) + 1))
    return [f"R{number}" for number in sorted(found)]


def _span(duration: timedelta) -> str:
    """A duration in the largest unit that divides it: "12 h", "90 min", "30 s"."""
    seconds = duration.total_seconds()
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def _rows(state: State, flow: Flow, label: Label) -> list[str]:
    name = f"**{label('state', str(state.name))}**"
    if state.waits_for:
        name += f"<br/>{label('page', 'waits_for')} {label('who', state.waits_for)}"
    if state.recheck:
        name += f"<br/>{label('page', 'recheck')} {_span(state.recheck)}"
    if state.told_after:
        name += f"<br/>{label('page', 'told_after')} {_span(state.told_after)}"
    elif state.incident:
        name += f"<br/>{label('page', 'incident')}"
    if state.wakes:
        name += f"<br/>{label('page', 'wakes')}"
    if state.final:
        return [f"{name} | | {label('page', 'final')} | | "]
    rows = []
    for place, line in enumerate(state.lines):
        leads = f"→ {label('state', str(line.dest))}" if line.dest else ""
        if line.new_round:
            leads += f"<br/>{label('page', 'new_round')}"
        if line.wakes:
            leads += f"<br/>{label('page', 'wakes')}"
        when = "<br/>".join(label("guard", name_of(guard)) for guard in line.guards)
        if line.name:
            when = f"*{label('page', 'sweep')} {label('line', line.name)}*<br/>{when}"
        sources = " ".join(requirements(_docs(line, flow)))
        rows.append(f"{name if place == 0 else ''} | {when} | {_effect(line, label, '<br/>')} | {leads} | {sources}")
    return rows


def _edge(line: Line, label: Label) -> str:
    when = " + ".join(label("guard", name_of(guard)) for guard in line.guards)
    done = _effect(line, label)
    return f"{when} / {done}" if done else when


def _effect(line: Line, label: Label, separator: str = " · ") -> str:
    parts = [label("action", done.name) for done in line.actions]
    parts += [f"{label('page', 'learns')} {label('learned', target.removesuffix('+'))}" for target in line.learn]
    if line.tell is not None:
        parts.append(f"{label('page', 'tells')} {label('notice', name_of(line.tell))}")
    return separator.join(parts)


def _docs(line: Line, flow: Flow) -> Iterable[str | None]:
    yield from (guard.__doc__ for guard in line.guards)
    yield from (done.__doc__ for done in line.actions)
    yield from (flow.fact[source.split(".")[0]].__doc__ for source in line.learn.values())
    if line.tell is not None:
        yield line.tell.__doc__


def _plain(text: str) -> str:
    """Mermaid ends a label at a colon or a semicolon."""
    return text.replace(":", "：").replace(";", "；").replace('"', "'")
