"""Links by mail that let somebody choose a password: one hour, one use, only the hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.audit import record, subject_of
from accounts.models import OneTimeLink, User
from accounts.sessions import end_sessions


class LinkGoneError(Exception):
    """The link was used or became too old since the page was opened."""


@transaction.atomic
def make_link(*, user: User, purpose: str, at: datetime) -> str:
    """Return the secret of a new link; earlier links of the account open nothing any more."""
    user.one_time_links.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        token_hash=_hash(token),
        created_at=at,
        expires_at=at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )
    return token


def find_link(token: str, *, at: datetime) -> OneTimeLink | None:
    """Return the link a secret belongs to while it still opens the door."""
    return OneTimeLink.objects.open(at=at).select_related("user").filter(token_hash=_hash(token)).first()


@transaction.atomic
def set_password(*, link: OneTimeLink, password: str, at: datetime) -> User:
    """Use the link up, set the password and end every login of the account. The second factor stays.

    Raises LinkGoneError.
    """
    if not OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=at).update(used_at=at):
        raise LinkGoneError
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    record(actor=user, action="user.password", subject=subject_of(user), at=at, detail=link.purpose)
    return user


def _hash(token: str) -> str:
    # The secret has 256 bits, so a plain hash is enough; see docs/adr/0018.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
