"""How many enquiries and new appointments wait where, for those who see none of them."""

from datetime import datetime

from django.db.models import Count, QuerySet

from counseling.models import Booking, Enquiry
from offers.gaps import SHOWN_FROM

WAITING = (Enquiry.Status.NEW, Enquiry.Status.READ)
"""It is the agency's turn."""


def waiting_by_agency(*, agencies: frozenset[int] | None) -> dict[int | None, int]:
    """Return agency → how many wait there, from five on: fewer would tell of single people. One query."""
    return _from_five_on(Enquiry.objects.filter(status__in=WAITING), agencies)


def new_bookings_by_agency(*, agencies: frozenset[int] | None, at: datetime) -> dict[int | None, int]:
    """Return agency → how many appointments nobody has looked at yet, from five on. One query."""
    return _from_five_on(Booking.objects.all().unseen(at=at), agencies)


def _from_five_on(rows: QuerySet, agencies: frozenset[int] | None) -> dict[int | None, int]:
    rows = rows.order_by()
    if agencies is not None:
        rows = rows.filter(agency__in=agencies)
    counted = rows.values("agency").annotate(number=Count("pk")).filter(number__gte=SHOWN_FROM)
    return dict(counted.values_list("agency", "number"))
