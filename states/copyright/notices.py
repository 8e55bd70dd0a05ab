"""What owners are told, in words that their carrier delivers; pure, the outbox sends it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from states.copyright.correction import Deadline, answer_by, correction_agreed, is_time_unread, notice_of
from states.copyright.notice_text import asked_by
from states.copyright.owners import codes_due, unasked_for_specimens
from states.copyright.parties import Owner
from states.copyright.refused import HELPS, cause_of, reason_in_brief
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.whose import stood_so
from states.copyright.words import Answer
from workflow import Case, CodesOnFile, Message

Occasion = Literal[
    "code_notice",
    "code_again",
    "specimen_request",
    "filed_notice",
    "correction_notice",
    "certificate_notice",
    "rejection_notice",
]

ZH: dict[Occasion, str] = {
    "code_notice": "版权登记中心已将《{title}》{version}著作权登记的6位验证码发到您的手机，请在10小时内{go}填写。",
    "code_again": "《{title}》{version}著作权登记还缺您的验证码，版权登记中心已重新发送6位验证码到您的手机。"
    "请在10小时内{go}填写，此前收到的已失效。",
    "specimen_request": "《{title}》{version}的签章页需要您的签名。请{go}提供手写签名样本，并授权将其用于本次登记。",
    "filed_notice": "《{title}》{version}的著作权登记材料已提交。您可随时{go}查询进度、下载材料。",
    "correction_notice": "《{title}》{version}的著作权登记需补正，答复期限为{by}{reason}。请{go}查看，我们会与您联系。",
    "certificate_notice": "《{title}》{version}的著作权登记已通过。登记证书请{go}下载；如尚未显示，请稍后再看。",
    "rejection_notice": "《{title}》{version}的著作权登记不予受理{reason}。{helps}请{go}查看，我们会与您联系。",
}
EN: dict[Occasion, str] = {
    "code_notice": "The copyright office has sent a 6-digit code for {title} {version} to your phone. "
    "Within 10 hours, please {go} and fill it in.",
    "code_again": "Your code for {title} {version} is still missing; the copyright office has sent a new 6-digit code "
    "to your phone. Within 10 hours, please {go} and fill it in; earlier ones no longer count.",
    "specimen_request": "The signature page of {title} {version} needs your signature. "
    "Please {go}, give a specimen of it and allow its use for this registration.",
    "filed_notice": "The registration of {title} {version} has been filed. "
    "To follow it and download its papers, {go} at any time.",
    "correction_notice": "The copyright office wants a correction of {title} {version} by {by}{reason}. "
    "For more, please {go}. We will contact you.",
    "certificate_notice": "The registration of {title} {version} is granted. To download the certificate, {go}; "
    "if it is not there yet, please look again later.",
    "rejection_notice": "The registration of {title} {version} was not accepted{reason}. {helps}"
    "For more, please {go}. We will contact you.",
}
LINK = {"zh-CN": "打开 {link} ", "en": "open {link} "}
TYPED = {"zh-CN": "用手机浏览器输入网址 {address} ", "en": "type the address {address} into your browser"}
REASON = {"zh-CN": "，版权登记中心的意见是：{said}", "en": ": {said}"}
FRAME = {"zh-CN": "【{sender}】{name}，您好：{text}", "en": "[{sender}] Dear {name}: {text}"}

_LINKLIKE = re.compile(r"/|(?i:www)\.")


def code_notice(case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings) -> list[Message]:
    """To each owner to whom the bureau sent a code: where to fill it in (R119, R120, R122)."""
    told = []
    for request in codes_due(case, codes_on_file, settings):
        is_first = request.count == 1
        occasion = "code_notice" if is_first else f"code_notice/{request.count}"
        if (occasion, request.owner) not in case.done:
            text: Occasion = "code_notice" if is_first else "code_again"
            told += _to([case.data.owner(request.owner)], case, settings, text, occasion)
    return told


def phone_of(data: Registration, owner: str) -> str | None:
    """Where an owner is told today; a number that was refused may have been corrected."""
    return next((one.mobile for one in data.owners if one.id == owner), None)


def specimen_request(case: Case[Registration], now: datetime, settings: CopyrightSettings) -> list[Message]:
    """To each person whose signature the seal page lacks, and again to who is silent for a day and for two (R77)."""
    due = unasked_for_specimens(case, now)
    return [one for named, owners in due.items() for one in _to(owners, case, settings, "specimen_request", named)]


def filed_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone: it is filed, and can be followed (R82-R84). A correction is no news to them."""
    return [] if case.round else _to(case.data.owners, case, settings, "filed_notice")


def correction_notice(
    case: Case[Registration], settings: CopyrightSettings, deadline: Deadline | None
) -> list[Message]:
    """To every owner with a phone, where people must give something: what is asked, and by when, once that is known."""
    notice = notice_of(case)
    if notice is None or is_time_unread(notice) or not asked_by(notice.text).of_people:
        return []
    if deadline is None or deadline.left < 0 or correction_agreed(case, settings, deadline):
        return []
    return _to(case.data.owners, case, settings, "correction_notice", f"correction_notice/{deadline.warned.days}")


def certificate_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone: it is granted, and where the certificate will lie (R106, R107)."""
    owners = () if stood_so(case, Answer.issued) else case.data.owners
    return _to(owners, case, settings, "certificate_notice")


def rejection_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone, after staff had its time: it was not accepted, why, and what helps then (R104)."""
    told = _to(() if stood_so(case, Answer.refused) else case.data.owners, case, settings, "rejection_notice")
    return [replace(one, after=settings.refusals_after) for one in told]


def _to(
    owners: Iterable[Owner],
    case: Case[Registration],
    settings: CopyrightSettings,
    occasion: Occasion,
    named: str | None = None,
) -> list[Message]:
    return [
        Message(named or occasion, owner.id, owner.mobile, _text(owner, case, settings, occasion))
        for owner in owners
        if owner.mobile
    ]


def _text(owner: Owner, case: Case[Registration], settings: CopyrightSettings, occasion: Occasion) -> str:
    for_codes = occasion in ("code_notice", "code_again")
    words = {
        "sender": settings.sender, "name": owner.name, "title": case.data.full_name, "version": case.data.version,
        "said": reason_in_brief(_bureau_says(case, occasion)), "by": _by(case),
    }  # fmt: skip
    if owner.carrier in settings.link_carriers:
        go = LINK[settings.language].format(link=settings.codes_link if for_codes else settings.progress_link)
    else:
        address = settings.codes_address if for_codes else settings.progress_address
        go = TYPED[settings.language].format(address=address)
        words = {name: _unlinked(word) for name, word in words.items()}
    said = words.pop("said")
    words["reason"] = REASON[settings.language].format(said=said) if said else ""
    words["helps"] = _helps(case, settings)
    text = (ZH if settings.language == "zh-CN" else EN)[occasion].format(go=go, **words)
    return FRAME[settings.language].format(text=text, **words)


def _bureau_says(case: Case[Registration], occasion: Occasion) -> str | None:
    notice = case.data.notice
    return notice.text if occasion == "correction_notice" and notice is not None else case.data.refusal


def _by(case: Case[Registration]) -> str:
    """The last day on which the bureau takes the answer to its notice."""
    return "" if case.data.notice is None else answer_by(case.data.notice).isoformat()


def _helps(case: Case[Registration], settings: CopyrightSettings) -> str:
    """What helps for the bureau's reason, and a blank behind it where the language has blanks."""
    helps = HELPS[cause_of(case.data.refusal)][settings.language]
    return f"{helps} " if helps and settings.language == "en" else helps


def _unlinked(word: str) -> str:
    """A title may hold what a carrier takes for a link, and would cost the whole text."""
    return _LINKLIKE.sub(lambda found: "／" if found.group() == "/" else f"{found.group()[:-1]}．", word)
