"""Confirmations in the back office: the queue, one record, the interval, the forecast."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import outbox
from accounts.models import AuditEntry, User
from directory.freshness import state
from directory.freshness.asking import remind
from directory.freshness.waiting import CONFIRMATIONS
from directory.models import ConfirmationRequest, ContactPoint, GroupCheck
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory

DAY = date(2027, 2, 1)
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
LIST = "/admin/directory/groupcheck/"


@pytest.fixture(autouse=True)
def today(fix_time: Any) -> None:
    fix_time("2027-02-01 10:00")


@pytest.fixture
def point(db: None) -> ContactPoint:
    agency = AgencyFactory(office_email="buero@example.org", checked_on=DAY, kind="job_centre")
    found = ContactPointFactory(owner=agency, full=True, name="=Beratung", checked_on=date(2026, 2, 1))
    remind(on=DAY, at=NOW)
    return found


@pytest.fixture
def editor(point: ContactPoint, client: Client) -> Client:
    return log_in(client, staff("redaktion", agency=point.owner))


@pytest.fixture
def stranger(db: None) -> Client:
    return log_in(Client(), staff("fremd", agency=AgencyFactory(kind="job_centre", checked_on=DAY)))


def key(point: ContactPoint, group: str = "hours") -> int:
    return GroupCheck.objects.get(record="directory.contactpoint", object_id=point.pk, group=group).pk


def test_the_queue_names_a_record_once_and_leads_to_its_page(editor: Client, point: ContactPoint) -> None:
    user = staff("leitung", role="lead", agency=point.owner)
    (item,) = CONFIRMATIONS.waiting(user=user, agencies=frozenset({point.owner_id}), on=DAY, limit=10)
    assert (item.title, item.agency, item.urgent) == ("=Beratung", point.owner_id, False)
    assert editor.get(item.url).status_code == 200
    assert CONFIRMATIONS.waiting(user=user, agencies=frozenset(), on=DAY, limit=10) == []
    counselor = staff("beratung", role="counselor", agency=point.owner)
    assert CONFIRMATIONS.waiting(user=counselor, agencies=None, on=DAY, limit=10) == []
    assert CONFIRMATIONS.counts(agencies=None, on=DAY) == {point.owner_id: 1}
    hidden = date(2027, 5, 1)
    (item,) = CONFIRMATIONS.waiting(user=user, agencies=None, on=hidden, limit=1)
    assert item.urgent
    assert item.title == "=Beratung: seit dem 17.04.2027 verborgen"


def test_two_queries_whatever_there_is(point: ContactPoint, django_assert_num_queries: Any) -> None:
    for _number in range(8):
        ContactPointFactory(owner=point.owner, checked_on=date(2026, 1, 1))
    state.refresh_all(on=DAY)
    user = staff("technik", is_superuser=True)
    with django_assert_num_queries(1):
        assert len(CONFIRMATIONS.waiting(user=user, agencies=None, on=DAY, limit=5)) == 5
    with django_assert_num_queries(1):
        assert CONFIRMATIONS.counts(agencies=None, on=DAY) == {point.owner_id: 9}


def test_confirming_with_an_account(editor: Client, point: ContactPoint) -> None:
    url = f"{LIST}{key(point)}/eintrag/"
    assert "09:00 – 12:00" in editor.get(url).content.decode()
    editor.post(url, {"group": ["hours", "text", "law"]})
    rows = {row.group: row for row in GroupCheck.objects.filter(object_id=point.pk, record="directory.contactpoint")}
    assert (rows["hours"].confirmed_on, rows["hours"].confirmed_by) == (DAY, "staff")
    assert rows["contact"].confirmed_on == date(2026, 2, 1)
    assert AuditEntry.objects.filter(action="groupcheck.confirm", agency=point.owner_id).count() == 2
    assert "Bitte kreuzen Sie an" in editor.post(url, {}, follow=True).content.decode()


def test_a_stranger_sees_nothing_of_it(stranger: Client, point: ContactPoint) -> None:
    assert stranger.get(f"{LIST}{key(point)}/eintrag/").status_code == 404
    assert stranger.post(f"{LIST}{key(point)}/eintrag/", {"group": ["hours"]}).status_code == 404
    assert "=Beratung" not in stranger.get(f"{LIST}vorschau/").content.decode()
    assert "Beratung" not in stranger.get(f"{LIST}vorschau.csv").content.decode()


def test_the_interval_of_one_item(editor: Client, point: ContactPoint) -> None:
    url = f"{LIST}{key(point)}/change/"
    assert editor.post(url, {"interval_months": "24"}).status_code == 302
    assert GroupCheck.objects.get(pk=key(point)).due_on == date(2028, 2, 1)
    assert editor.post(url, {"interval_months": "0"}).status_code == 200
    assert editor.post(url, {"interval_months": "37"}).status_code == 200
    assert GroupCheck.objects.get(pk=key(point)).interval_months == 24


def test_the_action_confirms_chosen_rows(editor: Client, point: ContactPoint) -> None:
    assert f'href="{LIST}{key(point)}/eintrag/"' in editor.get(LIST).content.decode()
    data = {"action": "confirm_today", "_selected_action": [key(point), key(point, "contact")]}
    editor.post(LIST, data)
    found = GroupCheck.objects.filter(object_id=point.pk, confirmed_on=DAY, record="directory.contactpoint")
    assert set(found.values_list("group", flat=True)) == {"hours", "contact"}


def test_the_forecast_as_page_and_as_file(
    editor: Client, point: ContactPoint, fix_time: Any, django_assert_max_num_queries: Any
) -> None:
    assert "Nichts wird verborgen." in editor.get(f"{LIST}vorschau/").content.decode()
    fix_time("2027-03-01 10:00")
    editor.force_login(staff("zwei", agency=point.owner))
    with django_assert_max_num_queries(12):
        text = editor.get(f"{LIST}vorschau/").content.decode()
    assert "Nichts ist verborgen." in text
    assert "17. April 2027" in text
    rows = list(csv.reader(io.StringIO(editor.get(f"{LIST}vorschau.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:2] == ["2027-04-17", "'=Beratung"]
    fix_time("2027-04-17 10:00")
    editor.force_login(staff("drei", agency=point.owner))
    assert "Nichts wird verborgen." in editor.get(f"{LIST}vorschau/").content.decode()


def test_with_a_short_grace_time_the_silent_are_counted_before_they_are_asked(
    editor: Client, point: ContactPoint, settings: Any
) -> None:
    settings.FRESHNESS_GRACE_DAYS = 5
    fresh = ContactPointFactory(owner=point.owner, name="Noch frisch", checked_on=date(2026, 12, 1))
    state.refresh_all(on=DAY)
    text = editor.get(f"{LIST}vorschau/").content.decode()
    assert fresh.name in text
    assert "7. März 2027" in text


def sent() -> list[str]:
    """Send what is due; return the links of the newest mail."""
    while outbox.deliver_next(at=timezone.now()):
        pass
    return re.findall(r"https?://[^/\s]+(/\S+\?t=\S+)", mail.outbox[-1].body)


@pytest.mark.parametrize("role", ["lead", "coordinator"])
def test_the_link_is_sent_once_more_and_the_old_one_ends(
    editor: Client, point: ContactPoint, fix_time: Any, role: str
) -> None:
    url, (old, *_others) = f"{LIST}{key(point)}/eintrag/", sent()
    assert "Link noch einmal senden" not in editor.get(url).text
    assert editor.post(url, {"_resend": "1"}).status_code == 403
    office = point.owner if role == "lead" else AgencyFactory(kind="coordination", checked_on=DAY)
    desk = log_in(Client(), staff("chefin", role=role, agency=office))
    assert "Link noch einmal senden" in desk.get(url).text
    number = len(mail.outbox)
    told = desk.post(url, {"_resend": "1"}, follow=True).text
    assert "Ältere Links zu diesem Eintrag gelten nicht mehr." in told
    (new,) = sent()
    assert (len(mail.outbox), mail.outbox[-1].to) == (number + 1, ["buero@example.org"])
    pages = [Client().get(link, follow=True).text for link in (old, new)]
    assert ["=Beratung" in page for page in pages] == [False, True]
    entry = AuditEntry.objects.get(action="groupcheck.resend")
    assert (entry.subject, entry.agency) == (f"directory.contactpoint:{point.pk}", point.owner_id)
    # Not twice within the hour, and three times a day at most.
    for hour, is_sent in ((10, False), (11, True), (12, True), (13, False)):
        fix_time(f"2027-02-01 {hour}:30")
        desk = log_in(Client(), User.objects.get(username="chefin"))  # a login ends after half an hour
        told = desk.post(url, {"_resend": "1"}, follow=True).text
        assert ("Ein neuer Link ist unterwegs." in told) is is_sent, hour
    ConfirmationRequest.objects.update(closed_on=DAY)
    assert "Link noch einmal senden" not in desk.get(url).text
    assert "keine Frage mehr offen" in desk.post(url, {"_resend": "1"}, follow=True).text
