"""Visitors' reports: read, answer, hand over."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.admin.scope import ScopedAdmin
from directory.models import Agency, VisitorReport
from directory.reportable import find, row_of
from directory.reports import answer, hand_over

ELSEWHERE = "elsewhere"
OUTCOMES = [
    ("", "---------"),
    (VisitorReport.State.DONE, _("erledigt: die Angabe ist jetzt richtig")),
    (VisitorReport.State.FINE, _("stimmt doch: es bleibt, wie es ist")),
    (ELSEWHERE, _("an andere Stelle geben")),
]


class AnswerForm(forms.ModelForm):
    """What becomes of a report."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=OUTCOMES,
        error_messages={"required": _("Wählen Sie, was aus dem Hinweis wird.")},
    )
    other = forms.ModelChoiceField(
        label=_("Andere Stelle"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Koordinierungsstelle"),
        help_text=_("Nur bei „an andere Stelle geben“. Der Hinweis bleibt dort offen."),
    )

    class Meta:
        model = VisitorReport
        fields = ("note",)
        labels = {"note": _("Öffentliche Antwort")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "outcome" not in self.fields:  # only to be read
            return
        if self.instance.state != VisitorReport.State.OPEN:
            self.fields["outcome"].choices = OUTCOMES[1:3]  # type: ignore[attr-defined]
            self.initial["outcome"] = self.instance.state
            del self.fields["other"]
        else:
            others = Agency.objects.published(on=timezone.localdate()).exclude(pk=self.instance.agency_id)
            self.fields["other"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A report that goes on has no public answer yet, and goes to somebody else."""
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == ELSEWHERE:
            if data.get("note"):
                self.add_error("note", _("Eine Antwort schreibt die Stelle, die den Hinweis bekommt."))
            if data.get("other") is None and self.instance.agency_id is None:
                self.add_error(
                    "other", _("Der Hinweis liegt schon bei der Koordinierungsstelle. Wählen Sie eine andere.")
                )
        return data


@admin.register(VisitorReport)
class VisitorReportAdmin(ScopedAdmin):
    """Hinweise. Visitors write them, ``manage.py purge`` deletes them; staff answer."""

    agency_path = "agency"
    form = AnswerForm
    actions = None
    list_display = ("reason", "title", "kind", "agency", "state", "received")
    list_display_links = ("reason", "title")
    list_filter = ("state", "reason", "kind")
    list_select_related = ("agency",)
    ordering = ("-state", "created_at", "pk")
    readonly_fields = ("record", "reason", "said", "received", "agency", "closed_at")
    fieldsets = (
        (_("Was gemeldet wurde"), {"fields": ("record", "reason", "said", "received", "agency", "closed_at")}),
        (_("Was daraus wird"), {"fields": ("outcome", "other", "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the reports within reach; lists need no texts."""
        return super().get_queryset(request).select_related("agency")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A closed report is not handed over; its answer can be put right."""
        if obj is None or obj.state == VisitorReport.State.OPEN:
            return self.fieldsets
        return (self.fieldsets[0], (self.fieldsets[1][0], {"fields": ("outcome", "note")}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only visitors report."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VisitorReport | None = None) -> bool:
        """``manage.py purge`` deletes what is old."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Answer or hand over; both are in the audit log."""
        report = VisitorReport.objects.get(pk=obj.pk)
        by, at, outcome = cast("User", request.user), timezone.now(), form.cleaned_data["outcome"]
        if outcome == ELSEWHERE:
            hand_over(report=report, to=form.cleaned_data["other"], by=by, at=at)
        else:
            answer(report=report, state=outcome, note=form.cleaned_data["note"], by=by, at=at)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Nothing hangs on a report, and handing it over means that it leaves the reach."""

    def construct_change_message(self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False) -> Any:
        """Say it in words: the audit log has its entry from the deed itself."""
        handed = form.cleaned_data["outcome"] == ELSEWHERE
        return gettext("weitergegeben") if handed else gettext("beantwortet")

    @admin.display(description=_("Eintrag"))
    def record(self, obj: VisitorReport) -> str:
        """Name of the record, where the public sees it and where it is changed."""
        row: Any = row_of(obj.kind, obj.key)
        if row is None:
            found = find(obj.kind, obj.key, on=timezone.localdate())
            return format_html('<a href="{}">{}</a>', found.url, obj.title) if found else obj.title
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        public = row.get_absolute_url()
        words = gettext("Auf der Website ansehen"), gettext("Bearbeiten")
        return format_html(
            '{} – <a href="{}">{}</a> – <a href="{}">{}</a>',
            obj.title,
            public,
            words[0],
            reverse(name, args=[row.pk]),
            words[1],
        )

    @admin.display(description=_("Text"))
    def said(self, obj: VisitorReport) -> str:
        """What the visitor wrote, as text."""
        return obj.text or gettext("kein Text")

    @admin.display(description=_("gemeldet am"), ordering="created_at")
    def received(self, obj: VisitorReport) -> str:
        """The day is enough: the minute could tell who it was."""
        return date_format(timezone.localdate(obj.created_at), "SHORT_DATE_FORMAT")
