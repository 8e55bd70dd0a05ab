"""What the bureau's form asks, in the bureau's own words: the values are the ones that its pages offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.names import trimmed

BESIDE = ("agreement", "attorney")
"""The papers that some filings alone have: how several owners developed it, and that an agent may file for them."""
Category = Literal["应用软件", "嵌入式软件", "中间件", "操作系统"]
WorkKind = Literal["原创", "修改", "翻译", "合成"]
Permission = Literal["原著作权人已授权", "本人的原有软件"]
Development = Literal["单独开发", "合作开发", "委托开发", "下达任务开发"]
Publication = Literal["已发表", "未发表"]
Acquisition = Literal["原始取得", "继受取得"]
Succession = Literal["受让", "承受", "继承"]
Scope = Literal["全部权利", "部分权利"]
Right = Literal[
    "发表权", "署名权", "修改权", "复制权", "发行权", "出租权", "信息网络传播权", "翻译权", "其他权利"
]  # fmt: skip
OwnerKind = Literal["自然人", "企业法人", "机关法人", "事业单位法人", "社会团体法人", "其他组织"]
CertificateKind = Literal[
    "居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳台居民居住证",
    "外国人永久居留身份证", "统一社会信用代码", "事业单位法人证书", "社会团体法人证书", "境外注册证明", "其他证件",
]  # fmt: skip
Attribution = Literal["本名", "别名", "匿名"]
FeatureKind = Literal[
    "APP软件", "游戏软件", "教育软件", "金融软件", "医疗软件", "地理信息软件", "云计算软件", "信息安全软件",
    "大数据软件", "人工智能软件", "VR软件", "5G软件", "小程序", "物联网软件", "智慧城市软件", "其他",
]  # fmt: skip
Deposit = Literal["一般交存", "例外交存"]
DepositWay = Literal[
    "使用黑色宽斜线覆盖页面中的机密部分",
    "源程序的前10页和任选连续50页",
    "目标程序的连续前、后各30页和源程序任选连续20页",
]
ORIGINAL: WorkKind = "原创"
COVERED: DepositWay = "使用黑色宽斜线覆盖页面中的机密部分"


class Page(BaseModel):
    """A part of the form; frozen, and closed to what the bureau does not ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Software(Page):
    """软件基本信息"""

    full_name: str
    short_name: str = ""
    version: str
    category: Category
    work_kind: WorkKind = "原创"
    modification_note: str = ""
    permission: Permission | None = None
    """Of whose work it was made: the original's owner allowed it, or it is our own."""
    former_number: str = ""
    development_mode: Development
    completion_date: date
    publication: Publication
    publication_date: date | None = None
    publication_country: str = ""
    publication_place: str = ""
    acquisition: Acquisition = "原始取得"
    succession: Succession | None = None
    scope: Scope = "全部权利"
    rights: tuple[Right, ...] = ()


class Owner(Page):
    """著作权人; from here on, the bureau's pages know them by name and place."""

    name: str
    kind: OwnerKind
    certificate_kind: CertificateKind
    certificate_number: str = Field(repr=False)
    nationality: str
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = Field("", repr=False)
    phone: str = Field("", repr=False)
    email: str = Field("", repr=False)
    attribution: Attribution = "本名"
    alias: str = ""


def told_apart(names: Sequence[str]) -> list[str]:
    """Each owner's name as a page shows it; where several bear one, with its place on the form, from 1: 张伟 (2)."""
    shown = [trimmed(name) for name in names]
    bearers = Counter(shown)
    return [f"{name} ({place})" if bearers[name] > 1 else name for place, name in enumerate(shown, 1)]


class Agent(Page):
    """代理人: who files on behalf of the applicant."""

    name: str
    address: str
    postcode: str
    contact: str
    phone: str = Field(repr=False)
    email: str = Field(repr=False)


class Applicant(Page):
    """申请人, with what the same page asks about the program."""

    owner: str | None = None
    """The name of the owner who applies; None when somebody else does, by name."""
    name: str = ""
    address: str
    postcode: str
    contact: str
    phone: str = Field(repr=False)
    email: str = Field(repr=False)
    agent: Agent | None = None
    development_hardware: str = ""
    running_hardware: str = ""
    development_system: str = ""
    development_tools: str = ""
    running_system: str = ""
    supporting_software: str = ""
    languages: str
    line_count: int
    page_count: int | None = None
    purpose: str = ""
    industry: str = ""
    main_functions: str
    feature_kinds: tuple[FeatureKind, ...] = ()
    technical_features: str
    deposit: Deposit = "一般交存"
    deposit_way: DepositWay | None = None
    deposit_masked: str = ""
    """What the black lines cover."""
    deposit_pages: str = ""
    """Which pages are covered, or chosen."""


class FilingForm(Page):
    """One filing as the pages ask for it, page by page.

    agreement: the cooperation agreement; attorney: the applicant's power of attorney for the agent; each a PDF, if any.
    """

    software: Software
    owners: tuple[Owner, ...] = Field(min_length=1)
    applicant: Applicant
    agreement: bytes | None = Field(None, repr=False)
    attorney: bytes | None = Field(None, repr=False)

    @property
    def beside(self) -> Mapping[str, bytes]:
        """The papers beside those of every filing, by kind."""
        held = {kind: getattr(self, kind) for kind in BESIDE}
        return {kind: content for kind, content in held.items() if content is not None}

    @property
    def applicant_name(self) -> str:
        return self.applicant.owner or self.applicant.name

    @property
    def owner_names(self) -> list[str]:
        """The owners' names, each told apart from the others."""
        return told_apart([owner.name for owner in self.owners])

    @model_validator(mode="after")
    def _names_are_clear(self) -> Self:
        # as they are written on the page
        written = [(trimmed(owner.name), trimmed(owner.certificate_number)) for owner in self.owners]
        bearers = Counter(name for name, _ in written)
        if len(set(written)) < len(written):
            raise ValueError("an owner stands twice: one name with one certificate number")
        applying = None if self.applicant.owner is None else trimmed(self.applicant.owner)
        if applying is not None and bearers[applying] != 1:
            raise ValueError(f"the applicant {applying} is {bearers[applying]} of the owners")
        if not trimmed(self.applicant_name):
            raise ValueError("the applicant has no name")
        return self
