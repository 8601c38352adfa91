"""Rows of the index: read, written and removed in bulk. Knows nothing about texts.

Every write happens under one lock, so that of two people who save at the same
time the second one indexes what the first one left.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import connection

from directory.index.analysis import Prepared, Spelling
from directory.models import ContentVersion, SearchEntry, SearchPosting, SearchTerm, SearchWord

Key = tuple[str, int]  # kind and object id of an entry
BATCH = 500
POSTING_COLUMNS = ("term_id", "entry_id", "weight")
T = TypeVar("T")


def chunks(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield the items in lists of at most ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def lock() -> None:
    """Let one transaction write at a time; call it before anything is read that decides what is written."""
    ContentVersion.objects.select_for_update().filter(pk=1).first()


@dataclass(frozen=True, slots=True)
class Known:
    """What the index holds of an entry."""

    pk: int
    fingerprint: str
    words: tuple[str, ...] = ()


def known_entries(wanted: Iterable[Key]) -> dict[Key, Known]:
    """Return the entries with these keys."""
    ids: dict[str, set[int]] = {}
    for kind, object_id in wanted:
        ids.setdefault(kind, set()).add(object_id)
    found: dict[Key, Known] = {}
    for kind, objects in ids.items():
        for chunk in chunks(sorted(objects)):
            for row in SearchEntry.objects.filter(kind=kind, object_id__in=chunk).order_by():
                found[row.kind, row.object_id] = Known(row.pk, row.fingerprint, tuple(row.words.split()))
    return found


def all_entries() -> dict[Key, Known]:
    """Return all entries, without their words."""
    rows = SearchEntry.objects.order_by().values_list("kind", "object_id", "pk", "fingerprint")
    return {(kind, object_id): Known(pk, fingerprint) for kind, object_id, pk, fingerprint in rows.iterator()}


def term_ids(texts: Collection[str]) -> dict[str, int]:
    """Return the ids of these terms; missing ones are made."""
    ids: dict[str, int] = {}
    wanted = sorted(texts)
    _read_ids(wanted, ids)
    new = [text for text in wanted if text not in ids]
    if new:
        SearchTerm.objects.bulk_create([SearchTerm(text=text) for text in new], ignore_conflicts=True)
        _read_ids(new, ids)
    return ids


def _read_ids(texts: Sequence[str], ids: dict[str, int]) -> None:
    for chunk in chunks(texts):
        ids.update(SearchTerm.objects.filter(text__in=chunk).order_by().values_list("text", "pk"))


def write_entries(prepared: Sequence[Prepared], known: Mapping[Key, Known], *, force: bool = False) -> int:
    """Write those that differ from what the index holds (or all), with their postings; return how many."""
    changed = [item for item in prepared if force or _fingerprint_of(item, known) != item.fingerprint]
    if not changed:
        return 0
    rows = [
        SearchEntry(
            kind=item.document.kind, object_id=item.document.object_id, key=item.document.key,
            title=item.document.title, summary=item.document.summary, words=item.words, fingerprint=item.fingerprint,
        )
        for item in changed
    ]  # fmt: skip
    # An entry keeps its id, so that readers who know it can go on.
    SearchEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["key", "title", "summary", "words", "fingerprint"],
    )
    old = [known[item.document.entry].pk for item in changed if item.document.entry in known]
    for chunk in chunks(old):
        SearchPosting.objects.filter(entry__in=chunk).delete()
    ids = term_ids({text for item in changed for text in item.weights})
    _insert_postings(
        # In the order of the index by term: neighbours are written together.
        sorted(
            (ids[text], row.pk, weight)
            for row, item in zip(rows, changed, strict=True)
            for text, weight in item.weights.items()
        )
    )
    return len(changed)


def _insert_postings(rows: Sequence[tuple[int, int, int]]) -> None:
    """Write (term, entry, weight). An offer has about a hundred; as objects they would take most of a rebuild."""
    quote = connection.ops.quote_name
    table = quote(SearchPosting._meta.db_table)
    names = ", ".join(quote(column) for column in POSTING_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values = "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[])"
            lists = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(f"INSERT INTO {table} ({names}) {values}", lists)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s)", rows)  # noqa: S608  # nosec B608 the names are the model's


def _fingerprint_of(item: Prepared, known: Mapping[Key, Known]) -> str:
    found = known.get(item.document.entry)
    return found.fingerprint if found else ""


def remove_entries(pks: Iterable[int]) -> None:
    """Remove entries with their postings."""
    for chunk in chunks(pks):
        SearchPosting.objects.filter(entry__in=chunk).delete()
        SearchEntry.objects.filter(pk__in=chunk).delete()


def holders_of(texts: Iterable[str]) -> set[int]:
    """Return the ids of the entries with one of these terms."""
    # Step by step: a database with old statistics joins every posting with every entry before it looks at the text.
    found: set[int] = set()
    for chunk in chunks(sorted(set(texts))):
        terms = list(SearchTerm.objects.filter(text__in=chunk).order_by().values_list("pk", flat=True))
        postings = SearchPosting.objects.filter(term_id__in=terms).order_by()
        found.update(postings.values_list("entry_id", flat=True).distinct())
    return found


def terms_of(pks: Iterable[int]) -> set[int]:
    """Return the ids of the terms of these entries."""
    found: set[int] = set()
    for chunk in chunks(pks):
        found.update(SearchPosting.objects.filter(entry__in=chunk).values_list("term_id", flat=True).distinct())
    return found


def prune_terms(candidates: Collection[int] | None = None) -> int:
    """Remove terms that no entry has, of these or of all; return how many."""
    # The difference is taken here: a database with old statistics looks each term up in all postings.
    used = SearchPosting.objects.order_by().values_list("term_id", flat=True).distinct()
    if candidates is None:
        found = sorted(set(SearchTerm.objects.values_list("pk", flat=True)) - set(used))
    else:
        found = [
            pk for chunk in chunks(sorted(candidates)) for pk in sorted(set(chunk) - set(used.filter(term__in=chunk)))
        ]
    for chunk in chunks(found):
        SearchTerm.objects.filter(pk__in=chunk).delete()
    return len(found)


def add_words(spellings: Iterable[Spelling]) -> None:
    """Add words or change how they are shown."""
    for chunk in chunks(spellings):
        SearchWord.objects.bulk_create(
            [SearchWord(word=item.word, display=item.display, stem=item.stem) for item in chunk],
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["display", "stem"],
        )


def remove_words(words: Iterable[str]) -> None:
    """Remove words that no entry has."""
    for chunk in chunks(words):
        SearchWord.objects.filter(word__in=chunk).delete()


def stored_words() -> dict[str, Spelling]:
    """Return all words of the content."""
    rows = SearchWord.objects.order_by().values_list("word", "display", "stem")
    return {word: Spelling(word, display, stem) for word, display, stem in rows.iterator()}


def is_used_elsewhere(spelling: Spelling, besides: Collection[int]) -> bool:
    """Whether an entry other than these has the word. Its stem leads to the few that can."""
    others = sorted(holders_of([spelling.stem]).difference(besides))
    rows = SearchEntry.objects.filter(words__contains=f" {spelling.word} ").order_by()
    return any(rows.filter(pk__in=chunk).exists() for chunk in chunks(others))


def entries_with(words: Collection[str], stems: Collection[str]) -> dict[str, set[int]]:
    """Return kind and object ids of the entries that have one of the words; ``stems`` are theirs."""
    found: dict[str, set[int]] = {}
    for chunk in chunks(sorted(holders_of(stems))):
        rows = SearchEntry.objects.filter(pk__in=chunk).order_by()
        for kind, object_id, text in rows.values_list("kind", "object_id", "words"):
            if not set(words).isdisjoint(text.split()):
                found.setdefault(kind, set()).add(object_id)
    return found
