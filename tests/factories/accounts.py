"""People of the back office, logged in as far as a test needs it."""

import time
from typing import Any

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP

from accounts.models import CodeApp, User
from directory.models import Agency, Membership

PASSWORD = "vier Wörter ohne jeden Sinn"


def staff(name: str, *, role: str = "editor", agency: Agency | None = None, **fields: Any) -> User:
    """Return an account that may log in to the back office: a technician, or somebody of an agency."""
    user = User.objects.create_user(name, **{"email": f"{name}@example.org", "is_staff": True, **fields})
    if not user.is_superuser:
        Membership.objects.create(user=user, role=role, agency=agency or agency_for(role))
    return User.objects.get(pk=user.pk)


def agency_for(role: str) -> Agency:
    """Return an agency that may give the role."""
    kind = {"school": Agency.Kind.SCHOOL, "coordinator": Agency.Kind.COORDINATION}.get(role, Agency.Kind.JOB_CENTRE)
    defaults = {"name": f"Stelle für {role}", "kind": kind}
    return Agency.objects.get_or_create(slug=f"stelle-{kind.value.replace('_', '-')}", defaults=defaults)[0]


def app_of(user: User) -> CodeApp:
    """Return the account's app for codes; made when it has none."""
    return CodeApp.objects.get_or_create(user=user, confirmed=True, defaults={"name": "App"})[0]


def code_of(device: CodeApp, *, steps: int = 0) -> str:
    """Return the six digits the app shows now, or some half minutes later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def log_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """Log in as if password and, unless told otherwise, a code had been shown."""
    client.force_login(user)
    if second_factor:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = app_of(user).persistent_id
        session.save()
    return client
