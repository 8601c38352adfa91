"""When the words clearly name a concern, as a rule and not as a tuned list."""

import pytest

from directory.index.query import Query, Slot
from directory.index.ranking import Hit
from directory.index.scoring import TITLE_BONUS
from ruemsa_portal.search import answer_of


def hit(kind: str, key: str, score: int, coverage: int = 100) -> Hit:
    return Hit(kind, 1, key, "Titel", "", score, coverage)


def asked(words: int, *, place: bool = False) -> Query:
    slots = [Slot("wort", 0, 4, 100, ()) for _ in range(words)]
    if place:
        slots.append(Slot("dorf", 0, 4, 100, (), is_place=True))
    return Query("wort", tuple(slots))


@pytest.mark.parametrize(
    ("query", "concerns", "offer", "agency", "found"),
    [
        (asked(2), [("voluntary", 350, 100)], 1000, 0, True),
        (asked(2), [("voluntary", 349, 100)], 1000, 0, False),
        (asked(2), [("voluntary", 5000, 89)], 1000, 0, False),
        (asked(2), [("compulsory", 9000, 80), ("voluntary", 5000, 90)], 1000, 0, True),
        (asked(1), [("voluntary", 600, 100)], 1000, 0, True),
        (asked(1), [("voluntary", 599, 100)], 1000, 0, False),
        (asked(1, place=True), [("voluntary", 599, 100)], 1000, 0, False),
        (asked(1), [("voluntary", 5000, 100)], 10, TITLE_BONUS, False),
        (asked(1), [("voluntary", 5000, 100), ("compulsory", 4000, 100)], 10, 0, False),
        (asked(1), [("voluntary", 5200, 100), ("compulsory", 4000, 100)], 10, 0, True),
        (asked(1), [("voluntary", TITLE_BONUS, 100)], 5000, TITLE_BONUS * 2, True),
        (asked(2), [("gibt-es-nicht", TITLE_BONUS, 100)], 0, 0, False),
        (asked(2), [], 0, 0, False),
    ],
)
def test_clear_means_covered_and_ahead(query, concerns, offer, agency, found) -> None:
    by_kind = {"concern": [hit("concern", *row) for row in concerns], "agency": [hit("agency", "amt", agency)]}
    answer = answer_of(by_kind, query, best_offer=offer)
    assert (answer is not None) == found
    if answer:
        assert answer.way.url == "/zustaendigkeit/?concern=voluntary"


def test_private_concern_is_a_button() -> None:
    answer = answer_of({"concern": [hit("concern", "homeless", TITLE_BONUS)]}, asked(1), best_offer=0)
    assert answer and answer.is_private
    assert (answer.way.url, answer.way.name, answer.way.value) == ("", "concern", "homeless")
