"""Tables in which types do not go together: facts, learning, settings, data, patches, items; and what is said."""

from __future__ import annotations

import sys

from tests.flows.paper_values import Lamp, Loose, Misnamed, Mistyped, Named, Paper, Plain, S, Stamp, Written
from tests.flows.papers import (
    END,
    Make,
    another_answer,
    answer,
    asks_limit,
    better,
    by_title,
    doing,
    fact_of,
    flow,
    for_each,
    giving,
    good,
    learning,
    limit_fact,
    nothing_due,
    of_any_case,
    plain,
    titles_due,
    under_limit,
    untold_items,
    uses_settings,
)
from workflow import Flow, Stay, To

WRONG: dict[str, tuple[Make, str]] = {
    # ------------------------------------------------------------ facts and learning
    "two facts of one name": (
        lambda: flow(To(S.done, when=good), facts=[answer, another_answer()]),
        "papers: fact answer: stands twice",
    ),
    "a fact that cannot be written down": (
        lambda: flow(To(S.done, when=good), facts=[answer, plain]),
        "fact plain: answers Plain, which cannot be recorded; answer a frozen pydantic model, a dataclass or",
    ),
    "learning an unknown field": (
        lambda: learning("titel", "answer"),
        "papers: new: done[good]: learns titel, which is no field of Paper; mend the name",
    ),
    "learning an unknown part": (
        lambda: learning("pages", "ticket.nummber"),
        "papers: new: done[good]: learns ticket.nummber, and Ticket has no nummber; mend the name",
    ),
    "learning an unknown part of a part": (
        lambda: learning("title", "ticket.wrapped.stamp.color"),
        "learns ticket.wrapped.stamp.color, and Stamp has no color",
    ),
    "learning a part of a text": (lambda: learning("title", "answer.text"), "learns answer.text, and str has no text"),
    "learning an unknown part of a dataclass": (
        lambda: learning("title", "slip.txt"),
        "learns slip.txt, and Slip has no txt",
    ),
    "learning an unknown part of a row": (lambda: learning("title", "row.txt"), "learns row.txt, and Row has no txt"),
    "learning a part of what is a dict": (
        lambda: learning("title", "written.text"),
        "learns written.text, and Written has no text; mend the name",
    ),
    "learning a part that none of several has": (
        lambda: learning("title", "either.colour"),
        "learns either.colour, and Ticket | Slip has no colour",
    ),
    "learning a number as a text": (
        lambda: learning("title", "ticket.number"),
        "learns title from ticket.number, which is int, and the field takes str | None; mend the line or the field",
    ),
    "learning a property of another type": (
        lambda: learning("title", "ticket.doubled"),
        "learns title from ticket.doubled, which is int",
    ),
    "learning a model as a text": (
        lambda: learning("title", "ticket.stamp"),
        "learns title from ticket.stamp, which is Stamp | None, and the field takes str | None",
    ),
    "learning a model that lacks what is needed": (
        lambda: learning("stamp", "slip"),
        "learns stamp from slip, which is Slip, and the field takes Stamp | None",
    ),
    "learning a model of more than there is": (
        lambda: learning("stamp", "ticket.wrapped"),
        "learns stamp from ticket.wrapped, which is Wrapped | None",
    ),
    "learning one as several": (lambda: learning("stamps", "ticket.stamp"), "learns stamps from ticket.stamp"),
    "learning several as one": (lambda: learning("stamp", "ticket.stamps"), "learns stamp from ticket.stamps"),
    "appending to what is no list": (
        lambda: learning("title+", "answer"),
        "learns title+ from answer, which is str, and the field takes str | None",
    ),
    "appending what does not fit": (lambda: learning("stamps+", "answer"), "learns stamps+ from answer, which is str"),
    # ------------------------------------------------------------ settings, data
    "settings of a guard that are not there": (
        lambda: flow(To(S.done, when=under_limit)),
        "papers: new: done[under_limit]: guard under_limit: names settings, and the flow has none; give it settings=",
    ),
    "settings of a fact that are not there": (
        lambda: flow(To(S.done, when=asks_limit), facts=[limit_fact]),
        "papers: fact limit_fact: names settings, and the flow has none",
    ),
    "settings of an action that are not there": (
        lambda: doing(uses_settings),
        "action uses_settings: names settings, and the flow has none",
    ),
    "settings of another type": (
        lambda: flow(To(S.done, when=under_limit), settings=Lamp()),
        "settings are annotated Settings, and the flow's are Lamp; give the flow those that are meant",
    ),
    "data that is not frozen": (
        lambda: flow(To(S.done, when=of_any_case), data=Loose, facts=()),
        "papers: its data Loose can be changed; say model_config = ConfigDict(frozen=True)",
    ),
    "data that is no model": (
        lambda: flow(To(S.done, when=of_any_case), data=dict, facts=()),
        "papers: its data is <class 'dict'>; give it a frozen pydantic model, as in data=Paper",
    ),
    "data that is an instance": (
        lambda: flow(To(S.done, when=of_any_case), data=Paper(), facts=()),
        "; give it a frozen pydantic model, as in data=Paper",
    ),
    # ------------------------------------------------------------ actions
    "a patch that is a text": (
        lambda: doing(giving(str)),
        "papers: new: done[good]: action give: gives back str, which is no patch; give back a mapping of fields",
    ),
    "a patch that is a model": (lambda: doing(giving(Stamp)), "gives back Stamp, which is no patch"),
    "a patch that may be a text": (lambda: doing(giving(dict[str, int] | str)), "gives back str, which is no patch"),
    "a patch that no field takes": (
        lambda: doing(giving(dict[str, bytes | Lamp])),
        "action give: gives back Lamp for a field, and no field of Paper takes it; mend the annotation or the data",
    ),
    "a patch by numbers": (
        lambda: doing(giving(dict[int, str])),
        "gives back dict[int, str], whose keys are no names of fields",
    ),
    "a patch of an unknown field": (
        lambda: doing(giving(Misnamed)),
        "action give: gives back titel, which is no field of Paper; mend the name",
    ),
    "a patch of a field as another type": (
        lambda: doing(giving(Mistyped)),
        "action give: gives back title as int, and the field takes str | None; mend the annotation or the data",
    ),
    "a patch of an unknown field, as typing_extensions has it": (
        lambda: doing(giving(Written)),
        "action give: gives back text, which is no field of Paper; mend the name",
    ),
    "items without an id": (
        lambda: doing(for_each(titles_due)),
        "action stamp_each: its items titles_due are str, which has no id; answer frozen models with an id",
    ),
    "items as none": (
        lambda: doing(for_each(nothing_due)),
        "action stamp_each: nothing_due answers None, which is no items; answer frozen models with an id",
    ),
    "items as a mapping": (lambda: doing(for_each(by_title)), "its items by_title are str, which has no id"),
    "an item without an id": (
        lambda: doing(for_each(untold_items, str)),
        "action stamp_each: its item is str, which has no id",
    ),
    "an item that cannot be written down": (
        lambda: doing(for_each(untold_items, Plain)),
        "action stamp_each: its item is Plain, which",
    ),
    "items as a text": (
        lambda: doing(for_each("stamps_due")),
        "action stamp_each: items 'stamps_due' is no function; name the function, without quotes",
    ),
    "two actions of one name": (
        lambda: flow(Stay(when=better, do=giving(None)), To(S.done, when=good, do=giving(None))),
        "another action of the flow is called give too; give one another name",
    ),
    "a version in words": (
        lambda: Flow("papers", version="1", data=Paper, states=[END]),  # type: ignore[arg-type]
        "papers: its version is '1'; number it from 1 on: version=1",
    ),
    "a version before the first": (
        lambda: Flow("papers", version=0, data=Paper, states=[END]),
        "papers: its version is 0; number it from 1 on",
    ),
    "a prefix that no terminal takes as one word": (
        lambda: flow(To(S.done, when=good), prefix="vi 1"),
        "papers: its prefix is 'vi 1'; say a letter and at most eleven letters and digits",
    ),
}
if sys.version_info < (3, 12):  # from then on pydantic takes either
    WRONG |= {
        "a fact that answers a TypedDict of typing": (
            lambda: flow(To(S.done, when=good), facts=[answer, fact_of(Named)]),
            "fact told: answers Named, which cannot be recorded; take TypedDict from typing_extensions",
        ),
    }
