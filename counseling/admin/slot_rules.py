"""When an office has time: weekly rows, and days or hours that are closed by hand."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from counseling.actions.blocks import booked_within
from counseling.models import SlotBlock, SlotRule
from directory.actions import raise_content_version
from directory.admin.scope import ScopedAdmin
from directory.hours import clock_words
from directory.models import ContactPerson, ContactPoint, Role
from directory.opening import BERLIN
from directory.rights import Reach, reach_of


class TimesAdmin(ScopedAdmin):
    """Rows public pages are made from, so every change renews these pages."""

    agency_path = "agency"
    can_add_related = False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new row belongs to the own agency."""
        return {"agency": reach_of(request.user).agency, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save, and say that public pages changed."""
        super().save_model(request, obj, form, change)
        raise_content_version()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and say that public pages changed."""
        super().delete_model(request, obj)
        raise_content_version()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the chosen rows, and say that public pages changed."""
        super().delete_queryset(request, queryset)
        raise_content_version()


class SlotRuleAdmin(TimesAdmin):
    """Zeiten für Termine."""

    list_display = ("__str__", "contact_point", "person", "channel", "minutes", "places", "valid_from", "valid_to")
    list_filter = ("weekday", "channel", "contact_point")
    list_select_related = ("contact_point", "person", "agency")
    fieldsets = (
        (None, {"fields": ("agency", "contact_point", "person", "counsellor")}),
        (_("Wann"), {"fields": ("weekday", "starts_at", "ends_at", "minutes", "places", "term_time")}),
        (_("Wie und wozu"), {"fields": ("channel", "video_link", "topic")}),
        (_("Buchen"), {"fields": ("lead_hours", "horizon_weeks", "valid_from", "valid_to")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer doors, persons and accounts of the own agency only; the model checks that they fit together."""
        rows = _choices(db_field.name, reach_of(request.user))
        if rows is not None:
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save; two rows at the same time may be meant, so that is only said."""
        super().save_model(request, obj, form, change)
        others = [str(row) for row in SlotRule.objects.overlapping(obj)]
        if others:
            text = gettext("Gespeichert. Zur selben Zeit gibt es hier schon: %(rows)s. Ist das so gemeint?")
            messages.warning(request, text % {"rows": ", ".join(others)})


class SlotBlockForm(forms.ModelForm):
    """A time in which somebody comes cannot be closed."""

    class Meta:
        model = SlotBlock
        fields: ClassVar[list[str]] = ["agency", "rule", "on", "starts_at", "ends_at", "reason"]

    def clean(self) -> dict[str, Any]:
        """Look, and keep others from booking until the row is saved; the page does both in one transaction."""
        data = super().clean() or self.cleaned_data
        if not self.errors and data.get("agency") and data.get("on"):
            values = {name: data.get(name) for name in ("agency", "rule", "on", "starts_at", "ends_at")}
            moments = booked_within(SlotBlock(**values), at=timezone.now())
            if moments:
                times = ", ".join(clock_words(moment.astimezone(BERLIN)) for moment in moments)
                text = gettext("In dieser Zeit kommt schon jemand: %(times)s. Sagen Sie den Termin zuerst ab.")
                self.add_error(None, text % {"times": times})
        return data


class SlotBlockAdmin(TimesAdmin):
    """Gesperrte Zeiten."""

    form = SlotBlockForm
    fields = ("agency", "rule", "on", ("starts_at", "ends_at"), "reason")
    list_display = ("__str__", "rule", "reason", "agency")
    list_select_related = ("rule", "agency")
    date_hierarchy = None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows that still give appointments."""
        if db_field.name == "rule":
            reach = reach_of(request.user)
            kwargs["queryset"] = reach.own(_rules_from(timezone.localdate()), "agency")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _rules_from(day: date) -> QuerySet[SlotRule]:
    return SlotRule.objects.in_force(first=day, last=date.max).select_related("contact_point")


def _choices(name: str, reach: Reach) -> QuerySet | None:
    if reach.everything:
        return (
            User.objects.filter(membership__role=Role.COUNSELOR).order_by("username") if name == "counsellor" else None
        )
    doors = ContactPoint.objects.filter(
        Q(owner=reach.agency) | Q(pk__in=ContactPoint.objects.filter(shares__agency=reach.agency).values("pk"))
    )
    rows: dict[str, QuerySet] = {
        "contact_point": doors,
        "person": ContactPerson.objects.filter(contact_point__in=doors).select_related("contact_point"),
        "counsellor": User.objects.filter(
            membership__agency=reach.agency, membership__role=Role.COUNSELOR, is_active=True
        ).order_by("username"),
    }
    return rows.get(name)


admin.site.register(SlotRule, SlotRuleAdmin)
admin.site.register(SlotBlock, SlotBlockAdmin)
