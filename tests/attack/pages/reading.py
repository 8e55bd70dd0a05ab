"""Every page that is read, with its marks renamed, its elements taken away and doubled: no answer is ever made up.

The answers to these questions are what "never twice" rests on. A changed page may be read as before or not at all;
what it must never give is another answer, and least of all that there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from adapters.bureau.portal import Portal
from tests.attack.pages.contracts import STEPS, Ground
from tests.attack.pages.elements import Mutation
from tests.attack.pages.places import VOID, page
from workflow.errors import Drifted, RemoteError

MARKS = ("class", "id")
MAY_BE_EMPTY = {"serial-number", "remark", "center-id"}
"""What the bureau fills in later: emptied, it is a page as it may well be."""
APART = ("html", "head", "meta", "link", "style", "title")


@dataclass(frozen=True)
class Question:
    """What is asked, where the filing stands, and the pages that the answer is read from."""

    name: str
    ask: Callable[[Portal, str], Awaitable[object]]
    paths: tuple[str, ...]
    filed: bool = False


DRAFTS, DRAFT = r"/portal/drafts", r"/portal/drafts/D\d+"
FILINGS, FILING = r"/portal/filings", r"/portal/filings/F\d+"
QUESTIONS = (
    Question("the draft", lambda portal, title: portal.draft(title, 0), (DRAFTS, DRAFT, FILINGS)),
    Question("no draft", lambda portal, title: portal.draft(f"{title}-9", 0), (DRAFTS, FILINGS)),
    Question("no filing yet", lambda portal, title: portal.filing(title), (FILINGS,)),
    Question("the filing", lambda portal, title: portal.filing(title), (FILINGS, FILING), filed=True),
    Question("the confirmed draft", lambda portal, title: portal.draft(title, 0), (DRAFTS, FILINGS), filed=True),
    Question("the owners' numbers", lambda portal, title: portal.center_users(title), (FILINGS, FILING), filed=True),
)


@dataclass
class Read:
    """What came of the changed pages of one question."""

    question: str
    tried: int = 0
    drifted: int = 0
    same: int = 0
    made_up: list[str] = field(default_factory=list)
    """Changed pages that were read as something else."""
    silent: list[str] = field(default_factory=list)
    """Changed pages that were refused without a picture."""

    @property
    def shortcomings(self) -> list[str]:
        told = {"made up": self.made_up, "no picture": self.silent}
        return [f"{self.question}: {what}: {one}" for what, names in told.items() for one in names]


def mutations(html: str) -> Iterator[Mutation]:
    """Marks renamed, elements taken away and doubled, lists emptied, the page cut short."""
    for node in [one for one in page(html).all() if one.tag not in APART and one.tag != "#text"]:
        tag, whole = html[node.start : node.inner], html[node.start : node.end]
        name = f"{node.tag} at {node.start}"
        for key, value in node.attrs:
            written = f'{key}="{value}"'
            if key in MARKS:
                renamed = tag.replace(written, f'{key}="v2-{value}"')
            elif key.startswith("data-"):
                renamed = tag.replace(f"{key}=", f"{key}-v2=")
            else:
                continue
            yield Mutation(f"{name}: {written} renamed", html[: node.start] + renamed + html[node.inner :])
        if node.tag == "body":
            continue
        yield Mutation(f"{name} taken away", html[: node.start] + html[node.end :])
        yield Mutation(f"{name} doubled", html[: node.end] + whole + html[node.end :])
        if node.tag not in VOID and node.inside and not (MAY_BE_EMPTY & {value for _, value in node.attrs}):
            yield Mutation(f"{name} emptied", html[: node.inner] + html[node.outer :])
    for mark in sorted(set(re.findall(r'class="([\w -]+)"', html))):
        renamed = html.replace(f'class="{mark}"', f'class="v2-{mark}"')
        yield Mutation(f"every class {mark} renamed", renamed)
    for share in (2, 3, 5):
        yield Mutation(f"cut after 1/{share}", html[: len(html) // share])


async def answers(ground: Ground, question: Question, pick: Callable[[int], bool] = lambda _: True) -> Read:
    """Each change of each page that the question reads."""
    read, office = Read(question.name), ground.office
    step = next(one for one in STEPS if one.name == ("open the correction" if question.filed else "confirm"))
    number = 0
    async with ground.at(step) as (portal, title):
        wanted = repr(await question.ask(portal, title))
        for path in question.paths:
            ground.hand.path, ground.hand.change = path, lambda html: html
            ground.hand.original = ""
            await question.ask(portal, title)
            for mutation in mutations(ground.hand.original):
                number += 1
                if not pick(number):
                    continue
                ground.hand.change = lambda _, html=mutation.html: html  # type: ignore[misc]
                read.tried += 1
                shots = len(office.shots)
                try:
                    answer = repr(await question.ask(portal, title))
                except RemoteError as error:
                    read.drifted += 1
                    if isinstance(error, Drifted) and len(office.shots) == shots:
                        read.silent.append(f"{path} {mutation.name}: {error}")
                else:
                    read.same += answer == wanted
                    if answer != wanted:
                        read.made_up.append(f"{path} {mutation.name}: {answer} instead of {wanted}")
        ground.hand.path = ""
    return read
