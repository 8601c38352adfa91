"""Broken and moved links as work for staff: their place in the queue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import LinkCheck, LinkUse
from directory.queue import Waiting


class LinksWaiting:
    """Links that were broken, or lead elsewhere for good, in two runs a day apart."""

    kind = "link"
    label = gettext_lazy("Links, die nicht mehr stimmen")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return each link once, broken ones first, then the oldest."""
        if not user.has_perm("directory.view_linkcheck"):
            return []
        rows = LinkCheck.objects.waiting().filter(uses__isnull=False)
        if agencies is not None:
            rows = rows.filter(uses__agency__in=agencies)
        rows = rows.annotate(home=Min("uses__agency")).order_by("status", "failing_since", "pk")
        return [
            Waiting(
                kind=self.kind,
                title=_("Umgezogen: %s") % row.address
                if row.status == LinkCheck.Status.MOVED
                else _("Nicht erreichbar: %s") % row.address,
                url=reverse("admin:directory_linkcheck_change", args=[row.pk]),
                agency=getattr(row, "home", None),
                since=timezone.localdate(row.failing_since) if row.failing_since else None,
            )
            for row in rows[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many links wait at each agency."""
        rows = LinkUse.objects.filter(link__in=LinkCheck.objects.waiting()).order_by()
        if agencies is not None:
            rows = rows.filter(agency__in=agencies)
        return dict(rows.values_list("agency").annotate(number=Count("link", distinct=True)))


LINKS = LinksWaiting()
