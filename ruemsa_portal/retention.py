"""What is deleted when its time is over. One named rule for each kind of record; ``manage.py purge`` applies them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from offers.gaps import old_gaps


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """``rows`` returns what is to go on the given day."""

    name: str
    text: Any
    rows: Callable[[date], QuerySet]


RULES: tuple[RetentionRule, ...] = (
    RetentionRule("search_gaps", _("Suchen mit wenig Treffern, älter als 12 Monate"), old_gaps),
)


def purge(rule: RetentionRule, *, on: date, dry_run: bool = False) -> int:
    """Delete what the rule names and return how many rows that were; a dry run only counts."""
    with transaction.atomic():
        rows = rule.rows(on)
        if dry_run:
            return rows.count()
        deleted, _by_model = rows.delete()
        return deleted
