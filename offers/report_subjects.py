"""Visitors can report on offers."""

from datetime import date

from directory.models import VisitorReport
from directory.reportable import Record
from offers.models import Offer, OfferAgency

# Who knows best whether the offer is still as it says.
_RANK: dict[str, int] = {OfferAgency.Role.PROVIDER: 0, OfferAgency.Role.OPERATOR: 1, OfferAgency.Role.REFERRER: 2}


def offer(slug: str, on: date) -> Record | None:
    """Find a public offer; the agency that makes it reads the report, else the next best one."""
    row = Offer.objects.published(on=on).filter(slug=slug).first()
    if row is None:
        return None
    roles = sorted(row.roles.values_list("role", "pk", "agency_id"), key=lambda role: (_RANK.get(role[0], 9), role[1]))
    agency = roles[0][2] if roles else None
    return Record(VisitorReport.Kind.OFFER, str(row.pk), slug, row.title, row.get_absolute_url(), agency)
