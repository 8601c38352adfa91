"""What will be hidden when nobody answers: nothing vanishes by surprise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.freshness.dates import FORECAST_DAYS, LEAD_DAYS, due
from directory.models import Agency, FieldGroup, GroupCheck

CSV_HEAD = (_("verborgen ab"), _("Eintrag"), _("Stelle"), _("Angaben"), _("gefragt am"))


@dataclass(frozen=True, slots=True)
class Vanishing:
    """One record, the first day on which nobody sees it, and the groups whose confirmation is missing.

    ``key`` is the key of one of its rows.
    """

    hidden_from: date
    key: int
    title: str
    agency: str
    groups: tuple[str, ...]
    asked_on: date | None

    def is_hidden(self, *, on: date) -> bool:
        """Whether it is hidden already."""
        return self.hidden_from <= on

    def cells(self) -> tuple[Any, ...]:
        """Return the cells of a CSV row."""
        return self.hidden_from, self.title, self.agency, ", ".join(self.groups), self.asked_on


def forecast(rows: QuerySet[GroupCheck], *, on: date) -> list[Vanishing]:
    """Return the records among these rows that are hidden, or will be within 60 days, soonest first. One query.

    Whoever was not asked yet is counted as if asked in time and silent.
    """
    coming = Q(hidden_from__lte=on + timedelta(days=FORECAST_DAYS))
    if settings.FRESHNESS_GRACE_DAYS + LEAD_DAYS < FORECAST_DAYS:
        coming |= Q(asked_on=None, due_on__lte=on + timedelta(days=FORECAST_DAYS))
    found: dict[tuple[str, int], list[tuple[date, GroupCheck]]] = {}
    candidates = rows.filter(coming, is_public=True, answered_on=None).select_related("agency")
    for row in candidates.order_by("record", "object_id", "pk"):
        day = row.hidden_from or _if_silent(row, on)
        if day is not None and day <= on + timedelta(days=FORECAST_DAYS):
            found.setdefault((row.record, row.object_id), []).append((day, row))
    return sorted((_vanishing(group) for group in found.values()), key=lambda item: (item.hidden_from, item.title))


def _if_silent(row: GroupCheck, on: date) -> date | None:
    if row.due_on is None or (row.agency is not None and row.agency.kind == Agency.Kind.COORDINATION):
        return None
    asked = max(on, row.due_on - timedelta(days=LEAD_DAYS))
    days = due(
        confirmed_on=row.confirmed_on,
        months=row.months,
        asked_on=asked,
        is_answered=False,
        grace_days=settings.FRESHNESS_GRACE_DAYS,
    )
    return days.hidden_from


def _vanishing(group: Iterable[tuple[date, GroupCheck]]) -> Vanishing:
    days, rows = zip(*group, strict=True)
    first = rows[0]
    return Vanishing(
        hidden_from=min(days),
        key=first.pk,
        title=first.title,
        agency=first.agency.display_name if first.agency else "",
        groups=tuple(str(FieldGroup(row.group).label) for row in rows),
        asked_on=min((row.asked_on for row in rows if row.asked_on), default=None),
    )
