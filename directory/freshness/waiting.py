"""Confirmations that are due, in "Was wartet auf mich"."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import GroupCheck
from directory.queue import Waiting

URGENT_DAYS = 14


class ConfirmationsDue:
    """Records of which a group of fields is due, or was never confirmed."""

    kind = "confirmation"
    label = gettext_lazy("Bestätigung fällig")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return records, those to be hidden first; what nobody ever confirmed comes last."""
        if not user.has_perm("directory.change_groupcheck"):
            return []
        rows = (
            _due(agencies, on)
            .values("record", "object_id", "title", "agency_id")
            .annotate(hidden=Min("hidden_from"), first=Min("due_on"), key=Min("pk"))
        )
        order = (F("hidden").asc(nulls_last=True), F("first").asc(nulls_last=True), "title", "object_id")
        return [
            Waiting(
                kind=self.kind,
                title=_("%(title)s: seit dem %(day)s verborgen")
                % {"title": row["title"], "day": f"{row['hidden']:%d.%m.%Y}"}
                if row["hidden"] and row["hidden"] <= on
                else row["title"],
                url=reverse("admin:directory_groupcheck_record", args=[row["key"]]),
                agency=row["agency_id"],
                due_on=row["first"],
                urgent=row["hidden"] is not None and row["hidden"] <= on + timedelta(days=URGENT_DAYS),
            )
            for row in rows.order_by(*order)[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many records are due at each agency. One query."""
        rows = _due(agencies, on).order_by().values_list("agency_id", "record", "object_id").distinct()
        found: dict[int | None, int] = {}
        for agency, _record, _pk in rows:
            found[agency] = found.get(agency, 0) + 1
        return found


def _due(agencies: frozenset[int] | None, on: date) -> QuerySet[GroupCheck]:
    rows = GroupCheck.objects.filter(Q(due_on=None) | Q(due_on__lte=on), is_public=True, answered_on=None)
    return rows if agencies is None else rows.filter(agency__in=agencies)


CONFIRMATIONS = ConfirmationsDue()
