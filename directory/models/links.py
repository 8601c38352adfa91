"""Addresses outside of this site: whether they can be reached, and where they are used."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.agency import Agency

ADDRESS_LENGTH = 500
"""Longer ones are not checked; the run says so."""
FILE = "file:"
"""How the subject of a use begins that stands in a file of the region and in no row."""


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """Says once which addresses wait for a person."""

    def waiting(self) -> Self:
        """Broken or moved in two runs at least a day apart."""
        return self.filter(is_confirmed=True, status__in=[LinkCheck.Status.BROKEN, LinkCheck.Status.MOVED])


class LinkCheck(models.Model):
    """An address and what the last check found. Written by ``manage.py check_links`` only.

    ``is_confirmed``: a second check, a day or more after the first, found the same.
    """

    class Status(models.TextChoices):
        """What the last check found."""

        UNCHECKED = "unchecked", _("noch nicht geprüft")
        OK = "ok", _("erreichbar")
        MOVED = "moved", _("umgezogen")
        UNCLEAR = "unclear", _("antwortet, lässt sich aber nicht prüfen")
        BROKEN = "broken", _("nicht erreichbar")

    address = models.CharField(_("Adresse"), max_length=ADDRESS_LENGTH, unique=True)
    status = models.CharField(_("Zustand"), max_length=9, choices=Status, default=Status.UNCHECKED, db_index=True)
    reason = models.CharField(_("Befund"), max_length=120, blank=True)
    http_status = models.PositiveSmallIntegerField(_("Antwort des Servers"), null=True, blank=True)
    checked_at = models.DateTimeField(_("zuletzt geprüft"), null=True, blank=True, db_index=True)
    failing_since = models.DateTimeField(_("auffällig seit"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("zweimal auffällig"), default=False)
    redirect_to = models.CharField(_("neue Adresse"), max_length=ADDRESS_LENGTH, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("Link")
        verbose_name_plural = _("Links nach außen")
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | Q(failing_since__isnull=False),
                name="linkcheck_confirmed_has_a_start",
                violation_error_message=_("Zweimal auffällig heißt: auffällig seit einem Tag."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class LinkUse(models.Model):
    """Where an address stands; written anew by every run. ``subject`` is text ("offers.offer:17").

    A record of several agencies has a line for each; None: nobody's but the coordination's.
    """

    link = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="uses", verbose_name=_("Link"))
    subject = models.CharField(_("Eintrag"), max_length=120)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="link_uses", verbose_name=_("Stelle")
    )

    class Meta:
        verbose_name = _("Verwendung eines Links")
        verbose_name_plural = _("Verwendungen von Links")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.subject
