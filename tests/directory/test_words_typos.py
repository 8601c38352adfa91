"""Misspelt words: what was meant comes first, and short words are left alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.words.compounds import shipped_lexicon
from directory.words.typos import Vocabulary, closest, slips_allowed, sound

KNOWN = Vocabulary(
    """
    abschluss altenpflege altenpfleger amt ausbildung ausbilder baecker beratung berufsschule bewerbung buerokauffrau
    drogen elektriker erzieher fahrer fuehrerschein gaertner geld gold grundsicherung hauptschule jobcenter jugendamt
    kfz kindergarten krankenpfleger lehrstelle mechatroniker physiotherapeut polizei praktikum praktikant psychologe
    schule schulden sucht therapie tischler toilette verkaeufer wohnung zeugnis
    """.split()  # noqa: SIM905  a list of words is read as a text
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pratikum", "praktikum"),
        ("praktikun", "praktikum"),
        ("prakitkum", "praktikum"),
        ("praktikumm", "praktikum"),
        ("altenpflge", "altenpflege"),
        ("ausbildugn", "ausbildung"),
        ("ausblidung", "ausbildung"),
        ("fisiotherapeut", "physiotherapeut"),
        ("phuesiotherapeut", "physiotherapeut"),
        ("fuererschein", "fuehrerschein"),
        ("fuhrerschein", "fuehrerschein"),
        ("furerschein", "fuehrerschein"),
        ("farer", "fahrer"),
        ("mechatronicker", "mechatroniker"),
        ("meschatroniker", "mechatroniker"),
        ("kindergarden", "kindergarten"),
        ("becker", "baecker"),
        ("ferkaeufer", "verkaeufer"),
        ("teraphie", "therapie"),
        ("terapie", "therapie"),
        ("toylette", "toilette"),
        ("sykologe", ""),
        ("psichologe", "psychologe"),
        ("shule", "schule"),
        ("shcule", "schule"),
        ("gelt", "geld"),
        ("grundsicherrung", "grundsicherung"),
        ("jobcenter", ""),
        ("leerstelle", "lehrstelle"),
        ("erziher", "erzieher"),
        ("rzieher", ""),
        ("ezrieher", "erzieher"),
        ("polizai", "polizei"),
        ("wonung", "wohnung"),
        ("zeugniss", "zeugnis"),
        ("elecktriker", "elektriker"),
        ("krankenpfegler", "krankenpfleger"),
        # too short, too far, or something else
        ("rpaktikum", "praktikum"),
        ("spraktikum", "praktikum"),
        ("spraktikom", ""),
        ("egld", ""),
        ("amd", ""),
        ("kvz", ""),
        ("gxyd", ""),
        ("haus", ""),
        ("xyzxyzxyz", ""),
        ("", ""),
        ("привет", ""),
    ],
)
def test_the_word_that_was_meant_comes_first(typed: str, meant: str) -> None:
    found = closest(typed, KNOWN)
    assert (found[0][0] if found else "") == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("physik", "fisik"),
        ("vater", "fatter"),
        ("fahrrad", "farrat"),
        ("wohnung", "wonung"),
        ("liebe", "libe"),
        ("mai", "mei"),
        ("baeume", "beume"),
        ("quatsch", "kwatsch"),
        ("stadt", "statt"),
        ("hexe", "hekse"),
        ("sehen", "seen"),
        ("theater", "teater"),
        ("rhythmus", "rytmus"),
    ],
)
def test_these_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("haus", "maus"), ("hase", "ase"), ("schule", "schale"), ("rat", "rot")])
def test_these_do_not_sound_the_same(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("word", "slips"), [("amt", 0), ("geld", 1), ("sucht", 1), ("schule", 2), ("zeugnisse", 2), ("praktikums", 3)]
)
def test_short_words_may_have_fewer_slips(word: str, slips: int) -> None:
    assert slips_allowed(word) == slips


def test_every_letter_left_out_counts() -> None:
    known = Vocabulary(["ausbildung"])
    assert [closest(typed, known) for typed in ("ausbildun", "ausbldun", "asbldun", "asbldn")] == [
        [("ausbildung", 1)],
        [("ausbildung", 2)],
        [],  # eight letters may have two slips
        [],
    ]


def test_what_sounds_the_same_is_one_slip_away() -> None:
    assert closest("fuererschain", Vocabulary(["fuehrerschein"])) == [("fuehrerschein", 1)]


def test_a_slip_beside_the_same_sound_is_one_more() -> None:
    assert closest("vatur", Vocabulary(["fader"])) == []  # five letters may have one slip
    assert closest("vatter", Vocabulary(["fader"])) == [("fader", 1)]


def test_the_nearer_sound_wins_then_the_alphabet() -> None:
    assert closest("gelt", Vocabulary(["gelb", "geld"])) == [("geld", 1), ("gelb", 1)]
    assert closest("fisik", Vocabulary(["physik", "visik"])) == [("visik", 1), ("physik", 1)]
    assert closest("bilder", Vocabulary(["wilder", "bolder", "balder", "bildner"]), limit=9) == [
        ("balder", 1),
        ("bildner", 1),
        ("bolder", 1),
    ]


def test_the_word_itself_is_no_correction() -> None:
    assert closest("geld", Vocabulary(["geld"])) == []
    assert closest("geld", Vocabulary(["geld", "gelb"])) == [("gelb", 1)]


def test_at_most_so_many() -> None:
    assert len(closest("praktikun", KNOWN, limit=1)) == 1
    assert closest("praktikun", KNOWN, limit=0) == []


def test_the_order_in_which_words_came_does_not_matter() -> None:
    known = sorted(shipped_lexicon().words)
    mixed = random.Random(4).sample(known, len(known))
    typed = ["pratikum", "altenflege", "shule", "beruf"]
    assert [closest(word, Vocabulary(known)) for word in typed] == [closest(word, Vocabulary(mixed)) for word in typed]


def test_a_vocabulary_knows_its_words() -> None:
    assert "amt" in KNOWN
    assert "amd" not in KNOWN
    assert len(Vocabulary(["a", "a", "b"])) == 2


SHIPPED = Vocabulary(shipped_lexicon().words)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(word for word in SHIPPED.words if len(word) >= 8)), st.data())
def test_one_slip_after_the_start_is_always_found(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(2, len(word) - 2))
    wrong = data.draw(
        st.sampled_from([word[:at] + word[at + 1 :], word[:at] + "q" + word[at:], word[:at] + word[at] + word[at:]])
    )
    if wrong not in SHIPPED:
        assert word in [known for known, _ in closest(wrong, SHIPPED, limit=50)]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=70))
def test_any_text_may_be_asked(text: str) -> None:
    found = closest(text, SHIPPED)
    assert all(1 <= slips <= slips_allowed(text) and known in SHIPPED for known, slips in found)
    assert sorted(found, key=lambda pair: pair[1]) == found


def test_without_a_stemmer_the_first_half_must_agree() -> None:
    known = Vocabulary(["виплати", "волонтерська"])
    assert closest("вивчати", known) == []
    assert closest("волонтерство", known) == [("волонтерська", 3)]


def test_sound_is_heard_once() -> None:
    assert [sound(word) for word in ("aha", "hallo", "schifffahrt", "h", "")] == ["a", "halo", "sifart", "h", ""]
