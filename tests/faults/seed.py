"""People who read enquiries, for drills."""

from django.apps import apps
from django.utils import timezone

from accounts.models import User
from counseling.models import DeskVisit
from directory.models import Agency, Membership

READERS = 2


def plant() -> None:
    """Confirm every record, as a county does before it goes public, and give two agencies a counsellor who reads."""
    for model in apps.get_models():
        if "is_example" in {field.name for field in model._meta.concrete_fields}:
            model._default_manager.update(is_example=False, verified=True, checked_on=timezone.localdate())
    for number, agency in enumerate(_with_a_door()[:READERS]):
        user = User.objects.create(username=f"drill-{number}", email=f"drill-{number}@example.org", is_staff=True)
        Membership.objects.create(user=user, agency=agency, role="counselor")
        DeskVisit.objects.create(user=user, opened_at=timezone.now())


def _with_a_door() -> list[Agency]:
    """Return the public agencies with a public contact point of their own, always in the same order."""
    rows = Agency.objects.filter(status="published", owned_contact_points__status="published")
    return list(rows.distinct().order_by("pk"))
