"""The publish checklist: what a record still lacks before everybody sees it.

Whatever owns a model registers an ``Item`` in ``AppConfig.ready``: which of its fields are texts
for whom, and what else is to be looked at. Nothing here writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from directory import plain_words, text_links
from directory.readability import (
    LIMITS,
    LONGEST,
    Counts,
    count,
    hard_sentences,
    hard_words,
    is_running,
    length,
    lines,
    listed_names,
    paragraphs,
    plain,
    sentences,
    without_names,
)

STOP, REASON, HINT = SEVERITIES = ("stop", "reason", "hint")
"""Cannot be published; can be published with a written reason; good to know."""

KINDS: dict[str, Promise] = {
    "fact": _("Pflichtangaben"),
    "law": _("Recht und Quelle"),
    "hours": _("Zeiten"),
    "contact": _("Kontakt"),
    "reading": _("Leicht zu lesen"),
    "word": _("Wörter"),
    "picture": _("Bilder"),
    "link": _("Links"),
    "check": _("Letzte Prüfung"),
}
"""What the list goes through, in this order."""

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the list. ``field`` names a field or a part of the record; empty: the record as a whole."""

    kind: str
    field: str
    severity: str
    text: Text
    sentences: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


Check = Callable[..., Iterable[Finding]]
"""Looks at one record, ``check(obj, on=day)``, and never writes; the day is one in Europe/Berlin."""
Reader = str | None
Readers = Mapping[str, "str | Callable[[Any], Reader]"]


@dataclass(frozen=True, slots=True)
class Item:
    """What is looked at in records of a model.

    ``readers`` says which fields are running texts, and for whom: a key of ``LIMITS``, or a function
    of the row that may also answer None for a text nobody judges.
    """

    model: type[Model]
    readers: Readers
    check: Check | None = None
    kinds: tuple[str, ...] = tuple(KINDS)
    """What the list of this model goes through; a kind with findings is shown anyway."""


_paths: list[str] = []


def register(path: str) -> None:
    """Add an ``Item`` by its dotted path, from ``AppConfig.ready``. It is read when the first list is asked for."""
    if path not in _paths:
        _paths.append(path)
        items.cache_clear()


@cache
def items() -> tuple[Item, ...]:
    """Return everything that is registered."""
    return tuple(import_string(path) for path in _paths)


def readers_of(model: type[Model], obj: Any = None) -> dict[str, str]:
    """Return the text fields of a model with their readers; texts nobody judges are left out."""
    row = obj if obj is not None else model()
    fields = [pair for item in items() if item.model is model for pair in item.readers.items()]
    found = {name: who(row) if callable(who) else who for name, who in fields}
    return {name: who for name, who in found.items() if who}


def findings(obj: Any, *, on: date) -> list[Finding]:
    """Return all open points of a record, grouped as in ``KINDS``, the gravest first in each group."""
    checks = [item.check for item in items() if item.check and isinstance(obj, item.model)]
    found = [point for check in checks for point in check(obj, on=on)]
    for name, reader in readers_of(type(obj), obj).items():
        found += text_findings(getattr(obj, name), reader, field=name)
    order = list(KINDS)
    return sorted(found, key=lambda point: (order.index(point.kind), SEVERITIES.index(point.severity)))


def for_release(obj: Any, on: date) -> list[Finding]:
    """Return the same, called as the release of changes asks its checks."""
    return findings(obj, on=on)


@dataclass(frozen=True, slots=True)
class Reading:
    """How hard a text is for its readers; ``longest`` in words."""

    reader: str
    counts: Counts
    longest: int
    is_running: bool

    @property
    def limit(self) -> float:
        """Highest class its readers may meet."""
        return LIMITS[self.reader]

    @property
    def is_too_hard(self) -> bool:
        """Whether publishing needs a reason."""
        return self.is_running and self.counts.wiener > self.limit


def read(text: str, reader: str) -> Reading:
    """Measure a text in Markdown without the official names."""
    words = _bare(plain(text))
    longest = max((length(sentence) for line in lines(text) for sentence in sentences(line)), default=0)
    return Reading(reader, count(words), longest, is_running(words))


def text_findings(text: str, reader: str, *, field: str) -> list[Finding]:
    """Return what is to be said about one text: how hard it is, its words, its pictures and links."""
    found = list(_reading_findings(text, reader, field))
    found += [
        Finding("word", field, REASON if word.is_banned else HINT, word.advice, words=(word.written,))
        for word in plain_words.found_in(plain(text), reader)
    ]
    found += [Finding(kind, field, severity, said) for kind, severity, said in text_links.problems(text)]
    return found


def _reading_findings(text: str, reader: str, field: str) -> Iterator[Finding]:
    limit = LIMITS[reader]
    if read(text, reader).is_too_hard:
        said = _("Zu schwer zu lesen. Schreiben Sie diese Sätze kürzer und mit einfachen Wörtern.")
        yield _hard(REASON, field, said, hard_sentences(plain(text), limit, names=official_names()))
    else:
        parts = [part for part in paragraphs(text) if is_running(_bare(part))]
        hard = [sentence for part in parts for sentence in hard_sentences(part, limit, names=official_names())]
        if hard:
            yield _hard(HINT, field, _("Ein Absatz ist schwerer als der Rest. Sehen Sie diese Sätze an."), hard)
    long = [row for line in lines(text) for row in sentences(line) if length(row) > LONGEST[reader]]
    if long:
        yield Finding("reading", field, HINT, _("Lange Sätze. Machen Sie zwei daraus."), tuple(dict.fromkeys(long)))


def _hard(severity: str, field: str, said: Promise, found: list[str]) -> Finding:
    words = dict.fromkeys(word for sentence in found for word in hard_words(_bare(sentence)))
    return Finding("reading", field, severity, said, tuple(dict.fromkeys(found)), tuple(words))


def is_easy(obj: Any) -> bool:
    """Say whether the public page may call itself easy to read: every text keeps its limit. Asks no database."""
    texts = tuple((getattr(obj, name), reader) for name, reader in sorted(readers_of(type(obj), obj).items()))
    return _all_easy(texts)


@lru_cache(maxsize=2**13)
def _all_easy(texts: tuple[tuple[str, str], ...]) -> bool:
    """Judge each text, and all together; kept by the words themselves, so it can never be stale."""
    together = _bare(plain("\n\n".join(text for text, _reader in texts)))
    if not is_running(together):
        return False
    strictest = min(LIMITS[reader] for _text, reader in texts)
    return count(together).wiener <= strictest and not any(read(text, reader).is_too_hard for text, reader in texts)


def _bare(words: str) -> str:
    return without_names(words, official_names())


@lru_cache(maxsize=1)
def official_names() -> tuple[str, ...]:
    """Return the names nobody can write more simply, from ``official_names.txt`` of the region folder."""
    path = settings.REGION_DIR / "official_names.txt"
    return listed_names(path.read_text(encoding="utf-8")) if path.is_file() else ()
