"""Times closed by hand: nobody can book them, nobody learns why, and nobody's appointment is lost by it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from counseling.actions.blocks import booked_within
from counseling.actions.bookings import FullError, book, move
from counseling.appointments import find_time
from counseling.codes import new_token
from counseling.models import Booking, SlotBlock, SlotRule
from counseling.slots import Slot
from directory.models import Agency
from directory.versions import content_version
from tests.admin.rows import form_data
from tests.counseling.test_bookings import rush
from tests.factories.accounts import log_in
from tests.factories.appointments import TUESDAY, booked, slot_of, slot_rule, wish
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import AT, counselor

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


# Of each rush; and how often the control begins anew, because two who must meet sometimes do not.
WEEKS, TIMES = 5, 8


@transaction.atomic
def close_if_free(rule: SlotRule, slot: Slot, *, careful: bool) -> None:
    """What the page does; without ``careful`` it looks outside of the transaction that saves."""
    start = timezone.localtime(slot.starts_at)
    row = SlotBlock(agency=rule.agency, rule=rule, on=start.date(), reason=WHY)
    row.starts_at, row.ends_at = start.time(), timezone.localtime(slot.ends_at).time()
    if careful and booked_within(row, at=AT):
        raise FullError
    row.save()


def both(rule: SlotRule, *, careful: bool, first_week: int = 0) -> int:
    """Close and book each of twenty times at the same moment; return how many ended closed with somebody in it."""
    weeks = range(first_week, first_week + WEEKS)
    starts = [TUESDAY + timedelta(days=7 * week, minutes=30 * slot) for week in weeks for slot in range(4)]
    for number, start in enumerate(starts):
        slot = slot_of(rule, start)
        ends = rush(
            [
                lambda slot=slot: close_if_free(rule, slot, careful=careful),
                lambda slot=slot, number=number: book(
                    wish=wish(rule, slot=slot), token=new_token(), source=f"192.0.2.{number}", at=AT
                ),
            ]
        )
        assert set(ends) <= {"booked", "full"}, ends
    taken = Booking.objects.taken().filter(rule=rule)
    blocks = SlotBlock.objects.filter(rule=rule)
    assert taken.count() + blocks.count() >= len(starts)
    return sum(any(block.covers(Slot(row.starts_at, row.ends_at)) for block in blocks) for row in taken)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nobody_comes_to_a_time_that_is_closed_in_the_same_moment() -> None:
    rule = slot_rule(counselor().membership.agency)
    booked(rule, slot=slot_of(rule, TUESDAY + timedelta(days=70)), source="192.0.2.250")  # the agency has its key
    assert both(rule, careful=True) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_closing_without_looking_would_shut_somebody_out() -> None:
    """The control: the same rush, and nobody looks whether somebody comes."""
    rule = slot_rule(counselor().membership.agency)
    booked(rule, slot=slot_of(rule, TUESDAY + timedelta(days=70)), source="192.0.2.250")
    assert any(both(rule, careful=False, first_week=number * WEEKS) for number in range(TIMES))
