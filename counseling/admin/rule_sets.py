"""Versions of the rules in the back office: from the draft to the day it counts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counseling.actions.rules import create_draft
from counseling.admin import rule_set_views as views
from counseling.models import ResponsibilityRule, RuleSet, Scenario
from counseling.models.records import BrokenRecordError
from directory.admin.scope import EVERYBODYS, ScopedAdmin


def _number_of(model: Any) -> Coalesce:
    """Count rows of a set in a subquery: two joins would multiply each other."""
    rows = model.objects.filter(rule_set=OuterRef("pk")).order_by().values("rule_set")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


class RuleSetAdmin(ScopedAdmin):
    """Regelwerke."""

    agency_path = EVERYBODYS
    change_form_template = "admin/counseling/rule_set_change_form.html"
    list_display = ("name", "status", "active_from", "num_rules", "num_scenarios", "note", "created_at", "created_by")
    list_filter = ("status",)
    list_select_related = ("created_by",)
    search_fields = ("note",)
    fields = ("note", "status", "active_from", "created_at", "created_by")
    readonly_fields = ("status", "active_from", "created_at", "created_by")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count rules and examples with the rows."""
        counts = {"rule_count": _number_of(ResponsibilityRule), "scenario_count": _number_of(Scenario)}
        return super().get_queryset(request).annotate(**counts)  # type: ignore[no-any-return]

    @admin.display(description=_("Regelwerk"), ordering="number")
    def name(self, obj: RuleSet) -> str:
        """The number with its word."""
        return str(obj)

    @admin.display(description=_("Regeln"), ordering="rule_count")
    def num_rules(self, obj: Any) -> int:
        """How many rules it has."""
        return int(obj.rule_count)

    @admin.display(description=_("Beispiele"), ordering="scenario_count")
    def num_scenarios(self, obj: Any) -> int:
        """How many examples it has."""
        return int(obj.scenario_count)

    def has_change_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        """Only drafts can be edited."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_editable)

    def has_delete_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        """Never: versions stay. A draft can be put away."""
        return False

    def get_fields(self, request: HttpRequest, obj: RuleSet | None = None) -> Any:
        """A new draft is a copy; only its reason is asked for."""
        return self.fields if obj else ("note",)

    def save_model(self, request: HttpRequest, obj: RuleSet, form: forms.ModelForm, change: bool) -> None:
        """A new set is a copy of the newest one in force."""
        if change:
            obj.save(update_fields=["note"])
            return
        draft = create_draft(by=request.user, at=timezone.now(), note=obj.note)  # type: ignore[arg-type]
        obj.pk = draft.pk
        obj._state.adding = False
        obj.refresh_from_db()

    def get_urls(self) -> list[URLPattern]:
        """One address for each step, before Django's catch-all."""
        pages = (
            ("pruefung", "report", views.report),
            ("folgen", "diff", views.diff),
            ("ablauf", "flow", views.flow),
            ("freigaben", "sign_off", views.sign_off),
            ("in-kraft", "activate", views.activate),
            ("verwerfen", "discard", views.discard),
        )
        own = [
            path(f"<path:object_id>/{slug}/", self._page(view), name=f"counseling_ruleset_{name}")
            for slug, name, view in pages
        ]
        picture = path(
            "<path:object_id>/ablauf/<slug:concern>.svg", self._page(views.flow_svg), name="counseling_ruleset_flow_svg"
        )
        return [picture, *own, *super().get_urls()]

    def _page(self, view: views.RuleSetView) -> Any:
        """Wrap a view: it gets a set the person may see, or there is no such page."""

        def page(request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
            rule_set = self.get_object(request, unquote(object_id))
            if rule_set is None:
                raise Http404
            if not self.has_view_permission(request, rule_set):
                raise PermissionDenied
            try:
                return view(request, rule_set, self, **kwargs)
            except BrokenRecordError as error:
                return views.broken(request, rule_set, self, error.errors)

        return self.admin_site.admin_view(page)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the steps that are open beside the form."""
        rule_set = kwargs.get("obj")
        if rule_set:
            context["steps"] = views.steps(request, rule_set)
        return super().render_change_form(request, context, *args, **kwargs)


admin.site.register(RuleSet, RuleSetAdmin)
