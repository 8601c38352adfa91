"""What people look for and hardly find, as part of the queue: somebody should fill the gap."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.queue import Waiting
from offers.gaps import recent_gaps


class GapsWaiting:
    """Searches with few hits in the last four weeks, for whoever may read the report: the coordination."""

    kind = "gap"
    label = _("Gesucht und wenig gefunden")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return the searches, the most frequent first; never one that came up less than five times."""
        if agencies is not None or not user.has_perm("offers.view_searchgap"):
            return []
        url = reverse("admin:offers_searchgap_changelist")
        return [
            Waiting(
                kind=self.kind,
                title=gettext("„%(query)s“: %(n)d-mal gesucht") % {"query": query, "n": total},
                url=url,
                agency=None,
            )
            for query, total in recent_gaps(on)[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many such searches there are; they belong to no agency."""
        return {None: recent_gaps(on).count()} if agencies is None else {}


GAPS = GapsWaiting()
