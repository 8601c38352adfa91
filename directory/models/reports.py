"""What visitors tell us about a record: "Stimmt etwas nicht?"."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.agency import Agency

NOTE_SHOWN = timedelta(days=90)
"""How long the public answer stands on the record."""
TEXT_LENGTH = 500


class ReportQuerySet(models.QuerySet["VisitorReport"]):
    """Says once what waits and what the public sees."""

    def open(self) -> Self:
        """Reports nobody has answered."""
        return self.filter(state=VisitorReport.State.OPEN)

    def with_public_note(self, *, on: date) -> Self:
        """Answers that stand on their records on a day, newest first."""
        return (
            self.exclude(state=VisitorReport.State.OPEN)
            .exclude(note="")
            .filter(note_on__lte=on, note_on__gt=on - NOTE_SHOWN)
            .order_by("-note_on", "-pk")
        )


class VisitorReport(models.Model):
    """One report. No name, no address, no account: only what is wrong, where, and a short text.

    ``key`` is the primary key of the record, or the short name of a page that may have no row.
    ``token`` comes from the form: the same form sent twice is one report.
    """

    class Kind(models.TextChoices):
        """What it is about; the value stands in the address of the form."""

        OFFER = "angebot", _("Angebot")
        POINT = "anlaufstelle", _("Anlaufstelle")
        AGENCY = "stelle", _("Stelle")
        TERM = "wort", _("Wort")
        PAGE = "seite", _("Seite")

    class Reason(models.TextChoices):
        """What is wrong, in the words of the form."""

        OUTDATED = "veraltet", _("Das ist veraltet")
        PHONE = "telefon", _("Die Telefonnummer ist falsch")
        UNCLEAR = "unklar", _("Das verstehe ich nicht")
        MISSING = "fehlt", _("Hier fehlt etwas")
        BARRIER = "barriere", _("Ich komme hier nicht weiter: eine Barriere")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("offen")
        DONE = "done", _("erledigt")
        FINE = "fine", _("stimmt doch")

    kind = models.CharField(_("Art"), max_length=12, choices=Kind)
    key = models.CharField(_("Schlüssel"), max_length=80)
    title = models.CharField(_("Eintrag"), max_length=200)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="visitor_reports",
        verbose_name=_("bei"),
        help_text=_("Leer: Die Koordinierungsstelle kümmert sich."),
    )
    reason = models.CharField(_("Grund"), max_length=8, choices=Reason)
    text = models.TextField(_("Text"), blank=True, max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(_("gemeldet am"), db_index=True)
    token = models.CharField(_("Formular"), max_length=40, unique=True)
    state = models.CharField(_("Stand"), max_length=4, choices=State, default=State.OPEN, db_index=True)
    closed_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)
    note = models.CharField(
        _("öffentliche Antwort"),
        max_length=160,
        blank=True,
        help_text=_(
            "Ein kurzer Satz, zum Beispiel „Telefonnummer berichtigt“. Er steht mit dem Tag 90 Tage lang am Eintrag."
        ),
    )
    note_on = models.DateField(_("Antwort vom"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hinweis")
        verbose_name_plural = _("Hinweise von Besuchern")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["kind", "key"], name="visitorreport_record")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="open") & Q(closed_at__isnull=True))
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="visitorreport_closed_has_a_day",
                violation_error_message=_("Ein erledigter Hinweis braucht den Tag, ein offener hat keinen."),
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(note_on__isnull=False),
                name="visitorreport_note_has_a_day",
                violation_error_message=_("Die öffentliche Antwort braucht ihren Tag."),
            ),
        ]

    def __str__(self) -> str:
        # Neither text nor record: this stands in histories and logs.
        return f"Hinweis {self.pk}"
