"""What pages for rules and examples have in common: they belong to a version, and only drafts change."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counseling.actions.rules import mark_edited
from counseling.models import RuleSet
from directory.admin.scope import EVERYBODYS, ScopedAdmin


class RuleSetFilter(admin.SimpleListFilter):
    """Which version; the newest one without a choice, so that the same rule is not listed twice."""

    title = _("Regelwerk")
    parameter_name = "regelwerk"
    ALL = "alle"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return the versions, the newest first."""
        sets = [(str(item.number), f"{item.number} ({item.get_status_display()})") for item in RuleSet.objects.all()]
        return [*sets, (self.ALL, _("alle"))]

    def choices(self, changelist: Any) -> Any:
        """Leave out Django's own "all"; the first version is the default."""
        chosen = self.value() or (self.lookup_choices[0][0] if self.lookup_choices else None)
        for value, label in self.lookup_choices:
            yield {
                "selected": str(value) == chosen,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the rows of the version."""
        # Without any version there is nothing to choose but all.
        chosen = self.value() or self.lookup_choices[0][0]
        if chosen == self.ALL:
            return queryset
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(rule_set__number=int(chosen)) if chosen in known else queryset.none()


class VersionedAdmin(ScopedAdmin):
    """Rows of a rule set. Sets that count, or once counted, can be read and not changed."""

    # The rules of all offices are one work: who may read them reads all. Signing goes by agency.
    agency_path = EVERYBODYS
    change_fieldsets: Any = ()
    read_fieldsets: Any = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only rows of a draft."""
        return super().has_change_permission(request, obj) and (obj is None or obj.rule_set.is_editable)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only rows of a draft."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.rule_set.is_editable)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A row never moves to another version."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return ("rule_set", *fields) if obj else fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show words instead of stored lists where nothing can be changed."""
        if obj is not None and not self.has_change_permission(request, obj):
            return self.read_fieldsets
        return self.change_fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new row belongs to the newest draft."""
        draft = RuleSet.objects.drafts().order_by("-number").first()
        return {"rule_set": draft.pk if draft else None, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save, and say that the draft has to be checked again."""
        super().save_model(request, obj, form, change)
        mark_edited(rule_set=obj.rule_set)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and say that the draft has to be checked again."""
        super().delete_model(request, obj)
        mark_edited(rule_set=obj.rule_set)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete rows of drafts, and say that the drafts have to be checked again."""
        sets = list(RuleSet.objects.filter(pk__in=queryset.values("rule_set")))
        super().delete_queryset(request, queryset)
        for rule_set in sets:
            mark_edited(rule_set=rule_set)
