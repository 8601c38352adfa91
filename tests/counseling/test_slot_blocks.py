"""Times closed by hand: nobody can book them, nobody learns why, and nobody's appointment is lost by it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from counseling.actions.bookings import FullError, move
from counseling.appointments import find_time
from counseling.models import Booking, SlotBlock, SlotRule
from counseling.slots import Slot
from directory.models import Agency
from directory.versions import content_version
from tests.admin.rows import form_data
from tests.factories.accounts import log_in
from tests.factories.appointments import TUESDAY, booked, slot_of, slot_rule
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import counselor

ADD, PAGE, NOW = "/admin/counseling/slotblock/add/", "/beratung/termin/", "2026-11-23 09:30"
HALF = timedelta(minutes=30)
WHY = "Fortbildung mit Frau Muster"


@pytest.fixture
def agency(db: None, fix_time: Any) -> Agency:
    fix_time(NOW)
    found: Agency = counselor().membership.agency
    return found


@pytest.fixture
def rule(agency: Agency) -> SlotRule:
    return slot_rule(agency)


@pytest.fixture
def desk(client: Client, agency: Agency) -> Client:
    return log_in(client, agency.memberships.get().user)


def close(desk: Client, agency: Agency, **values: Any) -> Any:
    data = form_data(desk.get(ADD)) | {"agency": str(agency.pk), "on": "24.11.2026", "reason": WHY, **values}
    return desk.post(ADD, data, follow=True)


def block(agency: Agency, start: time | None = None, end: time | None = None, **values: Any) -> SlotBlock:
    return SlotBlock.objects.create(
        agency=agency, reason=WHY, starts_at=start, ends_at=end, **{"on": date(2026, 11, 24), **values}
    )


def test_closed_hours_are_gone_and_the_reason_stays_inside(desk: Client, rule: SlotRule) -> None:
    address = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug}
    assert "15:30 Uhr" in desk.get(PAGE, address).text
    assert close(desk, rule.agency, starts_at="15:30", ends_at="16:00").status_code == 200
    page = Client().get(PAGE, address).text
    tuesday = page.split("1. Dezember")[0]
    assert "15 Uhr" in tuesday and "16 Uhr" in tuesday and "15:30 Uhr" not in tuesday
    assert WHY not in page and "1. Dezember" in page
    version = content_version()
    for start, is_free in ((TUESDAY, True), (TUESDAY + HALF, False), (TUESDAY + timedelta(days=7, minutes=30), True)):
        key = f"{rule.pk}-{start:%Y%m%dT%H%M}"
        time_found = find_time(key, [rule], rule.contact_point, at=timezone.localtime(), version=version)
        assert time_found is not None and time_found.is_free is is_free


def test_who_books_at_the_last_moment_is_refused(rule: SlotRule) -> None:
    """The page was open when the time was closed."""
    other = booked(rule).booking
    block(rule.agency, time(15, 30), time(16))
    with pytest.raises(FullError):
        booked(rule, slot=slot_of(rule, TUESDAY + HALF))
    with pytest.raises(FullError):
        move(booking=other, rule=rule, slot=slot_of(rule, TUESDAY + HALF), at=timezone.now())
    booked(rule, slot=slot_of(rule, TUESDAY + 2 * HALF))
    assert Booking.objects.filter(starts_at=TUESDAY).count() == 1


def test_booked_time_is_not_closed_and_the_sentence_says_what_to_do(desk: Client, rule: SlotRule) -> None:
    row = booked(rule).booking
    page = close(desk, rule.agency)
    assert "In dieser Zeit kommt schon jemand: 15 Uhr. Sagen Sie den Termin zuerst ab." in page.text
    assert not SlotBlock.objects.exists()
    close(desk, rule.agency, starts_at="15:30", ends_at="17:00")
    assert SlotBlock.objects.count() == 1
    Booking.objects.filter(pk=row.pk).update(state="called_off")
    close(desk, rule.agency)
    assert SlotBlock.objects.count() == 2


def test_only_the_row_that_is_named_is_closed(rule: SlotRule) -> None:
    other = slot_rule(rule.agency, contact_point=rule.contact_point)
    foreign = slot_rule(AgencyFactory())
    block(rule.agency, rule=rule)
    with pytest.raises(FullError):
        booked(rule)
    booked(other)
    SlotBlock.objects.update(rule=None)
    with pytest.raises(FullError):
        booked(other, slot=slot_of(other, TUESDAY + HALF))
    booked(foreign, source="192.0.2.7")


def test_row_of_another_agency_cannot_be_named(desk: Client, rule: SlotRule) -> None:
    foreign = slot_rule(AgencyFactory())
    close(desk, rule.agency, rule=str(foreign.pk))
    assert not SlotBlock.objects.exists()


def test_edges_touch_and_do_not_close() -> None:
    closed = SlotBlock(on=date(2026, 11, 24), starts_at=time(15, 30), ends_at=time(16))
    before, inside, after = (Slot(start, start + HALF) for start in (TUESDAY, TUESDAY + HALF, TUESDAY + 2 * HALF))
    assert [closed.covers(slot) for slot in (before, inside, after)] == [False, True, False]
    assert closed.covers(Slot(TUESDAY, TUESDAY + timedelta(hours=3)))
    assert not SlotBlock(on=date(2026, 11, 25)).covers(inside)
