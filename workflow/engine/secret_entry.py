"""A secret that somebody read out, such as a code: of whom one is wanted now, and whether it can be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from workflow.engine import refusals
from workflow.engine.commands import Commands
from workflow.engine.upgrades import read_case
from workflow.errors import NotAllowed
from workflow.flow.compiled import Plan
from workflow.intake.gives import NotTaken, SecretKind, WantedSecret, wanted_secrets, who_is_known
from workflow.record.values import Claim
from workflow.sentence import Sentence

WHAT = Sentence("a_secret", "a secret")


class NotWanted(NotAllowed):
    """None of these kinds is wanted of anybody, or of this owner: it would lie there until another round took it."""

    def __init__(self, case: str, kinds: Iterable[str], owner: str | None = None) -> None:
        self.kinds, self.owner = tuple(kinds), owner
        why = Sentence("waits_for_no_secret", "it waits for none")
        if owner is not None:
            names = ", ".join(self.kinds)
            why = Sentence("no_secret_of_wanted", "no {kinds} of {owner} is wanted now", kinds=names, owner=owner)
        super().__init__(case, WHAT, why)


class SeveralWanted(NotAllowed):
    """Secrets of several owners, or of several kinds, are wanted, and it was not said which is meant."""

    def __init__(self, case: str, of: Literal["owner", "kind"], names: Iterable[str]) -> None:
        self.of, self.names = of, tuple(names)
        why = Sentence("several_wanted", "it waits for several; name one of: {names}", names=", ".join(self.names))
        super().__init__(case, WHAT, why)


class BadShape(NotTaken):
    """What was typed is no secret of this kind: it has so many characters, and not the shape of one."""

    def __init__(self, length: int) -> None:
        self.length = length
        cure = ("type it as it was handed out", "按收到的内容输入")
        super().__init__(
            "usage", f"{length} characters, not in the shape of one", f"共 {length} 个字符，格式不符", cure
        )


def wanted_secret(
    plan: Plan, claim: Claim, kinds: Sequence[SecretKind], kind: str | None, owner: str | None
) -> WantedSecret:
    """Return the secret that is meant. kinds: those of the flow. kind, owner: a kind's name, an owner's id or name.

    Raises NotWanted, SeveralWanted, FunctionFailed, or NotOneOf where there is no such kind or owner.
    """
    if not kinds:
        raise NotWanted(claim.number, ())
    named = [one for one in kinds if kind in (None, one.name)]
    if kind is not None and not named:
        raise refusals.not_one_of(claim, "secret", kind, [one.name for one in kinds])
    case = read_case(plan, claim)
    wanted = wanted_secrets(named, case)
    if owner is not None:
        known = {id_: name for one in named for id_, name in who_is_known(one, case).items()}
        ids = [owner] if owner in known else [id_ for id_, name in known.items() if name == owner]
        if len(ids) != 1:
            raise refusals.not_one_of(claim, "owner", owner, ids or [f"{name} ({id_})" for id_, name in known.items()])
        wanted = [one for one in wanted if one.owner == ids[0]]
        if not wanted:
            raise NotWanted(claim.number, [one.name for one in named], known[ids[0]])
    if not wanted:
        raise NotWanted(claim.number, [one.name for one in named])
    if len(owners := {one.owner: one.said for one in wanted}) > 1:
        raise SeveralWanted(claim.number, "owner", owners.values())
    if len(names := dict.fromkeys(one.kind.name for one in wanted)) > 1:
        raise SeveralWanted(claim.number, "kind", names)
    return wanted[0]


async def enter(people: Commands, claim: Claim, wanted: WantedSecret, typed: str) -> bool:
    """Store what was typed, sealed at once. Returns False where it was known already.

    claim: the case as it was when the secret was asked for. Raises BadShape, and Conflict where it began anew since.
    """
    read = wanted.kind.read(typed)
    if read is None:
        raise BadShape(len(typed.strip()))
    return await people.enter_code(claim.case, wanted.owner, read, kind=wanted.kind.name, asked_in=claim.round)
