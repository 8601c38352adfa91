"""Every text the finder shows is easy enough, for every concern, question and reader."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from counseling.finder import situation_from_dict
from counseling.finder.facts import CONCERNS, FACTS
from counseling.finder.tree import DOORS
from counseling.flow import OUTSIDE, Answers, seal
from tests.counseling.finder_walk import FINDER
from tools.readability import measure, official_names, page_texts

READERS = {"mich": "youth", "kind": "parents", "beruf": "staff"}
CASES: list[dict[str, str]] = [
    {},
    {"age": "8"},
    {"age": "16", "place": "15083270", "parents_place": "15083270"},
    {"age": "34", "benefit": "sgb2"},
    {"age": "17", "place": OUTSIDE, "parents_place": OUTSIDE},
]
BANNED = ("Rechtskreis", "Bedarfsgemeinschaft", "Leistungsträger", "Maßnahme", "Kunde", "Zielgruppe", "benachteiligt")
DU = {"du", "dir", "dich", "dein", "deine", "deinen", "deinem", "deiner"}
PROMISES = ("sofort", "garantiert", "ungültig", "leider", "Leider")


def pages(client: Client, view: str) -> Iterator[tuple[str, str]]:
    """Yield name and HTML of every kind of page for a reader."""

    def post(name: str, facts: dict[str, str], **fields: str) -> tuple[str, str]:
        answers = Answers(situation_from_dict(facts)[0], view=view)
        response = client.post(FINDER, {"stand": seal(answers, fields.get("frage", "")), **fields}, follow=True)
        assert response.status_code == 200
        return f"{view}/{name}", response.content.decode()

    yield post("start", {}, frage="concern")
    yield post("unclear", {}, ergebnis="1")
    for door in DOORS:
        yield post(f"door {door.key}", {}, tuer=door.key)
    for fact in FACTS:
        yield post(f"question {fact}", {"concern": "homeless"}, frage=fact)
    yield post("place wrong", {"concern": "homeless"}, frage="place", ort="Xyzzy")
    for concern in CONCERNS:
        for number, case in enumerate(CASES):
            yield post(f"{concern} {number}", {"concern": concern, **case}, ergebnis="1")


@pytest.mark.slow
@pytest.mark.parametrize("view", list(READERS))
def test_texts_suit_their_reader(view: str, region: None, quick_pages: None, client: Client) -> None:
    texts = {text.words: text for name, html in pages(client, view) for text in page_texts(name, READERS[view], html)}
    measured = measure(texts.values(), official_names(settings.REGION_DIR))
    assert len(measured) > 100
    assert [str(row) for row in measured if row.is_too_hard] == []
    assert [text for text in texts.values() if wrong_words(view, text.words)] == []


def wrong_words(view: str, text: str) -> set[str]:
    """Office words and promises for the young, du for everybody else."""
    if view == "mich":
        return {word for word in (*BANNED, *PROMISES) if word in text}
    return DU & {word.strip(".,?!:„“").lower() for word in text.replace("Die Börde braucht dich", "").split()}


def test_every_reader_has_every_text() -> None:
    names: dict[str, Any] = {"door": [door.label for door in DOORS], "hint": [door.hint for door in DOORS]}
    for kind, wordings in names.items():
        assert all(wording.for_view(view) for wording in wordings for view in ("mich", "kind", "beruf")), kind
