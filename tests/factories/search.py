"""What the search index says, for tests."""

from directory.index import store
from directory.index.keys import term_key, title_key
from directory.models import SearchEntry, SearchPosting, SearchTerm, SearchWord
from directory.words.analyse import stems


def found(text: str) -> set[tuple[str, str]]:
    """Return kind and key of the entries that have every word of the text, in whatever form."""
    return set.intersection(*(_with_term(term_key(stem)) for stem in stems(text)))


def titled(text: str) -> set[tuple[str, str]]:
    """Return kind and key of the entries with exactly this title."""
    return _with_term(title_key(text))


def _with_term(term: str) -> set[tuple[str, str]]:
    return set(SearchEntry.objects.filter(pk__in=store.holders_of([term])).values_list("kind", "key"))


def whole_index(*, with_spelling: bool = False) -> dict[str, list[tuple[object, ...]]]:
    """Return the index without its own ids: equal indexes give equal values."""
    entries = SearchEntry.objects.values_list("kind", "object_id", "key", "title", "summary", "words", "fingerprint")
    postings = SearchPosting.objects.values_list("entry__kind", "entry__object_id", "term__text", "weight")
    words = SearchWord.objects.values_list("word", "stem", *(["display"] if with_spelling else []))
    return {
        "entries": sorted(entries),
        "postings": sorted(postings),
        "terms": sorted(SearchTerm.objects.values_list("text")),
        "words": sorted(words),
    }
