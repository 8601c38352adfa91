"""What an agency needs to take enquiries: keys, its own notice, who last looked, ready-made sentences."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Agency

MOST_DAYS = 10


class AgencyKey(models.Model):
    """A key of one agency, wrapped by a master key that is not in the database."""

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="keys", verbose_name=_("Stelle"))
    wrapped = models.BinaryField(_("verpackter Schlüssel"))
    master = models.CharField(_("Name des Hauptschlüssels"), max_length=20)
    created_at = models.DateTimeField(_("erzeugt am"))
    retired_at = models.DateTimeField(_("abgelöst am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Schlüssel einer Stelle")
        verbose_name_plural = _("Schlüssel der Stellen")
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(retired_at__isnull=True),
                name="agencykey_one_in_use",
                violation_error_message=_("Diese Stelle hat schon einen Schlüssel."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EnquiryDesk(models.Model):
    """How one agency answers: how fast, and what its own notice says."""

    agency = models.OneToOneField(
        Agency, on_delete=models.CASCADE, related_name="enquiry_desk", verbose_name=_("Stelle")
    )
    answer_within_days = models.PositiveSmallIntegerField(
        _("Antwort nach … Öffnungstagen"),
        default=2,
        help_text=_("Daraus entsteht der Tag, den wir versprechen. Feiertage zählen nicht mit."),
    )
    notice = models.TextField(
        _("Hinweis zum Datenschutz"),
        blank=True,
        max_length=4000,
        help_text=_("Der Hinweis nach Artikel 13 DSGVO, in du-Form. Leer lassen: Es steht der allgemeine Hinweis da."),
    )
    privacy_contact = models.CharField(
        _("Datenschutz fragen bei"),
        max_length=200,
        blank=True,
        help_text=_("Funktion und Weg, zum Beispiel „Datenschutz des Landkreises, datenschutz@…“."),
    )

    class Meta:
        verbose_name = _("Antworten meiner Stelle")
        verbose_name_plural = _("Antworten meiner Stelle")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_within_days__gte=1) & Q(answer_within_days__lte=MOST_DAYS),
                name="enquirydesk_answers_in_time",
                violation_error_message=_("Bitte 1 bis 10 Tage."),
            )
        ]

    def __str__(self) -> str:
        return str(self.agency)


class DeskVisit(models.Model):
    """When an account last looked into the inbox. Without a recent look nobody is promised an answer."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_visit", verbose_name=_("Konto")
    )
    opened_at = models.DateTimeField(_("Postfach geöffnet am"), db_index=True)

    class Meta:
        verbose_name = _("Blick ins Postfach")
        verbose_name_plural = _("Blicke ins Postfach")

    def __str__(self) -> str:
        return str(self.user_id)


class TextBlock(models.Model):
    """A sentence the counsellors of an agency often need."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="text_blocks", verbose_name=_("Stelle"))
    title = models.CharField(_("Überschrift"), max_length=80)
    text = models.TextField(
        _("Text"), max_length=1000, help_text=_("In du-Form und in kurzen Sätzen. Keine Namen, keine Fälle.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Textbaustein")
        verbose_name_plural = _("Textbausteine")
        ordering = ["position", "title", "pk"]

    def __str__(self) -> str:
        return self.title
