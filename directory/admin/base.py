"""What every page for public content has in common."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory import actions
from directory.admin.editing import Edit, EditingAdmin, edit_of, is_on_trial
from directory.admin.exchange.actions import ExchangeActions
from directory.admin.filters import OpenChangeFilter, ReviewDueFilter
from directory.admin.looked_at import previewed_by
from directory.admin.reading import measured
from directory.admin.reviewing import ReviewPages
from directory.admin.scope import ScopedRows
from directory.checklist_view import overview
from directory.contact import is_public
from directory.editorial import changes, releasing
from directory.editorial.snapshot import Snapshot, apply, take
from directory.index.writing import affected, merged, refresh
from directory.models import Publishable, Status


class Rows(ScopedRows):
    """Rows inside a page: a table on a wide screen, cards on a phone."""

    template = "admin/edit_inline/labelled_tabular.html"
    can_add_related = False
    extra = 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Let texts that somebody will read say beside their field how hard they are."""
        formset = super().get_formset(request, obj, **kwargs)
        measured(formset.form, self.model, None)
        return formset


class ContentAdmin(EditingAdmin):
    """Keeps staff edits, the search index, the version of public content and the rows in one transaction.

    Django already wraps add, change and delete pages and edits in the list in a transaction.
    """

    change_form_template = "admin/content/change_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Let texts that somebody will read say beside their field how hard they are."""
        return measured(super().get_form(request, obj, change=change, **kwargs), self.model, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Give the page what the row still lacks before it is public."""
        obj = context.get("original")
        context["overview"] = overview(obj, on=timezone.localdate()) if obj else None
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Note that a person edited the row, so that the loader leaves it alone."""
        if hasattr(obj, "staff_edited_at"):
            obj.staff_edited_at = timezone.now()
        # Where the row hangs now; it may be about to move somewhere else.
        form.indexed_before = {} if is_on_trial(request) else affected([obj])  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Save what hangs on the row, index all that carries its words, then say that public content changed."""
        super().save_related(request, form, formsets, change)
        edit = edit_of(request)
        if edit is not None and edit.is_trial:
            edit.after = take(edit.shape, edit.item.pk)
            return
        refresh(merged(form.indexed_before, affected([form.instance])))  # type: ignore[attr-defined]
        self.after_saving(request, form)
        self._raise_content_version(request)

    def after_saving(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Do what follows once the row and its parts are saved; nothing by default."""

    def save_snapshot(self, request: HttpRequest, edit: Edit, after: Snapshot) -> None:
        """Save two edits brought together."""
        before = affected([edit.item])
        apply(edit.shape, edit.item, after, on_trial_only=False)
        if hasattr(edit.item, "staff_edited_at"):
            edit.item.staff_edited_at = timezone.now()
            edit.item.save()
        refresh(merged(before, affected([edit.item])))
        self._raise_content_version(request)
        self.log_change(request, edit.item, gettext("Zwei Änderungen zusammengeführt."))

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

    def log_rows(self, request: HttpRequest, deed: str, rows: Sequence[Any], field: str) -> None:
        """Note in the history of each row which field an action changed, and in the audit log what was done."""
        self.audit(request, deed, rows)
        self.log_history(request, rows, field)

    def log_history(self, request: HttpRequest, rows: Sequence[Any], field: str) -> None:
        """Note in the history of each row which field an action changed."""
        LogEntry.objects.log_actions(
            user_id=cast("int", request.user.pk),
            queryset=rows,
            action_flag=CHANGE,
            change_message=[{"changed": {"fields": [field]}}],
        )


class WorkflowAdmin(ReviewPages, ContentAdmin):
    """Rows whose public state changes by release only."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows within reach, each with where its open change stands."""
        return self.with_open_change(super().get_queryset(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row with its changes and former states."""
        releasing.forget(obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the chosen rows with their changes and former states."""
        for row in queryset:
            releasing.forget(row)
        super().delete_queryset(request, queryset)

    def render_preview(self, request: HttpRequest, obj: Any, at: datetime) -> HttpResponse:
        """Return the public page as it would be at that moment; each model says how."""
        raise NotImplementedError

    @admin.action(description=_("Als heute geprüft markieren"), permissions=["change"])
    def mark_checked_today(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Set the day of the last check; where four eyes are asked for, others confirm it first."""
        user: Any = request.user
        rows = list(queryset)
        asking = changes.asking_four_eyes(rows)
        waits = [row for row in rows if changes.is_public_state(row)]
        waits = [row for row in waits if not changes.may_release(user, row, four_eyes=row.pk in asking)]
        today = timezone.localdate()
        with transaction.atomic():
            for row in waits:
                self._propose_check(request, row, today)
            rest = [row for row in rows if row not in waits]
            number = actions.mark_checked(rest, on=today, at=timezone.now())
            self.log_rows(request, "check", rest, gettext("geprüft am"))
        text = ngettext("%(n)d Eintrag als geprüft markiert.", "%(n)d Einträge als geprüft markiert.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)
        self.say_waiting(request, len(waits))

    def _propose_check(self, request: HttpRequest, row: Any, day: date) -> None:
        user: Any = request.user
        change = changes.propose(
            row, edit=lambda item: setattr(item, "checked_on", day), by=user, origin="check", at=timezone.now()
        )
        if change is not None:
            changes.submit(change, by=user, at=timezone.now())
            self.log_change(request, row, gettext("Änderung vorgeschlagen."))

    def say_waiting(self, request: HttpRequest, number: int) -> None:
        """Say how many rows wait for somebody else."""
        if number:
            text = ngettext(
                "%(n)d Eintrag wartet auf die Freigabe durch eine andere Person.",
                "%(n)d Einträge warten auf die Freigabe durch eine andere Person.",
                number,
            )
            self.message_user(request, text % {"n": number}, messages.WARNING)


class PublishableAdmin(ExchangeActions, WorkflowAdmin):
    """Rows with a public page, a status, a source and a date of the last check."""

    actions = ("mark_checked_today", "publish", "take_back", "archive", *ExchangeActions.exchange_actions)
    review_columns = ("status", "open_change", "next_review", "example", "verified", "checked_on")
    review_filters = ("status", OpenChangeFilter, ReviewDueFilter, "is_example", "verified")
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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Lock the status of what is public: it changes by release, by taking back and by putting away."""
        found = super().get_readonly_fields(request, obj)
        return (*found, "status") if obj is not None and changes.is_public_state(obj) else found

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Hold back a status that asks for others; it is given once everything else is saved."""
        form.wanted_status = ""  # type: ignore[attr-defined]
        if "status" in form.cleaned_data and not is_on_trial(request):
            was = form.initial.get("status") if change else ""
            if obj.status != was and obj.status in (Status.PUBLISHED, Status.REVIEW):
                form.wanted_status, obj.status = obj.status, was or Status.DRAFT  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def after_saving(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Publish or hand in what was asked for; say why if it cannot be public yet."""
        self.settle(request, form.instance, form.wanted_status)  # type: ignore[attr-defined]

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
        if is_on_trial(request):
            return response
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

    @admin.display(description=_("Beispieldaten"), ordering="is_example", empty_value="")
    def example(self, obj: Publishable) -> str | None:
        """Name what is made up. A red cross for "no" would look like a fault in every good row."""
        return gettext("Beispiel") if obj.is_example else None

    @admin.display(description=_("nächste Prüfung"), ordering="review_due_on")
    def next_review(self, obj: Publishable) -> str:
        """Say by when a person must look again; a passed day is named in words, not by colour."""
        if obj.review_due_on is None:
            return gettext("fällig")
        day = date_format(obj.review_due_on, "SHORT_DATE_FORMAT")
        return gettext("fällig seit %s") % day if obj.review_due_on <= timezone.localdate() else day

    @admin.action(description=_("Veröffentlichen"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Publish the chosen rows that are not public; say of each that stays hidden why."""
        user: Any = request.user
        rows = [row for row in queryset if row.status != Status.PUBLISHED]
        today = timezone.localdate()
        with transaction.atomic():
            done, handed_in, refused = releasing.publish_all(
                rows, by=user, at=timezone.now(), on=today, previewed=previewed_by(request)
            )
            self.log_history(request, done, gettext("Status"))
        text = ngettext("%(n)d Eintrag veröffentlicht.", "%(n)d Einträge veröffentlicht.", len(done))
        self.message_user(request, text % {"n": len(done)}, messages.SUCCESS)
        self.say_waiting(request, len(handed_in))
        for row, error in refused:
            self.say_refused(request, row, error)
        public = self.model._default_manager.published(on=today)
        if hidden := len(done) - public.filter(pk__in=[row.pk for row in done]).count():
            text = ngettext(
                "%(n)d Eintrag bleibt unsichtbar: wegen „öffentlich ab“, „öffentlich bis“ oder „Beispieldaten“.",
                "%(n)d Einträge bleiben unsichtbar: wegen „öffentlich ab“, „öffentlich bis“ oder „Beispieldaten“.",
                hidden,
            )
            self.message_user(request, text % {"n": hidden}, messages.WARNING)

    @admin.action(description=_("Zurück in den Entwurf"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Hide the chosen rows from visitors. One person is enough: what is wrong must go at once."""
        number = self._hide(request, queryset, "take_back", actions.take_back)
        text = ngettext("%(n)d Eintrag ist wieder ein Entwurf.", "%(n)d Einträge sind wieder Entwürfe.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)

    @admin.action(description=_("Archivieren: nicht mehr öffentlich"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put the chosen rows away."""
        number = self._hide(request, queryset, "archive", actions.archive)
        text = ngettext("%(n)d Eintrag ist archiviert.", "%(n)d Einträge sind archiviert.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)

    def _hide(self, request: HttpRequest, queryset: QuerySet, deed: str, hide: Callable[..., int]) -> int:
        rows = list(queryset)
        with transaction.atomic():
            number = hide(rows, at=timezone.now())
            changes.recall(rows, at=timezone.now())
            self.log_rows(request, deed, rows, gettext("Status"))
        return number
