"""Checks the particulars of a registration against one another and the day: what the bureau would send back."""

import re
from collections.abc import Iterator
from datetime import date

from states.copyright.gaps import still_lacking, too_long
from states.copyright.party_rules import applicant_contradictions, owner_contradictions, owner_warnings, twice
from states.copyright.registration import Registration
from states.copyright.words import (
    Acquisition,
    Deposit,
    DepositException,
    Development,
    Nature,
    PublicationStatus,
    Scope,
)
from workflow.intake.rows import Contradiction

REGISTRATION_NUMBER = re.compile(r"[0-9]{4}SR[0-9]{6,7}")
EARLIEST = date(1990, 1, 1)
"""Where the bureau's calendar begins."""


def contradictions(data: Registration, today: date) -> tuple[Contradiction, ...]:
    """All contradictions, in the order of the form."""
    return (
        *_nature(data),
        *_development(data),
        *_dates(data, today),
        *_rights(data),
        *owner_contradictions(data, today),
        *applicant_contradictions(data),
        *_deposit(data),
        *too_long(data),
        *_taking_over(data),
    )


def warnings(data: Registration) -> tuple[Contradiction, ...]:
    """What may be wrong, and is taken all the same."""
    return (*owner_warnings(data), *still_lacking(data))


def _taking_over(data: Registration) -> Iterator[Contradiction]:
    """What stands at the bureau already stands there under one account, as a draft or as a filing."""
    number = data.filing_number or data.draft_number
    if data.draft_number and data.filing_number:
        en, zh = "give the filing's number alone: its draft is there no more", "只填登记的编号：其草稿已不存在"
        yield Contradiction("draft_number", data.draft_number, "draft_and_filing", en, zh)
    if number and data.account is None:
        en, zh = "name the account under which it stands", "请写明它在哪个账号下"
        yield Contradiction("account", None, "number_of_account", en, zh)


def _nature(data: Registration) -> Iterator[Contradiction]:
    note, former = data.modification_note, data.former_registration_number
    if data.nature is not Nature.original and note is None:
        yield Contradiction(
            "modification_note",
            None,
            "modified_needs_note",
            "a work made of another one says what was modified, translated or compiled",
            "修改、翻译或合成作品须填写修改说明",
        )
    if data.nature is Nature.original and data.modification_permission is not None:
        yield Contradiction(
            "modification_permission",
            data.modification_permission,
            "original_needs_no_permission",
            "drop it, or set nature to modified, translated or compiled",
            "原创作品不填原著作权人授权；否则请把 nature 改为 modified、translated 或 compiled",
        )
    if data.nature is Nature.original and note is not None:
        yield Contradiction(
            "modification_note",
            note,
            "original_has_no_note",
            "drop it, or set nature to modified",
            "原创作品不填修改说明；如为修改作品请把 nature 改为 modified",
        )
    if data.nature is Nature.original and former is not None:
        yield Contradiction(
            "former_registration_number",
            former,
            "original_was_not_registered",
            "drop it, or set nature to modified",
            "原创作品没有前登记号；如为修改作品请把 nature 改为 modified",
        )
    if former is not None and not REGISTRATION_NUMBER.fullmatch(former):
        yield Contradiction(
            "former_registration_number",
            former,
            "registration_number",
            "year, SR and 6 or 7 digits, as in 2021SR0123456",
            "应为年份、SR加6至7位数字，如 2021SR0123456",
        )


def _development(data: Registration) -> Iterator[Contradiction]:
    if data.acquisition is not Acquisition.original:
        return  # heirs may own together what one person wrote
    mode, owners = data.development, len(data.owners)
    if mode is Development.cooperation and owners < 2:
        yield Contradiction(
            "development",
            mode,
            "cooperation_needs_owners",
            "name all who developed it as owners, or say sole",
            "合作开发须有两个以上著作权人；否则请改为 sole（单独开发）",
        )
    if mode is Development.sole and owners > 1:
        yield Contradiction(
            "development",
            mode,
            "sole_has_one_owner",
            f"{owners} owners are named: say cooperation, commission or assigned",
            f"列出了{owners}个著作权人，请改为 cooperation、commission 或 assigned",
        )


def _dates(data: Registration, today: date) -> Iterator[Contradiction]:
    done, shown, place = data.completed_on, data.first_published_on, data.first_published_at
    if not EARLIEST <= done <= today:
        yield Contradiction(
            "completed_on",
            done,
            "completed_in_the_past",
            f"between {EARLIEST} and today, {today}",
            f"应在 {EARLIEST} 与今天（{today}）之间",
        )
    if data.publication is PublicationStatus.unpublished:
        for field, value in (("first_published_on", shown), ("first_published_at", place)):
            if value is not None:
                yield Contradiction(
                    field,
                    value,
                    "unpublished_has_no_publication",
                    "drop it, or set publication to published",
                    "未发表不填首次发表信息；如已发表请把 publication 改为 published",
                )
        return
    if place is None:
        yield Contradiction(
            "first_published_at",
            None,
            "published_needs_place",
            "say where it was first published",
            "已发表须填写首次发表地点",
        )
    if shown is None:
        yield Contradiction(
            "first_published_on",
            None,
            "published_needs_date",
            "say when it was first published",
            "已发表须填写首次发表日期",
        )
    elif shown < done:
        yield Contradiction(
            "first_published_on",
            shown,
            "published_after_completion",
            f"not before completed_on, {done}",
            f"不得早于开发完成日期 {done}",
        )
    elif shown > today:
        yield Contradiction(
            "first_published_on",
            shown,
            "published_in_the_past",
            f"not after today, {today}",
            f"不得晚于今天（{today}）",
        )


def _rights(data: Registration) -> Iterator[Contradiction]:
    if data.acquisition is Acquisition.succession and data.succession is None:
        yield Contradiction(
            "succession",
            None,
            "succession_needs_kind",
            "say assignment, assumption or inheritance",
            "继受取得须注明 assignment（受让）、assumption（承受）或 inheritance（继承）",
        )
    if data.acquisition is Acquisition.original and data.succession is not None:
        yield Contradiction(
            "succession",
            data.succession,
            "original_has_no_succession",
            "drop it, or set acquisition to succession",
            "原始取得不填继受方式；否则请把 acquisition 改为 succession",
        )
    if data.scope is Scope.partial and not data.rights:
        yield Contradiction(
            "rights", data.rights, "partial_needs_rights", "list the rights it covers", "部分权利须逐项列出"
        )
    if data.scope is Scope.all and data.rights:
        yield Contradiction(
            "rights",
            list(data.rights),
            "all_lists_none",
            "drop the list, or set scope to partial",
            "全部权利不列明细；否则请把 scope 改为 partial",
        )
    for right in twice(data.rights):
        yield Contradiction("rights", right, "listed_once", "list each right once", "每项权利只列一次")


def _deposit(data: Registration) -> Iterator[Contradiction]:
    how = data.deposit_exception
    if data.deposit is Deposit.exceptional and how is None:
        yield Contradiction(
            "deposit_exception",
            None,
            "exceptional_needs_way",
            "say covered, chosen_pages or object_code",
            "例外交存须注明方式：covered、chosen_pages 或 object_code",
        )
    if data.deposit is Deposit.ordinary and how is not None:
        yield Contradiction(
            "deposit_exception",
            how,
            "ordinary_has_no_way",
            "drop it, or set deposit to exceptional",
            "一般交存不填例外方式；否则请把 deposit 改为 exceptional",
        )
    for field in ("deposit_masked", "deposit_pages"):
        told = getattr(data, field)
        if told is not None and (how is None or (field == "deposit_masked" and how is not DepositException.covered)):
            yield Contradiction(
                field,
                told,
                "nothing_is_masked",
                "drop it, or say by deposit and deposit_exception how it is deposited",
                "请去掉此项，或以 deposit 与 deposit_exception 注明交存方式",
            )
