"""Agencies that read, and enquiries to them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from counseling.about import About
from counseling.actions.enquiries import Draft, Sent, send_enquiry
from counseling.codes import new_token
from counseling.models import DeskVisit
from directory.models import Agency
from tests.factories.accounts import staff
from tests.factories.directory import AgencyFactory

AT = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
CANARY = "Kanarienvogel-7d1f-Ä€😀"


def counselor(name: str = "beratung", *, agency: Agency | None = None, at: datetime | None = None) -> User:
    """Return a counsellor who has just looked into the inbox."""
    user = staff(name, role="counselor", agency=agency or AgencyFactory(kind="job_centre"))
    DeskVisit.objects.create(user=user, opened_at=at or timezone.now())
    return user


def draft(agency: Agency, **changes: Any) -> Draft:
    """Return something to send."""
    values: dict[str, Any] = {
        "agency": agency,
        "topic": "reden",
        "text": CANARY,
        "about": About(),
        "due_at": changes.pop("at", AT) + timedelta(days=2),
        "notice_version": "1",
    }
    return Draft(**{**values, **changes})


def sent(agency: Agency, *, token: str = "", at: datetime = AT, source: str = "192.0.2.1", **changes: Any) -> Sent:
    """Return a stored enquiry with its code."""
    return send_enquiry(draft=draft(agency, **changes), token=token or new_token(), source=source, at=at)
