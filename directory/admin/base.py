"""What every page for public content has in common."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory import actions
from directory.admin.filters import ReviewDueFilter
from directory.admin.scope import ScopedAdmin, ScopedRows
from directory.contact import is_public
from directory.index.writing import affected, merged, refresh
from directory.models import Publishable


class Rows(ScopedRows):
    """Rows inside a page: a table on a wide screen, cards on a phone."""

    template = "admin/edit_inline/labelled_tabular.html"
    can_add_related = False
    extra = 1


class ContentAdmin(ScopedAdmin):
    """Keeps staff edits, the search index, the version of public content and the rows in one transaction.

    Django already wraps add, change and delete pages and edits in the list in a transaction.
    """

    change_form_template = "admin/content/change_form.html"

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Note that a person edited the row, so that the loader leaves it alone."""
        if hasattr(obj, "staff_edited_at"):
            obj.staff_edited_at = timezone.now()
        # Where the row hangs now; it may be about to move somewhere else.
        form.indexed_before = affected([obj])  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Save what hangs on the row, index all that carries its words, then say that public content changed."""
        super().save_related(request, form, formsets, change)
        refresh(merged(form.indexed_before, affected([form.instance])))  # type: ignore[attr-defined]
        self._raise_content_version(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row, take its words out of the index and say so."""
        before = affected([obj])
        super().delete_model(request, obj)
        refresh(before)
        self._raise_content_version(request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the chosen rows, take their words out of the index and say so."""
        before = affected(list(queryset))
        super().delete_queryset(request, queryset)
        refresh(before)
        self._raise_content_version(request)

    def _raise_content_version(self, request: HttpRequest) -> None:
        """Raise it once a request, also when several rows are edited in the list."""
        if not getattr(request, "content_version_raised", False):
            actions.raise_content_version()
            request.content_version_raised = True  # type: ignore[attr-defined]

    def construct_change_message(self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False) -> Any:
        """Describe the change without what may be a person's name, number or absence."""
        entries: Any = super().construct_change_message(request, form, formsets, add)
        for entry in entries:
            for detail in entry.values():
                if "object" in detail:
                    detail["object"] = gettext("ein Eintrag")
        return entries

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Return the public address, or None while nobody can see the row."""
        if obj is None or not hasattr(obj, "get_absolute_url") or not self.is_public(obj):
            return None
        return str(obj.get_absolute_url())

    def is_public(self, obj: Any) -> bool:
        """Whether visitors see the row now; rows without a status always are."""
        return True

    @admin.action(description=_("Als heute geprüft markieren"), permissions=["change"])
    def mark_checked_today(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Set the day of the last check to today."""
        rows = list(queryset)
        with transaction.atomic():
            number = actions.mark_checked(rows, on=timezone.localdate(), at=timezone.now())
            self.log_rows(request, rows, gettext("geprüft am"))
        text = ngettext("%(n)d Eintrag als geprüft markiert.", "%(n)d Einträge als geprüft markiert.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)

    def log_rows(self, request: HttpRequest, rows: Sequence[Any], field: str) -> None:
        """Note in the history of each row which field an action changed."""
        LogEntry.objects.log_actions(
            user_id=cast("int", request.user.pk),
            queryset=rows,
            action_flag=CHANGE,
            change_message=[{"changed": {"fields": [field]}}],
        )


class PublishableAdmin(ContentAdmin):
    """Rows with a public page, a status, a source and a date of the last check."""

    actions = ("mark_checked_today", "publish", "take_back")
    review_columns = ("status", "next_review", "is_example", "verified", "checked_on")
    review_filters = ("status", ReviewDueFilter, "is_example", "verified")
    review_fieldset: Any = (
        _("Öffentlichkeit und Prüfung"),
        {
            "fields": (
                "status",
                ("published_from", "published_until"),
                "is_example",
                "verified",
                "checked_on",
                "review_interval_months",
                "source",
                "source_date",
                "slug",
                "updated_at",
            )
        },
    )
    readonly_fields = ("updated_at",)
    hides_unverified = False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever enters a row has just looked at it."""
        return {"checked_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def get_urls(self) -> list[URLPattern]:
        """Add the preview before Django's catch-all."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/vorschau/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the public page to staff before it is public."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return self.render_preview(request, obj)

    def render_preview(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Return the public page of a row that may be a draft; each model says how."""
        raise NotImplementedError

    def preview_url(self, obj: Any) -> str:
        """Address of the preview."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
        return reverse(name, args=[quote(obj.pk)])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Give the page the address of the preview."""
        obj = context.get("original")
        context["preview_url"] = self.preview_url(obj) if obj else None
        return super().render_change_form(request, context, *args, **kwargs)

    def is_public(self, obj: Publishable) -> bool:
        """Ask the one rule that says what is public today."""
        return is_public(obj, on=timezone.localdate())

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Say after saving where the row can be seen."""
        response = super().response_add(request, obj, post_url_continue)
        self._say_where(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say after saving where the row can be seen."""
        response = super().response_change(request, obj)
        self._say_where(request, obj)
        return response

    def _say_where(self, request: HttpRequest, obj: Any) -> None:
        if "_popup" in request.POST:
            return
        if url := self.get_view_on_site_url(obj):
            before, words, after = _("Das sehen jetzt alle:"), _("Auf der Website ansehen"), ""
            if self.hides_unverified and not obj.verified:
                after = gettext("Adresse, Telefon und Zeiten fehlen dort: „belegt“ ist nicht angekreuzt.")
        else:
            url = self.preview_url(obj)
            before, words, after = _("Noch nicht öffentlich:"), _("Vorschau ansehen"), ""
        text = format_html('{} <a href="{}">{}</a> {}', before, url, words, after)
        self.message_user(request, text, messages.INFO)

    @admin.display(description=_("nächste Prüfung"), ordering="review_due_on")
    def next_review(self, obj: Publishable) -> str:
        """Say by when a person must look again; a passed day is named in words, not by colour."""
        if obj.review_due_on is None:
            return gettext("fällig")
        day = date_format(obj.review_due_on, "SHORT_DATE_FORMAT")
        return gettext("fällig seit %s") % day if obj.review_due_on <= timezone.localdate() else day

    @admin.action(description=_("Veröffentlichen"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Publish the chosen rows and warn about those that stay hidden."""
        rows = list(queryset)
        with transaction.atomic():
            number = actions.publish(rows, at=timezone.now())
            self.log_rows(request, rows, gettext("Status"))
        text = ngettext("%(n)d Eintrag veröffentlicht.", "%(n)d Einträge veröffentlicht.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)
        public = self.model._default_manager.published(on=timezone.localdate())
        if hidden := number - public.filter(pk__in=[row.pk for row in rows]).count():
            text = ngettext(
                "%(n)d Eintrag bleibt unsichtbar: wegen „öffentlich ab“, „öffentlich bis“ oder „Beispieldaten“.",
                "%(n)d Einträge bleiben unsichtbar: wegen „öffentlich ab“, „öffentlich bis“ oder „Beispieldaten“.",
                hidden,
            )
            self.message_user(request, text % {"n": hidden}, messages.WARNING)

    @admin.action(description=_("Zurück in den Entwurf"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Hide the chosen rows from visitors."""
        rows = list(queryset)
        with transaction.atomic():
            number = actions.take_back(rows, at=timezone.now())
            self.log_rows(request, rows, gettext("Status"))
        text = ngettext("%(n)d Eintrag ist wieder ein Entwurf.", "%(n)d Einträge sind wieder Entwürfe.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)
