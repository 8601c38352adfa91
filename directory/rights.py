"""How far the rights of an account reach: nothing, one agency, or every agency's public content."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from directory.models import Agency, Membership, Role

SECOND_FACTOR_ROLES = frozenset({Role.COUNSELOR, Role.LEAD})
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Reach:
    """``agency`` is the key of the only agency, None where there is none; it does not count with ``everything``."""

    everything: bool = False
    agency: int | None = None

    def own(self, rows: QuerySet[M], path: str | None) -> QuerySet[M]:
        """Return the rows within reach. ``path`` leads from the row to the agency; None: rows that are everybody's."""
        if path is None or self.everything:
            return rows
        if self.agency is None:
            return rows.none()
        if "__" not in path:
            return rows.filter(**{path: self.agency})
        # A subquery, because a join over several roles would list the row several times.
        return rows.filter(pk__in=rows.model._default_manager.filter(**{path: self.agency}).values("pk"))


def membership_of(user: Any) -> Membership | None:
    """Return what ties an account to its agency; None for technicians, visitors and those without one."""
    found: Membership | None = getattr(user, "membership", None)
    return None if found is None or user.is_superuser or not user.is_active else found


def agency_of(user: Any) -> Agency | None:
    """Return the agency somebody may speak for."""
    membership = membership_of(user)
    return membership.agency if membership else None


def role_of(user: Any) -> Role | None:
    """Return the role at the agency; None for technicians, visitors and those without one."""
    membership = membership_of(user)
    return Role(membership.role) if membership else None


def reach_of(user: Any) -> Reach:
    """Return how far the rights of an account reach at this moment."""
    if user.is_active and user.is_superuser:
        return Reach(everything=True)
    membership = membership_of(user)
    if membership is None:
        return Reach()
    return Reach(everything=membership.role == Role.COORDINATOR, agency=membership.agency_id)


def needs_second_factor(user: Any) -> bool:
    """Whether the second factor is compulsory: for whoever sees enquiries or gives rights."""
    return bool(user.is_superuser) or role_of(user) in SECOND_FACTOR_ROLES
