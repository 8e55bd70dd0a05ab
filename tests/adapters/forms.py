"""Filings to make: forms as the bureau asks them, with invented people, and materials that differ by round."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from fpdf import FPDF
from PIL import Image, ImageDraw

from adapters.bureau.filing_form import Agent, Applicant, FilingForm, Owner, Software
from adapters.generator import Materials


def person(name: str, phone: str = "") -> Owner:
    return Owner(
        name=name,
        kind="自然人",
        certificate_kind="居民身份证",
        certificate_number="110101199003074258",
        nationality="中国",
        province="北京市",
        city="北京市",
        district="海淀区",
        address="清河路 12 号",
        phone=phone,
        email="owner@example.org",
        attribution="别名",
        alias="远山",
    )


def form(title: str, *owners: Owner, applicant: str | None = None, agreement: bytes | None = None) -> FilingForm:
    owners = owners or (person("林知远", "13800000001"),)
    return FilingForm(
        software=Software(
            full_name=title,
            short_name="简称",
            version="V1.0",
            category="应用软件",
            work_kind="修改",
            modification_note="在前一版本上重写了调度模块。",
            permission="本人的原有软件",
            former_number="2024SR0123456",
            development_mode="合作开发" if len(owners) > 1 else "单独开发",
            completion_date=date(2025, 11, 3),
            publication="已发表",
            publication_date=date(2025, 12, 24),
            publication_country="中国",
            publication_place="北京市",
            acquisition="继受取得",
            succession="受让",
            scope="部分权利",
            rights=("复制权", "发行权"),
        ),
        owners=owners,
        applicant=Applicant(
            owner=applicant or owners[0].name,
            address="北京市海淀区清河路 12 号",
            postcode="100085",
            contact="林知远",
            phone="13800000001",
            email="lin@example.org",
            agent=Agent(
                name="清河代理所",
                address="北京市海淀区清河路 8 号",
                postcode="100085",
                contact="周闻",
                phone="13800000009",
                email="agent@example.org",
            ),
            development_hardware="x86 工作站，16 GB 内存",
            running_hardware="x86 服务器，8 GB 内存",
            development_system="Debian 12",
            development_tools="Vim 9",
            running_system="Linux",
            supporting_software="Python 3.11",
            languages="Python、JavaScript",
            line_count=12840,
            page_count=60,
            purpose="事项有据可查",
            industry="知识产权代理",
            main_functions="登记事项的流转。\n到期提醒与统计。\n" + "事项、期限与经办人的登记和查询；" * 12,
            feature_kinds=("大数据软件", "其他"),
            technical_features="显式状态机，<可审计> & 可重放。",
            deposit="例外交存",
            deposit_way="使用黑色宽斜线覆盖页面中的机密部分",
            deposit_masked="密钥的生成",
            deposit_pages="第20-50页",
        ),
        agreement=agreement,
        attorney=pdf("attorney"),
    )


def pdf(text: str) -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=14)
    page.cell(text=text)
    return bytes(page.output())


def materials(round: int = 0) -> Materials:
    application, source, manual = (pdf(f"{kind}, round {round}") for kind in ("application", "source", "manual"))
    return Materials(application, source, manual)


def signature() -> bytes:
    """A scribble with a transparent ground."""
    image = Image.new("RGBA", (420, 140), (0, 0, 0, 0))
    ImageDraw.Draw(image).line(
        [(20, 100), (120, 30), (180, 110), (260, 40), (400, 90)], fill=(10, 20, 120, 255), width=9
    )
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
