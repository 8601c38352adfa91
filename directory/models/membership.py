"""Who works for which agency, and as what. One account belongs to one agency."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.agency import Agency


class Role(models.TextChoices):
    """What somebody does for the agency. Technicians are superusers and belong to none."""

    EDITOR = "editor", _("Redaktion")
    COUNSELOR = "counselor", _("Beratung")
    LEAD = "lead", _("Leitung")
    COORDINATOR = "coordinator", _("Koordination")
    SCHOOL = "school", _("Schule")


UNKNOWN_ROLE = _("Diese Aufgabe gibt es nicht.")
SCHOOLS = (Agency.Kind.SCHOOL, Agency.Kind.VOCATIONAL_SCHOOL)
_OF_PARTNERS = (Role.EDITOR, Role.COUNSELOR, Role.LEAD)


def roles_at(agency: Agency) -> tuple[Role, ...]:
    """Return the roles an agency may give: schools and the coordination office never see an enquiry."""
    if agency.kind in SCHOOLS:
        return (Role.SCHOOL,)
    return (Role.COORDINATOR,) if agency.kind == Agency.Kind.COORDINATION else _OF_PARTNERS


class Membership(models.Model):
    """Ties an account to its agency. It may leave, but never changes to another one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership", verbose_name=_("Konto")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("Stelle"))
    role = models.CharField(
        _("Aufgabe"),
        max_length=12,
        choices=Role,
        help_text=_("Daraus folgen alle Rechte. Eine Änderung wirkt sofort."),
    )

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        ordering = ["user__username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["editor", "counselor", "lead", "coordinator", "school"]),
                name="membership_role_is_known",
                violation_error_message=UNKNOWN_ROLE,
            )
        ]

    def __str__(self) -> str:
        return self.user.get_username()

    def clean(self) -> None:
        """Refuse a role the agency cannot give, and a technician as member."""
        if self.user_id and self.user.is_superuser:
            raise ValidationError(_("Die Technik gehört zu keiner Stelle. Bitte ein eigenes Konto anlegen."))
        if self.role not in Role.values:
            raise ValidationError({"role": UNKNOWN_ROLE})
        if self.agency_id and self.role not in roles_at(self.agency):
            words = ", ".join(str(role.label) for role in roles_at(self.agency))
            raise ValidationError({"role": _("An dieser Stelle gibt es nur: %(roles)s.") % {"roles": words}})
