"""What is deleted when its time is over. One named rule for each kind of record; ``manage.py purge`` applies them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import KEPT, old_entries
from accounts.models import OneTimeLink, Throttle, ThrottleKey
from accounts.outbox import old_rows
from counseling import periods
from counseling.finder_gaps import old_finder_gaps
from counseling.models import Consent, DeskAbsence, SlotBlock
from directory.models import ConfirmationLink, ConfirmationRequest, Import
from directory.reports import finished, texts_to_empty
from offers.gaps import old_gaps


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """``rows`` returns what is to go on the given day; ``text_field`` is emptied where the row itself stays."""

    name: str
    text: Any
    rows: Callable[[date], QuerySet]
    text_field: str = ""


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


RULES: tuple[RetentionRule, ...] = (
    RetentionRule("search_gaps", _("Suchen mit wenig Treffern, älter als 12 Monate"), old_gaps),
    RetentionRule("finder_gaps", _("Lücken im Finder, älter als 12 Monate"), old_finder_gaps),
    # On the day itself, not the day after: the promise on the code page names this day.
    RetentionRule(
        "enquiries",
        _("Anfragen, 30 Tage nach dem Abschluss; jede nach 180 Tagen"),
        lambda on: periods.to_delete(_midnight(on + timedelta(days=1))),
    ),
    RetentionRule(
        "bookings",
        _("Termine, 14 Tage nach ihrem Tag"),
        lambda on: periods.bookings_to_delete(_midnight(on + timedelta(days=1))),
    ),
    RetentionRule(
        "consents",
        _("Nachweise von Einwilligungen, älter als 12 Monate"),
        lambda on: Consent.objects.filter(given_at__lt=_midnight(on) - relativedelta(months=12)),
    ),
    RetentionRule(
        "desk_absences",
        _("Vertretungen, 30 Tage nach dem Ende"),
        lambda on: DeskAbsence.objects.filter(ends_on__lt=on - timedelta(days=30)),
    ),
    RetentionRule(
        "slot_blocks",
        _("gesperrte Zeiten, 30 Tage nach ihrem Tag"),
        lambda on: SlotBlock.objects.filter(on__lt=on - timedelta(days=30)),
    ),
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
        "outbox",
        _("erledigte Mails im Ausgang, nach 7 Tagen; unzustellbare nach 14"),
        lambda on: old_rows(before=_midnight(on)),
    ),
    RetentionRule(
        "imports",
        _("hochgeladene Tabellen, nach 7 Tagen"),
        lambda on: Import.objects.filter(at__lt=_midnight(on - timedelta(days=7))),
    ),
    RetentionRule(
        "confirmation_links",
        _("Links zu Rückfragen, am Tag danach"),
        lambda on: ConfirmationLink.objects.filter(expires_at__lt=_midnight(on)),
    ),
    RetentionRule(
        "confirmation_requests",
        _("beantwortete Rückfragen, nach 12 Monaten"),
        lambda on: ConfirmationRequest.objects.filter(closed_on__lt=on - relativedelta(months=12)),
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
    RetentionRule(
        "report_texts",
        _("Texte von Hinweisen, 90 Tage nach der Antwort; jeder nach 180"),
        texts_to_empty,
        text_field="text",
    ),
    RetentionRule("reports", _("Hinweise, 90 Tage nach der Antwort; ohne Antwort nach 180"), finished),
    RetentionRule(
        "history",
        _("Verlauf der Einträge, älter als 12 Monate"),
        lambda on: LogEntry.objects.filter(action_time__lt=_midnight(on) - KEPT),
    ),
    RetentionRule("audit", _("Protokoll, älter als 12 Monate"), lambda on: old_entries(_midnight(on))),
)


def purge(rule: RetentionRule, *, on: date, dry_run: bool = False) -> int:
    """Delete what the rule names and return how many rows that were; a dry run only counts."""
    with transaction.atomic():
        rows = rule.rows(on)
        if dry_run:
            return rows.count()
        if rule.text_field:
            return rows.update(**{rule.text_field: ""})
        deleted, _by_model = rows.delete()
        return deleted
