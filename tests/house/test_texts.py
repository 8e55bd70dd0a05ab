"""Every text that people read exists in both languages."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.house.source import ROOT, files

LANGUAGES = ("zh_CN", "en")
READMES = ("README.md", "README.zh-CN.md")
PLACE = re.compile(r"\{(\w*)[^{}]*\}|%\((\w+)\)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def catalogues() -> dict[str, dict[str, Path]]:
    """For each domain of texts its file in each language."""
    found: dict[str, dict[str, Path]] = {}
    for path in files():
        if path.suffix == ".po":
            found.setdefault(path.stem, {})[path.parts[-3]] = path
    return found


def entries(catalogue: Catalog) -> Iterator[tuple[str, list[str]]]:
    """Each entry's name with its texts (several where the number decides); an unsettled one has none."""
    for message in catalogue:
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
            yield f"{message.context}/{name}" if message.context else name, [] if message.fuzzy else texts


def unequal(chinese: Catalog, english: Catalog) -> list[str]:
    """What one language lacks, or says with other places to fill in than the other."""
    pair = dict(entries(chinese)), dict(entries(english))
    found = [
        f"{name}: no {language} text"
        for name in sorted(pair[0].keys() | pair[1].keys())
        for language, texts in zip(LANGUAGES, pair, strict=True)
        if not texts.get(name) or not all(texts[name])
    ]
    for name in sorted(pair[0].keys() & pair[1].keys()):
        if places(*pair[0][name]) != places(*pair[1][name]):
            found.append(f"{name}: the two languages fill in different places")
        if any(map(CHINESE.search, pair[1][name])):
            found.append(f"{name}: the English text is Chinese")
    return found


def places(*texts: str) -> set[str]:
    """The names that a text leaves open to be filled in."""
    return {name for text in texts for pair in PLACE.findall(text) for name in pair if name}


def test_each_catalogue_is_complete_in_both_languages() -> None:
    found = []
    for domain, homes in catalogues().items():
        assert set(homes) == set(LANGUAGES), f"{domain} exists in {sorted(homes)} only"
        both = [read_po(io.BytesIO(homes[language].read_bytes()), locale=language) for language in LANGUAGES]
        found += [f"{domain}: {line}" for line in unequal(*both)]
    assert found == []


def test_the_two_readmes_show_the_same_commands() -> None:
    shown = [
        re.findall(r"^ *(?:make|caseward) [^#\n]*", (ROOT / name).read_text("utf-8"), re.MULTILINE) for name in READMES
    ]
    assert [line.strip() for line in shown[0]] == [line.strip() for line in shown[1]]
    assert shown[0]


def test_a_missing_text_and_a_missing_place_are_seen() -> None:
    chinese, english = Catalog(locale="zh_CN"), Catalog(locale="en")
    chinese.add("state.granted", "通过")
    chinese.add("waits.until", "等到 {until}")
    english.add("waits.until", "waits until {when}")
    chinese.add("guard.open", "开放")
    english.add("guard.open", "开放")
    assert unequal(chinese, english) == [
        "state.granted: no en text",
        "guard.open: the English text is Chinese",
        "waits.until: the two languages fill in different places",
    ]


OF_ONE_BUSINESS = re.compile(
    r"bureau|registration|\bowners?\b|copyright|\bspecimen|seal(ed)? page|版权|登记(?!录)|著作权|签章", re.IGNORECASE
)
PLAYED = re.compile(
    r"(help\.)?(up|demo)(\.|$)|caseward\.sandbox\.|help\.sandbox\.|kind\.owner$"
    r"|upload\.|said\.chmod_as_owner$|said\.owner_quota"
)
"""What is said of the played world, and of what stands in the general catalogue until it has moved to its system's."""


def test_the_general_catalogue_speaks_of_no_single_business() -> None:
    found = [
        f"{name}: {text}"
        for path in catalogues()["console"].values()
        for name, texts in entries(read_po(io.BytesIO(path.read_bytes())))
        for text in texts
        if not PLAYED.match(name) and OF_ONE_BUSINESS.search(PLACE.sub("", text))
    ]
    assert found == []


def test_no_catalogue_says_one_name_twice() -> None:
    found = []
    for name, languages in catalogues().items():
        for language, path in languages.items():
            names = re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
            found += [f"{name} {language}: {one}" for one, n in Counter(names).items() if n > 1]
    assert found == []
