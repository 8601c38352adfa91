"""A rule as a row; its meaning is defined by the finder, which checks every save."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counseling.finder import facts
from counseling.models.records import rule_errors
from counseling.models.rule_sets import RuleSet
from directory.fields import PlainJSONField
from directory.models import Agency

BODY_CHOICES = list(facts.BODIES.items())
ROLE_CHOICES = [
    ("door", _("Tür: nennt die Stelle, zu der man geht")),
    ("protective", _("Schutz: ein Satz, der dazugehört")),
    ("place", _("Ort: wessen Wohnort das Büro bestimmt")),
    ("view", _("Sicht: eine Stelle nur für Eltern oder Fachkräfte")),
]
SENTENCE_CHOICES = [
    ("wrong_door", _("Antrag an der falschen Tür zählt")),
    ("wrong_door_rehab", _("… mit der Ausnahme für Reha")),
    ("confidential", _("Beratung ohne Wissen der Eltern")),
    ("apply_alone", _("Anträge allein stellen")),
]
VIEW_CHOICES = [("kind", _("Eltern")), ("beruf", _("Fachkräfte")), ("mich", _("junge Leute"))]
ACT_ALONE_CHOICES = [
    ("alone", _("ja")),
    ("from_15", _("ab 15")),
    ("parents", _("nur mit den Eltern")),
    ("unknown", _("nicht bekannt")),
]
PLACE_CHOICES = [("place", _("der eigene Wohnort")), ("parents_place", _("der Wohnort der Eltern"))]

NO_BODY = _("Eine Tür braucht die Stelle, zu der sie führt.")


def always() -> dict[str, list[object]]:
    """Return the condition that everybody meets."""
    return {"all": []}


class ResponsibilityRule(models.Model):
    """One reading of the law: for whom it holds, whom it names and what it says."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules", verbose_name=_("Regelwerk"))
    key = models.CharField(
        _("Schlüssel"), max_length=60, help_text=_("Zum Beispiel R-seek-2. Andere Regeln nennen sie bei diesem Namen.")
    )
    role = models.CharField(_("Aufgabe"), max_length=12, choices=ROLE_CHOICES, default="door")
    concerns = PlainJSONField(_("Anliegen"), default=list, blank=True)
    condition = PlainJSONField(_("Bedingung"), default=always, blank=True)
    body = models.CharField(
        _("Stelle"),
        max_length=30,
        choices=BODY_CHOICES,
        blank=True,
        help_text=_("Hierhin schickt das Portal die Menschen. Welches Büro es ist, entscheidet der Wohnort."),
    )
    overrides = PlainJSONField(_("geht vor"), default=list, blank=True)
    priority = models.SmallIntegerField(
        _("Rang"),
        default=0,
        help_text=_("Zählt nur, wenn Antworten fehlen und zwei Stellen gleich wahrscheinlich sind: Höher gewinnt."),
    )
    bodies = PlainJSONField(_("nur bei diesen Stellen"), default=list, blank=True)
    place_fact = models.CharField(_("Ort zählt"), max_length=20, choices=PLACE_CHOICES, blank=True)
    sentence = models.CharField(_("Schutzsatz"), max_length=20, choices=SENTENCE_CHOICES, blank=True)
    view = models.CharField(_("für"), max_length=8, choices=VIEW_CHOICES, blank=True)

    owner = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("zuständig für das Recht"),
        help_text=_("Diese Stelle gibt jede Änderung der Regel frei. Ohne sie kann die Regel nicht in Kraft treten."),
    )
    legal_basis = models.CharField(
        _("Paragraf"), max_length=500, blank=True, help_text=_("Erscheint öffentlich unter „Warum?“.")
    )
    source = PlainJSONField(_("Quellen"), default=list, blank=True)
    legal_state = models.CharField(_("Stand des Rechts"), max_length=500, blank=True)
    checked_on = models.DateField(
        _("geprüft am"), null=True, blank=True, help_text=_("Die Freigabe setzt diesen Tag. Erscheint öffentlich.")
    )
    valid_from = models.DateField(
        _("gilt ab"), null=True, blank=True, help_text=_("Leer: schon immer. Der Tag zählt mit.")
    )
    valid_to = models.DateField(
        _("gilt bis"), null=True, blank=True, help_text=_("Leer: ohne Ende. Der Tag zählt mit.")
    )
    under_review = models.BooleanField(
        _("Recht wird geprüft"),
        default=False,
        help_text=_("Dieser Hinweis steht öffentlich an der Regel, bis die Stelle sie freigibt."),
    )
    is_active = models.BooleanField(
        _("eingeschaltet"),
        default=True,
        help_text=_("Ausgeschaltet: Wer unter diese Regel fällt, kommt zur Koordinierungsstelle."),
    )
    switched_off_at = models.DateTimeField(_("abgeschaltet am"), null=True, blank=True, editable=False)
    switched_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("abgeschaltet von"),
    )
    switched_off_why = models.TextField(_("Grund der Abschaltung"), blank=True, editable=False)

    title_youth = models.CharField(_("Überschrift für junge Leute"), max_length=160, blank=True)
    title_parents = models.CharField(_("Überschrift für Eltern"), max_length=160, blank=True)
    what_for_youth = models.TextField(
        _("Was die Stelle tut, für junge Leute"), blank=True, help_text=_("du, kurze Sätze, Klasse 6. Muss da sein.")
    )
    what_for_parents = models.TextField(
        _("Was die Stelle tut, für Eltern"), blank=True, help_text=_("Sie, kurze Sätze, Klasse 8. Muss da sein.")
    )
    why_youth = models.TextField(_("Warum diese Stelle, für junge Leute"), blank=True)
    why_parents = models.TextField(_("Warum diese Stelle, für Eltern"), blank=True)
    bring_youth = PlainJSONField(_("Mitbringen, für junge Leute"), default=list, blank=True)
    bring_parents = PlainJSONField(_("Mitbringen, für Eltern"), default=list, blank=True)
    steps_youth = PlainJSONField(_("Schritte, für junge Leute"), default=list, blank=True)
    steps_parents = PlainJSONField(_("Schritte, für Eltern"), default=list, blank=True)
    act_alone = models.CharField(_("geht ohne Eltern"), max_length=10, choices=ACT_ALONE_CHOICES, default="unknown")
    also = PlainJSONField(_("Auch dabei"), default=list, blank=True)
    not_responsible = PlainJSONField(_("Nicht zuständig"), default=list, blank=True)
    deadlines = PlainJSONField(_("Fristen"), default=list, blank=True)
    offers = PlainJSONField(_("Angebote"), default=list, blank=True)

    class Meta:
        verbose_name = _("Regel")
        verbose_name_plural = _("Regeln")
        ordering = ["key", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "key", "valid_from"],
                name="responsibilityrule_once_from_a_day",
                violation_error_message=_("Diese Regel gibt es in diesem Regelwerk schon ab diesem Tag."),
            ),
            # NULL is never equal to NULL, so the open start needs a constraint of its own.
            models.UniqueConstraint(
                fields=["rule_set", "key"],
                condition=Q(valid_from__isnull=True),
                name="responsibilityrule_once_without_start",
                violation_error_message=_("Diese Regel gibt es in diesem Regelwerk schon. Sie braucht ein „gilt ab“."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="responsibilityrule_valid_to_after_from",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["door", "view"]) | ~Q(body=""),
                name="responsibilityrule_door_has_a_body",
                violation_error_message=NO_BODY,
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at__isnull=True) | Q(is_active=False),
                name="responsibilityrule_switched_off_is_off",
                violation_error_message=_("Eine Regel mit einem Tag der Abschaltung ist nicht eingeschaltet."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Let the finder read the row; what it does not understand stands next to its field."""
        errors = rule_errors(self)
        if self.role == "door" and not self.body:
            # The finder says it of the role; an editor looks for it at the empty field.
            errors.pop("role", None)
            errors["body"] = [str(NO_BODY)]
        if errors:
            raise ValidationError(errors)
