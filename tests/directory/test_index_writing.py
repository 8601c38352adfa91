"""The index is what the content says: after any change the same as after a rebuild from nothing."""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.index import store, writing
from directory.index.keys import MAX_TERMS, term_key, title_key
from directory.index.sources import Document, register, sources
from directory.index.writing import affected, changed, rebuild, refresh
from directory.models import (
    Agency,
    ContentVersion,
    GlossaryTerm,
    SearchEntry,
    SearchPosting,
    SearchTerm,
    SearchWord,
)
from offers.models import Offer, OfferAgency, Situation
from tests.factories.directory import AgencyFactory, ContactPointFactory, GlossaryTermFactory
from tests.factories.offers import OfferFactory
from tests.factories.search import found, titled, whole_index

pytestmark = pytest.mark.django_db


def from_nothing() -> dict[str, list[tuple[object, ...]]]:
    """Throw the index away, build it and return it."""
    SearchEntry.objects.all().delete()
    SearchTerm.objects.all().delete()
    SearchWord.objects.all().delete()
    rebuild()
    return whole_index(with_spelling=True)


def version() -> int:
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def test_a_second_rebuild_writes_nothing() -> None:
    OfferFactory(title="Ausbildung in der Altenpflege")
    first = rebuild()
    assert (first.wrote, first.removed) == (True, 0)
    before, number = whole_index(with_spelling=True), version()
    with CaptureQueriesContext(connection) as queries:
        second = rebuild()
    assert (second.written, second.removed, second.unchanged) == (0, 0, first.written)
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert (whole_index(with_spelling=True), version()) == (before, number)


def test_rebuild_repairs_what_went_astray() -> None:
    offer = OfferFactory(title="Drachenflug")
    rebuild()
    right = whole_index(with_spelling=True)
    Offer.objects.filter(pk=offer.pk).update(title="Zauberschule")
    SearchEntry.objects.create(kind="offer", object_id=999_999, key="weg", title="Weg", fingerprint="x")
    SearchWord.objects.create(word="geist", display="Geist", stem="geist")
    SearchTerm.objects.create(text="geist")
    number = version()
    done = rebuild()
    assert (done.written, done.removed, version()) == (1, 1, number + 1)
    assert found("Zauberschule") == {("offer", offer.slug)}
    Offer.objects.filter(pk=offer.pk).update(title="Drachenflug")
    rebuild()
    assert whole_index(with_spelling=True) == right


def test_force_writes_every_entry_and_changes_none() -> None:
    OfferFactory()
    rebuild()
    before = whole_index(with_spelling=True)
    SearchPosting.objects.all().delete()
    assert not rebuild().wrote
    assert rebuild(force=True).written == len(before["entries"])
    assert whole_index(with_spelling=True) == before


def test_an_entry_keeps_its_id() -> None:
    offer = OfferFactory()
    rebuild()
    entry = SearchEntry.objects.get(kind="offer")
    offer.title = "Drachenflug"
    offer.save()
    changed([offer])
    assert SearchEntry.objects.get(kind="offer").pk == entry.pk
    rebuild(force=True)
    assert SearchEntry.objects.get(kind="offer").pk == entry.pk


def test_readers_never_see_an_empty_index(monkeypatch: pytest.MonkeyPatch) -> None:
    OfferFactory.create_batch(7, title="Drachenflug")
    rebuild()
    monkeypatch.setattr(store, "BATCH", 2)
    monkeypatch.setattr(store.chunks, "__defaults__", (2,))
    total = SearchEntry.objects.count()
    seen: list[tuple[int, int]] = []

    def look(step: str, done: int, among: int) -> None:
        seen.append((SearchEntry.objects.count(), len(found("Drachenflug"))))

    Offer.objects.update(summary="Flieg mit.")
    assert rebuild(look).written == 7
    assert len(seen) > total / 2
    assert set(seen) == {(total, 7)}


def test_what_is_saved_meanwhile_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rebuild has read the old text when somebody saves another one."""
    offer = OfferFactory(title="Kochkurs")
    saved = []

    def interfere(step: str, done: int, among: int) -> None:
        if not saved:
            saved.append(True)
            offer.title = "Zauberschule"
            offer.save()
            changed([offer])
            writing.raise_content_version()
            # … and the older text of the run lands on top of it.
            SearchEntry.objects.filter(kind="offer").update(fingerprint="older")

    rebuild(interfere)
    assert found("Zauberschule") == {("offer", offer.slug)}
    assert whole_index(with_spelling=True) == from_nothing()


def test_the_command_says_how_far_it_is() -> None:
    OfferFactory()
    out = io.StringIO()
    call_command("rebuild_search", stdout=out)
    lines = out.getvalue().splitlines()
    total = SearchEntry.objects.count()
    assert lines == [
        f"geschrieben: {total} von {total}",
        f"Fertig: {total} Einträge geschrieben, 0 entfernt, 0 gleich.",
    ]
    out = io.StringIO()
    call_command("rebuild_search", stdout=out, verbosity=0)
    assert out.getvalue() == ""


def test_a_new_word_takes_compounds_apart_and_a_lost_one_puts_them_together() -> None:
    flight = OfferFactory(title="Gartenquitzel")
    rebuild()
    assert found("Quitzel") == set()
    quitzel = OfferFactory(title="Quitzel")
    changed([quitzel])
    assert found("Quitzel") == {("offer", flight.slug), ("offer", quitzel.slug)}
    assert not rebuild().wrote
    before = affected([quitzel])
    quitzel.delete()
    refresh(before)
    assert found("Quitzel") == set()
    assert found("Gartenquitzel") == {("offer", flight.slug)}
    assert not rebuild().wrote


def test_whole_words_weigh_more_than_parts_and_titles_more_than_texts() -> None:
    title = OfferFactory(title="Pflege", summary="Hilf mit.")
    part = OfferFactory(title="Altenpflege", summary="Hilf mit.")
    text = OfferFactory(title="Kurs", summary="Hilf bei der Pflege.")
    often = OfferFactory(title="Kurs", summary="Hilf bei der Pflege. Pflege. Pflege. Pflege. Pflege. Pflege.")
    rebuild()
    rows = SearchPosting.objects.filter(term__text=term_key("pfleg")).values_list("entry__object_id", "weight")
    weights = dict(rows)
    assert weights[title.pk] > weights[part.pk] > weights[text.pk]
    assert weights[text.pk] < weights[often.pk] < 2 * weights[text.pk]


@pytest.mark.parametrize(
    "title", ["Kurs", "Der, die, das", "§ 13 SGB II", "Erzieher:in (m/w/d)", "x" * 120, "a b " * 30]
)
def test_every_title_is_found_as_it_stands(title: str) -> None:
    offer = OfferFactory(title=title)
    changed([offer])
    assert titled(title) == {("offer", offer.slug)}
    assert titled(f"  {title.upper()} ") == {("offer", offer.slug)}


def test_a_title_without_a_word_has_no_key() -> None:
    assert title_key("… !?") == ""
    offer = OfferFactory(title="…")
    changed([offer])
    assert SearchEntry.objects.filter(kind="offer", key=offer.slug).exists()


def test_long_words_fit_the_column() -> None:
    long = "ab" * 60
    assert len(term_key(long)) == 80
    assert term_key(long) != term_key(long + "c")
    assert term_key("kurz") == "kurz"
    words = "Bundesausbildungsförderungsgesetz " * MAX_TERMS
    assert title_key(words) == title_key(f"{words} mehr")
    assert len(title_key("Grundstücksverkehrsgenehmigung Donaudampfschifffahrt Rechtsschutzversicherung Kfz")) <= 80


def test_rows_without_words_touch_nothing() -> None:
    rebuild()
    row = ContentVersion.objects.create(pk=7)
    with CaptureQueriesContext(connection) as queries:
        changed([row])
        refresh({})
    assert len(queries) == 0


def test_a_source_registers_once() -> None:
    known = sources()
    register("offers.search_source.OFFERS")
    assert sources() == known
    assert len({source.kind for source in known}) == len(known) == 5


def test_an_entry_of_a_row_that_was_deleted_elsewhere_goes() -> None:
    offer = OfferFactory()
    changed([offer])
    objects = affected([offer])
    Offer.objects.all().delete()
    refresh(objects)
    assert not SearchEntry.objects.filter(kind="offer").exists()


WORDS = [
    "Garten", "Gartenbau", "Bau", "Baugarten", "Quitzel", "Quitzelbau", "Gartenquitzel", "Quitzelbaugarten", "Flumm",
    "Flummen", "Flummgarten", "Gartenflumm", "Häuser", "Haus", "Hausflumm", "haus", "Erzieher:in", "Kauffrau", "§ 13",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["new", "edit", "delete", "agency", "situation", "term", "unlink"]), st.integers(0, 3), TEXTS
    ),
    min_size=1,
    max_size=6,
)


def take(step: str, number: int, text: str) -> None:
    """Do one thing as the back office does it."""
    models = {
        "edit": Offer,
        "delete": Offer,
        "unlink": Offer,
        "agency": Agency,
        "situation": Situation,
        "term": GlossaryTerm,
    }
    if step == "new":
        offer = OfferFactory(title=text)
        offer.situations.set(Situation.objects.order_by("pk")[:1])
        OfferAgency.objects.create(offer=offer, agency=Agency.objects.order_by("pk")[0], role="provider")
        changed([offer])
        return
    rows = models[step].objects.order_by("pk")
    row = rows[number % rows.count()] if rows.count() else None
    if row is None:
        return
    before = affected([row])
    if step == "delete":
        row.delete()
    elif step == "unlink":
        row.situations.clear()
    else:
        setattr(row, {"edit": "title", "agency": "name", "situation": "label", "term": "term"}[step], text)
        row.save()
    refresh(writing.merged(before, affected([row])))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_edits_the_index_is_that_of_a_rebuild(steps: list[tuple[str, int, str]]) -> None:
    with transaction.atomic():
        Situation.objects.create(slug="lage", label="Ich suche Quitzel")
        ContactPointFactory(name="Haus Flumm", owner=AgencyFactory(name="Amt für Gartenbau"))
        GlossaryTermFactory(term="Bau")
        rebuild()
        for step in steps:
            take(*step)
        after = whole_index()
        assert not rebuild().wrote
        from_nothing()
        assert whole_index() == after
        transaction.set_rollback(True)


ANY = st.characters(exclude_categories=())  # halves of characters included


@settings(max_examples=40, deadline=None)
@given(title=st.text(ANY, min_size=1, max_size=120), text=st.text(ANY, max_size=300))
def test_any_text_can_be_indexed(title: str, text: str) -> None:
    document = Document("offer", 1, "x", title, text, ((title, 30), (text, 5)))
    vocabulary = writing.Vocabulary()
    analysed = writing.analyse(document, vocabulary)
    prepared = writing.Weigher(vocabulary, writing.lexicon_of([])).prepare(analysed)
    assert all(0 < weight < 32_768 for weight in prepared.weights.values())
    assert all(0 < len(term) <= 80 for term in prepared.weights)
    again = writing.Weigher(vocabulary, writing.lexicon_of([])).prepare(analysed)
    assert again == prepared
