"""Tables with a mistake in a value, a state or a guard, and what is said of each."""

from __future__ import annotations

import functools
from datetime import timedelta

from tests.flows.paper_values import Paper, S, Stamp
from tests.flows.papers import (
    FACTS,
    HOUR,
    Make,
    another_good,
    async_yields,
    better,
    counts,
    doing,
    filed,
    flow,
    good,
    of_lamps,
    saying,
    stamp_it,
    stamp_twice,
    unlike,
    within,
    yields,
)
from workflow import Flow, State, Stay, To, Verdict


def by_place(answer: str, /) -> Verdict:
    return answer == "yes"


def half_annotated(answer: "str | 3") -> Verdict:  # type: ignore[valid-type]  # noqa: UP037
    return answer == "yes"


class Reads:
    """A guard with a name that is no function."""

    __name__ = "reads"

    def __call__(self, answer: str) -> Verdict:
        return answer == "yes"


WRONG: dict[str, tuple[Make, str]] = {
    # ------------------------------------------------------------ values
    "a misspelt once": (
        lambda: doing(saying(blind="sent", once="rounds")),
        'action say: once is \'rounds\'; say once="round" or once="case"',
    ),
    "a misspelt once of what may be repeated": (
        lambda: doing(saying(repeatable=True, once="rounds")),
        "action say: once is 'rounds'; ",
    ),
    "a misspelt blind": (
        lambda: doing(saying(blind="send", once="round")),
        'action say: blind is \'send\'; say blind="sent" or blind="incident"',
    ),
    "takes as a number": (
        lambda: doing(saying(repeatable=True, takes=90)),
        "action say: takes is 90; say a timedelta above nought, as in takes=timedelta(",
    ),
    "takes nought": (
        lambda: doing(saying(repeatable=True, takes=timedelta())),
        "action say: takes is 0:00:00; say a timedelta above nought",
    ),
    "recheck as a number": (
        lambda: flow(To(S.done, when=good), recheck=12),
        "papers: new: recheck is 12; say a timedelta, as in recheck=timedelta(hours=1)",
    ),
    "recheck as a text": (
        lambda: flow(To(S.done, when=good), recheck="12h"),
        "papers: new: recheck is '12h'; say a timedelta",
    ),
    "a negative recheck": (
        lambda: flow(To(S.done, when=good), recheck=-HOUR),
        "papers: new: recheck is -1 day, 23:00:00, before the look itself; say",
    ),
    "told_after as a number": (
        lambda: flow(To(S.done, when=good), told_after=2),
        "papers: new: told_after is 2; say a timedelta",
    ),
    # ------------------------------------------------------------ states
    "no states": (
        lambda: Flow("papers", version=1, data=Paper, states=[]),
        "papers: has no states; give it states=[State(...), ...]",
    ),
    "a state without a label": (
        lambda: flow(To(S.filed, when=good), more=(State(S.filed, unlike(To(S.done, when=good)), waits_for="x"),)),
        "papers: filed: has no label; say how people read it, after its name",
    ),
    "lines in a list": (
        lambda: flow(
            To(S.filed, when=good), more=(State(S.filed, "已交", unlike([To(S.done, when=good)]), waits_for="x"),)
        ),
        "papers: filed: holds [<To done[good]>], which is no line; write To(...) or Stay(...)",
    ),
    "a destination as a text": (
        lambda: flow(To(unlike("done"), when=good)),
        "papers: new: leads to 'done', which is no member of a StrEnum; name the state as its StrEnum does",
    ),
    "a state as a text": (
        lambda: Flow("papers", version=1, data=Paper, states=[State(unlike("new"), "新", final=True)]),
        "papers: new: 'new' is no member of a StrEnum",
    ),
    "an island": (
        lambda: flow(To(S.done, when=good), more=(State(S.filed, "已交", To(S.filed, when=good), waits_for="x"),)),
        "papers: nothing leads to filed; ",
    ),
    "a final state with lines": (
        lambda: Flow(
            "papers",
            version=1,
            data=Paper,
            facts=FACTS,
            states=[
                State(S.new, "新", To(S.done), waits_for="x"),
                State(S.done, "完", To(S.new, when=good), final=True),
            ],
        ),
        "papers: done: is final but has a way out; ",
    ),
    "a state that only a line which is never taken leads to": (
        lambda: flow(To(S.done, when=good), To(S.filed, when=[good, better]), more=(filed(To(S.done, when=good)),)),
        "papers: new: filed[good+better]: can never be taken, done[good] above it holds whenever it does; move it",
    ),
    "the same guards twice": (
        lambda: flow(To(S.done, when=good), To(S.filed, when=good), more=(filed(To(S.done, when=good)),)),
        "papers: new: filed[good]: can never be taken, done[good] above it holds",
    ),
    "the same guards in another order": (
        lambda: flow(To(S.done, when=[good, better]), Stay(when=[better, good], do=stamp_it)),
        "stay:stamp_it[better+good]: can never be taken",
    ),
    "one name for two lines": (
        lambda: flow(
            Stay(when=good, do=stamp_it, name="stamp"),
            To(S.filed, when=better),
            more=(filed(Stay(when=good, do=stamp_twice, name="stamp"), To(S.done, when=better)),),
        ),
        "papers: filed: stamp: does something else than the line of this name in new; give it a name of its own",
    ),
    # ------------------------------------------------------------ guards
    "a guard that is called": (
        lambda: flow(To(S.done, when=unlike(good("yes")))),
        "papers: new: done[True]: guard True is no function; name the function, do not call it",
    ),
    "a guard that is called and says no": (
        lambda: flow(To(S.done, when=unlike(good("no")))),
        "guard No(answer='no') is no function; name the function, do not call it",
    ),
    "a guard as a text": (
        lambda: flow(To(S.done, when=unlike("good"))),
        "papers: new: done['good']: guard 'good' is no function; name the function, without quotes",
    ),
    "a partial guard": (
        lambda: flow(To(S.done, when=functools.partial(within, 3))),
        "is a functools.partial, which has no name; write a function that calls it",
    ),
    "a lambda as guard": (
        lambda: flow(To(S.done, when=lambda answer: answer == "yes")),
        "guard <lambda> has no name of its own in the record; write it as a function with a name",
    ),
    "a class as guard": (
        lambda: flow(To(S.done, when=Stamp)),  # type: ignore[arg-type]
        "guard Stamp is no function; write a function",
    ),
    "a generator as guard": (
        lambda: flow(To(S.done, when=yields)),  # type: ignore[arg-type]
        "guard yields is a generator, which is no verdict; answer with return, not with yield",
    ),
    "an asynchronous generator as guard": (
        lambda: flow(To(S.done, when=async_yields)),
        "guard async_yields is a generator, which is no verdict",
    ),
    "two guards of one name": (
        lambda: flow(To(S.filed, when=good), more=(filed(To(S.done, when=another_good())),)),
        "papers: filed: done[good]: another guard of the flow is called good too; give one another name",
    ),
    "a guard for other data": (
        lambda: flow(To(S.done, when=of_lamps)),
        "guard of_lamps: case is annotated with Lamp, and the flow's data is Paper; annotate it Case[Paper]",
    ),
    "a guard that reads a fact as another type": (
        lambda: flow(To(S.done, when=counts)),
        "guard counts: answer is annotated int, and the fact answers str; annotate it as the fact does",
    ),
    "a guard that takes by place alone": (
        lambda: flow(To(S.done, when=by_place)),
        "by_place: takes answer by place alone; drop the / from its parameters",
    ),
    "a guard whose annotations mean nothing": (
        lambda: flow(To(S.done, when=half_annotated)),
        "half_annotated: its annotations cannot be read: TypeError: ",
    ),
    "a guard that is an object with a name": (
        lambda: flow(To(S.done, when=Reads())),
        "reads: its annotations cannot be read: TypeError: ",
    ),
    "a notice as a text": (
        lambda: flow(To(S.done, when=good, tell=unlike("hello"))),
        "papers: new: done[good]: notice 'hello' is no function; name the function, without quotes",
    ),
    "a notice that is called": (
        lambda: flow(To(S.done, when=good, tell=unlike(()))),
        "papers: new: done[good]: notice () is no function; name the function, do not call it",
    ),
}
