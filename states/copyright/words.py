"""The closed vocabularies of the bureau's form: an English key for code and data, a label in zh-CN and in English."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word of a closed vocabulary. Its value is the key; `zh` is what the bureau's form prints."""

    zh: str
    en: str

    def __new__(cls, key: str, zh: str, en: str) -> Self:
        word = str.__new__(cls, key)
        word._value_, word.zh, word.en = key, zh, en
        return word


class Category(Word):
    """软件分类"""

    application = "application", "应用软件", "Application software"
    embedded = "embedded", "嵌入式软件", "Embedded software"
    middleware = "middleware", "中间件", "Middleware"
    operating_system = "operating_system", "操作系统", "Operating system"


class Nature(Word):
    """软件作品说明"""

    original = "original", "原创", "Original work"
    modified = "modified", "修改", "Modified work"
    translated = "translated", "翻译", "Translation"
    compiled = "compiled", "合成", "Compilation"


class Permission(Word):
    """原著作权人授权: by what right a work was made from another one."""

    granted = "granted", "原著作权人已授权", "The owner of the original allowed it"
    own = "own", "本人的原有软件", "The original is the applicants' own"


class Development(Word):
    """开发方式"""

    sole = "sole", "单独开发", "Developed alone"
    cooperation = "cooperation", "合作开发", "Developed in cooperation"
    commission = "commission", "委托开发", "Developed on commission"
    assigned = "assigned", "下达任务开发", "Developed as an assigned task"


class PublicationStatus(Word):
    """发表状态"""

    published = "published", "已发表", "Published"
    unpublished = "unpublished", "未发表", "Unpublished"


class Acquisition(Word):
    """权利取得方式"""

    original = "original", "原始取得", "Original acquisition"
    succession = "succession", "继受取得", "Acquired by succession"


class Succession(Word):
    """继受取得方式"""

    assignment = "assignment", "受让", "Assignment"
    assumption = "assumption", "承受", "Assumption"
    inheritance = "inheritance", "继承", "Inheritance"


class Scope(Word):
    """权利范围"""

    all = "all", "全部权利", "All rights"
    partial = "partial", "部分权利", "Some rights"


class Right(Word):
    """The rights that a partial scope lists, in the order of the form."""

    publication = "publication", "发表权", "Right of publication"
    attribution = "attribution", "署名权", "Right of attribution"
    modification = "modification", "修改权", "Right of modification"
    reproduction = "reproduction", "复制权", "Right of reproduction"
    distribution = "distribution", "发行权", "Right of distribution"
    rental = "rental", "出租权", "Right of rental"
    network = "network", "信息网络传播权", "Right of communication through information networks"
    translation = "translation", "翻译权", "Right of translation"
    other = "other", "其他权利", "Other rights of the copyright owner"


class OwnerKind(Word):
    """著作权人类别"""

    person = "person", "自然人", "Natural person"
    enterprise = "enterprise", "企业法人", "Enterprise"
    government = "government", "机关法人", "Government body"
    public_institution = "public_institution", "事业单位法人", "Public institution"
    association = "association", "社会团体法人", "Social organisation"
    other = "other", "其他组织", "Other organisation"


class CertificateKind(Word):
    """证件类型"""

    identity_card = "identity_card", "居民身份证", "Resident identity card"
    passport = "passport", "护照", "Passport"
    hk_macao_permit = "hk_macao_permit", "港澳居民来往内地通行证", "Mainland travel permit of Hong Kong or Macao"
    taiwan_permit = "taiwan_permit", "台湾居民来往大陆通行证", "Mainland travel permit of Taiwan"
    residence_permit = "residence_permit", "港澳台居民居住证", "Residence permit of Hong Kong, Macao or Taiwan"
    permanent_residence = "permanent_residence", "外国人永久居留身份证", "Permanent residence card of foreigners"
    credit_code = "credit_code", "统一社会信用代码", "Unified social credit code"
    institution_certificate = "institution_certificate", "事业单位法人证书", "Public institution certificate"
    association_certificate = "association_certificate", "社会团体法人证书", "Social organisation certificate"
    foreign_registration = "foreign_registration", "境外注册证明", "Registration of a firm from elsewhere"
    other = "other", "其他证件", "Other certificate"


class Attribution(Word):
    """署名: the name by which a copyright owner signs the work."""

    signed = "signed", "本名", "By one's own name"
    alias = "alias", "别名", "By an alias"
    anonymous = "anonymous", "匿名", "Anonymous"


class Feature(Word):
    """技术特点分类: kinds of software, of which several may be chosen."""

    app = "app", "APP软件", "App"
    game = "game", "游戏软件", "Game"
    education = "education", "教育软件", "Education"
    finance = "finance", "金融软件", "Finance"
    medicine = "medicine", "医疗软件", "Medicine"
    geography = "geography", "地理信息软件", "Geographic information"
    cloud = "cloud", "云计算软件", "Cloud computing"
    security = "security", "信息安全软件", "Information security"
    big_data = "big_data", "大数据软件", "Big data"
    artificial_intelligence = "artificial_intelligence", "人工智能软件", "Artificial intelligence"
    virtual_reality = "virtual_reality", "VR软件", "Virtual reality"
    fifth_generation = "fifth_generation", "5G软件", "5G"
    mini_program = "mini_program", "小程序", "Mini program"
    internet_of_things = "internet_of_things", "物联网软件", "Internet of things"
    smart_city = "smart_city", "智慧城市软件", "Smart city"
    other = "other", "其他", "Other"


class Carrier(Word):
    """手机号所属运营商"""

    mobile = "mobile", "移动", "China Mobile"
    unicom = "unicom", "联通", "China Unicom"
    telecom = "telecom", "电信", "China Telecom"
    broadcast = "broadcast", "广电", "China Broadnet"


class Deposit(Word):
    """程序鉴别材料的交存方式"""

    ordinary = "ordinary", "一般交存", "Ordinary deposit"
    exceptional = "exceptional", "例外交存", "Exceptional deposit"


class DepositException(Word):
    """例外交存的方式"""

    covered = "covered", "使用黑色宽斜线覆盖页面中的机密部分", "Confidential parts covered by broad black lines"
    chosen_pages = "chosen_pages", "源程序的前10页和任选连续50页", "The first 10 pages and any 50 consecutive pages"
    object_code = (
        "object_code",
        "目标程序的连续前、后各30页和源程序任选连续20页",
        "The first and last 30 pages of object code and any 20 consecutive pages of source code",
    )


class Answer(Word):
    """What the bureau says about a filing."""

    received = "received", "已提交材料", "Materials received"
    reviewing = "reviewing", "审查中", "Under review"
    correction = "correction", "待补正", "Correction wanted"
    refused = "refused", "不予受理", "Not accepted"
    issued = "issued", "已发放", "Certificate issued"
    withdrawn = "withdrawn", "已撤回", "Withdrawn"
