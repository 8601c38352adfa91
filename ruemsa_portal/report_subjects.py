"""Visitors can report on the site's own texts, also where the region's default stands."""

from datetime import date

from django.urls import reverse

from directory.models import Page, VisitorReport
from directory.reportable import Record
from ruemsa_portal.texts import PAGE_SLUGS, default_page


def page(slug: str, on: date) -> Record | None:
    """Find a page; the coordination reads the report."""
    if slug not in PAGE_SLUGS:
        return None
    title = Page.objects.filter(slug=slug).values_list("title", flat=True).first() or default_page(slug)[0]
    address = reverse("accessibility") if slug == "barrierefreiheit" else reverse("page", args=[slug])
    return Record(VisitorReport.Kind.PAGE, slug, slug, title, address)
