"""Every page on which something is done that cannot be undone, tried with each of its elements changed: who clicks?

The judge is the sandbox's ledger: it has an entry for each thing that was done, and none may come of a changed page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.portal import Portal
from adapters.bureau.uploads import sizes
from tests.adapters.conftest import Office
from tests.adapters.forms import form, materials, pdf, person
from tests.adapters.outside import PREPARED
from tests.attack.pages.elements import HARMLESS, Mutation, added, changed, harmless
from tests.attack.pages.rewriting import Rewriting
from workflow.errors import Drifted

NAME, OTHER = "林知远", "周闻"
SIGNED, MATERIALS = pdf("signed"), materials(1)
HANDED_IN = sizes(MATERIALS, {})
NOTICE = {"after_hours": 1, "status": "待补正", "notice": "说明书与软件名称不一致，请补正。"}


@dataclass(frozen=True)
class Step:
    """A step as a worker takes it, a page that it reads before its click, and the entry that the ledger has of it."""

    name: str
    entry: str
    path: str
    button: str
    """On the page that is changed; new things are put beside it and into its form."""
    take: Callable[[Office, Portal, str], Awaitable[object]]
    sealed: bool = True
    filed: bool = False
    """The round before is filed and came back."""
    corrected: bool = False
    """The correction is filled in and saved."""
    unused: frozenset[str] = frozenset()
    """Marks of the page that neither the step nor a person goes by."""
    free: frozenset[str] = frozenset()
    """Ids of what the bureau may say or leave out as it likes."""


def filled(title: str) -> FilingForm:
    made = form(title, person(NAME, "13800000001"), person(OTHER, "13900000110"))
    return made.model_copy(update={"software": made.software.model_copy(update={"development_mode": "委托开发"})})


def one_owner(title: str) -> FilingForm:
    return filled(title).model_copy(update={"owners": (person(NAME, "13800000001"), person("沈牧"))})


async def upload_seal_page(office: Office, portal: Portal, title: str) -> None:
    await portal.upload_seal_page(title, 0, filled(title), PREPARED, SIGNED, gate=office.gate)


DRAFT = r"/portal/drafts/D\d+"
CLICKS = (
    Step(
        "request code", "code_sent", DRAFT, "send-code-2",
        lambda office, portal, title: portal.request_code(title, 0, filled(title), OTHER, gate=office.gate),
    ),
    Step(
        "enter codes", "code_entered", DRAFT, "enter-codes",
        lambda office, portal, title: portal.enter_codes(title, 0, filled(title), {OTHER: "000000"}, gate=office.gate),
    ),
    Step(
        "upload seal page", "seal_uploaded", DRAFT, "upload-seal",
        upload_seal_page,
        sealed=False,
    ),
    Step(
        "confirm", "confirmed", DRAFT + "/confirm", "confirm-final",
        lambda office, portal, title: portal.confirm(title, 0, one_owner(title), PREPARED, gate=office.gate),
    ),
    Step(
        "open the correction", "correction_opened", r"/portal/filings/F\d+", "correct-submit",
        lambda office, portal, title: portal.save_draft(title, 1, one_owner(title), MATERIALS),
        filed=True, unused=frozenset({"data-owner", "data-name"}), free=frozenset({"serial-number", "center-id"}),
    ),
    Step(
        "confirm the correction", "confirmed", DRAFT + "/confirm", "confirm-final",
        lambda office, portal, title: portal.confirm(title, 1, one_owner(title), HANDED_IN, gate=office.gate),
        filed=True, corrected=True,
    ),
)  # fmt: skip
READ_BACK = ("upload seal page", "confirm", "confirm the correction")
STEPS = (
    *CLICKS,
    *(
        Step(
            f"read the draft back before: {one.name}", one.entry, DRAFT + "/view", "logout-button", one.take,
            sealed=one.sealed, filed=one.filed, corrected=one.corrected,
        )
        for one in CLICKS if one.name in READ_BACK
    ),
)  # fmt: skip


@dataclass
class Found:
    """What came of the changed pages of one step."""

    step: str
    tried: int = 0
    clicked: list[str] = field(default_factory=list)
    """Changed pages on which the thing was done all the same."""
    unnamed: list[str] = field(default_factory=list)
    """Changed pages that stopped the hand with anything else than Drifted and a picture."""
    stopped: list[str] = field(default_factory=list)
    """Harmless changes that stopped the hand."""

    @property
    def shortcomings(self) -> list[str]:
        told = {"clicked": self.clicked, "not named": self.unnamed, "harmless, and stopped": self.stopped}
        return [f"{self.step}: {what}: {one}" for what, names in told.items() for one in names]


@dataclass
class Ground:
    """The office, the sandbox behind it, and the hand between them."""

    office: Office
    hand: Rewriting
    login: str
    titles: int = 0
    read: int = 0
    """The last entry of the ledger that was read."""

    def done(self, kind: str) -> int:
        """How many entries of this kind the ledger has got since it was asked last."""
        entries = self.office.outside.control(f"ledger?after={self.read}")["entries"]
        self.read = max([self.read, *(entry["seq"] for entry in entries)])
        return sum(entry["kind"] == kind for entry in entries)

    @asynccontextmanager
    async def at(self, step: Step) -> AsyncIterator[tuple[Portal, str]]:
        """The portal, and the title of a filing that stands where the step takes it."""
        self.hand.path = ""
        self.titles += 1
        title = f"改页核对{self.titles}{step.entry}"
        outside, office = self.office.outside, self.office
        made = filled(title) if not step.filed and step.entry != "confirmed" else one_owner(title)
        async with office.at(self.login) as portal:
            outside.prepare(dict(office.book.sessions[self.login]), title, made, sealed=step.sealed)
            if step.filed:
                outside.control("plan", {"title": title, "review": [NOTICE]})
                await portal.confirm(title, 0, made, PREPARED, gate=office.gate)
        if step.filed:
            outside.next_morning()
        async with office.at(self.login) as portal:
            if step.corrected:
                await portal.save_draft(title, 1, made, MATERIALS)
            yield portal, title

    async def original(self, step: Step, portal: Portal, title: str) -> str:
        """The page as the step gets it; the hand takes its button away, so that nothing is done."""
        self.hand.path, self.hand.change = step.path, lambda html: html.replace(f'id="{step.button}"', 'id="gone"')
        try:
            await step.take(self.office, portal, title)
        except Drifted:
            return self.hand.original
        raise AssertionError(f"{step.name} went on without its button")

    async def tries(self, step: Step, pick: Callable[[int], bool] = lambda _: True) -> Found:
        """Each change of the page; a filing serves until a click spoils it. `pick` says which, by their number."""
        found = Found(step.name)
        number, clicked = 0, -1
        while clicked != len(found.clicked):
            clicked = len(found.clicked)
            async with self.at(step) as (portal, title):
                html = await self.original(step, portal, title)
                for mutation in changes(html, self.hand.original_path, step)[number:]:
                    if pick(number):
                        await self._try(step, portal, title, mutation, found)
                    number += 1
                    if clicked != len(found.clicked):
                        break
        return found

    async def let_through(self, step: Step, *names: str) -> Found:
        """Each harmless change, or those of these names, on a filing of its own, must let the hand through."""
        found = Found(step.name)
        for name in names or ("as it is", *HARMLESS, "all at once"):
            async with self.at(step) as (portal, title):
                html = await self.original(step, portal, title)
                self._put(next(one for one in harmless(html) if one.name == name))
                self.done(step.entry)
                found.tried += 1
                try:
                    await step.take(self.office, portal, title)
                except Drifted as drifted:
                    found.stopped.append(f"{name}: {drifted}")
                if self.done(step.entry) != 1:
                    found.stopped.append(f"{name}: not done")
        return found

    def _put(self, mutation: Mutation) -> None:
        self.hand.change = lambda _: mutation.html

    async def _try(self, step: Step, portal: Portal, title: str, mutation: Mutation, found: Found) -> None:
        self._put(mutation)
        self.done(step.entry)
        shots = len(self.office.shots)
        found.tried += 1
        try:
            await step.take(self.office, portal, title)
            found.unnamed.append(f"{mutation.name}: nothing said")
        except Drifted as drifted:
            if not drifted.why or len(self.office.shots) == shots:
                found.unnamed.append(f"{mutation.name}: no words or no picture: {drifted}")
        except Exception as error:  # noqa: BLE001 - whatever else it is, it is not the name that is due
            found.unnamed.append(f"{mutation.name}: {type(error).__name__}: {error}")
        if self.done(step.entry):
            found.clicked.append(mutation.name)


def changes(html: str, path: str, step: Step) -> list[Mutation]:
    return [
        one
        for one in (*changed(html, path, step.unused), *added(html, step.button))
        if one.html != html and not _free(one, step)
    ]


def _free(mutation: Mutation, step: Step) -> bool:
    return any(f" {name} " in mutation.name and mutation.name.endswith("taken away") for name in step.free)
