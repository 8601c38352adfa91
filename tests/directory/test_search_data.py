"""The words that ship with the search: synonyms of the county, lists for splitting, phrases of the concerns."""

import tomllib
from pathlib import Path

import pytest

from counseling.finder.facts import CONCERNS
from directory.text import fold
from directory.words.analyse import stems, words
from directory.words.common import is_common
from directory.words.stemming import stem

ROOT = Path(__file__).resolve().parents[2]
LISTS = {"occupations.txt": 350, "fields.txt": 200, "everyday.txt": 600, "common.txt": 1500}
# Nothing is cut at these; see directory/words/fields.txt.
PREFIXES = {"an", "auf", "aus", "be", "bei", "ein", "ent", "er", "ge", "mit", "nach", "un", "ver", "vor", "zer", "zu"}


def read(path):
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


GROUPS = read("regions/boerde/synonyms.toml")["group"]
BY_NAME = {group["name"]: group for group in GROUPS}


def entries(name):
    lines = (ROOT / "directory" / "words" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def said_with(word):
    return [group for group in GROUPS if fold(word) in {fold(entry) for entry in group["words"]}]


class TestSynonyms:
    def test_enough_groups_with_names_of_their_own(self):
        assert len(GROUPS) >= 150
        assert len(BY_NAME) == len(GROUPS)

    def test_no_group_says_the_same_as_another(self):
        keys = [(frozenset(map(fold, group["words"])), bool(group.get("one_way"))) for group in GROUPS]
        assert len(set(keys)) == len(keys)

    @pytest.mark.parametrize("name", sorted(BY_NAME))
    def test_a_group_can_be_used(self, name):
        group = BY_NAME[name]
        assert set(group) <= {"name", "one_way", "words", "means", "note", "active"}
        assert 0 < len(name) <= 80
        assert bool(group.get("means")) == bool(group.get("one_way"))
        assert len(group["words"]) >= (1 if group.get("one_way") else 2)
        for side in ("words", "means"):
            texts = group.get(side, [])
            assert len(texts) <= 60
            assert len({fold(text) for text in texts}) == len(texts), side
            for text in texts:
                assert text == text.strip()
                assert len(text) <= 80
                assert len(text.split()) <= 8, text
                assert len(words(text)) >= 2 or any(not word.is_stop for word in words(text)), text

    @pytest.mark.parametrize("name", sorted(BY_NAME))
    def test_a_group_lists_no_word_twice_in_other_forms(self, name):
        keys = [tuple(stems(text)) for text in BY_NAME[name]["words"]]
        assert len(set(keys)) == len(keys), [key for key in keys if keys.count(key) > 1]

    def test_each_word_of_a_one_way_group_leads_to_something_else(self):
        for group in GROUPS:
            if group.get("one_way"):
                means = {tuple(stems(text)) for text in group["means"]}
                assert all(means - {tuple(stems(text))} for text in group["words"]), group["name"]

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("Lehrstelle", "Ausbildungsplatz"),
            ("Stütze", "Grundsicherungsgeld"),
            ("Hartz 4", "Bürgergeld"),
            ("Amt", "Jobcenter"),
            ("Arbeitsamt", "Agentur für Arbeit"),
            ("Perso", "Personalausweis"),
            ("Quali", "Hauptschulabschluss"),
            ("mittlere Reife", "Realschulabschluss"),
            ("geschmissen", "abgebrochen"),
            ("Zoff", "Mobbing"),
            ("Lappen", "Führerschein"),
            ("Kohle", "Geld"),
            ("Bude", "Wohnung"),
            ("Bufdi", "FSJ"),
            ("Kindergarten", "Kita"),
            ("Mahnung", "Schulden"),
            ("schwänzen", "blau machen"),
            ("kein Bock", "keine Lust"),
            ("ohne Abschluss", "kein Abschluss"),
        ],
    )
    def test_everyday_words_meet_the_words_of_the_offices(self, first, second):
        both = [group for group in said_with(first) if group in said_with(second) and not group.get("one_way")]
        assert both

    @pytest.mark.parametrize(
        "word", ["Friseur", "Koch", "Verkauf", "Pflege", "Kfz", "Tiere", "Maurer", "Büro", "Polizist", "Computer"]
    )
    def test_an_occupation_leads_to_orientation_and_internships(self, word):
        means = {text for group in said_with(word) for text in group.get("means", [])}
        assert {"Berufsberatung", "Schülerbetriebspraktikum"} <= means


class TestLists:
    @pytest.mark.parametrize(("name", "least"), LISTS.items())
    def test_a_list_is_long_sorted_and_has_nothing_twice(self, name, least):
        found = [fold(entry) for entry in entries(name)]
        assert len(found) >= least
        assert found == sorted(set(found))

    @pytest.mark.parametrize("name", LISTS)
    def test_a_line_is_one_word(self, name):
        for entry in entries(name):
            assert entry.replace("-", "").isalpha(), entry

    def test_nothing_is_cut_at_prefixes(self):
        assert not PREFIXES & {fold(entry) for name in LISTS for entry in entries(name)}

    def test_ordinary_words_are_known_in_their_forms(self):
        assert all(is_common(stem(fold(word))) for word in ("behandelt", "schnelles", "geschlafen", "säuft"))
        assert not any(is_common(stem(fold(word))) for word in ("leere", "pratikum", "asubildung"))


class TestConcernWords:
    PHRASES = read("counseling/concern_words.toml")

    def test_each_concern_has_words(self):
        assert set(self.PHRASES) == set(CONCERNS)

    @pytest.mark.parametrize("key", sorted(PHRASES))
    def test_the_phrases_are_few_different_and_say_something(self, key):
        phrases = self.PHRASES[key]
        assert 5 <= len(phrases) <= 15
        assert len({fold(phrase) for phrase in phrases}) == len(phrases)
        for phrase in phrases:
            assert len(phrase) <= 80
            assert not any(char.isdigit() and len(word) >= 5 for word in phrase.split() for char in word), phrase

    def test_no_phrase_belongs_to_two_concerns(self):
        found = [fold(phrase) for phrases in self.PHRASES.values() for phrase in phrases]
        assert not {phrase for phrase in found if found.count(phrase) > 1}
