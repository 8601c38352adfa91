"""Which records of the directory visitors can report on."""

from datetime import date

from django.urls import reverse

from directory.models import Agency, ContactPoint, GlossaryTerm, VisitorReport
from directory.reportable import Record

Kind = VisitorReport.Kind


def contact_point(slug: str, on: date) -> Record | None:
    """Find a public contact point; its owner reads the report."""
    row = ContactPoint.objects.published(on=on).filter(slug=slug).values_list("pk", "name", "owner_id").first()
    if row is None:
        return None
    return Record(Kind.POINT, str(row[0]), slug, row[1], reverse("directory:contact_point", args=[slug]), row[2])


def agency(slug: str, on: date) -> Record | None:
    """Find a public agency; it reads the report itself."""
    row = Agency.objects.published(on=on).filter(slug=slug).first()
    return (
        None
        if row is None
        else Record(Kind.AGENCY, str(row.pk), slug, row.display_name, row.get_absolute_url(), row.pk)
    )


def term(slug: str, on: date) -> Record | None:
    """Find a word of the glossary; the coordination reads the report."""
    row = GlossaryTerm.objects.filter(slug=slug).first()
    return None if row is None else Record(Kind.TERM, str(row.pk), slug, row.term, row.get_absolute_url())
