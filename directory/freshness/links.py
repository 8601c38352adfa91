"""The secret in the mail: 256 random bits, 30 days, only its hash is kept. As ``accounts.links``, without an account."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from directory.freshness.dates import LINK_DAYS
from directory.models import ConfirmationLink, ConfirmationRequest

LONGEST = 100


def make_link(request: ConfirmationRequest, *, at: datetime) -> str:
    """Return the address of a new link. Earlier ones stay good: nobody knows which mail will be opened."""
    token = secrets.token_urlsafe(32)
    ConfirmationLink.objects.create(
        request=request, token_hash=_hash(token), created_at=at, expires_at=at + timedelta(days=LINK_DAYS)
    )
    return f"{settings.BASE_URL}{reverse('directory:confirm')}?t={token}"


def find_request(token: str, *, at: datetime) -> ConfirmationRequest | None:
    """Return the question a secret belongs to while it still waits for an answer. One query, nothing is written."""
    if not token or len(token) > LONGEST:
        return None
    links = ConfirmationLink.objects.open(at=at).select_related("request__agency")
    link = links.filter(token_hash=_hash(token)).first()
    return link.request if link else None


def _hash(token: str) -> str:
    # The secret has 256 bits, so a plain hash is enough.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
