"""Kinds in which somebody acts at the bureau's website by hand, or the bureau itself does what nobody asked for."""

from __future__ import annotations

from states.copyright.registration import Registration
from tests.year.deeds.by_hand import (
    answer_correction_by_hand,
    delete_draft_by_hand,
    file_by_hand,
    filing_vanishes,
    withdraw_by_hand,
)
from tests.year.deeds.office import WORD, teach_word
from tests.year.deeds.staff import ends_as
from tests.year.deeds.taking_over import files_before
from tests.year.kind import GRANTED, REFUSED, SOON, WAITS, Deed, Kind, issued, under, wants

TAKES_OVER = "filing_number" in Registration.model_fields

OTHERS = (
    Kind(
        "taken_over",
        "it was filed at the bureau before the office takes it over",
        lambda draw: draw.of_firm(),
        account="office-02",
        before=files_before,
        needs="" if TAKES_OVER else "a row that names its filing",
    ),
    Kind(
        "filed_by_hand",
        "staff files it at the bureau's website",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", file_by_hand),),
        withholds=frozenset({"seal"}),
        review=SOON,
    ),
    Kind(
        "draft_gone",
        "somebody deletes the draft",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", delete_draft_by_hand),),
        review=SOON,
    ),
    Kind(
        "withdrawn",
        "somebody withdraws the filing",
        lambda draw: draw.of_firm(),
        deeds=(Deed("submitted", withdraw_by_hand, hours=2),),
        review=SOON,
        ends=WAITS,
    ),
    Kind(
        "withdrawn_and_closed",
        "somebody withdraws the filing, and staff closes the matter",
        lambda draw: draw.of_firm(),
        deeds=(Deed("submitted", withdraw_by_hand, hours=2), Deed("submitted", ends_as("rejected"), hours=90)),
        review=SOON,
        ends=REFUSED,
    ),
    Kind(
        "vanished",
        "the filing is gone from the bureau's lists",
        lambda draw: draw.of_firm(),
        deeds=(Deed("submitted", filing_vanishes, hours=2),),
        review=SOON,
        ends=WAITS,
    ),
    Kind(
        "unknown_word",
        "the bureau calls a status by a word that nobody knows",
        lambda draw: draw.of_firm(),
        review=(under(2), {"after_hours": 5, "status": "审查中", "shown": "待缴费"}, issued(24 * 400)),
        ends=WAITS,
    ),
    Kind(
        "word_taught",
        "the bureau has a new word, and a person says what it means",
        lambda draw: draw.of_firm(),
        deeds=(Deed("submitted", teach_word, hours=40),),
        review=(under(2), {"after_hours": 5, "status": "审查中", "shown": WORD}, issued(48)),
    ),
    Kind(
        "answered_by_hand",
        "staff answers a correction at the bureau's website",
        lambda draw: draw.of_firm(),
        deeds=(Deed("submitted", answer_correction_by_hand, hours=9),),
        review=(under(1), wants("说明书名称不一致", 1), under(1), issued(1)),
        ends=GRANTED,
    ),
)
