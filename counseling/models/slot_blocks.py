"""Times an office closes by hand, although a row would give them away."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counseling.models.appointments import SlotRule
from counseling.slots import Slot
from directory.models import Agency
from directory.opening import BERLIN


class SlotBlockQuerySet(models.QuerySet["SlotBlock"]):
    """Asks which rows close a time."""

    def of_rules(self, rules: Any) -> Self:
        """Return what closes times of these rules; a row without a rule closes those of its whole agency."""
        agencies = [rule.agency_id for rule in rules]
        return self.filter(Q(rule__in=rules) | Q(rule=None, agency__in=agencies))


class SlotBlock(models.Model):
    """One day, or some hours of it, without appointments. Wall time Europe/Berlin, as in the rules."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="slot_blocks", verbose_name=_("Stelle"))
    rule = models.ForeignKey(
        SlotRule,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="blocks",
        verbose_name=_("nur diese Zeile"),
        help_text=_("Leer lassen: alle Zeiten Ihrer Stelle an diesem Tag."),
    )
    on = models.DateField(_("Tag"))
    starts_at = models.TimeField(
        _("von"), null=True, blank=True, help_text=_("Beide Zeiten leer lassen: der ganze Tag.")
    )
    ends_at = models.TimeField(_("bis"), null=True, blank=True)
    reason = models.CharField(
        _("Grund"),
        max_length=200,
        help_text=_("Nur für Ihre Stelle. Steht auf keiner öffentlichen Seite. Schreiben Sie keine Namen."),
    )

    objects = SlotBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("gesperrte Zeit")
        verbose_name_plural = _("Gesperrte Zeiten")
        ordering = ["-on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="slotblock_ends_after_start",
                violation_error_message=_("Bitte beide Zeiten oder keine, und „bis“ nach „von“."),
            ),
        ]

    def __str__(self) -> str:
        day = f"{self.on:%d.%m.%Y}"
        return f"{day}, {self.starts_at:%H:%M}–{self.ends_at:%H:%M}" if self.starts_at and self.ends_at else day

    def clean(self) -> None:
        """A rule of somebody else cannot be closed."""
        if self.rule and self.rule.agency_id != self.agency_id:
            raise ValidationError({"rule": _("Diese Zeile gehört nicht zur Stelle.")})

    def covers(self, slot: Slot) -> bool:
        """Whether a time begins, ends or lies in it. The hour the clock shows twice is closed both times."""
        start, end = (moment.astimezone(BERLIN) for moment in (slot.starts_at, slot.ends_at))
        if start.date() != self.on:
            return False
        if self.starts_at is None or self.ends_at is None:
            return True
        return start.time() < self.ends_at and (end.time() > self.starts_at or end.date() > self.on)

    def closes(self, rule: SlotRule, slot: Slot) -> bool:
        """Whether this time of this rule is closed."""
        return (self.rule_id or rule.pk) == rule.pk and self.agency_id == rule.agency_id and self.covers(slot)
