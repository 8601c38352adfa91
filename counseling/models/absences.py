"""Who of the counsellors is away, and who stands in meanwhile."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.models import Membership, Role


class DeskAbsenceQuerySet(models.QuerySet["DeskAbsence"]):
    """Asks for the absences of a day."""

    def on(self, day: date) -> Self:
        """Return the absences that count on a day, both ends included."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class DeskAbsence(models.Model):
    """A counsellor is away. What is assigned to that person can be read and answered by the substitute meanwhile."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_absences", verbose_name=_("Wer ist weg?")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("Vertretung"),
        help_text=_("Sieht in dieser Zeit die Anfragen dieser Person und bekommt ihre Mails. Danach nicht mehr."),
    )
    starts_on = models.DateField(_("vom"))
    ends_on = models.DateField(_("bis"))

    objects = DeskAbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vertretung")
        verbose_name_plural = _("Vertretungen")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="deskabsence_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=~Q(user=F("substitute")),
                name="deskabsence_substitute_is_somebody_else",
                violation_error_message=_("Niemand vertritt sich selbst."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y} – {self.ends_on:%d.%m.%Y}"

    def clean(self) -> None:
        """Both are counsellors of one agency: nothing leaves it by a substitute."""
        members = Membership.objects.filter(user__in=[self.user_id, self.substitute_id], role=Role.COUNSELOR)
        agencies = dict(members.values_list("user", "agency"))
        mine: Any = agencies.get(self.user_id)
        if self.user_id != self.substitute_id and (mine is None or mine != agencies.get(self.substitute_id)):
            raise ValidationError({"substitute": _("Die Vertretung muss in derselben Stelle beraten.")})
