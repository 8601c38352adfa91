"""The gap report for the coordination: read only, and never a group of fewer than five."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from directory.models import Municipality
from offers.gaps import SHOWN_FROM, gap_report
from offers.models import SearchGap


class GapFilterForm(forms.Form):
    """GET form of the report."""

    gemeinde = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Gemeinde"), required=False, empty_label=_("alle")
    )
    woche = forms.TypedChoiceField(label=_("Woche ab"), required=False, coerce=date.fromisoformat, empty_value=None)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        weeks = SearchGap.objects.order_by("-week").values_list("week", flat=True).distinct()
        self.fields["gemeinde"].queryset = Municipality.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["woche"].choices = [("", _("alle")), *((str(week), date_format(week)) for week in weeks)]  # type: ignore[attr-defined]


@admin.register(SearchGap)
class SearchGapAdmin(admin.ModelAdmin):
    """Suchen mit wenig Treffern. A single row is never shown: it may be one person's search."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only searches add to it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SearchGap | None = None) -> bool:
        """Counts are not edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SearchGap | None = None) -> bool:
        """``manage.py purge`` deletes what is old."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The report and nothing else: the stock pages would show single rows."""
        report = self.admin_site.admin_view(self.report)
        return [path("", report, name="offers_searchgap_changelist")]

    def report(self, request: HttpRequest) -> HttpResponse:
        """What is looked for and hardly found, as groups."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = GapFilterForm(request.GET)
        form.is_valid()
        chosen = form.cleaned_data
        place = chosen.get("gemeinde")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": self.model._meta.verbose_name_plural,
            "form": form,
            "shown_from": SHOWN_FROM,
            "lines": gap_report(timezone.localdate(), ags=place.pk if place else "", week=chosen.get("woche")),
        }
        return TemplateResponse(request, "admin/offers/search_gaps.html", context)
