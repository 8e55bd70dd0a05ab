"""What owners are told, in words that their carrier delivers; pure, the outbox sends it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from states.copyright.owners import codes_due, without_specimen
from states.copyright.parties import Owner
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from workflow import Case, CodesOnFile, Message

Occasion = Literal[
    "code_notice", "code_reminder", "specimen_request", "filed_notice", "certificate_notice", "rejection_notice"
]

ZH: dict[Occasion, str] = {
    "code_notice": "版权登记中心已将《{title}》{version}著作权登记的6位验证码发到您的手机，请在10小时内{go}填写。",
    "code_reminder": "《{title}》{version}著作权登记的6位验证码尚未填写。请{go}填写您手机上的验证码；"
    "若已过期，填写后会重新发送。",
    "specimen_request": "《{title}》{version}的签章页需要您的签名。请{go}提供手写签名样本，并授权将其用于本次登记。",
    "filed_notice": "《{title}》{version}的著作权登记材料已提交。您可随时{go}查询进度、下载材料。",
    "certificate_notice": "《{title}》{version}的著作权登记已通过。您可{go}下载登记证书。",
    "rejection_notice": "《{title}》{version}的著作权登记不予受理，需改名后重新申请。请{go}查看原因，我们会与您联系。",
}
EN: dict[Occasion, str] = {
    "code_notice": "The copyright office has sent a 6-digit code for {title} {version} to your phone. "
    "Within 10 hours, please {go} and fill it in.",
    "code_reminder": "The 6-digit code for {title} {version} has not been filled in yet. "
    "Please {go} and fill in the one on your phone; if it is too old by now, a new one is sent then.",
    "specimen_request": "The signature page of {title} {version} needs your signature. "
    "Please {go}, give a specimen of it and allow its use for this registration.",
    "filed_notice": "The registration of {title} {version} has been filed. "
    "To follow it and download its papers, {go} at any time.",
    "certificate_notice": "The registration of {title} {version} is granted. To download the certificate, {go}.",
    "rejection_notice": "The registration of {title} {version} was not accepted; the software needs another name. "
    "For the reason, please {go}. We will contact you.",
}
LINK = {"zh-CN": "打开 {link} ", "en": "open {link} "}
TYPED = {"zh-CN": "用手机浏览器输入网址 {address} ", "en": "type the address {address} into your browser"}
FRAME = {"zh-CN": "【{sender}】{name}，您好：{text}", "en": "[{sender}] Dear {name}: {text}"}

_LINKLIKE = re.compile(r"/|(?i:www)\.")


def code_notice(case: Case[Registration], codes_on_file: CodesOnFile, settings: CopyrightSettings) -> list[Message]:
    """To each owner to whom the bureau sent a code: where to fill it in (R119, R120, R122)."""
    told = []
    for request in codes_due(case, codes_on_file, settings):
        occasion = "code_notice" if request.count == 1 else f"code_notice/{request.count}"
        if (occasion, request.owner) not in case.done:
            told += _to([case.data.owner(request.owner)], case, settings, "code_notice", occasion)
    return told


def code_reminder(case: Case[Registration], settings: CopyrightSettings, owner: str, named: str) -> list[Message]:
    """To an owner whose code did not come for days; named: which reminder it is, of which code."""
    return _to([case.data.owner(owner)], case, settings, "code_reminder", f"code_reminder/{named}")


def phone_of(data: Registration, owner: str) -> str | None:
    """Where an owner is told today; a number that was refused may have been corrected."""
    return next((one.mobile for one in data.owners if one.id == owner), None)


def specimen_request(case: Case[Registration], now: datetime, settings: CopyrightSettings) -> list[Message]:
    """To each person whose signature the seal page lacks (R77)."""
    unasked = [owner for owner in without_specimen(case, now) if ("specimen_request", owner.id) not in case.done]
    return _to(unasked, case, settings, "specimen_request")


def filed_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone: it is filed, and can be followed (R82-R84). A correction is no news to them."""
    return [] if case.round else _to(case.data.owners, case, settings, "filed_notice")


def certificate_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone: it is granted, and the certificate lies ready (R106, R107)."""
    return _to(case.data.owners, case, settings, "certificate_notice")


def rejection_notice(case: Case[Registration], settings: CopyrightSettings) -> list[Message]:
    """To every owner with a phone: it was not accepted, and what follows from that (R104)."""
    return _to(case.data.owners, case, settings, "rejection_notice")


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
    for_codes = occasion in ("code_notice", "code_reminder")
    words = {
        "sender": settings.sender, "name": owner.name, "title": case.data.full_name, "version": case.data.version,
    }  # fmt: skip
    if owner.carrier in settings.link_carriers:
        go = LINK[settings.language].format(link=settings.codes_link if for_codes else settings.progress_link)
    else:
        address = settings.codes_address if for_codes else settings.progress_address
        go = TYPED[settings.language].format(address=address)
        words = {name: _unlinked(word) for name, word in words.items()}
    text = (ZH if settings.language == "zh-CN" else EN)[occasion].format(go=go, **words)
    return FRAME[settings.language].format(text=text, **words)


def _unlinked(word: str) -> str:
    """A title may hold what a carrier takes for a link, and would cost the whole text."""
    return _LINKLIKE.sub(lambda found: "／" if found.group() == "/" else f"{found.group()[:-1]}．", word)
