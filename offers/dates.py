"""Dates that come next: deadlines, starts and events of offers."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from offers.models import Deadline, Offer

Day = date  # inside of a class that has a ``date`` of its own
SOON_DAYS = 60
# The columns ``next_occurrence`` needs.
DAY_FIELDS = ("kind", "date", "month", "day", "valid_from", "valid_to")


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


class Recurring(Protocol):
    """What a deadline says of its day: a row of ``Deadline``, or one that was read with these columns only."""

    @property
    def kind(self) -> str:
        """One of ``Deadline.Kind``."""

    @property
    def date(self) -> Day | None:
        """The day of a fixed one."""

    @property
    def month(self) -> int | None:
        """Month of a yearly one, 1..12."""

    @property
    def day(self) -> int | None:
        """Day of a yearly one, 1..31."""

    @property
    def valid_from(self) -> Day | None:
        """First day it holds."""

    @property
    def valid_to(self) -> Day | None:
        """Last day it holds."""


def next_occurrence(deadline: Recurring, *, on: date) -> date | None:
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
    # Without models: of thousands of rows five are shown.
    rows = Deadline.objects.filter(offer__in=Offer.objects.published(on=on)).values_list(
        *DAY_FIELDS, "purpose", "text", "consequence", "offer__slug", "offer__title", "offer__is_example", named=True
    )
    horizon = on + timedelta(days=within_days)
    found = [
        NextDate(day, row.purpose, row.text, row.consequence, row.offer__slug, row.offer__title, row.offer__is_example)
        for row in rows
        if (day := next_occurrence(row, on=on)) and day <= horizon
    ]
    return sorted(found, key=lambda item: (item.on, item.offer_title))[:limit]


def _yearly(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _is_valid(deadline: Recurring, day: date) -> bool:
    return (deadline.valid_from is None or deadline.valid_from <= day) and (
        deadline.valid_to is None or day <= deadline.valid_to
    )
