"""Texts of the site itself: pages and glossary."""

from datetime import datetime
from inspect import unwrap
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from directory.admin.base import ContentAdmin, WorkflowAdmin
from directory.admin.filters import OpenChangeFilter
from directory.admin.forms import SlugForm
from directory.admin.scope import EVERYBODYS
from directory.admin.usage import UsageAdmin
from directory.models import GlossaryTerm, Page


class PageForm(forms.ModelForm):
    """A page needs an address that the site answers."""

    def clean_slug(self) -> str:
        """Refuse a short name for which there is no address."""
        slug: str = self.cleaned_data["slug"]
        try:
            resolve(f"/{slug}/")
        except Resolver404:
            raise ValidationError(_("Unter dieser Adresse zeigt das Portal keine Seite.")) from None
        return slug


@admin.register(Page)
class PageAdmin(WorkflowAdmin):
    """Impressum, Datenschutz und die anderen Seiten, die es geben muss."""

    agency_path = EVERYBODYS
    form = PageForm
    actions = ("mark_checked_today",)
    list_display = ("title", "open_change", "slug", "checked_on", "staff_edited_at")
    list_filter = (OpenChangeFilter, "checked_on")
    search_fields = ("title", "slug", "body")
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        (_("Adresse und Prüfung"), {"fields": ("slug", "checked_on", "staff_edited_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Lock the address of an existing page: law pages must stay where they are."""
        return ("slug", "staff_edited_at") if obj else ("staff_edited_at",)

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """Never: the law asks for these pages."""
        return False

    def render_preview(self, request: HttpRequest, obj: Any, at: datetime) -> HttpResponse:
        """Show the page at its public address; nothing around the view may keep what it returns."""
        try:
            found = resolve(f"/{obj.slug}/")
        except Resolver404:
            raise Http404 from None
        response: HttpResponse = unwrap(found.func)(request, *found.args, **found.kwargs)
        return response


class GlossaryTermForm(SlugForm):
    """Makes the address from the word."""

    slug_source = "term"


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(UsageAdmin, ContentAdmin):
    """Wörter der Ämter."""

    agency_path = EVERYBODYS
    form = GlossaryTermForm
    list_display = ("term", "former_name", "audience", "staff_edited_at")
    list_filter = ("audience",)
    search_fields = ("term", "also", "former_name", "explanation")
    readonly_fields = ("staff_edited_at",)
    fieldsets = (
        (None, {"fields": ("term", "explanation", "audience")}),
        (_("Andere Namen"), {"fields": ("also", "former_name")}),
        (_("Adresse"), {"fields": ("slug", "staff_edited_at")}),
    )
