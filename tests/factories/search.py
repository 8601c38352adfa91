"""What the search index says, for tests."""

from directory.index.keys import term_key, title_key
from directory.models import SearchEntry, SearchPosting, SearchTerm, SearchWord
from directory.words.analyse import stems


def found(text: str) -> set[tuple[str, str]]:
    """Return kind and key of the entries that have every word of the text, in whatever form."""
    hits = [
        set(SearchEntry.objects.filter(postings__term__text=term_key(stem)).values_list("kind", "key"))
        for stem in stems(text)
    ]
    return set.intersection(*hits)


def titled(text: str) -> set[tuple[str, str]]:
    """Return kind and key of the entries with exactly this title."""
    return set(SearchEntry.objects.filter(postings__term__text=title_key(text)).values_list("kind", "key"))


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
