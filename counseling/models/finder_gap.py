"""Where the finder had no door of its own: counts, never visits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FinderGap(models.Model):
    """How often in one week a concern ended at the coordination office, or was not known.

    Holds no person, no answer and no time of day. Written by ``counseling.finder_gaps`` only.
    """

    class Reason(models.TextChoices):
        """Why no office was named."""

        NO_RULE = "no_rule", _("keine Regel passt")
        SWITCHED_OFF = "switched_off", _("Regel abgeschaltet")
        UNSURE = "unsure", _("„Weiß ich nicht“ beim Anliegen")

    week = models.DateField(_("Woche ab"), help_text=_("Der Montag der Woche."))
    concern = models.CharField(_("Anliegen"), max_length=40, blank=True, help_text=_("Leer: nicht gewusst."))
    reason = models.CharField(_("warum"), max_length=12, choices=Reason)
    count = models.PositiveIntegerField(_("wie oft"), default=1)

    class Meta:
        verbose_name = _("Lücke im Finder")
        verbose_name_plural = _("Lücken im Finder")
        ordering = ["-week", "concern", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "concern", "reason"],
                name="findergap_once_a_week",
                violation_error_message=_("Diese Lücke wird in dieser Woche schon gezählt."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.concern} ({self.week:%d.%m.%Y})"
