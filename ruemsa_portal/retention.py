"""What is deleted when its time is over. One named rule for each kind of record; ``manage.py purge`` applies them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import OneTimeLink, Throttle, ThrottleKey
from offers.gaps import old_gaps


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """``rows`` returns what is to go on the given day."""

    name: str
    text: Any
    rows: Callable[[date], QuerySet]


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


RULES: tuple[RetentionRule, ...] = (
    RetentionRule("search_gaps", _("Suchen mit wenig Treffern, älter als 12 Monate"), old_gaps),
    RetentionRule(
        "sessions",
        _("abgelaufene Anmeldungen"),
        lambda on: Session.objects.filter(expire_date__lt=_midnight(on)),
    ),
    RetentionRule(
        "one_time_links",
        _("Links zum Passwort, am Tag danach"),
        lambda on: OneTimeLink.objects.filter(expires_at__lt=_midnight(on)),
    ),
    RetentionRule(
        "throttles",
        _("Fehlversuche beim Anmelden, am Tag danach"),
        lambda on: Throttle.objects.filter(last_at__lt=_midnight(on)),
    ),
    RetentionRule(
        "throttle_keys",
        _("Tagesschlüssel der Bremse, am Tag danach"),
        lambda on: ThrottleKey.objects.filter(day__lt=on),
    ),
)


def purge(rule: RetentionRule, *, on: date, dry_run: bool = False) -> int:
    """Delete what the rule names and return how many rows that were; a dry run only counts."""
    with transaction.atomic():
        rows = rule.rows(on)
        if dry_run:
            return rows.count()
        deleted, _by_model = rows.delete()
        return deleted
