"""Writes a page for each flow, diagram and table in both languages, from the tables themselves: docs/flows/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from caseward.app.systems import Systems, read_systems
from caseward.console.wording.words import LANGUAGES, Words
from workflow.flow.definition import Flow
from workflow.flow.diagram import mermaid, requirements, table
from workflow.settings import Settings
from workflow.system import System

PAGES = Path(__file__).parents[4] / "docs" / "flows"


def page(flow: Flow, systems: Sequence[System]) -> str:
    """One page: the flow in each language. systems: those that are on, with their catalogues."""
    spoken = [Words(language, flow, systems=systems) for language in LANGUAGES]
    title = " · ".join(words("flow", flow.name) for words in spoken)
    made = f"<!-- Made by python -m {__spec__.name} of version {flow.version}; edit the table. -->"
    return "\n".join([f"# {title}", "", made, *(part for words in spoken for part in _told(flow, words))])


def _told(flow: Flow, words: Words) -> list[str]:
    return [
        "",
        f"## {words('page', 'language')}",
        "",
        "```mermaid",
        f"{mermaid(flow, words)}```",
        "",
        table(flow, words),
        f"### {words('page', 'facts')}",
        "",
        _facts(flow, words),
    ]


def _facts(flow: Flow, words: Words) -> str:
    heads = [words("page", head) for head in ("name", "asks", "sources")]
    rows = [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
    for asked in flow.facts:
        remotes = [need.protocol.__name__ for need in asked.needs if need.protocol]
        facts = [words("fact", need.name) for need in asked.needs if need.name in flow.fact]
        source = ", ".join([*(f"`{remote}`" for remote in remotes), *facts])
        rows.append(f"| {words('fact', asked.name)} | {source} | {' '.join(requirements([asked.__doc__]))} |")
    return "\n".join(rows) + "\n"


def pages(systems: Systems) -> Mapping[str, str]:
    """The text of each page by its file name."""
    return {f"{name}.md": page(plan.flow, systems.systems) for name, plan in systems.plans.items()}


def main() -> None:
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, text in pages(read_systems(Settings())).items():
        (PAGES / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
