"""Handing over with consent: what is proposed, and the proof that it was agreed to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.enquiry import Enquiry
from directory.models import Agency


class Proposal(models.Model):
    """What an agency would like to pass on to another one. It waits for the person; nothing has moved yet."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("wartet auf Einwilligung")
        GIVEN = "given", _("weitergegeben")
        REFUSED = "refused", _("abgelehnt")
        WITHDRAWN = "withdrawn", _("zurückgenommen")

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("Anfrage"))
    target = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("an die Stelle"))
    offer_sealed = models.BinaryField(_("was weitergegeben würde, verschlüsselt"))
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("gefragt am"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gefragt von"),
    )
    decided_at = models.DateTimeField(_("entschieden am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Vorschlag zur Weitergabe")
        verbose_name_plural = _("Vorschläge zur Weitergabe")
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Consent(models.Model):
    """The proof of a consent: hash and times, no content. Outlives the enquiry by law, for twelve months."""

    class Channel(models.TextChoices):
        """How the person said yes."""

        ONLINE = "online", _("auf der Seite mit dem Code")
        IN_PERSON = "in_person", _("persönlich")
        PHONE = "phone", _("am Telefon")

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.CharField(_("Kennung"), max_length=4)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.SET_NULL, null=True, blank=True, related_name="consent", verbose_name=_("Vorschlag")
    )
    copied_to = models.ForeignKey(
        Enquiry,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("neue Anfrage"),
    )
    source = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("von der Stelle"))
    target = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("an die Stelle"))
    text_hash = models.CharField(_("Prüfwert des Textes"), max_length=64)
    fields = models.CharField(_("welche Angaben"), max_length=200)
    channel = models.CharField(_("Weg"), max_length=10, choices=Channel)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("aufgeschrieben von"),
    )
    given_at = models.DateTimeField(_("gegeben am"), db_index=True)
    expires_at = models.DateTimeField(_("gilt bis"))
    withdrawn_at = models.DateTimeField(_("zurückgenommen am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")

    def __str__(self) -> str:
        return self.public_id
