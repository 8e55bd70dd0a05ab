"""Raises a case of an older version of its flow: a renamed state takes its new name, older data today's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from workflow.engine import refusals
from workflow.engine.context import case_of
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow
from workflow.record.values import Claim


def is_older(plan: Plan, claim: Claim) -> bool:
    """Whether the case has not been raised to the flow's version yet."""
    return claim.flow_version < plan.flow.version


def raised(plan: Plan, claim: Claim) -> tuple[Claim, dict[str, Any]]:
    """The case as today's table knows it, and the body of the event that says so.

    Raises whatever the flow's upcast raises, and ValidationError where today's model does not take what it gave.
    """
    flow = plan.flow
    state = flow.renamed.get(claim.state)
    body: dict[str, Any] = {"from": claim.flow_version, "to": flow.version} | ({"state": state} if state else {})
    if flow.upcast is not None:
        data = flow.data.model_validate(flow.upcast(claim.flow_version, dict(claim.data)))
        body["data"] = data.model_dump(mode="json")
    today = replace(claim, flow_version=flow.version, state=state or claim.state, data=body.get("data", claim.data))
    return today, body


def subject_of(flow: Flow, data: Mapping[str, Any]) -> str | None:
    """What no two live cases may share, as today's flow tells it."""
    return flow.subject(flow.data.model_validate(data)) if flow.subject else None


def as_of_today(plan: Plan, claim: Claim) -> tuple[Claim, dict[str, Any] | None]:
    """For a person's command: the case as it is, or raised, with the body of the event that has to say so.

    Raises NotAllowed where today's code cannot read what an older version wrote.
    """
    if not is_older(plan, claim):
        return claim, None
    try:
        return raised(plan, claim)
    except Exception as error:
        raise refusals.not_raised(claim, plan.flow.version, error) from error


def read_case(plan: Plan, claim: Claim) -> Case[BaseModel]:
    """For a person's command: the case as a flow's functions see it. Raises NotAllowed where it cannot be read."""
    today, _ = as_of_today(plan, claim)
    try:
        return case_of(plan, today, today.data)
    except ValidationError as error:
        raise refusals.unreadable(claim, error) from error
