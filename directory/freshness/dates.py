"""When a group of fields is due, overdue and hidden. Plain functions of days; the days are Berlin days."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

LEAD_DAYS = 14
"""The owner is asked so long before the day, or has so long to answer when nobody ever confirmed."""
TOGETHER_DAYS = 45
"""Groups of one record that fall due within this time are asked for together."""
LINK_DAYS = 30
LAST_WARNING_DAYS = 7
FORECAST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Due:
    """``due_on`` None: never confirmed and nobody asked yet. ``hidden_from`` None: nothing is hidden."""

    due_on: date | None
    hidden_from: date | None


def due(*, confirmed_on: date | None, months: int, asked_on: date | None, is_answered: bool, grace_days: int) -> Due:
    """Return the days of one group.

    Nothing is hidden before somebody was asked and had the time to answer, and the grace time after
    that; nor while an answer waits for its release.
    """
    due_on = None
    if confirmed_on is not None:
        due_on = confirmed_on + relativedelta(months=months)
    elif asked_on is not None:
        due_on = asked_on + timedelta(days=LEAD_DAYS)
    if due_on is None or asked_on is None or is_answered:
        return Due(due_on, None)
    from_day = max(due_on, asked_on + timedelta(days=LEAD_DAYS))
    return Due(due_on, from_day + timedelta(days=grace_days + 1))


def is_time_to_ask(due_on: date | None, *, on: date) -> bool:
    """Whether the owner should be asked: never confirmed, or due soon."""
    return due_on is None or due_on <= on + timedelta(days=LEAD_DAYS)


def stale_from(due_days: list[date | None]) -> date | None:
    """Return the first day on which visitors are told that a check is overdue."""
    known = [day for day in due_days if day is not None]
    return min(known) + timedelta(days=1) if known else None


def stage_for(*, opened_on: date, hidden_from: date | None, on: date) -> str:
    """Return how far the question has come: each stage is one mail."""
    if hidden_from is not None and hidden_from <= on:
        return "hidden"
    if hidden_from is not None and hidden_from - timedelta(days=LAST_WARNING_DAYS) <= on:
        return "last"
    days = (on - opened_on).days
    return next((stage for after, stage in ((30, "again"), (14, "copy"), (7, "remind")) if days >= after), "ask")


STAGES = ("ask", "remind", "copy", "again", "last", "hidden")
TO_OWNER = frozenset({"ask", "remind", "again", "last", "hidden"})
TO_COORDINATION = frozenset({"copy", "again", "last", "hidden"})
