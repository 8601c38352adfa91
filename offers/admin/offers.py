"""Offers with roles, preconditions and deadlines."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.widgets import CheckboxGroup
from directory.admin.base import PublishableAdmin, Rows
from directory.admin.forms import SharedChoicesFormSet, SlugForm
from offers import views
from offers.models import Certificate, Deadline, Offer, OfferAgency, Precondition


class OfferForm(SlugForm):
    """An offer; certificates are ticked, not typed."""

    slug_source = "title"
    certificates = forms.MultipleChoiceField(
        label=_("Mit diesem Abschluss"),
        choices=Certificate.choices,
        required=False,
        widget=CheckboxGroup(legend=_("Mit diesem Abschluss")),
        help_text=_("Nichts angekreuzt heißt: nicht bekannt. Alle vier heißt: egal."),
    )

    class Meta:
        widgets = {"summary": forms.Textarea(attrs={"rows": 4, "maxlength": 280})}


class RoleFormSet(SharedChoicesFormSet):
    """Agencies, read once."""

    shared_fields = ("agency",)


class RoleInline(Rows):
    """Agencies and what they do for the offer."""

    model = OfferAgency
    agency_path = "offer__roles__agency"
    formset = RoleFormSet
    fields = ("agency", "role")


class PreconditionInline(Rows):
    """What one needs to get in."""

    model = Precondition
    agency_path = "offer__roles__agency"
    fields = ("text", "fact", "is_hard", "position")


class DeadlineForm(forms.ModelForm):
    """A date; how long it holds and where it is written lies behind "Mehr"."""

    def has_more(self) -> bool:
        """Whether something behind "Mehr" is filled in."""
        row = self.instance
        return bool(row.day or row.anchor or row.consequence or row.valid_from or row.valid_to or row.source_url)


class DeadlineInline(Rows):
    """Deadlines, starts and events."""

    model = Deadline
    agency_path = "offer__roles__agency"
    form = DeadlineForm
    fieldsets = (
        (None, {"fields": ("kind", "purpose", "text", "date")}),
        (
            _("Mehr: jedes Jahr, vor einem Ereignis, Folge, Quelle"),
            {
                "fields": (
                    "day",
                    "month",
                    "offset_days",
                    "anchor",
                    "consequence",
                    "source_url",
                    "valid_from",
                    "valid_to",
                )
            },
        ),
    )


@admin.register(Offer)
class OfferAdmin(PublishableAdmin):
    """Angebote."""

    agency_path = "roles__agency"
    form = OfferForm
    list_display = ("title", *PublishableAdmin.review_columns, "kind", "decides_without_sgb2", "decides_with_sgb2")
    list_filter = (
        *PublishableAdmin.review_filters,
        "legal_bases__legal_area",
        "kind",
        "decides_without_sgb2",
        "capacity",
        "reach",
    )
    search_fields = ("title", "slug", "summary", "for_whom", "description")
    # No type-ahead: Django's has no label for screen readers and does nothing without script.
    checkbox_fields = (
        "situations",
        "occupational_fields",
        "languages",
        "municipalities",
        "contact_points",
        "legal_bases",
    )
    inlines = (PreconditionInline, DeadlineInline, RoleInline)
    fieldsets = (
        (_("Was ist es?"), {"fields": ("title", "kind", "summary", "description", "asked_as")}),
        (
            _("Für wen?"),
            {
                "fields": (
                    "for_whom",
                    "age_state",
                    ("age_min", "age_max"),
                    "certificates",
                    "school_forms",
                    "situations",
                    "occupational_fields",
                )
            },
        ),
        (
            _("Wer entscheidet?"),
            {"fields": (("decides_without_sgb2", "decides_with_sgb2"), "decides_text", "legal_bases")},
        ),
        (
            _("So kommt man hinein"),
            {
                "fields": (
                    "steps",
                    "to_bring",
                    ("application", "acts_alone", "capacity"),
                    "answer_within_days",
                    "duration",
                )
            },
        ),
        (_("Geld"), {"fields": ("cost", "cost_text", "cost_amount", "gets_text")}),
        (
            _("Wo und bei wem?"),
            {
                "fields": (
                    "contact",
                    "contact_points",
                    "reach",
                    "municipalities",
                    "place_note",
                    "is_remote",
                    "languages",
                )
            },
        ),
        PublishableAdmin.review_fieldset,
    )

    def bring_back(self, request: HttpRequest, obj: Any, agency: int) -> None:
        """Whoever enters an offer takes part in it, and cannot leave it unnoticed."""
        OfferAgency.objects.create(offer=obj, agency_id=agency, role=OfferAgency.Role.PROVIDER)
        self.message_user(request, _("Ihre Stelle ist als „macht das Angebot“ eingetragen."), messages.INFO)

    def render_preview(self, request: HttpRequest, obj: Any, at: datetime) -> HttpResponse:
        """Show the public page of the offer."""
        return views.render_offer(request, obj, at=at, preview=self.page_url("review", obj))
