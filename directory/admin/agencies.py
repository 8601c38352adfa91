"""Agencies: who exists."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.admin.base import PublishableAdmin
from directory.admin.forms import SlugForm
from directory.models import Agency
from directory.views.agencies import render_agency


@admin.register(Agency)
class AgencyAdmin(PublishableAdmin):
    """Stellen."""

    agency_path = "pk"
    form = SlugForm
    list_display = ("name", *PublishableAdmin.review_columns, "short_name", "kind", "legal_area")
    list_filter = (*PublishableAdmin.review_filters, "legal_area", "kind", "stelle", "is_gap")
    search_fields = ("name", "short_name", "slug", "what_we_do")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kind", "parent")}),
        (_("Was junge Menschen lesen"), {"fields": ("what_we_do", "website", "stelle")}),
        (_("Recht und Lücken"), {"fields": ("legal_area", "is_gap")}),
        PublishableAdmin.review_fieldset,
    )

    def render_preview(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Show the public page of the agency."""
        return render_agency(request, obj, at=timezone.localtime(), preview=True)
