"""Who is away and who stands in: one's own absence, or as lead that of anybody in the agency."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import User
from counseling.admin.inbox import READERS
from counseling.models import DeskAbsence
from directory.admin.scope import ScopedAdmin
from directory.models import Role
from directory.rights import membership_of, role_of


class DeskAbsenceAdmin(ScopedAdmin):
    """Vertretungen. A counsellor cannot make oneself the substitute of somebody else: that would open texts."""

    agency_path = "user__membership__agency"
    fields = ("user", "substitute", ("starts_on", "ends_on"))
    list_display = ("user", "substitute", "starts_on", "ends_on")
    list_select_related = ("user", "substitute")
    ordering = ("-starts_on", "pk")
    can_add_related = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever has an inbox."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the role at the agency alone."""
        return role_of(request.user) in READERS

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Counsellors and leads."""
        return role_of(request.user) in READERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own; a lead all of the agency."""
        role = role_of(request.user)
        return role == Role.LEAD or (role == Role.COUNSELOR and (obj is None or obj.user_id == request.user.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for a change."""
        return self.has_change_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing for many rows at once: they are not all one's own."""
        return {}

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer counsellors of the own agency; as the absent one a counsellor chooses oneself only."""
        membership = membership_of(request.user)
        people = User.objects.filter(
            is_active=True,
            membership__agency=membership.agency_id if membership else None,
            membership__role=Role.COUNSELOR,
        ).order_by("username")
        if db_field.name == "user" and role_of(request.user) == Role.COUNSELOR:
            people = people.filter(username=request.user.get_username())
            kwargs["initial"] = request.user.pk
        kwargs["queryset"] = people
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


admin.site.register(DeskAbsence, DeskAbsenceAdmin)
