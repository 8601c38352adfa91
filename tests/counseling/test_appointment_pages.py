"""The pages of an appointment, as a browser without script and without cookies uses them."""

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from django.conf import settings as portal
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from counseling.enquiry_forms import signed_token
from counseling.models import Booking, DeskVisit, EnquiryDesk, SlotRule
from directory.models import Agency
from tests.factories.appointments import TUESDAY, booked, slot_of, slot_rule
from tests.factories.directory import AgencyFactory, ContactPointFactory, ExceptionFactory
from tests.factories.enquiries import AT, CANARY, counselor
from tests.naughty import NAUGHTY
from tools.readability import measure, official_names, page_texts

pytestmark = pytest.mark.django_db
FORM, ANSWER = "/beratung/termin/", "/antwort/"
NOW = "2026-11-23 09:30"
NEXT = TUESDAY + timedelta(minutes=30)


@pytest.fixture
def clock(fix_time: Any) -> Any:
    fix_time(NOW)
    return fix_time


@pytest.fixture
def reader(clock: Any) -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


@pytest.fixture
def rule(agency: Agency) -> SlotRule:
    return slot_rule(agency)


def key_of(rule: SlotRule, start: Any = TUESDAY) -> str:
    return f"{rule.pk}-{start:%Y%m%dT%H%M}"


def posted(rule: SlotRule, clock: Any, start: Any = TUESDAY, **changes: Any) -> dict[str, Any]:
    """Return a filled-in form, opened five seconds ago."""
    clock("2026-11-23 09:29:55")
    token = signed_token(at=timezone.now())
    clock(NOW)
    place = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug, "zeit": key_of(rule, start)}
    return {**place, "token": token, "topic": "geld", "way": "code", "website": "", **changes}


def code_in(page: Any) -> str:
    found = re.search(r"<code[^>]*>([\w-]+)</code>", page.text)
    assert found, page.text
    return found[1]


def field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def keys_on(page: Any) -> list[str]:
    return re.findall(r'name="zeit" value="([^"]+)"', page.text)


def opened(client: Client, rule: SlotRule, **changes: Any) -> tuple[str, Any]:
    """Book, and return ticket and code page."""
    code = booked(rule, **changes).code
    page = client.post(ANSWER, {"code": str(code)})
    return field(page, "ticket"), page


def test_free_times_stand_beside_the_walk_in_hours(client: Client, rule: SlotRule) -> None:
    page = client.get(FORM, {"stelle": rule.contact_point.slug, "thema": "schule"})
    assert (page.status_code, page["Cache-Control"], bool(page.cookies)) == (200, "no-store", False)
    assert keys_on(page)[:2] == [key_of(rule), key_of(rule, NEXT)] and len(keys_on(page)) == 16
    assert "Dienstag, 24. November 2026" in page.text and "Ohne Termin: 9 bis 12 Uhr" in page.text
    assert field(page, "thema") == "schule" and "data-quick-exit" in page.text and "116" in page.text
    assert f"Nur diese Stelle sieht deinen Termin: {rule.agency.display_name}." in page.text


def test_full_days_show_the_walk_in_hours_and_the_next_free_ones(client: Client, agency: Agency) -> None:
    rule = slot_rule(agency, minutes=120)
    booked(rule)
    page = client.get(FORM, {"stelle": agency.slug})
    first, second = re.split(r'id="tag-20261201"', page.text)
    assert "Alle Termine sind weg." in first and "Ohne Termin: 9 bis 12 Uhr" in first
    assert key_of(rule, TUESDAY + timedelta(weeks=1)) in second and "Alle Termine sind weg." not in second


def test_holidays_exceptions_and_later_days(client: Client, agency: Agency) -> None:
    rule = slot_rule(agency, minutes=120, horizon_weeks=12)
    ExceptionFactory(contact_point=rule.contact_point, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1))
    page = client.get(FORM, {"stelle": agency.slug})
    assert [key[-13:-5] for key in keys_on(page)] == [
        "20261124", "20261208", "20261215", "20261222", "20261229", "20270105", "20270112",
    ]  # fmt: skip
    later = re.search(r'href="([^"]*ab=2027-01-19[^"]*)"', page.text)
    assert later
    assert keys_on(client.get(later[1].replace("&amp;", "&")))[0] == key_of(rule, TUESDAY + timedelta(weeks=8))
    for day in ("nie", "2026-13-45", "9999-12-31", "0001-01-01", "%2E"):
        assert client.get(f"{FORM}?stelle={agency.slug}&ab={day}").status_code == 200


def test_book_with_nothing_but_a_topic(client: Client, rule: SlotRule, clock: Any) -> None:
    place = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug, "zeit": key_of(rule)}
    form = client.post(FORM, place)
    assert (
        "Dienstag, 24. November 2026, 15 Uhr" in form.text and "14 Tage nach dem Termin löschen wir alles" in form.text
    )
    assert 'value="code" checked' in re.sub(r"\s+", " ", form.text) or "checked" in form.text
    data = posted(rule, clock)
    first = client.post(FORM, data)
    code = code_in(first)
    assert (first.status_code, first["Cache-Control"], bool(first.cookies)) == (200, "no-store", False)
    assert code_in(client.post(FORM, data)) == code
    clock("2026-11-23 09:41")
    late = client.post(FORM, data)
    assert "Das hast du schon gebucht" in late.text and code not in late.text
    row = Booking.objects.get()
    assert (row.starts_at, row.topic, row.agency) == (TUESDAY, "geld", rule.agency)
    shown = client.post(ANSWER, {"code": code.lower()})
    assert "15 Uhr bis 15:30 Uhr" in shown.text and rule.contact_point.name in shown.text and code not in shown.text


def test_time_that_is_gone_offers_others_and_keeps_what_was_typed(client: Client, rule: SlotRule, clock: Any) -> None:
    booked(rule)
    page = client.post(FORM, posted(rule, clock, first_name=CANARY, way="mail", email="kind@example.org"))
    assert page.status_code == 409 and "Diese Zeit ist gerade weg." in page.text
    assert key_of(rule) not in keys_on(page) and key_of(rule, NEXT) in keys_on(page)
    kept = {name: field(page, name) for name in ("stelle", "bei", "first_name", "way", "email", "topic")}
    again = client.post(FORM, {**kept, "zeit": key_of(rule, NEXT)})
    assert f'value="{CANARY}"' in again.text and 'value="kind@example.org"' in again.text
    for key in (key_of(rule), key_of(rule, AT), "x", f"{rule.pk}-x", "1-20261124T1400\x00", "9" * 5000):
        assert client.post(FORM, {**kept, "zeit": key}).status_code == 409, key
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": "x"}, "Dieses Thema kennen wir nicht."),
        ({"way": "mail"}, "Schreib deine E-Mail-Adresse dazu."),
        ({"way": "phone", "phone": "ruf an"}, "Schreib die Nummer nur mit Ziffern."),
        ({"first_name": "x" * 41}, "Das ist zu lang."),
        ({"website": "https://spam.example"}, "Drück bitte noch einmal"),
        ({"token": "kaputt"}, "Die Seite war lange offen."),
    ],
)
def test_what_is_wrong_is_said_kindly(
    client: Client, rule: SlotRule, clock: Any, changes: dict[str, Any], said: str
) -> None:
    page = client.post(FORM, posted(rule, clock, **changes))
    assert (page.status_code, said in page.text, Booking.objects.exists()) == (200, True, False)


def test_thirty_pupils_get_through_and_the_rest_waits(client: Client, agency: Agency, clock: Any) -> None:
    rule = slot_rule(agency, places=50)
    answers = [client.post(FORM, posted(rule, clock)) for _pupil in range(41)]
    assert [page.status_code for page in answers] == [200] * 40 + [429]
    assert "Warte 60 Minuten" in answers[-1].text


def test_without_key_or_database_nothing_is_lost(
    client: Client, rule: SlotRule, clock: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = posted(rule, clock, first_name="Mira")
    ring = settings.ENQUIRY_KEYS
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", "/gibt/es/nicht"
    page = client.post(FORM, data)
    assert (page.status_code, 'value="Mira"' in page.text) == (503, True)
    settings.ENQUIRY_KEYS = ring

    def away(*_args: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("counseling.views.appointments.content_version", away)
    page = client.post(FORM, data)
    assert (page.status_code, 'name="first_name" value="Mira"' in page.text) == (503, True)
    assert not Booking.objects.exists()


def test_form_of_another_site_is_refused(client: Client, rule: SlotRule, clock: Any) -> None:
    data = posted(rule, clock)
    assert client.post(FORM, data, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(FORM, data, headers={"origin": "http://testserver"}).status_code == 200


@pytest.mark.parametrize("days", [13, 15])
def test_times_are_offered_only_while_somebody_reads(client: Client, clock: Any, days: int) -> None:
    person = counselor(at=AT - timedelta(days=days))
    rule = slot_rule(person.membership.agency)
    point = rule.contact_point
    for name in (rule.agency.slug, point.slug):
        page = client.get(FORM, {"stelle": name})
        assert bool(keys_on(page)) is (days < 14)
        assert ("Hier gibt es gerade keine Termine" in page.text) is (days > 14) and point.name in page.text
    assert (f"?stelle={point.slug}" in client.get(FORM).text) is (days < 14)
    assert ("Termin buchen" in client.get(point.get_absolute_url()).text) is (days < 14)


def test_shared_door_asks_first_whose_appointment(client: Client, rule: SlotRule) -> None:
    other = counselor("andere", agency=AgencyFactory(kind="counselling", name="Zweite Stelle")).membership.agency
    point = ContactPointFactory(full=True, owner=rule.agency, shared_with=[other])
    slot_rule(rule.agency, contact_point=point)
    slot_rule(other, contact_point=point, minutes=60)
    page = client.get(FORM, {"stelle": point.slug})
    assert "Mit wem willst du reden?" in page.text and not keys_on(page)
    links = re.findall(r'href="(/beratung/termin/\?stelle=[^"]*)"', page.text)
    assert len(links) == 2 and all(f"bei={point.slug}" in link for link in links)
    chosen = client.get(links[1].replace("&amp;", "&"))
    assert "sieht deinen Termin: Zweite Stelle." in chosen.text and len(keys_on(chosen)) == 8
    several = client.get(FORM, {"stelle": rule.agency.slug})
    assert "Wo willst du hin?" in several.text and f"?stelle={point.slug}" in several.text


def test_two_rules_with_the_same_time_show_it_once(client: Client, rule: SlotRule) -> None:
    twin = slot_rule(rule.agency, contact_point=rule.contact_point)
    booked(rule)
    keys = keys_on(client.get(FORM, {"stelle": rule.agency.slug}))
    assert len(keys) == len({key.partition("-")[2] for key in keys}) == 16 and keys[0] == key_of(twin)


def test_calendar_file_tells_a_stranger_nothing(client: Client, rule: SlotRule) -> None:
    ticket, _page = opened(client, rule)
    answer = client.post(ANSWER, {"ticket": ticket, "tun": "kalender"})
    row = Booking.objects.get()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/calendar; charset=utf-8", "no-store")
    assert 'filename="termin.ics"' in answer["Content-Disposition"]
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["summary"], event.start, event.end) == ("Termin", row.starts_at, row.ends_at)
    words = (row.public_id, str(row.pk), rule.agency.name, rule.contact_point.name, "geld")
    assert not [word for word in words if word in answer.text]
    assert client.get("/antwort/?tun=kalender", {"ticket": ticket})["Content-Type"].startswith("text/html")


def test_move_by_code(client: Client, rule: SlotRule) -> None:
    ticket, _page = opened(client, rule)
    choice = client.post(ANSWER, {"ticket": ticket, "tun": "verschieben"})
    assert "Diese Zeit behältst du" in choice.text and key_of(rule) not in keys_on(choice)
    booked(rule, slot=slot_of(rule, NEXT), source="192.0.2.9")
    gone = client.post(ANSWER, {"ticket": ticket, "tun": "verschieben", "zeit": key_of(rule, NEXT)})
    assert (gone.status_code, "Diese Zeit ist gerade weg." in gone.text) == (409, True)
    moved = client.post(ANSWER, {"ticket": ticket, "tun": "verschieben", "zeit": keys_on(gone)[0]})
    assert "Dein Termin ist verschoben." in moved.text and "16 Uhr bis 16:30 Uhr" in moved.text
    foreign = slot_rule(counselor("fremd", agency=AgencyFactory()).membership.agency)
    assert client.post(ANSWER, {"ticket": ticket, "tun": "verschieben", "zeit": key_of(foreign)}).status_code == 409


def test_cancel_by_code_is_asked_once_and_not_blamed(client: Client, rule: SlotRule) -> None:
    ticket, _page = opened(client, rule)
    sure = client.post(ANSWER, {"ticket": ticket, "tun": "absagen"})
    assert "Absagen ist in Ordnung." in sure.text and Booking.objects.get().is_booked
    done = client.post(ANSWER, {"ticket": ticket, "tun": "wirklich-absagen"})
    assert "Dein Platz ist wieder frei." in done.text and Booking.objects.get().state == "cancelled"
    for deed in ("wirklich-absagen", "verschieben", "absagen", "nix"):
        page = client.post(ANSWER, {"ticket": ticket, "tun": deed, "zeit": key_of(rule, NEXT)})
        assert page.status_code == 200
    assert Booking.objects.get().state == "cancelled"


def test_everything_stored_can_be_seen_and_deleted(client: Client, rule: SlotRule) -> None:
    ticket, _page = opened(client, rule)
    page = client.post(ANSWER, {"ticket": ticket, "tun": "daten"})
    data = client.post(ANSWER, {"ticket": ticket, "tun": "json"}).json()
    assert "8. Dezember 2026" in page.text and data["deleted_on"] == "2026-12-08"
    assert (data["state"], data["starts_at"], data["about"]["first_name"]) == (
        "booked",
        "2026-11-24T14:00:00+00:00",
        "",
    )
    assert "Alles löschen?" in client.post(ANSWER, {"ticket": ticket, "tun": "loeschen"}).text
    assert "Dein Termin ist weg" in client.post(ANSWER, {"ticket": ticket, "tun": "wirklich"}).text
    assert not Booking.objects.exists()
    assert "lange offen" in client.post(ANSWER, {"ticket": ticket, "tun": ""}).text


def test_channels_say_what_to_do(client: Client, agency: Agency) -> None:
    video = slot_rule(agency, channel="video", video_link="https://gespraech.example/raum")
    _ticket, page = opened(client, video)
    assert 'href="https://gespraech.example/raum"' in page.text and 'rel="noopener noreferrer nofollow"' in page.text
    phone = slot_rule(agency, channel="phone", contact_point=video.contact_point)
    assert "Ruf zu dieser Zeit hier an:" in opened(client, phone)[1].text
    days = client.get(FORM, {"stelle": agency.slug}).text
    assert "15 Uhr, per Video" in days and "15 Uhr, am Telefon" in days and "gespraech.example" not in days


def test_notice_of_the_office_stands_in_the_form(client: Client, rule: SlotRule) -> None:
    EnquiryDesk.objects.create(agency=rule.agency, notice="Hier steht **unser** Hinweis.")
    place = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug, "zeit": key_of(rule)}
    assert "<strong>unser</strong> Hinweis" in client.post(FORM, place).text


def test_number_of_queries(client: Client, rule: SlotRule, clock: Any, django_assert_num_queries: Any) -> None:
    for number in range(3):
        booked(rule, slot=slot_of(rule, TUESDAY + timedelta(minutes=30 * number)))
    client.get(FORM, {"stelle": rule.agency.slug})
    with django_assert_num_queries(6):
        client.get(FORM, {"stelle": rule.agency.slug})
    with django_assert_num_queries(5):
        client.get(FORM, {"stelle": rule.contact_point.slug})
    ticket, _page = opened(client, rule, slot=slot_of(rule, TUESDAY + timedelta(minutes=90)))
    with django_assert_num_queries(3):
        client.post(ANSWER, {"ticket": ticket})


@pytest.mark.slow
def test_naughty_texts_get_an_answer(client: Client, agency: Agency, clock: Any) -> None:
    rule = slot_rule(agency, places=50)
    for number, text in enumerate(NAUGHTY[::4]):
        name = ("first_name", "email", "phone", "topic", "way", "zeit", "stelle", "bei", "token", "ab")[number % 10]
        page = client.post(FORM, posted(rule, clock, **{name: text}), REMOTE_ADDR=f"198.51.100.{number}")
        assert page.status_code in (200, 400, 409), text
        assert client.get(FORM, {"stelle": agency.slug, name: text}).status_code in (200, 400), text


def test_pages_are_easy_to_read(client: Client, rule: SlotRule, clock: Any) -> None:
    place = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug, "zeit": key_of(rule)}
    pages = [client.get(FORM), client.get(FORM, {"stelle": rule.agency.slug}), client.post(FORM, place)]
    pages += [client.post(FORM, posted(rule, clock))]
    ticket, shown = opened(client, rule, slot=slot_of(rule, NEXT))
    pages += [shown, *(client.post(ANSWER, {"ticket": ticket, "tun": deed}) for deed in ("verschieben", "absagen"))]
    pages += [client.post(ANSWER, {"ticket": ticket, "tun": "wirklich-absagen"})]
    DeskVisit.objects.all().delete()
    pages += [client.get(FORM, {"stelle": rule.agency.slug})]
    texts = [text for page in pages for text in page_texts(FORM, "youth", page.text)]
    assert [str(row) for row in measure(texts, official_names(portal.REGION_DIR)) if row.is_too_hard] == []
