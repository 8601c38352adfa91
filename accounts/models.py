"""Staff accounts, their sessions, the links that let somebody in, and what was done. Young people never have an account."""

from binascii import unhexlify
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import app_keys


class User(AbstractUser):
    """A staff account. Refer to it by ``settings.AUTH_USER_MODEL`` only."""

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")


class CodeApp(TOTPDevice):
    """The app that makes an account's six-digit codes. Its secret is stored sealed, never in plain."""

    key: str
    user_id: int
    objects: "models.Manager[CodeApp]"

    class Meta:
        proxy = True
        verbose_name = _("App für Codes")
        verbose_name_plural = _("Apps für Codes")

    @property
    def bin_key(self) -> bytes:
        """Return the secret, where the library reads it. Raises UnreadableKeyError or KeyMissingError."""
        return app_keys.unseal(self.key, account=self.user_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Seal the random secret the library gives a new row. Raises KeyMissingError; then nothing is stored."""
        if self._state.adding:
            self.key = app_keys.seal(unhexlify(self.key), account=self.user_id)
        super().save(*args, **kwargs)


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


class AuditEntry(models.Model):
    """Who did what and when. Written once by ``accounts.audit``; triggers in the database refuse changes.

    Account, agency and subject are plain keys: a relation would change entries when its row goes.
    Holds no name, no address and no value of a field.
    """

    at = models.DateTimeField(_("wann"), db_index=True)
    actor = models.PositiveBigIntegerField(
        _("Konto"), null=True, blank=True, help_text=_("Leer: ein Programm, zum Beispiel der nächtliche Lauf.")
    )
    role = models.CharField(_("Aufgabe damals"), max_length=12, blank=True)
    actor_agency = models.PositiveBigIntegerField(_("Stelle des Kontos"), null=True, blank=True)
    action = models.CharField(_("was"), max_length=60, db_index=True)
    subject = models.CharField(_("woran"), max_length=120, db_index=True)
    agency = models.PositiveBigIntegerField(_("Stelle"), null=True, blank=True, db_index=True)
    detail = models.CharField(_("dazu"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Eintrag im Protokoll")
        verbose_name_plural = _("Protokoll: wer hat was getan?")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class OutboxMessage(models.Model):
    """Something to tell by mail, stored together with its cause. It holds no address, no text and no secret."""

    class State(models.TextChoices):
        """How far the row has come. The last four are ends."""

        WAITING = "waiting", _("wartet")
        SENDING = "sending", _("wird verschickt")
        SENT = "sent", _("verschickt")
        NOT_NEEDED = "not_needed", _("nicht mehr nötig")
        DOUBTFUL = "doubtful", _("vielleicht verschickt")
        FAILED = "failed", _("nicht zustellbar")

    kind = models.CharField(_("Anlass"), max_length=60)
    subject = models.CharField(_("Bezug"), max_length=120, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("angelegt am"))
    first_due_at = models.DateTimeField(_("zu verschicken ab"))
    due_at = models.DateTimeField(_("nächster Versuch"))
    num_tries = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    # Keyed hashes, with spaces between, of the mails of this row that left, may have left, or are leaving just now.
    delivered = models.TextField(_("angekommen"), blank=True)
    in_doubt = models.TextField(_("vielleicht angekommen"), blank=True)
    leaving = models.CharField(_("gerade unterwegs"), max_length=64, blank=True)
    claim = models.CharField(_("in Arbeit bei"), max_length=32, blank=True)
    claimed_at = models.DateTimeField(_("in Arbeit seit"), null=True, blank=True)
    last_error = models.CharField(_("letzte Störung"), max_length=60, blank=True)
    done_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Mail im Ausgang")
        verbose_name_plural = _("Mails im Ausgang")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="outbox_state_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], done_at=None)
                | Q(state__in=["sent", "not_needed", "doubtful", "failed"], done_at__isnull=False),
                name="outboxmessage_end_has_a_time",
                violation_error_message=_("Eine erledigte Mail braucht den Tag, an dem sie erledigt war."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class JobRun(models.Model):
    """When a job that runs by itself last began and last ended well. One row a job."""

    name = models.CharField(_("Name"), max_length=40, unique=True)
    began_at = models.DateTimeField(_("zuletzt begonnen"))
    done_at = models.DateTimeField(_("zuletzt gut beendet"), null=True, blank=True)

    class Meta:
        verbose_name = _("Lauf")
        verbose_name_plural = _("Läufe")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
