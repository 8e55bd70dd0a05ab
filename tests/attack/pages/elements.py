"""Every element of a page changed, taken away, doubled, and new ones of every kind put in: from the page's own HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.attack.pages.places import VOID, Node, page

Attrs = list[tuple[str, str | None]]
SAYS_NOTHING = frozenset({"class", "lang", "charset", "for", "autocomplete", "rel"})
"""Attributes that neither a person sees nor a form sends."""


@dataclass(frozen=True)
class Mutation:
    name: str
    html: str


def changed(html: str, path: str, unused: frozenset[str] = frozenset()) -> Iterator[Mutation]:
    """Each text, attribute and element of the page: changed, taken away, doubled, unwrapped, swapped with the next.

    `path` is the page's own: a form without an action is sent there. `unused` are marks that no step goes by there.
    """
    nodes = [node for node in page(html).all() if node.tag not in ("html", "head", "meta", "link", "style")]
    texts = [node for node in nodes if node.tag == "#text" and "{" not in html[node.start : node.end]]
    for node in texts:
        words = html[node.start : node.end]
        yield Mutation(f"text {words.strip()[:12]} changed", _with(html, node.start, node.end, words.rstrip() + "改"))
    for one, other in pairwise(texts):
        first, second = html[one.start : one.end], html[other.start : other.end]
        if first.strip() != second.strip():
            between = html[one.end : other.start]
            swapped = _with(html, one.start, other.end, second + between + first)
            yield Mutation(f"text {first.strip()[:12]} swapped with {second.strip()[:12]}", swapped)
    for node in nodes:
        if node.tag == "#text":
            continue
        whole, name = html[node.start : node.end], _name(node)
        yield from _attributes(html, node, name, path, SAYS_NOTHING | unused)
        if not node.speaks:
            continue
        yield Mutation(f"{name} taken away", _with(html, node.start, node.end, ""))
        if node.tag not in ("body", "title"):
            yield Mutation(f"{name} doubled", _with(html, node.end, node.end, whole))
        held = node.tag in ("form", "button", "a") or any(key == "id" for key, _ in node.attrs)
        if held and node.tag not in VOID:
            yield Mutation(f"{name} unwrapped", _with(html, node.start, node.end, html[node.inner : node.outer]))


def _attributes(html: str, node: Node, name: str, path: str, unused: frozenset[str]) -> Iterator[Mutation]:
    tag = html[node.start : node.inner]
    for key, value in node.attrs:
        if key in unused:
            continue
        written = f' {key}="{value}"'
        assert written in tag, f"{written} is not in {tag}"
        # a browser takes an unknown type of input for text: nothing would have changed
        other = "password" if (key, value) == ("type", "text") else f"{value}x"
        yield Mutation(
            f"{name} {key} changed", _with(html, node.start, node.inner, tag.replace(written, f' {key}="{other}"'))
        )
        if (key, value) not in (("type", "text"), ("action", path)):
            yield Mutation(f"{name} {key} taken away", _with(html, node.start, node.inner, tag.replace(written, "")))


NEW = {
    "a text": "<p>提交即视为放弃著作权</p>",
    "an amount": "<p>¥3,000.00</p>",
    "an amount in a table": "<table><tr><td>服务费</td><td>3000元</td></tr></table>",
    "a second title": '<p id="confirm-title">另一软件</p>',
    "a second number of a draft": '<p id="draft-no">D9999999</p>',
    "a second owner": '<p class="owner">赵敏</p>',
    "a heading": "<h2>撤回申请</h2>",
    "a notice": '<div class="flash">系统将于今晚升级</div>',
    "an error": '<ul class="errors"><li>信息有误</li></ul>',
    "a hidden field": '<input type="hidden" name="withdraw" value="1">',
    "a field": '<input type="text" name="coupon">',
    "a field of another form": '<input type="hidden" form="confirm-form" name="withdraw" value="1">',
    "a password": '<input type="password" name="pin">',
    "a box": '<input type="checkbox" name="agree">',
    "a required box": '<input type="checkbox" name="agree" required>',
    "a ticked box": '<input type="checkbox" name="express" checked>',
    "a choice": '<input type="radio" name="speed" value="fast">',
    "a select": '<select name="speed"><option>加急</option></select>',
    "a text area": '<textarea name="reason"></textarea>',
    "a file field": '<input type="file" name="more">',
    "a button": "<button>撤回并删除申请</button>",
    "a second button of the same id": '<button id="{button}">{words}</button>',
    "a submit field": '<input type="submit" value="撤回">',
    "an image button": '<input type="image" alt="撤回">',
    "a link": '<a href="/portal/">帮助</a>',
    "a form": '<form method="post" action="/portal/withdraw"></form>',
    "an open dialog": "<dialog open><p>确定撤回？</p></dialog>",
    "a closed dialog": "<dialog><p>确定撤回？</p></dialog>",
    "a hidden text": "<div hidden>确定撤回？</div>",
    "a cover": '<div style="position:fixed;inset:0;z-index:9"></div>',
    "a cover with words": '<div style="position:fixed;inset:0;z-index:9">请先阅读公告</div>',
    "a frame": '<iframe src="/portal/login"></iframe>',
    "a picture": '<img src="data:," alt="¥3,000.00">',
    "a drawing": "<svg><text>3000</text></svg>",
    "an object": '<object data="/portal/"></object>',
    "a script": "<script>setTimeout(() => document.title, 9)</script>",
    "a script from elsewhere": '<script src="/portal/more.js"></script>',
    "a handler": '<span onclick="withdraw()"></span>',
}
ATTRIBUTES = {
    "a handler of the button": ("button", 'onclick="this.form.action = 1"'),
    "another action of the button": ("button", 'formaction="/portal/withdraw"'),
    "another method of the button": ("button", 'formmethod="get"'),
    "another window of the button": ("button", 'formtarget="_blank"'),
    "a value of the button": ("button", 'name="do" value="withdraw"'),
    "a button that is no submit": ("button", 'type="button"'),
    "a button that is off": ("button", "disabled"),
    "a button that is not seen": ("button", 'style="display:none"'),
    "a confirm() on the form": ("form", "onsubmit=\"return confirm('确定？')\""),
    "another window of the form": ("form", 'target="_blank"'),
    "another encoding of the form": ("form", 'enctype="text/plain"'),
    "a handler of the page": ("body", 'onload="withdraw()"'),
}
IN_THE_HEAD = {
    "another base": '<base href="http://example.org/">',
    "a refresh": '<meta http-equiv="refresh" content="60">',
    "a script in the head": "<script>let later = 1</script>",
}


def added(html: str, button: str) -> Iterator[Mutation]:
    """Something new of every kind, at the top, beside the button, within its form, and at the end."""
    found = page(html)
    nodes = list(found.all())
    pressed = next(node for node in nodes if ("id", button) in node.attrs)
    form = next(node for node in nodes if node.tag == "form" and pressed in node.all())
    main, body, head = (next(node for node in nodes if node.tag == tag) for tag in ("main", "body", "head"))
    words = html[pressed.inner : pressed.outer]
    places = {
        "at the top": main.inner,
        "before the button": pressed.start,
        "in the form": form.inner,
        "at the end": body.outer,
    }
    for kind, new in NEW.items():
        put = new.replace("{button}", button).replace("{words}", words)
        for where, at in places.items():
            if kind == "a form" and where in ("before the button", "in the form"):
                continue  # a browser takes a form within a form for nothing
            yield Mutation(f"{kind} {where}", _with(html, at, at, put))
    for kind, (tag, attribute) in ATTRIBUTES.items():
        node = {"button": pressed, "form": form, "body": body}[tag]
        # of two attributes of one name a browser takes the first: the page's own goes
        own = re.sub(rf' {attribute.partition("=")[0]}="[^"]*"', "", html[node.start : node.inner - 1])
        yield Mutation(kind, _with(html, node.start, node.inner - 1, f"{own} {attribute}"))
    for kind, new in IN_THE_HEAD.items():
        yield Mutation(kind, _with(html, head.outer, head.outer, new))


def harmless(html: str) -> Iterator[Mutation]:
    """What changes nothing that a person reads or a form sends: each alone, and all at once."""
    yield Mutation("as it is", html)
    whole = html
    for name, change in HARMLESS.items():
        yield Mutation(name, change(html))
        whole = change(whole)
    yield Mutation("all at once", whole)


def _in_the_body(new: str) -> Callable[[str], str]:
    def put(html: str) -> str:
        body = next(node for node in page(html).all() if node.tag == "body")
        return _with(html, body.inner, body.inner, new)

    return put


def _with_class(attrs: Attrs) -> Attrs:
    given = dict(attrs)
    return [
        *((key, value) for key, value in attrs if key != "class"),
        ("class", f"{given.get('class', '')} v2".strip()),
    ]


def _each_text(html: str, change: Callable[[str], str]) -> str:
    for node in reversed(
        [one for one in page(html).all() if one.tag == "#text" and "{" not in html[one.start : one.end]]
    ):
        html = _with(html, node.start, node.end, change(html[node.start : node.end]))
    return html


def _each_tag(html: str, change: Callable[[Attrs], Attrs]) -> str:
    apart = ("html", "head", "meta", "link", "style", "title")
    for node in sorted(page(html).all(), key=lambda one: -one.start):
        if node.tag != "#text" and node.tag not in apart:
            attrs = "".join(
                f' {key}="{value}"' if value is not None else f" {key}" for key, value in change(node.attrs)
            )
            html = _with(html, node.start, node.inner, f"<{node.tag}{attrs}>")
    return html


def _name(node: Node) -> str:
    given = dict(node.attrs)
    mark = given.get("id") or given.get("name") or given.get("class") or ""
    return f"{node.tag} {mark}".strip() + f" at {node.start}"


def _with(html: str, start: int, end: int, new: str) -> str:
    return html[:start] + new + html[end:]


HARMLESS: dict[str, Callable[[str], str]] = {
    "blanks around the words": lambda html: _each_text(html, lambda words: f"  {words.strip()}\n\t"),
    "attributes the other way round": lambda html: _each_tag(html, lambda attrs: attrs[::-1]),
    "a class more": lambda html: _each_tag(html, _with_class),
    "a data mark more": lambda html: _each_tag(html, lambda attrs: [*attrs, ("data-test", "1")]),
    "a style sheet": _in_the_body("<style>h1 { color: #123 }</style>"),
    "an empty box": _in_the_body("<div></div>"),
    "a comment": _in_the_body("<!-- version 2 -->"),
    "a comment within the words": lambda html: html.replace("著作权人", "著作<!-- -->权人"),
    "a meta": lambda html: html.replace("<head>", '<head><meta name="robots" content="noindex">'),
    "line breaks between the elements": lambda html: html.replace("><", ">\n  <"),
    "characters written as numbers": lambda html: html.replace("著作", "&#33879;作"),
    "names of elements in capitals": lambda html: html.replace("<td", "<TD").replace("</td", "</TD"),
}
