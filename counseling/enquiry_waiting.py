"""Enquiries that wait for an answer, as part of the queue: by their code and topic, never by what they say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.enquiry_counts import WAITING, waiting_by_agency
from counseling.models import Enquiry
from directory.queue import Waiting


class EnquiriesWaiting:
    """Enquiries whose turn is ours, for those who may see them."""

    kind = "enquiry"
    label = _("Anfragen beantworten")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return the oldest promise first; one of today or before is urgent."""
        rows = Enquiry.objects.visible_to(user).filter(status__in=WAITING).order_by("due_at", "pk")
        return [
            Waiting(
                kind=self.kind,
                title=gettext("Anfrage %(code)s: %(topic)s")
                % {"code": row.public_id, "topic": row.get_topic_display()},
                url=reverse("admin:counseling_enquiry_change", args=[row.pk]),
                agency=row.agency_id,
                since=timezone.localdate(row.received_at),
                due_on=timezone.localdate(row.due_at),
                urgent=timezone.localdate(row.due_at) <= on,
            )
            for row in rows.only("public_id", "topic", "agency_id", "received_at", "due_at")[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many wait at each agency, from five on: fewer would tell of single people."""
        return waiting_by_agency(agencies=agencies)


ENQUIRIES = EnquiriesWaiting()
