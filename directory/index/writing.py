"""Keeps the search index in step with the content.

Whoever changes a row calls ``changed`` in the same transaction. Before a row is
deleted, or moved from one owner to another, ``affected`` says whose words it
carries now; ``refresh`` after it brings those in step.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.models import Model

from directory.actions import raise_content_version
from directory.index import store
from directory.index.analysis import Analysed, Spelling, Vocabulary, Weigher, analyse, plainest
from directory.index.lexicon import lexicon_of, lexicon_with
from directory.index.sources import Document, Source, sources
from directory.versions import content_version
from directory.words.compounds import Lexicon

Objects = Mapping[str, Collection[int]]  # object ids by kind
ROUNDS = 3  # of a rebuild while people go on editing
BEGINNING = 3  # letters by which compounds are looked up that a word may change


def affected(rows: Sequence[Model]) -> dict[str, set[int]]:
    """Return the objects whose documents carry words of these saved rows, by kind."""
    saved = [row for row in rows if row.pk is not None]
    found = {source.kind: set(source.affected_by(saved)) for source in sources()} if saved else {}
    return {kind: ids for kind, ids in found.items() if ids}


def merged(*many: Objects) -> dict[str, set[int]]:
    """Return the objects of all of them."""
    found: dict[str, set[int]] = {}
    for objects in many:
        for kind, ids in objects.items():
            found.setdefault(kind, set()).update(ids)
    return found


def changed(rows: Sequence[Model]) -> None:
    """Bring the index in step with rows that were saved, and with all that carries their words."""
    refresh(affected(rows))


def refresh(objects: Objects) -> None:
    """Index these objects anew; those that are gone leave the index. Raises no content version."""
    if any(objects.values()):
        with transaction.atomic():
            store.lock()
            documents = _documents(objects)
            found = {document.entry for document in documents}
            wanted = [(kind, number) for kind, ids in objects.items() for number in ids]
            write(documents, [key for key in wanted if key not in found])


def _documents(objects: Objects) -> list[Document]:
    wanted = [(source, objects[source.kind]) for source in sources() if objects.get(source.kind)]
    return [document for source, ids in wanted for document in source.documents(ids)]


@transaction.atomic
def write(documents: Sequence[Document], gone: Iterable[store.Key] = ()) -> None:
    """Write these documents and remove those that are gone.

    A word that comes or goes can change how compounds elsewhere are split; those
    entries are written again, so that the index is always what a rebuild would make it.
    """
    store.lock()
    vocabulary = Vocabulary()
    analysed = [analyse(document, vocabulary) for document in documents]
    leaving = list(gone)
    known = store.known_entries([*(item.entry for item in documents), *leaving])
    words = store.stored_words()
    came, went = _word_changes(vocabulary, known, words)
    before = lexicon_of(words.keys())
    new = came.keys() - words.keys()
    after = lexicon_of((words.keys() | new) - went) if went else before.with_words(new)
    others = _other_entries(words, {*new, *went}, before, after)
    fresh = [document for document in _documents(others) if document.entry not in known]
    known |= store.known_entries(document.entry for document in fresh)
    analysed += [analyse(document, vocabulary) for document in fresh]
    _store(analysed, Weigher(vocabulary, after), known, [known[key].pk for key in leaving if key in known])
    store.add_words(came.values())
    store.remove_words(sorted(went))


def _store(
    analysed: Sequence[Analysed], weigher: Weigher, known: Mapping[store.Key, store.Known], leaving: Sequence[int]
) -> None:
    prepared = [weigher.prepare(item) for item in analysed]
    old_terms = store.terms_of(row.pk for row in known.values())
    store.remove_entries(leaving)
    store.write_entries(prepared, known)
    store.prune_terms(old_terms)


def _word_changes(
    vocabulary: Vocabulary, known: Mapping[store.Key, store.Known], words: Mapping[str, Spelling]
) -> tuple[dict[str, Spelling], set[str]]:
    """Return the words that are new or shown otherwise, and those that nothing has any more."""
    now = vocabulary.by_word()
    came = {}
    for word, spelling in now.items():
        before = words.get(word)
        if before is not None:
            spelling = Spelling(word, plainest(before.display, spelling.display), spelling.stem)
        if spelling != before:
            came[word] = spelling
    pks = {row.pk for row in known.values()}
    left = set(chain.from_iterable(row.words for row in known.values())) - now.keys()
    went = {word for word in left if word in words and not store.is_used_elsewhere(words[word], pks)}
    return came, went


def _other_entries(
    words: Mapping[str, Spelling], delta: Collection[str], before: Lexicon, after: Lexicon
) -> dict[str, set[int]]:
    """Return the entries with a word that has other parts now that the words of ``delta`` came or went."""
    # All forms of a word begin alike, umlauts aside; so a compound can only change where it holds that beginning.
    beginnings = {_without_umlauts(word)[:BEGINNING] for word in delta if len(word) > BEGINNING}
    if not beginnings:
        return {}
    holds = re.compile("|".join(map(re.escape, sorted(beginnings))))
    suspects = (word for word in words if word not in delta and holds.search(_without_umlauts(word)))
    other = [word for word in suspects if before.split(word) != after.split(word)]
    return store.entries_with(other, {words[word].stem for word in other}) if other else {}


def _without_umlauts(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: entries written, entries removed, entries that were in step already."""

    written: int
    removed: int
    unchanged: int

    @property
    def wrote(self) -> bool:
        """Whether anything changed; then the content version was raised."""
        return bool(self.written or self.removed)


Progress = Callable[[str, int, int], None]


def _silent(step: str, done: int, total: int) -> None:
    """Say nothing."""


def rebuild(progress: Progress = _silent, *, force: bool = False) -> Rebuilt:
    """Bring the whole index in step, while readers go on: each batch is a short transaction of its own.

    A second run writes nothing, unless ``force`` writes all entries anew. What people save
    meanwhile is noticed, and the run repeated. Raises the content version when anything was written.
    """
    written = removed = unchanged = 0
    for _ in range(ROUNDS):
        version = content_version()
        done = _rebuild_once(progress, force=force)
        written, removed, unchanged = written + done.written, removed + done.removed, done.unchanged
        if content_version() == version:
            break
    total = Rebuilt(written, removed, unchanged)
    if total.wrote:
        raise_content_version()
    return total


def _rebuild_once(progress: Progress, *, force: bool) -> Rebuilt:
    vocabulary = Vocabulary()
    analysed = _analysed(sources(), vocabulary, progress)
    spellings = vocabulary.by_word()
    old_words = store.stored_words()
    with transaction.atomic():
        store.lock()
        store.add_words(spelling for word, spelling in sorted(spellings.items()) if old_words.get(word) != spelling)
    known = store.all_entries()
    weigher = Weigher(vocabulary, lexicon_with({word: spelling.stem for word, spelling in spellings.items()}))
    written = 0
    for start, batch in enumerate(store.chunks(analysed)):
        prepared = [weigher.prepare(item) for item in batch]
        with transaction.atomic():
            store.lock()
            written += store.write_entries(prepared, known, force=force)
        progress("geschrieben", start * store.BATCH + len(batch), len(analysed))
    keys = {item.document.entry for item in analysed}
    orphans = [row.pk for key, row in known.items() if key not in keys]
    with transaction.atomic():
        store.lock()
        store.remove_entries(orphans)
        store.prune_terms()
        store.remove_words(sorted(old_words.keys() - spellings.keys()))
    return Rebuilt(written, len(orphans), len(analysed) - written)


def _analysed(found: Iterable[Source], vocabulary: Vocabulary, progress: Progress) -> list[Analysed]:
    analysed = []
    for source in found:
        for document in source.documents(None):
            analysed.append(analyse(document, vocabulary))
            if len(analysed) % store.BATCH == 0:
                progress("gelesen", len(analysed), 0)
    return analysed
