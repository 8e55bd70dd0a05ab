"""Draws the picture of the README from the registration flow's own table: python -m docs.assets.picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from textwrap import wrap

from caseward.console.wording.words import LANGUAGES, Language, Words
from states.copyright.flow import S, flow
from states.copyright.system import system
from workflow.errors import WorkflowError
from workflow.flow.definition import Flow, State

FOLDER = Path(__file__).parent
SIZE = (1098, 560)
LETTERS = 26
"""So many letters of an action's name stand on a line."""
CAPTION = {
    "en": ("A registration, drawn from its table: each state, whom it waits for, what is done there.", "a new round"),
    "zh-CN": ("一件软件著作权登记，由它的状态表绘出：每个状态、在等谁、在那里做什么。", "开始新一轮"),
}
PLACES: Mapping[S, tuple[int, int, int, int]] = {
    S.unprocessed: (20, 190, 192, 120),
    S.generating: (252, 190, 192, 120),
    S.awaiting_agreement: (484, 70, 192, 64),
    S.awaiting_captcha: (484, 190, 192, 120),
    S.awaiting_seal: (484, 356, 192, 136),
    S.submitted: (716, 190, 192, 120),
    S.needs_correction: (252, 356, 192, 104),
    S.granted: (948, 178, 130, 60),
    S.rejected: (948, 262, 130, 60),
}
"""Where each state stands: x, y, width, height."""
LANES: Mapping[tuple[S, S], str] = {
    (S.unprocessed, S.generating): "M212 250H250",
    (S.generating, S.awaiting_agreement): "M392 190V98Q392 88 402 88H482",
    (S.awaiting_agreement, S.generating): "M484 116H424Q414 116 414 126V188",
    (S.generating, S.awaiting_captcha): "M444 250H482",
    (S.generating, S.awaiting_seal): "M444 280H454Q464 280 464 290V396Q464 406 474 406H482",
    (S.generating, S.submitted): "M340 190V46Q340 36 350 36H802Q812 36 812 46V188",
    (S.awaiting_captcha, S.awaiting_seal): "M580 310V354",
    (S.awaiting_captcha, S.submitted): "M676 250H714",
    (S.awaiting_seal, S.submitted): "M676 424H764Q774 424 774 414V312",
    (S.submitted, S.granted): "M908 208H946",
    (S.submitted, S.rejected): "M908 292H946",
    (S.submitted, S.needs_correction): "M850 310V508Q850 518 840 518H358Q348 518 348 508V462",
    (S.needs_correction, S.generating): "M348 356V312",
}
"""Which way each transition takes, as an SVG path."""
BY_HAND = frozenset(
    {
        (S.unprocessed, S.submitted),
        (S.awaiting_agreement, S.submitted),
        (S.needs_correction, S.submitted),
        (S.submitted, S.submitted),
        (S.awaiting_captcha, S.generating),
        (S.awaiting_seal, S.generating),
    }
)
"""Ways on which only somebody else's hand at the bureau leads a case; they are not drawn."""
STYLE = """
  svg { --paper: #ffffff; --edge: #d0d7de; --ink: #1f2328; --soft: #59636e; --box: #f6f8fa; --line: #57606a;
        --done: #1a7f37; --refused: #b35900; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --edge: #3d444d; --ink: #f0f6fc; --soft: #9198a1; --box: #161b22; --line: #9198a1;
          --done: #3fb950; --refused: #db8a3e; }
  }
  text { font-family: system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
         fill: var(--ink); }
  .paper { fill: var(--paper); } .box { fill: var(--box); stroke: var(--edge); stroke-width: 1.5; }
  .granted { stroke: var(--done); stroke-width: 2.5; } .rejected { stroke: var(--refused); stroke-width: 2.5; }
  .name { font-size: 15px; font-weight: 600; } .who { font-size: 12px; fill: var(--soft); }
  .does { font-size: 12px; } .caption { font-size: 13px; fill: var(--soft); }
  .way { fill: none; stroke: var(--line); stroke-width: 1.6; marker-end: url(#tip); } #tip path { fill: var(--line); }
"""


class NotDrawn(WorkflowError):
    """The table and the places of this file disagree."""

    def __init__(self, what: object) -> None:
        super().__init__(f"the picture and the table disagree about {what}; mend PLACES or LANES in docs/assets")


def picture(language: Language, of: Flow = flow) -> str:
    """The SVG. Raises NotDrawn where the table has a state or a way that has no place, or the other way round."""
    ways = {(S(state.name), S(line.dest)) for state, line in of.lines() if line.dest is not None}
    known = {S(state.name) for state in of.states}
    differing: set[object] = {*(ways ^ {*LANES, *BY_HAND}), *(known ^ set(PLACES))}
    if differing:
        raise NotDrawn(sorted(map(str, differing)))
    words, (title, again) = Words(language, flow, systems=(system,)), CAPTION[language]
    wide, high = SIZE
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" lang="{language}">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>',
            f'<rect class="paper" width="{wide}" height="{high}" rx="12"/>',
            *(f'<path class="way" d="{lane}"/>' for lane in LANES.values()),
            *(line for state in of.states for line in _box(state, words)),
            f'<text class="caption" x="500" y="511">{again}</text>',
            f'<text class="caption" x="20" y="{high - 12}">{title}</text>',
            "</svg>\n",
        ]
    )


def _box(state: State, words: Words) -> Iterator[str]:
    x, y, wide, high = PLACES[S(state.name)]
    yield f'<rect class="box {state.name}" x="{x}" y="{y}" width="{wide}" height="{high}" rx="8"/>'
    yield f'<text class="name" x="{x + 12}" y="{y + 24}">{escape(words("state", str(state.name)))}</text>'
    who = words("page", "final") if state.final else words("who", str(state.waits_for))
    yield f'<text class="who" x="{x + 12}" y="{y + 43}">{escape(who)}</text>'
    done = dict.fromkeys(action.name for line in state.lines for action in line.actions)
    lines = [part for name in done for part in wrap(words("action", name), LETTERS)]
    for place, part in enumerate(lines):
        yield f'<text class="does" x="{x + 12}" y="{y + 64 + 15 * place}">{escape(part)}</text>'


def pictures() -> Mapping[str, str]:
    """Each picture by its file name."""
    return {f"registration.{language}.svg": picture(language) for language in LANGUAGES}


def main() -> None:
    for name, svg in pictures().items():
        (FOLDER / name).write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
