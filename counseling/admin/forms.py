"""The forms for rules and examples: what the finder understands, in fields an editor can fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counseling.admin.fields import ChecksField, Column, JsonField, LinesField, PartsField
from counseling.finder.facts import BODIES, CONCERNS
from counseling.finder.rules import EVERY
from counseling.models import ResponsibilityRule, RuleSet, Scenario
from counseling.models.rules import BODY_CHOICES, SENTENCE_CHOICES

CONCERN_CHOICES = [(concern.key, concern.label) for concern in CONCERNS.values()]
LONG_LINE = 90
EVERY_CONCERN = (EVERY, _("alle Anliegen (nicht für Türen)"))
EVERY_BODY = (EVERY, _("alle Stellen"))

_YOUTH = Column("youth", _("für junge Leute"), is_long=True)
_PARENTS = Column("parents", _("für Eltern"), is_long=True)
_BODY = Column("body", _("Stelle"), tuple(BODIES.items()))

CONDITION_HELP = _(
    'Für wen die Regel gilt. {"all": [ … ]} alles trifft zu, {"any": [ … ]} eines trifft zu, {"not": { … }} trifft nicht zu. '
    'Prüfungen: {"fact": "age", "between": [15, 24]} · {"fact": "benefit", "in": ["sgb2", "alg1_and_sgb2"]} · '
    '{"fact": "status", "eq": "at_school"}. Leer: für alle.'
)


class DraftForm(forms.ModelForm):
    """Rows that belong to a set: new ones only to a draft."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rule_set" in self.fields:
            drafts = RuleSet.objects.drafts()
            field: Any = self.fields["rule_set"]
            field.queryset = drafts
            field.help_text = _("Nur Entwürfe lassen sich ändern. Gibt es keinen, lege zuerst einen an.")


class RuleForm(DraftForm):
    """A rule. What the finder does not understand stands next to its field."""

    concerns = ChecksField(
        label=_("Anliegen"),
        choices=[EVERY_CONCERN, *CONCERN_CHOICES],
        help_text=_("Bei diesen Anliegen wird die Regel gefragt."),
    )
    condition = JsonField(label=_("Bedingung"), required=False, help_text=CONDITION_HELP)
    overrides = LinesField(
        label=_("geht vor"),
        help_text=_("Schlüssel anderer Regeln, je Zeile einer. Gilt diese Regel sicher, zählen jene nicht."),
    )
    bodies = ChecksField(
        label=_("nur bei diesen Stellen"),
        choices=[EVERY_BODY, *BODY_CHOICES],
        help_text=_("Nur für Orts-, Schutz- und Sicht-Regeln: bei welcher Tür sie erscheinen."),
    )
    source = LinesField(
        label=_("Quellen"), help_text=_("Internetadressen, je Zeile eine. Die erste erscheint öffentlich.")
    )
    bring_youth = LinesField(label=_("Mitbringen, für junge Leute"), help_text=_("Je Zeile eine Sache."))
    bring_parents = LinesField(label=_("Mitbringen, für Eltern"), help_text=_("Je Zeile eine Sache."))
    steps_youth = LinesField(
        label=_("Schritte, für junge Leute"), help_text=_("Je Zeile ein Schritt. Mit einem Verb beginnen.")
    )
    steps_parents = LinesField(
        label=_("Schritte, für Eltern"), help_text=_("Je Zeile ein Schritt. Mit einem Verb beginnen.")
    )
    also = PartsField(
        label=_("Auch dabei"),
        columns=(_BODY, Column("name", _("eigener Name")), _YOUTH, _PARENTS),
        help_text=_("Wer noch hilft, und wobei. Der eigene Name ersetzt den der Stelle."),
    )
    not_responsible = PartsField(
        label=_("Nicht zuständig"),
        columns=(_BODY, _YOUTH, _PARENTS),
        help_text=_("Wer nicht zuständig ist, und warum: ein ganzer Satz."),
    )
    deadlines = PartsField(
        label=_("Fristen"),
        columns=(
            _YOUTH,
            _PARENTS,
            Column("day", _("Tag"), is_number=True),
            Column("month", _("Monat"), is_number=True),
        ),
        help_text=_("Tag und Monat nur bei Fristen, die jedes Jahr wiederkehren."),
    )
    offers = PartsField(
        label=_("Angebote"),
        columns=(Column("key", _("Kurzname des Angebots")), _YOUTH, _PARENTS),
        help_text=_("Was passt, und warum. Der Kurzname steht in der Adresse des Angebots."),
    )

    class Meta:
        model = ResponsibilityRule
        fields = [
            "rule_set", "key", "role", "concerns", "condition", "body", "overrides", "priority", "bodies",
            "place_fact", "sentence", "view", "owner", "legal_basis", "source", "legal_state", "checked_on",
            "valid_from", "valid_to", "under_review", "is_active", "title_youth", "title_parents", "what_for_youth",
            "what_for_parents", "why_youth", "why_parents", "bring_youth", "bring_parents", "steps_youth",
            "steps_parents", "act_alone", "also", "not_responsible", "deadlines", "offers",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title_youth", "title_parents", "legal_basis", "legal_state"):
            if name in self.fields:
                self.fields[name].widget.attrs["size"] = LONG_LINE

    def clean_condition(self) -> Any:
        """An empty field means: always."""
        value = self.cleaned_data["condition"]
        return {"all": []} if value in (None, "") else value


class ScenarioForm(DraftForm):
    """An example case."""

    facts = JsonField(
        label=_("Angaben"),
        help_text=_('Zum Beispiel {"concern": "seeking_training", "age": 19, "benefit": "alg1_and_sgb2"}.'),
    )
    also = LinesField(
        label=_("auch dabei"), help_text=_("Schlüssel der Stelle (jobcenter, aa, …) oder eigener Name, je Zeile einer.")
    )
    not_responsible = ChecksField(label=_("nicht zuständig"), choices=BODY_CHOICES)
    rules = LinesField(label=_("Regeln, die wirken"), help_text=_("Schlüssel, je Zeile einer."))
    protective = ChecksField(label=_("Schutzsätze"), choices=SENTENCE_CHOICES)

    class Meta:
        model = Scenario
        fields = [
            "rule_set", "name", "note", "view", "on", "facts", "door", "also", "not_responsible", "rules",
            "protective", "probable", "next_question",
        ]  # fmt: skip
