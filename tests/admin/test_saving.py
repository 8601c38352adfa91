"""Saving, actions, deleting: one raise of the content version, the edit noted."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from directory.models import (
    Agency,
    ContactPerson,
    ContactPoint,
    ContentVersion,
    GlossaryTerm,
    Locality,
    Municipality,
    Page,
    Schedule,
)
from offers.models import LegalBasis, OccupationalField, Offer, Situation
from tests.admin.rows import form_data, make_rows
from tests.admin.test_pages import address


def version() -> int:
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def save(desk, model, *args, follow=True, **changes):
    """Open the add or change page, change some fields as a person would, and press save."""
    url = address(model, "change" if args else "add", *args)
    data = form_data(desk.get(url))
    for name, value in changes.items():
        data.pop(name, None) if value is None else data.update({name: value})
    return desk.post(url, data, follow=follow)


def saved(response) -> bool:
    errors = response.context and response.context.get("errors")
    assert not errors, errors
    return True


CONTENT = [
    Agency,
    ContactPerson,
    ContactPoint,
    GlossaryTerm,
    LegalBasis,
    Locality,
    Municipality,
    OccupationalField,
    Offer,
    Situation,
]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_a_save_raises_the_content_version_once(desk, model):
    row = make_rows(1)[model]
    before = version()
    assert saved(save(desk, model, row.pk))
    assert version() == before + 1


def test_a_refused_form_raises_nothing(desk):
    row = make_rows(1)[ContactPoint]
    before = version()
    response = save(desk, ContactPoint, row.pk, name="")
    assert response.context["errors"]
    assert version() == before
    row.refresh_from_db()
    assert row.staff_edited_at is None


@pytest.mark.parametrize("model", [Agency, ContactPoint, Offer, GlossaryTerm])
def test_an_edit_by_hand_is_noted(desk, model):
    row = make_rows(1)[model]
    before = timezone.now()
    assert saved(save(desk, model, row.pk))
    row.refresh_from_db()
    assert before <= row.staff_edited_at <= timezone.now()


def test_a_change_of_hours_alone_counts_as_edit(desk):
    row = make_rows(1)[ContactPoint]
    before = version()
    assert saved(save(desk, ContactPoint, row.pk, **{"schedules-0-opens_at": "09:15"}))
    row.refresh_from_db()
    assert (version(), row.staff_edited_at is None) == (before + 1, False)
    assert [f"{slot.opens_at:%H:%M}" for slot in row.schedules.all()] == ["09:15"]


def test_editing_two_rows_in_the_list_raises_the_version_once(desk):
    first, second = make_rows(1)[Situation], make_rows(2)[Situation]
    before = version()
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Sichern"}
    for index, row in enumerate((first, second)):
        data |= {f"form-{index}-id": row.pk, f"form-{index}-position": 7 + index}
    desk.post(address(Situation, "changelist"), data)
    assert list(Situation.objects.order_by("pk").values_list("position", flat=True)) == [7, 8]
    assert version() == before + 1


@pytest.mark.parametrize("one_by_one", [True, False])
def test_deleting_raises_the_version_once(desk, one_by_one):
    row = make_rows(1)[Offer]
    make_rows(2)
    before = version()
    if one_by_one:
        desk.post(address(Offer, "delete", row.pk), {"post": "yes"})
    else:
        keys = list(Offer.objects.values_list("pk", flat=True))
        desk.post(address(Offer, "changelist"), {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert Offer.objects.count() == (1 if one_by_one else 0)
    assert version() == before + 1


def test_a_new_contact_point_with_hours_and_a_phone(desk):
    rows = make_rows(1)
    response = save(
        desk,
        ContactPoint,
        name="Haus der Jugend in Größe",
        owner=str(rows[Agency].pk),
        status="published",
        **{
            "schedules-0-opens_at": "08:00",
            "schedules-0-closes_at": "12:00",
            "schedules-3-opens_at": "14:00",
            "schedules-3-closes_at": "18:00",
            "phones-0-number": "03904 / 7240 - 14",
        },
    )
    assert saved(response)
    point = ContactPoint.objects.get(name="Haus der Jugend in Größe")
    assert point.slug == "haus-der-jugend-in-groesse"
    assert [(slot.weekday, f"{slot.opens_at:%H:%M}") for slot in point.schedules.all()] == [(0, "08:00"), (3, "14:00")]
    assert [phone.number for phone in point.phones.all()] == ["+493904724014"]
    # Nobody else releases it, so it is looked at first.
    assert (point.status, "Bitte sehen Sie sich zuerst an" in response.text) == ("draft", True)
    look(desk, point)
    assert point.get_absolute_url() in save(desk, ContactPoint, point.pk, status="published").text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03904 7240-14", "+493904724014"),
        ("+49 (0) 3904 724014", "+493904724014"),
        ("0049 3904 724014", "+493904724014"),
        ("+493904724014", "+493904724014"),
    ],
)
def test_a_phone_number_may_be_written_as_usual(desk, typed, stored):
    point = make_rows(1)[ContactPoint]
    assert saved(save(desk, ContactPoint, point.pk, **{"phones-0-number": typed}))
    assert point.phones.get().number == stored


@pytest.mark.parametrize("typed", ["ruf an", "03904x", "12", "+4912345678901234567"])
def test_what_is_no_phone_number_is_refused(desk, typed):
    point = make_rows(1)[ContactPoint]
    response = save(desk, ContactPoint, point.pk, **{"phones-0-number": typed})
    assert response.context["errors"]


def test_a_taken_short_name_gets_a_number(desk):
    for expected in ("mitte", "mitte-2", "mitte-3"):
        assert saved(save(desk, Agency, name="Mitte", kind="county"))
        assert Agency.objects.latest("pk").slug == expected


def test_a_name_without_letters_asks_for_a_short_name(desk):
    response = save(desk, Agency, name="???", kind="county")
    assert list(response.context["adminform"].form.errors) == ["slug"]


def test_a_slot_needs_its_times_and_says_so(desk):
    rows = make_rows(1)
    response = save(desk, ContactPoint, name="Neu", owner=str(rows[Agency].pk), **{"schedules-0-opens_at": "08:00"})
    assert "Bitte „von“ und „bis“ eintragen" in response.text
    assert not ContactPoint.objects.filter(name="Neu").exists()


def test_only_persons_of_this_place_can_be_chosen(desk):
    here, there = make_rows(1)[ContactPoint], make_rows(2)[ContactPoint]
    stranger = there.persons.first()
    response = save(desk, ContactPoint, here.pk, **{"schedules-0-person": str(stranger.pk)})
    assert response.context["errors"]
    assert not Schedule.objects.filter(contact_point=here, person=stranger).exists()


def test_a_substitute_sits_at_the_same_place(desk):
    here, there = make_rows(1)[ContactPerson], make_rows(2)[ContactPerson]
    response = save(desk, ContactPerson, here.pk, substitute=str(there.pk))
    assert list(response.context["adminform"].form.errors) == ["substitute"]


def test_a_public_point_without_proof_says_that_facts_are_hidden(desk):
    point = make_rows(1)[ContactPoint]
    look(desk, point)
    told = save(desk, ContactPoint, point.pk, status="published").text
    assert f'<a href="{point.get_absolute_url()}">Auf der Website ansehen</a> Adresse, Telefon und Zeiten' in told
    assert "„belegt“ ist nicht angekreuzt" in told
    assert "„belegt“ ist nicht angekreuzt" not in save(desk, ContactPoint, point.pk, verified="on").text


def test_a_row_can_be_deleted_and_a_new_one_left_empty(desk):
    point = make_rows(1)[ContactPoint]
    page = desk.get(address(ContactPoint, "change", point.pk))
    # Django's script puts its own cross into rows without this class; it would lose a stored row.
    assert page.text.count("form-row has_original") == sum(
        rows.count() for rows in (point.phones, point.schedules, point.exceptions, point.persons, point.shares)
    )
    assert saved(save(desk, ContactPoint, point.pk, **{"schedules-0-DELETE": "on", "phones-0-DELETE": "on"}))
    assert (point.schedules.count(), point.phones.count(), point.exceptions.count()) == (0, 0, 1)


def test_certificates_are_ticked(desk):
    row = make_rows(1)[Offer]
    page = desk.get(address(Offer, "change", row.pk))
    assert page.text.count('type="checkbox" name="certificates"') == 4
    assert saved(save(desk, Offer, row.pk, certificates=["hsa", "none"]))
    row.refresh_from_db()
    assert row.certificates == ["hsa", "none"]
    assert save(desk, Offer, row.pk, certificates=["xyz"]).context["errors"]


def look(desk, *rows):
    for row in rows:
        assert desk.get(address(type(row), "preview", row.pk)).status_code == 200


def run(desk, model, action, rows, query=""):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return desk.post(address(model, "changelist") + query, data, follow=True)


@pytest.mark.parametrize("model", [Agency, ContactPoint, Offer])
def test_publish_and_take_back(desk, model):
    rows = [make_rows(1)[model], make_rows(2)[model]]
    model.objects.update(checked_on=date(2026, 11, 2))
    before = version()
    look(desk, *rows)
    response = run(desk, model, "publish", rows, "?status__exact=draft")
    assert "2 Einträge veröffentlicht." in response.text
    assert "unsichtbar" not in response.text
    assert version() == before + 1
    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.staff_edited_at is None) == ("published", False)
        assert LogEntry.objects.filter(object_id=row.pk, content_type__model=model._meta.model_name).count() == 1
    response = run(desk, model, "take_back", rows)
    assert "2 Einträge sind wieder Entwürfe." in response.text
    assert version() == before + 2
    assert set(model.objects.filter(pk__in=[row.pk for row in rows]).values_list("status", flat=True)) == {"draft"}


def test_publishing_says_what_stays_hidden(desk, settings):
    settings.SHOW_EXAMPLE_DATA = False
    rows = [make_rows(1)[Offer], make_rows(2)[Offer]]
    Offer.objects.update(checked_on=date(2026, 11, 2))
    Offer.objects.filter(pk=rows[0].pk).update(is_example=True)
    look(desk, *rows)
    response = run(desk, Offer, "publish", rows)
    assert "1 Eintrag bleibt unsichtbar" in response.text


@pytest.mark.parametrize("model", [Agency, ContactPoint, Offer, Page])
def test_mark_as_checked_today(desk, model, fix_time):
    rows = [make_rows(1)[model]]
    fix_time("2026-11-22 23:30")
    before = version()
    run(desk, model, "mark_checked_today", rows)
    rows[0].refresh_from_db()
    assert rows[0].checked_on == date(2026, 11, 22)
    assert version() == before + 1
    if model is not Page:
        assert rows[0].review_due_on == date(2027, 5, 22)


def test_review_due_filter(desk, fix_time):
    names = {"nie": None, "faellig": date(2026, 5, 22), "bald": date(2026, 6, 10), "geprueft": date(2026, 11, 1)}
    for number, (name, day) in enumerate(names.items(), 1):
        offer = make_rows(number)[Offer]
        offer.slug, offer.checked_on = name, day
        offer.save()
    fix_time("2026-11-22 12:00")
    found = {
        choice: {
            row.slug for row in desk.get(address(Offer, "changelist") + f"?pruefung={choice}").context["cl"].result_list
        }
        for choice in names
    }
    assert found == {
        "nie": {"nie"},
        "faellig": {"nie", "faellig"},
        "bald": {"bald"},
        "geprueft": {"bald", "geprueft"},
    }
    page = desk.get(address(Offer, "changelist"))
    assert "fällig seit 22.11.2026" in page.text


def test_the_history_keeps_no_name_of_a_person(desk):
    rows = make_rows(1)
    point, person = rows[ContactPoint], rows[ContactPerson]
    names = {"persons-0-name": "Erika Muster", "persons-2-name": "Max Muster", "persons-2-topic": "Geld"}
    assert saved(save(desk, ContactPoint, point.pk, **names))
    assert saved(save(desk, ContactPerson, person.pk, name="Erika Muster"))
    desk.post(address(ContactPerson, "delete", person.pk), {"post": "yes"})
    assert ContactPerson.objects.filter(name="Max Muster").exists()
    text = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert len(LogEntry.objects.all()) == 3
    assert "Muster" not in text


@pytest.mark.parametrize("model", [Agency, ContactPoint, Offer])
def test_a_draft_can_be_previewed_and_a_public_row_viewed(desk, client, model):
    row = make_rows(1)[model]
    model.objects.update(checked_on=date(2026, 11, 2))
    preview = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_preview", args=[row.pk])
    page = desk.get(address(model, "change", row.pk))
    assert f'href="{preview}"' in page.text
    assert f'href="{row.get_absolute_url()}"' not in page.text
    shown = desk.get(preview)
    assert (shown.status_code, "Vorschau – noch nicht öffentlich" in shown.text) == (200, True)
    assert "no-store" in shown["Cache-Control"]
    assert desk.get(row.get_absolute_url()).status_code == 404
    run(desk, model, "publish", [row])
    assert f'href="{row.get_absolute_url()}"' in desk.get(address(model, "change", row.pk)).text
    client.logout()
    assert client.get(preview).status_code == 302
    assert client.get(row.get_absolute_url()).status_code == 200
