"""Why somebody read an appointment who does not counsel."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.appointments import Booking


class BookingReason(models.Model):
    """The reason of a lead, sealed as all that is said about a person; the person may read it."""

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reasons", verbose_name=_("Termin"))
    text_sealed = models.BinaryField(_("Grund, verschlüsselt"))
    written_at = models.DateTimeField(_("geschrieben am"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("geschrieben von"),
    )

    class Meta:
        verbose_name = _("Grund zum Lesen")
        verbose_name_plural = _("Gründe zum Lesen")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)
