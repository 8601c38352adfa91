"""Measures how hard the portal's texts are to read: Wiener Sachtextformel 1, by textstat.

Every running text of 20 words or more counts: the county's data field by field, and the
paragraphs and list items of every public page. Official names of offers and offices are left
out, by the list ``official_names.txt`` in the region folder. Law pages are exempt.

``make readability`` (tests/test_readability.py) prints the twenty hardest texts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import textstat

from directory.readability import LIMITS, MIN_WORDS, listed_names, plain, without_names
from tools.markup import Node, parse

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Text:
    """One running text and where it stands."""

    where: str
    audience: str
    words: str


@dataclass(frozen=True)
class Measured:
    """A text with its school grade: 4 is very easy, 15 very hard."""

    text: Text
    score: float

    @property
    def is_too_hard(self) -> bool:
        """True above the limit of its readers."""
        return self.text.audience in LIMITS and self.score > LIMITS[self.text.audience]

    def __str__(self) -> str:
        mark = "!" if self.is_too_hard else " "
        return f"{mark} {self.score:5.1f}  {self.text.audience:8} {self.text.where}: {self.text.words[:140]}"


def official_names(region: Path) -> list[str]:
    """Return the names of the region's list."""
    return list(listed_names((region / "official_names.txt").read_text(encoding="utf-8")))


def measure(texts: Iterable[Text], names: list[str]) -> list[Measured]:
    """Return every text of at least 20 words, the hardest first; the same words count once a reader."""
    textstat.set_lang("de")
    found: dict[tuple[str, str], Measured] = {}
    for text in texts:
        words = without_names(plain(text.words), names)
        if len(_WORD.findall(words)) >= MIN_WORDS and (text.audience, words) not in found:
            score = float(textstat.wiener_sachtextformel(words, 1))
            found[text.audience, words] = Measured(Text(text.where, text.audience, words), score)
    return sorted(found.values(), key=lambda measured: measured.score, reverse=True)


def page_texts(where: str, audience: str, html: str) -> Iterator[Text]:
    """Yield the paragraphs and list items of a page's main part."""
    for main in parse(html).all("main"):
        for node in main.all("p", "li", "dd"):
            if not _holds_blocks(node):
                yield Text(where, audience, node.text())


def _holds_blocks(node: Node) -> bool:
    return any(True for _ in node.all("p", "li", "ul", "ol", "div", "h2", "h3", "h4", "dl", "form", "details"))
