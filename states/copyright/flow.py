"""A software-copyright registration from the order of its materials to the certificate: read this table first."""

from datetime import timedelta
from enum import StrEnum

from states.copyright.actions import (
    confirm,
    enter_codes,
    fetch_certificate,
    fetch_seal_form,
    pay_order,
    place_order,
    request_code,
    save_draft,
    sign_seal_page,
    upload_seal_page,
)
from states.copyright.attorney import attorney_on_file
from states.copyright.correction import (
    answer_open,
    correction_agreed,
    correction_untold,
    deadline,
    deadline_near,
    deadline_over,
)
from states.copyright.facts import facts
from states.copyright.gaps import form_complete
from states.copyright.guards import (
    acceptance_number_is_new,
    agreement_asked,
    agreement_current,
    agreement_on_file,
    agreement_outdated,
    certificate_issued,
    certificate_missing,
    certificate_on_file,
    codes_needed,
    correction_wanted,
    draft_behind,
    draft_complete,
    draft_stale,
    draft_unrivalled,
    filed_already,
    grant_is_new,
    is_correction,
    is_new,
    not_accepted,
    review_is_new,
    serial_number_is_new,
)
from states.copyright.notices import (
    certificate_notice,
    code_notice,
    correction_notice,
    filed_notice,
    rejection_notice,
    specimen_request,
)
from states.copyright.older import raised
from states.copyright.orders import (
    left_order,
    materials_given,
    materials_ready,
    order_anew,
    order_doubled,
    order_left,
    order_missing,
    order_paid,
    order_unpaid,
    order_wanted_anew,
    payment_due,
)
from states.copyright.owners import (
    center_ids_given,
    center_ids_missing,
    codes_complete,
    codes_entered,
    codes_to_request,
    only_people,
    seal_form_on_file,
    seal_page_missing,
    seal_page_on_file,
    specimens_complete,
    specimens_unasked,
)
from states.copyright.registration import Registration
from states.copyright.review import filing_agreed
from states.copyright.sealing import seal_form_missing, seal_page_fits, seal_page_up
from states.copyright.settings import CopyrightSettings
from states.copyright.standing import (
    answered_elsewhere,
    correction_stands,
    decided_elsewhere,
    draft_listed,
    draft_lost,
    draft_missed,
    filed_elsewhere,
    filing_shown,
    filing_stands,
    standing_is_news,
    status_known,
)
from workflow import Flow, State, Stay, To


class S(StrEnum):
    unprocessed = "unprocessed"
    awaiting_agreement = "awaiting_agreement"
    generating = "generating"
    awaiting_captcha = "awaiting_captcha"
    awaiting_seal = "awaiting_seal"
    submitted = "submitted"
    needs_correction = "needs_correction"
    granted = "granted"
    rejected = "rejected"


WITH_UPLOAD = (
    "submitted[seal_page_on_file+draft_unrivalled]",
    "submitted[seal_page_on_file+filing_agreed+draft_unrivalled]",
)
"""As the line was called while it uploaded the seal page too."""
# The keys that lines had in earlier versions of the table: decisions that are open go on by them.
ORDERED = ("generating[order_missing]", "generating[correction_agreed+form_complete+order_missing]")
PAID = ("generating[order_unpaid]", "generating[correction_agreed+form_complete+order_unpaid]")
ORDERED_ANEW = "stay:place_order+pay_order[form_complete+order_anew]"
PAID_LATER = "stay:pay_order[payment_due+order_unpaid]"
SAVED = "stay:save_draft[materials_ready+draft_unrivalled+form_complete+draft_behind]"
ENTERED = "stay:enter_codes[codes_complete]"
CONFIRMED = (
    "submitted[materials_ready+draft_unrivalled+draft_complete+is_correction]",
    "submitted[materials_ready+draft_unrivalled+draft_complete+is_correction+filing_agreed]",
)
CODED = (
    "submitted[codes_entered+is_correction+draft_unrivalled]",
    "submitted[codes_entered+is_correction+filing_agreed+draft_unrivalled]",
)

# fmt: off
ordering = (
    To(S.generating, when=materials_given),
    To(S.generating, when=[form_complete, order_missing], do=[place_order, pay_order], was="generating[order_missing]"),
    To(S.generating, when=[form_complete, order_unpaid], do=pay_order, was="generating[order_unpaid]"),
    To(S.generating, when=order_paid),
)
answering = (
    To(S.generating, when=[correction_agreed, materials_given]),
    To(S.generating, when=[correction_agreed, order_paid]),
    To(S.generating, when=[correction_agreed, form_complete, order_missing, correction_stands],
       do=[place_order, pay_order], was=ORDERED),
    To(S.generating, when=[correction_agreed, form_complete, order_unpaid, correction_stands], do=pay_order, was=PAID),
)
correcting = (To(S.submitted, when=decided_elsewhere), *(
    Stay(when=[is_correction, near], learn={"warned": "deadline.warned"}, tell=correction_notice, incident=kind)
    for near, kind in ((deadline_near, "correction_due"), (deadline_over, "correction_lost"))
))
looked_for = Stay(when=[draft_missed, standing_is_news], learn={"noticed": "standing"})
draft_watched = (To(S.generating, when=draft_lost), looked_for)
saved_anew = To(S.generating, when=draft_stale)
request_codes = Stay(when=[answer_open, codes_to_request], do=request_code, tell=code_notice, name="request_codes")
notice_filings = Stay(when=standing_is_news, learn={"noticed": "standing"}, name="notice_filings")
given_up = Stay(when=[order_wanted_anew, order_left], learn={"not_ours+": "left_order"})
by_hand = (notice_filings, To(S.submitted, when=filed_elsewhere, tell=filed_notice))
fill_center_ids = Stay(when=[center_ids_missing, center_ids_given], learn={"center_ids": "center_ids.by_owner"},
                       name="fill_center_ids")

flow = Flow("copyright", version=4, data=Registration, upcast=raised, facts=[*facts, deadline, left_order],
            settings=CopyrightSettings(), prefix="RZ", subject=lambda data: data.matter, states=[
    State(S.unprocessed, "未处理", *by_hand, given_up, *ordering, waits_for="generator"),                      # task 2
    State(S.generating, "材料生成中",                                                                # task 3
        *by_hand, *correcting, given_up,
        Stay(when=order_doubled, learn={"doubled_order": "order.number"}, incident="order_doubled"),
        Stay(when=[form_complete, order_anew, is_new], do=[place_order, pay_order], was=ORDERED_ANEW),
        Stay(when=[payment_due, order_unpaid, is_new], do=pay_order, was=PAID_LATER),
        Stay(when=[form_complete, order_anew, answer_open, correction_stands], do=[place_order, pay_order]),
        Stay(when=[payment_due, order_unpaid, answer_open, correction_stands], do=pay_order),
        To(S.submitted, when=[materials_ready, filed_already]),
        To(S.awaiting_agreement, when=[materials_ready, draft_unrivalled, agreement_outdated]),
        Stay(when=[materials_ready, draft_unrivalled, form_complete, attorney_on_file, draft_behind, answer_open],
             do=save_draft, was=SAVED),
        To(S.awaiting_agreement, when=[materials_ready, draft_unrivalled, agreement_asked]),
        To(S.awaiting_captcha, when=[materials_ready, draft_unrivalled, codes_needed],
           learn={"codes_wanted": "codes_asked", "codes_entered": "codes_taken"}),
        To(S.submitted, do=confirm, was=CONFIRMED,
           when=[materials_ready, draft_unrivalled, draft_complete, is_correction, filing_agreed, answer_open]),
        To(S.awaiting_seal, when=[materials_ready, draft_unrivalled, draft_complete, is_new]), waits_for="generator"),
    State(S.awaiting_agreement, "在等合作协议",                                                      # task 12
        *by_hand, *correcting, *draft_watched,
        To(S.generating, when=agreement_on_file),
        To(S.generating, when=[agreement_current, draft_stale], was="generating[draft_stale]"),
        waits_for="owner"),
    State(S.awaiting_captcha, "还差验证码",                                     # task 4; the codes come by job 8
        *by_hand, *correcting, *draft_watched,
        saved_anew,
        request_codes,                                                                               # task 10
        fill_center_ids,                                                                             # task 11
        Stay(when=[codes_complete, standing_is_news], learn={"noticed": "standing"}),
        Stay(when=[codes_complete, answer_open, draft_listed], do=enter_codes, was=ENTERED),
        To(S.awaiting_seal, when=[codes_entered, is_new]),
        Stay(when=[codes_entered, is_correction, filing_agreed, standing_is_news], learn={"noticed": "standing"}),
        To(S.submitted, when=[codes_entered, is_correction, filing_agreed, filed_already]),
        To(S.submitted, do=confirm, was=CODED,
           when=[codes_entered, is_correction, filing_agreed, draft_unrivalled, answer_open, draft_listed]),
        waits_for="owner"),
    State(S.awaiting_seal, "等签章页盖章",                                                           # task 5
        *by_hand, *draft_watched,
        saved_anew,
        fill_center_ids,
        Stay(when=[seal_page_missing, only_people, specimens_unasked], tell=specimen_request),
        Stay(when=seal_form_missing, do=fetch_seal_form),
        Stay(when=[seal_page_missing, only_people, specimens_complete, seal_form_on_file], do=sign_seal_page),
        Stay(when=[seal_page_on_file, filing_agreed, standing_is_news], learn={"noticed": "standing"}),
        To(S.submitted, when=[seal_page_on_file, filing_agreed, filed_already], tell=filed_notice),
        Stay(when=[seal_page_on_file, filing_agreed, draft_unrivalled, seal_page_fits], do=upload_seal_page),
        To(S.submitted, when=[seal_page_on_file, filing_agreed, draft_unrivalled, seal_page_up], do=confirm,
           tell=filed_notice, was=WITH_UPLOAD),
        waits_for="owner"),
    State(S.submitted, "已提交",                                                                     # task 6
        To(S.submitted, when=[filing_shown, status_known, filing_stands, answered_elsewhere], new_round=True),
        fill_center_ids,
        Stay(when=acceptance_number_is_new, learn={"acceptance_number": "filing.acceptance_number"}),
        Stay(when=serial_number_is_new, learn={"serial_number": "filing.serial_number"}),
        Stay(when=review_is_new, learn={"reviews+": "review"}),
        Stay(when=[certificate_issued, grant_is_new], tell=certificate_notice,  # however long its page does not answer
             learn={"certificate_number": "filing.certificate_number", "certified_on": "filing.certified_on"}),
        Stay(when=[certificate_issued, certificate_missing], do=fetch_certificate),
        To(S.granted, when=[certificate_issued, certificate_on_file]),
        To(S.rejected, when=not_accepted, learn={"refusal": "filing.remark"}, tell=rejection_notice),
        To(S.needs_correction, when=correction_wanted, learn={"notice": "notice"}, new_round=True),
        recheck=timedelta(hours=24), waits_for="bureau", ends=("correction_due", "correction_lost")),
    State(S.needs_correction, "待补正",                                                                  # task 7
        *by_hand, *correcting, given_up,
        Stay(when=correction_untold, learn={"warned": "deadline.warned"}, tell=correction_notice),
        *answering, waits_for="generator"),
    State(S.granted, "通过", final=True),
    State(S.rejected, "不予受理", final=True, ends_badly=True),
])
# fmt: on
