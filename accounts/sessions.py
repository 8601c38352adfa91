"""Open logins: how long they last, which there are, and how to end them."""

import re
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.models import StaffSession, User

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
NOTED_EVERY = timedelta(minutes=1)

# The first that fits: most browsers also name the others.
BROWSERS = (("Edg", "Edge"), ("OPR|Opera", "Opera"), ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux|X11", "Linux"))  # fmt: skip


def device_text(agent: str) -> str:
    """Return browser and system in two words, nothing that tells two such devices apart."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, agent)), "")
    if browser and system:
        return gettext("%(browser)s unter %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("unbekanntes Gerät")


def is_open(request: HttpRequest, *, at: datetime) -> bool:
    """Say whether the login of this request still holds; note that it is used, or end it.

    A login ends after half an hour without use and after eight hours in any case.
    """
    row = StaffSession.objects.filter(session_id=request.session.session_key).first()
    request.login_ends_at = (row.started_at if row else at) + LONGEST  # type: ignore[attr-defined]
    if row is None:
        return start(request, at=at)
    if at - row.seen_at >= IDLE or at - row.started_at >= LONGEST:
        logout(request)
        return False
    if at - row.seen_at >= NOTED_EVERY:
        StaffSession.objects.filter(pk=row.pk).update(seen_at=at)
    return True


def start(request: HttpRequest, *, at: datetime) -> bool:
    """List the login of this request; False when its session ended meanwhile."""
    try:
        with transaction.atomic():
            StaffSession.objects.get_or_create(
                session_id=request.session.session_key,
                defaults={
                    "user_id": request.user.pk,
                    "device": device_text(request.META.get("HTTP_USER_AGENT", "")[:500]),
                    "started_at": at,
                    "seen_at": at,
                },
            )
    except IntegrityError:
        return False
    return True


def end_sessions(*, user: User, except_key: str | None = None) -> int:
    """End every login of an account, but the one with this session key; return how many."""
    rows = Session.objects.filter(staff_session__user=user)
    keys = list(rows.exclude(pk=except_key).values_list("pk", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
