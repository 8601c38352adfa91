"""A rule set is a version: draft, checked, active from a day, kept for good."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.fields import PlainJSONField


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Says once which version counts on a day."""

    def in_force(self, *, on: date) -> "RuleSet | None":
        """Return the version that answers on a day.

        It is the latest that became active by then; of two from the same day the
        newer one. Before the first version nobody had decided otherwise, so the
        first one answers. ``None`` without any version.
        """
        versions = self.released()
        return versions.filter(active_from__lte=on).last() or versions.first()

    def released(self) -> Self:
        """Versions that count from some day on, in the order in which they take over."""
        return self.filter(active_from__isnull=False).order_by("active_from", "number")

    def newest_released(self) -> "RuleSet | None":
        """Return the version that takes over last: what a new draft starts from."""
        return self.released().last()

    def drafts(self) -> Self:
        """Versions that may still be edited."""
        return self.filter(status__in=RuleSet.EDITABLE)


class RuleSet(models.Model):
    """One version of all rules and their examples."""

    class Status(models.TextChoices):
        """How far a version has come."""

        DRAFT = "draft", _("Entwurf")
        CHECKED = "checked", _("geprüft")
        ACTIVE = "active", _("in Kraft")
        ARCHIVED = "archived", _("abgelöst")

    EDITABLE = (Status.DRAFT, Status.CHECKED)

    number = models.PositiveIntegerField(_("Nummer"), unique=True, editable=False)
    status = models.CharField(_("Stand"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    active_from = models.DateField(
        _("gilt ab"), null=True, blank=True, editable=False, help_text=_("Ab diesem Tag antwortet das Portal damit.")
    )
    note = models.TextField(
        _("Was ist neu?"), blank=True, help_text=_("Ein bis drei Sätze für die Stellen, die freigeben.")
    )
    created_at = models.DateTimeField(_("angelegt am"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("angelegt von"),
    )
    report = PlainJSONField(_("Prüfbericht"), null=True, blank=True, editable=False)
    # What the region folder said when it was loaded: a set that differs was changed by people.
    loaded_print = models.CharField(_("geladener Inhalt"), max_length=64, blank=True, editable=False)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Regelwerk")
        verbose_name_plural = _("Regelwerke")
        ordering = ["-number"]
        permissions = [
            ("sign_off_rules", "Kann Regeln für eine Stelle freigeben"),
            ("activate_rules", "Kann ein Regelwerk in Kraft setzen"),
            ("switch_off_rules", "Kann eine Regel sofort abschalten"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "checked", "archived"]) | Q(active_from__isnull=False),
                name="ruleset_active_has_a_day",
                violation_error_message=_("Ein Regelwerk in Kraft braucht den Tag, ab dem es gilt."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "archived"]) | Q(active_from__isnull=True),
                name="ruleset_draft_has_no_day",
                violation_error_message=_("Ein Entwurf gilt noch nicht. Den Tag setzt das In-Kraft-Setzen."),
            ),
        ]

    def __str__(self) -> str:
        return f"Regelwerk {self.number}"

    @property
    def is_editable(self) -> bool:
        """Whether rules and examples may still be changed."""
        return self.status in self.EDITABLE
