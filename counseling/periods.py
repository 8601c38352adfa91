"""How long an enquiry or an appointment is kept. A county may shorten these; the bounds are in docs/operations/retention.md."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from counseling.models import Booking, BookingQuerySet, Enquiry, EnquiryQuerySet

SILENT_AFTER = timedelta(days=90)
AFTER_CLOSING = timedelta(days=30)
AT_MOST = timedelta(days=180)
WARNED_BEFORE = timedelta(days=14)
AFTER_APPOINTMENT = timedelta(days=14)


def deleted_on(enquiry: Enquiry) -> date:
    """Return the day by which everything is deleted, as things stand now."""
    ends = [enquiry.received_at + AT_MOST]
    ends.append((enquiry.closed_at or enquiry.active_at + SILENT_AFTER) + AFTER_CLOSING)
    return timezone.localdate(min(ends))


def closes_on(enquiry: Enquiry) -> date:
    """Return the day on which an open enquiry is closed when nothing happens any more."""
    return timezone.localdate(enquiry.active_at + SILENT_AFTER)


def to_delete(at: datetime) -> EnquiryQuerySet:
    """Return the enquiries whose time is over."""
    return Enquiry.objects.filter(Q(received_at__lte=at - AT_MOST) | Q(closed_at__lte=at - AFTER_CLOSING))


def silent(at: datetime) -> EnquiryQuerySet:
    """Return the open enquiries in which nothing has happened for too long."""
    return Enquiry.objects.open().filter(active_at__lte=at - SILENT_AFTER)


def booking_deleted_on(booking: Booking) -> date:
    """Return the day by which an appointment is deleted, as things stand now."""
    return timezone.localdate(booking.ends_at + AFTER_APPOINTMENT)


def bookings_to_delete(at: datetime) -> BookingQuerySet:
    """Return the appointments whose time is over, cancelled ones too."""
    return Booking.objects.filter(ends_at__lte=at - AFTER_APPOINTMENT)
