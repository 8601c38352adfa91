"""Confirmations: what is due, what will be hidden, and "Stimmt noch" for those who have an account."""

import io
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import record_rows
from accounts.models import User
from directory.actions import raise_content_version
from directory.admin.scope import ScopedAdmin
from directory.csv_cells import write_csv
from directory.freshness import state
from directory.freshness.again import TooSoonError, may_send_again, open_question, send_again
from directory.freshness.forecast import CSV_HEAD, forecast
from directory.freshness.subjects import subject_for
from directory.models import ConfirmationRequest, GroupCheck


class DueFilter(admin.SimpleListFilter):
    """Where a group stands."""

    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [
            ("faellig", _("fällig")),
            ("nie", _("noch nie bestätigt")),
            ("offen", _("Änderung wird geprüft")),
            ("verborgen", _("verborgen")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the chosen rows."""
        today = timezone.localdate()
        conditions = {
            "faellig": Q(answered_on=None) & (Q(due_on=None) | Q(due_on__lte=today)),
            "nie": Q(confirmed_on=None),
            "offen": Q(answered_on__isnull=False),
            "verborgen": Q(hidden_from__lte=today),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(GroupCheck)
class GroupCheckAdmin(ScopedAdmin):
    """Bestätigungen. The rows come and go with the records; only the interval is edited."""

    agency_path = "agency"
    actions = ("confirm_today",)
    list_display = ("entry", "group", "agency", "due_on", "confirmed_on", "confirmed_by", "hidden_from")
    list_filter = (DueFilter, "group", "is_public")
    list_display_links = None
    list_select_related = ("agency",)
    search_fields = ("title",)
    ordering = ("due_on", "title", "pk")
    fields = (
        "title", "group", "agency", "confirmed_on", "confirmed_by", "due_on", "asked_on", "answered_on", "hidden_from",
        "interval_months",
    )  # fmt: skip
    readonly_fields = fields[:-1]
    change_list_template = "admin/freshness/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come with the records."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: GroupCheck | None = None) -> bool:
        """Rows go with the records."""
        return False

    @admin.display(description=_("Eintrag"), ordering="title")
    def entry(self, obj: GroupCheck) -> str:
        """Lead to the page where the record is confirmed; the interval is one step further."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:directory_groupcheck_record", args=[obj.pk]), obj.title
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the forecast and the page of one record before Django's catch-all."""
        wrap, name = self.admin_site.admin_view, "directory_groupcheck_"
        return [
            path("vorschau/", wrap(self.forecast_view), name=f"{name}forecast"),
            path("vorschau.csv", wrap(self.forecast_csv), name=f"{name}forecast_csv"),
            path("<int:object_id>/eintrag/", wrap(self.record_view), name=f"{name}record"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the interval; everything derived from it follows."""
        super().save_model(request, obj, form, change)
        subject = subject_for(obj.record)
        if subject and state.refresh(subject.model._default_manager.filter(pk=obj.object_id), on=timezone.localdate()):
            raise_content_version()

    @admin.action(description=_("Stimmt noch: heute bestätigt"), permissions=["change"])
    def confirm_today(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Confirm the chosen groups as of today."""
        rows = list(queryset)
        self._confirm(request, rows)
        text = ngettext("%(n)d Angabe bestätigt.", "%(n)d Angaben bestätigt.", len(rows)) % {"n": len(rows)}
        self.message_user(request, text, messages.SUCCESS)

    @transaction.atomic
    def _confirm(self, request: HttpRequest, rows: list[GroupCheck]) -> None:
        on, at = timezone.localdate(), timezone.now()
        for (key, group), found in _grouped(rows).items():
            subject = subject_for(key)
            if subject:
                records = list(subject.model._default_manager.filter(pk__in=found))
                state.confirm(records, by=GroupCheck.By.STAFF, on=on, groups=[group])
        subjects = [(f"{row.record}:{row.object_id}", row.agency_id) for row in rows]
        user = cast("User", request.user)
        record_rows(actor=user, action="groupcheck.confirm", rows=subjects, at=at)
        raise_content_version()

    def record_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show all groups of the record a row belongs to; take which of them are still right."""
        first = self.get_queryset(request).filter(pk=object_id).first()
        subject = subject_for(first.record) if first else None
        item = subject.model._default_manager.filter(pk=first.object_id).first() if first and subject else None
        if first is None or subject is None or item is None:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = list(self.get_queryset(request).filter(record=first.record, object_id=first.object_id))
        question = open_question(first.record, first.object_id) if may_send_again(request.user) else None
        if request.method == "POST" and "_resend" in request.POST:
            self._send_again(request, question)
            return HttpResponseRedirect(request.path)
        if request.method == "POST":
            chosen = [row for row in rows if row.group in request.POST.getlist("group")]
            if chosen:
                self._confirm(request, chosen)
                self.message_user(request, gettext("Danke, das ist bestätigt."), messages.SUCCESS)
            else:
                self.message_user(request, gettext("Bitte kreuzen Sie an, was noch stimmt."), messages.WARNING)
            return HttpResponseRedirect(request.path)
        by_group = {row.group: row for row in rows}
        order = [group for group in subject.groups if group in by_group]
        cards = [(by_group[name], subject.groups[name], list(subject.groups[name].lines(item))) for name in order]
        edit_url = reverse(f"admin:{first.record.replace('.', '_')}_change", args=[first.object_id])
        context = {"cards": cards, "record": item, "edit_url": edit_url, "question": question}
        return self._page(request, "admin/freshness/record.html", gettext("Stimmt das noch?"), context)

    def _send_again(self, request: HttpRequest, question: ConfirmationRequest | None) -> None:
        """Have the owner asked once more; only who may and only now and then."""
        if not may_send_again(request.user):
            raise PermissionDenied
        if question is None:
            self.message_user(request, _("Hier ist keine Frage mehr offen."), messages.INFO)
            return
        try:
            send_again(question, by=cast("User", request.user), at=timezone.now())
        except TooSoonError:
            text = _("Diese Mail ging gerade erst hinaus. Höchstens einmal in der Stunde und dreimal am Tag.")
            self.message_user(request, text, messages.WARNING)
            return
        text = _("Ein neuer Link ist unterwegs. Ältere Links zu diesem Eintrag gelten nicht mehr.")
        self.message_user(request, text, messages.SUCCESS)

    def forecast_view(self, request: HttpRequest) -> HttpResponse:
        """What is hidden now, and what will be within 60 days."""
        on = timezone.localdate()
        items = self._forecast(request)
        context = {
            "hidden": [item for item in items if item.is_hidden(on=on)],
            "coming": [item for item in items if not item.is_hidden(on=on)],
        }
        return self._page(request, "admin/freshness/forecast.html", gettext("Was bald verborgen wird"), context)

    def forecast_csv(self, request: HttpRequest) -> HttpResponse:
        """Return the same as a file."""
        target = io.StringIO()
        write_csv(target, [[str(cell) for cell in CSV_HEAD], *(item.cells() for item in self._forecast(request))])
        response = HttpResponse("\ufeff" + target.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="vorschau.csv"'
        return response

    def _forecast(self, request: HttpRequest) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return forecast(self.get_queryset(request), on=timezone.localdate())

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, base | context)


def _grouped(rows: list[GroupCheck]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        found.setdefault((row.record, row.group), []).append(row.object_id)
    return found
