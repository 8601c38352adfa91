"""What a typed text is understood as, on the county's own words."""

from datetime import date

import pytest

from directory.actions import raise_content_version
from directory.index.masks import Universe, universe
from directory.index.query import Query
from directory.index.synonyms import group_of
from directory.index.understanding import understand
from directory.index.vocabulary import synonyms_of
from directory.index.writing import rebuild
from directory.models import ContactPoint, SynonymGroup
from directory.versions import content_version
from tests.factories.directory import ContactPointFactory

ON = date(2026, 11, 22)


def read(text: str, **more) -> Query:
    version = content_version()
    return understand(text, universe=here(version), version=version, **more)


def here(version: str) -> Universe:
    return universe(version, on=ON)


def alternatives(query: Query) -> set[tuple[str, ...]]:
    return {way.stems for slot in query.slots for way in slot.alternatives}


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\x00", "🙂"])
def test_text_without_words_asks_for_nothing(region, text):
    query = read(text)
    assert (query.slots, query.corrected, query.place, query.was_cut) == ((), None, None, False)


@pytest.mark.parametrize(
    ("text", "was_cut", "slots"),
    [
        ("hilfe " * 8, False, 8),
        ("hilfe " * 9, True, 8),
        ("hilfe" + " " * 200 + "schule", False, 2),
        ("x" * 100, False, 1),
        ("x" * 101, True, 1),
        ("wie ist das mit der schule und dem geld und ich", False, 2),
    ],
)
def test_too_much_is_cut_and_little_words_do_not_count(region, text, was_cut, slots):
    query = read(text)
    assert (query.was_cut, len(query.slots)) == (was_cut, slots)


@pytest.mark.parametrize(
    ("text", "place", "words", "rest"),
    [
        ("praktikum wolmirstedt", "Wolmirstedt", "wolmirstedt", "praktikum"),
        ("Praktikum in Wolmirstedt", "Wolmirstedt", "Wolmirstedt", "Praktikum"),
        ("Hohe Börde Jugendclub", "Hohe Börde", "Hohe Börde", "Jugendclub"),
        ("hohe boerde", "Hohe Börde", "hohe boerde", ""),
        ("beratung Oschersleben (Bode) bald", "Oschersleben (Bode)", "Oschersleben (Bode)", "beratung bald"),
        ("oschersleben schule", "Oschersleben (Bode)", "oschersleben", "schule"),
        ("39340 Haldensleben azubi", "Haldensleben", "39340 Haldensleben", "azubi"),
        ("wohnen 39171", "Sülzetal", "39171", "wohnen"),
        ("praktikum wolmirstet", "Wolmirstedt", "wolmirstet", "praktikum"),
    ],
)
def test_place_is_taken_out_of_the_words(region, text, place, words, rest):
    query = read(text)
    assert query.place is not None
    assert (query.place.municipality, query.place_words, query.rest) == (place, words, rest)
    assert [slot.typed for slot in query.slots if slot.is_place] == [words]


def test_postcode_of_several_municipalities_is_no_place_but_no_word_either(region):
    query = read("hilfe 39326")
    assert (query.place, query.place_words, query.rest) == (None, "39326", "hilfe")


@pytest.mark.parametrize("text", ["berufsberatung", "magdeburg messe", "schule", "die bude brennt"])
def test_other_words_are_no_place(region, text):
    assert read(text).place_words == ""


def test_chosen_place_leaves_names_among_the_words(region):
    query = read("praktikum wolmirstedt", places=False)
    assert query.place is None
    assert [slot.typed for slot in query.slots] == ["praktikum", "wolmirstedt"]


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("pratikum", "Praktikum"),
        ("ausbildugn", "Ausbildung"),
        ("mein pratikum im betrieb", "mein Praktikum im betrieb"),
        ("praktikum", None),
        ("pratikum altenpflge", "Praktikum Altenpflege"),
        ("fuerhrerschein", "Führerschein"),
        ("kfz mechatronikerin", None),
        ("mechatroniekerin", "Mechatroniker"),
        ("xqzvw", None),
        ("2026", None),
        ("mechatroniker", None),
    ],
)
def test_only_unknown_words_are_corrected(region, text, corrected):
    assert read(text).corrected == corrected


def test_literal_corrects_nothing_but_says_what_it_would(region):
    query = read("pratikum", literal=True)
    assert (query.corrected, query.suggestion) == (None, "Praktikum")
    assert len(query.slots[0].alternatives) == 1


def test_word_of_a_draft_is_never_corrected_to(db):
    point = ContactPointFactory(name="Töpferscheibe")
    rebuild()
    assert read("töpferscheibbe").corrected == "Töpferscheibe"
    ContactPoint.objects.filter(pk=point.pk).update(status="draft")
    raise_content_version()
    query = read("töpferscheibbe")
    assert (query.corrected, query.suggestion) == (None, None)


def test_unknown_compound_is_taken_apart_and_its_end_counts_most(region):
    query = read("krankenhauspraktikum")
    assert len(query.slots) > 1
    assert query.slots[-1].weight == max(slot.weight for slot in query.slots)
    assert "praktikum" in {stem for way in query.slots[-1].alternatives for stem in way.stems}


def test_words_written_apart_are_read_together_as_well(region):
    assert ("hauptschulabschluss",) in alternatives(read("hauptschul abschluss"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hab die schule hingeschmissen", True),
        ("Schule letztes Jahr hingeschmissen", True),
        ("schule", False),
        ("nachholen", False),
    ],
)
def test_phrases_are_found_in_any_order_and_with_words_between(db, text, found):
    group = SynonymGroup(name="x", is_one_way=True, words="Schule hingeschmissen", means="Abschluss nachholen")
    assert (("abschluss", "nachhol") in alternatives(read(text, groups=synonyms_of_rows(group)))) is found


@pytest.mark.parametrize("text", ["keine Lehrstelle", "ohne Lehrstelle", "Lehrstelle nicht bekommen"])
def test_ways_to_say_no_are_one_in_phrases(db, text):
    groups = synonyms_of_rows(
        SynonymGroup(name="x", is_one_way=True, words="keine Lehrstelle", means="Nachvermittlung")
    )
    assert ("nachvermittl",) in alternatives(read(text, groups=groups))
    assert ("nachvermittl",) not in alternatives(read("Lehrstelle", groups=groups))


def test_two_way_groups_work_in_both_directions(db):
    group = SynonymGroup(name="x", words="Lehrstelle\nAusbildungsplatz")
    groups = synonyms_of_rows(group)
    assert ("ausbildungsplatz",) in alternatives(read("lehrstelle", groups=groups))
    assert ("lehrstell",) in alternatives(read("Ausbildungsplätze", groups=groups))


@pytest.mark.parametrize("text", ["ohne abschluss", "kein abschluss", "keinen abschluss", "nicht geschafft"])
def test_words_that_turn_the_meaning_are_words(region, text):
    assert len(read(text).slots) == 2


def test_switched_off_group_says_nothing(region):
    SynonymGroup.objects.create(name="Zauber", words="Zauberstab\nPraktikum")
    raise_content_version()
    assert ("praktikum",) in alternatives(read("zauberstab"))
    SynonymGroup.objects.filter(name="Zauber").update(is_active=False)
    raise_content_version()
    assert ("praktikum",) not in alternatives(read("zauberstab"))


def synonyms_of_rows(*rows: SynonymGroup):
    return synonyms_of([group_of(row) for row in rows])


def lead(text: str, *rows: SynonymGroup, version: str = "") -> list[str]:
    """The titles that the groups put before what only has the words, strongest first."""
    query = read(text, groups=synonyms_of_rows(*rows))
    ways = [way for slot in query.slots for way in slot.alternatives if way.stems[0].startswith("=")]
    return [way.stems[0] for way in sorted(ways, key=lambda way: -way.factor * way.share)]


def means(words: str, names: str) -> SynonymGroup:
    return SynonymGroup(words=words, means=names, is_one_way=True)


@pytest.fixture
def doors(db):
    """Two contact points whose names are said in groups."""
    for name in ("Zimt Haus", "Nelke Haus"):
        ContactPointFactory(name=name)
    rebuild()
    raise_content_version()


def test_what_carries_a_name_leads_in_the_order_of_the_group(doors):
    group = means("Quitzel", "Nelke Haus\nZimt Haus\nHaus")
    assert lead("quitzel", group) == ["=nelk haus", "=zimt haus"]
    mentions = {way.stems: way.share for slot in read("quitzel", groups=synonyms_of_rows(group)).slots
                for way in slot.alternatives}  # fmt: skip
    assert mentions["nelk", "haus"] < mentions[("haus",)] == 100


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("quitzel bunz", ["=nelk haus", "=nelk haus", "=zimt haus"]),  # the expression before one of its words
        ("quitzel", ["=zimt haus"]),
        ("plotz bunz", ["=nelk haus", "=nelk haus"]),  # a word that means the same stands for the other
    ],
)
def test_an_expression_goes_before_its_words(doors, text, leads):
    groups = (means("Quitzel Bunz", "Nelke Haus"), means("Quitzel", "Zimt Haus"))
    assert lead(text, *groups, SynonymGroup(words="Quitzel\nPlotz")) == leads


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("kein quitzel", True), ("ohne quitzel", True), ("null quitzel", True), ("kein bunz auf quitzel", False)],
)
def test_a_negation_denies_the_word_beside_it(doors, text, is_said):
    assert bool(lead(text, means("kein Quitzel", "Nelke Haus"))) == is_said


@pytest.mark.parametrize("text", ["scheiß quitzel", "quitzel nervt", "hasse quitzel", "stress mit quitzel"])
def test_swearing_at_something_is_trouble_with_it(doors, text):
    assert "=nelk haus" in lead(text, means("Ärger mit Quitzel", "Nelke Haus"))


def test_rude_words_count_little(region):
    rude, real = read("verfickte schulden").slots
    assert rude.weight * 4 < real.weight


def test_little_words_say_something_together_when_there_is_nothing_else(doors):
    group = means("was soll ich werden", "Nelke Haus")
    assert lead("ich weiß nicht was ich werden soll", group)
    assert not lead("was soll ich mit quitzel werden", group)


def test_a_compound_inside_of_a_compound_is_said_too(region):
    query = read("krankenhauspraktikum", groups=synonyms_of_rows(means("Krankenhaus", "Zimt")))
    assert ("zimt",) in alternatives(query)


def test_the_edge_of_an_unknown_word_is_better_than_nothing(region):
    query = read("kummerkasten", groups=synonyms_of_rows(means("Kummer", "Beratung")))
    assert ("berat",) in alternatives(query)


def test_a_shortened_word_is_read_as_what_begins_nearly_so(region):
    query = read("depri")
    assert (query.corrected, {stems[0][:6] for stems in alternatives(query)}) == (None, {"depri", "depres"})


@pytest.mark.parametrize("text", ["schwänzt", "geschwänzt", "die Tochter schwaenzt"])
def test_a_form_of_a_verb_stands_for_the_verb(region, text):
    groups = synonyms_of_rows(SynonymGroup(name="x", is_one_way=True, words="schwänzen", means="Bußgeld"))
    assert ("bussgeld",) in alternatives(read(text, groups=groups))


@pytest.mark.parametrize("text", ["Amt", "Gericht", "Gehalt", "Welt"])
def test_a_noun_that_ends_like_a_verb_stands_for_none(region, text):
    assert {way.factor for slot in read(text).slots for way in slot.alternatives if not way.is_synonym} == {100}
