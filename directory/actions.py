"""Writes that more than one place needs."""

import secrets

from django.db.models import F

from directory.models import ContentVersion


def raise_content_version() -> None:
    """Say that public content changed. Call it in the transaction that changes it."""
    stamp = secrets.token_hex(8)
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1, stamp=stamp):
        ContentVersion.objects.create(pk=1, number=1, stamp=stamp)
