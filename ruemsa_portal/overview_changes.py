"""What changed this month, counted from the audit log: no person, no enquiry, only kinds of rows and deeds."""

from datetime import date, datetime, time

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import AuditEntry
from directory.audit_words import OWN_AGENCY_ONLY, deed_words, kind_words


def _this_month(on: date) -> QuerySet[AuditEntry]:
    start = timezone.make_aware(datetime.combine(on.replace(day=1), time()))
    end = timezone.make_aware(datetime.combine(on, time.max))
    rows = AuditEntry.objects.order_by().filter(at__gte=start, at__lte=end)
    for prefix in OWN_AGENCY_ONLY:
        rows = rows.exclude(subject__startswith=prefix)
    return rows


def changes_by_kind(on: date) -> list[tuple[str, str, int]]:
    """Return (kind of row, deed, how often), most often first. One query: an action is about one kind only."""
    counted = _this_month(on).values("action").annotate(number=Count("pk"), sample=Min("subject"))
    totals: dict[tuple[str, str], int] = {}
    for action, number, sample in counted.values_list("action", "number", "sample"):
        key = (kind_words(sample.partition(":")[0]), deed_words(action))
        totals[key] = totals.get(key, 0) + number
    return sorted(((*key, number) for key, number in totals.items()), key=lambda line: (-line[2], line[0], line[1]))


def changes_by_day(on: date) -> dict[date, int]:
    """Return the days of this month with the number of deeds, in Berlin time. One query."""
    counted = _this_month(on).annotate(day=TruncDate("at")).values("day").annotate(number=Count("pk"))
    return dict(counted.values_list("day", "number"))
