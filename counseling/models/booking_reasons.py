"""Why somebody read an appointment who does not counsel."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.appointments import Booking
from counseling.models.entrusted import SealedText


class BookingReason(SealedText):
    """The reason of a lead."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reasons", verbose_name=_("Termin"))

    class Meta(SealedText.Meta):
        verbose_name = _("Grund zum Lesen")
        verbose_name_plural = _("Gründe zum Lesen")
