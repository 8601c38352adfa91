"""Contact points with hours, phones, persons and the agencies that share the door."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from directory.admin.base import ContentAdmin, PublishableAdmin, Rows
from directory.admin.forms import PersonFormSet, PhoneField, SharedChoicesFormSet, SlugForm
from directory.admin.usage import UsageAdmin
from directory.contact import contact_points_with_details
from directory.editorial import changes
from directory.editorial.shapes import shape_of
from directory.editorial.snapshot import take
from directory.models import (
    Absence,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    OnPublicHoliday,
    Phone,
    Schedule,
    ScheduleException,
    Weekday,
)
from directory.views.contact_points import render_contact_point

PHONE_HELP = _("So schreiben, wie man sie wählt: 03904 7240-14. Die Ländervorwahl kommt von selbst dazu.")
# A new contact point starts with a row for every working day: only the times are missing.
WORKING_DAYS = [{"weekday": day} for day in Weekday.values[:5]]


class PhoneForm(forms.ModelForm):
    """A phone number in any usual spelling."""

    number = PhoneField(label=_("Nummer"), max_length=40, help_text=PHONE_HELP)


class PersonForm(forms.ModelForm):
    """A person with a phone number in any usual spelling, and a substitute at the same place."""

    phone = PhoneField(label=_("Telefon"), max_length=40, required=False, help_text=PHONE_HELP)

    def clean(self) -> dict[str, Any]:
        """Refuse a substitute who sits somewhere else."""
        data = super().clean() or self.cleaned_data
        substitute, place = data.get("substitute"), data.get("contact_point") or self.instance.contact_point_id
        if substitute and place and substitute.contact_point_id != getattr(place, "pk", place):
            self.add_error("substitute", _("Die Vertretung gehört zu einer anderen Anlaufstelle."))
        if self.instance.pk and "contact_point" in self.changed_data and place and changes.waits(place):
            self.add_error("contact_point", _("Diese Anlaufstelle ist öffentlich. Tragen Sie die Person dort neu ein."))
        return data


class ScheduleForm(forms.ModelForm):
    """A slot of a week; what is rarely needed lies behind "Mehr"."""

    def has_more(self) -> bool:
        """Whether something behind "Mehr" is filled in, so that it must be visible."""
        row = self.instance
        return bool(row.valid_from or row.valid_to or row.person_id or row.on_public_holiday != OnPublicHoliday.CLOSED)


class ExceptionForm(forms.ModelForm):
    """A dated exception; the person lies behind "Mehr"."""

    def has_more(self) -> bool:
        """Whether the exception is for one person only."""
        return bool(self.instance.person_id)


class HoursFormSet(PersonFormSet):
    """Persons of this contact point, read once."""

    shared_fields = ("person",)


class SubstituteFormSet(PersonFormSet):
    """Substitutes of this contact point, read once."""

    shared_fields = ("substitute",)


class ShareFormSet(SharedChoicesFormSet):
    """Agencies, read once."""

    shared_fields = ("agency",)


class ScheduleInline(Rows):
    """Weekly hours."""

    model = Schedule
    agency_path = "contact_point__owner"
    form = ScheduleForm
    formset = HoursFormSet
    extra = 2
    fieldsets = (
        (None, {"fields": ("weekday", "opens_at", "closes_at", "kind", "by_appointment", "term_time", "note")}),
        (_("Mehr: Feiertag, Zeitraum, Person"), {"fields": ("on_public_holiday", "valid_from", "valid_to", "person")}),
    )

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer a row for each working day of a new contact point."""
        return self.extra if obj else len(WORKING_DAYS)


class ExceptionInline(Rows):
    """Dated exceptions."""

    model = ScheduleException
    agency_path = "contact_point__owner"
    form = ExceptionForm
    formset = HoursFormSet
    fieldsets = (
        (None, {"fields": ("kind", "starts_on", "ends_on", "opens_at", "closes_at", "reason")}),
        (_("Mehr: nur eine Person"), {"fields": ("person",)}),
    )


class PhoneInline(Rows):
    """Phone numbers."""

    model = Phone
    agency_path = "contact_point__owner"
    form = PhoneForm
    fields = ("number", "purpose", "position")


class PersonInline(Rows):
    """Contact persons; their absences have a page of their own."""

    model = ContactPerson
    agency_path = "contact_point__owner"
    form = PersonForm
    formset = SubstituteFormSet
    show_change_link = True
    fields = ("name", "topic", "phone", "email", "substitute", "position")


class ShareInline(Rows):
    """Other agencies at the same door."""

    model = ContactPointAgency
    agency_path = "contact_point__owner"
    formset = ShareFormSet
    fields = ("agency", "role")


@admin.register(ContactPoint)
class ContactPointAdmin(UsageAdmin, PublishableAdmin):
    """Anlaufstellen."""

    agency_path = "owner"
    form = SlugForm
    list_display = ("name", *PublishableAdmin.review_columns, "municipality", "legal_area", "owner")
    list_filter = (*PublishableAdmin.review_filters, "owner__legal_area", "owner__stelle", "municipality")
    list_select_related = ("municipality", "owner")
    search_fields = ("name", "slug", "summary", "street", "town", "postal_code", "owner__name", "owner__short_name")
    checkbox_fields = ("languages", "service_area")
    hides_unverified = True
    inlines = (PhoneInline, ScheduleInline, ExceptionInline, PersonInline, ShareInline)
    fieldsets = (
        (_("Name und wer verantwortlich ist"), {"fields": ("name", "owner", "summary")}),
        (
            _("Adresse und Weg"),
            {
                "fields": (
                    "street",
                    ("postal_code", "town"),
                    "municipality",
                    "address_state",
                    "directions",
                    ("latitude", "longitude"),
                )
            },
        ),
        (
            _("Erreichbar über"),
            {
                "fields": (
                    ("has_in_person", "has_phone", "has_video", "has_written"),
                    "email",
                    "website",
                    ("phone_state", "hours_state"),
                ),
                "description": _("Telefonnummern und Zeiten stehen weiter unten in eigenen Listen."),
            },
        ),
        (
            _("Barrierefreiheit und Sprachen"),
            {
                "fields": (
                    ("step_free", "lift", "accessible_toilet"),
                    ("accessible_parking", "hearing_loop"),
                    "languages",
                ),
                "description": _("„Nicht bekannt“ erscheint als „Angabe fehlt“ und nie als „nein“."),
            },
        ),
        (_("Zuständig für"), {"fields": ("serves_whole_county", "service_area")}),
        PublishableAdmin.review_fieldset,
    )

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Fill in the weekdays of a new contact point; an untouched row is not saved."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, ScheduleInline) and obj.pk is None:
            kwargs["initial"] = WORKING_DAYS
        return kwargs

    def render_preview(self, request: HttpRequest, obj: Any, at: datetime) -> HttpResponse:
        """Show the public page of the contact point."""
        point = contact_points_with_details().get(pk=obj.pk)
        return render_contact_point(request, point, at=at, preview=self.page_url("review", obj))

    @admin.display(description=_("Rechtskreis"), ordering="owner__legal_area")
    def legal_area(self, obj: ContactPoint) -> str:
        """Legal area of the agency that maintains the contact point."""
        return obj.owner.get_legal_area_display()


class AbsenceInline(Rows):
    """When the substitute's hours count."""

    model = Absence
    agency_path = "person__contact_point__owner"
    fields = ("starts_on", "ends_on")


@admin.register(ContactPerson)
class ContactPersonAdmin(UsageAdmin, ContentAdmin):
    """Ansprechpersonen mit Vertretung und Abwesenheit. The history keeps no name: it outlives the row."""

    agency_path = "contact_point__owner"
    form = PersonForm
    list_display = ("name", "topic", "contact_point", "substitute")
    list_filter = ("contact_point",)
    list_select_related = ("contact_point", "substitute")
    search_fields = ("name", "topic", "contact_point__name")
    inlines = (AbsenceInline,)
    fieldsets = (
        (None, {"fields": ("name", "topic", "contact_point")}),
        (_("Erreichbar über"), {"fields": ("phone", "email")}),
        (_("Vertretung"), {"fields": ("substitute", "position")}),
    )

    def item_of(self, obj: Any) -> Any:
        """A person is part of a contact point: what is public of it waits for its release."""
        return obj.contact_point

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody moves away from a public place unnoticed: a person leaves here and is entered there."""
        found = super().get_readonly_fields(request, obj)
        return (*found, "contact_point") if obj and changes.waits(obj.contact_point) else found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Propose a new person where the contact point is public."""
        if object_id is not None or request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            with transaction.atomic():
                response = super().changeform_view(request, object_id, form_url, extra_context)
                point = getattr(request, "_new_person_at", None)
                if point is None or not changes.waits(point):
                    return response
                transaction.set_rollback(True)
            return self.propose_part(request, point, request._with_new_person)  # type: ignore[attr-defined]

    def after_saving(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Take down a contact point with a new person."""
        point = form.instance.contact_point
        request._new_person_at = point  # type: ignore[attr-defined]
        request._with_new_person = take(shape_of(ContactPoint), point.pk)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the person here and in what waits for its release: that a name goes does not wait."""
        changes.forget_rows(ContactPerson, [obj.pk], [obj.contact_point])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the chosen persons in the same way."""
        rows = list(queryset.select_related("contact_point"))
        changes.forget_rows(ContactPerson, [row.pk for row in rows], list({row.contact_point for row in rows}))
        super().delete_queryset(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Log without the name."""
        return self._without_name(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Log without the name."""
        return self._without_name(super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log without the names."""
        entries = super().log_deletions(request, queryset)
        return [self._without_name(entry) for entry in (entries if isinstance(entries, list) else [entries])]

    def _without_name(self, entry: LogEntry) -> LogEntry:
        entry.object_repr = f"{self.opts.verbose_name} {entry.object_id}"
        entry.save(update_fields=["object_repr"])
        return entry
