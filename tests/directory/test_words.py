"""The analyser: one spelling habit finds what another one wrote."""

import unicodedata
from itertools import pairwise

import pytest
import snowballstemmer
from hypothesis import example, given, settings
from hypothesis import strategies as st
from snowballstemmer.german_stemmer import GermanStemmer

from directory.words.analyse import MAX_WORD, Word, content, fold_word, stems, words
from directory.words.compounds import shipped_lexicon
from directory.words.stemming import infinitive, stem
from directory.words.stopwords import STOP_WORDS
from tests.naughty import NAUGHTY


def folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


SAME = [
    ("Bürokauffrau", "Buerokauffrau", "Burokauffrau", "Bu\u0308rokauffrau", "BÜROKAUFFRAU", "Büro\u00adkauffrau"),
    ("Führerschein", "fuehrerschein", "fuhrerschein", "FÜHRERSCHEINE", "Führerscheins"),
    ("Straße", "Strasse", "STRASSE", "STRAẞE", "Straßen"),
    ("Sekretärin", "Sekretaerin", "Sekretarin", "Sekretär", "Sekretär*in"),
    (
        *("Erzieher", "Erzieherin", "Erzieherinnen", "Erziehern", "Erziehers", "Erzieher:in", "Erzieher*in"),
        *("Erzieher_in", "Erzieher·in", "Erzieher/in", "Erzieher/-in", "Erzieher / -in", "Erzieher-in", "Erzieher(in)"),
        *("ErzieherIn", "ErzieherInnen", "Erzieher:innen", "Erzieher/-innen", "Erzieher(innen)", "Erzieher (m/w/d)"),
        *("Erzieherin (w/m/d)", "Erzieher m/w/d", "Erzieher (m, w, d)", "Erzieher (d|m|w)"),
    ),
    ("Arzt", "Ärztin", "Aerztin", "Ärzt:in", "Ärzte", "Ärztinnen", "ÄrztInnen"),
    ("Koch", "Köchin", "Köch:in", "Kochin", "Köchinnen"),
    ("Kollege", "Kollegin", "Kolleg:innen", "Kolleg(inn)en", "KollegInnen"),
    ("Psychologe", "Psychologin", "Psycholog*innen"),
    ("Friseur", "Friseurin", "Friseur/in"),
    ("Student", "Studentin", "Student_innen"),
    ("Polizist", "Polizistin", "Polizist:in"),
    ("Praktikant", "Praktikantinnen"),
    ("Landwirt", "Landwirtin"),
    ("Bürger", "Bürgerin", "Bürger:innen", "burger"),
    ("Lotse", "Lotsin", "Lots:innen", "Lotsen"),
    ("Bauer", "Bäuerin", "Bäuerinnen"),
    ("Lehrer", "Lehrerin", "Lehrer*innen", "Lehrern"),
    (
        *("Kauffrau", "Kaufmann", "Kaufleute", "Kauffrauen", "Kaufmann/-frau", "Kaufmann/frau", "Kaufmann:frau"),
        *("Kauffrau/-mann", "Kaufmann (m/w/d)"),
    ),
    ("Hotelfachfrau", "Hotelfachmann", "Hotelfachleute", "Hotelfachmann/-frau"),
    ("Feuerwehrmann", "Feuerwehrfrau", "Feuerwehrleute"),
    ("Auszubildende", "Auszubildender", "Auszubildende/r", "Auszubildende(r)", "Auszubildende:r", "Auszubildenden"),
    ("Schülerrat", "Schüler:innenrat", "Schüler*innenrat", "SchülerInnenrat"),
    ("§ 13", "§13", "§§ 13", "§\u00a013", "Paragraf 13", "paragraph 13"),
    ("§ 16h", "§16H", "Paragraf 16h"),
    (
        *("SGB II", "sgb2", "SGB 2", "SGB-II", "SGB\u00a0II", "sgb02", "Sozialgesetzbuch 2", "Sozialgesetzbuch II"),
        *("Sozialgesetzbuch (SGB) II", "Zweites Sozialgesetzbuch", "Zweites Buch Sozialgesetzbuch"),
        *("Sozialgesetzbuch, Zweites Buch", "Zweites Buch des Sozialgesetzbuches"),
    ),
    ("SGB VIII", "sgb8", "Achtes Buch Sozialgesetzbuch"),
    ("SGB XIV", "sgb14"),
    ("SGB XII", "SGB 12", "Zwölftes Buch Sozialgesetzbuch"),
    ("Hartz IV", "hartz4", "Hartz 4"),
    ("ALG I", "alg1"),
    ("E-Mail", "email", "EMail", "e‑mail"),
    ("U25", "u-25", "u25"),
    ("10.000", "10000"),
    ("10. Klasse", "10 Klasse", "10te Klasse", "10klasse"),
    ("Klasse 10", "klasse10"),
    ("16 Jahre", "16-jährig", "16jährige", "16 Jahren", "16-Jähriger"),
    ("Azubi", "Azubis", "Azubine"),
    ("Kita", "Kitas"),
    ("Handy", "Handys"),
    ("Praktikum", "Praktika", "Praktikums", "Praktikas", "Praktiken"),
    ("Jugendzentrum", "Jugendzentren"),
    ("Kurs", "Kurse", "Kursen"),
    ("Sprachkurs", "Sprachkurse"),
    ("Problem", "Probleme"),
    ("frei", "freie", "freien"),
    ("extern", "externe"),
    ("Ausbildung", "Ausbildungen", "ausbildungs-"),
    ("geht's", "geht", "geht’s"),
    ("hilfe", "hilfeeeeee", "HILFE!!!"),
    ("Schifffahrt", "Schiffahrt"),
    ("z.B.", "z. B.", "zB", "z.B"),
    ("Привет", "привет", "ПРИВЕТ"),
    ("П'ять", "п’ять", "пять"),
    ("مُسَاعَدَة", "مساعدة"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda row: row[0])
def test_these_spellings_have_the_same_stems(spellings: tuple[str, ...]) -> None:
    found = {spelling: stems(spelling) for spelling in spellings}
    assert found == dict.fromkeys(spellings, found[spellings[0]])
    assert found[spellings[0]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Termin", "Term"),
        ("Medizin", "Mediz"),
        ("Berlin", "Berl"),
        ("Schwerin", "schwer"),
        ("Verein", "Vere"),
        ("allein", "alle"),
        ("Benzin", "Benz"),
        ("Magazin", "Magaz"),
        ("Ruin", "Ruf"),
        ("beginnen", "Beg"),
        ("Konstantin", "konstant"),
        ("Lehre", "Lehrer"),
        ("Erziehung", "Erzieher"),
        ("Note", "Not"),
        ("Bürger", "Burg"),
        ("Ärger", "arg"),
        ("Lager", "Lage"),
        ("Kurs", "Kur"),
        ("Haus", "Hau"),
        ("Zeugnis", "Zeugni"),
        ("Praxis", "Praxi"),
        ("arbeitslos", "arbeitslo"),
        ("Frau", "Mann"),
        ("SGB II", "SGB III"),
        ("SGB I", "SGB XI"),
        ("Hartz IV", "SGB IV"),
        ("ALG I", "SGB I"),
        ("§ 13", "13"),
        ("§ 13", "§ 13a"),
        ("kein", "ein"),
        ("LinkedIn", "linked"),
        ("10.08.", "1008"),
    ],
)
def test_these_words_are_kept_apart(first: str, second: str) -> None:
    assert stems(first) != stems(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Erzieher und Erzieherinnen", ["erzieher", "und", "erzieherinnen"]),
        ("Praktikum in Haldensleben", ["praktikum", "in", "haldensleben"]),
        ("Koch/Köchin (m/w/d)", ["koch", "koechin"]),
        ("Kfz-Mechatroniker:in", ["kfz", "mechatroniker"]),
        ("Ausbildungs- und Jobbörse", ["ausbildung", "und", "jobboerse"]),
        ("Alten-/Krankenpflege", ["alten", "krankenpflege"]),
        ("Berufs-, Studien- und Lebensberatung", ["beruf", "studien", "und", "lebensberatung"]),
        ("Hilfe nach § 13 SGB VIII", ["hilfe", "nach", "§13", "sgb8"]),
        ("§ 22 Abs. 4", ["§22", "abs", "4"]),
        ("Sozialgesetzbuch", ["sozialgesetzbuch"]),
        ("sgb xx", ["sgb", "xx"]),
        ("ab 01.08.2026, 8:30 Uhr", ["ab", "01", "08", "2026", "8", "30", "uhr"]),
        ("1.500 Euro", ["1500", "euro"]),
        ("die 10er", ["die", "10"]),
        ("Führerschein B oder C1", ["fuehrerschein", "b", "oder", "c1"]),
        ("wie geht's?", ["wie", "geht"]),
        ("z.B. Praktikum u.a. beim Verein e.V.", ["zb", "praktikum", "ua", "beim", "verein", "ev"]),
        ("z.B.Praktikum", ["zb", "praktikum"]),
        ("E-Mail-Adresse", ["email", "adresse"]),
        ("Herr/Frau", ["herr", "frau"]),
        ("1000 m", ["1000", "m"]),
        ("👍🏽 ok 👩‍🍳", ["ok"]),
        ("was\x00tun\ud800jetzt", ["was", "tun", "jetzt"]),
        ("عربي 12 Україна", ["عربي", "12", "украіна"]),
        ("_x_", ["x"]),
        ("(m/w/d)", []),
        (" … – !?", []),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


def test_a_word_says_where_it_stands() -> None:
    assert words("Suche: Erzieher:in nach § 13!") == [
        Word("Suche", "suche", "such", 0, 5, True),
        Word("Erzieher:in", "erzieher", "erzieher", 7, 18, False),
        Word("nach", "nach", "nach", 19, 23, True),
        Word("§ 13", "§13", "§13", 24, 28, False),
    ]


def test_the_hyphen_of_a_half_word_is_not_marked() -> None:
    assert words("Jugend- und")[0].text == "Jugend"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ich will jetzt bitte mal eine Wohnung digga", ["wohnung"]),
        ("was kann ich mit Tieren machen", ["tier"]),
        ("ohne Abschluss", ["ohn", "abschluss"]),
        ("keinen Bock", ["kein", "bock"]),
        ("nicht mehr zur Schule", ["nicht", "schul"]),
        ("Sucht", ["sucht"]),
        ("i need a job", ["job"]),
        ("was mache ich", ["was", "mach", "ich"]),
        ("хочу роботу", ["роботу"]),
        ("...", []),
    ],
)
def test_stems_leave_out_what_has_no_subject(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_what_turns_the_meaning_round_is_no_stop_word() -> None:
    turning = "ohne nicht nichts nie niemand kein keine keinen keinem keiner keines kaum weder sucht krieg"
    assert not STOP_WORDS & set(turning.split())


def test_stop_words_are_written_as_words_are_folded() -> None:
    assert {word for word in STOP_WORDS if folded(word) != [word]} == set()


def test_content_keeps_all_words_when_none_has_a_subject() -> None:
    found = words("was ist das")
    assert content(found) == found


def test_only_the_sound_of_the_umlaut_counts() -> None:
    """„ae“ may be left out, written as „a“ or as „ä“; in „Bauer“, „neue“ and „Quelle“ the e is no dot."""
    assert [stem(word) for word in ("maedchen", "madchen")] == ["madch", "madch"]
    assert [stem(word) for word in ("quelle", "neue", "steuer")] == ["quell", "neu", "steu"]


def test_both_stemmers_agree() -> None:
    """The library uses its twin in C where that is installed; the index must not depend on it."""
    known = sorted(shipped_lexicon().words)[::4]
    assert len(known) > 100
    installed, plain = snowballstemmer.stemmer("german"), GermanStemmer()
    assert installed.stemWords(known) == plain.stemWords(known)


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings(text: str) -> None:
    assert all(text[word.start : word.end] == word.text for word in words(text))


UNICODE = st.text(max_size=200)
GERMANISH = st.text(alphabet="aäbeginrstuüEIN:*_/-()§ .'’0123xv\u0308\u00ad", max_size=60)
LONG = st.builds(lambda piece, times: (piece * times)[:10_000], st.text(min_size=1, max_size=12), st.just(10_000))


@settings(max_examples=150, deadline=None)
@given(UNICODE | GERMANISH)
def test_every_word_stands_where_it_says(text: str) -> None:
    found = words(text)
    assert all(text[word.start : word.end] == word.text and word.folded and word.stem for word in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@settings(max_examples=150, deadline=None)
@given(UNICODE | GERMANISH)
def test_the_same_text_gives_the_same_words(text: str) -> None:
    assert words(text) == words(text)


@settings(max_examples=150, deadline=None)
@given(UNICODE | GERMANISH)
def test_folding_a_word_twice_changes_nothing(text: str) -> None:
    assert fold_word(fold_word(text)) == fold_word(text)


@settings(max_examples=150, deadline=None)
@given(UNICODE)
@example("각0")
def test_composed_and_decomposed_text_gives_the_same_stems(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    if len(decomposed) <= MAX_WORD:
        assert [word.folded for word in words(composed)] == [word.folded for word in words(decomposed)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(shipped_lexicon().words)))
def test_a_folded_word_is_analysed_like_the_written_one(word: str) -> None:
    (again,) = words(word)
    assert (again.folded, again.stem) == (word, stem(word))


@pytest.mark.parametrize("letter", ["x", "ab", "ﷺ", "é", "ж"])
def test_a_word_without_end_is_cut(letter: str) -> None:
    text = "xyz".join([letter] * 1000)
    (word,) = words(text)
    assert word.text == text
    assert MAX_WORD // 2 < len(word.folded) <= MAX_WORD
    assert len(word.stem) <= MAX_WORD


@settings(max_examples=40, deadline=None)
@given(LONG)
def test_any_long_text_can_be_analysed(text: str) -> None:
    assert all(len(word.folded) <= MAX_WORD and len(word.stem) <= MAX_WORD for word in words(text))


@pytest.mark.parametrize(
    "text",
    [
        "\u0315\u0300\u0316" * 3333,
        "a" + "\u0316\u0300" * 5000,
        "a\u200d" * 5000,
        "a." * 5000,
        "erin-" * 2000,
        "§" * 10_000,
        "ﷺ" * 10_000,
        "zweites" + " " * 9990,
        "m/w/" * 2500,
        "1." * 5000,
        "a'" * 5000,
        "\ud800" * 10_000,
        "\x00" * 10_000,
    ],
    ids=lambda text: ascii(text[:7]),
)
def test_texts_made_to_hurt(text: str) -> None:
    assert all(text[word.start : word.end] == word.text for word in words(text))


@pytest.mark.parametrize("text", ["nix", "nich", "nischt", "nüscht", "nichts", "nimmer"])
def test_spoken_ways_to_say_no_are_one(text):
    assert [word.stem for word in words(text)] == ["nicht"]


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("schwaenzt", "schwaenzen"),
        ("gekifft", "kiffen"),
        ("hingeschmeisst", "schmeissen"),
        ("arbeitet", "arbeiten"),
        ("amt", ""),
        ("geld", ""),
    ],
)
def test_a_form_of_a_verb_leads_to_its_infinitive(form, verb):
    assert infinitive(form) == verb


@given(st.text(alphabet="abcßäöÄÖABCſİéжїǅªﬁ sSgGbBlLIn", max_size=30))
def test_text_of_letters_is_read_as_the_pattern_would(text):
    # A sign at the end that is no word sends the same text through the pattern.
    assert words(text) == words(text + " !")
