"""Imports that somebody began and nobody finished, for the queue of the back office."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.exchange.registry import kind_of
from directory.models import Import
from directory.queue import Waiting

RIGHT = "directory.add_import"


class UnfinishedImports:
    """Tables that were uploaded and not carried out."""

    kind = "imports"
    label = _("Import wartet")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return the oldest first: after seven days they are deleted."""
        if not user.has_perm(RIGHT):
            return []
        return [
            Waiting(
                kind=self.kind,
                title=_title(batch),
                url=reverse("admin:directory_import_step", args=[batch.pk]),
                agency=batch.agency_id,
                since=timezone.localtime(batch.at).date(),
            )
            for batch in _unfinished(agencies).order_by("at", "pk")[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many wait at each agency."""
        rows = _unfinished(agencies).order_by().values_list("agency").annotate(number=Count("pk"))
        return dict(rows)


def _unfinished(agencies: frozenset[int] | None) -> QuerySet[Import]:
    rows = Import.objects.filter(state__in=Import.UNFINISHED)
    return rows if agencies is None else rows.filter(agency__in=agencies)


def _title(batch: Import) -> str:
    kind = kind_of(batch.kind)
    return f"{kind.label if kind else batch.kind}: {batch.get_state_display()}"


IMPORTS = UnfinishedImports()
