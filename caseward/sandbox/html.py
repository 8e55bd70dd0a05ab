"""HTML and file replies: the templates, the bureau's plain pages, and GBK file names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response

from caseward.sandbox.clock import shown

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["shown"] = shown


def render(template: str, **values: Any) -> HTMLResponse:
    values = {"account": "", "flash": "", "errors": (), "draft": None, **values}
    return HTMLResponse(_templates.get_template(template).render(values))


def closed_page() -> HTMLResponse:
    return render("plain.html", page="closed", heading="系统维护", text="本系统服务时间为每日 08:00 至 23:00")


def busy_page() -> HTMLResponse:
    return render("plain.html", page="busy", heading="系统繁忙", text="系统繁忙，请稍后再试")


def missing_page() -> HTMLResponse:
    return render("plain.html", page="missing", heading="未找到", text="未找到您要查看的内容")


def pdf_file(content: bytes, name: str) -> Response:
    """A download whose name goes over the wire as raw GBK bytes, as offices do."""
    reply = Response(content, media_type="application/pdf")
    disposition = f"attachment; filename={name}".encode("gbk", "replace")
    reply.raw_headers.append((b"content-disposition", disposition))
    return reply
