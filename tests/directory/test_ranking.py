"""Bit sets, scores, what the ranking shows, and that it shows nothing that is not public."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from directory.actions import raise_content_version
from directory.index.bits import Sums, bits, lowest, mask_of
from directory.index.masks import NOWHERE, Term, Universe, universe
from directory.index.query import Alternative, Query, Slot
from directory.index.ranking import find, find_entries, pieces
from directory.index.scoring import TITLE_BONUS, Scores, idf
from directory.index.writing import rebuild
from directory.models import Agency, ContactPoint, SearchEntry
from directory.versions import content_version
from tests.factories.directory import AgencyFactory, ContactPointFactory, GlossaryTermFactory

ON = date(2026, 11, 22)
SIZE = 70
masks = st.integers(0, 2**SIZE - 1)
additions = st.lists(st.tuples(masks, st.integers(0, 3000)), max_size=12)


def search(text, kinds, limit=10, **more):
    version = content_version()
    return find_entries(find(text, universe(version, on=ON), version=version, **more), kinds, limit, version=version)


# --- sets of bits ---------------------------------------------------------------------


@given(positions=st.sets(st.integers(0, SIZE - 1)), count=st.integers(0, SIZE))
def test_bits_are_what_they_were_made_of(positions, count):
    mask = mask_of(positions, SIZE)
    assert list(bits(mask)) == sorted(positions)
    assert set(bits(lowest(mask, count))) == set(sorted(positions)[:count])


@bounds(max_examples=60, deadline=None)
@given(added=additions, among=masks, bar=st.integers(0, 9000), count=st.integers(0, SIZE))
def test_sums_are_those_of_a_slow_reckoning(added, among, bar, count):
    sums, slow = Sums(), dict.fromkeys(range(SIZE), 0)
    for mask, value in added:
        sums.add(mask, value)
        for position in bits(mask):
            slow[position] += value
    chosen = list(bits(among))
    assert [sums.of(position) for position in range(SIZE)] == list(slow.values())
    assert sums.greatest(among) == max((slow[position] for position in chosen), default=0)
    assert set(bits(sums.at_least(bar, among))) == {position for position in chosen if slow[position] >= bar}
    best = sorted(chosen, key=lambda position: (-slow[position], position))[:count]
    assert set(bits(sums.best(among, count))) == set(best)


@given(st.integers(1, 100_000), st.data())
def test_rarer_words_count_more_and_none_counts_nothing(of, data):
    count = data.draw(st.integers(0, of - 1))
    assert idf(count, of) >= idf(count + 1, of) >= 1


def test_who_has_all_that_was_asked_for_counts_twice():
    together = (0b111, 0b011, 0b001)  # at least two, three, four of four things
    scores = Scores(Universe({}, {}, 4, {}), (), Term(1, 0b0010), Sums(), Sums(), together=together)
    assert [scores.with_share(bit, 300) for bit in (0, 2, 3)] == [600, 400, 300]
    assert scores.with_share(1, TITLE_BONUS + 300) == TITLE_BONUS + 500


def test_one_thing_asked_for_counts_as_it_is():
    assert Scores(Universe({}, {}, 4, {}), (), NOWHERE, Sums(), Sums()).with_share(0, 300) == 300


# --- what is marked -------------------------------------------------------------------


def asked(*alternatives: tuple[str, ...]) -> Query:
    ways = tuple(Alternative(stems, 100) for stems in alternatives)
    return Query("x", (Slot("x", 0, 1, 100, ways),))


@pytest.mark.parametrize(
    ("text", "alternatives", "marked"),
    [
        ("Ein Praktikum hilft.", [("praktikum",)], ["Praktikum"]),
        ("Erzieher:innen gesucht", [("erzieher",)], ["Erzieher:innen"]),
        ("Praktikum", [], []),
        ("", [("praktikum",)], []),
        ("Abschluss später nachholen", [("abschluss", "nachhol")], ["Abschluss", "nachholen"]),
        ("Abschluss feiern", [("abschluss", "nachhol")], []),
    ],
)
def test_words_that_led_to_the_hit_are_marked(text, alternatives, marked):
    found = pieces(text, asked(*alternatives))
    assert [piece for piece, is_hit in found if is_hit] == marked
    assert "".join(piece for piece, _is_hit in found) == text


def test_compound_of_a_searched_word_is_marked(region):
    version = content_version()
    query = find("pflege", universe(version, on=ON), version=version).query
    assert ("Altenpflege", True) in pieces("Ein Tag in der Altenpflege", query)


@bounds(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_pieces_are_the_text_again(text):
    assert "".join(piece for piece, _ in pieces(text, asked(("praktikum",)))) == text


# --- entries --------------------------------------------------------------------------


@pytest.fixture
def pottery(db):
    point = ContactPointFactory(slug="haus", name="Haus zum Töpfern", status="published")
    agency = AgencyFactory(slug="amt", name="Amt für Töpfern")
    AgencyFactory(slug="luecke", name="Töpfern unbekannt", is_gap=True)
    GlossaryTermFactory(slug="toepfern", term="Töpfern")
    rebuild()
    return point, agency


ALL = [kind for kind in SearchEntry.Kind.values if kind != "offer"]


def test_exact_title_is_first_and_gaps_are_hidden(pottery):
    hits = search("toepfern", ALL)
    assert [(hit.kind, hit.key) for hit in hits[:1]] == [("term", "toepfern")]
    assert {hit.key for hit in hits} == {"toepfern", "haus", "amt"}
    assert all(hit.coverage == 100 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("state", ["draft", "review", "archived"])
def test_what_is_not_public_is_not_found(pottery, state):
    ContactPoint.objects.filter(slug="haus").update(status=state)
    Agency.objects.filter(slug="amt").update(status=state)
    raise_content_version()
    assert {hit.key for hit in search("töpfern", ALL)} == {"toepfern"}


def test_publication_window_and_example_data_count(pottery, settings):
    ContactPoint.objects.filter(slug="haus").update(published_from=date(2026, 11, 23))
    Agency.objects.filter(slug="amt").update(is_example=True)
    raise_content_version()
    assert {hit.key for hit in search("töpfern", ALL)} == {"toepfern", "amt"}
    settings.SHOW_EXAMPLE_DATA = False
    assert {hit.key for hit in search("töpfern", ALL)} == {"toepfern"}


def test_limit_is_for_each_kind(db):
    for number in range(5):
        ContactPointFactory(name=f"Treff {number}")
        GlossaryTermFactory(term=f"Treff {number}")
    rebuild()
    hits = search("treff", ["contact_point", "term"], 3)
    assert sorted(hit.kind for hit in hits) == ["contact_point"] * 3 + ["term"] * 3
    assert search("treff", [], 3) == []


def test_equal_scores_are_in_order_of_id(db):
    GlossaryTermFactory.create_batch(6, explanation="Zum Treffpunkt.")
    rebuild()
    hits = search("treffpunkt", ["term"])
    assert len({hit.score for hit in hits}) == 1
    assert [hit.object_id for hit in hits] == sorted(hit.object_id for hit in hits)


def test_place_brings_the_door_there_to_the_front(region):
    hits = search("jobcenter wolmirstedt", ["contact_point"])
    assert hits[0].key == "jc-wms"
    assert len(hits) > 1
    assert search("wolmirstedt", ["contact_point"])[0].key in {"jc-wms", "treff-barleben"}


# --- memory ---------------------------------------------------------------------------


def test_masks_are_loaded_once_and_in_one_query(region, django_assert_num_queries):
    entries = universe(content_version(), on=ON)
    fresh = Universe(entries.bit_of_entry, entries.kinds, entries.size, entries.pk_of_stem)
    with django_assert_num_queries(1):
        first = fresh.terms(["schul", "ausbild", "gibtsnicht"])
    with django_assert_num_queries(0):
        assert fresh.terms(["gibtsnicht", "schul"]) == {key: first[key] for key in ("gibtsnicht", "schul")}
    assert first["schul"].mask
    assert not first["gibtsnicht"].mask


def test_memory_of_masks_is_bounded(region, monkeypatch):
    monkeypatch.setattr("directory.index.masks.MAX_BYTES", 4_000)
    entries = universe(content_version(), on=ON)
    fresh = Universe(entries.bit_of_entry, entries.kinds, entries.size, entries.pk_of_stem)
    for number in range(50):
        fresh.terms([f"wort{number}"])
    assert fresh.kept_bytes <= 4_000
    assert fresh.terms(["schul"])["schul"].mask == entries.terms(["schul"])["schul"].mask
