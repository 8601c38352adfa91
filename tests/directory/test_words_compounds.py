"""Taking compounds apart: real parts only."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.words import compounds
from directory.words.compounds import Lexicon, read_words, shipped_lexicon
from directory.words.stemming import stem

KNOWN = """
    abschluss agentur altenpflege angebot anstalt arbeit arbeiter arbeitslos ausbildung bank beihilfe beratung beruf
    betreuung bewerbung bild bildung bildungs boerse buergergeld buero bund dienst essen familie feuer feuerwehr freiwillig
    gebot gehilfe geld gespraech gesund handel haupt heim helfer hilfe holz internet job jugend kasse kind kirche krank
    kunde kurs land lehre leistung maedchen mechatroniker not note ordnung partner pflege pfleger platz praktikum pruefung
    recht reise ruf schein schuldner schule schutz sicherung sozial sprache staat stelle stellen suche tier verein
    vermittlung vorstellung wehr werbung wirt woche wohnen wohnung zahn zeit
""".split()  # noqa: SIM905  one line a word would hide the table below


SIMPLEST = ("beruf", "ausbildung", "beihilfe")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(KNOWN)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("tierheim", ("tier", "heim")),
        ("tierpfleger", ("tier", "pfleger")),
        ("tierpflegerinnen", ("tier", "pflegerinnen")),
        ("jobsuche", ("job",)),
        ("nebenjob", ("job",)),
        ("erstberatung", ("beratung",)),
        ("neben", ()),
        ("kauffrau", ()),
        ("kaufleuten", ()),
        ("fachmaenner", ()),
        ("einzelhandelskauffrau", ()),  # „Einzel“ is no known word
        ("jobboerse", ("job", "boerse")),
        ("ausbildungsplatz", ("ausbildung", "platz")),
        ("ausbildungsplaetze", ("ausbildung", "plaetze")),
        ("praktikumsplatz", ("praktikum", "platz")),
        ("arbeitsagentur", ("arbeit", "agentur")),
        ("bundesagentur", ("bund", "agentur")),
        ("familienkasse", ("familie", "kasse")),
        ("kinderbetreuung", ("kind", "betreuung")),
        ("krankenkasse", ("krank", "kasse")),
        ("wochenende", ()),  # „Ende“ is no known word
        ("schulabschluss", ("schule", "abschluss")),
        ("sprachkurs", ("sprache", "kurs")),
        ("hilfsarbeiter", ("hilfe", "arbeiter")),
        ("wohngeld", ("wohn", "geld")),
        ("vorstellungsgespraech", ("vorstellung", "gespraech")),
        ("maedchenheim", ("maedchen", "heim")),
        ("jugendamt", ("jugend", "amt")),
        ("notdienst", ("not", "dienst")),
        ("sozialarbeiterin", ("sozial", "arbeiterin")),
        ("buerokauffrau", ("buero", "kauffrau")),
        ("burokaufmann", ("buro", "kaufmann")),
        ("buerokaufleute", ("buero", "kaufleute")),
        ("hauptschulabschluss", ("haupt", "schule", "abschluss")),
        ("berufsausbildungsbeihilfe", ("beruf", "ausbildung", "beihilfe")),
        ("jugendsozialarbeit", ("jugend", "sozial", "arbeit")),
        ("berufsbildung", ("beruf", "bildung")),
        ("arbeitslosengeld", ("arbeitslos", "geld")),
        ("stellenangebot", ("stelle", "angebot")),
        ("wohnungssuche", ("wohnung",)),
        ("feuerwehrmann", ("feuer", "wehr")),
        ("feuerwehrfrauen", ("feuer", "wehr")),
        ("kfzmechatroniker", ("kfz", "mechatroniker")),
        ("sgb2", ("sgb",)),
        ("hartz4", ("hartz",)),
        ("§16h", ("§16",)),
        # no compound at all
        ("§16", ()),
        ("angebot", ()),
        ("bewerbung", ()),
        ("ausbildung", ()),
        ("beratung", ()),
        ("beruf", ()),
        ("berufe", ()),
        ("gesundheit", ()),
        ("reisende", ()),
        ("interessen", ()),
        ("kunden", ()),
        ("erzieherin", ()),
        ("landkreis", ()),
        ("vereinbarung", ()),
        ("versicherung", ()),
        ("partnerschaft", ()),
        ("hauptsache", ()),
        ("beihilfe", ()),
        ("tier", ()),
        ("tierxyz", ()),
        ("xyztier", ()),
        ("", ()),
        ("10", ()),
        ("привет", ()),
        ("tier" * 20, ()),  # too long to be a word
    ],
)
def test_split(lexicon: Lexicon, word: str, parts: tuple[str, ...]) -> None:
    assert lexicon.split(word) == parts


@pytest.mark.parametrize(
    "word",
    [
        "ausbildung",
        "angebot",
        "bewerbung",
        "beratung",
        "auskunft",
        "unterstuetzung",
        "nachhilfe",
        "mitarbeit",
        "vereinbarung",
        "zeugnis",
    ],
)
def test_no_prefix_is_cut_off_however_much_is_known(word: str) -> None:
    rich = Lexicon(
        [
            *KNOWN,
            *[
                "bildung",
                "gebot",
                "werbung",
                "ratung",
                "kunft",
                "stuetzung",
                "hilfe",
                "arbeit",
                "aus",
                "unter",
                "nach",
                "mit",
                "zeug",
            ],
        ]
    )
    assert rich.split(word) == ()


def test_few_long_parts_are_preferred() -> None:
    assert Lexicon(["gesamt", "amtschule", "schule", "gesa", "mtschule"]).split("gesamtschule") == ("gesamt", "schule")


def test_the_linking_letter_belongs_to_the_part_before_it() -> None:
    assert Lexicon(["verfahren", "lotse", "slots"]).split("verfahrenslotsin") == ("verfahren", "lotsin")


@pytest.mark.parametrize(
    ("known", "word", "parts"),
    [
        # no first part, no last part, or no compound at all, although both halves are known
        (["weiter", "bildung"], "weiterbildung", ()),
        (["zusammen", "arbeit"], "zusammenarbeit", ()),
        (["gemein", "schaft"], "gemeinschaft", ()),
        (["reise", "ende"], "reisende", ()),
        (["frei", "wille"], "freiwill", ()),
        (["viel", "leicht"], "vielleicht", ()),
        (["bahn", "hoefe"], "bahnhof", ()),
        (["hand", "werk"], "handwerker", ()),
        (["haus", "frau"], "hausfrau", ("haus",)),
        # which of two ways
        (["rote", "stierheim", "rotes", "tier", "heim"], "rotestierheim", ("rote", "stierheim")),
        (["schule", "erfolg", "folge"], "schulerfolg", ("schule", "erfolg")),
        (["schule", "schulg", "gesetz", "setz"], "schulgesetzes", ("schule", "gesetzes")),
        (["beruf", "ausbildung", "berufsausbildung", "beihilfe"], "berufsausbildungsbeihilfe", SIMPLEST),
    ],
)
def test_what_speaks_against_a_split(known: list[str], word: str, parts: tuple[str, ...]) -> None:
    assert Lexicon(known).split(word) == parts


def test_a_part_has_the_key_of_the_word_it_is() -> None:
    known = Lexicon(["kirche", "hilfe", "kind", "sprache", "kurs", "gruppe"])
    keys = [[stem(part) for part in known.split(word)] for word in ("kinderkirche", "sprachgruppen", "hilfskurse")]
    assert keys == [[stem("kind"), stem("kirche")], [stem("sprache"), stem("gruppe")], [stem("hilfe"), stem("kurs")]]


def test_more_words_split_more() -> None:
    small = Lexicon(["jugend"])
    large = small.with_words(["treff"])
    assert (small.split("jugendtreff"), large.split("jugendtreff")) == ((), ("jugend", "treff"))
    assert large.words > small.words


def test_stop_words_and_odd_words_are_no_parts() -> None:
    odd = Lexicon(["welche", "haben", "Äpfel", "a1b2", "auto"])
    assert odd.words == Lexicon(["auto"]).words
    assert odd.split("autohaben") == ()


def test_lists_are_read_line_by_line(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("# Kopf\nÄrzte\n\nKfz-Mechatroniker  # und noch mehr\nErzieher:in\n", encoding="utf-8")
    assert read_words(listed) == {
        "aerzte": "Ärzte", "kfz": "Kfz", "mechatroniker": "Mechatroniker", "erzieher": "Erzieher:in"
    }  # fmt: skip


def test_the_shipped_lists_are_there() -> None:
    for name in compounds.FILES:
        assert len(read_words(Path(compounds.__file__).with_name(name))) > 50, name
    assert shipped_lexicon() is shipped_lexicon()
    assert shipped_lexicon().split("berufsschule") == ("beruf", "schule")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="abeinrstuch", max_size=60))
def test_any_word_can_be_split(text: str) -> None:
    parts = shipped_lexicon().split(text)
    assert parts == shipped_lexicon().split(text)
    assert all(len(part) >= 3 for part in parts)


PARTS = st.lists(
    st.sampled_from(["jugend", "ausbildung", "kind", "tier", "schule", "platz", "geld", "kurs"]), min_size=2, max_size=4
)


@settings(max_examples=100, deadline=None)
@given(PARTS)
def test_known_words_put_together_are_taken_apart_again(parts: list[str]) -> None:
    assert Lexicon(KNOWN).split("".join(parts)) == tuple(parts)
