"""What the text of a correction notice asks for, read clause by clause; pure, and in doubt it says that a person reads.

New materials are made from the registration as it stands. So they answer a notice only where nothing in it says that
the registration itself, a paper of its owners or something unknown is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from workflow.intake.values import Value


def _patterns(**words: str) -> Mapping[str, re.Pattern[str]]:
    return MappingProxyType({name: re.compile(said) for name, said in words.items()})


MATERIALS = _patterns(
    application="申请表",
    source="源程序(?!量|行数)|源代码(?!量|行数)|程序鉴别材料|(?<!源)(?<!信用)(?<!机构)(?<!行业)(?<!分类)代码(?!量|行数)",
    manual="说明书|用户手册|操作手册|文档鉴别材料|文档",
)
PAPERS = _patterns(
    agreement="协议|合同|任务书",
    identity="身份证明|营业执照|身份证复印件|证件复印件|主体资格",
    seal_page="签章|盖章|公章|签字|签名",
)
FIELDS = _patterns(
    owners="著作权人|权利人|证件号|证件类型|身份证号|信用代码|姓名|(?:公司|企业|单位)名称|国籍|住所|地址",
    applicant="(?<!请)申请人|代理人|联系人",
    full_name="软件全称|软件名称|名称不规范",
    short_name="软件简称",
    version="版本",
    completed_on="完成日期",
    first_published_on="首次发表|发表日期|发表状态",
    development="开发方式",
    development_hardware="开发的?硬件",
    running_hardware="运行的?硬件|硬件环境",
    development_system="开发(?:该软件的)?操作系统",
    running_system="软件环境|运行环境|运行平台",
    languages="编程语言",
    source_lines="源程序量|源代码量|代码量|(?<!页)(?<!页的)行数",
    purpose="开发目的",
    industry="面向领域|面向行业",
    main_functions="主要功能",
    technical_features="技术特点",
    rights="权利范围|权利取得",
)
MADE = ("source", "manual")
"""What is printed from the registration. The form says what the registration says, right or wrong."""
PRINTED = frozenset(
    {"full_name", "short_name", "version", "running_hardware", "running_system", "languages", "main_functions",
     "technical_features"}
)  # fmt: skip
"""The fields of which MADE tell too, and may tell otherwise than the form. Of owners a person is asked all the same."""
DISAGREES = re.compile("不一致|不相符|不符(?!合)|不匹配|不统一|不吻合|不对应|不同(?!意)|应当?[与和同].{0,12}一致")
FAULT = re.compile(
    "有误|错误|错填|误填|填错|写错|填写|填报|未填|漏填|遗漏|缺|不规范|不符合|不完整|不准确|不全|不得|晚于|早于|超过|"
    "应为|应改|改为|更正|证件|执照|(?:修改|更改|改正)申请表"
)
"""Says that something is wrong in itself, and not only other than something else."""
SENTENCE = re.compile(r"[。；;！!\n]|(?<![0-9A-Za-z.])[0-9]{1,2}[.、．](?![0-9])|[（(]?[一二三四五六七八九十]+[、)）]")
CLAUSE = re.compile("[，,]")


class Asked(Value):
    """What a notice asks: materials that are made anew, papers and fields that only people can give."""

    materials: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Clauses that say that something is wrong, and nobody here knows what."""

    @property
    def of_materials_alone(self) -> bool:
        """New materials answer it. A notice in which nothing was read is no such one: a person reads it."""
        return bool(self.materials) and not self.of_people and not self.unread

    @property
    def of_people(self) -> tuple[str, ...]:
        return (*self.papers, *self.fields)


def asked_by(text: str) -> Asked:
    """All that each clause names.

    Where a document that is made disagrees with the form, new ones answer it: then the field that it is about is not
    asked for.
    """
    read = [one for sentence in SENTENCE.split(text) for one in _read(CLAUSE.split(sentence))]
    return Asked(**{name: _once(getattr(one, name) for one in read) for name in Asked.model_fields})


def _read(clauses: Iterable[str]) -> Iterator[Asked]:
    """One sentence. A clause that names nothing goes on about the document that the clause before it is about."""
    of_made = False
    for clause in clauses:
        materials, papers = _named(MATERIALS, clause), _named(PAPERS, clause)
        fields = tuple(one for one in _named(FIELDS, clause) if not _is_answered(clause, one))
        if materials or papers or fields:
            of_made = any(one in MADE for one in materials)
        is_known = bool(papers or fields) or of_made
        unread = (clause.strip(),) if FAULT.search(clause) and not is_known else ()
        yield Asked(materials=materials, papers=papers, fields=fields, unread=unread)


def _is_answered(clause: str, field: str) -> bool:
    """Whether new documents answer what the clause says of a field: it is about them, and they are not as the form."""
    if field not in PRINTED or not DISAGREES.search(clause) or FAULT.search(clause):
        return False
    documents = [found.start() for name in MADE if (found := MATERIALS[name].search(clause))]
    others = [found.start() for one in (MATERIALS["application"], FIELDS[field]) if (found := one.search(clause))]
    return bool(documents) and min(documents) < min(others)


def _named(words: Mapping[str, re.Pattern[str]], clause: str) -> tuple[str, ...]:
    return tuple(name for name, said in words.items() if said.search(clause))


def _once(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for names in found for one in names))
