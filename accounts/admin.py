"""Staff accounts, and what every page of the back office has in common."""

import logging
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import DataError, models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static import admin as static_admin
from django_otp.plugins.otp_totp import admin as totp_admin

from accounts.audit import fields_in, record_rows, subject_of
from accounts.models import User
from accounts.views import again
from accounts.widgets import CheckboxGroup

logger = logging.getLogger(__name__)
MAX_SEARCH_LENGTH = 100
MAX_SEARCH_WORDS = 8


class SturdyChangeList(ChangeList):
    """A number no database column can hold is a wrong filter, not a broken page."""

    def get_results(self, request: HttpRequest) -> None:
        """Load the rows of one page."""
        try:
            super().get_results(request)
            len(self.result_list)  # asks the database now, where a refusal can be answered
        except (OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error


class PlainFields:
    """Fields that work by keyboard, on a phone and without script; for pages and for rows inside them."""

    can_add_related = True

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Use the browser's own date and time entry, and texts no higher than they need to be."""
        if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            kwargs["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif isinstance(db_field, models.TimeField):
            kwargs["widget"] = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            # Four icons a field are noise, and one of them deletes the agency instead of the choice.
            widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
            widget.can_add_related = widget.can_add_related and self.can_add_related and not db_field.many_to_many
        elif isinstance(widget, AdminTextareaWidget):
            widget.attrs["rows"] = 4
        return field


class SturdyAdmin(PlainFields, admin.ModelAdmin):
    """Base of every page here: nonsense in an address gets an answer, a foreign row does not exist."""

    list_per_page = 50
    checkbox_fields: tuple[str, ...] = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Show the named fields as checkboxes: they have labels and need no script."""
        if db_field.name in self.checkbox_fields:
            kwargs["widget"] = CheckboxGroup(legend=db_field.verbose_name)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Name the fields that can be edited in the list; the column head is no label."""
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = field.label
        return formset

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that survives numbers out of range."""
        return SturdyChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows; none at all for whoever may not see this kind of row."""
        rows: QuerySet = super().get_queryset(request)
        return rows if self.has_view_permission(request) else rows.none()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row. One that is not there for this account is not found, before any right is asked.

        Django would redirect with a message, or say 403: both tell which rows exist.
        """
        try:
            found = super().get_object(request, object_id, from_field)
        except (OverflowError, DataError):
            found = None
        if found is None:
            # The account and the kind of row, never what somebody typed.
            logger.warning("account %s: no such %s", request.user.pk, self.opts.label_lower)
            raise Http404
        return found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Search for a few words only; thousands of them are more than the database can parse."""
        words = search_term[:MAX_SEARCH_LENGTH].split()[:MAX_SEARCH_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Refuse a selection that names no possible row."""
        try:
            queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME)).exists()
        except (ValueError, ValidationError, OverflowError, DataError):
            self.message_user(request, _("Diese Auswahl gibt es nicht. Bitte neu ankreuzen."), messages.WARNING)
            return None
        return super().response_action(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Note the new row in the history; in the audit log unless an action has done so and sends a sentence."""
        if not isinstance(message, str):
            self.audit(request, "add", [obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Note the change in the history; in the audit log as with a new row."""
        if not isinstance(message, str):
            self.audit(request, "change", [obj], detail=fields_in(message))
        return super().log_change(request, obj, message)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row; Django holds the transaction."""
        self.audit(request, "delete", [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the chosen rows."""
        self.audit(request, "delete", list(queryset))
        super().delete_queryset(request, queryset)

    def audit(self, request: HttpRequest, deed: str, rows: Sequence[Any], *, detail: str = "") -> None:
        """Write to the audit log what somebody does with some rows. Call it in the same transaction.

        Rows without a key are new ones that were not saved; there is nothing to say about them.
        """
        agencies = self.agencies_of(rows)
        record_rows(
            actor=cast("User", request.user),
            action=f"{self.opts.model_name}.{deed}",
            rows=[(subject_of(row), agencies.get(row.pk)) for row in rows if row.pk is not None],
            at=timezone.now(),
            detail=detail,
        )

    def agencies_of(self, rows: Sequence[Any]) -> dict[Any, int]:
        """Return key of the row → key of the agency it belongs to; pages for such rows say how."""
        return {}


# Their pages show the secrets to every technician. Rights come from roles, never from groups.
admin.site.unregister([Group, totp_admin.TOTPDevice, static_admin.StaticDevice])


@admin.register(User)
class UserAdmin(SturdyAdmin, auth_admin.UserAdmin):
    """Staff accounts. The history shows the user name, hence it should not be a full name."""

    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Wer ist das?"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Was darf das Konto?"),
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": _(
                    "Rechte kommen aus der Aufgabe bei einer Stelle. Wer geht, wird stillgelegt und nicht gelöscht."
                ),
            },
        ),
        (_("Wann?"), {"fields": ("last_login", "date_joined")}),
    )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Address, name and rights of an account are changed by somebody who has just shown who they are."""
        return self._asked_again(request) or super().changeform_view(request, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same for the password of somebody else: with it one could log in as they."""
        return self._asked_again(request) or super().user_change_password(request, *args, **kwargs)

    def _asked_again(self, request: HttpRequest) -> HttpResponse | None:
        within = again.LONG_ENOUGH_TO_FILL_IN if request.method == "POST" else again.FRESH
        if self.has_view_permission(request) and not again.is_fresh(request, at=timezone.now(), within=within):
            return again.ask(request, back_to=request.path)
        return None

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: deleting an account would delete the history of what it did."""
        return False
