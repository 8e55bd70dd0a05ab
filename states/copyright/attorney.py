"""委托书: the power of attorney by which an agent files for the applicant; no draft is saved without it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.copyright.looks import judge_attorney, paper_patch
from states.copyright.order_gives import BEFORE_FILING, FLOW
from states.copyright.owners import doubtful
from states.copyright.registration import Registration
from states.copyright.remotes import PAPER_LOOK
from states.copyright.values import ATTORNEY
from workflow import Case, No, Verdict, Yes
from workflow.intake.gives import Give, Look, NotTaken, Part


def attorney_on_file(case: Case[Registration]) -> Verdict:
    """Nobody files for the applicant, or his power of attorney lies here."""
    paper = case.data.power_of_attorney
    if paper is not None:
        return Yes(power_of_attorney=paper.name)
    if case.data.agent is None:
        return Yes(agent=None)
    if ATTORNEY in case.data.doubtful:
        return doubtful(case, ATTORNEY)
    return No(power_of_attorney=None, agent=case.data.agent.name, waits_for="owner")


def _of_use(case: Case[Registration], given: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    if case.data.agent is None:
        raise NotTaken(
            "of_no_use",
            "nobody files for the applicant, so no power of attorney is used",
            "本件没有代理人，不需要委托书",
            (
                "if an agent files, name him first: `case edit N agent.name=…`",
                "如由代理人申请，请先用 `case edit N agent.name=…` 填写",
            ),
        )
    return given


def _named(case: Case[Registration]) -> Mapping[str, Any]:
    agent = {"agent": case.data.agent.name} if case.data.agent else {}
    names = {**agent, "applicant": case.data.applicant_name}
    return {"kind": "permission", "title": case.data.full_name, "names": names}


ATTORNEY_GIVE = Give(
    "power-of-attorney",
    FLOW,
    {"file": Part("pdf", ATTORNEY, several=True)},
    lambda data, given: paper_patch(data, given, ATTORNEY),
    check=_of_use,
    states=BEFORE_FILING,
    looks={"file": Look(PAPER_LOOK, _named)},
    judge=judge_attorney,
)
