"""Filters of the change lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Change

SOON = timedelta(days=30)


class OpenChangeFilter(admin.SimpleListFilter):
    """Items by where their open change stands."""

    title = _("offenen Änderungen")
    parameter_name = "aenderung"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("offen", _("alle offenen")), *((state.value, state.label) for state in Change.OPEN)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the items with such a change."""
        states = Change.OPEN if self.value() == "offen" else [state for state in Change.OPEN if state == self.value()]
        if not states:
            return queryset
        kind = ContentType.objects.get_for_model(queryset.model)
        found = Change.objects.filter(content_type=kind, state__in=states)
        return queryset.filter(pk__in=found.values("object_id"))


class ReviewDueFilter(admin.SimpleListFilter):
    """Records whose review interval has passed, will pass soon, or that nobody ever checked."""

    title = _("Prüfung fällig")
    parameter_name = "pruefung"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [
            ("faellig", _("jetzt fällig")),
            ("nie", _("noch nie geprüft")),
            ("bald", _("in den nächsten 30 Tagen")),
            ("geprueft", _("noch nicht fällig")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the chosen rows; "due" is said once, by the model's own query."""
        today = timezone.localdate()
        choices: dict[str, Callable[[], QuerySet]] = {
            "faellig": lambda: queryset.review_due(on=today),  # type: ignore[attr-defined]
            "nie": lambda: queryset.filter(checked_on__isnull=True),
            "bald": lambda: queryset.filter(review_due_on__gt=today, review_due_on__lte=today + SOON),
            "geprueft": lambda: queryset.filter(review_due_on__gt=today),
        }
        return choices.get(self.value() or "", lambda: queryset)()
