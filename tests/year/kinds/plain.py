"""Kinds that go as they should, and those in which the office or its customer changes something."""

from __future__ import annotations

from tests.year.deeds.office import another_customer, files_again, import_again
from tests.year.deeds.staff import edit_firm_name, edit_functions, hold, keep_materials, resume
from tests.year.kind import REFUSED, SOON, Deed, Kind, refuses, under
from tests.year.office import NIGHT

FIRM = Kind("firm", "a firm files for itself", lambda draw: draw.of_firm(), review=SOON)
NO_STAMP = (under(2), refuses("签章页没有加盖公章。", 3))
SAME = Kind("filed_again", "what was refused is filed again", lambda draw: draw.of_firm(), review=SOON)
OTHER = Kind("of_that_name_too", "another customer of the same title", lambda draw: draw.of_firm(), review=SOON)

PLAIN = (
    FIRM,
    Kind("person", "a person files for himself and signs by specimen", lambda draw: draw.of_persons(1), review=SOON),
    Kind("at_night", "taken in while the bureau is closed", lambda draw: draw.of_firm(), review=SOON, comes=NIGHT),
    Kind("refused", "the bureau refuses it", lambda draw: draw.of_firm(), review=NO_STAMP, ends=REFUSED),
    Kind(
        "refused_and_again",
        "refused, and filed again under its name as a new case",
        lambda draw: draw.of_firm(),
        deeds=(Deed("rejected", files_again(SAME, new_name=False)),),
        review=NO_STAMP,
        ends=REFUSED,
    ),
    Kind(
        "refused_and_renamed",
        "refused, and filed again under another name",
        lambda draw: draw.of_firm(),
        deeds=(Deed("rejected", files_again(SAME, new_name=True)),),
        review=(under(2), refuses("软件名称不符合规定。", 3)),
        ends=REFUSED,
    ),
    Kind(
        "same_title",
        "two customers with programs of one name and version, on two accounts",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", another_customer(OTHER), hours=1),),
        account="office-01",
        review=SOON,
    ),
    Kind(
        "imported_twice",
        "the same file is taken in a second time",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", import_again, hours=2),),
        review=SOON,
    ),
    Kind(
        "held",
        "the customer wants it held, and goes on two days later",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", hold), Deed("awaiting_seal", resume, hours=40)),
        review=SOON,
    ),
    Kind(
        "edited_at_once",
        "a particular is changed while the materials are being made",
        lambda draw: draw.of_firm(),
        deeds=(Deed("generating", edit_functions), Deed("generating", keep_materials, hours=1)),
        minutes=100,
        review=SOON,
    ),
    Kind(
        "edited_after_saving",
        "the firm's name is changed while the draft waits for its seal page",
        lambda draw: draw.of_firm(),
        deeds=(Deed("awaiting_seal", edit_firm_name), Deed("generating", keep_materials)),
        review=SOON,
    ),
)
