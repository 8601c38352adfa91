"""How hard a text is: the figures are textstat's, and the sentences shown are those that make it hard."""

import tomllib
from collections.abc import Iterator

import pytest
import textstat
from django.conf import settings
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from directory.readability import (
    Counts,
    count,
    hard_sentences,
    hard_words,
    is_running,
    lines,
    plain,
    school_class,
    sentences,
    without_names,
)

WORDS = st.sampled_from(
    [
        "du", "Jobcenter", "Ausbildungsvermittlung", "hilft.", "Geld!", "15", "Jahre,", "„Amt“", "it's", "x-mal",
        "Straße", "…", "Öl", "ruf", "an?", "Ja.", "Bedarfsgemeinschaft", "§",
    ]
)  # fmt: skip
HARD = "Die Inanspruchnahme berufsvorbereitender Bildungsmaßnahmen setzt die Erfüllung der Schulpflicht voraus."
EASY = "Du hast noch keinen Platz? Ruf uns an. Wir hören dir zu. Das kostet nichts. Komm einfach zu uns."


def by_textstat(text: str) -> tuple[float, float, float]:
    textstat.set_lang("de")
    return (
        float(textstat.wiener_sachtextformel(text, 1)),
        float(textstat.flesch_reading_ease(text)),
        float(textstat.lix(text)),
    )


def ours(text: str) -> tuple[float, float, float]:
    counts = count(text)
    return counts.wiener, counts.amstad, counts.lix


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def shipped_texts() -> list[str]:
    """Every text of the county's folder with ten words or more, as sentences."""
    folder = settings.REGION_DIR
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.md")]
    for path in folder.rglob("*.toml"):
        texts += strings(tomllib.loads(path.read_text(encoding="utf-8")))
    return sorted({plain(text) for text in texts if len(text.split()) >= 10})


def test_same_figures_as_textstat_for_every_shipped_text() -> None:
    texts = shipped_texts()
    assert len(texts) > 300
    wrong = [
        text for text in texts if any(abs(a - b) > 1e-6 for a, b in zip(ours(text), by_textstat(text), strict=True))
    ]
    assert wrong == []


@limits(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join))
def test_same_class_as_textstat_for_any_words(text: str) -> None:
    assert abs(school_class(text) - by_textstat(text)[0]) < 1e-9


def test_text_without_words_is_no_class() -> None:
    assert school_class(" … ") == 0.0
    assert count("") == Counts()
    assert (Counts().amstad, Counts().lix) == (0.0, 0.0)


def test_hard_text_is_hard_and_easy_text_is_easy() -> None:
    assert school_class(HARD) > 12
    assert school_class(EASY) < 3
    assert count(HARD).amstad < 20
    assert count(EASY).amstad > 80
    assert count(HARD).lix > 50
    assert count(EASY).lix < 40


def test_the_hard_sentence_is_found_among_easy_ones() -> None:
    assert hard_sentences(f"{EASY} {HARD} {EASY}", 0.5) == [HARD]
    assert hard_sentences(EASY, 6.0) == []


@limits(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([HARD, *sentences(EASY)]), min_size=1, max_size=4).map(" ".join))
def test_without_its_hard_sentences_a_text_keeps_the_limit(text: str) -> None:
    hard = hard_sentences(text, 6.0)
    rest = [sentence for sentence in sentences(text) if sentence not in hard]
    assert school_class(" ".join(rest)) <= 6.0
    assert bool(hard) == (school_class(text) > 6.0)


def test_never_more_than_five_sentences_are_shown() -> None:
    assert len(hard_sentences(" ".join([HARD] * 9), 6.0)) == 5


def test_official_names_do_not_make_a_sentence_hard_but_stay_in_it() -> None:
    text = "Berufsausbildungsvorbereitungszentrum Nord hilft dir hier gut weiter. " + HARD
    assert hard_sentences(text, 1.0, names=("Berufsausbildungsvorbereitungszentrum Nord",)) == [HARD]
    assert len(hard_sentences(text, 1.0)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Melde dich bis zum 15. März an. Ruf an!", ["Melde dich bis zum 15. März an.", "Ruf an!"]),
        ("Nach § 22 Abs. 4 SGB III. Ende.", ["Nach § 22 Abs. 4 SGB III.", "Ende."]),
        ("Du bekommst z. B. Geld. Toll.", ["Du bekommst z. B. Geld.", "Toll."]),
        ("Du bist 18. Allein geht es nicht.", ["Du bist 18.", "Allein geht es nicht."]),
        ("In der 9. Klasse. 2 Wochen lang.", ["In der 9. Klasse.", "2 Wochen lang."]),
        ("Sag: „Ich komme.“ Dann geh.", ["Sag: „Ich komme.“", "Dann geh."]),
        ("einen Kurs zu finden,. eine Schule,.", ["einen Kurs zu finden,", "eine Schule,"]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_hard_words_are_long_and_named_once() -> None:
    assert hard_words("Die Bildungsmaßnahmen sind Bildungsmaßnahmen und gut.") == ["Bildungsmaßnahmen"]


def test_marks_of_markdown_count_for_nothing() -> None:
    assert lines("## Weg\n\n- **Bus** 5\n- [Zug](https://example.org)\n\n![Karte](a.png)") == ["Weg.", "Bus 5.", "Zug."]


def test_names_go_as_whole_words() -> None:
    assert without_names("Jobcenter und Jobcenterin", ["Jobcenter"]) == "und Jobcenterin"


def test_running_text_has_twenty_words() -> None:
    assert is_running("Wort " * 20)
    assert not is_running("Wort " * 19 + "15 §")
