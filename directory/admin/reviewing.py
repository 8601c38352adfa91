"""Pages beside the form of an item: review and release, former states, preview. They show; they change by POST."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.admin.editing import EditingAdmin, edit_of
from directory.admin.looked_at import note_preview, previewed_by, say_look_first
from directory.contact import is_public
from directory.editorial import changes, releasing
from directory.editorial.checks import Finding, findings_of, needs_reason, stops
from directory.editorial.diffs import diff, differences
from directory.editorial.shapes import shape_of
from directory.editorial.snapshot import Unfit, apply, take, trial
from directory.models import Change, Publishable, Revision, Status

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
MARK = "_seen"
FARTHEST = timedelta(days=1000)
"""How far from today a preview goes; calendars end somewhere."""


class ReviewForm(forms.Form):
    """What one may say when handing in, releasing or sending back."""

    comment = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Für die Stelle. Bitte keine Namen junger Menschen."),
    )
    reason = forms.CharField(
        label=_("Begründung"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Warum es trotzdem so öffentlich werden soll."),
    )
    release_on = forms.DateField(
        label=_("Erst veröffentlichen ab"), required=False, widget=DAY, help_text=_("Leer lassen: sofort.")
    )


class ReviewPages(EditingAdmin):
    """Adds the pages to an admin page for items with a workflow."""

    render_preview: Callable[..., HttpResponse]

    def with_open_change(self, rows: QuerySet) -> QuerySet:
        """Add to each row where its open change stands."""
        kind = ContentType.objects.get_for_model(self.model)
        found = Change.objects.filter(content_type=kind, object_id=OuterRef("pk"), state__in=Change.OPEN)
        annotated: QuerySet = rows.annotate(open_state=Subquery(found.values("state")[:1]))
        return annotated

    @admin.display(description=_("Änderung"))
    def open_change(self, obj: Any) -> str:
        """Where the open change stands; empty without one."""
        return str(Change.State(obj.open_state).label) if obj.open_state else ""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages before Django's catch-all."""
        pages: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("vorschau/", self.preview_view, "preview"),
            ("pruefung/", self.review_view, "review"),
            ("fassungen/", self.revisions_view, "revisions"),
            ("fassungen/<int:revision>/", self.revision_view, "revision"),
        ]
        wrap = self.admin_site.admin_view
        own = [path(f"<path:object_id>/{end}", wrap(view), name=self._name(name)) for end, view, name in pages]
        return [*own, *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def page_url(self, page: str, obj: Any, *args: Any) -> str:
        """Address of a page of an item."""
        return reverse(f"admin:{self._name(page)}", args=[quote(obj.pk), *args])

    def preview_url(self, obj: Any) -> str:
        """Address of the preview."""
        return self.page_url("preview", obj)

    def _seen_row(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return obj

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the public page as it will be, now or on the day ``am``."""
        obj = self._seen_row(request, object_id)
        day = forms.DateField(required=False)
        try:
            on = day.clean(request.GET.get("am", ""))
        except forms.ValidationError:
            raise Http404 from None
        if on is not None and abs(on - timezone.localdate()) > FARTHEST:
            raise Http404
        at = timezone.make_aware(datetime.combine(on, time(12))) if on else timezone.localtime()
        change, shape = changes.open_change(obj), shape_of(self.model)
        mark = releasing.seen(obj, change)
        if change is None or not change.snapshot:
            response = self.render_preview(request, obj, at)
            note_preview(request, mark)
            return response
        after = changes.effective(shape, change, take(shape, obj.pk)).snapshot
        try:
            with transaction.atomic(), trial():
                apply(shape, obj, after, on_trial_only=True)
                response = self._rendered(self.render_preview(request, self.model._default_manager.get(pk=obj.pk), at))
        except Unfit:
            return HttpResponseRedirect(self.page_url("review", obj))
        note_preview(request, mark)
        return response

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what a change changes; hand in, release, send back or give up by POST."""
        obj = self._seen_row(request, object_id)
        change = changes.open_change(obj)
        form = ReviewForm(request.POST or None, initial={"release_on": change.release_on if change else None})
        if request.method == "POST":
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            if form.is_valid() and self._decide(request, obj, form):
                return HttpResponseRedirect(self.page_url("review", obj))
        return self._review_page(request, obj, form)

    def _review_page(self, request: HttpRequest, obj: Any, form: ReviewForm) -> HttpResponse:
        change = changes.open_change(obj)
        four_eyes = changes.asks_four_eyes(obj)
        try:
            found, is_fit = self._findings(obj, change), True
        except Unfit:
            found, is_fit = [], False
        if not needs_reason(found):
            del form.fields["reason"]
        mark = releasing.seen(obj, change)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Prüfen und freigeben"),
            "change": change,
            "sentence": self.sentence(obj, change),
            "lines": diff(change) if change is not None else [],
            "findings": found,
            "is_stopped": bool(stops(found)) or not is_fit,
            "is_fit": is_fit,
            "form": form,
            "mark": mark,
            "has_to_look": not four_eyes and mark not in previewed_by(request),
            "four_eyes": four_eyes,
            "can_change": self.has_change_permission(request, obj),
            "can_release": changes.may_release(request.user, obj, change, four_eyes=four_eyes),
            "is_public_state": changes.is_public_state(obj),
            "preview_url": self.preview_url(obj),
            "revisions_url": self.page_url("revisions", obj),
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "admin/editorial/review.html", context)

    def _findings(self, obj: Any, change: Change | None) -> list[Finding]:
        """Ask the checks about the item as it would be."""
        if change is None and changes.is_public_state(obj):
            return []
        shape = shape_of(self.model)
        with transaction.atomic(), trial():
            item = self.model._base_manager.get(pk=obj.pk)
            if change is not None and change.snapshot:
                after = changes.effective(shape, change, take(shape, obj.pk)).snapshot
                apply(shape, item, after, on_trial_only=True)
            return findings_of(item, timezone.localdate())

    def _decide(self, request: HttpRequest, obj: Any, form: ReviewForm) -> bool:
        """Do what the pressed button says; False when the page has to be shown again."""
        steps: dict[str, Callable[[HttpRequest, Any, ReviewForm], Any]] = {
            "_release": self._release,
            "_submit": self._submit,
            "_send_back": self._send_back,
            "_withdraw": self._withdraw,
        }
        name = next((name for name in steps if name in request.POST), "")
        if not name:
            return False
        try:
            with transaction.atomic():
                done = steps[name](request, obj, form)
                if done:
                    self.log_change(request, obj, str(done))
        except (releasing.Refused, releasing.NotPreviewed) as error:
            self.say_refused(request, obj, error)
            return False
        except (releasing.Moved, changes.Closed, Unfit):
            text = _("Inzwischen hat sich etwas geändert. Bitte sehen Sie sich den neuen Stand an.")
            self.message_user(request, text, messages.WARNING)
            return True
        if done:
            self.message_user(request, done, messages.SUCCESS)
        return bool(done)

    def _the_change(self, obj: Any) -> Change:
        """Return the open change; an item that is not public yet has itself as change."""
        change = changes.open_change(obj)
        if change is None:
            if changes.is_public_state(obj):
                raise changes.Closed
            change = changes.start(obj, by=None, at=timezone.now())
        return change

    def _release(self, request: HttpRequest, obj: Any, form: ReviewForm) -> Any:
        user: Any = request.user
        data = form.cleaned_data
        if request.POST.get(MARK) != releasing.seen(obj, changes.open_change(obj)):
            raise releasing.Moved
        change = self._the_change(obj)
        change.release_on = data["release_on"]
        change.save(update_fields=["release_on"])
        after = releasing.release(
            change,
            by=user,
            at=timezone.now(),
            on=timezone.localdate(),
            comment=data["comment"],
            reason=data.get("reason", ""),
            previewed=previewed_by(request),
        )
        return _("Änderung freigegeben: veröffentlicht.") if not after.is_open else _("Freigegeben für später.")

    def _submit(self, request: HttpRequest, obj: Any, form: ReviewForm) -> Any:
        user: Any = request.user
        data = form.cleaned_data
        changes.submit(
            self._the_change(obj),
            by=user,
            at=timezone.now(),
            comment=data["comment"],
            release_on=data["release_on"],
        )
        return _("Zur Prüfung gegeben.")

    def _send_back(self, request: HttpRequest, obj: Any, form: ReviewForm) -> Any:
        user: Any = request.user
        comment = form.cleaned_data["comment"]
        if not comment.strip():
            form.add_error("comment", _("Bitte sagen Sie kurz, was noch fehlt."))
            return None
        change = self._the_change(obj)
        if not changes.may_release(user, obj, change):
            raise PermissionDenied
        changes.send_back(change, by=user, at=timezone.now(), comment=comment)
        return _("Zurückgegeben.")

    def _withdraw(self, request: HttpRequest, obj: Any, form: ReviewForm) -> Any:
        user: Any = request.user
        change = changes.open_change(obj)
        if change is None or not change.snapshot:  # the row itself has nothing to give up, and keeps its authors
            raise changes.Closed
        changes.withdraw(change, by=user, at=timezone.now())
        return _("Änderung verworfen. Es bleibt, wie es war.")

    def revisions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """List what was public before."""
        obj = self._seen_row(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Frühere Fassungen"),
            "rows": [
                (row, self.page_url("revision", obj, row.pk))
                for row in releasing.revisions_of(obj).defer("snapshot").select_related("released_by")[:100]
            ],
        }
        return TemplateResponse(request, "admin/editorial/revisions.html", context)

    def revision_view(self, request: HttpRequest, object_id: str, revision: int) -> HttpResponse:
        """Show how a former state differs from now; bring it back by POST."""
        obj = self._seen_row(request, object_id)
        row: Revision = get_object_or_404(releasing.revisions_of(obj), pk=revision)
        shape = shape_of(self.model)
        if request.method == "POST":
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            return self._restore(request, obj, row)
        current = take(shape, obj.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Fassung vom %s") % date_format(timezone.localtime(row.released_at), "SHORT_DATETIME_FORMAT"),
            "lines": differences(shape, current, releasing.restored(shape, row, current)),
            "change": changes.open_change(obj),
            "can_change": self.has_change_permission(request, obj),
            "revisions_url": self.page_url("revisions", obj),
        }
        return TemplateResponse(request, "admin/editorial/revision.html", context)

    def _restore(self, request: HttpRequest, obj: Any, row: Revision) -> HttpResponse:
        user: Any = request.user
        with transaction.atomic():
            change = releasing.restore(row, by=user, at=timezone.now())
            if change is not None:
                self.log_change(request, obj, gettext("Frühere Fassung vorgeschlagen."))
        text = _("Die frühere Fassung ist vorgeschlagen.") if change else _("Diese Fassung ist schon die jetzige.")
        self.message_user(request, text, messages.INFO)
        return HttpResponseRedirect(self.page_url("review", obj))

    def say_refused(self, request: HttpRequest, obj: Any, error: releasing.Refused | releasing.NotPreviewed) -> None:
        """Say why an item cannot be public yet."""
        if isinstance(error, releasing.NotPreviewed):
            say_look_first(request, obj, self.preview_url(obj))
            return
        points = " ".join(str(finding.text) for finding in error.findings if finding.severity != "hint")
        if error.needs_reason:
            points += " " + gettext("Mit einer Begründung geht es, auf der Seite „Prüfen und freigeben“.")
        self.message_user(request, f"„{obj}“: {points}", messages.WARNING)

    def settle(self, request: HttpRequest, obj: Any, wanted: str) -> None:
        """Publish or hand in a saved item that is not public, as its status field asked; say so if it cannot be."""
        user: Any = request.user
        at, on = timezone.now(), timezone.localdate()
        asks = changes.asks_four_eyes(obj)
        if asks or changes.open_change(obj) is not None:
            changes.note_edit(obj, by=user, origin="form", at=at)
        if not wanted:
            if obj.status in (Status.DRAFT, Status.ARCHIVED):
                changes.recall([obj], at=at)
            return
        try:
            if wanted == Status.PUBLISHED:
                releasing.publish(obj, by=user, at=at, on=on, previewed=previewed_by(request))
            else:
                changes.submit(self._the_change(obj), by=user, at=at)
        except (releasing.Refused, releasing.NotPreviewed) as error:
            self.say_refused(request, obj, error)
        except PermissionDenied:
            changes.submit(self._the_change(obj), by=user, at=at)
            self.message_user(request, _("Zur Prüfung gegeben: Eine andere Person gibt frei."), messages.INFO)
        obj.refresh_from_db(fields=["status"])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say on the form what is public now, what the page shows, and which buttons there are."""
        obj, edit = context.get("original"), edit_of(request)
        if obj is not None and edit is not None:
            four_eyes = changes.asks_four_eyes(edit.item)
            context |= {
                "preview_url": self.preview_url(obj),
                "review_url": self.page_url("review", obj),
                "revisions_url": self.page_url("revisions", obj),
                "sentence": self.sentence(obj, edit.change),
                "open_change": edit.change,
                "is_protected": edit.is_protected and context.get("started"),
                "has_to_ask": not changes.may_release(request.user, edit.item, edit.change, four_eyes=four_eyes),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def sentence(self, obj: Any, change: Change | None) -> str:
        """Say what everybody sees now, and what this page shows."""
        if change is not None and change.snapshot:
            now = gettext("Öffentlich ist der bisherige Stand.")
            if not self.is_seen(obj):
                now = gettext("Noch ist nichts davon öffentlich.")
            return f"{now} {gettext('Diese Seite zeigt die Änderung: %s.') % change.get_state_display()}"
        if not changes.is_public_state(obj):
            return gettext("Nicht öffentlich: %s.") % str(obj.get_status_display())
        if not self.is_seen(obj):
            return gettext("Veröffentlicht, aber heute nicht zu sehen: wegen der Tage oder der Beispieldaten.")
        return gettext("Öffentlich ist, was hier steht. Was Sie ändern, sehen andere erst nach der Freigabe.")

    def is_seen(self, obj: Any) -> bool:
        """Whether visitors see the row today."""
        if isinstance(obj, Publishable):
            return is_public(obj, on=timezone.localdate())
        return getattr(obj, "status", Status.PUBLISHED) == Status.PUBLISHED
