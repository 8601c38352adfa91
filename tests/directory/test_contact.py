"""Cards say what is known, name what is missing, and whom to ask then."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from django.conf import settings

from directory.contact import (
    PersonLine,
    contact_card,
    contact_points_with_details,
    fallback_point,
    is_public,
    next_best_text,
    points_for,
    public_points,
)
from directory.hours import calendar_around
from directory.models import Agency
from directory.opening import BERLIN
from directory.places import Place
from tests.factories.directory import (
    AbsenceFactory,
    AgencyFactory,
    ContactPointFactory,
    MunicipalityFactory,
    PersonFactory,
    PhoneFactory,
    ScheduleFactory,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=BERLIN)


def card_of(point, fallback=None, km=None):
    loaded = contact_points_with_details().get(pk=point.pk)
    return contact_card(loaded, at=NOW, calendar=calendar_around(NOW), km=km, fallback=fallback)


def coordination(**kwargs):
    return ContactPointFactory(slug=settings.REGION["coordination_point"], **kwargs)


def test_card_of_a_full_point(db) -> None:
    card = card_of(ContactPointFactory(full=True, slug="voll", name="Volle Stelle"), km=3.4)
    assert (card.slug, card.name, card.url, card.bookmark) == ("voll", "Volle Stelle", "/anlaufstellen/voll/", "p:voll")
    assert card.address_lines == ("Hauptstraße 1", "39340 Haldensleben")
    assert card.address == "Hauptstraße 1, 39340 Haldensleben"
    assert card.phones == (("+49390412340", "Beratung"),)
    assert card.open_line.text == "Jetzt offen bis 12 Uhr · wieder morgen, 9 Uhr"
    assert [label for _value, label, _icon in card.channels] == ["persönlich", "am Telefon"]
    assert card.languages == ("Deutsch",)
    assert card.access[:3] == (
        ("ohne Stufen", "ja", "yes"),
        ("Aufzug", "nein", "no"),
        ("barrierefreies WC", "nicht bekannt", "unknown"),
    )
    assert (card.missing, card.none, card.next_best) == ((), (), None)
    assert (card.km, card.checked_on, card.is_example) == (3.4, date(2026, 11, 2), False)


def test_card_names_what_is_missing(db) -> None:
    card = card_of(ContactPointFactory())
    assert card.missing == ("Adresse", "Telefon", "Zeiten")
    assert card.gaps == ("address", "phone", "hours")


def test_card_says_what_does_not_exist(db) -> None:
    card = card_of(ContactPointFactory(address_state="none", phone_state="none", hours_state="none"))
    assert (card.missing, card.none) == ((), ("keine Adresse", "kein Telefon", "keine festen Zeiten"))


def test_card_without_a_source_shows_nothing_but_the_name(db) -> None:
    card = card_of(ContactPointFactory(full=True, verified=False))
    assert card.missing == ("Adresse", "Telefon", "Zeiten")
    assert (card.address_lines, card.phones, card.email, card.website, card.directions) == ((), (), "", "", "")
    assert (card.languages, card.persons) == ((), ())
    assert {value for _label, _answer, value in card.access} == {"unknown"}
    assert card.open_line.open_now is None


def test_card_of_example_data_shows_it_with_the_mark(db) -> None:
    card = card_of(ContactPointFactory(full=True, verified=False, is_example=True))
    assert (card.is_example, card.missing) == (True, ())


def test_missing_fact_comes_with_the_places_own_phone_first(db) -> None:
    point = ContactPointFactory()
    PhoneFactory(contact_point=point, number="+493904111")
    card = card_of(point, fallback=coordination(full=True))
    assert card.next_best and (card.next_best.phone, card.next_best.name) == ("+493904111", "")


def test_missing_fact_comes_with_the_phone_of_a_person(db) -> None:
    person = PersonFactory(phone="+493904222")
    card = card_of(person.contact_point)
    assert card.missing == ("Adresse", "Zeiten")
    assert card.next_best and card.next_best.phone == "+493904222"


def test_missing_fact_comes_with_the_coordination_point(db) -> None:
    point = ContactPointFactory()
    fallback = coordination(full=True, name="Koordination")
    card = card_of(point, fallback=contact_points_with_details().get(pk=fallback.pk))
    assert card.next_best and (card.next_best.name, card.next_best.phone, card.next_best.url) == (
        "Koordination",
        "+49390412340",
        f"/anlaufstellen/{fallback.slug}/",
    )


def test_missing_fact_comes_with_the_town_hall_when_nothing_is_known(db) -> None:
    card = card_of(ContactPointFactory())
    assert card.next_best and card.next_best.text == next_best_text()
    assert next_best_text() == (
        "Geh zum Rathaus deiner Gemeinde oder frag in der Schule. Jede Gemeinde nimmt Anträge an."
    )


def test_coordination_point_does_not_send_to_itself(db) -> None:
    fallback = contact_points_with_details().get(pk=coordination().pk)
    card = card_of(fallback, fallback=fallback)
    assert card.next_best and card.next_best.text == next_best_text()


def test_person_absent_today_has_a_substitute(db) -> None:
    point = ContactPointFactory()
    stand_in = PersonFactory(contact_point=point, name="Zweite", position=1)
    person = PersonFactory(contact_point=point, name="Erste", topic="Geld", substitute=stand_in)
    AbsenceFactory(person=person, starts_on=TODAY - timedelta(days=3), ends_on=TODAY)
    AbsenceFactory(person=stand_in, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=9))
    assert card_of(point).persons == (
        PersonLine("Erste", "Geld", "", TODAY, "Zweite"),
        PersonLine("Zweite", "", "", None, ""),
    )


def test_owner_is_linked_only_when_it_is_public(db) -> None:
    assert card_of(ContactPointFactory(owner=AgencyFactory(slug="amt"))).owner_url == "/stellen/amt/"
    assert card_of(ContactPointFactory(owner=AgencyFactory(status="draft"))).owner_url == ""


@pytest.mark.parametrize("shows_examples", [True, False])
def test_row_is_public_exactly_when_the_queryset_says_so(db, settings, shows_examples) -> None:
    settings.SHOW_EXAMPLE_DATA = shows_examples
    days = [None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    for status, start, end, example in product(["draft", "published"], days, days, [True, False]):
        AgencyFactory(status=status, published_from=start, published_until=end, is_example=example)
    public = set(Agency.objects.published(on=TODAY).values_list("pk", flat=True))
    assert {agency.pk for agency in Agency.objects.all() if is_public(agency, on=TODAY)} == public


def test_public_points_are_those_of_the_day(db) -> None:
    ContactPointFactory(slug="heute", published_until=TODAY)
    ContactPointFactory(slug="morgen", published_from=TODAY + timedelta(days=1))
    ContactPointFactory(slug="entwurf", status="draft")
    assert set(public_points(TODAY).by_slug) == {"heute"}
    assert set(public_points(TODAY + timedelta(days=1)).by_slug) == {"morgen"}


def test_public_points_leave_out_examples_in_production(db, settings) -> None:
    ContactPointFactory(is_example=True)
    settings.SHOW_EXAMPLE_DATA = True
    assert len(public_points(TODAY).points) == 1
    settings.SHOW_EXAMPLE_DATA = False
    assert public_points(TODAY).points == ()


def test_public_points_follow_every_change(db) -> None:
    first = ContactPointFactory()
    assert len(public_points(TODAY).points) == 1
    ContactPointFactory(owner=first.owner)
    assert len(public_points(TODAY).points) == 2


@pytest.mark.parametrize("count", [1, 7])
def test_details_cost_the_same_for_any_number_of_points(db, django_assert_num_queries, count) -> None:
    for number in range(count):
        point = ContactPointFactory(full=True, shared_with=[AgencyFactory()])
        person = PersonFactory(contact_point=point, substitute=PersonFactory(contact_point=point, name=str(number)))
        AbsenceFactory(person=person, starts_on=TODAY, ends_on=TODAY)
        ScheduleFactory(contact_point=point, person=person)
    calendar = calendar_around(NOW)
    with django_assert_num_queries(9):
        points = list(contact_points_with_details())
        cards = [contact_card(point, at=NOW, calendar=calendar) for point in points]
    assert len(cards) == count


def test_public_points_cost_one_query_when_nothing_changed(db, django_assert_num_queries) -> None:
    ContactPointFactory(full=True)
    public_points(TODAY)
    with django_assert_num_queries(1):
        public_points(TODAY)


def test_fallback_point_is_the_public_coordination_point(db) -> None:
    assert fallback_point(TODAY) is None
    point = coordination(status="draft")
    assert fallback_point(TODAY) is None
    point.delete()
    point = coordination()
    assert fallback_point(TODAY) == point


@pytest.fixture
def jobcentres(db):
    """Two job centres with an area each, and a youth office for all that shares the first door."""
    north, south = MunicipalityFactory(ags="15083001"), MunicipalityFactory(ags="15083002")
    jobcentre = AgencyFactory(slug="jc", stelle="jobcenter")
    youth = AgencyFactory(slug="ja", stelle="jugendamt")
    ContactPointFactory(
        slug="nord", owner=jobcentre, latitude=52.4, longitude=11.4, serves=[north], shared_with=[youth]
    )
    ContactPointFactory(slug="sued", owner=jobcentre, latitude=52.0, longitude=11.4, serves=[south])
    ContactPointFactory(slug="alle", owner=youth, latitude=52.1, longitude=11.4, serves_whole_county=True)
    ContactPointFactory(slug="ortlos", owner=youth, serves_whole_county=True)
    ContactPointFactory(slug="verborgen", owner=jobcentre, status="draft", serves_whole_county=True)


NORTH = Place("Norden", "15083001", "Norden", 52.4, 11.4)
SOUTH = Place("Süden", "15083002", "Süden", 52.0, 11.4)


def slugs(pairs):
    return [point.slug for point, _km in pairs]


def test_points_for_a_body_are_those_that_serve_the_place(jobcentres) -> None:
    assert slugs(points_for("jobcenter", NORTH, TODAY)) == ["nord"]
    assert slugs(points_for("jobcenter", SOUTH, TODAY)) == ["sued"]
    assert slugs(points_for("jc", SOUTH, TODAY)) == ["sued"]


def test_points_for_a_sharing_body_come_nearest_first(jobcentres) -> None:
    assert slugs(points_for("jugendamt", NORTH, TODAY)) == ["nord", "alle", "ortlos"]
    assert slugs(points_for("jugendamt", SOUTH, TODAY)) == ["alle", "ortlos"]


def test_points_for_without_a_place_are_all_of_the_body(jobcentres) -> None:
    found = points_for("jobcenter", None, TODAY)
    assert sorted(slugs(found)) == ["nord", "sued"]
    assert [km for _point, km in found] == [None, None]


def test_points_for_say_the_distance(jobcentres) -> None:
    distances = {point.slug: km for point, km in points_for("jugendamt", NORTH, TODAY)}
    assert distances["nord"] == 0
    assert distances["alle"] == pytest.approx(33.4, abs=0.2)
    assert distances["ortlos"] is None


def test_points_for_an_unknown_body_are_none(jobcentres) -> None:
    assert points_for("zauberer", None, TODAY) == []
