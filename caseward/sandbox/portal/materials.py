"""Uploaded files: taken at once, looked at a second or two later."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime, timedelta

from caseward.sandbox.call import File
from caseward.sandbox.pdf import page_count
from caseward.sandbox.things import Draft
from caseward.sandbox.world import World

KINDS = {
    "application": "申请表",
    "source": "源程序",
    "manual": "说明书",
    "agreement": "合作协议",
    "attorney": "委托书",
}
ASKED_KINDS = ("application", "source", "manual")
LARGEST = 10 * 1024 * 1024


def status(draft: Draft, kind: str, now: datetime) -> str:
    material = draft.materials.get(kind)
    if material is None:
        return "未上传"
    return "已接收" if material.ready_at <= now else "处理中"


def objection(file: File | None) -> str:
    """Why the bureau does not take a file, or nothing."""
    if file is None or not file.content:
        return "请选择文件"
    if len(file.content) > LARGEST:
        return "文件不能超过 10 MB"
    return "" if page_count(file.content) else "仅支持 PDF 文件"


def upload(world: World, draft: Draft, kind: str, file: File | None) -> str:
    """Takes the file, or answers why not."""
    problem = objection(file)
    if problem or file is None:
        return problem
    digest = hashlib.sha256(file.content).hexdigest()
    if digest in draft.former_digests:
        return "与上次提交的材料相同，请上传补正后的材料"
    took = timedelta(seconds=random.Random(f"{draft.id} {digest}").uniform(1, 2))
    world.record(
        "material_uploaded",
        draft=draft.id,
        material=kind,
        file_name=file.name,
        sha256=digest,
        bytes=len(file.content),
        ready_at=(world.now() + took).isoformat(),
    )
    return ""
