"""Where contact points, persons, agencies and words are used, and what the pages say of it."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from directory.models import Page
from directory.usage import count_uses, references, uses_of
from offers.models import OfferAgency
from tests.factories.accounts import log_in, staff
from tests.factories.directory import (
    AgencyFactory,
    ContactPointFactory,
    GlossaryTermFactory,
    PersonFactory,
    ScheduleFactory,
)
from tests.factories.offers import OfferFactory

# What belongs to the record itself, or is no content and goes or stays with it on its own.
PARTS = {
    "directory.contactpoint": {
        "directory.contactpointagency", "directory.contactperson", "directory.phone", "directory.schedule",
        "directory.scheduleexception",
    },
    "directory.contactperson": {"directory.absence"},
    "directory.agency": {
        "directory.membership", "directory.visitorreport", "directory.linkuse", "counseling.signoff",
    },
    "directory.glossaryterm": set(),
}  # fmt: skip
# Other offices' work, which no deletion can reach: the database refuses it.
WORK = ("counseling.", "directory.import", "directory.confirmation", "accounts.")


def test_every_relation_is_listed() -> None:
    for label, parts in PARTS.items():
        known = {(part.label, part.path) for part in references(label)}
        left = {
            (relation.related_model._meta.label_lower, relation.field.name)
            for relation in apps.get_model(label)._meta.related_objects
            if relation.related_model._meta.label_lower not in parts
            and not relation.related_model._meta.label_lower.startswith(WORK)
            and not (relation.many_to_many and not relation.field.remote_field.through._meta.auto_created)
        }
        assert left <= known, label


def seen(obj: Any) -> set[tuple[str, str]]:
    return {(str(use.row), str(use.effect)) for use in uses_of(obj)}


def test_uses_of_a_contact_point(db: None) -> None:
    point = ContactPointFactory(name="Haus", slug="haus")
    OfferFactory(title="Kurs", contact=point).contact_points.add(point)
    Page.objects.create(
        slug="ueber", title="Über", body="[Haus](/anlaufstellen/haus/) und [Hausach](/anlaufstellen/haus/x)"
    )
    Page.objects.create(slug="credits", title="Rechte", body="/anlaufstellen/haus/ ohne Link")
    assert seen(point) == {
        ("Kurs", "nennt sie unter „Hier zuerst fragen“"),
        ("Kurs", "nennt sie als Anlaufstelle"),
        ("Über", "der Link im Text führt ins Leere"),
    }
    assert seen(ContactPointFactory()) == set()
    (use,) = uses_of(ContactPointFactory(slug=settings.REGION["coordination_point"]))
    assert use.row is None


def test_uses_of_a_person_and_of_an_agency(db: None) -> None:
    point = ContactPointFactory(name="Haus")
    boss = PersonFactory(contact_point=point, name="Leitung")
    PersonFactory(contact_point=point, name="Beratung", substitute=boss)
    for weekday in (0, 1):
        ScheduleFactory(contact_point=point, weekday=weekday, person=boss)
    assert seen(boss) == {("Beratung", "hat dann keine Vertretung"), ("Haus", "verliert ihre Zeiten in der Woche")}
    agency = point.owner
    AgencyFactory(name="Tochter", parent=agency)
    ContactPointFactory(name="Zweites Haus", shared_with=[agency])
    offer = OfferFactory(title="Kurs")
    for role in ("provider", "funder"):
        OfferAgency.objects.create(offer=offer, agency=agency, role=role)
    assert seen(agency) == {
        ("Haus", "hat sonst niemanden, der die Angaben pflegt"),
        ("Tochter", "gehört zu ihr"),
        ("Zweites Haus", "nennt sie als weitere Stelle"),
        ("Kurs", "nennt sie als beteiligte Stelle"),
    }


def test_uses_of_a_word(db: None) -> None:
    term = GlossaryTermFactory(term="BAB", also="Beihilfe; Ausbildungsbeihilfe")
    OfferFactory(title="Geld", for_whom="Du bekommst BAB.")
    OfferFactory(title="Anderes", for_whom="BABY und Beihilfen", gets_text="Nichts")
    OfferFactory(title="Auch", gets_text="Eine Beihilfe.")
    AgencyFactory(name="Amt", what_we_do="Wir zahlen Ausbildungsbeihilfe.")
    assert {name for name, _effect in seen(term)} == {"Geld", "Auch", "Amt"}
    assert seen(GlossaryTermFactory(term="(")) == set()


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    return log_in(client, staff("redaktion"))


def test_the_form_the_list_and_the_deletion_say_so(editor: Client) -> None:
    coordinator = log_in(Client(), staff("koordination", role="coordinator"))
    point = ContactPointFactory(name="Haus")
    base = f"/admin/directory/contactpoint/{point.pk}"
    assert "Wird verwendet in 0 Einträgen" in coordinator.get(f"{base}/change/").text
    OfferFactory(title="Kurs <b>neu</b>", contact=point)
    assert f'<a href="{base}/verwendung/">Wird verwendet in 1 Eintrag</a>' in coordinator.get(f"{base}/change/").text
    page = coordinator.get(f"{base}/verwendung/").text
    assert "Kurs &lt;b&gt;neu&lt;/b&gt;</a> – nennt sie unter „Hier zuerst fragen“" in page
    assert "1 anderer Eintrag nennt diesen." in coordinator.get(f"{base}/delete/").text
    assert editor.get(f"{base}/verwendung/").status_code == 404


def test_what_is_not_public_at_another_agency_is_only_counted(client: Client, db: None) -> None:
    person = staff("redaktion")
    point = ContactPointFactory(owner=person.membership.agency)
    OfferFactory(title="Öffentlich", contact=point)
    OfferFactory(title="Geheimer Entwurf", contact=point, status="draft")
    page = log_in(client, person).get(f"/admin/directory/contactpoint/{point.pk}/verwendung/").text
    assert "Angebot: Öffentlich" in page
    assert "Geheimer Entwurf" not in page
    assert "1 Eintrag einer anderen Stelle" in page


def test_hiding_warns(client: Client, db: None) -> None:
    coordinator = log_in(client, staff("koordination", role="coordinator"))
    point, alone = ContactPointFactory(name="Haus"), ContactPointFactory(name="Allein")
    OfferFactory(title="Kurs", contact=point)
    data = {"action": "archive", "_selected_action": [point.pk, alone.pk]}
    page = coordinator.post("/admin/directory/contactpoint/", data, follow=True).text
    address = f"/admin/directory/contactpoint/{point.pk}/verwendung/"
    assert f'Haus: <a href="{address}">Wird noch in 1 Eintrag verwendet</a>' in page
    assert "Allein: <a" not in page


def test_counting_costs_two_queries(db: None, django_assert_num_queries: Any) -> None:
    point = ContactPointFactory()
    for _ in range(5):
        OfferFactory(contact=point).contact_points.add(point)
    with django_assert_num_queries(2):
        assert count_uses(point) == 10
    assert len(uses_of(point)) == 10
