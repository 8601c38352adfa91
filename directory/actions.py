"""Writes that more than one place needs."""

from django.db.models import F

from directory.models import ContentVersion


def raise_content_version() -> None:
    """Say that public content changed. Call it in the transaction that changes it."""
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.create(pk=1, number=1)


def content_version() -> int:
    """Return the number of the current content; 0 before anything was loaded."""
    number = ContentVersion.objects.filter(pk=1).values_list("number", flat=True).first()
    return number or 0
