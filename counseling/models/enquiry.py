"""Enquiries: one question of one young person to exactly one agency.

Everything the person wrote is a ciphertext (``*_sealed``). Rows have random keys: a ciphertext is tied
to its row before the row exists. ``visible_to`` is the only way in for pages.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counseling.models.entrusted import Entrusted, EntrustedQuerySet, SealedText
from directory.models import Agency, ContactPoint


class Topic(models.TextChoices):
    """What it is about, roughly; also the groups of the sentence cards."""

    SCHOOL = "schule", _("Schule und Abschluss")
    TRAINING = "ausbildung", _("Ausbildung")
    WORK = "arbeit", _("Arbeit und Jobs")
    FUTURE = "zukunft", _("Wie geht es weiter?")
    MONEY = "geld", _("Geld")
    HOME = "zuhause", _("Zuhause und Familie")
    HOUSING = "wohnen", _("Wohnen")
    HEALTH = "gesundheit", _("Wie es mir geht")
    NEW_HERE = "neu-hier", _("Neu hier")
    TALK = "reden", _("Einfach reden")


HARMLESS_TOPICS = frozenset({Topic.SCHOOL, Topic.TRAINING, Topic.WORK, Topic.FUTURE, Topic.TALK})
"""Topics that may stand in an address; see docs/adr/0009."""


class AgeBand(models.TextChoices):
    """Coarse on purpose."""

    UNDER_15 = "unter-15", _("unter 15")
    FROM_15 = "15-17", _("15 bis 17")
    FROM_18 = "18-20", _("18 bis 20")
    FROM_21 = "21-26", _("21 bis 26")
    NOT_SAID = "", _("Sag ich nicht")


class EnquiryQuerySet(EntrustedQuerySet["Enquiry"]):
    """Says which enquiries count as open."""

    def open(self) -> Self:
        """Enquiries that are not closed."""
        return self.exclude(status=Enquiry.Status.CLOSED)


class Enquiry(Entrusted):
    """One enquiry; its conversation hangs on it."""

    class Status(models.TextChoices):
        """Where it stands; the pages of the person say it in sentences."""

        NEW = "new", _("eingegangen")
        READ = "read", _("gelesen")
        ASKED = "asked", _("Rückfrage gestellt")
        ANSWERED = "answered", _("beantwortet")
        CLOSED = "closed", _("abgeschlossen")

    class Outcome(models.TextChoices):
        """How it ended."""

        TALKED = "talked", _("Gespräch fand statt")
        TAKEN_OVER = "taken_over", _("in Fachverfahren übernommen")
        REFERRED = "referred", _("an eine andere Stelle verwiesen")
        ANSWERED = "answered", _("Frage ist beantwortet")
        OUTSIDE = "outside", _("außerhalb bearbeitet")
        SILENT = "silent", _("keine Rückmeldung mehr")
        WITHDRAWN = "withdrawn", _("von der Person gelöscht")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="enquiries", verbose_name=_("Stelle"))
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("über die Anlaufstelle"),
    )
    topic = models.CharField(_("Thema"), max_length=12, choices=Topic)
    status = models.CharField(_("Stand"), max_length=10, choices=Status, default=Status.NEW)
    outcome = models.CharField(_("Ausgang"), max_length=12, choices=Outcome, blank=True)
    received_at = models.DateTimeField(_("eingegangen am"), db_index=True)
    due_at = models.DateTimeField(_("Antwort bis"))
    read_at = models.DateTimeField(_("gelesen am"), null=True, blank=True)
    answered_at = models.DateTimeField(_("zuletzt beantwortet am"), null=True, blank=True)
    active_at = models.DateTimeField(_("zuletzt bewegt am"), db_index=True)
    closed_at = models.DateTimeField(_("abgeschlossen am"), null=True, blank=True, db_index=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta(Entrusted.Meta):
        verbose_name = _("Anfrage")
        verbose_name_plural = _("Anfragen")
        indexes = [
            models.Index(fields=["agency", "status", "due_at"], name="enquiry_inbox"),
            # Every sending counts how many wait, so that a flood ends somewhere.
            models.Index(fields=["status"], name="enquiry_waiting"),
        ]
        constraints = [
            *Entrusted.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(status="closed") & ~Q(outcome="") & Q(closed_at__isnull=False))
                | (~Q(status="closed") & Q(outcome="") & Q(closed_at__isnull=True)),
                name="enquiry_closed_has_an_outcome",
                violation_error_message=_("Beim Abschließen bitte sagen, wie es ausging."),
            ),
        ]

    @property
    def is_closed(self) -> bool:
        """True once it has ended."""
        return self.status == self.Status.CLOSED

    @property
    def waits_for_us(self) -> bool:
        """True while the person waits for an answer."""
        return self.status in (self.Status.NEW, self.Status.READ)


class Message(SealedText):
    """One text of the conversation, by the person or by the agency."""

    class Kind(models.TextChoices):
        """Who wrote it, and what for."""

        FROM_PERSON = "person", _("Nachricht der Person")
        ANSWER = "answer", _("Antwort")
        QUESTION = "question", _("Rückfrage")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages", verbose_name=_("Anfrage"))
    kind = models.CharField(_("Art"), max_length=10, choices=Kind)
    # Two texts of one minute keep their order.
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    seen_at = models.DateTimeField(_("von der Person gelesen am"), null=True, blank=True)

    class Meta(SealedText.Meta):
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "position"],
                name="message_one_after_the_other",
                violation_error_message=_("Gerade hat noch jemand geschrieben."),
            )
        ]

    @property
    def is_from_person(self) -> bool:
        """True for what the young person wrote."""
        return self.kind == self.Kind.FROM_PERSON


class Note(SealedText):
    """What the agency notes for itself; the person may read it, as everything that is stored."""

    class Kind(models.TextChoices):
        """A note, or why a lead opened the enquiry."""

        NOTE = "note", _("Notiz")
        REASON = "reason", _("Grund zum Lesen")
        TASK = "task", _("Zu tun")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes", verbose_name=_("Anfrage"))
    kind = models.CharField(_("Art"), max_length=10, choices=Kind, default=Kind.NOTE)

    class Meta(SealedText.Meta):
        verbose_name = _("Notiz")
        verbose_name_plural = _("Notizen")


class EnquiryCount(models.Model):
    """What may be counted for ever: month, agency, topic, age band, what happened. No text, no code.

    Keys are random, so that the order of rows does not tell which enquiry they came from.
    """

    class Event(models.TextChoices):
        """What is counted; the other values are outcomes of enquiries."""

        RECEIVED = "received", _("eingegangen")
        BOOKED = "booked", _("Termin gebucht")
        CAME = "came", _("kam zum Termin")
        MISSED = "missed", _("kam nicht zum Termin")
        CANCELLED = "cancelled", _("Termin abgesagt")
        CALLED_OFF = "called_off", _("Termin von der Stelle abgesagt")
        DELETED = "deleted", _("Termin von der Person gelöscht")

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("Monat"), db_index=True)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("Stelle"))
    topic = models.CharField(_("Thema"), max_length=12)
    age_band = models.CharField(_("Alter"), max_length=10, blank=True)
    event = models.CharField(_("was"), max_length=12)

    class Meta:
        verbose_name = _("Zahl zu Anfragen")
        verbose_name_plural = _("Zahlen zu Anfragen")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.event}"
