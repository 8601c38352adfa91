"""Who sees what was entrusted to an agency: one rule for enquiries and appointments."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from counseling.models.absences import DeskAbsence
from directory.models import Agency, Role
from directory.rights import membership_of


def entrusted_to(user: Any, *, on: date | None = None) -> Q | None:
    """Return the rows of the account's own agency, for counsellors and leads only; None for everybody else.

    In a youth welfare office what is entrusted stays with the named person (§ 65 SGB VIII):
    counsellors see what is theirs, what they stand in for, and what nobody has taken yet. ``on`` is
    the day whose absences count, today if nothing is said. Technicians and the coordination see none.
    """
    membership = membership_of(user)
    if membership is None or not user.is_active or membership.role not in (Role.COUNSELOR, Role.LEAD):
        return None
    rows = Q(agency_id=membership.agency_id)
    if membership.role == Role.COUNSELOR and membership.agency.kind == Agency.Kind.YOUTH_WELFARE_OFFICE:
        away = DeskAbsence.objects.on(on or timezone.localdate()).filter(
            substitute=user, user__membership__agency=membership.agency_id
        )
        theirs = Q(assigned_to=user) | Q(deputy=user) | Q(assigned_to__in=away.values("user"))
        rows &= theirs | Q(assigned_to=None)
    return rows
