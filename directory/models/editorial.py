"""Changes that wait for their release, and the states that were public before.

What the JSON holds is said in ``directory.editorial.snapshot``. A ``Change`` may hold names and numbers
of persons while it is open; a ``Revision`` never does.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.fields import PlainJSONField
from directory.models.agency import Agency


class Change(models.Model):
    """What somebody wants to change on an item; at most one is open per item.

    An empty ``snapshot`` means the row itself, which is not public yet.
    """

    class State(models.TextChoices):
        """Where the change stands."""

        DRAFT = "draft", _("in Arbeit")
        REVIEW = "review", _("in Prüfung")
        SENT_BACK = "sent_back", _("zurückgegeben")
        SCHEDULED = "scheduled", _("freigegeben für später")
        RELEASED = "released", _("veröffentlicht")
        WITHDRAWN = "withdrawn", _("verworfen")

    OPEN = (State.DRAFT, State.REVIEW, State.SENT_BACK, State.SCHEDULED)

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("Art des Eintrags")
    )
    object_id = models.PositiveBigIntegerField(_("Nummer des Eintrags"))
    agency = models.ForeignKey(
        Agency, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Stelle")
    )
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("Fassung"), default=1)
    base = PlainJSONField(_("ausgegangen von"), default=dict, blank=True)
    snapshot = PlainJSONField(_("vorgeschlagen"), default=dict, blank=True)
    # Keys of all accounts that had a hand in it: none of them counts as the second pair of eyes.
    authors = PlainJSONField(_("von"), default=list, blank=True)
    origin = models.CharField(_("Weg"), max_length=20, default="form")
    comment = models.TextField(_("Bemerkung"), blank=True, max_length=1000)
    reason = models.TextField(_("Begründung"), blank=True, max_length=1000)
    release_on = models.DateField(_("veröffentlichen ab"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entschieden von"),
    )
    created_at = models.DateTimeField(_("angelegt"))
    updated_at = models.DateTimeField(_("zuletzt geändert"))

    class Meta:
        verbose_name = _("Änderung")
        verbose_name_plural = _("Änderungen")
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["state", "updated_at"], name="change_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state__in=["draft", "review", "sent_back", "scheduled"]),
                name="change_open_once",
                violation_error_message=_("Für diesen Eintrag ist schon eine Änderung offen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """True until it is released or given up."""
        return self.state in self.OPEN


class Revision(models.Model):
    """A state that was public, without persons. ``snapshot`` is what ``restore`` brings back."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("Art des Eintrags")
    )
    object_id = models.PositiveBigIntegerField(_("Nummer des Eintrags"))
    snapshot = PlainJSONField(_("Stand"))
    released_at = models.DateTimeField(_("öffentlich seit"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )

    class Meta:
        verbose_name = _("frühere Fassung")
        verbose_name_plural = _("frühere Fassungen")
        ordering = ["-released_at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-released_at"], name="revision_of_item")]

    def __str__(self) -> str:
        return f"{self.released_at:%d.%m.%Y %H:%M}"
