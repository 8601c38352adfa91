"""What enquiries and appointments have in common: entrusted to one agency, sealed, and found by a code."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.visibility import entrusted_to

M = TypeVar("M", bound=models.Model)


class EntrustedQuerySet(models.QuerySet[M]):
    """Says once who sees which row."""

    def visible_to(self, user: Any, *, on: date | None = None) -> Self:
        """Rows the account may see on a day, today if nothing is said; see ``entrusted_to``."""
        rows = entrusted_to(user, on=on)
        return self.none() if rows is None else self.filter(rows)


class Entrusted(models.Model):
    """A row with a random key: a ciphertext is tied to its row before the row exists."""

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.CharField(_("Kennung"), max_length=4, unique=True)
    about_sealed = models.BinaryField(_("Angaben zur Person, verschlüsselt"))
    token_hash = models.CharField(_("Prüfwert des Formulars"), max_length=64, unique=True)
    code_hash = models.CharField(_("Prüfwert des Codes"), max_length=64)
    code_key = models.CharField(_("Name des Schlüssels zum Code"), max_length=20)
    notice_version = models.CharField(_("Fassung des Hinweises"), max_length=16)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bearbeitet von"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Vertretung"),
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("assigned_to")),
                name="%(class)s_deputy_is_somebody_else",
                violation_error_message=_("Die Vertretung ist eine andere Person."),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class SealedText(models.Model):
    """Something that was written about or to a person, sealed; the person may read all of it."""

    id = models.UUIDField(_("Nummer"), primary_key=True, default=uuid.uuid4, editable=False)
    text_sealed = models.BinaryField(_("Text, verschlüsselt"))
    written_at = models.DateTimeField(_("geschrieben am"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("geschrieben von"),
    )

    class Meta:
        abstract = True
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)
