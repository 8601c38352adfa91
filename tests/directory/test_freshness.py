"""Who is asked when, what visitors see meanwhile, and what is hidden when nobody answers."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import OutboxMessage
from accounts.outbox import deliver_next
from directory import actions
from directory.contact import is_public, public_points
from directory.freshness import state
from directory.freshness.asking import PER_AGENCY, remind
from directory.freshness.dates import due, stage_for, stale_from
from directory.index.masks import universe
from directory.models import Agency, ConfirmationRequest, ContactPoint, GroupCheck
from offers.catalogue import catalogue
from offers.models import Offer, OfferAgency
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory

DAY = date(2027, 2, 1)
CHECKED = date(2026, 11, 2)


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def run(day: date) -> Any:
    return remind(on=day, at=at(day))


def days_later(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def agency(db: None) -> Agency:
    return AgencyFactory(office_email="buero@example.org", checked_on=DAY)


@pytest.fixture
def point(agency: Agency) -> ContactPoint:
    """Hours are due on 2 February 2027, the rest later."""
    return ContactPointFactory(owner=agency, full=True, name="Beratung am Markt")


@pytest.fixture
def coordination(db: None) -> Agency:
    return AgencyFactory(kind="coordination", office_email="koordination@example.org", checked_on=DAY)


def check(record: Any, group: str) -> GroupCheck:
    return GroupCheck.objects.get(record=record._meta.label_lower, object_id=record.pk, group=group)


def send(day: date) -> list[Any]:
    mail.outbox.clear()
    while deliver_next(at=at(day)):
        pass
    return mail.outbox


def link_in(message: Any) -> str:
    return next(line.split("?t=")[1] for line in message.body.splitlines() if "?t=" in line)


# The calendar.


@pytest.mark.parametrize(
    ("confirmed", "asked", "answered", "expected"),
    [
        (None, None, False, (None, None)),
        (None, date(2027, 1, 1), False, (date(2027, 1, 15), date(2027, 3, 17))),
        (date(2026, 11, 30), None, False, (date(2027, 2, 28), None)),
        (date(2026, 11, 30), date(2027, 2, 14), False, (date(2027, 2, 28), date(2027, 4, 30))),
        # The job did not run for long: whoever is asked late has as much time.
        (date(2026, 11, 30), date(2027, 6, 1), False, (date(2027, 2, 28), date(2027, 8, 15))),
        (date(2026, 11, 30), date(2027, 2, 14), True, (date(2027, 2, 28), None)),
    ],
)
def test_due_and_hidden(confirmed: Any, asked: Any, answered: bool, expected: Any) -> None:
    found = due(confirmed_on=confirmed, months=3, asked_on=asked, is_answered=answered, grace_days=60)
    assert (found.due_on, found.hidden_from) == expected


def test_stages_come_in_order() -> None:
    hidden = DAY + timedelta(days=75)
    stages = [stage_for(opened_on=DAY, hidden_from=hidden, on=days_later(day)) for day in range(80)]
    assert [(stages.index(stage), stage) for stage in dict.fromkeys(stages)] == [
        (0, "ask"), (7, "remind"), (14, "copy"), (30, "again"), (68, "last"), (75, "hidden"),
    ]  # fmt: skip


def test_overdue_from_the_day_after() -> None:
    assert stale_from([None, date(2027, 1, 3), date(2027, 1, 1)]) == date(2027, 1, 2)
    assert stale_from([None]) is None


# The state.


def test_geprueft_am_counts_for_every_group_but_not_on_examples(point: ContactPoint) -> None:
    example = ContactPointFactory(is_example=True)
    state.refresh_all(on=DAY)
    assert check(point, "hours").due_on == date(2027, 2, 2)
    assert check(point, "contact").due_on == date(2027, 5, 2)
    assert check(point, "text").due_on == date(2027, 11, 2)
    assert {check(example, group).confirmed_on for group in ("hours", "contact", "text")} == {None}
    example.refresh_from_db()
    assert (example.stale_from, example.hidden_from) == (None, None)


def test_the_interval_can_be_changed_per_group(point: ContactPoint) -> None:
    state.refresh_all(on=DAY)
    GroupCheck.objects.filter(object_id=point.pk, group="hours").update(interval_months=1)
    state.refresh_all(on=DAY)
    assert check(point, "hours").due_on == date(2026, 12, 2)


def test_running_again_writes_nothing(point: ContactPoint, django_assert_max_num_queries: Any) -> None:
    state.refresh_all(on=DAY)
    with django_assert_max_num_queries(15) as found:
        assert not state.refresh_all(on=DAY)
    assert [query["sql"] for query in found if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))] == []


def test_rows_of_deleted_records_go(point: ContactPoint) -> None:
    state.refresh_all(on=DAY)
    pk = point.pk
    point.schedules.all().delete()
    point.delete()
    state.refresh_all(on=DAY)
    assert not GroupCheck.objects.filter(record="directory.contactpoint", object_id=pk).exists()


def test_who_makes_an_offer_answers_for_it(agency: Agency) -> None:
    offer = OfferFactory()
    payer = AgencyFactory()
    OfferAgency.objects.create(offer=offer, agency=payer, role="funder")
    OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    state.refresh_all(on=DAY)
    assert {row.agency_id for row in GroupCheck.objects.filter(record="offers.offer")} == {agency.pk}
    assert set(GroupCheck.objects.filter(record="offers.offer").values_list("group", flat=True)) == {
        "contact", "law", "text",
    }  # fmt: skip


# From the question to the hidden record.


def test_from_the_first_mail_to_hidden_and_back(point: ContactPoint, coordination: Agency) -> None:
    asked = date(2027, 1, 19)  # 14 days before the hours are due
    assert run(asked - timedelta(days=1)).questions == {}
    assert run(asked).questions == {"ask": 1}
    (message,) = send(asked)
    assert message.to == ["buero@example.org"]
    assert "Beratung am Markt" in message.body
    assert "Zeiten" in message.body
    assert "Kontakt" not in message.body
    assert link_in(message) not in str(list(OutboxMessage.objects.values()))

    assert run(asked).questions == {}
    assert send(asked) == []
    run(asked + timedelta(days=7))
    assert [(message.to, "vor einer Woche" in message.body) for message in send(asked + timedelta(days=7))] == [
        (["buero@example.org"], True)
    ]
    run(asked + timedelta(days=14))
    (copy,) = send(asked + timedelta(days=14))
    assert copy.to == ["koordination@example.org"]
    assert "?t=" not in copy.body

    point.refresh_from_db()
    assert not point.is_stale(on=date(2027, 2, 2))
    assert point.is_stale(on=date(2027, 2, 3))

    for days in (30, 68):
        run(asked + timedelta(days=days))
        assert {message.to[0] for message in send(asked + timedelta(days=days))} == {
            "buero@example.org", "koordination@example.org",
        }  # fmt: skip
    gone_on = date(2027, 4, 4)  # 60 whole days after the day it was due
    assert point in ContactPoint.objects.published(on=gone_on - timedelta(days=1))
    assert point not in ContactPoint.objects.published(on=gone_on)
    assert point in ContactPoint.objects.hidden(on=gone_on)
    point.refresh_from_db()
    assert [is_public(point, on=day) for day in (gone_on - timedelta(days=1), gone_on)] == [True, False]
    assert run(gone_on).questions["hidden"] == 1

    actions.mark_checked([point], on=gone_on, at=at(gone_on))
    assert point in ContactPoint.objects.published(on=gone_on)
    run(gone_on + timedelta(days=1))
    assert not ConfirmationRequest.objects.filter(closed_on=None, object_id=point.pk).exists()


def test_nothing_is_hidden_when_nobody_could_be_asked(db: None) -> None:
    point = ContactPointFactory(checked_on=date(2020, 1, 1))
    assert run(DAY).nobody_to_ask == 2
    run(days_later(400))
    point.refresh_from_db()
    assert point.hidden_from is None
    assert point.is_stale(on=DAY)


def test_the_coordination_is_asked_for_those_without_a_mailbox_and_never_hidden(coordination: Agency) -> None:
    point = ContactPointFactory(checked_on=date(2020, 1, 1), name="Ohne Postfach")
    own = ContactPointFactory(checked_on=date(2020, 1, 1), owner=coordination, name="Koordinierungsstelle")
    run(DAY)
    (message,) = send(DAY)
    assert message.to == ["koordination@example.org"]
    assert "Ohne Postfach" in message.body
    run(days_later(200))
    for row in (point, own):
        row.refresh_from_db()
    assert point.hidden_from is not None
    assert own.hidden_from is None


def test_one_mail_a_day_and_no_flood(agency: Agency) -> None:
    for _number in range(PER_AGENCY + 3):
        ContactPointFactory(owner=agency, checked_on=date(2020, 1, 1))
    assert run(DAY).questions["ask"] == PER_AGENCY
    (message,) = send(DAY)
    assert message.body.count("?t=") == PER_AGENCY
    assert run(days_later(1)).questions["ask"] == 3


def test_drafts_are_not_asked_for(agency: Agency) -> None:
    ContactPointFactory(owner=agency, status="draft", checked_on=date(2020, 1, 1))
    assert run(DAY).questions == {}


def test_an_agency_that_answered_before_the_mail_left_gets_none(point: ContactPoint) -> None:
    run(DAY)
    actions.mark_checked([point], on=DAY, at=at(DAY))
    run(days_later(1))
    assert send(days_later(1)) == []


def test_the_dry_run_changes_nothing(point: ContactPoint, fix_time: Any) -> None:
    fix_time("2027-02-01 09:00")
    out = StringIO()
    call_command("remind_owners", dry_run=True, stdout=out)
    assert out.getvalue() == "Probelauf. Fragen: ask: 1. Mails: 1.\n"
    assert not GroupCheck.objects.exists()
    assert not OutboxMessage.objects.exists()
    call_command("remind_owners", stdout=out)
    call_command("remind_owners", stdout=out)
    assert out.getvalue().endswith("Fragen: ask: 1. Mails: 1.\nFragen: keine. Mails: 0.\n")


# Where it is hidden: everywhere, by the same rule.


def test_hidden_in_the_catalogue_the_index_and_the_sitemap_alike(db: None) -> None:
    kept, lost = OfferFactory(), OfferFactory()
    place = ContactPointFactory(full=True)
    Offer.objects.filter(pk=lost.pk).update(hidden_from=DAY)
    ContactPoint.objects.filter(pk=place.pk).update(hidden_from=DAY)
    call_command("rebuild_search", verbosity=0)
    for day, shown in ((DAY - timedelta(days=1), True), (DAY, False)):
        public = set(Offer.objects.published(on=day).values_list("pk", flat=True))
        assert public == ({kept.pk, lost.pk} if shown else {kept.pk})
        found = catalogue(f"version-{day}", on=day)
        assert set(found.ids) == public
        assert (place.slug in public_points(day).by_slug) is shown
        entries = universe(f"version-{day}", on=day, offers=found.bit_of)
        assert entries.kinds["offer"].bit_count() == len(public)
        assert ("contact_point" in entries.kinds) is shown
        assert (place in ContactPoint.objects.indexable(on=day)) is shown


def test_no_page_leads_to_what_is_hidden(client: Any, db: None, fix_time: Any) -> None:
    fix_time(f"{DAY} 10:00")
    lost = ContactPointFactory(full=True, name="Verborgenes Haus", hidden_from=DAY)
    office = AgencyFactory(name="Verborgene Stelle", hidden_from=DAY)
    offer = OfferFactory(contact=lost)
    offer.contact_points.add(lost)
    OfferAgency.objects.create(offer=offer, agency=office, role="provider")
    call_command("rebuild_search", verbosity=0)
    pages = (offer.get_absolute_url(), lost.owner.get_absolute_url(), "/anlaufstellen/", "/suche/?q=verborgenes+haus")
    for path in (*pages, "/api/anlaufstellen", "/sitemap.xml", f"/merkliste/?dazu=p:{lost.slug}"):
        text = client.get(path).content.decode()
        assert lost.name not in text, path
        assert lost.get_absolute_url() not in text, path
        assert office.get_absolute_url() not in text, path
