"""The documents of a matter: those of a round, fetched or handed in, and how each is kept."""

from datetime import datetime
from hashlib import sha256

from adapters.generator import Generator, Materials, Order
from states.copyright.orders import own_materials
from states.copyright.registration import Registration
from states.copyright.values import Papers
from workflow import Case, Drifted, NeedsPerson
from workflow.engine.dependencies import Documents
from workflow.intake.values import Document
from workflow.sentence import Sentence

PDF = "application/pdf"
MATERIALS = ("material", "own_material")
"""Made for an order, or handed in by people: of one matter all the same."""


async def materials_of(
    case: Case[Registration], order: Order | None, generator: Generator, documents: Documents, now: datetime
) -> tuple[Materials, Papers]:
    """The documents of this round: those that people handed in, else those of the order."""
    if own := own_materials(case):
        application, source, manual = [
            await _of_this(documents, case, one) for one in (own.application, own.source, own.manual)
        ]
        return Materials(application, source, manual), own
    if order is None:
        raise NeedsPerson("order_gone", case=case.number)
    materials = await generator.materials(order)
    return materials, await _papers(case, order, materials, documents, now)


async def _of_this(documents: Documents, case: Case[Registration], paper: Document) -> bytes:
    """A paper that people handed in as a material, and for no other matter."""
    content = await documents.get(paper.digest)
    await nobody_elses(documents, case, content, *MATERIALS)
    return content


async def _papers(
    case: Case[Registration], order: Order, materials: Materials, documents: Documents, now: datetime
) -> Papers:
    """The materials on record, if they are this matter's and this round's; else nothing is handed in."""
    if materials.unread:
        raise NeedsPerson("paper_unread", paper=", ".join(materials.unread), order=order.number)
    contents = {
        "application": (materials.application, "申请表.pdf"),
        "source": (materials.source, "源程序.pdf"),
        "manual": (materials.manual, "说明书.pdf"),
    }
    before, form = case.data.materials, sha256(materials.application).hexdigest()
    # a correction has a form of its own; source and manual may stay as they were
    if before is not None and before.round != case.round and before.application.digest == form:
        why = Sentence("form_of_round", "application is that of round {round}", round=before.round)
        raise Drifted("generator", "order_files", why)
    for content, _ in contents.values():
        await nobody_elses(documents, case, content, *MATERIALS)
    kept = {
        kind: await kept_as(documents, case, content, name, "material", now)
        for kind, (content, name) in contents.items()
    }
    return Papers(round=case.round, order=order.number, **kept)


async def nobody_elses(documents: Documents, case: Case[Registration], content: bytes, *kinds: str) -> None:
    """Refuse something that another case has too, as any of these kinds: a person says to which of them it belongs."""
    found = [other for kind in kinds for other in await documents.elsewhere(content, kind=kind, case=case.id)]
    if others := sorted(set(found)):
        raise NeedsPerson("paper_twice", paper=kinds[0], other=", ".join(others))


async def kept_as(
    documents: Documents, case: Case[Registration], content: bytes, name: str, kind: str, now: datetime
) -> Document:
    digest = await documents.put(content, name=name, media_type=PDF, case=case.id, kind=kind, now=now)
    return Document(digest=digest, name=name, size=len(content))
