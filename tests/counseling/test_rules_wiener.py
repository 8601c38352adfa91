"""The class of a text is the one textstat finds."""

import textstat
from hypothesis import given, settings
from hypothesis import strategies as st

from counseling.wiener import school_class

WORDS = st.sampled_from(
    [
        "du",
        "Jobcenter",
        "Ausbildungsvermittlung",
        "hilft.",
        "Geld!",
        "15",
        "Jahre,",
        "„Amt“",
        "it's",
        "x-mal",
        "Straße",
        "…",
        "Öl",
        "ruf",
        "an?",
        "Ja.",
        "Bedarfsgemeinschaft",
        "§",
    ]
)


def class_by_textstat(text: str) -> float:
    textstat.set_lang("de")
    return float(textstat.wiener_sachtextformel(text, 1))


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_same_figure_as_textstat(text: str) -> None:
    assert abs(school_class(text) - class_by_textstat(text)) < 1e-9


def test_text_without_words_is_no_class() -> None:
    assert school_class(" … ") == 0.0


def test_hard_text_is_hard_and_easy_text_is_easy() -> None:
    assert school_class("Die Inanspruchnahme berufsvorbereitender Bildungsmaßnahmen setzt Erfüllung voraus.") > 15
    assert school_class("Du hast noch keinen Platz. Ruf uns an. Wir hören dir zu.") < 3
