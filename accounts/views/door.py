"""Who stands before the door: nobody yet, somebody with the first factor, or somebody who is in.

Whoever has shown the password only is no user for any page: the session holds a note, not a login.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol

import django_otp
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django_otp.models import Device

from accounts import sessions
from accounts.audit import record, subject_of
from accounts.models import User
from accounts.second_factor import device_of

logger = logging.getLogger(__name__)
PENDING = "first_factor"
PENDING_FOR = timedelta(minutes=10)


class Site(Protocol):
    """What the pages need to know of the back office."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every template of the back office gets."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this visitor is in."""

    def may_enter(self, user: User) -> bool:
        """Whether the account has a place here at all."""

    def needs_second_factor(self, user: User) -> bool:
        """Whether the second factor is compulsory for the account."""


def remember(request: HttpRequest, user: User, *, target: str, at: datetime) -> None:
    """Note in the session that this account has shown its password."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": at.timestamp(),
        "next": target,
    }


def pending_user(request: HttpRequest, *, at: datetime) -> User | None:
    """Return the account that has shown its password within the last minutes, and nothing else yet."""
    note = request.session.get(PENDING)
    if not note or at.timestamp() - note["at"] > PENDING_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=note["user"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), note["hash"]) else None


def visitor(request: HttpRequest, site: Site) -> User | None:
    """Return who may set up a second factor: who is in, or who lacks only that.

    An account that has an app already is not asked to make another one before it has used it.
    """
    if site.has_permission(request):
        return request.user  # type: ignore[return-value]
    user = pending_user(request, at=timezone.now())
    return user if user and device_of(user) is None else None


def next_step(request: HttpRequest, site: Site, user: User, *, target: str) -> HttpResponse:
    """After the right password: let in, ask for a code, or ask to set up the second factor."""
    if device_of(user) is not None:
        step = "admin:login_code"
    elif site.needs_second_factor(user):
        step = "admin:second_factor"
    else:
        return let_in(request, user, target=target)
    remember(request, user, target=target, at=timezone.now())
    return redirect(step)


def let_in(request: HttpRequest, user: User, *, target: str, device: Device | None = None) -> HttpResponse:
    """Log in with a new session and go where the visitor wanted to go."""
    enter(request, user, device=device)
    return redirect(safe_target(request, target))


def enter(request: HttpRequest, user: User, *, device: Device | None = None) -> None:
    """Log in with a new session key; the second factor is noted when it was shown."""
    request.session.pop(PENDING, None)
    login(request, user)
    if device is not None:
        django_otp.login(request, device)
    at = timezone.now()
    sessions.start(request, at=at)
    step = "password" if device is None else "second factor"
    record(actor=user, action="user.login", subject=subject_of(user), agency=agency_key(user), at=at, detail=step)


def refuse(user: User | None, step: str) -> None:
    """Note that a step of the login was refused. Without ``user`` nobody knows who it was, known name or not."""
    logger.warning("login refused: %s", step)
    subject = subject_of(user) if user else "accounts.user:"
    record(
        actor=None,
        action="user.login_refused",
        subject=subject,
        agency=agency_key(user),
        at=timezone.now(),
        detail=step,
    )


def agency_key(user: User | None) -> int | None:
    """Return the agency an account belongs to, as it hangs on the account; the agencies are above this app."""
    membership: Any = getattr(user, "membership", None)
    key: int | None = getattr(membership, "agency_id", None)
    return key


def pending_target(request: HttpRequest) -> str:
    """Return the page the visitor asked for first."""
    return str(request.session.get(PENDING, {}).get("next", ""))


def safe_target(request: HttpRequest, target: str) -> str:
    """Return the address when it is one of ours, else the first page."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "admin:index"


def page(
    request: HttpRequest, site: Site, template: str, title: Any, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page in the frame of the back office."""
    base = {**site.each_context(request), "title": title}
    return TemplateResponse(request, template, base | context, status=status)


def waiting_text(wait: timedelta) -> str:
    """Say how long to wait, in words."""
    seconds = int(wait.total_seconds()) + 1
    if seconds < 120:
        text = ngettext(
            "Zu viele Versuche. Bitte warten Sie %(n)d Sekunde.",
            "Zu viele Versuche. Bitte warten Sie %(n)d Sekunden.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Zu viele Versuche. Bitte warten Sie %(n)d Minute.",
        "Zu viele Versuche. Bitte warten Sie %(n)d Minuten.",
        minutes,
    )
    return text % {"n": minutes}
