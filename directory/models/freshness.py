"""When somebody last said that a group of fields is right, who was asked, and the links for the answer."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.models.agency import Agency


class FieldGroup(models.TextChoices):
    """Fields that grow old together."""

    HOURS = "hours", _("Zeiten")
    CONTACT = "contact", _("Kontakt")
    LAW = "law", _("Recht")
    TEXT = "text", _("Text")


INTERVAL_MONTHS = {FieldGroup.HOURS: 3, FieldGroup.CONTACT: 6, FieldGroup.LAW: 6, FieldGroup.TEXT: 12}
"""How long a group stays fresh unless the row says otherwise."""


class GroupCheck(models.Model):
    """One group of fields of one record. Rows are made and kept in step by ``directory.freshness.state``.

    ``due_on`` and ``hidden_from`` are derived; title, agency and ``is_public`` are copies for lists.
    """

    class By(models.TextChoices):
        """What kind of person confirmed. Never who."""

        STAFF = "staff", _("mit Konto")
        LINK = "link", _("über den Link")

    record = models.CharField(_("Art"), max_length=40)
    object_id = models.PositiveBigIntegerField(_("Nummer"))
    group = models.CharField(_("Angaben"), max_length=8, choices=FieldGroup)
    title = models.CharField(_("Eintrag"), max_length=200)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Stelle")
    )
    is_public = models.BooleanField(_("öffentlich"), default=False)
    interval_months = models.PositiveSmallIntegerField(
        _("Prüfung alle … Monate"),
        null=True,
        blank=True,
        help_text=_("Leer lassen für den üblichen Abstand: Zeiten 3, Kontakt und Recht 6, Text 12 Monate."),
    )
    confirmed_on = models.DateField(_("zuletzt bestätigt"), null=True, blank=True)
    confirmed_by = models.CharField(_("bestätigt"), max_length=5, choices=By, blank=True)
    asked_on = models.DateField(_("gefragt am"), null=True, blank=True)
    answered_on = models.DateField(
        _("beantwortet am"),
        null=True,
        blank=True,
        help_text=_("Eine Änderung ist gemeldet und noch nicht entschieden."),
    )
    due_on = models.DateField(_("fällig am"), null=True, blank=True)
    hidden_from = models.DateField(_("verborgen ab"), null=True, blank=True)

    class Meta:
        verbose_name = _("Bestätigung")
        verbose_name_plural = _("Bestätigungen")
        ordering = [F("due_on").asc(nulls_first=True), "title", "group"]
        indexes = [models.Index(fields=["is_public", "due_on"], name="groupcheck_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "object_id", "group"],
                name="groupcheck_once",
                violation_error_message=_("Diese Angaben stehen schon in der Liste."),
            ),
            models.CheckConstraint(
                condition=Q(interval_months__isnull=True) | Q(interval_months__gte=1, interval_months__lte=36),
                name="groupcheck_interval_in_bounds",
                violation_error_message=_("Bitte 1 bis 36 Monate."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by="")
                | Q(confirmed_on__isnull=False, confirmed_by__in=["staff", "link"]),
                name="groupcheck_confirmed_by_somebody",
                violation_error_message=_("Zum Tag der Bestätigung gehört, auf welchem Weg sie kam."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_group_display()}"

    @property
    def months(self) -> int:
        """How many months the group stays fresh."""
        return self.interval_months or INTERVAL_MONTHS[FieldGroup(self.group)]


class ConfirmationRequest(models.Model):
    """The question to an owner whether a record is still right. One record has at most one open question."""

    record = models.CharField(_("Art"), max_length=40)
    object_id = models.PositiveBigIntegerField(_("Nummer"))
    agency = models.ForeignKey(
        Agency,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("gefragte Stelle"),
        help_text=_("Wer die Mail bekommt."),
    )
    groups = models.CharField(_("Angaben"), max_length=60)
    opened_on = models.DateField(_("gefragt am"))
    stage = models.CharField(_("letzte Mail"), max_length=10)
    stage_on = models.DateField(_("verschickt am"))
    closed_on = models.DateField(_("erledigt am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Rückfrage")
        verbose_name_plural = _("Rückfragen")
        ordering = ["opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "object_id"],
                condition=Q(closed_on__isnull=True),
                name="confirmationrequest_open_once",
                violation_error_message=_("Zu diesem Eintrag läuft schon eine Rückfrage."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.record}:{self.object_id}"


class ConfirmationLinkQuerySet(models.QuerySet["ConfirmationLink"]):
    """Says once which links still open the page."""

    def open(self, *, at: datetime) -> Self:
        """Links to questions without an answer that are not too old."""
        return self.filter(request__closed_on=None, expires_at__gt=at)


class ConfirmationLink(models.Model):
    """A link by mail to one question. Only the hash of its secret is kept; it is used up by the last answer."""

    request = models.ForeignKey(
        ConfirmationRequest, on_delete=models.CASCADE, related_name="links", verbose_name=_("Rückfrage")
    )
    token_hash = models.CharField(_("Prüfwert"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("verschickt am"))
    expires_at = models.DateTimeField(_("gilt bis"), db_index=True)

    objects = ConfirmationLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("Link zur Rückfrage")
        verbose_name_plural = _("Links zu Rückfragen")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="confirmationlink_ends_after_start",
                violation_error_message=_("Der Link endet, bevor er beginnt."),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
