"""Concerns in the index: in the words people use, complete, and nothing a visitor said."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from counseling.finder.facts import CONCERNS
from counseling.finder.tree import DOORS, concern_label
from counseling.search_source import CONCERN_SOURCE, WORDS_FILE, concern_words, read_concern_words
from directory.index.keys import title_key
from directory.index.writing import rebuild
from directory.models import SearchEntry
from directory.words.analyse import stems
from tests.factories.search import found, titled


def test_every_concern_has_words() -> None:
    assert set(concern_words()) == set(CONCERNS)
    assert all(len(phrases) >= 5 for phrases in concern_words().values())


def test_every_phrase_says_something() -> None:
    assert [phrase for phrases in concern_words().values() for phrase in phrases if not stems(phrase)] == []


def test_phrases_belong_to_one_concern() -> None:
    seen: dict[str, str] = {}
    twice = []
    for key, phrases in concern_words().items():
        for phrase in phrases:
            other = seen.setdefault(title_key(phrase), key)
            twice += [(phrase, other, key)] if other != key else []
    assert twice == []


@pytest.mark.django_db
def test_every_concern_behind_a_door_is_an_entry() -> None:
    rebuild()
    entries = SearchEntry.objects.filter(kind="concern").order_by("object_id")
    behind = {choice.concern for door in DOORS for choice in door.choices}
    assert [entry.key for entry in entries] == [key for key in CONCERNS if key in behind]
    assert [entry.title for entry in entries] == [concern_label(entry.key, "mich") for entry in entries]
    assert [entry.object_id for entry in entries] == [list(CONCERNS).index(entry.key) + 1 for entry in entries]


@pytest.mark.django_db
def test_a_concern_is_found_by_label_and_phrase() -> None:
    rebuild()
    assert ("concern", "dropped_training") in titled("Ausbildung abgebrochen")
    for key, phrases in concern_words().items():
        for phrase in phrases:
            assert ("concern", key) in titled(phrase), phrase
    assert ("concern", "dropped_training") in found("ich habe die Ausbildung abgebrochen")


def test_documents_of_some_numbers() -> None:
    first, *_ = CONCERN_SOURCE.documents(None)
    assert [document.key for document in CONCERN_SOURCE.documents([first.object_id, 999])] == [first.key]
    assert CONCERN_SOURCE.affected_by([SearchEntry()]) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('nirgends = ["a"]', "nirgends is no concern"),
        ('truancy = "a"', "truancy must be a list"),
        ('truancy = ["a", ""]', "truancy must be a list"),
        ("truancy = [1]", "truancy must be a list"),
        ("truancy = [", "words.toml"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "words.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=message):
        read_concern_words(file)


def test_the_shipped_file_is_read_as_it_stands() -> None:
    assert read_concern_words(WORDS_FILE) == concern_words()
