"""Two records become one: values as chosen, everything that points moves, the old address leads on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from directory.editorial.changes import propose
from directory.exchange.doubles import possible_doubles
from directory.exchange.known import Known
from directory.exchange.merging import BOTH, KEEP, OTHER, NotMergeable, merge_records, pairs
from directory.exchange.registry import kind_of
from directory.models import Agency, Change, ContactPoint, MovedAddress, Revision, SearchEntry, VisitorReport
from directory.rights import reach_of
from offers.models import Deadline, Offer, OfferAgency, Precondition
from tests.factories.accounts import staff
from tests.factories.directory import AgencyFactory, ContactPointFactory, ExceptionFactory, LanguageFactory
from tests.factories.offers import OfferFactory


@pytest.fixture
def chief(db: None) -> User:
    return staff("chefin", role="coordinator")


def merged(chief: User, keep: Any, other: Any, **chosen: str) -> Change | None:
    kind = kind_of("anlaufstellen" if isinstance(keep, ContactPoint) else "angebote")
    assert kind
    return merge_records(kind, keep, other, chosen=chosen, by=chief, on=timezone.localdate(), at=timezone.now())


def pointing_at(row: Any) -> Iterator[str]:
    """Yield every foreign key that names the row, except those of its own lists such as its languages."""
    own = {relation.remote_field.through for relation in row._meta.many_to_many}
    own = {model for model in own if model._meta.auto_created}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            points = field.is_relation and field.related_model is type(row) and model not in own
            if points and model._base_manager.filter(**{field.name: row.pk}).exists():
                yield f"{model._meta.label}.{field.name}"


def two_doors() -> tuple[ContactPoint, ContactPoint]:
    keep = ContactPointFactory(slug="bleibt", name="Jugendhaus", full=True, summary="")
    other = ContactPointFactory(
        slug="geht", name="Jugendhaus am Markt", phones=2, hours=1, languages=["uk"], shared_with=[keep.owner],
        summary="Komm her.",
    )  # fmt: skip
    keep.shares.create(agency=keep.owner, role="berät montags")  # the same agency shares both doors
    person = other.persons.create(name="Beratung")
    other.schedules.create(weekday=0, opens_at="14:00", closes_at="15:00", person=person)
    ExceptionFactory(contact_point=other, starts_on="2026-12-24", ends_on="2026-12-24")
    for number, offer in enumerate(OfferFactory.create_batch(2)):
        offer.contact_points.add(other, *([keep] if number else []))
        Offer.objects.filter(pk=offer.pk).update(contact=other)
    return keep, other


def test_nothing_points_at_the_record_that_went(chief: User) -> None:
    keep, other = two_doors()
    VisitorReport.objects.create(
        kind="anlaufstelle", key=other.pk, title="x", reason="fehlt", created_at=timezone.now(), token="t"
    )
    assert set(pointing_at(other)) >= {
        "directory.Phone.contact_point", "directory.Schedule.contact_point", "directory.ContactPerson.contact_point",
        "directory.ScheduleException.contact_point", "directory.ContactPointAgency.contact_point",
        "offers.Offer.contact", "offers.Offer_contact_points.contactpoint",
    }  # fmt: skip
    assert merged(chief, keep, other, summary=OTHER, phones=BOTH, languages=BOTH) is None
    assert list(pointing_at(other)) == []
    assert VisitorReport.objects.get().key == str(keep.pk)
    for offer in Offer.objects.all():
        assert (offer.contact, list(offer.contact_points.all())) == (keep, [keep])
    keep.refresh_from_db()
    assert (keep.name, keep.summary) == ("Jugendhaus", "Komm her.")
    assert [phone.number[-1] for phone in keep.phones.all()] == ["0", "1"]
    assert {language.code for language in keep.languages.all()} == {"de", "uk"}
    assert keep.persons.get().schedules.get().contact_point == keep
    assert (keep.exceptions.count(), keep.shares.count(), keep.schedules.filter(person=None).count()) == (1, 1, 5)


def test_other_record_is_archived_and_its_address_leads_on_for_good(chief: User, client: Client) -> None:
    keep, other = two_doors()
    third = ContactPointFactory(slug="dritter")
    merged(chief, other, third)
    merged(chief, keep, other)
    other.refresh_from_db()
    assert other.status == "archived"
    for slug in ("geht", "dritter"):
        response = client.get(f"/anlaufstellen/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/anlaufstellen/bleibt/")
    assert client.get("/anlaufstellen/nie-da/").status_code == 404
    assert client.get("/anlaufstellen/bleibt/").status_code == 200
    titles = set(SearchEntry.objects.filter(kind="contact_point", object_id=keep.pk).values_list("title", flat=True))
    assert titles == {"Jugendhaus"}
    entry = AuditEntry.objects.filter(action="contactpoint.merge").latest("pk")
    assert (entry.subject, entry.actor) == (f"directory.contactpoint:{keep.pk}", chief.pk)
    assert f"directory.contactpoint:{other.pk}" in entry.detail


def test_two_offers_become_one(chief: User, client: Client) -> None:
    one, two = AgencyFactory(), AgencyFactory()
    keep, other = OfferFactory(slug="kurs", steps="Ruf an."), OfferFactory(slug="lehrgang", steps="Schreib.")
    OfferAgency.objects.create(offer=keep, agency=one, role="provider")
    OfferAgency.objects.create(offer=other, agency=one, role="provider")
    OfferAgency.objects.create(offer=other, agency=two, role="funder")
    Precondition.objects.create(offer=other, text="Du bist da.")
    Deadline.objects.create(offer=other, kind="fixed", date="2027-03-01", text="Melde dich.")
    merged(chief, keep, other, steps=OTHER, roles=BOTH)
    keep.refresh_from_db()
    assert keep.steps == "Schreib."
    assert {(role.agency, role.role) for role in keep.roles.all()} == {(one, "provider"), (two, "funder")}
    assert (keep.preconditions.count(), keep.deadlines.count()) == (1, 1)
    assert list(pointing_at(other)) == []
    assert client.get("/angebote/lehrgang/")["Location"] == "/angebote/kurs/"


def test_with_four_eyes_the_values_wait_for_somebody_else(chief: User) -> None:
    keep, other = two_doors()
    Agency.objects.filter(pk=keep.owner_id).update(four_eyes=True)
    change = merged(chief, keep, other, summary=OTHER)
    assert change is not None
    assert (change.origin, change.snapshot["fields"]["summary"]) == ("merge", "Komm her.")
    keep.refresh_from_db()
    assert keep.summary == ""
    assert list(pointing_at(other)) == []


def test_without_four_eyes_the_former_state_is_kept(chief: User) -> None:
    keep, other = two_doors()
    merged(chief, keep, other, summary=OTHER)
    kind = ContentType.objects.get_for_model(ContactPoint)
    states = Revision.objects.filter(content_type=kind, object_id=keep.pk).order_by("pk")
    assert [row.snapshot["fields"]["summary"] for row in states] == ["", "Komm her."]


def test_changes_that_wait_point_at_the_one_that_stays(chief: User) -> None:
    keep, other = two_doors()
    offer = OfferFactory()

    def edit(row: Any) -> None:
        row.contact = other
        row.contact_points.set([other])

    propose(offer, edit=edit, by=chief, origin="form", at=timezone.now())
    merged(chief, keep, other)
    snapshot = Change.objects.get(object_id=offer.pk).snapshot
    assert (snapshot["fields"]["contact"], snapshot["many"]["contact_points"]) == (keep.pk, [keep.pk])


def test_what_would_lose_something_is_refused(chief: User) -> None:
    keep, other = two_doors()
    draft = ContactPointFactory(status="draft")
    with pytest.raises(NotMergeable, match="veröffentlichte Eintrag muss bleiben"):
        merged(chief, draft, other)
    with pytest.raises(NotMergeable, match="zweimal derselbe"):
        merged(chief, keep, keep)
    propose(other, edit=lambda row: setattr(row, "name", "Neu"), by=chief, origin="form", at=timezone.now())
    with pytest.raises(NotMergeable, match="noch eine Änderung offen"):
        merged(chief, keep, other)
    assert (other.status, MovedAddress.objects.count()) == ("published", 0)


def test_all_or_nothing(chief: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, other = two_doors()
    before = set(pointing_at(other))

    def broken(**_values: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr("accounts.audit.record", broken)
    with pytest.raises(IntegrityError):
        merged(chief, keep, other, summary=OTHER)
    other.refresh_from_db()
    assert (other.status, set(pointing_at(other)), MovedAddress.objects.count()) == ("published", before, 0)


def test_sides_are_shown_and_what_loses_nothing_is_suggested(chief: User) -> None:
    LanguageFactory(code="uk", name="Ukrainisch")
    keep, other = two_doors()
    kind = kind_of("anlaufstellen")
    assert kind
    found = {pair.column.name: pair for pair in pairs(kind, keep, other, Known(reach_of(chief), timezone.localdate()))}
    assert (found["summary"].suggested, found["name"].suggested, found["languages"].suggested) == (OTHER, KEEP, BOTH)
    assert [side.text for side in found["languages"].sides] == ["Deutsch", "Ukrainisch", "Deutsch; Ukrainisch"]
    assert found["weekday_0"].differs is False


def test_doubles_are_found_for_the_coordination(db: None) -> None:
    left = ContactPointFactory(name="Jugendhaus am Markt", street="Marktstr. 5", postal_code="39340")
    right = ContactPointFactory(name="Jugendhaus Markt", street="Marktstraße 5", postal_code="39340")
    ContactPointFactory(name="Jugendhaus am Markt", status="archived")
    ContactPointFactory(name="Etwas anderes")
    kind = kind_of("anlaufstellen")
    assert kind
    assert possible_doubles(kind) == [(left.pk, right.pk)]
