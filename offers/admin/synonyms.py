"""Words that mean the same, with a preview of what a group would find."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.admin.base import ContentAdmin
from directory.admin.editing import STARTED
from directory.admin.scope import EVERYBODYS
from directory.models import SynonymGroup
from offers.synonym_preview import preview

PREVIEW = "_preview"


class SynonymGroupForm(forms.ModelForm):
    """A group; characters that no text can hold are refused at the field."""

    def clean(self) -> dict[str, Any]:
        """Refuse what the database cannot store: halves of characters come from broken programs."""
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, str) and not _is_text(value):
                self.add_error(name, ValidationError(_("Ein Zeichen darin ist kaputt. Bitte neu eintippen.")))
        return data


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


@admin.register(SynonymGroup)
class SynonymGroupAdmin(ContentAdmin):
    """Gleiche Wörter."""

    agency_path = EVERYBODYS
    form = SynonymGroupForm
    change_form_template = "admin/offers/synonym_group.html"
    list_display = ("name", "short_words", "is_one_way", "is_active", "staff_edited_at")
    list_filter = ("is_active", "is_one_way")
    search_fields = ("name", "words", "means", "note")
    readonly_fields = ("staff_edited_at",)
    fieldsets = (
        (None, {"fields": ("name", "words")}),
        (_("Nur in eine Richtung"), {"fields": ("is_one_way", "means")}),
        (_("Für die Redaktion"), {"fields": ("is_active", "note", "staff_edited_at")}),
    )

    @admin.display(description=_("Wörter"))
    def short_words(self, obj: SynonymGroup) -> str:
        """The first few words."""
        said = obj.said()
        return ", ".join(said[:5]) + (" …" if len(said) > 5 else "")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page; with the button "Vorschau" nothing is saved and what was typed stays."""
        if request.method == "POST" and PREVIEW in request.POST:
            return self._preview_page(request, object_id, form_url)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview_page(self, request: HttpRequest, object_id: str | None, form_url: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and row is None:
            raise Http404
        allowed = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        fieldsets: Any = self.get_fieldsets(request, row)
        form_class = self.get_form(request, row, change=row is not None, fields=flatten_fieldsets(fieldsets))
        form = form_class(request.POST, instance=row)
        shown = preview(form.instance, on=timezone.localdate()) if form.is_valid() else None
        readonly = self.get_readonly_fields(request, row)
        page = AdminForm(form, list(fieldsets), {}, readonly, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Gruppe gleicher Wörter: Vorschau"),
            "subtitle": str(row) if row else None,
            "adminform": page,
            "object_id": object_id,
            "original": row,
            "is_popup": False,
            "to_field": None,
            "media": self.media + page.media,
            "inline_admin_formsets": [],
            "errors": form.errors,
            "preserved_filters": self.get_preserved_filters(request),
            "preview": shown,
            "started": request.POST.get(STARTED, ""),
        }
        return self.render_change_form(
            request, context, add=row is None, change=row is not None, obj=row, form_url=form_url
        )
