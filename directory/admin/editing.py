"""Editing a row: what is public stays until the release, and nobody overwrites what another saved meanwhile.

The page says, signed, from which state somebody started. A public item is saved on trial: the form works
on it as on any row, then everything is undone and kept as a change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.admin.scope import ScopedAdmin
from directory.editorial import changes
from directory.editorial.diffs import differences
from directory.editorial.merging import merge
from directory.editorial.shapes import Shape, shape_of
from directory.editorial.snapshot import Snapshot, Unfit, apply, take, trial, with_stand_ins
from directory.models import Change

STARTED = "_started"
"""Name of the hidden field: the state from which somebody started, signed and packed."""
MERGED = "_merged"
SALT = "directory.admin.editing"


@dataclass
class Edit:
    """What one request does to an item. ``after``: the item as the form left it, on trial."""

    item: Any
    shape: Shape
    change: Change | None
    current: Snapshot
    started: Snapshot
    is_trial: bool = False
    after: Snapshot | None = None
    fields: list[str] = field(default_factory=list)

    @property
    def is_protected(self) -> bool:
        """Whether an edit has to wait for its release."""
        return changes.is_public_state(self.item) or bool(self.change and self.change.snapshot)


def item_url(item: Any, page: str) -> str:
    """Address of a page of an item, from wherever it is edited."""
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{page}", args=[quote(item.pk)])


def packed(item: Model, snapshot: Snapshot) -> str:
    """Return a state of an item as text nobody can make up."""
    return signing.dumps([item._meta.label_lower, str(item.pk), snapshot], salt=SALT, compress=True)


def unpacked(item: Model, text: str) -> Snapshot | None:
    """Return the state; None for what was not made for this item here."""
    try:
        label, key, snapshot = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return snapshot if (label, key) == (item._meta.label_lower, str(item.pk)) else None


def edit_of(request: HttpRequest) -> Edit | None:
    """Return what the request is doing to an item."""
    found: Edit | None = getattr(request, "_edit", None)
    return found


def is_on_trial(request: HttpRequest) -> bool:
    """Whether what is saved now will be undone."""
    edit = edit_of(request)
    return edit is not None and edit.is_trial


class EditingAdmin(ScopedAdmin):
    """The change page of a row."""

    def item_of(self, obj: Any) -> Any:
        """Return the item a row belongs to: mostly itself."""
        return obj

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save a row; a new one is nobody else's business yet."""
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        obj = self.get_object(request, unquote(object_id))
        with self._editing(request, self.item_of(obj)) as edit:
            if request.method == "POST":
                return self._post(request, edit, object_id, form_url, extra_context)
            started = {**(extra_context or {}), "started": packed(edit.item, edit.started)}
            if edit.started is edit.current:
                return super().changeform_view(request, object_id, form_url, started)
            try:
                with transaction.atomic(), self._on_trial(edit, edit.started):
                    return self._rendered(super().changeform_view(request, object_id, form_url, started))
            except Unfit:
                return self._unfit(request, edit)

    @contextmanager
    def _editing(self, request: HttpRequest, item: Any) -> Iterator[Edit]:
        shape = shape_of(type(item))
        if request.method != "POST":
            yield self._begin(request, item, shape)
            return
        with transaction.atomic():
            yield self._begin(request, changes.locked(item), shape)

    def _begin(self, request: HttpRequest, item: Any, shape: Shape) -> Edit:
        current, change = take(shape, item.pk), changes.open_change(item)
        edit = Edit(item, shape, change, current, changes.effective(shape, change, current).snapshot)
        request._edit = edit  # type: ignore[attr-defined]
        return edit

    @contextmanager
    def _on_trial(self, edit: Edit, snapshot: Snapshot) -> Iterator[None]:
        with trial():
            edit.is_trial = True
            if snapshot is not edit.current:
                apply(edit.shape, edit.item, snapshot, on_trial_only=True)
            yield
        edit.is_trial = False

    def _rendered(self, response: HttpResponse) -> HttpResponse:
        return response.render() if isinstance(response, TemplateResponse) else response

    def _post(
        self, request: HttpRequest, edit: Edit, object_id: str, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        if MERGED in request.POST:
            return self._save_merged(request, edit)
        text = request.POST.get(STARTED, "")
        posted = unpacked(edit.item, text) if text else edit.started
        # Unreadable: the page is older than our key. Then everything counts as changed meanwhile.
        is_moved = posted != edit.started
        again = {**(extra_context or {}), "started": text or packed(edit.item, edit.started)}
        if not is_moved and not edit.is_protected:
            return super().changeform_view(request, object_id, form_url, again)
        try:
            with self._on_trial(edit, edit.started if posted is None else posted):
                response = self._rendered(super().changeform_view(request, object_id, form_url, again))
        except Unfit:
            return self._unfit(request, edit)
        if edit.after is None:  # the form has errors
            return response
        after = with_stand_ins(edit.shape, edit.after, edit.current, edit.started, posted or {})
        if is_moved:
            return self._moved_page(request, edit, posted or edit.started, after)
        return self._keep(request, edit, after)

    def _unfit(self, request: HttpRequest, edit: Edit) -> HttpResponse:
        """Say that a change does not fit any more, and go where it can be given up."""
        text = _("Die Änderung passt nicht zu dem, was inzwischen gespeichert ist. Bitte verwerfen und neu eintragen.")
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(item_url(edit.item, "review" if edit.change else "change"))

    def _is_fit(self, edit: Edit, snapshot: Snapshot) -> bool:
        """Whether two edits brought together break no rule of the row."""
        try:
            with trial():
                apply(edit.shape, edit.item, snapshot, on_trial_only=True)
                edit.item.full_clean(validate_unique=False)
        except (Unfit, ValidationError):
            return False
        finally:
            edit.item.refresh_from_db()
        return True

    def propose_part(self, request: HttpRequest, item: Any, after: Snapshot) -> HttpResponse:
        """Keep a row that was added inside a public item as its change; ``after`` is the item with that row."""
        edit = self._begin(request, changes.locked(item), shape_of(type(item)))
        mine = with_stand_ins(edit.shape, after, edit.current)
        return self._keep(request, edit, merge(edit.shape, edit.current, mine, edit.started).snapshot)

    def _keep(self, request: HttpRequest, edit: Edit, after: Snapshot) -> HttpResponse:
        """Keep what the form made of a public item as its change."""
        user: Any = request.user
        change = changes.keep(edit.item, after, by=user, origin="form", at=timezone.now())
        if change is None:
            self.message_user(request, _("Nichts geändert."), messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        self.log_change(request, edit.item, gettext("Änderung vorgeschlagen."))
        return self.response_proposed(request, edit.item, change)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say nothing while an edit is on trial: it is not saved yet."""
        if is_on_trial(request):
            return HttpResponse()
        return super().response_change(request, obj)

    def response_proposed(self, request: HttpRequest, item: Any, change: Change) -> HttpResponse:
        """Hand the change in if asked to, and go where it can be released."""
        user: Any = request.user
        if "_submit" in request.POST:
            changes.submit(change, by=user, at=timezone.now(), release_on=change.release_on)
            self.message_user(request, _("Zur Prüfung gegeben."), messages.SUCCESS)
        else:
            self.message_user(request, _("Gespeichert, noch nicht öffentlich."), messages.SUCCESS)
        page = "change" if "_continue" in request.POST else "review"
        return HttpResponseRedirect(item_url(item, page))

    def _moved_page(self, request: HttpRequest, edit: Edit, posted: Snapshot, after: Snapshot) -> HttpResponse:
        """Show what others saved meanwhile and what was typed here; nothing is saved yet."""
        both = [merge(edit.shape, posted, after, edit.started, prefer_mine=mine) for mine in (True, False)]
        clashes = {name for name, _key in both[0].clashes}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": edit.item,
            "title": _("Inzwischen hat jemand anderes gespeichert"),
            "theirs": differences(edit.shape, posted, edit.started),
            "mine": differences(edit.shape, posted, after),
            "clashes": clashes,
            "with_mine": packed(edit.item, both[0].snapshot),
            "with_theirs": packed(edit.item, both[1].snapshot),
            "started": packed(edit.item, edit.started),
        }
        return TemplateResponse(request, "admin/editorial/moved.html", context, status=409)

    def _save_merged(self, request: HttpRequest, edit: Edit) -> HttpResponse:
        """Save what somebody chose on the page about a clash, if nothing moved again."""
        if not self.has_change_permission(request, edit.item):
            raise PermissionDenied
        after = unpacked(edit.item, request.POST[MERGED])
        posted = unpacked(edit.item, request.POST.get(STARTED, ""))
        if after is None or posted is None:
            self.message_user(request, _("Diese Seite war zu alt. Bitte noch einmal eintragen."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        if posted != edit.started:
            return self._moved_page(request, edit, posted, after)
        if not self._is_fit(edit, after):
            text = _("Beides zusammen passt nicht. Bitte tragen Sie Ihre Änderung noch einmal ein.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        if edit.is_protected:
            return self._keep(request, edit, after)
        self.save_snapshot(request, edit, after)
        self.message_user(request, _("Gespeichert."), messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    def save_snapshot(self, request: HttpRequest, edit: Edit, after: Snapshot) -> None:
        """Save a state of an item that is not public."""
        raise NotImplementedError
