"""The gap report of the finder: where it named no office, counted without the people.

Counted is only the page that sends somebody to the coordination office because no rule fits, or
because the concern is not known. Of concerns that are nobody's business nothing is counted: what
travels by POST leaves no trace at all. Shown from five on, kept for twelve months.
"""

import logging
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Max, QuerySet, Sum
from django.utils.translation import gettext

from counseling.finder import Finding
from counseling.finder.facts import CONCERNS
from counseling.models import FinderGap
from offers.gaps import KEPT, SHOWN_FROM, hurried, monday

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FinderGapLine:
    """How often a concern found no office of its own within the last twelve months."""

    concern: str
    reason: str
    total: int
    last_week: date


def gap_of(finding: Finding) -> tuple[str, str] | None:
    """Return concern and reason of a result without an office; None for any other, and for sensitive ones."""
    if not finding.is_fallback or finding.alternatives:
        return None
    concern = finding.situation.concern
    if concern is None:
        return "", FinderGap.Reason.UNSURE
    if CONCERNS[concern].sensitive:
        return None
    return concern, FinderGap.Reason.SWITCHED_OFF if finding.switched_off else FinderGap.Reason.NO_RULE


def note_finder_gap(concern: str, reason: str, *, on: date) -> None:
    """Add one to the line of the week. Never fails and never waits: what the database refuses is not counted."""
    key = {"week": monday(on), "concern": concern, "reason": reason}
    try:
        with hurried():
            if FinderGap.objects.filter(**key).update(count=F("count") + 1):
                return
            try:
                with transaction.atomic():
                    FinderGap.objects.create(**key)
            except IntegrityError:  # somebody else began it in this moment
                FinderGap.objects.filter(**key).update(count=F("count") + 1)
    except DatabaseError as error:
        logger.info("a gap of the finder was not counted: %s", type(error).__name__)


def finder_report(on: date) -> list[FinderGapLine]:
    """Return what came up often enough to be shown, most often first. One query."""
    rows = FinderGap.objects.order_by().filter(week__gte=on - KEPT).values("concern", "reason")
    found = rows.annotate(total=Sum("count"), last=Max("week")).filter(total__gte=SHOWN_FROM)
    words = dict(FinderGap.Reason.choices)
    return [
        FinderGapLine(
            CONCERNS[concern].label if concern in CONCERNS else concern or gettext("Anliegen nicht gewusst"),
            str(words.get(reason, reason)),
            total,
            last,
        )
        for concern, reason, total, last in found.order_by("-total", "concern", "reason").values_list(
            "concern", "reason", "total", "last"
        )
    ]


def old_finder_gaps(on: date) -> QuerySet[FinderGap]:
    """Return the counts whose time is over on the given day."""
    return FinderGap.objects.filter(week__lt=on - KEPT)
