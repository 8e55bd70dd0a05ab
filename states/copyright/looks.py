"""What becomes of a paper that was looked at: refused with its cure, taken, or set before a person who compares."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from states.copyright.edits import AGREEMENT, DRAFT
from states.copyright.registration import Registration
from states.copyright.values import ATTORNEY, PERMISSION, Compared, Doubt, DoubtfulPaper
from workflow import Case
from workflow.intake.gives import TOLD, NotTaken
from workflow.intake.reviews import SHORTEST
from workflow.intake.values import Document

BAD, DOUBTFUL = "bad", "doubtful"
SAME = {"yes": True, "no": False}
BESIDE = (AGREEMENT, ATTORNEY)
"""Papers that go to the bureau with the draft."""
MADE = ("application", "source", "manual")
"""The documents of a round, which people may hand in themselves."""
Words = tuple[str, str, str, str]
REFUSALS: Mapping[str, Words] = {
    "pages": (
        "it has {n} pages, the form has {wanted}",
        "有 {n} 页，空白签章页有 {wanted} 页",
        "scan every page of the form, and nothing else",
        "完整扫描签章页的每一页，不多不少",
    ),
    "older_form": (
        "page {page} was made from an earlier blank of this matter",
        "第 {page} 页来自本件较早的空白签章页",
        "print the blank that is on file now (`case show` names it), and have that one signed",
        "请打印现存的空白签章页（见 `case show`），重新签章",
    ),
    "other_matter": (
        "page {page} is the seal page of another matter",
        "第 {page} 页是另一件登记的签章页",
        "look for this matter's own page; its code stands in the corners",
        "请找出本件的签章页，四角印有其编码",
    ),
    "page_twice": (
        "page {page} shows page {form_page} of the form once more",
        "第 {page} 页重复了签章页的第 {form_page} 页",
        "scan each page of the form once",
        "每页只扫描一次",
    ),
    "other_paper": (
        "page {page} is not this matter's seal page: nothing of the blank is seen on it",
        "第 {page} 页不是本件的签章页：与空白签章页不符",
        "scan the page that was printed from this matter's blank, whole and sharp",
        "请完整、清晰地扫描由本件空白签章页打印的那一页",
    ),
    "unsigned": (
        "nothing is signed or sealed on the line of {name}",
        "{name} 一栏没有签名或盖章",
        "have it signed or sealed there, and scan it again",
        "请在该栏签名或盖章后重新扫描",
    ),
    "is_form": (
        "page {page} is a seal page",
        "第 {page} 页是签章页",
        "hand a seal page in as seal-page, and here the paper that is asked for",
        "签章页请以 seal-page 提交，此处请提交所需文件",
    ),
    "empty_page": (
        "page {page} is empty",
        "第 {page} 页是空白页",
        "leave it out, or scan the other side",
        "请去掉该页，或扫描另一面",
    ),
}
"""By what was found: English, Chinese, and the cure in both."""


def judge_seal_page(case: Case[Registration], given: Mapping[str, Any], looked: Mapping[str, Any]) -> dict[str, Any]:
    form = case.data.seal_form
    return {**_judged(given, looked, "file", "seal_page"), "form": form.digest if form else None}


def judge_agreement(case: Case[Registration], given: Mapping[str, Any], looked: Mapping[str, Any]) -> dict[str, Any]:
    return _judged(given, looked, "file", "agreement")


def judge_attorney(case: Case[Registration], given: Mapping[str, Any], looked: Mapping[str, Any]) -> dict[str, Any]:
    return _judged(given, looked, "file", ATTORNEY)


def judge_permission(case: Case[Registration], given: Mapping[str, Any], looked: Mapping[str, Any]) -> dict[str, Any]:
    """It must name its owner, and the software where it is for this matter alone."""
    seen, everywhere = looked["authorisation"], given["matters"] == "all"
    due = [
        one
        for one in seen["findings"]
        if one["parts"].get("owner", given["owner"]) == given["owner"]
        and not (everywhere and one["code"] == "no_title")
    ]
    return _judged(given, {"authorisation": {**seen, "findings": due}}, "authorisation", PERMISSION)


def judge_materials(case: Case[Registration], given: Mapping[str, Any], looked: Mapping[str, Any]) -> dict[str, Any]:
    """Refuse a document whose text is about something else; one in which nothing can be read waits for a person."""
    unread = []
    for name, seen in looked.items():
        if seen["lacks"] is None:
            unread.append(name)
        elif seen["lacks"]:
            file = given[name].name
            raise NotTaken(
                "unfit_file",
                f"{file} does not name {case.data.title} whole",
                f"{file} 没有完整写明{case.data.title}",
                ("hand in the document of this software and version", "请提交本软件、本版本的文件"),
            )
    return {**given, "unread": unread, **({TOLD: "materials_doubtful"} if unread else {})}


def paper_patch(data: Mapping[str, Any], given: Mapping[str, Any], paper: str) -> dict[str, object]:
    """The paper in its place, or among the doubtful.

    A doubtful seal page takes the place of the one before, which is signed no more; an agreement or a power of attorney
    stays in force until a person said that the doubtful one is the new one.
    """
    doubtful = {name: one for name, one in data.get("doubtful", {}).items() if name != paper}
    file: Document = given["file"]
    if not given["doubts"]:
        return {paper: file, "doubtful": doubtful, **_to_be_saved(data, paper)}
    before = {} if paper in BESIDE else {paper: None}
    return {**before, "doubtful": {**doubtful, paper: DoubtfulPaper(document=file, doubts=given["doubts"])}}


def _to_be_saved(data: Mapping[str, Any], paper: str) -> dict[str, object]:
    """What comes after the draft was saved reaches the bureau when that is saved anew."""
    if paper not in BESIDE or not any(one["what"] == "draft" for one in data.get("placed") or ()):
        return {}
    return {"stale": sorted({*(data.get("stale") or ()), DRAFT})}


def check_comparison(case: Case[Registration], given: Mapping[str, Any], today: object) -> dict[str, Any]:
    """A doubtful paper is named, and the answer is one."""
    answer, paper = given["same"].strip().casefold(), _doubtful_of(case, given["paper"], given.get("owner"))
    if answer not in SAME:
        cure = ("answer yes or no", "请回答 yes 或 no")
        raise NotTaken("usage", f"same is {given['same']}", f"same 的值是 {given['same']}", cure)
    _as_it_was_seen(case.data, paper, given["seen"], case.number)
    digest = case.data.doubtful[paper].document.digest
    told = f"{_told(paper)}_{'same' if SAME[answer] else 'other'}"
    return {**given, "paper": paper, "same": SAME[answer], "digest": digest, "number": case.number, TOLD: told}


def comparison_mark(case: Case[Registration], given: Mapping[str, Any]) -> str:
    return _mark_of(case.data, _doubtful_of(case, given["paper"]))


def _mark_of(data: Registration, paper: str) -> str:
    """Equal as long as the paper, the blank and what it is to be about are the same.

    A permission for all matters is about its owner alone, and has one mark in all of them.
    """
    kind, _, owner = paper.partition(".")
    if kind == PERMISSION and data.specimens[owner].matters == "all":
        alone = [data.doubtful[paper].document.digest, data.owner(owner).name]
        return sha256(json.dumps(alone, ensure_ascii=False).encode()).hexdigest()
    form = data.seal_form.digest if data.seal_form and paper == "seal_page" else None
    names = [data.applicant_name, data.agent.name if data.agent else None, *(owner.name for owner in data.owners)]
    told = [data.doubtful[paper].document.digest, form, data.title, names]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _as_it_was_seen(data: Registration, paper: str, seen: str, number: str) -> None:
    """Raises NotTaken where the paper or its blank is another one than the person saw."""
    said = seen.strip().lower()
    if len(said) >= SHORTEST and paper in data.doubtful and _mark_of(data, paper).startswith(said):
        return
    command = f"caseward case compare {number} {paper.replace('_', '-')} --out FILE.pdf"
    raise NotTaken(
        "changed",
        "the paper or what it is compared with is not what you saw",
        "文件或其核对对象已不是您所看到的",
        (f"look at it anew: {command}", f"请重新查看：{command}"),
    )


def compared_documents(case: Case[Registration], given: Mapping[str, Any]) -> Sequence[str]:
    """The doubtful paper, and before it the blank from which it is to be made, where there is one."""
    paper = _doubtful_of(case, given["paper"])
    form = case.data.seal_form if paper == "seal_page" else None
    return [*([form.digest] if form else []), case.data.doubtful[paper].document.digest]


def _doubtful_of(case: Case[Registration], named: str, owner: str | None = None) -> str:
    """The doubtful paper of this name, of this owner; a permission's may leave him out where there is one alone."""
    named = named if owner is None else f"{named}.{owner}"
    known = {one.replace("_", "-"): one for one in case.data.doubtful}
    if named in case.data.doubtful:
        return named
    wanted = named.replace("_", "-")
    found = [wanted] if wanted in known else [one for one in known if one.partition(".")[0] == wanted]
    if len(found) != 1:
        there = ", ".join(found or known)
        cure = (f"name one of: {there}", f"请指明：{there}") if there else ("nothing is to be compared", "无需核对")
        en, zh = (f"several doubtful {named}", f"有多份待核对的 {named}") if found else (f"no doubtful {named}", "")
        raise NotTaken(
            "usage", f"{en} is on file" if not found else f"{en} are on file", zh or f"没有待核对的 {named}", cure
        )
    return known[found[0]]


def _told(paper: str) -> str:
    """A doubtful paper by its kind, as it is said what became of it."""
    kind = paper.partition(".")[0]
    return "material" if kind in MADE else kind


def comparison_patch(data: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, object]:
    """What a person found: the paper in its place, or on record only."""
    paper = given["paper"]
    _as_it_was_seen(Registration.model_validate(data), paper, given["seen"], given["number"])
    found = data["doubtful"][paper]
    said = Compared(paper=paper, digest=given["digest"], same=given["same"], reason=given["reason"])
    left = {name: one for name, one in data.get("doubtful", {}).items() if name != paper}
    became = _became(data, paper, found, same=given["same"])
    return {"doubtful": left, **became, "compared": [*data.get("compared", ()), said]}


def _became(data: Mapping[str, Any], paper: str, found: Mapping[str, Any], *, same: bool) -> dict[str, object]:
    """A permission and materials stand in their place already; materials that are not good bar the case."""
    kind, _, owner = paper.partition(".")
    if kind == PERMISSION:
        return {} if same else {"specimens": {id_: one for id_, one in data["specimens"].items() if id_ != owner}}
    if kind in MADE:
        bad = DoubtfulPaper(document=found["document"], doubts=(Doubt(code="not_good"),))
        return {} if same else {"doubtful": {**data["doubtful"], paper: bad}}
    return {paper: found["document"], **_to_be_saved(data, paper)} if same else {}


def _judged(given: Mapping[str, Any], looked: Mapping[str, Any], part: str, paper: str) -> dict[str, Any]:
    _refuse(given[part].name, looked[part])
    findings: Sequence[Mapping[str, Any]] = looked[part]["findings"]
    doubts = tuple(
        Doubt(code=one["code"], page=one["parts"].get("page"), name=one["parts"].get("name")) for one in findings
    )
    return {**given, "doubts": doubts, **({TOLD: f"{paper}_doubtful"} if doubts else {})}


def _refuse(file: str, looked: Mapping[str, Any]) -> None:
    if looked["verdict"] != BAD:
        return
    said = [(REFUSALS[one["code"]], one["parts"]) for one in looked["findings"]]
    en, zh, cure, zh_cure = ([words[place].format(**parts) for words, parts in said] for place in range(4))
    cures = ("; ".join(dict.fromkeys(cure)), "；".join(dict.fromkeys(zh_cure)))
    raise NotTaken("unfit_file", f"{file}: {'; '.join(en)}", f"{file}：{'；'.join(zh)}", cures)
