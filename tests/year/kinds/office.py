"""Kinds whose fate is an account's or a schedule's."""

from __future__ import annotations

from tests.year.deeds.office import (
    holiday,
    log_in_elsewhere,
    moves_to,
    pause_schedule,
    restore_account,
    retire_account,
)
from tests.year.kind import SOON, Deed, Kind
from tests.year.office import LATE_READER

OFFICE = (
    Kind(
        "account_moved",
        "it moves to another account while its materials are made",
        lambda draw: draw.of_firm(),
        deeds=(Deed("generating", moves_to("office-02")),),
        account="office-01",
        minutes=100,
        review=SOON,
    ),
    Kind(
        "moved_after_saving",
        "it moves to another account after its draft was saved",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", moves_to("office-02")),),
        account="office-01",
        review=SOON,
    ),
    Kind(
        "account_retired",
        "its account is retired; it goes on by another one, and the account comes back",
        lambda draw: draw.of_firm(),
        deeds=(
            Deed("taken in", retire_account, hours=1),
            Deed("taken in", moves_to("office-01"), hours=2),
            Deed("taken in", restore_account, hours=72),
        ),
        account="office-04",
        review=SOON,
    ),
    Kind(
        "account_lapsed",
        "somebody logs in elsewhere with its account",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", log_in_elsewhere),),
        review=SOON,
    ),
    Kind(
        "picture_unanswered",
        "the picture of its account's login is read hours late",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", log_in_elsewhere),),
        account=LATE_READER,
        review=SOON,
    ),
    Kind(
        "schedule_paused",
        "a schedule is paused for a day",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", pause_schedule),),
        review=SOON,
    ),
    Kind(
        "holiday",
        "the bureau is closed on the day after it came in",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", holiday),),
        review=SOON,
    ),
)
