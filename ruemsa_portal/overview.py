"""The figures for the coordination: what reaches whom, what is missing, what is fresh, what changed.

Each table is worked out in a few queries, however many records there are. Figures about visitors come
from counts that show nothing below five.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counseling.finder_gaps import finder_report
from counseling.models import Enquiry, EnquiryCount
from directory.models import Agency, GroupCheck, LegalArea, Municipality
from directory.versions import content_version
from offers.coverage import RADIUS_KM, coverage
from offers.gaps import KEPT, SHOWN_FROM, gap_report
from offers.models import OfferKind, SearchGap
from ruemsa_portal.overview_changes import changes_by_day, changes_by_kind

FEW = f"< {SHOWN_FROM}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is downloaded and, with bars, as it is shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: parts of the longest line, in hundredths, with their class and their number."""

    label: str
    parts: tuple[tuple[str, int, float], ...]
    """(class, number, width); the widths of a line add up to at most 100."""

    @property
    def placed(self) -> tuple[tuple[str, float, float], ...]:
        """Class, left edge and width of each part."""
        left, found = 0.0, []
        for name, _number, width in self.parts:
            found.append((name, round(left, 2), round(width, 2)))
            left += width
        return tuple(found)


def bars(lines: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> list[Bar]:
    """Return lines of (label, parts) as bars; the longest fills the width."""
    longest = max((sum(number for _name, number in parts) for _label, parts in lines), default=0) or 1
    return [
        Bar(label, tuple((name, number, 100 * number / longest) for name, number in parts)) for label, parts in lines
    ]


def coverage_table(on: date) -> Table:
    """Return one row for each municipality, kind and legal area: offers, offers near, contact points."""
    matrix = coverage(content_version(), on=on)
    rows = [
        (name, kind.label, area.label, cell.total, cell.near, matrix.points.get((ags, area), 0))
        for ags, name in matrix.places
        for kind in OfferKind
        for area in LegalArea
        for cell in [matrix.cell(ags, kind, area)]
    ]
    near = _("davon höchstens %(km)d km entfernt") % {"km": RADIUS_KM}
    head = (_("Gemeinde"), _("Art"), _("Rechtskreis"), _("Angebote"), near, _("Anlaufstellen des Rechtskreises"))
    return Table(head, tuple(rows))


def coverage_matrix(on: date, *, area: str) -> dict[str, Any]:
    """Return the matrix for the page: municipalities down, kinds across, for one legal area or all."""
    matrix = coverage(content_version(), on=on)
    kinds = [kind for kind in OfferKind if any(matrix.cell(ags, kind, area).total for ags, _name in matrix.places)]
    lines = [
        (name, [matrix.cell(ags, kind, area) for kind in kinds], matrix.points.get((ags, area), 0))
        for ags, name in matrix.places
    ]
    near = [(name, [("near", sum(cell.near for cell in cells))]) for name, cells, _points in lines]
    return {
        "kinds": [kind.label for kind in kinds],
        "lines": lines,
        "bars": bars(near),
        "empty_kinds": [kind.label for kind in OfferKind if kind not in kinds],
        "num_without_place": matrix.num_without_place,
        "radius": RADIUS_KM,
    }


def search_gaps_table(on: date) -> Table:
    """Return what is searched for and hardly found, most often first."""
    lines = gap_report(on)
    rows = tuple(
        (line.query, line.total, line.hits, date_format(line.last_week, "SHORT_DATE_FORMAT")) for line in lines
    )
    return Table((_("gesucht"), _("wie oft"), _("Treffer"), _("zuletzt in der Woche ab")), rows)


def place_gaps_table(on: date) -> Table:
    """Return for each municipality how many searches there found little; below five no figure is given."""
    counted = SearchGap.objects.order_by().filter(week__gte=on - KEPT).exclude(municipality=None)
    totals = dict(counted.values("municipality").annotate(total=Sum("count")).values_list("municipality", "total"))
    rows = tuple(
        (name, total if (total := totals.get(ags, 0)) >= SHOWN_FROM else FEW)
        for ags, name in Municipality.objects.order_by("name").values_list("ags", "name")
    )
    return Table((_("Gemeinde"), _("Suchen mit wenig Treffern")), rows)


def finder_gaps_table(on: date) -> Table:
    """Return the concerns for which the finder named no office."""
    lines = finder_report(on)
    rows = tuple(
        (line.concern, line.reason, line.total, date_format(line.last_week, "SHORT_DATE_FORMAT")) for line in lines
    )
    return Table((_("Anliegen"), _("warum"), _("wie oft"), _("zuletzt in der Woche ab")), rows)


def enquiries_table(on: date) -> Table:
    """Return how many enquiries came and how they ended, by month and agency; below five no figure is given."""
    counted = EnquiryCount.objects.filter(month__gte=on - KEPT).order_by()
    groups = counted.values_list("month", "agency__short_name", "agency__name", "event").annotate(Count("pk"))
    words = {**dict(EnquiryCount.Event.choices), **dict(Enquiry.Outcome.choices)}
    lines = sorted(
        (-month.toordinal(), short or name, str(words.get(event, event)), date_format(month, "F Y"), number)
        for month, short, name, event, number in groups
    )
    rows = tuple(
        (month, agency, what, number if number >= SHOWN_FROM else FEW) for _day, agency, what, month, number in lines
    )
    return Table((_("Monat"), _("Stelle"), _("was"), _("wie oft")), rows)


def freshness_table(on: date) -> Table:
    """Return for each agency how many groups of public facts are confirmed, due, hidden or were never confirmed."""
    hidden, never = Q(hidden_from__lte=on), Q(due_on=None)
    is_due = Q(due_on__lte=on) & ~hidden
    counted = GroupCheck.objects.filter(is_public=True).order_by().values("agency")
    lines = counted.annotate(
        fresh=Count("pk", filter=Q(due_on__gt=on) & ~hidden),
        due=Count("pk", filter=is_due & ~never),
        hidden=Count("pk", filter=hidden),
        never=Count("pk", filter=never & ~hidden),
    ).values_list("agency", "fresh", "due", "hidden", "never")
    found = sorted(lines, key=lambda line: (-line[3], -line[2], -line[4]))
    names = {agency.pk: agency.display_name for agency in Agency.objects.filter(pk__in=[line[0] for line in found])}
    rows = tuple((names.get(agency, _("keine Stelle")), *numbers) for agency, *numbers in found)
    return Table((_("Stelle"), _("bestätigt"), _("fällig"), _("verborgen"), _("noch nie bestätigt")), rows)


def changes_table(on: date) -> Table:
    """Return what was done this month, by kind of row and deed."""
    return Table((_("Woran"), _("Was"), _("wie oft")), tuple(changes_by_kind(on)))


def days_table(on: date) -> Table:
    """Return how much was done on each day of this month up to today."""
    number = changes_by_day(on)
    days = [on.replace(day=1) + timedelta(days=offset) for offset in range(on.day)]
    return Table(
        (_("Tag"), _("Änderungen")), tuple((date_format(day, "SHORT_DATE_FORMAT"), number.get(day, 0)) for day in days)
    )


TABLES: dict[str, Callable[[date], Table]] = {
    "abdeckung": coverage_table,
    "suche": search_gaps_table,
    "suche-orte": place_gaps_table,
    "finder": finder_gaps_table,
    "anfragen": enquiries_table,
    "aktualitaet": freshness_table,
    "aenderungen": changes_table,
    "tage": days_table,
}
"""Name in the address of the download → table."""
