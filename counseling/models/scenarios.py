"""Example cases: the memory of a rule set."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.finder import facts
from counseling.models.records import NO_QUESTION, scenario_errors
from counseling.models.rule_sets import RuleSet
from counseling.models.rules import BODY_CHOICES, VIEW_CHOICES
from directory.fields import PlainJSONField

QUESTION_CHOICES = [(NO_QUESTION, _("keine Frage mehr")), *((fact.name, fact.label) for fact in facts.FACTS.values())]


class Scenario(models.Model):
    """A named case and the answer it must get. All of them run before a set may count."""

    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.CASCADE, related_name="scenarios", verbose_name=_("Regelwerk")
    )
    name = models.CharField(
        _("Name"), max_length=160, help_text=_("Der Fall in wenigen Worten: „Aufstocker, 19, sucht Ausbildung“.")
    )
    note = models.TextField(_("Bemerkung"), blank=True)
    view = models.CharField(_("wer fragt"), max_length=8, choices=VIEW_CHOICES, default="mich")
    on = models.DateField(
        _("am"), null=True, blank=True, help_text=_("Leer: am Tag der Prüfung. Sonst gilt das Recht dieses Tages.")
    )
    facts = PlainJSONField(
        _("Angaben"),
        default=dict,
        help_text=_('Zum Beispiel {"concern": "seeking_training", "age": 19, "benefit": "alg1_and_sgb2"}.'),
    )
    door = models.CharField(_("richtige Tür"), max_length=30, choices=BODY_CHOICES)
    also = PlainJSONField(_("auch dabei"), default=list, blank=True)
    not_responsible = PlainJSONField(_("nicht zuständig"), default=list, blank=True)
    rules = PlainJSONField(_("Regeln, die wirken"), default=list, blank=True)
    protective = PlainJSONField(_("Schutzsätze"), default=list, blank=True)
    probable = models.BooleanField(
        _("nur wahrscheinlich"), null=True, blank=True, help_text=_("Leer: wird nicht geprüft.")
    )
    next_question = models.CharField(
        _("nächste Frage"),
        max_length=30,
        choices=QUESTION_CHOICES,
        blank=True,
        help_text=_("Leer: wird nicht geprüft."),
    )

    class Meta:
        verbose_name = _("Beispiel")
        verbose_name_plural = _("Beispiele")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "name"],
                name="scenario_name_once_in_a_set",
                violation_error_message=_("Ein Beispiel mit diesem Namen gibt es in diesem Regelwerk schon."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Let the finder read the row; what it does not understand stands next to its field."""
        errors = scenario_errors(self)
        if errors:
            raise ValidationError(errors)
