"""The search index follows what is saved and deleted in the back office, in the same transaction."""

from datetime import date

import pytest
from django.db import transaction

from directory.index.writing import rebuild
from directory.models import Agency, ContactPerson, ContactPoint, GlossaryTerm, Municipality, SearchEntry
from offers.models import LegalBasis, OccupationalField, Offer, Situation
from tests.admin.rows import make_rows
from tests.admin.test_pages import address
from tests.admin.test_saving import look, run, save, saved, version
from tests.factories.search import found, titled, whole_index


@pytest.fixture
def rows(db):
    made = make_rows(1)
    rebuild()
    return made


OFFER, POINT = ("offer", "angebot-001"), ("contact_point", "haus-001")
AGENCY, PARENT, TERM = ("agency", "stelle-001"), ("agency", "amt-001"), ("term", "wort-001")


def test_an_offer_is_found_by_what_was_saved(desk, rows):
    assert saved(
        save(desk, Offer, rows[Offer].pk, title="Zauberschule", **{"preconditions-0-text": "Du magst Drachen."})
    )
    assert found("Zauberschulen") == {OFFER}
    assert found("drache") == {OFFER}
    assert titled("zauberschule") == {OFFER}
    assert titled("Angebot 001") == set()
    assert saved(save(desk, Offer, rows[Offer].pk, title="Kochkurs"))
    assert found("Zauberschule") == set()


@pytest.mark.parametrize(
    ("model", "field", "hits"),
    [
        (Offer, "place_note", {OFFER}),
        (Situation, "label", {OFFER}),
        (OccupationalField, "name", {OFFER}),
        (LegalBasis, "statute", {OFFER}),
        (Municipality, "name", {OFFER, POINT}),
        (ContactPoint, "name", {OFFER, POINT}),
        (ContactPerson, "topic", {POINT}),
        (Agency, "name", {OFFER, POINT, AGENCY}),
        (GlossaryTerm, "also", {TERM}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_words_of_others_are_found_and_vanish(desk, rows, model, field, hits):
    assert found("Regenbogen") == set()
    assert saved(save(desk, model, rows[model].pk, **{field: "Regenbogen"}))
    assert found("Regenbogen") == hits
    assert not rebuild().wrote
    assert saved(save(desk, model, rows[model].pk, **{field: "Sonnenschein"}))
    assert found("Regenbogen") == set()
    assert found("Sonnenschein") == hits
    assert not rebuild().wrote


def test_a_new_row_is_found_at_once(desk, rows):
    page = {"title": "Drachenflug", "summary": "Flieg mit.", "kind": "beratung"}
    assert saved(save(desk, Offer, **page))
    assert found("Drachenflug") == {("offer", "drachenflug")}
    assert not rebuild().wrote


def test_a_person_who_moves_takes_the_topic_along(desk, rows):
    other = ContactPoint.objects.create(slug="anderswo", name="Anderswo", owner=rows[Agency])
    assert saved(save(desk, ContactPerson, rows[ContactPerson].pk, topic="Einhörner"))
    assert found("Einhorn") == {POINT}
    assert saved(save(desk, ContactPerson, rows[ContactPerson].pk, contact_point=str(other.pk), substitute=""))
    assert found("Einhorn") == {("contact_point", "anderswo")}
    assert not rebuild().wrote


def test_nothing_personal_is_indexed(desk, rows):
    ContactPerson.objects.update(name="Xaver Ypsilanti", email="xaver@ypsilanti.example", phone="+4939041777")
    ContactPoint.objects.update(email="post@quitte.example")
    rebuild()
    everything = " ".join(SearchEntry.objects.values_list("words", flat=True))
    for word in ("xaver", "ypsilanti", "quitte", "39041777", "39041000"):
        assert word not in everything


@pytest.mark.parametrize("model", [Situation, OccupationalField, LegalBasis, GlossaryTerm, ContactPoint, Offer])
@pytest.mark.parametrize("from_list", [True, False])
def test_a_deleted_row_leaves_the_index(desk, rows, model, from_list):
    row = rows[model]
    before = version()
    if from_list:
        run(desk, model, "delete_selected", [row])
        data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        desk.post(address(model, "changelist"), data)
    else:
        desk.post(address(model, "delete", row.pk), {"post": "yes"})
    assert not model.objects.filter(pk=row.pk).exists()
    assert version() == before + 1
    assert not rebuild().wrote


def test_rows_edited_in_the_list_are_indexed(desk, rows):
    row = rows[Situation]
    data = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(row.pk), "form-0-position": "7",
        "_save": "Sichern",
    }  # fmt: skip
    assert desk.post(address(Situation, "changelist"), data).status_code == 302
    row.refresh_from_db()
    assert row.position == 7
    assert not rebuild().wrote


def test_publishing_changes_no_entry_but_the_version(desk, rows):
    Offer.objects.update(checked_on=date(2026, 11, 2))
    before, number = whole_index(), version()
    look(desk, rows[Offer])
    run(desk, Offer, "publish", [rows[Offer]])
    assert whole_index() == before
    assert version() == number + 1


def test_a_save_that_fails_leaves_the_index_alone(rows):
    before = whole_index()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rows[Offer].title = "Zauberschule"
        rows[Offer].save()
        rebuild()
        assert found("Zauberschule") == {OFFER}
        raise ZeroDivisionError
    assert whole_index() == before
