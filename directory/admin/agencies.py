"""Agencies: who exists."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from directory.admin.base import PublishableAdmin
from directory.admin.forms import SlugForm
from directory.models import Agency


class AgencyAdmin(PublishableAdmin):
    """Stellen."""

    form = SlugForm
    list_display = ("name", "short_name", "kind", "legal_area", *PublishableAdmin.review_columns)
    list_filter = (*PublishableAdmin.review_filters, "legal_area", "kind", "stelle", "is_gap")
    search_fields = ("name", "short_name", "slug", "what_we_do")
    autocomplete_fields = ("parent",)
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kind", "parent")}),
        (_("Was junge Menschen lesen"), {"fields": ("what_we_do", "website", "stelle")}),
        (_("Recht und Lücken"), {"fields": ("legal_area", "is_gap")}),
        PublishableAdmin.review_fieldset,
    )


admin.site.register(Agency, AgencyAdmin)
