"""A poster for a classroom: one address and its QR code that open the form with receiver and topic. Counts nothing."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from counseling.desks import reading_agencies
from counseling.models import HARMLESS_TOPICS, Topic
from counseling.qr import qr_drawing
from directory.models import Agency


class PosterForm(forms.Form):
    """Who shall read, and what about. Only what may stand in an address."""

    stelle = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Wer soll die Fragen lesen?"),
        to_field_name="slug",
        required=False,
        empty_label=_("bitte wählen"),
        error_messages={"invalid_choice": _("Hier liest gerade niemand Anfragen.")},
    )
    thema = forms.ChoiceField(
        label=_("Worum soll es gehen?"),
        required=False,
        choices=[("", _("offen")), *((topic.value, topic.label) for topic in Topic if topic in HARMLESS_TOPICS)],
        error_messages={"invalid_choice": _("Dieses Thema gibt es hier nicht.")},
    )


@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """Show the poster for what was chosen."""
    at = timezone.localtime()
    form = PosterForm(request.GET)
    agencies = Agency.objects.published(on=at.date()).filter(pk__in=reading_agencies(at=at)).order_by("name")
    form.fields["stelle"].queryset = agencies  # type: ignore[attr-defined]
    agency = form.cleaned_data.get("stelle") if form.is_valid() else None
    address = ""
    if agency is not None:
        chosen = {"stelle": agency.slug, "thema": form.cleaned_data["thema"]}
        query = urlencode({name: value for name, value in chosen.items() if value})
        address = f"{settings.BASE_URL}{reverse('counseling:enquiry')}?{query}"
    context = {"form": form, "agency": agency, "address": address, "qr": qr_drawing(address) if address else None}
    response = render(request, "counseling/poster.html", context)
    response["Cache-Control"] = "no-store"  # tomorrow nobody may read there
    return response
