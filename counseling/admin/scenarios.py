"""Example cases in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from counseling.admin.base import RuleSetFilter, VersionedAdmin
from counseling.admin.forms import ScenarioForm
from counseling.finder import situation_from_dict
from counseling.finder.case_text import case_text
from counseling.finder.facts import BODIES, CONCERNS, SENTENCES
from counseling.models import Scenario
from counseling.models.rules import SENTENCE_CHOICES


class ScenarioAdmin(VersionedAdmin):
    """Beispiele."""

    form = ScenarioForm
    list_display = ("name", "case", "door", "view", "on", "set_number")
    list_filter = (RuleSetFilter, "door", "view")
    list_select_related = ("rule_set",)
    search_fields = ("name", "note")
    readonly_fields = ("case", "also_words", "not_words", "rule_words", "sentence_words")
    change_fieldsets = (
        (None, {"fields": ("rule_set", "name", "note", ("view", "on"), "facts", "case")}),
        (_("Das muss herauskommen"), {"fields": ("door", "also", "not_responsible", "rules", "protective")}),
        (_("Nur wenn es darauf ankommt"), {"fields": ("probable", "next_question")}),
    )
    read_fieldsets = (
        (None, {"fields": ("rule_set", "name", "note", ("view", "on"), "case")}),
        (
            _("Das muss herauskommen"),
            {
                "fields": (
                    "door",
                    "also_words",
                    "not_words",
                    "rule_words",
                    "sentence_words",
                    "probable",
                    "next_question",
                )
            },
        ),
    )

    @admin.display(description=_("Das heißt"))
    def case(self, obj: Scenario) -> str:
        """The facts in words."""
        situation, _errors = situation_from_dict(obj.facts if isinstance(obj.facts, dict) else {})
        concern = CONCERNS[situation.concern].label if situation.concern else "–"
        return f"{concern}: {case_text(situation)}"

    @admin.display(description=_("Nr."), ordering="rule_set__number")
    def set_number(self, obj: Scenario) -> int:
        """The number of the version."""
        return obj.rule_set.number

    @admin.display(description=_("auch dabei"))
    def also_words(self, obj: Scenario) -> str:
        """Helpers by their labels."""
        return ", ".join(BODIES.get(key, key) for key in obj.also) or "–"

    @admin.display(description=_("nicht zuständig"))
    def not_words(self, obj: Scenario) -> str:
        """Bodies by their labels."""
        return ", ".join(BODIES.get(key, key) for key in obj.not_responsible) or "–"

    @admin.display(description=_("Regeln, die wirken"))
    def rule_words(self, obj: Scenario) -> str:
        """Keys of the rules."""
        return ", ".join(obj.rules) or "–"

    @admin.display(description=_("Schutzsätze"))
    def sentence_words(self, obj: Scenario) -> str:
        """Protective sentences by their labels."""
        labels = dict(SENTENCE_CHOICES)
        return ", ".join(str(labels[key]) for key in obj.protective if key in SENTENCES) or "–"


admin.site.register(Scenario, ScenarioAdmin)
