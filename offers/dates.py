"""Dates that come next: deadlines, starts and events of offers."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from offers.models import Deadline, Offer

SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class NextDate:
    """One coming date of one offer, ready to show."""

    on: date
    purpose: str
    text: str
    consequence: str
    offer_slug: str
    offer_title: str
    is_example: bool = False


def next_occurrence(deadline: Deadline, *, on: date) -> date | None:
    """Return the next day on or after ``on`` at which the deadline falls, or None.

    29 February falls on the 28th in other years. A date "x days before an event"
    has no day of its own.
    """
    if deadline.kind == Deadline.Kind.FIXED:
        candidate = deadline.date
    elif deadline.kind == Deadline.Kind.YEARLY and deadline.month and deadline.day:
        candidate = _yearly(on.year, deadline.month, deadline.day)
        if candidate < on:
            candidate = _yearly(on.year + 1, deadline.month, deadline.day)
    else:
        return None
    if candidate is None or candidate < on or not _is_valid(deadline, candidate):
        return None
    return candidate


def next_dates(*, on: date, limit: int = 5, within_days: int = 365) -> list[NextDate]:
    """Return the coming dates of published offers, earliest first. One query."""
    rows = Deadline.objects.filter(offer__in=Offer.objects.published(on=on)).select_related("offer")
    horizon = on + timedelta(days=within_days)
    found = [
        NextDate(day, row.purpose, row.text, row.consequence, row.offer.slug, row.offer.title, row.offer.is_example)
        for row in rows
        if (day := next_occurrence(row, on=on)) and day <= horizon
    ]
    return sorted(found, key=lambda item: (item.on, item.offer_title))[:limit]


def _yearly(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _is_valid(deadline: Deadline, day: date) -> bool:
    return (deadline.valid_from is None or deadline.valid_from <= day) and (
        deadline.valid_to is None or day <= deadline.valid_to
    )
