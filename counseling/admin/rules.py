"""Rules of responsibility in the back office."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.rules import RuleError, may_switch_off, switch_off_rule
from counseling.admin.base import RuleSetFilter, VersionedAdmin
from counseling.admin.forms import CONCERN_CHOICES, RuleForm
from counseling.finder import parse
from counseling.finder.facts import BODIES, CONCERNS
from counseling.finder.rules import EVERY
from counseling.models import ResponsibilityRule
from counseling.plain_condition import plain


class ConcernFilter(admin.SimpleListFilter):
    """Rules about one concern, those about every concern included."""

    title = _("Anliegen")
    parameter_name = "anliegen"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return all concerns."""
        return [(key, label) for key, label in CONCERN_CHOICES]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Look into the stored lists: a few hundred rows, and the same on both databases."""
        concern = self.value()
        if concern is None:
            return queryset
        found = [
            key for key, concerns in queryset.values_list("pk", "concerns") if concern in concerns or EVERY in concerns
        ]
        return queryset.filter(pk__in=found)


class SwitchOffForm(forms.Form):
    """Why a rule is wrong."""

    reason = forms.CharField(
        label=_("Was ist falsch?"),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 70}),
        max_length=2000,
        help_text=_("Der Grund bleibt bei der Regel stehen, bis eine neue Fassung gilt."),
    )


class ResponsibilityRuleAdmin(VersionedAdmin):
    """Regeln."""

    form = RuleForm
    change_form_template = "admin/counseling/rule_change_form.html"
    list_display = ("key", "concern_words", "body", "condition_words", "owner_name", "under_review", "is_active")
    list_filter = (
        RuleSetFilter,
        "body",
        "under_review",
        "is_active",
        "role",
        ("owner", admin.RelatedOnlyFieldListFilter),
        ConcernFilter,
    )
    list_select_related = ("rule_set", "owner")
    search_fields = ("key", "legal_basis", "what_for_youth", "what_for_parents", "why_youth")
    autocomplete_fields = ("owner",)
    readonly_fields = (
        "condition_words", "concern_words", "override_words", "source_words", "text_words", "also_words",
        "not_words", "deadline_words", "offer_words", "switched_off_at", "switched_off_by", "switched_off_why",
        "body_words",
    )  # fmt: skip
    _evidence = (
        _("Recht und Quelle"),
        {
            "fields": (
                "owner",
                "legal_basis",
                "source",
                "legal_state",
                "checked_on",
                ("valid_from", "valid_to"),
                "under_review",
                "is_active",
            )
        },
    )
    change_fieldsets = (
        (None, {"fields": ("rule_set", "key", "role", "concerns", "body")}),
        (_("Für wen?"), {"fields": ("condition", "condition_words", "overrides", "priority")}),
        (
            _("Was die Menschen lesen"),
            {
                "fields": (
                    "title_youth", "title_parents", "what_for_youth", "what_for_parents", "why_youth", "why_parents",
                    "bring_youth", "bring_parents", "steps_youth", "steps_parents", "act_alone",
                )
            },
        ),
        (_("Wer noch, wer nicht, bis wann"), {"fields": ("also", "not_responsible", "deadlines", "offers")}),
        _evidence,
        (
            _("Nur für Orts-, Schutz- und Sicht-Regeln"),
            {"fields": ("bodies", "place_fact", "sentence", "view"), "classes": ("collapse",)},
        ),
    )  # fmt: skip
    read_fieldsets = (
        (None, {"fields": ("rule_set", "key", "role", "concern_words", "body")}),
        (_("Für wen?"), {"fields": ("condition_words", "override_words", "priority")}),
        (_("Was die Menschen lesen"), {"fields": ("text_words", "act_alone")}),
        (
            _("Wer noch, wer nicht, bis wann"),
            {"fields": ("also_words", "not_words", "deadline_words", "offer_words")},
        ),
        (
            _("Recht und Quelle"),
            {
                "fields": (
                    "owner", "legal_basis", "source_words", "legal_state", "checked_on", ("valid_from", "valid_to"),
                    "under_review", "is_active", "switched_off_at", "switched_off_by", "switched_off_why",
                )
            },
        ),
        (
            _("Nur für Orts-, Schutz- und Sicht-Regeln"),
            {"fields": ("body_words", "place_fact", "sentence", "view"), "classes": ("collapse",)},
        ),
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ResponsibilityRule, form: forms.ModelForm, change: bool) -> None:
        """A rule that is switched on again forgets its emergency."""
        if obj.is_active:
            obj.switched_off_at, obj.switched_off_by, obj.switched_off_why = None, None, ""
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        """Add the emergency switch before Django's catch-all."""
        view = self.admin_site.admin_view(self.switch_off_view)
        name = "counseling_responsibilityrule_switch_off"
        return [path("<path:object_id>/abschalten/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer the emergency switch where it works."""
        obj = kwargs.get("obj")
        if obj and obj.is_active and obj.rule_set.status == "active" and may_switch_off(obj, request.user):
            context["switch_off_url"] = reverse("admin:counseling_responsibilityrule_switch_off", args=[obj.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def switch_off_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then switch the rule off at once."""
        rule = self.get_object(request, unquote(object_id))
        if rule is None:
            raise Http404
        if not may_switch_off(rule, request.user):
            raise PermissionDenied
        form = SwitchOffForm(request.POST or None)
        errors: tuple[str, ...] = ()
        if request.method == "POST" and form.is_valid():
            try:
                switch_off_rule(rule=rule, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            except RuleError as error:
                errors = error.sentences
            else:
                self.log_change(request, rule, gettext("Abgeschaltet."))
                text = gettext("%s ist abgeschaltet. Wer darunter fällt, kommt jetzt zur Koordinierungsstelle.")
                self.message_user(request, text % rule, messages.SUCCESS)
                return redirect("admin:counseling_responsibilityrule_change", rule.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Regel sofort abschalten: %s") % rule,
            "rule": rule,
            "words": self.condition_words(rule),
            "concerns": self.concern_words(rule),
            "form": form,
            "refusals": errors,
        }
        return TemplateResponse(request, "admin/counseling/switch_off.html", context)

    @admin.display(description=_("zuständig für das Recht"), ordering="owner__name")
    def owner_name(self, obj: ResponsibilityRule) -> str:
        """The everyday name of the agency."""
        return obj.owner.display_name if obj.owner else "–"

    @admin.display(description=_("Das heißt"))
    def condition_words(self, obj: ResponsibilityRule) -> str:
        """The stored condition in plain German."""
        condition, errors = parse(obj.condition)
        return plain(condition) if condition is not None else "; ".join(map(str, errors))

    @admin.display(description=_("Anliegen"))
    def concern_words(self, obj: ResponsibilityRule) -> str:
        """The concerns by their labels."""
        if EVERY in obj.concerns:
            return gettext("alle Anliegen")
        return ", ".join(CONCERNS[key].label if key in CONCERNS else key for key in obj.concerns) or "–"

    @admin.display(description=_("geht vor"))
    def override_words(self, obj: ResponsibilityRule) -> str:
        """The rules it defeats."""
        return ", ".join(obj.overrides) or "–"

    @admin.display(description=_("nur bei diesen Stellen"))
    def body_words(self, obj: ResponsibilityRule) -> str:
        """The bodies by their labels."""
        return ", ".join(BODIES.get(key, key) for key in obj.bodies) or "–"

    @admin.display(description=_("Quellen"))
    def source_words(self, obj: ResponsibilityRule) -> str:
        """The addresses, one a line."""
        return _listed(obj.source)

    @admin.display(description=_("Texte"))
    def text_words(self, obj: ResponsibilityRule) -> str:
        """All texts with their labels."""
        names = ("title", "what_for", "why", "bring", "steps")
        fields = [self.model._meta.get_field(f"{name}_{reader}") for name in names for reader in ("youth", "parents")]
        found = [(field.verbose_name, getattr(obj, field.name)) for field in fields]
        words = [(label, "; ".join(value) if isinstance(value, list) else value) for label, value in found if value]
        return format_html_join("", "<p><strong>{}:</strong> {}</p>", words) or "–"

    @admin.display(description=_("Auch dabei"))
    def also_words(self, obj: ResponsibilityRule) -> str:
        """Helpers with both texts."""
        return _entries(obj.also)

    @admin.display(description=_("Nicht zuständig"))
    def not_words(self, obj: ResponsibilityRule) -> str:
        """Bodies that are not responsible, with both texts."""
        return _entries(obj.not_responsible)

    @admin.display(description=_("Fristen"))
    def deadline_words(self, obj: ResponsibilityRule) -> str:
        """Deadlines with both texts."""
        return _entries(obj.deadlines)

    @admin.display(description=_("Angebote"))
    def offer_words(self, obj: ResponsibilityRule) -> str:
        """Offers with both texts."""
        return _entries(obj.offers)


def _listed(lines: Iterable[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "–"


def _entries(entries: Iterable[Mapping[str, Any]]) -> str:
    rows = []
    for entry in entries:
        body = str(entry.get("body", ""))
        when = f"{entry['day']}.{entry['month']}." if entry.get("day") and entry.get("month") else ""
        head = entry.get("name") or BODIES.get(body, body) or entry.get("key") or when
        rows.append((head, entry.get("youth", ""), entry.get("parents", "")))
    return format_html_join("", "<p><strong>{}</strong> {}<br>{}</p>", rows) or "–"


admin.site.register(ResponsibilityRule, ResponsibilityRuleAdmin)
