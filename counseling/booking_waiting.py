"""Appointments nobody at the desk has looked at yet, as part of the queue: by their code, day and topic."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.enquiry_counts import new_bookings_by_agency
from counseling.models import Booking
from directory.queue import Waiting


class BookingsWaiting:
    """New appointments, and those that were moved, for those who may see them."""

    kind = "booking"
    label = _("Neue Termine ansehen")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return the next one first; one of today or tomorrow is urgent."""
        rows = Booking.objects.visible_to(user).unseen(at=timezone.now()).order_by("starts_at", "pk")
        return [
            Waiting(
                kind=self.kind,
                title=gettext("Neuer Termin %(code)s am %(day)s: %(topic)s")
                % {
                    "code": row.public_id,
                    "day": date_format(timezone.localtime(row.starts_at), "j. F, H:i"),
                    "topic": row.get_topic_display(),
                },
                url=reverse("admin:counseling_booking_change", args=[row.pk]),
                agency=row.agency_id,
                since=timezone.localdate(row.changed_at),
                due_on=timezone.localdate(row.starts_at),
                urgent=(timezone.localdate(row.starts_at) - on).days <= 1,
            )
            for row in rows.only("public_id", "topic", "agency_id", "changed_at", "starts_at")[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many wait at each agency, from five on: fewer would tell of single people."""
        return new_bookings_by_agency(agencies=agencies, at=timezone.now())


BOOKINGS = BookingsWaiting()
