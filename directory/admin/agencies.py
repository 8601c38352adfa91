"""Agencies: who exists."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from directory.admin.base import PublishableAdmin
from directory.admin.forms import SlugForm
from directory.admin.usage import UsageAdmin
from directory.models import Agency, Role
from directory.rights import role_of
from directory.views.agencies import render_agency


@admin.register(Agency)
class AgencyAdmin(UsageAdmin, PublishableAdmin):
    """Stellen."""

    agency_path = "pk"
    form = SlugForm
    list_display = ("name", *PublishableAdmin.review_columns, "short_name", "kind", "legal_area")
    list_filter = (*PublishableAdmin.review_filters, "legal_area", "kind", "stelle", "is_gap")
    search_fields = ("name", "short_name", "slug", "what_we_do")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kind", "parent", "office_email")}),
        (_("Was junge Menschen lesen"), {"fields": ("what_we_do", "website", "stelle")}),
        (_("Recht und Lücken"), {"fields": ("legal_area", "is_gap", "four_eyes")}),
        PublishableAdmin.review_fieldset,
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether four eyes are needed is said by those who may release."""
        found = super().get_readonly_fields(request, obj)
        may_say = cast("Any", request.user).is_superuser or role_of(request.user) in (Role.LEAD, Role.COORDINATOR)
        return found if may_say else (*found, "four_eyes")

    def render_preview(self, request: HttpRequest, obj: Any, at: datetime) -> HttpResponse:
        """Show the public page of the agency."""
        return render_agency(request, obj, at=at, preview=self.page_url("review", obj))
