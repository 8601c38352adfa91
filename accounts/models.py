"""Staff accounts, their sessions and the links that let somebody in. Young people never have an account."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A staff account. Refer to it by ``settings.AUTH_USER_MODEL`` only."""

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    """Says once which links still open the door."""

    def open(self, *, at: datetime) -> Self:
        """Links of active accounts, not used, not too old."""
        return self.filter(used_at=None, expires_at__gt=at, user__is_active=True)


class OneTimeLink(models.Model):
    """A link by mail to set a password, good for one use. Only the hash of its secret is kept."""

    class Purpose(models.TextChoices):
        """Why the link was sent."""

        INVITATION = "invitation", _("Einladung")
        RESET = "reset", _("Passwort vergessen")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="one_time_links", verbose_name=_("Konto")
    )
    purpose = models.CharField(_("Anlass"), max_length=10, choices=Purpose)
    token_hash = models.CharField(_("Prüfwert"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("verschickt am"))
    expires_at = models.DateTimeField(_("gilt bis"), db_index=True)
    used_at = models.DateTimeField(_("benutzt am"), null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("Link zum Passwort")
        verbose_name_plural = _("Links zum Passwort")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="onetimelink_ends_after_start",
                violation_error_message=_("Der Link endet, bevor er beginnt."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"


class StaffSession(models.Model):
    """A login that is still open: since when, and roughly on what. No address, no exact version."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, related_name="staff_session", verbose_name=_("Sitzung")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_sessions", verbose_name=_("Konto")
    )
    device = models.CharField(_("Gerät"), max_length=60)
    started_at = models.DateTimeField(_("angemeldet seit"))
    seen_at = models.DateTimeField(_("zuletzt aktiv"))

    class Meta:
        verbose_name = _("Anmeldung")
        verbose_name_plural = _("Anmeldungen")
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return self.device


class ThrottleKey(models.Model):
    """The random key of a day. Once it is deleted, nobody can tell what was counted with it."""

    day = models.DateField(_("Tag"), primary_key=True)
    key = models.CharField(_("Schlüssel"), max_length=64)

    class Meta:
        verbose_name = _("Tagesschlüssel")
        verbose_name_plural = _("Tagesschlüssel")

    def __str__(self) -> str:
        return self.day.isoformat()


class Throttle(models.Model):
    """Failed tries of one account or from one address; which one cannot be read from it."""

    key = models.CharField(_("Prüfwert"), max_length=64, primary_key=True)
    num_failures = models.PositiveIntegerField(_("Fehlversuche"), default=0)
    last_at = models.DateTimeField(_("zuletzt"), db_index=True)

    class Meta:
        verbose_name = _("Bremse")
        verbose_name_plural = _("Bremsen")

    def __str__(self) -> str:
        return str(self.num_failures)
