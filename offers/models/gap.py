"""What was searched for and hardly found: counts, never visits."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Municipality


class SearchGap(models.Model):
    """How often one question with few hits was asked in one week.

    Holds no person, no time of day, no address of a device. Written by ``offers.gaps`` only.
    """

    query = models.CharField(_("gesucht"), max_length=80)
    filters = models.CharField(_("Angaben dazu"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("Gemeinde"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="search_gaps",
    )
    week = models.DateField(_("Woche ab"), db_index=True, help_text=_("Der Montag der Woche."))
    count = models.PositiveIntegerField(_("wie oft"), default=1)
    hits = models.PositiveSmallIntegerField(_("Treffer"), default=0, help_text=_("So viele waren es zuletzt."))

    class Meta:
        verbose_name = _("Suche mit wenig Treffern")
        verbose_name_plural = _("Wonach gesucht und wenig gefunden wird")
        ordering = ["-week", "query", "id"]
        # Two, because databases hold empty places for different from each other.
        constraints = [
            models.UniqueConstraint(
                fields=["week", "query", "filters", "municipality"],
                condition=Q(municipality__isnull=False),
                name="searchgap_once_a_week_and_place",
                violation_error_message=_("Diese Suche wird in dieser Woche und Gemeinde schon gezählt."),
            ),
            models.UniqueConstraint(
                fields=["week", "query", "filters"],
                condition=Q(municipality__isnull=True),
                name="searchgap_once_a_week_without_place",
                violation_error_message=_("Diese Suche wird in dieser Woche schon gezählt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query} ({self.week:%d.%m.%Y})"
